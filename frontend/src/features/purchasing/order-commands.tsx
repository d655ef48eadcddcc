import { Select } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { isNegative, isZero } from "@/shared/format/decimal";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { type Command } from "@/shared/ui/command-bar";
import { CommandDialog, noEffect, type Send } from "@/shared/ui/command-dialog";

import { AmendDialog } from "./amend-dialog";
import { BillDialog } from "./bill-dialog";
import { type Order, useForgetAll, useKeepOrder } from "./queries";

/** What may be done with an order; `next_commands` says which of it now, and in which order. */
export function useOrderCommands(of: Order | null): Command[] {
  const { t } = useTranslation("purchasing");
  const navigate = useNavigate();
  const forget = useForgetAll();
  const keep = useKeepOrder();
  if (!of) return [];
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
      quiet: true,
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
            noEffect()
          : client.DELETE("/api/purchase-orders/{order_id}", { params: { path }, headers }),
      // Its page goes first, or it would ask once more for what is not there.
      onDone: () => void navigate({ to: "/purchase-orders", ignoreBlocker: true }).then(forget),
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
