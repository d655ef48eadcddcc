import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { isNegative } from "@/shared/format/decimal";
import { Money } from "@/shared/ui/money";
import { ReportPage, ReportTable, SpanPicker, SpanText, useSpan } from "@/shared/ui/report";

import { AmountRows } from "./amount-rows";
import { profitAndLoss, profitAndLossSheet } from "./queries";

export function ProfitAndLoss() {
  const { t } = useTranslation("ledger");
  const span = useSpan("thisYear");
  const query = useQuery(profitAndLoss(span));
  const report = query.data;
  return (
    <ReportPage
      title={t("profit.title")}
      about={<SpanText span={span} />}
      controls={<SpanPicker span={span} />}
      csv={() => profitAndLossSheet(span)}
      query={query}
    >
      {report && (
        <ReportTable label={t("profit.title")}>
          <thead>
            <tr>
              <th scope="col">{t("field.account")}</th>
              <th scope="col" data-align="end">
                {t("field.amountInRiyals")}
              </th>
            </tr>
          </thead>
          <tbody>
            <AmountRows rows={report.revenue} span={span} />
            <tr data-sum>
              <td>{t("profit.revenue")}</td>
              <td data-align="end">
                <Money amount={report.total_revenue} />
              </td>
            </tr>
            <AmountRows rows={report.expenses} span={span} />
            <tr data-sum>
              <td>{t("profit.expenses")}</td>
              <td data-align="end">
                <Money amount={report.total_expenses} />
              </td>
            </tr>
          </tbody>
          <tfoot>
            <tr>
              <td>{isNegative(report.profit) ? t("profit.loss") : t("profit.profit")}</td>
              <td data-align="end">
                <Money amount={report.profit} />
              </td>
            </tr>
          </tfoot>
        </ReportTable>
      )}
    </ReportPage>
  );
}
