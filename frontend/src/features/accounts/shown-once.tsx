import { Alert, Button, Code, CopyButton, Group, Modal, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

/** A secret that nobody can ask for again: it leaves the screen only when the reader says so. */
export function ShownOnce({
  secret,
  title,
  text,
  onClose,
}: {
  secret: string | null;
  title: string;
  text: string;
  onClose: () => void;
}) {
  const { t } = useTranslation("accounts");
  return (
    <Modal
      opened={secret !== null}
      onClose={onClose}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
      title={title}
    >
      <Stack gap={16}>
        <Text>{text}</Text>
        <Group gap={8} wrap="nowrap">
          <Code fz={14} p={10} dir="ltr" style={{ flex: 1, overflowWrap: "anywhere" }}>
            {secret}
          </Code>
          <CopyButton value={secret ?? ""}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
                onClick={copy}
              >
                {t(copied ? "action.copied" : "action.copy", { ns: "common" })}
              </Button>
            )}
          </CopyButton>
        </Group>
        <Alert color="orange" icon={<IconAlertTriangle size={18} />}>
          {t("once.warning")}
        </Alert>
        <Group justify="flex-end">
          <Button onClick={onClose}>{t("once.close")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
