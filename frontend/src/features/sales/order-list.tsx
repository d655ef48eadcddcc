import { Button } from "@mantine/core";
import { IconClipboardText, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useWarehouseFilter } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { DateText } from "@/shared/ui/date-text";
import { DocumentState, StatusWord, useStateWord } from "@/shared/ui/document-status";
import { Money } from "@/shared/ui/money";
import { StatusBadge } from "@/shared/ui/status-badge";

import { useCustomerFilter } from "./customer-filter";
import { named } from "./names";
import { type OrderRow, orders } from "./queries";

const states = [
  "draft",
  "quoted",
  "pending_approval",
  "confirmed",
  "closed",
  "cancelled",
  "expired",
] as const;

export function OrderList() {
  const { t } = useTranslation("sales");
  const can = useCan();
  const name = useName();
  const columns = useColumns();
  const filters = useFilters();
  return (
    <DataTable<OrderRow>
      name="sales-orders"
      title={t("orders.title")}
      query={orders}
      columns={columns}
      filters={filters}
      usualSort="-ordered_on"
      searchLabel={t("orders.search")}
      rowLink={(row) => ({ to: "/sales-orders/$orderId", params: { orderId: row.id } })}
      rowLabel={(row) => row.number ?? name(named(row))}
      empty={{ icon: IconClipboardText, title: t("orders.empty"), text: t("orders.emptyText") }}
      action={
        can("sales_order:create") && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            renderRoot={(props) => (
              <Link to="/sales-orders/$orderId" params={{ orderId: "new" }} {...props} />
            )}
          >
            {t("orders.add")}
          </Button>
        )
      }
    />
  );
}

function useColumns(): Column<OrderRow>[] {
  const { t } = useTranslation("sales");
  const name = useName();
  return useMemo(
    () => [
      {
        id: "number",
        label: t("field.number"),
        sort: true,
        width: 110,
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
        sort: true,
        card: "title",
        cell: (row) => <bdi>{name(named(row))}</bdi>,
      },
      {
        id: "state",
        label: t("field.state"),
        width: 140,
        card: "meta",
        cell: (row) => (
          <>
            <DocumentState state={row.state} />{" "}
            {row.on_hold && <StatusBadge tone="attention">{t("onHold")}</StatusBadge>}
          </>
        ),
      },
      {
        id: "delivery_status",
        label: t("field.delivery"),
        width: 135,
        card: "meta",
        cell: (row) =>
          isPromised(row) && <StatusWord kind="delivery" value={row.delivery_status} />,
      },
      {
        id: "billing_status",
        label: t("field.billing"),
        width: 130,
        card: "none",
        cell: (row) => isPromised(row) && <StatusWord kind="billing" value={row.billing_status} />,
      },
      {
        id: "payment_status",
        label: t("field.payment"),
        width: 125,
        card: "none",
        cell: (row) =>
          isPromised(row) &&
          row.payment_status !== "none" && <StatusWord kind="payment" value={row.payment_status} />,
      },
      {
        id: "ordered_on",
        label: t("field.ordered_on"),
        sort: true,
        width: 115,
        card: "none",
        cell: (row) => <DateText day={row.ordered_on} />,
      },
      {
        id: "promised_on",
        label: t("field.promised_on"),
        sort: true,
        width: 120,
        hidden: true,
        card: "none",
        cell: (row) => <DateText day={row.promised_on} />,
      },
      {
        id: "reference",
        label: t("field.reference"),
        width: 140,
        hidden: true,
        card: "none",
        cell: (row) => <bdi>{row.reference}</bdi>,
      },
      {
        id: "total",
        label: t("figure.total"),
        sort: true,
        width: 120,
        align: "end",
        card: "end",
        cell: (row) => (
          <Money amount={row.total} {...(row.currency !== "SAR" && { currency: row.currency })} />
        ),
      },
    ],
    [t, name],
  );
}

/** Only what was promised is delivered, billed and paid. */
const isPromised = (row: OrderRow) => row.state === "confirmed" || row.state === "closed";

function useFilters(): Filter[] {
  const { t } = useTranslation("sales");
  const { t: said } = useTranslation("documents");
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
      {
        id: "delivery_status",
        type: "select",
        label: t("field.delivery"),
        options: (["none", "part", "full"] as const).map((value) => ({
          value,
          label: said(`sales.delivery.${value}`),
        })),
      },
      {
        id: "billing_status",
        type: "select",
        label: t("field.billing"),
        options: (["none", "part", "full", "over_billed", "nothing_to_bill"] as const).map(
          (value) => ({ value, label: said(`sales.billing.${value}`) }),
        ),
      },
      customers,
      warehouses,
      {
        id: "ordered",
        type: "dates",
        label: t("field.ordered_on"),
        from: "ordered_from",
        to: "ordered_to",
      },
      {
        id: "on_hold",
        type: "boolean",
        label: t("onHold"),
        yes: t("filter.onHoldYes"),
        no: t("filter.onHoldNo"),
      },
    ],
    [t, state, said, customers, warehouses],
  );
}
