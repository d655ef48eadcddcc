import { Button } from "@mantine/core";
import { IconArrowsExchange, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { goodsFilter, useWarehouseFilter } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { DateText } from "@/shared/ui/date-text";
import { DocumentState } from "@/shared/ui/document-status";
import { FromTo } from "@/shared/ui/from-to";
import { Quantity } from "@/shared/ui/money";

import { type TransferRow, transfers } from "./transfer-queries";

const states = [
  "draft",
  "approved",
  "reserved",
  "in_transit",
  "received",
  "closed",
  "cancelled",
] as const;

export function TransferList() {
  const { t } = useTranslation("stock");
  const can = useCan();
  const columns = useColumns();
  const { t: word } = useTranslation("documents");
  const warehouse = useWarehouseFilter(t("field.warehouse"));
  const filters = useMemo<Filter[]>(
    () => [
      {
        id: "state",
        type: "select",
        label: t("field.state"),
        options: states.map((value) => ({ value, label: word(`state.${value}`) })),
      },
      warehouse,
      goodsFilter(t("field.product")),
    ],
    [t, word, warehouse],
  );
  return (
    <DataTable<TransferRow>
      name="transfers"
      title={t("transfers.title")}
      query={transfers}
      columns={columns}
      filters={filters}
      searchLabel={t("transfers.search")}
      rowLink={(row) => ({ to: "/transfers/$transferId", params: { transferId: row.id } })}
      rowLabel={(row) =>
        row.number ??
        t("transfers.draftOf", { source: row.source_code, destination: row.destination_code })
      }
      empty={{
        icon: IconArrowsExchange,
        title: t("transfers.empty"),
        text: t("transfers.emptyText"),
      }}
      action={
        can("transfer:create") && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            renderRoot={(props) => <Link to="/transfers/new" {...props} />}
          >
            {t("transfers.add")}
          </Button>
        )
      }
    />
  );
}

function useColumns(): Column<TransferRow>[] {
  const { t } = useTranslation("stock");
  return useMemo(
    () => [
      {
        id: "number",
        label: t("field.number"),
        sort: true,
        width: 150,
        card: "subtitle",
        cell: (row) => (row.number ? <span className="aw-ltr">{row.number}</span> : "—"),
      },
      {
        id: "way",
        label: t("card.fromTo"),
        card: "title",
        cell: (row) => <Way of={row} />,
      },
      {
        id: "state",
        label: t("field.state"),
        sort: true,
        width: 150,
        card: "meta",
        cell: (row) => <DocumentState state={row.state} />,
      },
      {
        id: "expected_on",
        label: t("transfers.expected_on"),
        sort: true,
        width: 130,
        card: "meta",
        cell: (row) => <DateText day={row.expected_on} />,
      },
      {
        id: "dispatched_on",
        label: t("transfers.dispatched_on"),
        sort: true,
        width: 130,
        card: "none",
        hidden: true,
        cell: (row) => <DateText day={row.dispatched_on} />,
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
        id: "quantity",
        label: t("field.quantity"),
        width: 110,
        align: "end",
        card: "end",
        cell: (row) => <Quantity amount={row.progress.quantity} />,
      },
      {
        id: "in_transit",
        label: t("transfers.line.in_transit"),
        width: 120,
        align: "end",
        card: "none",
        cell: (row) =>
          /[1-9]/.test(row.progress.in_transit) && <Quantity amount={row.progress.in_transit} />,
      },
    ],
    [t],
  );
}

function Way({ of }: { of: TransferRow }) {
  const { t } = useTranslation("stock");
  const name = useName();
  const source = name({ name_en: of.source_name_en, name_ar: of.source_name_ar }) || of.source_code;
  if (of.source_id === of.destination_id)
    return (
      <bdi>
        {source}
        <small> · {t("transfers.within")}</small>
      </bdi>
    );
  const destination =
    name({ name_en: of.destination_name_en, name_ar: of.destination_name_ar }) ||
    of.destination_code;
  return <FromTo from={source} to={destination} />;
}
