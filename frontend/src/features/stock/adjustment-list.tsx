import { Button } from "@mantine/core";
import { IconAdjustments, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useWarehouseFilter } from "@/shared/goods/pickers";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { DateText } from "@/shared/ui/date-text";
import { DocumentState } from "@/shared/ui/document-status";
import { Money } from "@/shared/ui/money";

import { type AdjustmentRow, adjustments } from "./queries";

export const adjustmentKinds = ["opening", "gain", "loss", "scrap"] as const;

export function AdjustmentList() {
  const { t } = useTranslation("stock");
  const { t: word } = useTranslation("documents");
  const can = useCan();
  const warehouse = useWarehouseFilter(t("field.warehouse"));
  const columns = useMemo<Column<AdjustmentRow>[]>(
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
        id: "kind",
        label: t("adjustments.kind"),
        width: 150,
        card: "title",
        cell: (row) => t(`adjustments.kinds.${row.kind}`),
      },
      {
        id: "reason",
        label: t("field.reason"),
        card: "meta",
        cell: (row) => <bdi>{row.reason}</bdi>,
      },
      {
        id: "state",
        label: t("field.state"),
        width: 140,
        card: "meta",
        cell: (row) => <DocumentState state={row.state} />,
      },
      {
        id: "warehouse",
        label: t("field.warehouse"),
        width: 120,
        card: "none",
        cell: (row) => <span className="aw-ltr">{row.warehouse.code}</span>,
      },
      {
        id: "effective_on",
        label: t("field.day"),
        sort: true,
        width: 130,
        card: "meta",
        cell: (row) => <DateText day={row.effective_on} />,
      },
      {
        id: "value",
        needs: "cost:read",
        label: t("field.value"),
        width: 130,
        align: "end",
        card: "end",
        cell: (row) => row.state !== "draft" && <Money amount={row.value} />,
      },
    ],
    [t],
  );
  const filters = useMemo<Filter[]>(
    () => [
      {
        id: "kind",
        type: "select",
        label: t("adjustments.kind"),
        options: adjustmentKinds.map((value) => ({
          value,
          label: t(`adjustments.kinds.${value}`),
        })),
      },
      {
        id: "state",
        type: "select",
        label: t("field.state"),
        options: (["draft", "posted", "reversed", "void"] as const).map((value) => ({
          value,
          label: word(`state.${value}`),
        })),
      },
      warehouse,
    ],
    [t, word, warehouse],
  );
  return (
    <DataTable<AdjustmentRow>
      name="stock-adjustments"
      title={t("adjustments.title")}
      query={adjustments}
      columns={columns}
      filters={filters}
      usualSort="-id"
      searchLabel={t("adjustments.search")}
      rowLink={(row) => ({
        to: "/stock-adjustments/$adjustmentId",
        params: { adjustmentId: row.id },
      })}
      rowLabel={(row) => row.number ?? t("adjustments.unnumbered")}
      empty={{
        icon: IconAdjustments,
        title: t("adjustments.empty"),
        text: t("adjustments.emptyText"),
      }}
      action={
        can("stock:create") && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            renderRoot={(props) => <Link to="/stock-adjustments/new" {...props} />}
          >
            {t("adjustments.add")}
          </Button>
        )
      }
    />
  );
}
