import { Button, Group, PasswordInput, Progress, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { type Control, useForm, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { showFieldErrors } from "@/shared/api/form-errors";
import { asProblem } from "@/shared/api/problem";
import { useMe } from "@/shared/session/session";
import { Refusal } from "@/shared/ui/error-state";

import { strength } from "./password-strength";
import { useChangePassword } from "./queries";

type Values = { current_password: string; new_password: string; again: string };
const empty: Values = { current_password: "", new_password: "", again: "" };

/** Replace one's own password. */
export function PasswordForm({ onDone, wide = false }: { onDone: () => void; wide?: boolean }) {
  const { t } = useTranslation("accounts");
  const me = useMe();
  const change = useChangePassword();
  const [more, setMore] = useState<string[]>([]);
  const form = useForm<Values>({ criteriaMode: "all", defaultValues: empty });
  const { errors } = form.formState;
  const toggle = { "aria-label": t("showPassword") };
  const save = ({ current_password, new_password }: Values) => {
    if (change.isPending) return;
    change.mutate(
      { current_password, new_password },
      {
        onSuccess: () => {
          form.reset(empty);
          onDone();
        },
        onError: (error) => {
          setMore(showFieldErrors(form, asProblem(error)));
        },
      },
    );
  };
  return (
    <form noValidate onSubmit={form.handleSubmit(save)}>
      <Stack gap={16} maw={wide ? undefined : 420}>
        <Refusal error={change.error} more={more} />
        {/* Password managers file the new one under this name. */}
        <input type="hidden" autoComplete="username" value={me?.email ?? ""} readOnly />
        <PasswordInput
          {...form.register("current_password", { required: t("required") })}
          label={t("passwordForm.current")}
          autoComplete="current-password"
          visibilityToggleButtonProps={toggle}
          error={errors.current_password?.message}
        />
        <div>
          <PasswordInput
            {...form.register("new_password", {
              minLength: { value: 12, message: t("hint.short") },
              required: t("required"),
            })}
            label={t("passwordForm.new")}
            autoComplete="new-password"
            visibilityToggleButtonProps={toggle}
            aria-describedby="new-strength"
            error={errors.new_password?.message}
          />
          <StrengthHint control={form.control} />
        </div>
        <PasswordInput
          {...form.register("again", {
            validate: (again, values) =>
              again === values.new_password || t("passwordForm.different"),
          })}
          label={t("passwordForm.again")}
          autoComplete="new-password"
          visibilityToggleButtonProps={toggle}
          error={errors.again?.message}
        />
        <Group justify={wide ? "stretch" : "flex-start"}>
          <Button type="submit" loading={change.isPending} fullWidth={wide}>
            {t("passwordForm.submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function StrengthHint({ control }: { control: Control<Values> }) {
  const { t } = useTranslation("accounts");
  const level = strength(useWatch({ control, name: "new_password" }));
  const color = (["gray", "red", "yellow", "green"] as const)[level];
  return (
    <div id="new-strength" aria-live="polite">
      <Progress.Root size={4} mt={8}>
        <Progress.Section value={(level * 100) / 3} color={color} aria-hidden />
      </Progress.Root>
      <Text size="xs" c="dimmed" mt={4}>
        {t(`strength.${level}`)}
      </Text>
    </div>
  );
}
