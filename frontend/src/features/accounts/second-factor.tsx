import { Button, Group, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Section } from "@/shared/ui/document-page";
import { ErrorState } from "@/shared/ui/error-state";
import { StatusBadge } from "@/shared/ui/status-badge";

import { Enrol } from "./enrol";
import { Prove } from "./prove";
import { ownSecurity, useReloadMe, useRemoveSecondFactor, useRenewRecoveryCodes } from "./queries";
import { RecoveryCodes } from "./recovery-codes";

/** My second factor: switch it on and off, and new codes for a lost telephone. */
export function SecondFactor() {
  const { t } = useTranslation("accounts");
  const { data, error, refetch } = useQuery(ownSecurity());
  const [doing, setDoing] = useState<"on" | "off" | "codes" | null>(null);
  const reload = useReloadMe();
  const remove = useRemoveSecondFactor();
  const renew = useRenewRecoveryCodes();
  const close = () => {
    setDoing(null);
    remove.reset();
    renew.reset();
  };
  return (
    <Section title={t("factor.title")} description={t("factor.text")}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={36} />}
      {data && (
        <Stack gap={12} align="flex-start">
          <Group gap={8}>
            <StatusBadge tone={data.has_second_factor ? "good" : "draft"}>
              {t(data.has_second_factor ? "factor.isOn" : "factor.isOff")}
            </StatusBadge>
            {data.has_second_factor && (
              <Text size="sm" c={data.recovery_codes_left < 3 ? "orange.8" : "dimmed"}>
                {t("factor.left", { count: data.recovery_codes_left })}
              </Text>
            )}
          </Group>
          {data.has_second_factor ? (
            <Group gap={8}>
              <Button
                variant="default"
                onClick={() => {
                  setDoing("codes");
                }}
              >
                {t("factor.newCodes")}
              </Button>
              {data.requires_second_factor ? (
                <Text size="sm" c="dimmed">
                  {t("factor.required")}
                </Text>
              ) : (
                <Button
                  variant="default"
                  onClick={() => {
                    setDoing("off");
                  }}
                >
                  {t("factor.off")}
                </Button>
              )}
            </Group>
          ) : (
            <Button
              onClick={() => {
                setDoing("on");
              }}
            >
              {t("factor.setUp")}
            </Button>
          )}
        </Stack>
      )}
      <Modal
        opened={doing === "on"}
        onClose={() => {
          close();
          void reload();
        }}
        closeOnClickOutside={false}
        closeOnEscape={false}
        title={t("factor.title")}
        closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
      >
        <Enrol
          onCancel={close}
          onDone={() => {
            close();
            void reload();
            notifications.show({ message: t("factor.nowOn") });
          }}
        />
      </Modal>
      <Prove
        withCode
        danger
        opened={doing === "off"}
        onClose={close}
        title={t("factor.offTitle")}
        verb={t("factor.off")}
        error={remove.error}
        busy={remove.isPending}
        onProved={(proof) => {
          remove.mutate(proof, {
            onSuccess: () => {
              close();
              void reload();
              notifications.show({ message: t("factor.nowOff") });
            },
          });
        }}
      >
        {t("factor.offText")}
      </Prove>
      <Prove
        withCode
        opened={doing === "codes" && !renew.data}
        onClose={close}
        title={t("factor.newCodes")}
        verb={t("factor.newCodes")}
        error={renew.error}
        busy={renew.isPending}
        onProved={(proof) => {
          renew.mutate(proof);
        }}
      >
        {t("factor.newCodesText")}
      </Prove>
      <Modal
        opened={doing === "codes" && renew.data !== undefined}
        onClose={close}
        closeOnClickOutside={false}
        title={t("factor.codes")}
        withCloseButton={false}
      >
        <RecoveryCodes codes={renew.data?.codes ?? []} onDone={close} />
      </Modal>
    </Section>
  );
}
