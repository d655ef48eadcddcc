import { Group, Kbd, Modal, Stack, Text, Title } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { onKeyboardHelp } from "./keyboard-help-store";

const keys = {
  everywhere: [
    ["palette", "Ctrl/⌘ K"],
    ["help", "?"],
  ],
  lists: [
    ["next", "J"],
    ["previous", "K"],
    ["open", "Enter"],
    ["newTab", "Ctrl/⌘ Click"],
    ["select", "X"],
    ["search", "/"],
  ],
  lines: [
    ["move", "↑ ↓ ← →"],
    ["newLine", "Enter"],
    ["removeLine", "Ctrl/⌘ ⌫"],
  ],
} as const;

export function KeyboardHelp() {
  const { t } = useTranslation("shell");
  const [opened, { open, close }] = useDisclosure(false);
  useHotkeys([
    ["shift+?", open],
    ["?", open],
  ]);
  useEffect(() => onKeyboardHelp(open), [open]);
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t("keys.title")}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <Stack gap={16}>
        <Part title={t("keys.everywhere")}>
          {keys.everywhere.map(([name, key]) => (
            <Key key={name} label={t(`keys.${name}`)} keys={key} />
          ))}
        </Part>
        <Part title={t("keys.lists")}>
          {keys.lists.map(([name, key]) => (
            <Key key={name} label={t(`keys.${name}`)} keys={key} />
          ))}
        </Part>
        <Part title={t("keys.lines")}>
          {keys.lines.map(([name, key]) => (
            <Key key={name} label={t(`keys.${name}`)} keys={key} />
          ))}
        </Part>
      </Stack>
    </Modal>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Stack gap={6}>
      <Title order={3}>{title}</Title>
      {children}
    </Stack>
  );
}

function Key({ label, keys: combination }: { label: string; keys: string }) {
  return (
    <Group justify="space-between">
      <Text>{label}</Text>
      <Kbd dir="ltr">{combination}</Kbd>
    </Group>
  );
}
