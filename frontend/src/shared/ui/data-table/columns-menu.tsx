import { ActionIcon, Button, Checkbox, Group, Popover, Stack, Tooltip } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconColumns3 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

type Props = {
  columns: { id: string; label: string }[];
  /** The visible ones, in order. */
  shown: string[];
  onChange: (shown: string[]) => void;
  onReset: () => void;
};

export function ColumnsMenu({ columns, shown, onChange, onReset }: Props) {
  const { t } = useTranslation();
  const label = (id: string) => columns.find((column) => column.id === id)?.label ?? id;
  const hidden = columns.filter((column) => !shown.includes(column.id)).map((column) => column.id);
  const move = (id: string, by: -1 | 1) => {
    const from = shown.indexOf(id);
    const next = shown.filter((other) => other !== id);
    next.splice(from + by, 0, id);
    onChange(next);
  };
  return (
    <Popover position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label={t("list.columns")}>
          <ActionIcon variant="default" size={36} aria-label={t("list.columns")}>
            <IconColumns3 size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p={12} miw={260}>
        <Stack gap={4}>
          {[...shown, ...hidden].map((id) => {
            const index = shown.indexOf(id);
            return (
              <Group key={id} justify="space-between" wrap="nowrap" mih={28}>
                <Checkbox
                  size="sm"
                  label={label(id)}
                  checked={index >= 0}
                  disabled={index >= 0 && shown.length === 1}
                  onChange={() => {
                    onChange(index >= 0 ? shown.filter((other) => other !== id) : [...shown, id]);
                  }}
                />
                {index >= 0 && (
                  <Group gap={0} wrap="nowrap">
                    <ActionIcon
                      size={24}
                      disabled={index === 0}
                      aria-label={t("list.moveUp", { name: label(id) })}
                      onClick={() => {
                        move(id, -1);
                      }}
                    >
                      <IconArrowUp size={14} />
                    </ActionIcon>
                    <ActionIcon
                      size={24}
                      disabled={index === shown.length - 1}
                      aria-label={t("list.moveDown", { name: label(id) })}
                      onClick={() => {
                        move(id, 1);
                      }}
                    >
                      <IconArrowDown size={14} />
                    </ActionIcon>
                  </Group>
                )}
              </Group>
            );
          })}
          <Button variant="subtle" size="compact-sm" color="gray" onClick={onReset} mt={4}>
            {t("list.usualColumns")}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
