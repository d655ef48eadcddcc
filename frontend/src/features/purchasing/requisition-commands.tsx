import { Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { difference, isNegative } from "@/shared/format/decimal";
import { SupplierSelect } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { type Command } from "@/shared/ui/command-bar";
import { CommandDialog, type Send } from "@/shared/ui/command-dialog";

import { type Requisition, useKeepRequisition } from "./queries";

/** What may be done with a requisition; `next_commands` says which of it now, and in which order. */
export function useRequisitionCommands(of: Requisition | null): Command[] {
  const { t } = useTranslation("purchasing");
  const navigate = useNavigate();
  const keep = useKeepRequisition();
  if (!of) return [];
  const path = { requisition_id: of.id };
  const reason = { label: t("field.reason"), required: true };
  const send = (command: "submit" | "approve"): Send => {
    const route = `/api/requisitions/{requisition_id}/${command}` as const;
    return ({ query, headers }) => client.POST(route, { params: { path, query }, headers });
  };
  const sendReason = (command: "reject" | "close" | "cancel"): Send => {
    const route = `/api/requisitions/{requisition_id}/${command}` as const;
    return ({ query, headers, reason }) =>
      client.POST(route, { params: { path, query }, headers, body: { reason } });
  };
  return [
    {
      name: "submit",
      label: t("requisitions.submit"),
      permission: "requisition:submit",
      text: t("requisitions.submitText"),
      done: t("requisitions.done.submit"),
      send: send("submit"),
    },
    {
      name: "approve",
      label: t("requisitions.approve"),
      permission: "requisition:approve",
      done: t("requisitions.done.approve"),
      send: send("approve"),
    },
    {
      name: "reject",
      label: t("requisitions.reject"),
      permission: "requisition:approve",
      danger: true,
      asks: reason,
      done: t("requisitions.done.reject"),
      send: sendReason("reject"),
    },
    {
      name: "order",
      label: t("requisitions.order"),
      permission: "purchase_order:create",
      dialog: (close) => (
        <OrderDialog
          of={of}
          onDone={(answer) => {
            keep(answer);
            const made = (answer as Requisition).links.length - of.links.length;
            notifications.show({ message: t("requisitions.ordersMade", { count: made }) });
          }}
          onClose={close}
        />
      ),
    },
    {
      name: "enquire",
      label: t("requisitions.enquire"),
      permission: "enquiry:create",
      go: () =>
        void navigate({
          to: "/enquiries/$enquiryId",
          params: { enquiryId: "new" },
          search: { requisition: of.id },
        }),
    },
    {
      name: "close",
      label: t("requisitions.close"),
      permission: "requisition:close",
      danger: true,
      asks: reason,
      done: t("requisitions.done.close"),
      send: sendReason("close"),
    },
    {
      name: "cancel",
      label: t("requisitions.cancel"),
      permission: "requisition:cancel",
      danger: true,
      asks: reason,
      done: t("requisitions.done.cancel"),
      send: sendReason("cancel"),
    },
  ];
}

/** A draft order for each supplier; a line without one needs a word. */
function OrderDialog({
  of,
  onDone,
  onClose,
}: {
  of: Requisition;
  onDone: (answer: unknown) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const open = of.lines.filter((line) => isNegative(difference(line.ordered, line.quantity)));
  const [chosen, setChosen] = useState<Record<string, string | null>>(() =>
    Object.fromEntries(open.map((line) => [line.id, line.supplier_id])),
  );
  const lines = open.map((line) => ({
    line_id: line.id,
    supplier_id: chosen[line.id] ?? null,
  }));
  return (
    <CommandDialog
      of={of}
      title={t("requisitions.order")}
      verb={t("requisitions.order")}
      text={t("requisitions.orderText")}
      asked={lines}
      ready={open.length > 0}
      send={({ query, headers }) =>
        client.POST("/api/requisitions/{requisition_id}/order", {
          params: { path: { requisition_id: of.id }, query },
          headers,
          body: { lines },
        })
      }
      onDone={onDone}
      onClose={onClose}
    >
      {(errorOf) => (
        <Stack gap={12}>
          {open.map((line, index) => (
            <SupplierSelect
              key={line.id}
              clearable
              label={`${line.sku} ${name(line)}`}
              placeholder={t("requisitions.usualSupplier")}
              value={chosen[line.id] ?? null}
              error={errorOf(`lines.${index}.supplier_id`)}
              onChange={(id) => {
                setChosen({ ...chosen, [line.id]: id });
              }}
            />
          ))}
        </Stack>
      )}
    </CommandDialog>
  );
}
