import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { isoDay } from "@/shared/format/date";
import { isZero } from "@/shared/format/decimal";
import { useFormat } from "@/shared/format/use-format";
import { DateText } from "@/shared/ui/date-text";
import { Money } from "@/shared/ui/money";
import { DayPicker, ReportPage, ReportTable, useReportSearch } from "@/shared/ui/report";

import { AmountRows } from "./amount-rows";
import { balanceSheet, balanceSheetSheet } from "./queries";

export function BalanceSheet() {
  const { t } = useTranslation("ledger");
  const format = useFormat();
  const [search] = useReportSearch();
  const on = search.on ?? isoDay(new Date());
  const span = { from: `${on.slice(0, 4)}-01-01`, to: on };
  const query = useQuery(balanceSheet(on));
  const report = query.data;
  return (
    <ReportPage
      title={t("balance.title")}
      about={
        <>
          {t("balance.on")} <DateText day={on} />
        </>
      }
      controls={<DayPicker label={t("balance.on")} day={on} />}
      csv={() => balanceSheetSheet(on)}
      query={query}
    >
      {report && !isZero(report.difference) && (
        <Alert color="red" icon={<IconAlertTriangle size={18} />} role="alert">
          {t("balance.alarm", { amount: format.money(report.difference) })}
        </Alert>
      )}
      {report && (
        <ReportTable label={t("balance.title")}>
          <thead>
            <tr>
              <th scope="col">{t("field.account")}</th>
              <th scope="col" data-align="end">
                {t("field.amountInRiyals")}
              </th>
            </tr>
          </thead>
          <tbody>
            <AmountRows rows={report.assets} span={span} />
            <Sum label={t("balance.assets")} amount={report.total_assets} />
            <AmountRows rows={report.liabilities} span={span} />
            <Sum label={t("balance.liabilities")} amount={report.total_liabilities} />
            <AmountRows rows={report.equity} span={span} />
            <tr>
              <td>{t("balance.earlier")}</td>
              <td data-align="end">
                <Money amount={report.profit_of_earlier_years} />
              </td>
            </tr>
            <tr>
              <td>{t("balance.thisYear")}</td>
              <td data-align="end">
                <Money amount={report.profit_of_this_year} />
              </td>
            </tr>
            <Sum label={t("balance.equity")} amount={report.total_equity} />
          </tbody>
        </ReportTable>
      )}
    </ReportPage>
  );
}

function Sum({ label, amount }: { label: ReactNode; amount: string }) {
  return (
    <tr data-sum>
      <td>{label}</td>
      <td data-align="end">
        <Money amount={amount} />
      </td>
    </tr>
  );
}
