import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { type Command } from "@/shared/ui/command-bar";
import { type CommandCall } from "@/shared/ui/command-dialog";

import { AmendDialog } from "./amend-dialog";
import { InvoiceDialog } from "./invoice-dialog";
import { CloseDialog, QuoteDialog, ReserveDialog, ShortCloseDialog } from "./order-dialogs";
import { type Order } from "./queries";
import { ReturnDialog } from "./return-dialog";
import { ShipDialog } from "./ship-dialog";

type Keep = (answer: unknown) => void;

/** What may be done with an order; `next_commands` says which of it now, and in which order. */
export function useOrderCommands(of: Order | null, keep?: Keep): Command[] {
  const { t } = useTranslation("sales");
  const navigate = useNavigate();
  if (!of) return [];
  const to = ({ query, headers }: CommandCall) => ({
    params: { path: { order_id: of.id }, query },
    headers,
  });
  const done = (answer: unknown) => {
    keep?.(answer);
  };
  return [
    {
      name: "confirm",
      label: t("command.confirm"),
      permission: "sales_order:confirm",
      text: t("confirm.text"),
      done: t("confirm.done"),
      send: (call) => client.POST("/api/sales-orders/{order_id}/confirm", to(call)),
    },
    {
      name: "send_quote",
      label: t("command.send_quote"),
      permission: "sales_order:send",
      dialog: (close) => <QuoteDialog of={of} onClose={close} onDone={done} />,
    },
    {
      name: "approve",
      label: t("command.approve"),
      permission: "sales_order:approve",
      text: t("approve.text"),
      done: t("approve.done"),
      send: (call) => client.POST("/api/sales-orders/{order_id}/approve", to(call)),
    },
    {
      name: "reject",
      label: t("command.reject"),
      permission: "sales_order:approve",
      danger: true,
      asks: { label: t("reason.why"), required: true },
      send: (call) =>
        client.POST("/api/sales-orders/{order_id}/reject", {
          ...to(call),
          body: { reason: call.reason },
        }),
    },
    {
      name: "renew",
      label: t("command.renew"),
      permission: "sales_order:edit",
      done: t("renew.done"),
      send: (call) => client.POST("/api/sales-orders/{order_id}/renew", to(call)),
    },
    {
      name: "create_shipment",
      label: t("command.create_shipment"),
      permission: "shipment:create",
      dialog: (close) => <ShipDialog of={of} onClose={close} />,
    },
    {
      name: "invoice",
      label: t("command.invoice"),
      permission: "invoice:post",
      dialog: (close) => <InvoiceDialog of={of} onClose={close} />,
    },
    {
      name: "reserve",
      label: t("command.reserve"),
      permission: "sales_order:edit",
      dialog: (close) => <ReserveDialog of={of} onClose={close} onDone={done} />,
    },
    {
      name: "release",
      label: t("command.release"),
      permission: "sales_order:edit",
      text: t("release.text"),
      done: t("release.done"),
      send: (call) =>
        client.POST("/api/sales-orders/{order_id}/release", { ...to(call), body: {} }),
    },
    {
      name: "amend",
      label: t("command.amend"),
      permission: "sales_order:edit",
      dialog: (close) => <AmendDialog of={of} onClose={close} onDone={done} />,
    },
    {
      name: "create_return",
      label: t("command.create_return"),
      permission: "customer_return:create",
      quiet: true,
      dialog: (close) => <ReturnDialog orderId={of.id} onClose={close} />,
    },
    {
      name: "hold",
      label: t("command.hold"),
      permission: "sales_order:edit",
      text: t("hold.text"),
      asks: { label: t("reason.why"), required: true },
      done: t("hold.done"),
      send: (call) =>
        client.POST("/api/sales-orders/{order_id}/hold", {
          ...to(call),
          body: { reason: call.reason },
        }),
    },
    {
      name: "unhold",
      label: t("command.unhold"),
      permission: "sales_order:edit",
      done: t("unhold.done"),
      send: (call) => client.POST("/api/sales-orders/{order_id}/unhold", to(call)),
    },
    {
      name: "short_close",
      label: t("command.short_close"),
      permission: "sales_order:edit",
      danger: true,
      dialog: (close) => <ShortCloseDialog of={of} onClose={close} onDone={done} />,
    },
    {
      name: "close",
      label: t("command.close"),
      permission: "sales_order:close",
      dialog: (close) => <CloseDialog of={of} onClose={close} onDone={done} />,
    },
    {
      name: "reopen",
      label: t("command.reopen"),
      permission: "sales_order:reopen",
      quiet: true,
      text: t("reopen.text"),
      done: t("reopen.done"),
      send: (call) => client.POST("/api/sales-orders/{order_id}/reopen", to(call)),
    },
    {
      name: "edit",
      label: t("command.edit"),
      permission: "sales_order:edit",
      go: () => void navigate({ to: "/sales-orders/$orderId", params: { orderId: of.id } }),
    },
    {
      name: "cancel",
      label: of.state === "quoted" ? t("command.lose") : t("command.cancel"),
      permission: "sales_order:cancel",
      danger: true,
      text: of.state === "quoted" ? t("cancel.quote") : t("cancel.text"),
      asks: { label: t("reason.why"), required: of.number !== null },
      done: t("cancel.done"),
      send: (call) =>
        client.POST("/api/sales-orders/{order_id}/cancel", {
          ...to(call),
          body: { reason: call.reason },
        }),
    },
  ];
}
