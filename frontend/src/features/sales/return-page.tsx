import { Anchor, Select, SimpleGrid, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { difference, isZero, total } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";
import { PlaceSelect, useWarehouses } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { CommandBar, type Command } from "@/shared/ui/command-bar";
import { type CommandCall, CommandDialog } from "@/shared/ui/command-dialog";
import { DateInput } from "@/shared/ui/date-input";
import { DateText, MomentText } from "@/shared/ui/date-text";
import { DocumentView, LinesTable, ProductCell } from "@/shared/ui/document-view";
import { Loaded } from "@/shared/ui/loaded";
import { Quantity } from "@/shared/ui/money";
import { QuantityInput } from "@/shared/ui/quantity-input";

import { useOrderWords } from "./history";
import { named } from "./names";
import { isSome } from "./parts";
import {
  customerReturn,
  type CustomerReturn,
  type ReturnLine,
  useAllMoved,
  useKeepReturn,
} from "./queries";
import classes from "./return-page.module.css";
import { useLineUnits } from "./use-units";

export function ReturnPage() {
  const { returnId } = useParams({ from: "/shell/customer-returns/$returnId" });
  return <Loaded query={customerReturn(returnId)}>{(of) => <Show key={of.id} of={of} />}</Loaded>;
}

function Show({ of }: { of: CustomerReturn }) {
  const { t } = useTranslation("sales");
  const name = useName();
  const can = useCan();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const words = useOrderWords();
  const keep = useKeepReturn();
  const moved = useAllMoved();
  const warehouses = useWarehouses();
  const to = ({ query, headers }: CommandCall) => ({
    params: { path: { return_id: of.id }, query },
    headers,
  });
  const commands: Command[] = [
    {
      name: "approve",
      label: t("command.approveReturn"),
      permission: "customer_return:approve",
      text: t("returnApprove.text"),
      done: t("returnApprove.done"),
      send: (call) => client.POST("/api/customer-returns/{return_id}/approve", to(call)),
    },
    {
      name: "receive",
      label: t("command.receive"),
      permission: "customer_return:receive",
      dialog: (close) => <ReceiveDialog of={of} onClose={close} onDone={keep} />,
    },
    {
      name: "inspect",
      label: t("command.inspect"),
      permission: "customer_return:receive",
      dialog: (close) => <InspectDialog of={of} onClose={close} onDone={keep} />,
    },
    {
      name: "credit",
      label: t("command.credit"),
      permission: "invoice:credit",
      text: t("credit.text"),
      send: (call) =>
        client.POST("/api/customer-returns/{return_id}/credit", { ...to(call), body: {} }),
      onDone: (answer) => {
        moved();
        const notes = (Array.isArray(answer) ? answer : [answer]) as {
          id: string;
          number: string;
        }[];
        notifications.show({
          message: t("credit.done", { number: notes.map((one) => one.number).join(", ") }),
        });
        const [only] = notes;
        if (only && notes.length === 1)
          void navigate({ to: "/invoices/$invoiceId", params: { invoiceId: only.id } });
      },
    },
    {
      name: "close",
      label: t("command.closeReturn"),
      permission: "customer_return:close",
      done: t("close.done"),
      send: (call) => client.POST("/api/customer-returns/{return_id}/close", to(call)),
    },
    {
      name: "cancel",
      label: t("command.cancelReturn"),
      permission: "customer_return:cancel",
      danger: true,
      text: t("returnCancel.text"),
      asks: { label: t("reason.optional") },
      done: t("returnCancel.done"),
      send: (call) =>
        client.POST("/api/customer-returns/{return_id}/cancel", {
          ...to(call),
          body: { reason: call.reason },
        }),
    },
  ];
  return (
    <DocumentView
      back={{ link: { to: "/customer-returns" }, label: t("returns.title") }}
      title={of.number ?? t("return.draftOf", { customer: name(named(of)) })}
      subtitle={
        <>
          {t("return.kind")} · <bdi>{name(named(of))}</bdi>
        </>
      }
      state={of.state}
      commands={
        <CommandBar
          of={of}
          next={of.next_commands}
          commands={commands}
          onStale={() => void cache.invalidateQueries({ queryKey: customerReturn(of.id).queryKey })}
          onDone={(answer) => {
            // Crediting answers the notes, not the return.
            if (answer && typeof answer === "object" && "next_commands" in answer) keep(answer);
            else moved();
          }}
        />
      }
      facts={[
        { label: t("field.customer"), value: <bdi>{name(named(of))}</bdi> },
        {
          label: t("field.order"),
          value: (
            <Anchor
              renderRoot={(props) => (
                <Link to="/sales-orders/$orderId" params={{ orderId: of.order_id }} {...props} />
              )}
            >
              <bdi>{of.order_number}</bdi>
            </Anchor>
          ),
        },
        { label: t("field.warehouse"), value: <bdi>{warehouses.nameOf(of.warehouse_id)}</bdi> },
        { label: t("field.created_at"), value: <MomentText at={of.created_at} /> },
        of.received_on !== null && {
          label: t("field.received_on"),
          value: <DateText day={of.received_on} />,
        },
        { label: t("field.reason"), value: of.reason && <bdi>{of.reason}</bdi>, wide: true },
        { label: t("field.notes"), value: of.notes && <bdi>{of.notes}</bdi>, wide: true },
      ]}
      lines={<Lines of={of} />}
      links={[
        ...of.links,
        ...(of.entry_id && can("journal_entry:read")
          ? [{ type: "journal_entry", id: of.entry_id, number: null }]
          : []),
      ]}
      history={{ id: of.id, version: of.version, ...words }}
    />
  );
}

function Lines({ of }: { of: CustomerReturn }) {
  const { t } = useTranslation("sales");
  const name = useName();
  const unitOf = useLineUnits(of.order_id);
  const decided = of.state === "inspected" || of.state === "closed";
  return (
    <LinesTable<ReturnLine>
      label={t("section.lines")}
      lines={of.lines}
      lineKey={(line) => line.id}
      columns={[
        {
          id: "product",
          label: t("line.product"),
          card: "title",
          cell: (line) => (
            <ProductCell name={name(line)} sku={line.sku} more={line.lot_code ?? undefined} />
          ),
        },
        {
          id: "reason",
          label: t("field.reason"),
          cell: (line) => <bdi>{line.settlement_reason || line.reason}</bdi>,
        },
        {
          id: "quantity",
          label: t("line.quantity"),
          align: "end",
          card: "end",
          cell: (line) => <Quantity amount={line.quantity} unit={unitOf(line.order_line_id)} />,
        },
        decided && {
          id: "restocked",
          label: t("inspect.restocked"),
          align: "end",
          cell: (line) => <Quantity amount={line.restocked} />,
        },
        decided && {
          id: "scrapped",
          label: t("inspect.scrapped"),
          align: "end",
          cell: (line) => <Quantity amount={line.scrapped} />,
        },
        decided && {
          id: "settlement",
          label: t("inspect.settlement"),
          cell: (line) => t(`settlement.${line.settlement}`),
        },
        decided &&
          of.lines.some((line) => isSome(line.credited)) && {
            id: "credited",
            label: t("line.credited"),
            align: "end",
            cell: (line) => <Quantity amount={line.credited} />,
          },
      ]}
    />
  );
}

type DialogProps = { of: CustomerReturn; onClose: () => void; onDone: (answer: unknown) => void };

function ReceiveDialog({ of, onClose, onDone }: DialogProps) {
  const { t } = useTranslation("sales");
  const [on, setOn] = useState<string | null>(null);
  return (
    <CommandDialog
      of={of}
      title={t("receive.title", { number: of.number ?? "" })}
      verb={t("command.receive")}
      text={t("receive.text")}
      asked={on}
      send={({ query, headers }) =>
        client.POST("/api/customer-returns/{return_id}/receive", {
          params: { path: { return_id: of.id }, query },
          headers,
          body: { ...(on && { on }) },
        })
      }
      onDone={onDone}
      onClose={onClose}
    >
      {(errorOf) => (
        <DateInput
          label={t("field.received_on")}
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

const settlements = ["refund", "replace", "neither"] as const;
type Verdict = { restocked: string; settlement: (typeof settlements)[number]; reason: string };

/** Two decisions for each line: what becomes of the goods, and what the customer gets. */
function InspectDialog({ of, onClose, onDone }: DialogProps) {
  const { t } = useTranslation("sales");
  const name = useName();
  const unitOf = useLineUnits(of.order_id);
  const [place, setPlace] = useState<string | null>(null);
  const [verdicts, setVerdicts] = useState<Record<string, Verdict>>(() =>
    Object.fromEntries(
      of.lines.map((line) => [
        line.id,
        { restocked: line.quantity, settlement: "refund", reason: "" },
      ]),
    ),
  );
  const set = (id: string, values: Partial<Verdict>) => {
    setVerdicts((before) => ({
      ...before,
      [id]: { restocked: "", settlement: "refund", reason: "", ...before[id], ...values },
    }));
  };
  const lines = of.lines.map((line) => {
    const verdict = verdicts[line.id];
    const restocked = parseDecimal(verdict?.restocked ?? "") ?? "0";
    return {
      line_id: line.id,
      settlement: verdict?.settlement ?? ("refund" as const),
      restocked,
      scrapped: difference(line.quantity, restocked),
      reason: verdict?.reason.trim() ?? "",
    };
  });
  const ready = lines.every(
    (line) =>
      !line.scrapped.startsWith("-") && (line.settlement !== "neither" || line.reason !== ""),
  );
  return (
    <CommandDialog
      of={of}
      title={t("inspect.title", { number: of.number ?? "" })}
      verb={t("inspect.verb")}
      size="xl"
      text={t("inspect.text")}
      asked={[lines, place]}
      ready={ready}
      send={({ query, headers }) =>
        client.POST("/api/customer-returns/{return_id}/inspect", {
          params: { path: { return_id: of.id }, query },
          headers,
          body: { lines, ...(place && { location_id: place }) },
        })
      }
      onDone={onDone}
      onClose={onClose}
    >
      <div className={classes.verdicts}>
        {of.lines.map((line) => {
          const verdict = verdicts[line.id];
          const scrapped = difference(line.quantity, parseDecimal(verdict?.restocked ?? "") ?? "0");
          return (
            <fieldset key={line.id}>
              <legend>
                <bdi>{name(line)}</bdi>{" "}
                <small>
                  <Quantity amount={line.quantity} unit={unitOf(line.order_line_id)} />
                </small>
              </legend>
              <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={12}>
                <label>
                  {t("inspect.restock")}
                  <QuantityInput
                    boxed
                    value={verdict?.restocked ?? ""}
                    onChange={(restocked) => {
                      set(line.id, { restocked });
                    }}
                  />
                  <small>
                    {scrapped.startsWith("-")
                      ? t("inspect.tooMuch", {
                          quantity: total([line.quantity]),
                        })
                      : isZero(scrapped)
                        ? t("inspect.noScrap")
                        : t("inspect.scrap", { quantity: scrapped })}
                  </small>
                </label>
                <Select
                  label={t("inspect.settlement")}
                  allowDeselect={false}
                  value={verdict?.settlement ?? "refund"}
                  data={settlements.map((value) => ({ value, label: t(`settlement.${value}`) }))}
                  onChange={(value) => {
                    set(line.id, {
                      settlement: settlements.find((one) => one === value) ?? "refund",
                    });
                  }}
                />
                <TextInput
                  label={t("reason.why")}
                  required={verdict?.settlement === "neither"}
                  maxLength={300}
                  value={verdict?.reason ?? ""}
                  onChange={(event) => {
                    set(line.id, { reason: event.currentTarget.value });
                  }}
                />
              </SimpleGrid>
            </fieldset>
          );
        })}
      </div>
      <PlaceSelect
        label={t("inspect.place")}
        description={t("inspect.placeHint")}
        inputWrapperOrder={["label", "input", "description", "error"]}
        maw={320}
        warehouseId={of.warehouse_id}
        value={place}
        onChange={setPlace}
      />
    </CommandDialog>
  );
}
