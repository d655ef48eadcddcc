import { IconTruckReturn } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { DateText, MomentText } from "@/shared/ui/date-text";
import { DocumentState, useStateWord } from "@/shared/ui/document-status";

import { useCustomerFilter } from "./customer-filter";
import { named } from "./names";
import { type ReturnRow, returns } from "./queries";

const states = ["draft", "approved", "received", "inspected", "closed", "cancelled"] as const;

export function ReturnList() {
  const { t } = useTranslation("sales");
  const name = useName();
  const columns = useColumns();
  const filters = useFilters();
  return (
    <DataTable<ReturnRow>
      name="customer-returns"
      title={t("returns.title")}
      query={returns}
      columns={columns}
      filters={filters}
      usualSort="-id"
      searchLabel={t("returns.search")}
      rowLink={(row) => ({ to: "/customer-returns/$returnId", params: { returnId: row.id } })}
      rowLabel={(row) => row.number ?? name(named(row))}
      empty={{ icon: IconTruckReturn, title: t("returns.empty"), text: t("returns.emptyText") }}
    />
  );
}

function useColumns(): Column<ReturnRow>[] {
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
        id: "reason",
        label: t("field.reason"),
        card: "none",
        cell: (row) => <bdi>{row.reason}</bdi>,
      },
      {
        id: "received_on",
        label: t("field.received_on"),
        width: 120,
        card: "none",
        cell: (row) => <DateText day={row.received_on} />,
      },
      {
        id: "created_at",
        label: t("field.created_at"),
        width: 130,
        card: "end",
        cell: (row) => <MomentText at={row.created_at} />,
      },
    ],
    [t, name],
  );
}

function useFilters(): Filter[] {
  const { t } = useTranslation("sales");
  const state = useStateWord();
  const customers = useCustomerFilter();
  return useMemo(
    () => [
      {
        id: "state",
        type: "select",
        label: t("field.state"),
        options: states.map((value) => ({ value, label: state(value) })),
      },
      customers,
    ],
    [t, state, customers],
  );
}
