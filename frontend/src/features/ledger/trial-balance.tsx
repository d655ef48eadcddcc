import { Switch } from "@mantine/core";
import { IconScale } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { EmptyState } from "@/shared/ui/empty-state";
import { Money } from "@/shared/ui/money";
import {
  ReportPage,
  ReportTable,
  SpanPicker,
  SpanText,
  useReportSearch,
  useSpan,
} from "@/shared/ui/report";

import { trialBalance, trialBalanceSheet } from "./queries";

const columns = [
  "opening_debit",
  "opening_credit",
  "debit",
  "credit",
  "closing_debit",
  "closing_credit",
] as const;

const figure = (amount: string) => (/[1-9]/.test(amount) ? <Money amount={amount} /> : null);

export function TrialBalance() {
  const { t } = useTranslation("ledger");
  const name = useName();
  const span = useSpan("thisYear");
  const [search, change] = useReportSearch();
  const zero = search.zero === "true";
  const asked = { ...span, ...(zero && { include_zero: true }) };
  const query = useQuery(trialBalance(asked));
  const report = query.data;
  return (
    <ReportPage
      title={t("trial.title")}
      about={<SpanText span={span} />}
      controls={
        <>
          <SpanPicker span={span} />
          <Switch
            pb={8}
            label={t("trial.zero")}
            checked={zero}
            onChange={(event) => {
              change({ zero: event.currentTarget.checked ? "true" : undefined });
            }}
          />
        </>
      }
      csv={() => trialBalanceSheet(asked)}
      query={query}
    >
      {report?.rows.length === 0 && (
        <div className="aw-card">
          <EmptyState icon={IconScale} title={t("trial.empty")}>
            {t("trial.emptyText")}
          </EmptyState>
        </div>
      )}
      {report && report.rows.length > 0 && (
        <ReportTable label={t("trial.title")}>
          <thead>
            <tr>
              <th scope="col">{t("field.account")}</th>
              {columns.map((column) => (
                <th key={column} scope="col" data-align="end">
                  {t(`trial.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {report.rows.map((row) => (
              <tr key={row.code} data-group={row.is_group || undefined}>
                <td style={{ paddingInlineStart: 16 + row.level * 16 }}>
                  <Link to="/reports/general-ledger" search={{ ...span, account: row.code }}>
                    <span className="aw-ltr">{row.code}</span> <bdi>{name(row)}</bdi>
                  </Link>
                </td>
                {columns.map((column) => (
                  <td key={column} data-align="end">
                    {figure(row[column])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td>{t("trial.sum")}</td>
              {columns.map((column) => (
                <td key={column} data-align="end">
                  <Money amount={report.totals[column]} />
                </td>
              ))}
            </tr>
          </tfoot>
        </ReportTable>
      )}
    </ReportPage>
  );
}
