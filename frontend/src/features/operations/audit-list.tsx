import { Drawer, Stack, Text } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";
import { useCan } from "@/shared/session/session";
import { DataTable } from "@/shared/ui/data-table/data-table";
import { type Column, type Filter } from "@/shared/ui/data-table/types";
import { MomentText } from "@/shared/ui/date-text";
import { StatusBadge } from "@/shared/ui/status-badge";

import classes from "./operations.module.css";
import { audit, auditProof, type AuditEvent } from "./queries";
import { lastPart, pageOf, useWords } from "./words";

export const types = [
  "accounts.user",
  "accounts.role",
  "accounts.session",
  "catalog.product",
  "catalog.category",
  "catalog.pricelist",
  "parties.party",
  "parties.company",
  "ledger.account",
  "ledger.period",
  "ledger.journalentry",
  "invoicing.invoice",
  "invoicing.bill",
  "payments.payment",
  "payments.bankstatement",
  "sales.salesorder",
  "sales.shipment",
  "sales.customerreturn",
  "purchasing.requisition",
  "purchasing.enquiry",
  "purchasing.purchaseorder",
  "purchasing.receipt",
  "purchasing.supplierreturn",
  "stock.warehouse",
  "stock.stockadjustment",
  "stock.stocktransfer",
  "stock.stockcount",
  "exchange.import",
] as const;

export const actions = [
  "session.started",
  "session.refused",
  "user.created",
  "user.changed",
  "role.changed",
  "product.created",
  "product.changed",
  "product.deactivated",
  "party.created",
  "party.changed",
  "company.changed",
  "invoice.drafted",
  "invoicing.posted",
  "journal_entry.posted",
  "bill.posted",
  "payment.posted",
  "sales_order.confirmed",
  "purchase_order.approved",
  "stock_adjustment.posted",
  "stock_count.approved",
  "role.viewed_as",
  "import.uploaded",
  "import.done",
  "import.undone",
] as const;

export function AuditList() {
  const { t } = useTranslation("operations");
  const words = useWords();
  const columns = useColumns();
  const { event: shown } = useSearch({ from: "/shell/audit" });
  const filters = useMemo<Filter[]>(
    () => [
      {
        id: "record_type",
        type: "select",
        label: t("audit.record"),
        options: types.map((value) => ({ value, label: words("type", lastPart(value)) })),
      },
      {
        id: "action",
        type: "select",
        label: t("audit.action"),
        options: actions.map((value) => ({
          value,
          label: `${words("type", value.split(".")[0]?.replace("_", "") ?? "")}: ${words("verb", lastPart(value))}`,
        })),
      },
      { id: "when", type: "dates", label: t("audit.when"), from: "since", to: "until" },
    ],
    [t, words],
  );
  return (
    <>
      <DataTable<AuditEvent>
        name="audit"
        title={t("audit.title")}
        query={audit}
        columns={columns}
        filters={filters}
        usualSort="-id"
        rowLink={(row) => ({
          to: "/audit",
          // What the list was asked for stays as it is behind the drawer.
          search: (before: Record<string, unknown>) => ({ ...before, event: row.id }),
          resetScroll: false,
        })}
        rowLabel={(row) => row.action}
        action={<Proof />}
        empty={{ icon: IconHistory, title: t("audit.empty"), text: t("audit.emptyText") }}
      />
      <Details id={shown} />
    </>
  );
}

/** Whether the trail is whole: sealed in a chain that any change would break. */
function Proof() {
  const { t } = useTranslation("operations");
  const format = useFormat();
  const { data } = useQuery(auditProof());
  if (!data) return null;
  return (
    <span title={data.contradictions.join("\n")}>
      <StatusBadge tone={data.holds ? "good" : "bad"}>
        {t(data.holds ? "audit.whole" : "audit.broken", {
          sealed: format.count(data.sealed),
          waiting: format.count(data.waiting),
        })}
      </StatusBadge>
    </span>
  );
}

function useColumns(): Column<AuditEvent>[] {
  const { t } = useTranslation("operations");
  const words = useWords();
  return useMemo(
    () => [
      {
        id: "at",
        label: t("audit.when"),
        sort: true,
        width: 150,
        card: "meta",
        cell: (row) => <MomentText at={row.at} />,
      },
      {
        id: "actor",
        label: t("audit.who"),
        width: 160,
        card: "subtitle",
        cell: (row) => <Who of={row} />,
      },
      {
        id: "record",
        label: t("audit.record"),
        width: 160,
        card: "title",
        cell: (row) => words("type", lastPart(row.record_type)),
      },
      {
        id: "action",
        label: t("audit.action"),
        width: 170,
        card: "end",
        cell: (row) => words("verb", lastPart(row.action)),
      },
      {
        id: "changes",
        label: t("audit.changes"),
        card: "none",
        cell: (row) => <Summary of={row} />,
      },
      {
        id: "seal",
        label: t("audit.seal"),
        width: 100,
        align: "end",
        hidden: true,
        card: "none",
        cell: (row) => row.seal ?? "—",
      },
    ],
    [t, words],
  );
}

/** A person, or the program where nobody asked for it. */
function Who({ of }: { of: AuditEvent }) {
  const { t } = useTranslation("records");
  const program = of.actor_name === "system";
  return <bdi>{program ? t("system") : of.actor_name}</bdi>;
}

function Summary({ of }: { of: AuditEvent }) {
  const words = useWords();
  const { t } = useTranslation("operations");
  const names = Object.keys(of.changes);
  return (
    <span style={{ color: "var(--aw-muted)" }}>
      {names
        .slice(0, 4)
        .map((name) => words("field", name))
        .join(t("comma"))}
      {names.length > 4 && " …"}
    </span>
  );
}

/** One event in full, from the rows that are already here. */
function Details({ id }: { id: string | undefined }) {
  const { t } = useTranslation("operations");
  const words = useWords();
  const format = useFormat();
  const can = useCan();
  const router = useRouter();
  const navigate = useNavigate();
  const search = useSearch({ from: "/shell/audit" });
  // An event cannot be asked for by its id: ids are in order, so the page that begins with it will do.
  const { data } = useQuery({
    ...audit({ limit: 200, ...pick(search) }),
    enabled: id !== undefined && can("audit:read"),
  });
  const event = data?.items.find((one) => one.id === id);
  const page = event && pageOf(event.record_type, event.record_id);
  const exists =
    page !== null &&
    page !== undefined &&
    Object.keys(router.routesByPath).some((path) =>
      path.startsWith(`${page.slice(0, page.lastIndexOf("/"))}/$`),
    );
  return (
    <Drawer
      opened={event !== undefined}
      onClose={() => {
        void navigate({
          to: "/audit",
          search: (before: Record<string, unknown>) =>
            Object.fromEntries(Object.entries(before).filter(([name]) => name !== "event")),
          resetScroll: false,
        });
      }}
      position="right"
      size={480}
      title={
        event
          ? `${words("type", lastPart(event.record_type))} · ${words("verb", lastPart(event.action))}`
          : ""
      }
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      {event && (
        <Stack gap={16}>
          <dl className={classes.facts}>
            <dt>{t("audit.who")}</dt>
            <dd>
              <Who of={event} />
            </dd>
            <dt>{t("audit.when")}</dt>
            <dd>{format.moment(event.at)}</dd>
            <dt>{t("audit.action")}</dt>
            <dd>
              <span className="aw-ltr">{event.action}</span>
            </dd>
            <dt>{t("audit.record")}</dt>
            <dd>
              {exists ? (
                <Link to={page as "/"}>{t("audit.open")}</Link>
              ) : (
                <span className="aw-ltr">{event.record_id}</span>
              )}
            </dd>
            <dt>{t("audit.seal")}</dt>
            <dd>{event.seal === null ? t("audit.unsealed") : format.count(event.seal)}</dd>
          </dl>
          <div>
            <Text fw={600} mb={8}>
              {t("audit.changes")}
            </Text>
            <Changes of={event} />
          </div>
        </Stack>
      )}
    </Drawer>
  );
}

const pick = (search: Record<string, string | undefined>) =>
  Object.fromEntries(
    ["record_type", "record_id", "actor_id", "action", "since", "until", "sort", "after"].flatMap(
      (name) => (search[name] ? [[name, search[name]]] : name === "sort" ? [["sort", "-id"]] : []),
    ),
  ) as Record<string, string>;

/** Old struck through, new beside it; facts of an action as they are. */
export function Changes({ of }: { of: AuditEvent }) {
  const { t } = useTranslation("operations");
  const words = useWords();
  const changes = Object.entries(of.changes);
  const said = (value: unknown): ReactNode => {
    if (value === null || value === undefined || value === "") return t("audit.nothing");
    if (typeof value === "boolean") return t(value ? "yes" : "no");
    return typeof value === "string" || typeof value === "number"
      ? String(value)
      : JSON.stringify(value);
  };
  if (changes.length === 0) return <Text c="dimmed">{t("audit.noChanges")}</Text>;
  return (
    <ul className={classes.changes}>
      {changes.map(([name, change]) => (
        <li key={name}>
          <span className={classes.field}>{words("field", name)}:</span>{" "}
          {Array.isArray(change) && change.length === 2 ? (
            <>
              <del>
                <bdi>{said(change[0])}</bdi>
              </del>{" "}
              <ins>
                <bdi>{said(change[1])}</bdi>
              </ins>
            </>
          ) : (
            <bdi>{said(change)}</bdi>
          )}
        </li>
      ))}
    </ul>
  );
}
