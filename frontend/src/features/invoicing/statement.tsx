import { ActionIcon, Tooltip } from "@mantine/core";
import { IconFileTypePdf, IconUserSearch } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { showPdf } from "@/shared/api/pdf";
import { isoDay } from "@/shared/format/date";
import { type Span } from "@/shared/format/spans";
import { useName } from "@/shared/i18n/names";
import { useEntryKind } from "@/shared/ui/entry-kind";
import { DateText } from "@/shared/ui/date-text";
import { useDocumentPage } from "@/shared/ui/document-view";
import { EmptyState } from "@/shared/ui/empty-state";
import { Refusal } from "@/shared/ui/error-state";
import { Money } from "@/shared/ui/money";
import { RecordSelect } from "@/shared/ui/record-select";
import {
  ReportPage,
  ReportTable,
  SpanPicker,
  SpanText,
  useReportSearch,
  useSpan,
} from "@/shared/ui/report";

import classes from "./ageing.module.css";
import { customer, findParties, statement, type StatementLine, statementPdf } from "./queries";

const buckets = ["current", "days_1_30", "days_31_60", "days_61_90", "days_over_90"] as const;

/** Up to today: what falls due later this year is not overdue, and must not be told to anybody so. */
function notAfterToday({ from, to }: Span): Span {
  const today = isoDay(new Date());
  const last = to < today ? to : today;
  return { from: from < last ? from : last, to: last };
}

/** What passed between us and one party, with the balance after each document. */
export function Statement() {
  const { t } = useTranslation("invoicing");
  const name = useName();
  const span = useSpan("thisYear");
  const until = notAfterToday(span);
  const [search, change] = useReportSearch();
  const party = search.party ?? "";
  const { data: of } = useQuery({ ...customer(party), enabled: party !== "" });
  const asked = { party_id: party, ...until };
  const query = useQuery({ ...statement(asked), enabled: party !== "" });
  const pdf = useMutation({ mutationFn: () => showPdf(statementPdf(asked)) });
  const report = query.data;
  return (
    <ReportPage
      title={t("statement.title")}
      about={
        of && (
          <>
            <bdi>{name(of)}</bdi> · <SpanText span={until} />
          </>
        )
      }
      controls={
        <>
          <RecordSelect
            label={t("statement.party")}
            placeholder={t("field.findCustomer")}
            w={{ base: "100%", sm: 280 }}
            value={party || null}
            chosen={of && name(of)}
            find={findParties}
            rowLabel={(row) => `${name(row)} · ${row.code}`}
            onChange={(id) => {
              change({ party: id ?? undefined });
            }}
          />
          <SpanPicker span={span} />
        </>
      }
      actions={
        party !== "" && (
          <Tooltip label={t("paper.open")}>
            <ActionIcon
              variant="default"
              size={36}
              aria-label={t("paper.open")}
              loading={pdf.isPending}
              onClick={() => {
                pdf.mutate();
              }}
            >
              <IconFileTypePdf size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )
      }
      query={query}
      asked={party !== ""}
    >
      <Refusal error={pdf.error} />
      {party === "" && (
        <div className="aw-card">
          <EmptyState icon={IconUserSearch} title={t("statement.choose")}>
            {t("statement.chooseText")}
          </EmptyState>
        </div>
      )}
      {report && (
        <>
          <dl className={classes.board}>
            {buckets.map((bucket) => (
              <div key={bucket} className="aw-card" data-bucket={bucket}>
                <dt>{t(`bucket.${bucket}`)}</dt>
                <dd>
                  <Money amount={report.buckets[bucket]} />
                </dd>
              </div>
            ))}
          </dl>
          <ReportTable label={t("statement.title")}>
            <thead>
              <tr>
                <th scope="col">{t("statement.date")}</th>
                <th scope="col">{t("statement.document")}</th>
                <th scope="col">{t("field.reference")}</th>
                <th scope="col">{t("field.due_on")}</th>
                <th scope="col" data-align="end">
                  {t("preview.debit")}
                </th>
                <th scope="col" data-align="end">
                  {t("preview.credit")}
                </th>
                <th scope="col" data-align="end">
                  {t("statement.balance")}
                </th>
              </tr>
            </thead>
            <tbody>
              <tr data-group>
                <td>
                  <DateText day={report.first} />
                </td>
                <td colSpan={5}>{t("statement.opening")}</td>
                <td data-align="end">
                  <Money amount={report.opening} />
                </td>
              </tr>
              {report.lines.map((line, place) => (
                <tr key={place}>
                  <td>
                    <DateText day={line.on} />
                  </td>
                  <td>
                    <DocumentName of={line} />
                  </td>
                  <td>
                    <bdi>{line.reference}</bdi>
                  </td>
                  <td>{line.due_on && <DateText day={line.due_on} />}</td>
                  <td data-align="end">
                    {/[1-9]/.test(line.debit) && <Money amount={line.debit} />}
                  </td>
                  <td data-align="end">
                    {/[1-9]/.test(line.credit) && <Money amount={line.credit} />}
                  </td>
                  <td data-align="end">
                    <Money amount={line.balance} />
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <td>
                  <DateText day={report.last} />
                </td>
                <td colSpan={5}>{t("statement.closing")}</td>
                <td data-align="end">
                  <Money amount={report.closing} />
                </td>
              </tr>
            </tfoot>
          </ReportTable>
        </>
      )}
    </ReportPage>
  );
}

/** The document behind a row, with a way to its page where it has one. */
function DocumentName({ of }: { of: StatementLine }) {
  const kindOf = useEntryKind();
  const pageOf = useDocumentPage();
  const page = of.document_id && pageOf(of.document_type, of.document_id);
  const said = (
    <>
      {kindOf(of.kind)} <span className="aw-ltr">{of.number}</span>
    </>
  );
  return page ? <Link to={page}>{said}</Link> : said;
}
