import { Button } from "@mantine/core";
import { IconClipboardList, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { goodsFilter, useWarehouseFilter, useWarehouses } from "@/shared/goods/pickers";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { DateText } from "@/shared/ui/date-text";
import { DocumentState } from "@/shared/ui/document-status";

import { type RequisitionRow, requisitions } from "./queries";

const states = ["draft", "pending_approval", "approved", "ordered", "closed", "cancelled"] as const;

export function RequisitionList() {
  const { t } = useTranslation("purchasing");
  const can = useCan();
  const { t: word } = useTranslation("documents");
  const { codeOf } = useWarehouses();
  const warehouse = useWarehouseFilter(t("field.warehouse"));
  const columns = useMemo<Column<RequisitionRow>[]>(
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
        id: "author",
        label: t("field.created_by"),
        card: "title",
        cell: (row) => (
          <bdi>{row.is_automatic ? t("requisitions.automatic") : row.created_by_name}</bdi>
        ),
      },
      {
        id: "state",
        label: t("field.state"),
        width: 160,
        card: "meta",
        cell: (row) => <DocumentState state={row.state} />,
      },
      {
        id: "warehouse",
        label: t("field.warehouse"),
        width: 130,
        card: "none",
        cell: (row) => (row.warehouse_id ? codeOf(row.warehouse_id) : ""),
      },
      {
        id: "needed_on",
        label: t("field.needed_on"),
        sort: true,
        width: 140,
        card: "meta",
        cell: (row) => <DateText day={row.needed_on} />,
      },
    ],
    [t, codeOf],
  );
  const filters = useMemo<Filter[]>(
    () => [
      {
        id: "state",
        type: "select",
        label: t("filter.state"),
        options: states.map((value) => ({ value, label: word(`state.${value}`) })),
      },
      warehouse,
      goodsFilter(t("field.product")),
      {
        id: "is_automatic",
        type: "boolean",
        label: t("requisitions.origin"),
        yes: t("requisitions.automatic"),
        no: t("requisitions.byHand"),
      },
    ],
    [t, word, warehouse],
  );
  return (
    <DataTable<RequisitionRow>
      name="requisitions"
      title={t("requisitions.title")}
      query={requisitions}
      columns={columns}
      filters={filters}
      usualSort="-id"
      searchLabel={t("requisitions.search")}
      rowLink={(row) => ({
        to: "/requisitions/$requisitionId",
        params: { requisitionId: row.id },
      })}
      rowLabel={(row) => row.number ?? t("requisitions.unnumbered")}
      empty={{
        icon: IconClipboardList,
        title: t("requisitions.empty"),
        text: t("requisitions.emptyText"),
      }}
      action={
        can("requisition:create") && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            renderRoot={(props) => (
              <Link
                to="/requisitions/$requisitionId"
                params={{ requisitionId: "new" }}
                {...props}
              />
            )}
          >
            {t("requisitions.add")}
          </Button>
        )
      }
    />
  );
}
