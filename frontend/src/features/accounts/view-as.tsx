import { Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { viewedRole } from "@/shared/api/view-as";
import { useName } from "@/shared/i18n/names";
import { useMe } from "@/shared/session/session";
import { Refusal } from "@/shared/ui/error-state";
import { ReasonedButton } from "@/shared/ui/reasoned-button";

import classes from "./accounts.module.css";
import { roles } from "./queries";
import { useStopViewing, useViewAs } from "./view-as-queries";

type DialogProps = {
  opened: boolean;
  onClose: () => void;
  /** It is off the screen. */
  onClosed: () => void;
};

/** Choose the role to look at the program as. */
export function ViewAsDialog({ opened, onClose, onClosed }: DialogProps) {
  const { t } = useTranslation("access");
  const name = useName();
  const view = useViewAs();
  const [role, setRole] = useState<string | null>(null);
  const { data: known } = useQuery({ ...roles(), enabled: opened });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={onClosed}
      title={t("viewAs.title")}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <Stack gap={16}>
        <Text c="dimmed">{t("viewAs.text")}</Text>
        <Select
          data-autofocus
          label={t("viewAs.role")}
          searchable
          // Open, its list would lie over the buttons and take the first Escape.
          openOnFocus={false}
          value={role}
          onChange={setRole}
          data={known?.items.map((one) => ({ value: one.key, label: name(one) || one.key })) ?? []}
        />
        <Refusal error={view.error} />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t("action.cancel", { ns: "common" })}
          </Button>
          <ReasonedButton
            reason={role === null ? t("missing.role", { ns: "accounts" }) : null}
            loading={view.isPending}
            onClick={() => {
              if (role !== null) view.mutate(role, { onSuccess: onClose });
            }}
          >
            {t("viewAs.start")}
          </ReasonedButton>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Says on every page that one looks with other eyes, and how to stop. */
export function ViewAsBanner() {
  const { t } = useTranslation("access");
  const name = useName();
  const me = useMe();
  const stop = useStopViewing();
  const role = viewedRole();
  if (!me?.viewing_as || role === null) return null;
  return (
    <div className={classes.viewing} role="status">
      <IconEye size={18} aria-hidden />
      <span>{t("viewAs.banner", { role: name(role) || role.key })}</span>
      <Button
        size="compact-sm"
        variant="default"
        loading={stop.isPending}
        onClick={() => {
          stop.mutate();
        }}
      >
        {t("viewAs.stop")}
      </Button>
    </div>
  );
}
