import { Alert, Button, Group, Table, Text } from "@mantine/core";
import { IconGitMerge } from "@tabler/icons-react";
import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";

export type Difference = { label: string; mine: ReactNode; theirs: ReactNode };

type Props = {
  differences: Difference[];
  onKeepMine: () => void;
  onKeepTheirs: () => void;
  busy?: boolean;
};

/** Somebody else saved first (412): show both and let the person choose. */
export function Conflict({ differences, onKeepMine, onKeepTheirs, busy = false }: Props) {
  const { t } = useTranslation();
  return (
    <Alert
      color="orange"
      icon={<IconGitMerge size={18} />}
      title={t("conflict.title")}
      role="alert"
    >
      <Text size="md">{t("conflict.text")}</Text>
      {differences.length > 0 && (
        <Table my={8} fz={13}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("conflict.field")}</Table.Th>
              <Table.Th>{t("conflict.mine")}</Table.Th>
              <Table.Th>{t("conflict.theirs")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {differences.map((one) => (
              <Table.Tr key={one.label}>
                <Table.Td>{one.label}</Table.Td>
                <Table.Td>{one.mine}</Table.Td>
                <Table.Td>{one.theirs}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Group gap={8} mt={8}>
        <Button onClick={onKeepMine} loading={busy}>
          {t("conflict.keepMine")}
        </Button>
        <Button variant="default" onClick={onKeepTheirs} disabled={busy}>
          {t("conflict.keepTheirs")}
        </Button>
      </Group>
    </Alert>
  );
}
