import { Alert, Select } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconHandStop, IconHourglass } from "@tabler/icons-react";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { placesIn } from "@/shared/format/align";
import { isoDay } from "@/shared/format/date";
import { isNegative, isZero } from "@/shared/format/decimal";
import { useFormat } from "@/shared/format/use-format";
import { useWarehouses } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { CommandBar, type Command } from "@/shared/ui/command-bar";
import { CommandDialog, type Send } from "@/shared/ui/command-dialog";
import { DateText } from "@/shared/ui/date-text";
import { StatusWords } from "@/shared/ui/document-status";
import { DocumentView, LinesTable, ProductCell, Totals } from "@/shared/ui/document-view";
import { Loaded } from "@/shared/ui/loaded";
import { Money, Quantity } from "@/shared/ui/money";
import { AlignedQuantity } from "@/shared/ui/quantity-input";
import { StatusBadge } from "@/shared/ui/status-badge";
import { useNow } from "@/shared/ui/use-now";

import { AmendDialog } from "./amend-dialog";
import { BillDialog } from "./bill-dialog";
import { useAuditWords } from "./history";
import { named } from "./names";
import { type Order, order, type OrderLine, useForgetAll, useKeepOrder } from "./queries";

export function OrderPage() {
  const { orderId } = useParams({ from: "/shell/purchase-orders/$orderId" });
  return <Loaded query={order(orderId)}>{(of) => <Show key={of.id} of={of} />}</Loaded>;
}

function Show({ of }: { of: Order }) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const keep = useKeepOrder();
  const words = useAuditWords();
  const commands = useCommands(of);
  const { nameOf } = useWarehouses();
  // Once goods come in, nobody needs to be told that the order was sent.
  const next =
    of.receipt_progress === "none"
      ? of.next_commands
      : [
          ...of.next_commands.filter((one) => one !== "send"),
          ...of.next_commands.filter((one) => one === "send"),
        ];
  const supplier = name(named(of));
  const today = isoDay(useNow());
  const late =
    of.expected_on !== null &&
    of.expected_on < today &&
    ["approved", "sent"].includes(of.state) &&
    of.receipt_progress !== "full";
  return (
    <DocumentView
      back={{ link: { to: "/purchase-orders" }, label: t("orders.title") }}
      title={of.number ?? t("orders.draftOf", { supplier })}
      subtitle={<bdi>{supplier}</bdi>}
      state={of.state}
      flags={
        <>
          {of.on_hold && <StatusBadge tone="bad">{t("flag.hold")}</StatusBadge>}
          {late && <StatusBadge tone="attention">{t("flag.late")}</StatusBadge>}
        </>
      }
      words={
        of.number && (
          <StatusWords
            side="purchase"
            delivery={of.receipt_progress}
            billing={of.billing_progress}
            payment={of.payment_progress}
          />
        )
      }
      commands={<CommandBar of={of} next={next} commands={commands} onDone={keep} />}
      notice={<Notice of={of} />}
      facts={[
        { label: t("field.supplier"), value: <bdi>{supplier}</bdi> },
        {
          label: t("field.warehouse"),
          value: of.warehouse_id && <bdi>{nameOf(of.warehouse_id)}</bdi>,
        },
        { label: t("field.ordered_on"), value: <DateText day={of.ordered_on} /> },
        of.expected_on !== null && {
          label: t("field.expected_on"),
          value: <DateText day={of.expected_on} />,
        },
        { label: t("field.reference"), value: of.reference && <bdi>{of.reference}</bdi> },
        of.currency !== "SAR" && {
          label: t("field.exchange_rate"),
          value: (
            <>
              <Quantity amount={of.exchange_rate} /> SAR / {of.currency}
            </>
          ),
        },
        of.revision > 0 && { label: t("field.revision"), value: of.revision },
        of.reason !== "" && {
          label: t("field.reason"),
          value: <bdi>{of.reason}</bdi>,
          wide: true,
        },
        { label: t("field.notes_en"), value: of.notes_en && <bdi>{of.notes_en}</bdi>, wide: true },
        { label: t("field.notes_ar"), value: of.notes_ar && <bdi>{of.notes_ar}</bdi>, wide: true },
      ]}
      lines={<Lines of={of} />}
      totals={
        <Totals
          rows={[
            { label: t("figures.net"), amount: of.net },
            { label: t("figures.vat"), amount: of.vat },
            {
              label:
                of.currency === "SAR"
                  ? t("figures.total")
                  : `${t("figures.total")} (${of.currency})`,
              amount: of.total,
              strong: true,
            },
            of.currency !== "SAR" && { label: t("figures.base"), amount: of.total_base },
          ]}
        />
      }
      links={of.links}
      history={{ id: of.id, version: of.version, ...words }}
    />
  );
}

/** What stands in the way, where something does. */
function Notice({ of }: { of: Order }) {
  const { t } = useTranslation("purchasing");
  if (of.on_hold)
    return (
      <Alert color="red" icon={<IconHandStop size={18} />}>
        {t("orders.held", { reason: of.reason })}
      </Alert>
    );
  if (of.state === "draft" && of.number && of.reason)
    return (
      <Alert color="orange" icon={<IconAlertTriangle size={18} />}>
        {t("orders.rejected", { reason: of.reason })}
      </Alert>
    );
  if (of.state === "pending_approval")
    return <Alert icon={<IconHourglass size={18} />}>{t("orders.waits")}</Alert>;
  return null;
}

function Lines({ of }: { of: Order }) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const numbered = of.number !== null;
  const places = placesIn(of.lines.map((line) => line.typed_quantity));
  const prices = placesIn(["0.00", ...of.lines.map((line) => line.unit_price)]);
  const discounted = of.lines.some((line) => !isZero(line.discount));
  return (
    <LinesTable<OrderLine>
      label={t("section.lines")}
      lines={of.lines}
      lineKey={(line) => line.id}
      columns={[
        {
          id: "product",
          label: t("field.product"),
          card: "title",
          cell: (line) => (
            <ProductCell
              name={name(line)}
              sku={line.sku}
              more={line.supplier_sku ? <bdi>{line.supplier_sku}</bdi> : undefined}
            />
          ),
        },
        {
          id: "ordered",
          label: t("line.ordered"),
          align: "end",
          card: "end",
          cell: (line) => (
            <>
              <AlignedQuantity
                amount={line.typed_quantity}
                places={places}
                unit={name({ name_en: line.unit_en, name_ar: line.unit_ar })}
              />
              {line.is_goods && line.quantity !== line.typed_quantity && (
                <>
                  <br />
                  <small>
                    = <Quantity amount={line.quantity} />
                  </small>
                </>
              )}
            </>
          ),
        },
        numbered && {
          id: "received",
          label: t("line.received"),
          align: "end",
          cell: (line) => line.is_goods && <Quantity amount={line.received} />,
        },
        numbered && {
          id: "open",
          label: t("line.open"),
          align: "end",
          cell: (line) =>
            line.is_goods &&
            !isZero(line.open_to_receive) &&
            !isNegative(line.open_to_receive) && <Quantity amount={line.open_to_receive} />,
        },
        numbered && {
          id: "billed",
          label: t("line.billed"),
          align: "end",
          cell: (line) => !isZero(line.billed) && <Quantity amount={line.billed} />,
        },
        {
          id: "price",
          label: t("line.price"),
          align: "end",
          cell: (line) => <Price amount={line.unit_price} places={prices} />,
        },
        discounted && {
          id: "discount",
          label: t("line.discount"),
          align: "end",
          cell: (line) => !isZero(line.discount) && <Money amount={line.discount} />,
        },
        {
          id: "net",
          label: t("line.net"),
          align: "end",
          cell: (line) => <Money amount={line.net} />,
        },
      ]}
    />
  );
}

/** A price has two decimals, or as many as it needs. */
function Price({ amount, places }: { amount: string; places: number }) {
  const decimals = (amount.split(".")[1] ?? "").replace(/0+$/, "").length;
  return decimals <= 2 && places <= 2 ? (
    <Money amount={amount} />
  ) : (
    <AlignedQuantity amount={amount} places={places} />
  );
}

function useCommands(of: Order): Command[] {
  const { t } = useTranslation("purchasing");
  const navigate = useNavigate();
  const forget = useForgetAll();
  const keep = useKeepOrder();
  const path = { order_id: of.id };
  const reason = { label: t("field.reason"), required: true };
  const send = (command: "submit" | "approve" | "send" | "reopen" | "unhold"): Send => {
    const route = `/api/purchase-orders/{order_id}/${command}` as const;
    return ({ query, headers }) => client.POST(route, { params: { path, query }, headers });
  };
  const sendReason = (command: "reject" | "cancel" | "hold"): Send => {
    const route = `/api/purchase-orders/{order_id}/${command}` as const;
    return ({ query, headers, reason }) =>
      client.POST(route, { params: { path, query }, headers, body: { reason } });
  };
  return [
    {
      name: "edit",
      label: t("orders.edit"),
      permission: "purchase_order:edit",
      go: () => void navigate({ to: "/purchase-orders/$orderId/edit", params: { orderId: of.id } }),
    },
    {
      name: "submit",
      label: t("orders.submit"),
      permission: "purchase_order:submit",
      text: t("orders.submitText"),
      done: t("orders.done.submit"),
      send: send("submit"),
    },
    {
      name: "approve",
      label: t("orders.approve"),
      permission: "purchase_order:approve",
      text: t("orders.approveText"),
      done: t("orders.done.approve"),
      send: send("approve"),
    },
    {
      name: "reject",
      label: t("orders.reject"),
      permission: "purchase_order:approve",
      danger: true,
      asks: reason,
      done: t("orders.done.reject"),
      send: sendReason("reject"),
    },
    {
      name: "send",
      label: t("orders.send"),
      permission: "purchase_order:send",
      text: t("orders.sendText"),
      done: t("orders.done.send"),
      send: send("send"),
    },
    {
      name: "receive",
      label: t("orders.receive"),
      permission: "receipt:create",
      go: () =>
        void navigate({ to: "/purchase-orders/$orderId/receive", params: { orderId: of.id } }),
    },
    {
      name: "bill",
      label: t("orders.bill"),
      permission: "bill:create",
      dialog: (close) => <BillDialog of={of} onClose={close} />,
    },
    {
      name: "amend",
      label: t("orders.amend"),
      permission: "purchase_order:edit",
      dialog: (close) => (
        <AmendDialog
          of={of}
          onDone={(answer) => {
            notifications.show({ message: t("orders.done.amend") });
            keep(answer);
          }}
          onClose={close}
        />
      ),
    },
    {
      name: "short_close",
      label: t("orders.shortClose"),
      permission: "purchase_order:close",
      dialog: (close) => (
        <ShortClose
          of={of}
          onDone={(answer) => {
            notifications.show({ message: t("orders.done.shortClose") });
            keep(answer);
          }}
          onClose={close}
        />
      ),
    },
    {
      name: "hold",
      label: t("orders.hold"),
      permission: "purchase_order:edit",
      text: t("orders.holdText"),
      asks: reason,
      done: t("orders.done.hold"),
      send: sendReason("hold"),
    },
    {
      name: "unhold",
      label: t("orders.unhold"),
      permission: "purchase_order:edit",
      done: t("orders.done.unhold"),
      send: send("unhold"),
    },
    {
      name: "close",
      label: t("orders.close"),
      permission: "purchase_order:close",
      danger: true,
      text: t("orders.closeText"),
      asks: reason,
      done: t("orders.done.close"),
      send: ({ query, headers, reason }) =>
        client.POST("/api/purchase-orders/{order_id}/close", {
          params: { path, query },
          headers,
          body: { reason, short_close_rest: true },
        }),
    },
    {
      name: "reopen",
      label: t("orders.reopen"),
      permission: "purchase_order:reopen",
      done: t("orders.done.reopen"),
      send: send("reopen"),
    },
    {
      name: "cancel",
      label: t("orders.cancel"),
      permission: "purchase_order:cancel",
      danger: true,
      text: t("orders.cancelText"),
      asks: reason,
      done: t("orders.done.cancel"),
      send: sendReason("cancel"),
    },
    {
      name: "discard",
      label: t("orders.discard"),
      permission: "purchase_order:delete",
      danger: true,
      text: t("orders.discardText"),
      done: t("orders.done.discard"),
      send: ({ headers, query }) =>
        query.dry_run
          ? // Nothing moves when a draft goes: there is nothing to rehearse.
            Promise.resolve({ data: { stock: [], journal: [] }, response: new Response() })
          : client.DELETE("/api/purchase-orders/{order_id}", { params: { path }, headers }),
      onDone: () => {
        forget();
        void navigate({ to: "/purchase-orders", ignoreBlocker: true });
      },
    },
  ];
}

/** One line whose rest nobody waits for any more. */
function ShortClose({
  of,
  onDone,
  onClose,
}: {
  of: Order;
  onDone: (answer: unknown) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const format = useFormat();
  const open = of.lines.filter(
    (line) => !isZero(line.open_to_receive) && !isNegative(line.open_to_receive),
  );
  const [chosen, setChosen] = useState<string | null>(
    open.length === 1 ? (open[0]?.id ?? null) : null,
  );
  const line = open.find((one) => one.id === chosen);
  return (
    <CommandDialog
      of={of}
      title={t("orders.shortClose")}
      verb={t("orders.shortClose")}
      asked={chosen}
      asks={{ label: t("field.reason"), required: true }}
      ready={line !== undefined}
      {...(line && {
        text: t("orders.shortCloseText", {
          quantity: format.quantity(line.open_to_receive),
          product: name(line),
        }),
      })}
      send={({ query, headers, reason }) =>
        client.POST("/api/purchase-orders/{order_id}/short-close", {
          params: { path: { order_id: of.id }, query },
          headers,
          body: { line_id: chosen ?? "", reason },
        })
      }
      onDone={onDone}
      onClose={onClose}
    >
      <Select
        label={t("field.product")}
        data={open.map((one) => ({ value: one.id, label: `${one.sku} ${name(one)}` }))}
        value={chosen}
        onChange={setChosen}
      />
    </CommandDialog>
  );
}
