import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { type Command } from "@/shared/ui/command-bar";

import {
  AdvanceDialog,
  AllocateDialog,
  BounceDialog,
  ClearDialog,
  RefundDialog,
  ReverseDialog,
} from "./payment-dialogs";
import { type Payment } from "./queries";

/** What may be done with a payment; `next_commands` says which of it now, and in which order. */
export function usePaymentCommands(
  of: Payment | null,
  onDone: (answer: unknown) => void,
): Command[] {
  const { t } = useTranslation("payments");
  if (!of) return [];
  const dialog = (Dialog: typeof ClearDialog) =>
    function open(close: () => void) {
      return <Dialog of={of} onClose={close} onDone={onDone} />;
    };
  return [
    {
      name: "post",
      permission: "payment:post",
      label: t("command.post"),
      dialog: (close) => <AllocateDialog of={of} post onClose={close} onDone={onDone} />,
    },
    {
      name: "post_advance",
      permission: "payment:post",
      label: t("command.post_advance"),
      dialog: dialog(AdvanceDialog),
    },
    {
      name: "allocate",
      permission: "payment:allocate",
      label: t("command.allocate"),
      dialog: dialog(AllocateDialog),
    },
    {
      name: "clear",
      permission: "payment:match",
      label: t("command.clear"),
      dialog: dialog(ClearDialog),
    },
    {
      name: "refund",
      permission: "payment:post",
      label: t("command.refund"),
      dialog: dialog(RefundDialog),
    },
    {
      name: "bounce",
      permission: "payment:reverse",
      label: t("command.bounce"),
      danger: true,
      dialog: dialog(BounceDialog),
    },
    {
      name: "reverse",
      permission: "payment:reverse",
      label: t("command.reverse"),
      danger: true,
      dialog: dialog(ReverseDialog),
    },
    {
      name: "void",
      permission: "payment:delete",
      label: t("command.void"),
      danger: true,
      text: t("void.text"),
      done: t("void.done"),
      send: ({ query, headers }) =>
        client.POST("/api/payments/{payment_id}/void", {
          params: { path: { payment_id: of.id }, query },
          headers,
        }),
    },
  ];
}
