import { Skeleton, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { ConfirmDanger } from "@/shared/ui/confirm-danger";
import { Section } from "@/shared/ui/document-page";
import { ErrorState } from "@/shared/ui/error-state";

import classes from "./exchange.module.css";
import { type ImportDetail, keptRecords, undoOutlook, useImportVerb } from "./queries";
import { CountsTable } from "./report";
import { useWords } from "./words";

/** Says what would be taken back before anything is. */
export function UndoImport({
  of,
  opened,
  onClose,
}: {
  of: ImportDetail;
  opened: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation("exchange");
  const undo = useImportVerb("undo");
  const outlook = useQuery({ ...undoOutlook(of.id), enabled: opened });
  return (
    <ConfirmDanger
      opened={opened}
      onClose={onClose}
      title={t("undo.title", { file: of.file_name })}
      verb={t("undo.verb")}
      busy={undo.isPending}
      error={undo.error}
      onConfirm={() => {
        undo.mutate(of, { onSuccess: onClose });
      }}
    >
      <Stack gap={12}>
        <Text size="md">{t("undo.text")}</Text>
        {outlook.error ? (
          <ErrorState error={outlook.error} onRetry={() => void outlook.refetch()} />
        ) : outlook.data ? (
          <CountsTable counts={outlook.data} />
        ) : (
          <Skeleton height={80} />
        )}
      </Stack>
    </ConfirmDanger>
  );
}

/** What an undo took back, and what it left alone and why. */
export function UndoResult({ of }: { of: ImportDetail }) {
  const { t, i18n } = useTranslation("exchange");
  const words = useWords();
  const report = of.undo_report;
  const keptSome = Object.keys(report?.kept ?? {}).length > 0;
  const { data: kept } = useQuery({ ...keptRecords(of.id, of.version), enabled: keptSome });
  if (!report) return null;
  return (
    <>
      <Section title={t("undo.undone")}>
        <CountsTable counts={report.undone} />
      </Section>
      {keptSome && (
        <Section title={t("undo.kept")} description={t("undo.keptText")}>
          <CountsTable counts={report.kept} />
          {kept && (
            <div className={classes.scroll} style={{ marginTop: 16 }}>
              <Table fz={13} aria-label={t("undo.kept")}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("report.what")}</Table.Th>
                    <Table.Th>{t("report.key")}</Table.Th>
                    <Table.Th>{t("refused.reason")}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {kept.items.map((row) => (
                    <Table.Tr key={row.id}>
                      <Table.Td>{words("kind", row.kind)}</Table.Td>
                      <Table.Td>
                        <bdi>{row.key}</bdi>
                      </Table.Td>
                      <Table.Td>{i18n.language === "ar" ? row.kept_ar : row.kept_en}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </div>
          )}
        </Section>
      )}
    </>
  );
}
