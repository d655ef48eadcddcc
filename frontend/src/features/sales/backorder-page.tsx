import { Anchor } from "@mantine/core";
import { IconMoodCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { GoodsSelect, WarehouseSelect } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { DateText } from "@/shared/ui/date-text";
import { LinesTable, ProductCell } from "@/shared/ui/document-view";
import { EmptyState } from "@/shared/ui/empty-state";
import { Quantity } from "@/shared/ui/money";
import { ReportPage, useReportSearch } from "@/shared/ui/report";

import { named } from "./names";
import { type Backorder, backorders } from "./queries";

/** Promised, and not set aside: what is missing, the oldest order first. */
export function BackorderPage() {
  const { t } = useTranslation("sales");
  const name = useName();
  const [search, change] = useReportSearch();
  const { product_id, warehouse_id } = search;
  const query = useQuery(
    backorders({ ...(product_id && { product_id }), ...(warehouse_id && { warehouse_id }) }),
  );
  const rows = query.data?.items ?? [];
  return (
    <ReportPage
      title={t("backorders.title")}
      about={t("backorders.about")}
      controls={
        <>
          <GoodsSelect
            label={t("line.product")}
            clearable
            w={{ base: "100%", sm: 260 }}
            value={product_id ?? null}
            onChange={(id) => {
              change({ product_id: id ?? undefined });
            }}
          />
          <WarehouseSelect
            label={t("field.warehouse")}
            clearable
            w={{ base: "100%", sm: 200 }}
            value={warehouse_id ?? null}
            onChange={(id) => {
              change({ warehouse_id: id ?? undefined });
            }}
          />
        </>
      }
      query={query}
    >
      {query.data && rows.length === 0 && (
        <div className="aw-card">
          <EmptyState icon={IconMoodCheck} title={t("backorders.empty")}>
            {t("backorders.emptyText")}
          </EmptyState>
        </div>
      )}
      {rows.length > 0 && (
        <div className="aw-card" style={{ padding: 16 }}>
          <LinesTable<Backorder>
            label={t("backorders.title")}
            lines={rows}
            lineKey={(row) => row.line_id}
            columns={[
              {
                id: "product",
                label: t("line.product"),
                card: "title",
                cell: (row) => <ProductCell name={name(row)} sku={row.sku} />,
              },
              {
                id: "order",
                label: t("field.order"),
                cell: (row) => (
                  <Anchor
                    size="sm"
                    renderRoot={(props) => (
                      <Link
                        to="/sales-orders/$orderId"
                        params={{ orderId: row.order_id }}
                        {...props}
                      />
                    )}
                  >
                    <bdi>{row.order_number}</bdi>
                  </Anchor>
                ),
              },
              {
                id: "customer",
                label: t("field.customer"),
                cell: (row) => <bdi>{name(named(row))}</bdi>,
              },
              {
                id: "promised_on",
                label: t("field.promised_on"),
                cell: (row) => <DateText day={row.promised_on ?? row.ordered_on} />,
              },
              {
                id: "open",
                label: t("line.open"),
                align: "end",
                cell: (row) => <Quantity amount={row.open} />,
              },
              {
                id: "reserved",
                label: t("line.reserved"),
                align: "end",
                cell: (row) => <Quantity amount={row.reserved} />,
              },
              {
                id: "free",
                label: t("line.free"),
                align: "end",
                cell: (row) => <Quantity amount={row.free} />,
              },
              {
                id: "missing",
                label: t("line.missing"),
                align: "end",
                card: "end",
                cell: (row) => (
                  <strong style={{ color: "var(--aw-bad)" }}>
                    <Quantity amount={row.missing} />
                  </strong>
                ),
              },
            ]}
          />
        </div>
      )}
    </ReportPage>
  );
}
