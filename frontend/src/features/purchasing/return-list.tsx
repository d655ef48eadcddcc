import { Button } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
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
import { type ReturnRow, returns } from "./queries";

const states = ["draft", "posted", "cancelled"] as const;

export function ReturnList() {
  const { t } = useTranslation("purchasing");
  const can = useCan();
  const name = useName();
  const { t: word } = useTranslation("documents");
  const warehouse = useWarehouseFilter(t("field.warehouse"));
  const columns = useMemo<Column<ReturnRow>[]>(
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
        width: 130,
        card: "meta",
        cell: (row) => <DocumentState state={row.state} />,
      },
      {
        id: "returned_on",
        label: t("field.returned_on"),
        sort: true,
        width: 140,
        card: "meta",
        cell: (row) => <DateText day={row.returned_on} />,
      },
      {
        id: "receipt",
        label: t("field.receipt"),
        width: 140,
        card: "none",
        cell: (row) => <span className="aw-ltr">{row.receipt_number}</span>,
      },
      {
        id: "reason",
        label: t("field.reason"),
        width: 200,
        card: "none",
        cell: (row) => <bdi>{row.reason}</bdi>,
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
    ],
    [t, word, warehouse],
  );
  return (
    <DataTable<ReturnRow>
      name="supplier-returns"
      title={t("returns.title")}
      query={returns}
      columns={columns}
      filters={filters}
      usualSort="-returned_on"
      searchLabel={t("returns.search")}
      rowLink={(row) => ({ to: "/supplier-returns/$returnId", params: { returnId: row.id } })}
      rowLabel={(row) => row.number ?? t("returns.unnumbered")}
      empty={{ icon: IconArrowBackUp, title: t("returns.empty"), text: t("returns.emptyText") }}
      action={
        can("receipt:read") && (
          <Button renderRoot={(props) => <Link to="/receipts" {...props} />}>
            {t("returns.seeReceipts")}
          </Button>
        )
      }
    />
  );
}
