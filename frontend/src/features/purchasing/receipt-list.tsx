import { Button } from "@mantine/core";
import { IconPackageImport } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { supplierFilter, useWarehouseFilter } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { DateText } from "@/shared/ui/date-text";
import { DocumentState } from "@/shared/ui/document-status";
import { Money } from "@/shared/ui/money";

import { named } from "./names";
import { type ReceiptRow, receipts } from "./queries";

const states = ["draft", "inspection", "posted", "reversed", "cancelled"] as const;

export function ReceiptList() {
  const { t } = useTranslation("purchasing");
  const can = useCan();
  const name = useName();
  const { t: word } = useTranslation("documents");
  const warehouse = useWarehouseFilter(t("field.warehouse"));
  const columns = useMemo<Column<ReceiptRow>[]>(
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
        card: "title",
        cell: (row) => <bdi>{name(named(row))}</bdi>,
      },
      {
        id: "state",
        label: t("field.state"),
        width: 140,
        card: "meta",
        cell: (row) => <DocumentState state={row.state} />,
      },
      {
        id: "received_on",
        label: t("field.received_on"),
        sort: true,
        width: 140,
        card: "meta",
        cell: (row) => <DateText day={row.received_on} />,
      },
      {
        id: "order",
        label: t("field.order"),
        width: 140,
        card: "none",
        cell: (row) => <span className="aw-ltr">{row.order_number}</span>,
      },
      {
        id: "delivery_note",
        label: t("field.delivery_note"),
        width: 150,
        card: "none",
        cell: (row) => <bdi>{row.delivery_note}</bdi>,
      },
      {
        id: "value",
        needs: "cost:read",
        label: t("field.value"),
        width: 130,
        align: "end",
        card: "end",
        cell: (row) => <Money amount={row.value} />,
      },
    ],
    [t, name],
  );
  const filters = useMemo<Filter[]>(
    () => [
      {
        id: "state",
        type: "select",
        label: t("filter.state"),
        options: states.map((value) => ({ value, label: word(`state.${value}`) })),
      },
      supplierFilter(t("field.supplier")),
      warehouse,
      {
        id: "received",
        type: "dates",
        label: t("filter.received"),
        from: "received_from",
        to: "received_to",
      },
    ],
    [t, word, warehouse],
  );
  return (
    <DataTable<ReceiptRow>
      name="receipts"
      title={t("receipts.title")}
      query={receipts}
      columns={columns}
      filters={filters}
      usualSort="-received_on"
      searchLabel={t("receipts.search")}
      rowLink={(row) => ({ to: "/receipts/$receiptId", params: { receiptId: row.id } })}
      rowLabel={(row) => row.number ?? t("receipts.draftOf", { number: row.order_number ?? "" })}
      empty={{ icon: IconPackageImport, title: t("receipts.empty"), text: t("receipts.emptyText") }}
      action={
        can("purchase_order:read") && (
          <Button
            renderRoot={(props) => (
              <Link to="/purchase-orders" search={{ is_to_receive: "true" }} {...props} />
            )}
          >
            {t("receipts.seeOrders")}
          </Button>
        )
      }
    />
  );
}
