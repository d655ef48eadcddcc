import { IconTruckDelivery } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useWarehouseFilter } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { DateText } from "@/shared/ui/date-text";
import { DocumentState, useStateWord } from "@/shared/ui/document-status";

import { useCustomerFilter } from "./customer-filter";
import { named } from "./names";
import { type ShipmentRow, shipments } from "./queries";

const states = [
  "draft",
  "ready",
  "picked",
  "packed",
  "shipped",
  "delivered",
  "reversed",
  "cancelled",
] as const;

export function ShipmentList() {
  const { t } = useTranslation("sales");
  const name = useName();
  const columns = useColumns();
  const filters = useFilters();
  return (
    <DataTable<ShipmentRow>
      name="shipments"
      title={t("shipments.title")}
      query={shipments}
      columns={columns}
      filters={filters}
      usualSort="-id"
      searchLabel={t("shipments.search")}
      rowLink={(row) => ({ to: "/shipments/$shipmentId", params: { shipmentId: row.id } })}
      rowLabel={(row) => row.number ?? name(named(row))}
      empty={{
        icon: IconTruckDelivery,
        title: t("shipments.empty"),
        text: t("shipments.emptyText"),
      }}
    />
  );
}

function useColumns(): Column<ShipmentRow>[] {
  const { t } = useTranslation("sales");
  const name = useName();
  return useMemo(
    () => [
      {
        id: "number",
        label: t("field.number"),
        sort: true,
        width: 130,
        card: "subtitle",
        cell: (row) =>
          row.number ? (
            <span className="aw-ltr">{row.number}</span>
          ) : (
            <span style={{ color: "var(--aw-muted)" }}>{t("unnumbered")}</span>
          ),
      },
      {
        id: "customer",
        label: t("field.customer"),
        card: "title",
        cell: (row) => <bdi>{name(named(row))}</bdi>,
      },
      {
        id: "state",
        label: t("field.state"),
        width: 130,
        card: "meta",
        cell: (row) => <DocumentState state={row.state} />,
      },
      {
        id: "order",
        label: t("field.order"),
        width: 130,
        card: "meta",
        cell: (row) => <span className="aw-ltr">{row.order_number}</span>,
      },
      {
        id: "warehouse",
        label: t("field.warehouse"),
        width: 110,
        card: "none",
        cell: (row) => <bdi>{row.warehouse_code}</bdi>,
      },
      {
        id: "planned_on",
        label: t("field.planned_on"),
        sort: true,
        width: 120,
        card: "end",
        cell: (row) => <DateText day={row.planned_on} />,
      },
      {
        id: "shipped_on",
        label: t("field.shipped_on"),
        sort: true,
        width: 120,
        card: "none",
        cell: (row) => <DateText day={row.shipped_on} />,
      },
      {
        id: "carrier",
        label: t("field.carrier"),
        width: 140,
        hidden: true,
        card: "none",
        cell: (row) => <bdi>{row.carrier}</bdi>,
      },
      {
        id: "tracking_number",
        label: t("field.tracking_number"),
        width: 150,
        hidden: true,
        card: "none",
        cell: (row) => <bdi>{row.tracking_number}</bdi>,
      },
    ],
    [t, name],
  );
}

function useFilters(): Filter[] {
  const { t } = useTranslation("sales");
  const state = useStateWord();
  const customers = useCustomerFilter();
  const warehouses = useWarehouseFilter(t("field.warehouse"));
  return useMemo(
    () => [
      {
        id: "state",
        type: "select",
        label: t("field.state"),
        options: states.map((value) => ({ value, label: state(value) })),
      },
      customers,
      warehouses,
    ],
    [t, state, customers, warehouses],
  );
}
