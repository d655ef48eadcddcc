import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";
import { useCan } from "@/shared/session/session";
import { ConfirmDanger } from "@/shared/ui/confirm-danger";
import { Section } from "@/shared/ui/document-page";
import { Refusal } from "@/shared/ui/error-state";
import { StatusBadge } from "@/shared/ui/status-badge";

import {
  type User,
  userSecurity,
  useResetSecondFactor,
  useSignOutUser,
  useUnlockUser,
} from "./queries";

/** What an administrator sees of the guard of somebody's account, and may do about it. */
export function UserSecurity({ user }: { user: User }) {
  const { t } = useTranslation("accounts");
  const format = useFormat();
  const can = useCan();
  const { data } = useQuery(userSecurity(user.id));
  const unlock = useUnlockUser();
  const reset = useResetSecondFactor();
  const signOut = useSignOutUser();
  const [asking, setAsking] = useState(false);
  if (!data) return null;
  return (
    <Section title={t("guard.title")} description={t("guard.text")}>
      <Stack gap={12}>
        <Refusal error={unlock.error ?? signOut.error} />
        {data.locked_until ? (
          <Alert
            color="orange"
            icon={<IconLock size={18} />}
            title={t("guard.locked", { at: format.moment(data.locked_until) })}
          >
            <Text size="sm">{t("guard.lockedText")}</Text>
            {can("user:edit") && (
              <Button
                mt={12}
                size="compact-md"
                loading={unlock.isPending}
                onClick={() => {
                  unlock.mutate(user, {
                    onSuccess: () => {
                      notifications.show({ message: t("guard.unlocked") });
                    },
                  });
                }}
              >
                {t("guard.unlock")}
              </Button>
            )}
          </Alert>
        ) : (
          <Group gap={8}>
            <Text size="sm">{t("guard.attempts")}</Text>
            <StatusBadge tone="good">{t("guard.open")}</StatusBadge>
          </Group>
        )}
        <Group gap={8}>
          <Text size="sm">{t("factor.title")}</Text>
          <StatusBadge tone={data.has_second_factor ? "good" : "draft"}>
            {t(data.has_second_factor ? "factor.isOn" : "factor.isOff")}
          </StatusBadge>
          {data.has_second_factor && (
            <Text size="sm" c="dimmed">
              {t("factor.left", { count: data.recovery_codes_left })}
            </Text>
          )}
          {data.requires_second_factor && (
            <Text size="sm" c="dimmed">
              {t("guard.required")}
            </Text>
          )}
        </Group>
        <Group gap={8}>
          <Text size="sm">{t("passkeys.title")}</Text>
          <Text size="sm" c="dimmed">
            {t("guard.passkeys", { count: data.passkeys })}
          </Text>
        </Group>
        <Group gap={8}>
          <Text size="sm">{t("guard.sessions")}</Text>
          <Text size="sm" c="dimmed">
            {t("guard.devices", { count: data.sessions })}
          </Text>
          {can("user:edit") && data.sessions > 0 && (
            <Button
              size="compact-sm"
              variant="default"
              loading={signOut.isPending}
              onClick={() => {
                signOut.mutate(user, {
                  onSuccess: () => {
                    notifications.show({ message: t("guard.signedOut") });
                  },
                });
              }}
            >
              {t("guard.signOut")}
            </Button>
          )}
        </Group>
        {can("user:edit") && (data.has_second_factor || data.passkeys > 0) && (
          <div>
            <Button
              size="compact-md"
              variant="default"
              onClick={() => {
                setAsking(true);
              }}
            >
              {t("guard.reset")}
            </Button>
          </div>
        )}
      </Stack>
      <ConfirmDanger
        opened={asking}
        onClose={() => {
          setAsking(false);
        }}
        title={t("guard.resetTitle", { email: user.email })}
        verb={t("guard.reset")}
        busy={reset.isPending}
        error={reset.error}
        onConfirm={() => {
          reset.mutate(user, {
            onSuccess: () => {
              setAsking(false);
            },
          });
        }}
      >
        {t("guard.resetText")}
      </ConfirmDanger>
    </Section>
  );
}
