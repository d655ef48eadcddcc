import { List } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { useFormat } from "@/shared/format/use-format";
import { type Command } from "@/shared/ui/command-bar";
import { type CommandCall } from "@/shared/ui/command-dialog";
import { WriteOffDialog } from "@/shared/ui/write-offs";

import { DebitDialog } from "./debit-dialog";
import { PostDialog } from "./post-dialog";
import { type Bill, type Check, readBill, useBillMoved } from "./queries";
import { useDifferences } from "./use-differences";

/** What may be done with a bill; `next` says which of it now, and in which order. */
export function useBillCommands(of: Bill | null, check?: Check): Command[] {
  const { t } = useTranslation("bills");
  const format = useFormat();
  const navigate = useNavigate();
  const moved = useBillMoved();
  const differences = useDifferences(of, check);
  if (!of) return [];
  const to = ({ query, headers }: CommandCall) => ({
    params: { path: { bill_id: of.id }, query },
    headers,
  });
  const ask = { label: t("field.reason"), required: true };
  const done = (message: string) => (answer: unknown) => {
    notifications.show({ message });
    moved(answer as Bill);
  };
  // Matching answers how the bill compares; the bill itself has to be asked for.
  const compared = async (answer: unknown) => {
    const found = answer as Check;
    if (found.state === "differs")
      notifications.show({ message: t("match.differsSaid"), color: "orange" });
    else notifications.show({ message: t("match.done") });
    moved(await readBill(of.id).catch(() => undefined));
  };
  return [
    {
      name: "match",
      label: t("command.match"),
      permission: "bill:match",
      send: (call) => client.POST("/api/purchase-bills/{bill_id}/match", to(call)),
      onDone: (answer) => void compared(answer),
    },
    {
      name: "approve",
      label: t("command.approve"),
      permission: "bill:approve",
      title: t("approve.title"),
      text: (
        <>
          {t("approve.text")}
          <List size="sm" mt={8}>
            {differences.map((one) => (
              <List.Item key={one}>{one}</List.Item>
            ))}
          </List>
        </>
      ),
      asks: ask,
      send: (call) =>
        client.POST("/api/purchase-bills/{bill_id}/approve", {
          ...to(call),
          body: { reason: call.reason },
        }),
      onDone: (answer) => void compared(answer),
    },
    {
      name: "post",
      label: t("command.post"),
      permission: "bill:post",
      dialog: (close) => <PostDialog of={of} onDone={done(t("post.done"))} onClose={close} />,
    },
    {
      name: "edit",
      label: t("command.edit"),
      permission: "bill:edit",
      go: () => void navigate({ to: "/bills/$billId/edit", params: { billId: of.id } }),
    },
    {
      name: "dispute",
      label: t("command.dispute"),
      permission: "bill:edit",
      quiet: true,
      text: t("dispute.text"),
      asks: ask,
      send: (call) =>
        client.POST("/api/bills/{bill_id}/dispute", { ...to(call), body: { reason: call.reason } }),
      onDone: done(t("dispute.done")),
    },
    {
      name: "settle_dispute",
      label: t("command.settle_dispute"),
      permission: "bill:edit",
      text: t("settle.text"),
      send: (call) => client.POST("/api/bills/{bill_id}/settle-dispute", to(call)),
      onDone: done(t("settle.done")),
    },
    {
      name: "reopen",
      label: t("command.reopen"),
      permission: "bill:edit",
      quiet: true,
      text: t("reopen.text"),
      send: (call) => client.POST("/api/bills/{bill_id}/reopen", to(call)),
      onDone: done(t("reopen.done")),
    },
    {
      name: "pay",
      label: t("command.pay"),
      permission: "payment:create",
      go: () =>
        void navigate({
          to: "/payments/$paymentId",
          params: { paymentId: "new" },
          search: { party: of.supplier_id, document: of.id },
        }),
    },
    {
      name: "debit",
      label: t("command.debit"),
      permission: "bill:create",
      quiet: true,
      dialog: (close) => (
        <DebitDialog
          of={of}
          onDone={(note) => {
            notifications.show({ message: t("debit.done") });
            moved(note);
            void navigate({ to: "/bills/$billId", params: { billId: note.id } });
          }}
          onClose={close}
        />
      ),
    },
    {
      name: "write_off",
      label: t("command.write_off"),
      permission: "bill:write_off",
      quiet: true,
      dialog: (close) => (
        <WriteOffDialog
          of={of}
          text={t("writeOff.text", { amount: `${format.money(of.open_amount)} ${of.currency}` })}
          send={(call) =>
            client.POST("/api/bills/{bill_id}/write-off", {
              ...to(call),
              body: { reason: call.reason },
            })
          }
          onStale={() => {
            close();
            moved();
          }}
          onDone={(answer) => {
            moved(answer as Bill);
          }}
          onClose={close}
        />
      ),
    },
    {
      name: "reverse",
      label: t("command.reverse"),
      permission: "bill:reverse",
      danger: true,
      text: t("reverse.text"),
      asks: ask,
      send: (call) =>
        of.source_id
          ? client.POST("/api/purchase-bills/{bill_id}/reverse", {
              ...to(call),
              body: { reason: call.reason },
            })
          : client.POST("/api/bills/{bill_id}/reverse", {
              ...to(call),
              body: { reason: call.reason },
            }),
      onDone: done(t("reverse.done")),
    },
    {
      name: "void",
      label: t("command.void"),
      permission: "bill:delete",
      danger: true,
      text: t("void.text"),
      send: (call) => client.POST("/api/bills/{bill_id}/void", to(call)),
      onDone: done(t("void.done")),
    },
  ];
}
