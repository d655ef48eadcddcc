import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { type Command } from "@/shared/ui/command-bar";

import { InspectionDialog } from "./inspection-dialog";
import { LandedCostDialog } from "./landed-cost-dialog";
import { type Receipt, useKeepReceipt } from "./queries";
import { ReturnDialog } from "./return-dialog";

/** What may be done with a receipt; `next_commands` says which of it now. */
export function useReceiptCommands(of: Receipt): Command[] {
  const { t } = useTranslation("purchasing");
  const navigate = useNavigate();
  const keep = useKeepReceipt();
  const path = { receipt_id: of.id };
  const said = (answer: unknown, text: string) => {
    notifications.show({ message: text });
    keep(answer);
  };
  return [
    {
      name: "to_order",
      label: t("receipts.toOrder"),
      go: () =>
        void navigate({ to: "/purchase-orders/$orderId", params: { orderId: of.order_id } }),
    },
    {
      name: "post",
      label: t("receipts.post"),
      permission: "receipt:post",
      text: t("receipts.postText"),
      done: t("receipts.done.post"),
      send: ({ query, headers }) =>
        client.POST("/api/receipts/{receipt_id}/post", { params: { path, query }, headers }),
    },
    {
      name: "edit",
      label: t("receipts.edit"),
      permission: "receipt:edit",
      go: () =>
        void navigate({
          to: "/purchase-orders/$orderId/receive",
          params: { orderId: of.order_id },
          search: { receipt: of.id },
        }),
    },
    {
      name: "decide",
      label: t("receipts.inspect"),
      permission: "receipt:post",
      dialog: (close) => (
        <InspectionDialog
          of={of}
          onDone={(answer) => {
            said(answer, t("receipts.done.inspect"));
          }}
          onClose={close}
        />
      ),
    },
    {
      name: "return",
      label: t("receipts.return"),
      quiet: true,
      permission: "supplier_return:create",
      dialog: (close) => <ReturnDialog of={of} onClose={close} />,
    },
    {
      name: "add_landed_cost",
      label: t("receipts.landed"),
      quiet: true,
      permission: "receipt:adjust",
      dialog: (close) => (
        <LandedCostDialog
          of={of}
          onDone={(answer) => {
            said(answer, t("receipts.done.landed"));
          }}
          onClose={close}
        />
      ),
    },
    {
      name: "reverse",
      label: t("receipts.reverse"),
      permission: "receipt:reverse",
      danger: true,
      text: t("receipts.reverseText"),
      asks: { label: t("field.reason"), required: true },
      done: t("receipts.done.reverse"),
      send: ({ query, headers, reason }) =>
        client.POST("/api/receipts/{receipt_id}/reverse", {
          params: { path, query },
          headers,
          body: { reason },
        }),
    },
    {
      name: "cancel",
      label: t("receipts.cancel"),
      permission: "receipt:edit",
      danger: true,
      done: t("receipts.done.cancel"),
      send: ({ query, headers }) =>
        client.POST("/api/receipts/{receipt_id}/cancel", { params: { path, query }, headers }),
    },
  ];
}
