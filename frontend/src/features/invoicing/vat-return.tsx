import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { Money } from "@/shared/ui/money";
import { ReportPage, ReportTable, SpanPicker, SpanText, useSpan } from "@/shared/ui/report";

import { vatReturn } from "./queries";

export function VatReturn() {
  const { t } = useTranslation("invoicing");
  const name = useName();
  const format = useFormat();
  const span = useSpan("lastMonth");
  const query = useQuery(vatReturn({ from: span.from, to: span.to }));
  const report = query.data;
  return (
    <ReportPage
      title={t("vat.title")}
      about={
        <>
          <SpanText span={span} />
          {report && (
            <>
              {" "}
              ·{" "}
              {t("vat.documents", {
                count: report.documents,
                text: format.count(report.documents),
              })}
            </>
          )}
        </>
      }
      controls={<SpanPicker span={span} />}
      query={query}
    >
      {report && (
        <>
          <ReportTable label={t("vat.sales")}>
            <thead>
              <tr>
                <th scope="col">{t("vat.box")}</th>
                <th scope="col">{t("vat.what")}</th>
                <th scope="col" data-align="end">
                  {t("vat.amount")}
                </th>
                <th scope="col" data-align="end">
                  {t("vat.adjustment")}
                </th>
                <th scope="col" data-align="end">
                  {t("vat.vat")}
                </th>
              </tr>
            </thead>
            <tbody>
              {report.sales.map((box) => (
                <tr key={box.box}>
                  <td>{box.box}</td>
                  <td>{name({ name_en: box.label_en, name_ar: box.label_ar })}</td>
                  <td data-align="end">
                    <Money amount={box.amount} />
                  </td>
                  <td data-align="end">
                    <Money amount={box.adjustment} />
                  </td>
                  <td data-align="end">
                    <Money amount={box.vat} />
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <td />
                <td>{t("vat.total")}</td>
                <td data-align="end">
                  <Money amount={report.total_amount} />
                </td>
                <td data-align="end">
                  <Money amount={report.total_adjustment} />
                </td>
                <td data-align="end">
                  <Money amount={report.total_vat} />
                </td>
              </tr>
            </tfoot>
          </ReportTable>
          <p style={{ margin: 0, color: "var(--aw-muted)", fontSize: 13 }}>{t("vat.note")}</p>
        </>
      )}
    </ReportPage>
  );
}
