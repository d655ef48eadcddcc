import { Button } from "@mantine/core";
import { IconFileInvoice, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { DateText } from "@/shared/ui/date-text";
import { Money } from "@/shared/ui/money";
import { RecordSelect } from "@/shared/ui/record-select";

import { InvoiceStatus } from "./invoice-status";
import { named } from "./names";
import { customer, findCustomers, type InvoiceRow, invoices } from "./queries";

export function InvoiceList() {
  const { t } = useTranslation("invoicing");
  const can = useCan();
  const columns = useColumns();
  const filters = useFilters();
  return (
    <DataTable<InvoiceRow>
      name="invoices"
      title={t("invoices.title")}
      query={invoices}
      columns={columns}
      filters={filters}
      usualSort="-issued_on"
      searchLabel={t("invoices.search")}
      rowLink={(row) => ({ to: "/invoices/$invoiceId", params: { invoiceId: row.id } })}
      rowLabel={(row) => row.number ?? t("invoices.unnumbered")}
      empty={{
        icon: IconFileInvoice,
        title: t("invoices.empty"),
        text: t("invoices.emptyText"),
      }}
      action={
        can("invoice:create") && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            renderRoot={(props) => (
              <Link to="/invoices/$invoiceId" params={{ invoiceId: "new" }} {...props} />
            )}
          >
            {t("invoices.add")}
          </Button>
        )
      }
    />
  );
}

function useColumns(): Column<InvoiceRow>[] {
  const { t } = useTranslation("invoicing");
  const name = useName();
  return useMemo(
    () => [
      {
        id: "number",
        label: t("field.number"),
        sort: true,
        width: 150,
        card: "subtitle",
        cell: (row) =>
          row.number ? (
            <span className="aw-ltr">{row.number}</span>
          ) : (
            <span style={{ color: "var(--aw-muted)" }}>{t("invoices.unnumbered")}</span>
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
        id: "status",
        label: t("field.status"),
        width: 130,
        card: "meta",
        cell: (row) => <InvoiceStatus of={row} />,
      },
      {
        id: "issued_on",
        label: t("field.issued_on"),
        sort: true,
        width: 130,
        card: "meta",
        cell: (row) => <DateText day={row.issued_on} />,
      },
      {
        id: "due_on",
        label: t("field.due_on"),
        sort: true,
        width: 130,
        card: "none",
        cell: (row) => (row.kind === "invoice" ? <DateText day={row.due_on} /> : null),
      },
      {
        id: "kind",
        label: t("field.kind"),
        width: 120,
        hidden: true,
        card: "none",
        cell: (row) => t(`kind.${row.kind}`),
      },
      {
        id: "type",
        label: t("field.type"),
        width: 130,
        hidden: true,
        card: "none",
        cell: (row) => t(`type.${row.type}`),
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
        id: "net",
        label: t("figure.net"),
        width: 130,
        align: "end",
        hidden: true,
        card: "none",
        cell: (row) => <Money amount={row.net} />,
      },
      {
        id: "vat",
        label: t("figure.vat"),
        width: 120,
        align: "end",
        hidden: true,
        card: "none",
        cell: (row) => <Money amount={row.vat} />,
      },
      {
        id: "open_amount",
        label: t("figure.open"),
        width: 130,
        align: "end",
        card: "none",
        cell: (row) => (row.state === "posted" ? <Money amount={row.open_amount} /> : null),
      },
      {
        id: "total",
        label: t("figure.total"),
        sort: true,
        width: 150,
        align: "end",
        card: "end",
        cell: (row) => (
          <Money
            amount={row.kind === "credit_note" ? `-${row.total}` : row.total}
            {...(row.currency !== "SAR" && { currency: row.currency })}
          />
        ),
      },
    ],
    [t, name],
  );
}

function useFilters(): Filter[] {
  const { t } = useTranslation("invoicing");
  return useMemo(
    () => [
      {
        id: "state",
        type: "select",
        label: t("filter.state"),
        options: (["draft", "posted", "void"] as const).map((value) => ({
          value,
          label: t(`state.${value}`),
        })),
      },
      {
        id: "is_overdue",
        type: "boolean",
        label: t("filter.overdue"),
        yes: t("filter.overdueYes"),
        no: t("filter.overdueNo"),
      },
      {
        id: "is_open",
        type: "boolean",
        label: t("filter.open"),
        yes: t("filter.openYes"),
        no: t("filter.openNo"),
      },
      {
        id: "customer_id",
        type: "custom",
        label: t("field.customer"),
        said: (id) => <CustomerName id={id} />,
        editor: (id, onChange) => <CustomerFilter id={id} onChange={onChange} />,
      },
      {
        id: "issued",
        type: "dates",
        label: t("field.issued_on"),
        from: "issued_from",
        to: "issued_to",
      },
      {
        id: "kind",
        type: "select",
        label: t("field.kind"),
        options: (["invoice", "credit_note"] as const).map((value) => ({
          value,
          label: t(`kind.${value}`),
        })),
      },
      {
        id: "type",
        type: "select",
        label: t("field.type"),
        options: (["standard", "simplified"] as const).map((value) => ({
          value,
          label: t(`type.${value}`),
        })),
      },
    ],
    [t],
  );
}

function CustomerName({ id }: { id: string }) {
  const name = useName();
  const { data } = useQuery(customer(id));
  return data ? <bdi>{name(data)}</bdi> : "…";
}

function CustomerFilter({
  id,
  onChange,
}: {
  id: string | undefined;
  onChange: (id: string | undefined) => void;
}) {
  const { t } = useTranslation("invoicing");
  const name = useName();
  const { data } = useQuery({ ...customer(id ?? ""), enabled: !!id });
  return (
    <RecordSelect
      w={280}
      data-autofocus
      aria-label={t("field.customer")}
      placeholder={t("field.findCustomer")}
      comboboxProps={{ withinPortal: false }}
      value={id ?? null}
      chosen={data && name(data)}
      find={findCustomers}
      rowLabel={name}
      onChange={(next) => {
        onChange(next ?? undefined);
      }}
    />
  );
}
