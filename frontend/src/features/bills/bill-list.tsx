import { Button } from "@mantine/core";
import { IconPlus, IconReceipt2 } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { isZero } from "@/shared/format/decimal";
import { supplierFilter } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { DateText } from "@/shared/ui/date-text";
import { useStateWord } from "@/shared/ui/document-status";
import { Money } from "@/shared/ui/money";

import { BillStatus } from "./bill-status";
import { named } from "./names";
import { type BillRow, bills } from "./queries";

const states = ["draft", "matched", "disputed", "posted", "reversed", "void"] as const;

/** What suppliers ask for, and what of it is still to be paid. */
export function BillList() {
  const { t } = useTranslation("bills");
  const can = useCan();
  const columns = useColumns();
  const filters = useFilters();
  return (
    <DataTable<BillRow>
      name="bills"
      title={t("list.title")}
      query={bills}
      columns={columns}
      filters={filters}
      usualSort="-issued_on"
      searchLabel={t("list.search")}
      rowLink={(row) => ({ to: "/bills/$billId", params: { billId: row.id } })}
      rowLabel={(row) => row.number ?? row.supplier_number}
      empty={{ icon: IconReceipt2, title: t("list.empty"), text: t("list.emptyText") }}
      action={
        can("bill:create") && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            renderRoot={(props) => (
              <Link to="/bills/$billId" params={{ billId: "new" }} {...props} />
            )}
          >
            {t("list.add")}
          </Button>
        )
      }
    />
  );
}

function useColumns(): Column<BillRow>[] {
  const { t } = useTranslation("bills");
  const name = useName();
  return useMemo(
    () => [
      {
        id: "number",
        label: t("field.number"),
        sort: true,
        width: 120,
        card: "none",
        cell: (row) =>
          row.number ? (
            <span className="aw-ltr">{row.number}</span>
          ) : (
            <span style={{ color: "var(--aw-muted)" }}>{t("unnumbered")}</span>
          ),
      },
      {
        id: "supplier",
        label: t("field.supplier"),
        sort: true,
        card: "title",
        cell: (row) => <bdi>{name(named(row))}</bdi>,
      },
      {
        id: "supplier_number",
        label: t("field.supplier_number"),
        width: 130,
        card: "subtitle",
        cell: (row) => <bdi>{row.supplier_number}</bdi>,
      },
      {
        id: "kind",
        label: t("field.kind"),
        width: 110,
        // Notes have numbers of their own; a card does not show them.
        hidden: true,
        card: "meta",
        cell: (row) => row.kind === "debit_note" && t("kind.debit_note"),
      },
      {
        id: "state",
        label: t("field.state"),
        width: 115,
        card: "meta",
        cell: (row) => <BillStatus of={row} />,
      },
      {
        id: "issued_on",
        label: t("field.issued_on"),
        sort: true,
        width: 110,
        card: "none",
        cell: (row) => <DateText day={row.issued_on} />,
      },
      {
        id: "due_on",
        label: t("field.due_on"),
        sort: true,
        width: 110,
        card: "meta",
        cell: (row) => row.kind === "bill" && <DateText day={row.due_on} />,
      },
      {
        id: "order",
        label: t("field.order"),
        width: 120,
        hidden: true,
        card: "none",
        cell: (row) => <span className="aw-ltr">{row.source_number}</span>,
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
        label: t("field.total"),
        sort: true,
        width: 110,
        align: "end",
        card: "end",
        cell: (row) => (
          <Money amount={row.total} {...(row.currency !== "SAR" && { currency: row.currency })} />
        ),
      },
      {
        id: "open_amount",
        label: t("field.open"),
        width: 110,
        align: "end",
        card: "none",
        cell: (row) => !isZero(row.open_amount) && <Money amount={row.open_amount} />,
      },
    ],
    [t, name],
  );
}

function useFilters(): Filter[] {
  const { t } = useTranslation("bills");
  const state = useStateWord();
  return useMemo(
    () => [
      {
        id: "state",
        type: "select",
        label: t("field.state"),
        options: states.map((value) => ({ value, label: state(value) })),
      },
      {
        id: "is_open",
        type: "boolean",
        label: t("filter.open"),
        yes: t("filter.openYes"),
        no: t("filter.openNo"),
      },
      {
        id: "is_overdue",
        type: "boolean",
        label: t("filter.overdue"),
        yes: t("filter.overdueYes"),
        no: t("filter.overdueNo"),
      },
      supplierFilter(t("field.supplier")),
      {
        id: "kind",
        type: "select",
        label: t("field.kind"),
        options: (["bill", "debit_note"] as const).map((value) => ({
          value,
          label: t(`kind.${value}`),
        })),
      },
      {
        id: "issued",
        type: "dates",
        label: t("field.issued_on"),
        from: "issued_from",
        to: "issued_to",
      },
    ],
    [t, state],
  );
}
