import { Group, SegmentedControl, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Controller, useForm } from "react-hook-form";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { showFieldErrors } from "@/shared/api/form-errors";
import { asProblem } from "@/shared/api/problem";
import { type Me } from "@/shared/api/session";
import { changeLanguage } from "@/shared/i18n/i18n";
import { useName } from "@/shared/i18n/names";
import { useMe } from "@/shared/session/session";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { Refusal } from "@/shared/ui/error-state";
import { ReasonedButton } from "@/shared/ui/reasoned-button";
import { usePageTitle } from "@/shared/ui/use-page-title";
import { useUnsavedWarning } from "@/shared/ui/use-unsaved-warning";

import { Passkeys } from "./passkeys";
import { PasswordForm } from "./password-form";
import { useChangeMe } from "./queries";
import { SecondFactor } from "./second-factor";

export function Profile() {
  const { t } = useTranslation("accounts");
  const name = useName();
  const me = useMe();
  usePageTitle(t("profile.title"));
  if (!me) return null;
  return (
    <DocumentPage
      back={{ link: { to: "/" }, label: t("company.home") }}
      title={name(me) || me.email}
      subtitle={<span className="aw-ltr">{me.email}</span>}
    >
      <Person me={me} />
      <Section title={t("profile.password")} description={t("profile.passwordText")}>
        <PasswordForm
          onDone={() => {
            notifications.show({ message: t("profile.passwordChanged") });
          }}
        />
      </Section>
      <SecondFactor />
      <Passkeys />
    </DocumentPage>
  );
}

type Values = Pick<Me, "name_en" | "name_ar" | "language">;

function Person({ me }: { me: Me }) {
  const { t } = useTranslation("accounts");
  const change = useChangeMe();
  const [more, setMore] = useState<string[]>([]);
  const form = useForm<Values>({
    defaultValues: { name_en: me.name_en, name_ar: me.name_ar, language: me.language },
  });
  const { dirtyFields, errors, isDirty, isSubmitting } = form.formState;
  useUnsavedWarning(isDirty && !isSubmitting);
  const save = async (values: Values) => {
    setMore([]);
    const changed = Object.fromEntries(
      (Object.keys(dirtyFields) as (keyof Values)[]).map((field) => [field, values[field]]),
    );
    try {
      await change.mutateAsync(changed);
      form.reset(values);
      await changeLanguage(values.language);
      notifications.show({ message: t("profile.saved") });
    } catch (refused) {
      setMore(showFieldErrors(form, asProblem(refused)));
    }
  };
  return (
    <Section title={t("profile.person")} description={t("profile.personText")}>
      <form noValidate onSubmit={form.handleSubmit(save)}>
        <Stack gap={16}>
          <Refusal error={change.error} more={more} />
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
            <TextInput
              {...form.register("name_en")}
              label={t("users.name_en")}
              dir="ltr"
              error={errors.name_en?.message}
            />
            <TextInput
              {...form.register("name_ar")}
              label={t("users.name_ar")}
              dir="rtl"
              error={errors.name_ar?.message}
            />
            <Controller
              control={form.control}
              name="language"
              render={({ field }) => (
                <div role="group" aria-label={t("language")}>
                  <Text size="sm" fw={500} mb={4} aria-hidden>
                    {t("language")}
                  </Text>
                  <SegmentedControl
                    fullWidth
                    value={field.value}
                    onChange={(value) => {
                      field.onChange(value);
                    }}
                    data={[
                      { value: "en", label: "English" },
                      { value: "ar", label: "العربية" },
                    ]}
                  />
                </div>
              )}
            />
          </SimpleGrid>
          <Group>
            <ReasonedButton
              type="submit"
              loading={change.isPending}
              reason={isDirty ? null : t("missing.change")}
            >
              {t("action.save", { ns: "common" })}
            </ReasonedButton>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
