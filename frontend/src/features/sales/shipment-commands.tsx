import { notifications } from "@mantine/notifications";
import { Checkbox, SimpleGrid, TextInput, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ask, client, ifMatch } from "@/shared/api/client";
import { parseDecimal } from "@/shared/format/number";
import { type Command } from "@/shared/ui/command-bar";
import { type CommandCall, CommandDialog } from "@/shared/ui/command-dialog";
import { DateInput } from "@/shared/ui/date-input";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { FormDialog } from "@/shared/ui/form-dialog";
import { QuantitiesTable } from "@/shared/ui/quantities-table";

import { typedOf } from "./parts";
import { type Shipment, useAllMoved, type useKeepShipment } from "./queries";
import { ReturnDialog } from "./return-dialog";
import { useShipmentHelp } from "./shipment-help";
import { useLineUnits } from "./use-units";

type Keep = ReturnType<typeof useKeepShipment>;
type Props = { of: Shipment; onClose: () => void; onDone: (answer: unknown) => void };

/** What may be done with a shipment; `next_commands` says which of it now, and in which order. */
export function useShipmentCommands(of: Shipment, keep: Keep): Command[] {
  const { t } = useTranslation("sales");
  const navigate = useNavigate();
  const moved = useAllMoved();
  const to = ({ query, headers }: CommandCall) => ({
    params: { path: { shipment_id: of.id }, query },
    headers,
  });
  return [
    {
      name: "make_ready",
      label: t("command.make_ready"),
      permission: "shipment:edit",
      dialog: (close) => <ReadyDialog of={of} onClose={close} onDone={keep} />,
    },
    {
      name: "pick",
      label: t("command.pick"),
      permission: "shipment:edit",
      go: () => void navigate({ to: "/shipments/$shipmentId/pick", params: { shipmentId: of.id } }),
    },
    {
      name: "pack",
      label: t("command.pack"),
      permission: "shipment:edit",
      done: t("pack.done"),
      send: (call) => client.POST("/api/shipments/{shipment_id}/pack", to(call)),
    },
    {
      name: "ship",
      label: t("command.ship"),
      permission: "shipment:ship",
      dialog: (close) => <LeaveDialog of={of} onClose={close} onDone={keep} />,
    },
    {
      name: "confirm_delivery",
      label: t("command.confirm_delivery"),
      permission: "shipment:ship",
      dialog: (close) => <DeliveryDialog of={of} onClose={close} onDone={keep} />,
    },
    {
      name: "invoice",
      label: t("command.invoice"),
      permission: "invoice:post",
      text: t("invoice.text"),
      send: (call) => client.POST("/api/shipments/{shipment_id}/invoice", to(call)),
      onDone: (answer) => {
        const issued = answer as { id: string; number: string };
        moved();
        notifications.show({ message: t("invoice.done", { number: issued.number }) });
        void navigate({ to: "/invoices/$invoiceId", params: { invoiceId: issued.id } });
      },
    },
    {
      name: "create_return",
      label: t("command.create_return"),
      permission: "customer_return:create",
      dialog: (close) => <ReturnDialog orderId={of.order_id} shipmentId={of.id} onClose={close} />,
    },
    {
      name: "split",
      label: t("command.split"),
      permission: "shipment:edit",
      dialog: (close) => <SplitDialog of={of} onClose={close} onDone={keep} />,
    },
    {
      name: "note",
      label: t("command.note"),
      permission: "shipment:edit",
      dialog: (close) => <NoteDialog of={of} onClose={close} onDone={keep} />,
    },
    {
      name: "reverse",
      label: t("command.reverse"),
      permission: "shipment:reverse",
      danger: true,
      text: t("reverse.text"),
      asks: { label: t("reason.why"), required: true },
      done: t("reverse.done"),
      send: (call) =>
        client.POST("/api/shipments/{shipment_id}/reverse", {
          ...to(call),
          body: { reason: call.reason },
        }),
    },
    {
      name: "cancel",
      label: t("command.cancelShipment"),
      permission: "shipment:cancel",
      danger: true,
      text: t("shipment.cancelText"),
      asks: { label: t("reason.optional") },
      done: t("shipment.cancelled"),
      send: (call) =>
        client.POST("/api/shipments/{shipment_id}/cancel", {
          ...to(call),
          body: { reason: call.reason },
        }),
    },
  ];
}

function ReadyDialog({ of, onClose, onDone }: Props) {
  const { t } = useTranslation("sales");
  const help = useShipmentHelp();
  const [partly, setPartly] = useState(false);
  return (
    <CommandDialog
      of={of}
      title={t("command.make_ready")}
      verb={t("command.make_ready")}
      text={t("ready.text")}
      asked={partly}
      help={help}
      send={({ query, headers }) =>
        client.POST("/api/shipments/{shipment_id}/make-ready", {
          params: { path: { shipment_id: of.id }, query },
          headers,
          body: { partly },
        })
      }
      onDone={onDone}
      onClose={onClose}
    >
      <Checkbox
        label={t("ready.partly")}
        checked={partly}
        onChange={(event) => {
          setPartly(event.currentTarget.checked);
        }}
      />
    </CommandDialog>
  );
}

function LeaveDialog({ of, onClose, onDone }: Props) {
  const { t } = useTranslation("sales");
  const help = useShipmentHelp();
  const [on, setOn] = useState<string | null>(null);
  return (
    <CommandDialog
      of={of}
      title={t("leave.title", { number: of.number ?? "" })}
      verb={t("leave.verb")}
      text={t("leave.text")}
      asked={on}
      help={help}
      send={({ query, headers }) =>
        client.POST("/api/shipments/{shipment_id}/ship", {
          params: { path: { shipment_id: of.id }, query },
          headers,
          body: { ...(on && { on }) },
        })
      }
      onDone={(answer) => {
        notifications.show({ message: t("leave.done", { number: of.number ?? "" }) });
        onDone(answer);
      }}
      onClose={onClose}
    >
      {(errorOf) => (
        <DateInput
          label={t("field.shipped_on")}
          placeholder={t("field.today")}
          maw={220}
          value={on}
          error={errorOf("on")}
          onChange={setOn}
        />
      )}
    </CommandDialog>
  );
}

function DeliveryDialog({ of, onClose, onDone }: Props) {
  const { t } = useTranslation("sales");
  const [on, setOn] = useState<string | null>(null);
  const [proof, setProof] = useState("");
  return (
    <CommandDialog
      of={of}
      title={t("command.confirm_delivery")}
      verb={t("delivery.verb")}
      asked={on}
      send={({ query, headers }) =>
        client.POST("/api/shipments/{shipment_id}/confirm-delivery", {
          params: { path: { shipment_id: of.id }, query },
          headers,
          body: { ...(on && { on }), proof: proof.trim() },
        })
      }
      onDone={onDone}
      onClose={onClose}
    >
      {(errorOf) => (
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
          <DateInput
            label={t("field.delivered_on")}
            placeholder={t("field.today")}
            value={on}
            error={errorOf("on")}
            onChange={setOn}
          />
          <TextInput
            label={t("field.proof")}
            description={t("field.proofHint")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            maxLength={300}
            value={proof}
            onChange={(event) => {
              setProof(event.currentTarget.value);
            }}
          />
        </SimpleGrid>
      )}
    </CommandDialog>
  );
}

function SplitDialog({ of, onClose, onDone }: Props) {
  const { t } = useTranslation("sales");
  const unitOf = useLineUnits(of.order_id);
  const moved = useAllMoved();
  const parts = of.lines.map((line) => ({
    key: line.id,
    sku: line.sku,
    name_en: line.name_en,
    name_ar: line.name_ar,
    unit: unitOf(line.order_line_id),
    most: line.quantity,
  }));
  const [values, setValues] = useState<Record<string, string>>({});
  const typed = typedOf(parts, values);
  const body = { parts: (typed ?? []).map(({ key, quantity }) => ({ line_id: key, quantity })) };
  return (
    <CommandDialog
      of={of}
      title={t("split.title")}
      verb={t("split.verb")}
      text={t("split.text")}
      asked={body}
      ready={body.parts.length > 0}
      send={({ query, headers }) =>
        client.POST("/api/shipments/{shipment_id}/split", {
          params: { path: { shipment_id: of.id }, query },
          headers,
          body,
        })
      }
      onDone={(answer) => {
        onDone(answer);
        moved();
      }}
      onClose={onClose}
    >
      <QuantitiesTable
        label={t("split.title")}
        mostLabel={t("line.quantity")}
        typedLabel={t("split.quantity")}
        parts={parts}
        values={values}
        onChange={setValues}
      />
    </CommandDialog>
  );
}

/** What may be noted on a shipment in any state. */
function NoteDialog({ of, onClose, onDone }: Props) {
  const { t } = useTranslation("sales");
  const [values, setValues] = useState({
    planned_on: of.planned_on,
    carrier: of.carrier,
    tracking_number: of.tracking_number,
    freight_cost: of.freight_cost,
    notes: of.notes,
  });
  const set = (changed: Partial<typeof values>) => {
    setValues((before) => ({ ...before, ...changed }));
  };
  const save = useMutation({
    mutationFn: () =>
      ask(
        client.PATCH("/api/shipments/{shipment_id}", {
          params: { path: { shipment_id: of.id } },
          ...ifMatch(of),
          body: {
            ...values,
            freight_cost: parseDecimal(values.freight_cost) ?? values.freight_cost,
          },
        }),
      ),
    onSuccess: (answer) => {
      onDone(answer);
      onClose();
    },
  });
  return (
    <FormDialog
      size="lg"
      title={t("command.note")}
      verb={t("action.save", { ns: "common" })}
      send={save}
      onClose={onClose}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
        <TextInput
          label={t("field.carrier")}
          maxLength={120}
          data-autofocus
          value={values.carrier}
          onChange={(event) => {
            set({ carrier: event.currentTarget.value });
          }}
        />
        <TextInput
          label={t("field.tracking_number")}
          dir="ltr"
          maxLength={120}
          value={values.tracking_number}
          onChange={(event) => {
            set({ tracking_number: event.currentTarget.value });
          }}
        />
        <DateInput
          label={t("field.planned_on")}
          value={values.planned_on}
          onChange={(planned_on) => {
            set({ planned_on });
          }}
        />
        <DecimalInput
          label={t("field.freight_cost")}
          places={2}
          value={values.freight_cost}
          onChange={(freight_cost) => {
            set({ freight_cost });
          }}
        />
      </SimpleGrid>
      <Textarea
        label={t("field.notes")}
        autosize
        minRows={2}
        maxLength={2000}
        value={values.notes}
        onChange={(event) => {
          set({ notes: event.currentTarget.value });
        }}
      />
    </FormDialog>
  );
}
