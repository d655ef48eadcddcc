import { Button, Group } from "@mantine/core";
import { IconArrowDownLeft, IconArrowUpRight, IconCash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { isZero } from "@/shared/format/decimal";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { DateText } from "@/shared/ui/date-text";
import { DocumentState, useStateWord } from "@/shared/ui/document-status";
import { Money } from "@/shared/ui/money";
import { StatusBadge } from "@/shared/ui/status-badge";

import { useAccountFilter } from "./account-select";
import { accountNamed, methods, named } from "./names";
import { usePartyFilter } from "./party-select";
import classes from "./payments.module.css";
import { type Kind, payments, type PaymentRow } from "./queries";

const states = ["draft", "posted", "bounced", "reversed", "void"] as const;

export function PaymentList() {
  const { t } = useTranslation("payments");
  const name = useName();
  const columns = useColumns();
  const filters = useFilters();
  return (
    <DataTable<PaymentRow>
      name="payments"
      title={t("list.title")}
      query={payments}
      columns={columns}
      filters={filters}
      usualSort="-paid_on"
      searchLabel={t("list.search")}
      rowLink={(row) => ({ to: "/payments/$paymentId", params: { paymentId: row.id } })}
      rowLabel={(row) => row.number ?? name(named(row))}
      empty={{ icon: IconCash, title: t("list.empty"), text: t("list.emptyText") }}
      action={<NewPayments />}
    />
  );
}

function NewPayments() {
  const { t } = useTranslation("payments");
  const can = useCan();
  if (!can("payment:create")) return null;
  const link = (kind: Kind) => (props: object) => (
    <Link to="/payments/$paymentId" params={{ paymentId: "new" }} search={{ kind }} {...props} />
  );
  return (
    <Group gap={8} wrap="nowrap">
      <Button
        leftSection={<IconArrowDownLeft size={16} className="aw-flip" aria-hidden />}
        renderRoot={link("receipt")}
      >
        {t("list.receive")}
      </Button>
      <Button
        variant="default"
        leftSection={<IconArrowUpRight size={16} className="aw-flip" aria-hidden />}
        renderRoot={link("payment")}
      >
        {t("list.pay")}
      </Button>
    </Group>
  );
}

/** In or out: a word and an arrow, never the colour alone. */
export function Direction({ kind }: { kind: Kind }) {
  const { t } = useTranslation("payments");
  const Icon = kind === "receipt" ? IconArrowDownLeft : IconArrowUpRight;
  return (
    <span className={classes.direction} data-kind={kind}>
      <Icon size={14} className="aw-flip" aria-hidden />
      {t(`kind.${kind}`)}
    </span>
  );
}

function useColumns(): Column<PaymentRow>[] {
  const { t } = useTranslation("payments");
  const name = useName();
  return useMemo(
    () => [
      {
        id: "number",
        label: t("field.number"),
        sort: true,
        width: 120,
        card: "subtitle",
        cell: (row) =>
          row.number ? (
            <span className="aw-ltr">{row.number}</span>
          ) : (
            <span style={{ color: "var(--aw-muted)" }}>{t("list.draft")}</span>
          ),
      },
      {
        id: "party",
        label: t("field.party"),
        sort: true,
        card: "title",
        cell: (row) => <bdi>{name(named(row))}</bdi>,
      },
      {
        id: "kind",
        label: t("field.kind"),
        width: 110,
        card: "meta",
        cell: (row) => <Direction kind={row.kind} />,
      },
      {
        id: "state",
        label: t("field.state"),
        width: 135,
        card: "meta",
        cell: (row) => (
          <>
            <DocumentState state={row.state} />{" "}
            {row.is_advance && <StatusBadge tone="attention">{t("list.advance")}</StatusBadge>}
          </>
        ),
      },
      {
        id: "method",
        label: t("field.method"),
        width: 130,
        card: "none",
        cell: (row) => t(`method.${row.method}`),
      },
      {
        id: "account",
        label: t("field.account"),
        width: 170,
        hidden: true,
        card: "none",
        cell: (row) => <bdi>{name(accountNamed(row))}</bdi>,
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
        id: "paid_on",
        label: t("field.paid_on"),
        sort: true,
        width: 115,
        card: "meta",
        cell: (row) => <DateText day={row.paid_on} />,
      },
      {
        id: "matched",
        label: t("field.matched"),
        width: 180,
        hidden: true,
        card: "none",
        cell: (row) =>
          row.is_matched && <StatusBadge tone="good">{t("list.matchedYes")}</StatusBadge>,
      },
      {
        id: "unallocated",
        label: t("field.unallocated"),
        width: 130,
        align: "end",
        card: "none",
        cell: (row) =>
          isZero(row.unallocated) ? (
            <span style={{ color: "var(--aw-muted)" }}>—</span>
          ) : (
            <Money amount={row.unallocated} />
          ),
      },
      {
        id: "amount",
        label: t("field.amount"),
        sort: true,
        width: 130,
        align: "end",
        card: "end",
        cell: (row) => (
          <Money amount={row.amount} {...(row.currency !== "SAR" && { currency: row.currency })} />
        ),
      },
    ],
    [t, name],
  );
}

function useFilters(): Filter[] {
  const { t } = useTranslation("payments");
  const state = useStateWord();
  const parties = usePartyFilter();
  const accounts = useAccountFilter();
  return useMemo(
    () => [
      {
        id: "kind",
        type: "select",
        label: t("field.kind"),
        options: (["receipt", "payment"] as const).map((value) => ({
          value,
          label: t(`kindLong.${value}`),
        })),
      },
      {
        id: "state",
        type: "select",
        label: t("field.state"),
        options: states.map((value) => ({ value, label: state(value) })),
      },
      parties,
      {
        id: "method",
        type: "select",
        label: t("field.method"),
        options: methods.map((value) => ({ value, label: t(`method.${value}`) })),
      },
      accounts,
      {
        id: "paid",
        type: "dates",
        label: t("field.paid_on"),
        from: "paid_from",
        to: "paid_to",
      },
      {
        id: "is_unallocated",
        type: "boolean",
        label: t("field.unallocated"),
        yes: t("list.openYes"),
        no: t("list.openNo"),
      },
      {
        id: "is_matched",
        type: "boolean",
        label: t("field.matched"),
        yes: t("list.matchedYes"),
        no: t("list.matchedNo"),
      },
      {
        id: "side",
        type: "select",
        label: t("field.side"),
        options: (["customer", "supplier"] as const).map((value) => ({
          value,
          label: t(`side.${value}`),
        })),
      },
    ],
    [t, state, parties, accounts],
  );
}
