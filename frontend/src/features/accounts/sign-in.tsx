import { Button, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { languageWasChosen } from "@/shared/i18n/language";
import { changeLanguage } from "@/shared/i18n/i18n";
import { Refusal } from "@/shared/ui/error-state";
import { usePageTitle } from "@/shared/ui/use-page-title";

import { FrontDoor } from "./front-door";
import { signIn } from "./queries";

export function SignIn() {
  const { t } = useTranslation("accounts");
  const router = useRouter();
  const { next } = useSearch({ from: "/sign-in" });
  usePageTitle(t("signIn.title"));
  const form = useForm({ defaultValues: { email: "", password: "" } });
  const enter = useMutation({
    mutationFn: signIn,
    onSuccess: async (session) => {
      if (session.status === "open" && !languageWasChosen())
        await changeLanguage(session.user.language);
      await router.navigate({ href: next ?? "/", replace: true });
    },
    onError: () => {
      form.setFocus("password", { shouldSelect: true });
    },
  });
  return (
    <FrontDoor>
      <div className="aw-card" style={{ padding: 32 }}>
        <form
          noValidate
          onSubmit={form.handleSubmit((values) => {
            if (!enter.isPending) enter.mutate(values);
          })}
        >
          <Stack gap={16}>
            <div>
              <Title order={1}>{t("signIn.title")}</Title>
              <Text c="dimmed" mt={4}>
                {t("signIn.text")}
              </Text>
            </div>
            <Refusal error={enter.error} />
            <TextInput
              {...form.register("email", { required: t("required") })}
              label={t("email")}
              type="email"
              dir="ltr"
              autoComplete="username"
              autoFocus
              error={form.formState.errors.email?.message}
            />
            <PasswordInput
              {...form.register("password", { required: t("required") })}
              label={t("password")}
              autoComplete="current-password"
              visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
              error={form.formState.errors.password?.message}
            />
            <Button type="submit" fullWidth size="md" fz={14} loading={enter.isPending}>
              {t("signIn.submit")}
            </Button>
          </Stack>
        </form>
      </div>
    </FrontDoor>
  );
}
