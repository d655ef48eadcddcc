import { Alert, Anchor } from "@mantine/core";
import { IconHandStop, IconLock } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Problem } from "@/shared/api/problem";
import { useWarehouses } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { CommandBar } from "@/shared/ui/command-bar";
import { DateText, MomentText } from "@/shared/ui/date-text";
import { StatusWords } from "@/shared/ui/document-status";
import { DocumentView, LinesTable, ProductCell } from "@/shared/ui/document-view";
import { ErrorState } from "@/shared/ui/error-state";
import { Loaded } from "@/shared/ui/loaded";
import { Money, Quantity } from "@/shared/ui/money";
import { StatusBadge } from "@/shared/ui/status-badge";

import { DraftPage } from "./draft-page";
import { OrderFigures } from "./figures";
import { useOrderWords } from "./history";
import { named } from "./names";
import { useOrderCommands } from "./order-commands";
import { useOrderHelp } from "./order-help";
import { PaperButton } from "./paper";
import { isSome } from "./parts";
import { type Order, type OrderLine, order, orderPdf, useKeepOrder } from "./queries";
import { useUnits } from "./use-units";

export function OrderPage() {
  const { orderId } = useParams({ from: "/shell/sales-orders/$orderId" });
  const { customer } = useSearch({ from: "/shell/sales-orders/$orderId" });
  const can = useCan();
  // The order that was begun here keeps its form when it gets an address of its own.
  const [begun, setBegun] = useState<string | null>(null);
  const isNew = orderId === "new";
  const { data } = useQuery({ ...order(orderId), enabled: !isNew });
  if (isNew && !can("sales_order:create"))
    return <ErrorState error={new Problem("forbidden", 403, "", "")} />;
  if (isNew || (data?.state === "draft" && data.id === begun))
    return <DraftPage key="new" stored={null} customerId={customer} onCreated={setBegun} />;
  return (
    <Loaded query={order(orderId)}>
      {(of) =>
        (of.state === "draft" || of.state === "quoted") && of.next_commands.includes("edit") ? (
          <DraftPage key={of.id} stored={of} onCreated={setBegun} />
        ) : (
          <OrderView key={of.id} of={of} />
        )
      }
    </Loaded>
  );
}

/** An order that was promised, or one that may only be read. */
function OrderView({ of }: { of: Order }) {
  const { t } = useTranslation("sales");
  const name = useName();
  const can = useCan();
  const cache = useQueryClient();
  const words = useOrderWords();
  const keep = useKeepOrder();
  const warehouses = useWarehouses();
  const commands = useOrderCommands(of, keep);
  const help = useOrderHelp(of);
  const promised = of.state === "confirmed" || of.state === "closed";
  const customer = <bdi>{name(named(of))}</bdi>;
  return (
    <DocumentView
      back={{ link: { to: "/sales-orders" }, label: t("orders.title") }}
      title={of.number ?? t("order.draftOf", { customer: name(named(of)) })}
      subtitle={
        <>
          {t("order.kind")} · {customer}
        </>
      }
      state={of.state}
      flags={of.on_hold && <StatusBadge tone="attention">{t("onHold")}</StatusBadge>}
      words={
        promised && (
          <StatusWords
            delivery={of.delivery_status}
            billing={of.billing_status}
            payment={of.payment_status}
          />
        )
      }
      commands={
        <CommandBar
          of={of}
          next={of.next_commands}
          commands={commands}
          help={help}
          {...(of.number !== null && {
            extra: <PaperButton paper={orderPdf(of)} label={t("paper.order")} />,
          })}
          onStale={() => void cache.invalidateQueries({ queryKey: order(of.id).queryKey })}
          onDone={keep}
        />
      }
      notice={<Notice of={of} />}
      facts={[
        {
          label: t("field.customer"),
          value: can("party:read") ? (
            <Anchor renderRoot={(props) => <Link to={`/parties/${of.customer_id}`} {...props} />}>
              {customer}
            </Anchor>
          ) : (
            customer
          ),
        },
        { label: t("field.warehouse"), value: <bdi>{warehouses.nameOf(of.warehouse_id)}</bdi> },
        { label: t("field.ordered_on"), value: <DateText day={of.ordered_on} /> },
        of.promised_on !== null && {
          label: t("field.promised_on"),
          value: <DateText day={of.promised_on} />,
        },
        of.expires_on !== null && {
          label: t("field.expires_on"),
          value: <DateText day={of.expires_on} />,
        },
        { label: t("field.reference"), value: of.reference && <bdi>{of.reference}</bdi> },
        { label: t("field.invoice_policy"), value: t(`policy.${of.invoice_policy}`) },
        of.revision > 1 && { label: t("field.revision"), value: String(of.revision) },
        of.currency !== "SAR" && {
          label: t("field.exchange_rate"),
          value: (
            <>
              <Quantity amount={of.exchange_rate} /> SAR / {of.currency}
            </>
          ),
        },
        of.is_export && { label: t("field.supply"), value: t("field.is_export") },
        of.confirmed_at !== null && {
          label: t("field.confirmed_at"),
          value: <MomentText at={of.confirmed_at} />,
        },
        { label: t("field.reason"), value: of.reason && <bdi>{of.reason}</bdi>, wide: true },
        { label: t("field.notes_en"), value: of.notes_en && <bdi>{of.notes_en}</bdi>, wide: true },
        { label: t("field.notes_ar"), value: of.notes_ar && <bdi>{of.notes_ar}</bdi>, wide: true },
      ]}
      lines={<Lines of={of} promised={promised} />}
      totals={<OrderFigures of={of} />}
      links={of.links}
      history={{ id: of.id, version: of.version, ...words }}
    />
  );
}

/** What stands in the way: a hold, an approval. */
function Notice({ of }: { of: Order }) {
  const { t } = useTranslation("sales");
  if (of.on_hold)
    return (
      <Alert color="orange" icon={<IconHandStop size={18} />} title={t("hold.notice")}>
        <bdi>{of.hold_reason}</bdi>
      </Alert>
    );
  if (of.state === "pending_approval")
    return (
      <Alert color="orange" icon={<IconLock size={18} />} title={t("approve.notice")}>
        {of.approval_reasons
          .map((reason) =>
            reason === "amount" || reason === "discount" || reason === "credit_limit"
              ? t(`approve.because.${reason}`)
              : reason,
          )
          .join(" · ")}
      </Alert>
    );
  return null;
}

function Lines({ of, promised }: { of: Order; promised: boolean }) {
  const { t } = useTranslation("sales");
  const name = useName();
  const unitOf = useUnits();
  const any = (field: "reserved" | "shipped" | "returned" | "invoiced" | "short_closed") =>
    promised && of.lines.some((line) => isSome(line[field]));
  const discounted = of.lines.some((line) => isSome(line.discount));
  const figure = (
    field: "reserved" | "shipped" | "returned" | "invoiced" | "short_closed" | "open_to_ship",
    label: string,
  ) => ({
    id: field,
    label,
    align: "end" as const,
    cell: (line: OrderLine) =>
      isSome(line[field]) ? (
        <Quantity amount={line[field]} unit={unitOf(line.stock_unit_id)} />
      ) : (
        <span style={{ color: "var(--aw-muted)" }}>—</span>
      ),
  });
  return (
    <LinesTable<OrderLine>
      label={t("section.lines")}
      lines={of.lines}
      lineKey={(line) => line.id}
      columns={[
        {
          id: "product",
          label: t("line.product"),
          card: "title",
          cell: (line) => <ProductCell name={name(line)} sku={line.sku} />,
        },
        {
          id: "quantity",
          label: t("line.quantity"),
          align: "end",
          cell: (line) => (
            <Quantity
              amount={line.quantity}
              unit={name({ name_en: line.unit_en, name_ar: line.unit_ar })}
            />
          ),
        },
        {
          id: "price",
          label: t("line.price"),
          align: "end",
          cell: (line) => <Price amount={line.unit_price} />,
        },
        discounted && {
          id: "discount",
          label: t("line.discount"),
          align: "end",
          cell: (line) => isSome(line.discount) && <Money amount={line.discount} />,
        },
        promised && figure("open_to_ship", t("line.open")),
        any("reserved") && figure("reserved", t("line.reserved")),
        any("shipped") && figure("shipped", t("line.shipped")),
        any("returned") && figure("returned", t("line.returned")),
        any("invoiced") && figure("invoiced", t("line.invoiced")),
        any("short_closed") && figure("short_closed", t("line.shortClosed")),
        {
          id: "net",
          label: t("line.net"),
          align: "end",
          card: "end",
          cell: (line) => <Money amount={line.net} />,
        },
      ]}
    />
  );
}

/** A price has two decimals, or as many as it needs. */
function Price({ amount }: { amount: string }) {
  const short = (amount.replace(/0+$/, "").split(".")[1]?.length ?? 0) <= 2;
  return short ? <Money amount={amount} /> : <Quantity amount={amount} />;
}
