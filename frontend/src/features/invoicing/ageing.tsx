import { IconMoodSmile } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { isoDay } from "@/shared/format/date";
import { useName } from "@/shared/i18n/names";
import { DateText } from "@/shared/ui/date-text";
import { EmptyState } from "@/shared/ui/empty-state";
import { Money } from "@/shared/ui/money";
import { DayPicker, ReportPage, ReportTable, useReportSearch } from "@/shared/ui/report";

import classes from "./ageing.module.css";
import { ageing, type AgeingSide } from "./queries";

const buckets = ["current", "days_1_30", "days_31_60", "days_61_90", "days_over_90"] as const;

/** Who owes us what, and for how long. */
export function Ageing() {
  return <Board side="receivables" />;
}

/** Whom we owe what, and for how long. */
export function PayablesAgeing() {
  return <Board side="payables" />;
}

function Board({ side }: { side: AgeingSide }) {
  const { t } = useTranslation("invoicing");
  const name = useName();
  const [search] = useReportSearch();
  const on = search.on ?? isoDay(new Date());
  const query = useQuery(ageing(side, on));
  const report = query.data;
  return (
    <ReportPage
      title={t(`ageing.${side}.title`)}
      about={
        <>
          {t("ageing.on")} <DateText day={on} />
        </>
      }
      controls={<DayPicker label={t("ageing.on")} day={on} />}
      query={query}
    >
      {report?.rows.length === 0 && (
        <div className="aw-card">
          <EmptyState icon={IconMoodSmile} title={t(`ageing.${side}.empty`)}>
            {t(`ageing.${side}.emptyText`)}
          </EmptyState>
        </div>
      )}
      {report && report.rows.length > 0 && (
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
            <div className="aw-card" data-bucket="total">
              <dt>{t("ageing.total")}</dt>
              <dd>
                <Money amount={report.total} currency="SAR" />
              </dd>
            </div>
          </dl>
          <ReportTable cards label={t(`ageing.${side}.title`)}>
            <thead>
              <tr>
                <th scope="col">{t(`ageing.${side}.party`)}</th>
                {buckets.map((bucket) => (
                  <th key={bucket} scope="col" data-align="end">
                    {t(`bucket.${bucket}`)}
                  </th>
                ))}
                <th scope="col" data-align="end">
                  {t("ageing.total")}
                </th>
              </tr>
            </thead>
            <tbody>
              {report.rows.map((row) => (
                <tr key={row.party_id}>
                  <td>
                    <Link to="/reports/statements" search={{ party: row.party_id }}>
                      <bdi>{name(row)}</bdi>{" "}
                      <small className="aw-ltr" style={{ color: "var(--aw-muted)" }}>
                        {row.code}
                      </small>
                    </Link>
                  </td>
                  {buckets.map((bucket) => (
                    <td key={bucket} data-align="end" data-label={t(`bucket.${bucket}`)}>
                      {/[1-9]/.test(row.buckets[bucket]) && <Money amount={row.buckets[bucket]} />}
                    </td>
                  ))}
                  <td data-align="end" data-label={t("ageing.total")}>
                    <strong>
                      <Money amount={row.total} />
                    </strong>
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <td>{t("ageing.total")}</td>
                {buckets.map((bucket) => (
                  <td key={bucket} data-align="end">
                    <Money amount={report.buckets[bucket]} />
                  </td>
                ))}
                <td data-align="end">
                  <Money amount={report.total} />
                </td>
              </tr>
            </tfoot>
          </ReportTable>
        </>
      )}
    </ReportPage>
  );
}
