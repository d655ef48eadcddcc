import { Alert, Button, Group, Skeleton, Table, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconDownload } from "@tabler/icons-react";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";
import { Section } from "@/shared/ui/document-page";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { Money } from "@/shared/ui/money";

import classes from "./exchange.module.css";
import {
  type Counts,
  downloadRefused,
  type FileForm,
  type ImportDetail,
  profiles,
  refusedRows,
  type Report,
} from "./queries";
import { useWords } from "./words";

const actions = ["created", "changed", "unchanged", "refused"] as const;

/** What a check foresees or a run has done: the figures, whether they add up, and what was refused. */
export function ImportReport({
  of,
  report,
  happened,
}: {
  of: ImportDetail;
  report: Report;
  happened: boolean;
}) {
  const { t, i18n } = useTranslation("exchange");
  const format = useFormat();
  const words = useWords();
  const rows = (name: string) => report.rows[name] ?? 0;
  const sum = actions.reduce((total, name) => total + rows(name), 0);
  const tense = happened ? "was" : "will";
  const holds = sum === rows("total");

  return (
    <>
      <dl className={classes.tiles} style={{ margin: 0 }}>
        {actions.map((name) => (
          <div
            key={name}
            className={`aw-card ${classes.tile ?? ""}`}
            data-tone={name === "refused" && rows(name) > 0 ? "bad" : undefined}
          >
            <dt>{t(`${tense}.${name}`)}</dt>
            <dd>
              {format.count(rows(name))}
              {report.amounts?.[name] && report.amounts[name] !== "0.00" && (
                <small>
                  <Money amount={report.amounts[name]} currency="SAR" />
                </small>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {rows("refused") > 0 && <RefusedRows of={of} count={rows("refused")} />}
      <Section title={t("report.records")} description={t(`report.${tense}`)}>
        <div className={classes.scroll}>
          <CountsTable counts={report.records} />
        </div>
      </Section>
      <Section title={t("report.sums")} description={t("report.sumsText")}>
        <div className={classes.scroll}>
          <Table fz={13} aria-label={t("report.sums")}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("report.what")}</Table.Th>
                <Table.Th ta="right">{t("list.rows")}</Table.Th>
                {report.amounts && <Table.Th ta="right">{t("report.amount")}</Table.Th>}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {actions.map((name) => (
                <Table.Tr key={name}>
                  <Table.Td>{t(`${tense}.${name}`)}</Table.Td>
                  <Table.Td ta="right" className="aw-figures">
                    {format.count(rows(name))}
                  </Table.Td>
                  {report.amounts && (
                    <Table.Td ta="right">
                      <Money amount={report.amounts[name] ?? "0.00"} />
                    </Table.Td>
                  )}
                </Table.Tr>
              ))}
              <Table.Tr className={classes.sum}>
                <Table.Td>{t("report.inFile")}</Table.Td>
                <Table.Td ta="right" className="aw-figures">
                  {format.count(rows("total"))}
                </Table.Td>
                {report.amounts && (
                  <Table.Td ta="right">
                    <Money amount={report.amounts.total ?? "0.00"} />
                  </Table.Td>
                )}
              </Table.Tr>
            </Table.Tbody>
          </Table>
        </div>
        <Group gap={6} mt={12} c={holds ? "var(--aw-good)" : "var(--aw-bad)"} role="status">
          {holds ? <IconCircleCheck size={16} /> : <IconAlertTriangle size={16} />}
          <Text size="sm">
            {t(holds ? "report.holds" : "report.open", { count: rows("total") - sum })}
          </Text>
        </Group>
        {rows("blank") > 0 && (
          <Text size="sm" c="dimmed" mt={4}>
            {t("report.blank", { count: rows("blank") })}
          </Text>
        )}
      </Section>
      {((report.notes ?? []).length > 0 || Object.keys(report.facts ?? {}).length > 0) && (
        <Section title={t("report.notes")}>
          <ul style={{ margin: 0, paddingInlineStart: 18 }}>
            {report.notes?.map((note) => (
              <li key={note.en}>{i18n.language === "ar" ? note.ar || note.en : note.en}</li>
            ))}
            {Object.entries(report.facts ?? {}).map(([fact, count]) => (
              <li key={fact}>
                {words("fact", fact)}: <span className="aw-figures">{format.count(count)}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {!happened && (report.preview ?? []).length > 0 && (
        <Section title={t("report.preview")} description={t("report.previewText")}>
          <div className={classes.scroll}>
            <Table fz={13} aria-label={t("report.preview")}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th w={100}>{t("refused.row")}</Table.Th>
                  <Table.Th>{t("report.key")}</Table.Th>
                  <Table.Th>{t("report.what")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {report.preview?.map((row) => (
                  <Table.Tr key={`${row.row} ${row.key}`}>
                    <Table.Td className="aw-figures">{format.count(row.row)}</Table.Td>
                    <Table.Td>
                      <bdi>{row.key.replace(/^[a-z_]+:/, "")}</bdi>
                    </Table.Td>
                    <Table.Td>
                      {t(`will.${actions.find((name) => name === row.action) ?? "created"}`)}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        </Section>
      )}
    </>
  );
}

export function CountsTable({ counts }: { counts: Counts }) {
  const { t } = useTranslation("exchange");
  const format = useFormat();
  const words = useWords();
  const rows = Object.entries(counts).flatMap(([kind, of]) =>
    Object.entries(of).map(([did, count]) => ({ kind, did, count })),
  );
  if (rows.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t("report.nothing")}
      </Text>
    );
  return (
    <Table fz={13} aria-label={t("report.records")}>
      <Table.Tbody>
        {rows.map(({ kind, did, count }) => (
          <Table.Tr key={`${kind} ${did}`}>
            <Table.Td>{words("kind", kind)}</Table.Td>
            <Table.Td c="dimmed">{words("did", did)}</Table.Td>
            <Table.Td ta="right" className="aw-figures">
              {format.count(count)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function RefusedRows({ of, count }: { of: ImportDetail; count: number }) {
  const { t, i18n } = useTranslation("exchange");
  const format = useFormat();
  const [pages, setPages] = useState<string[]>([]);
  const { data: known } = useQuery(profiles());
  const { data, error, refetch } = useQuery({
    ...refusedRows(of.id, of.version, pages.at(-1)),
    placeholderData: keepPreviousData,
  });
  const save = useMutation({ mutationFn: (form: FileForm) => downloadRefused(of, form) });
  const column = (name: string) => {
    const found = known
      ?.find((one) => one.key === of.profile)
      ?.columns.find((one) => one.name === name);
    const ours = found && (i18n.language === "ar" ? found.label_ar : found.label_en);
    return ours ?? (name || t("refused.whole"));
  };
  return (
    <Section title={t("refused.title")} description={t("refused.text", { count })}>
      <Group gap={8} mb={12}>
        {(["xlsx", "csv"] as const).map((form) => (
          <Button
            key={form}
            size="compact-sm"
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            loading={save.isPending && save.variables === form}
            onClick={() => {
              save.mutate(form);
            }}
          >
            {t("refused.download", { form: form.toUpperCase() })}
          </Button>
        ))}
      </Group>
      <Refusal error={save.error} />
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton height={120} />
      ) : (
        <div className={classes.scroll}>
          <Table fz={13} aria-label={t("refused.title")}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={70}>{t("refused.row")}</Table.Th>
                <Table.Th w={140}>{t("refused.column")}</Table.Th>
                <Table.Th>{t("refused.reason")}</Table.Th>
                <Table.Th>{t("refused.cells")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.items.map((row) => (
                <Table.Tr key={row.id}>
                  <Table.Td className="aw-figures">{format.count(row.row)}</Table.Td>
                  <Table.Td>{column(row.column)}</Table.Td>
                  <Table.Td className={classes.reason}>
                    {i18n.language === "ar" ? row.message_ar || row.message_en : row.message_en}
                  </Table.Td>
                  <Table.Td>
                    <div className={classes.cells} dir="auto" title={row.cells.join(" | ")}>
                      {row.cells.join(" | ")}
                    </div>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {data && (pages.length > 0 || data.next) && (
        <Group gap={8} mt={12}>
          <Button
            size="compact-sm"
            variant="default"
            disabled={pages.length === 0}
            onClick={() => {
              setPages(pages.slice(0, -1));
            }}
          >
            {t("list.previous", { ns: "common" })}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            disabled={!data.next}
            onClick={() => {
              if (data.next) setPages([...pages, data.next]);
            }}
          >
            {t("list.next", { ns: "common" })}
          </Button>
        </Group>
      )}
    </Section>
  );
}

/** A word of warning above a report. */
export function Stopped({ of }: { of: ImportDetail }) {
  const { t, i18n } = useTranslation("exchange");
  const why = i18n.language === "ar" ? of.failure_ar || of.failure_en : of.failure_en;
  return (
    <Alert
      color={of.state === "failed" ? "red" : "gray"}
      icon={<IconAlertTriangle size={18} />}
      title={t(`stopped.${of.state as "failed"}`)}
      role="alert"
    >
      {why && <Text size="md">{why}</Text>}
      <Text size="md">{t(`stopped.${of.state as "failed"}Text`)}</Text>
    </Alert>
  );
}
