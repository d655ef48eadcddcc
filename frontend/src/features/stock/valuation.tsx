import { IconCoins } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { placesIn } from "@/shared/format/align";
import { isoDay } from "@/shared/format/date";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { EmptyState } from "@/shared/ui/empty-state";
import { Money } from "@/shared/ui/money";
import { AlignedQuantity } from "@/shared/ui/quantity-input";
import { DayPicker, ReportPage, ReportTable, useReportSearch } from "@/shared/ui/report";
import { StatusBadge } from "@/shared/ui/status-badge";

import { valuation } from "./queries";

/** What was held at the end of a day and what it was worth, beside what the books say. */
export function Valuation() {
  const { t } = useTranslation("stock");
  const name = useName();
  const format = useFormat();
  const [search] = useReportSearch();
  const on = search.on ?? isoDay(new Date());
  const query = useQuery(valuation(on));
  const report = query.data;
  const places = placesIn(report?.items.map((row) => row.quantity) ?? []);
  return (
    <ReportPage
      title={t("value.title")}
      about={t("value.asOf", { day: format.day(on) })}
      controls={<DayPicker label={t("value.on")} day={on} />}
      query={query}
    >
      {report?.items.length === 0 && (
        <div className="aw-card">
          <EmptyState icon={IconCoins} title={t("value.empty")}>
            {t("value.emptyText")}
          </EmptyState>
        </div>
      )}
      {report && report.items.length > 0 && (
        <ReportTable label={t("value.title")}>
          <thead>
            <tr>
              <th scope="col">{t("field.product")}</th>
              <th scope="col" data-align="end">
                {t("field.quantity")}
              </th>
              <th scope="col" data-align="end">
                {t("field.average")}
              </th>
              <th scope="col" data-align="end">
                {t("field.value")}
              </th>
            </tr>
          </thead>
          <tbody>
            {report.items.map((row) => (
              <tr key={row.product.id}>
                <td>
                  <Link to="/stock/products/$productId" params={{ productId: row.product.id }}>
                    <span className="aw-ltr">{row.product.sku}</span> <bdi>{name(row.product)}</bdi>
                  </Link>
                </td>
                <td data-align="end">
                  <AlignedQuantity amount={row.quantity} places={places} />
                </td>
                <td data-align="end">
                  <Money amount={row.unit_cost} />
                </td>
                <td data-align="end">
                  <Money amount={row.value} />
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td colSpan={3}>
                {t("value.sum")}{" "}
                {report.value === report.ledger_value ? (
                  <StatusBadge tone="good">{t("value.agrees")}</StatusBadge>
                ) : (
                  <StatusBadge tone="bad">
                    {t("value.differs", { amount: format.money(report.ledger_value) })}
                  </StatusBadge>
                )}
              </td>
              <td data-align="end">
                <Money amount={report.value} />
              </td>
            </tr>
          </tfoot>
        </ReportTable>
      )}
    </ReportPage>
  );
}
