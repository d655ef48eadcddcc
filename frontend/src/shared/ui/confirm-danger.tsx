import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Refusal } from "@/shared/ui/error-state";

type Props = {
  opened: boolean;
  onClose: () => void;
  /** Names the thing: "Deactivate LAMP-01?" */
  title: string;
  /** The verb on the button: "Deactivate", never "OK". */
  verb: string;
  children: ReactNode;
  onConfirm: () => void;
  busy?: boolean;
  error?: unknown;
};

export function ConfirmDanger({ opened, onClose, title, verb, children, ...does }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack gap={16}>
        <Text component="div">{children}</Text>
        <Refusal error={does.error} />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose} data-autofocus>
            {t("action.cancel")}
          </Button>
          <Button color="red" onClick={does.onConfirm} loading={does.busy ?? false}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
