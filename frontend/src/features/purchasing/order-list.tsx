import { Button } from "@mantine/core";
import { IconPlus, IconShoppingCart } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { supplierFilter, useWarehouseFilter } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { DateText } from "@/shared/ui/date-text";
import { DocumentState, StatusWord } from "@/shared/ui/document-status";
import { Money } from "@/shared/ui/money";

import { named } from "./names";
import { type OrderRow, orders } from "./queries";

const states = ["draft", "pending_approval", "approved", "sent", "closed", "cancelled"] as const;

export function OrderList() {
  const { t } = useTranslation("purchasing");
  const can = useCan();
  const columns = useColumns();
  const filters = useFilters();
  return (
    <DataTable<OrderRow>
      name="purchase-orders"
      title={t("orders.title")}
      query={orders}
      columns={columns}
      filters={filters}
      usualSort="-ordered_on"
      searchLabel={t("orders.search")}
      rowLink={(row) => ({ to: "/purchase-orders/$orderId", params: { orderId: row.id } })}
      rowLabel={(row) => row.number ?? t("orders.unnumbered")}
      empty={{ icon: IconShoppingCart, title: t("orders.empty"), text: t("orders.emptyText") }}
      action={
        can("purchase_order:create") && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            renderRoot={(props) => (
              <Link to="/purchase-orders/$orderId" params={{ orderId: "new" }} {...props} />
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
  const { t } = useTranslation("purchasing");
  const name = useName();
  return useMemo(
    () => [
      {
        id: "number",
        label: t("field.number"),
        sort: true,
        width: 140,
        card: "subtitle",
        cell: (row) => (row.number ? <span className="aw-ltr">{row.number}</span> : "—"),
      },
      {
        id: "supplier",
        label: t("field.supplier"),
        sort: true,
        card: "title",
        cell: (row) => <bdi>{name(named(row))}</bdi>,
      },
      {
        id: "state",
        label: t("field.state"),
        width: 150,
        card: "meta",
        cell: (row) => <DocumentState state={row.state} />,
      },
      {
        id: "receipt_progress",
        label: t("filter.receipt"),
        width: 150,
        card: "meta",
        cell: (row) => <StatusWord kind="delivery" side="purchase" value={row.receipt_progress} />,
      },
      {
        id: "billing_progress",
        label: t("filter.billing"),
        width: 140,
        card: "none",
        cell: (row) => <StatusWord kind="billing" side="purchase" value={row.billing_progress} />,
      },
      {
        id: "ordered_on",
        label: t("field.ordered_on"),
        sort: true,
        width: 130,
        card: "none",
        cell: (row) => <DateText day={row.ordered_on} />,
      },
      {
        id: "expected_on",
        label: t("field.expected_on"),
        sort: true,
        width: 130,
        card: "meta",
        cell: (row) => <DateText day={row.expected_on} />,
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
        needs: "cost:read",
        label: t("field.total"),
        sort: true,
        width: 140,
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

function useFilters(): Filter[] {
  const { t } = useTranslation("purchasing");
  const { t: word } = useTranslation("documents");
  const warehouse = useWarehouseFilter(t("field.warehouse"));
  return useMemo(
    () => [
      {
        id: "state",
        type: "select",
        label: t("filter.state"),
        options: states.map((value) => ({ value, label: word(`state.${value}`) })),
      },
      {
        id: "receipt_progress",
        type: "select",
        label: t("filter.receipt"),
        options: (["none", "part", "full"] as const).map((value) => ({
          value,
          label: word(`purchase.delivery.${value}`),
        })),
      },
      {
        id: "billing_progress",
        type: "select",
        label: t("filter.billing"),
        options: (["nothing_to_bill", "none", "part", "full", "over_billed"] as const).map(
          (value) => ({ value, label: word(`purchase.billing.${value}`) }),
        ),
      },
      {
        id: "is_late",
        type: "boolean",
        label: t("filter.overdue"),
        yes: t("filter.overdueYes"),
        no: t("filter.overdueNo"),
      },
      supplierFilter(t("field.supplier")),
      warehouse,
      {
        id: "ordered",
        type: "dates",
        label: t("filter.ordered"),
        from: "ordered_from",
        to: "ordered_to",
      },
    ],
    [t, word, warehouse],
  );
}
