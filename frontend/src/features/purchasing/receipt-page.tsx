import { SegmentedControl, Select, SimpleGrid, Text, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client, type Schemas } from "@/shared/api/client";
import { asProblem } from "@/shared/api/problem";
import { placesIn } from "@/shared/format/align";
import { difference, isNegative, isZero } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";
import { PlaceSelect } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { CommandBar, type Command } from "@/shared/ui/command-bar";
import { CommandDialog, type Send } from "@/shared/ui/command-dialog";
import { DateInput } from "@/shared/ui/date-input";
import { DateText, MomentText } from "@/shared/ui/date-text";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { Section } from "@/shared/ui/document-page";
import { DocumentView, LinesTable, ProductCell, Totals } from "@/shared/ui/document-view";
import { Loaded } from "@/shared/ui/loaded";
import { Money } from "@/shared/ui/money";
import { everythingOf, QuantitiesTable } from "@/shared/ui/quantities-table";
import { AlignedQuantity } from "@/shared/ui/quantity-input";
import { StatusBadge } from "@/shared/ui/status-badge";

import { useAuditWords } from "./history";
import { named } from "./names";
import {
  type Receipt,
  receipt,
  type ReceiptLine,
  type Return,
  useCreateReturn,
  useKeepReceipt,
} from "./queries";

export function ReceiptPage() {
  const { receiptId } = useParams({ from: "/shell/receipts/$receiptId" });
  return <Loaded query={receipt(receiptId)}>{(of) => <Show key={of.id} of={of} />}</Loaded>;
}

function Show({ of }: { of: Receipt }) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const can = useCan();
  const keep = useKeepReceipt();
  const words = useAuditWords();
  const commands = useCommands(of);
  // What came in is billed next, from its order; going back is never the suggestion.
  const next =
    of.state === "posted" && can("purchase_order:read")
      ? ["to_order", ...of.next_commands]
      : of.next_commands;
  return (
    <DocumentView
      back={{ link: { to: "/receipts" }, label: t("receipts.title") }}
      title={of.number ?? t("receipts.draftOf", { number: of.order_number ?? "" })}
      subtitle={<bdi>{name(named(of))}</bdi>}
      state={of.state}
      commands={<CommandBar of={of} next={next} commands={commands} onDone={keep} />}
      facts={[
        { label: t("field.supplier"), value: <bdi>{name(named(of))}</bdi> },
        { label: t("field.warehouse"), value: <span className="aw-ltr">{of.warehouse_code}</span> },
        { label: t("field.received_on"), value: <DateText day={of.received_on} /> },
        {
          label: t("field.delivery_note"),
          value: of.delivery_note && <bdi>{of.delivery_note}</bdi>,
        },
        of.posted_at !== null && {
          label: t("receipts.posted"),
          value: <MomentText at={of.posted_at} />,
        },
        { label: t("field.reason"), value: of.reason && <bdi>{of.reason}</bdi>, wide: true },
        { label: t("field.notes"), value: of.notes && <bdi>{of.notes}</bdi>, wide: true },
      ]}
      lines={<Lines of={of} />}
      totals={
        of.posted_at !== null && (
          <Totals rows={[{ label: t("field.value"), amount: of.value, strong: true }]} />
        )
      }
      links={[
        ...of.links,
        ...(of.entry_id && can("journal_entry:read")
          ? [{ type: "journal_entry", id: of.entry_id, number: null }]
          : []),
      ]}
      history={{ id: of.id, version: of.version, ...words }}
    >
      {of.landed_costs.length > 0 && (
        <Section title={t("receipts.landedCosts")}>
          <LinesTable<Schemas["LandedCostOut"]>
            label={t("receipts.landedCosts")}
            lines={of.landed_costs}
            lineKey={(cost) => cost.id}
            columns={[
              {
                id: "description",
                label: t("receipts.description"),
                card: "title",
                cell: (cost) => (
                  <>
                    <bdi>{cost.description}</bdi> <small className="aw-ltr">{cost.number}</small>
                  </>
                ),
              },
              {
                id: "split",
                label: t("receipts.split"),
                cell: (cost) => t(`receipts.splitBy.${cost.split}`),
              },
              {
                id: "hand",
                needs: "cost:read",
                label: t("receipts.onHand"),
                align: "end",
                cell: (cost) => <Money amount={cost.on_hand} />,
              },
              {
                id: "gone",
                needs: "cost:read",
                label: t("receipts.gone"),
                align: "end",
                cell: (cost) => <Money amount={cost.gone} />,
              },
              {
                id: "amount",
                needs: "cost:read",
                label: t("receipts.amount"),
                align: "end",
                card: "end",
                cell: (cost) => <Money amount={cost.amount} />,
              },
            ]}
          />
        </Section>
      )}
    </DocumentView>
  );
}

function Lines({ of }: { of: Receipt }) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const places = placesIn(of.lines.map((line) => line.typed_quantity));
  const inspected = of.lines.some((line) => line.is_inspected);
  const placed = of.lines.some((line) => line.location_code);
  const returned = of.lines.some((line) => !isZero(line.returned));
  const posted = of.posted_at !== null;
  return (
    <LinesTable<ReceiptLine>
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
              more={
                line.lot_code && (
                  <>
                    <bdi>{line.lot_code}</bdi>{" "}
                    {line.expires_on && <DateText day={line.expires_on} />}
                  </>
                )
              }
            />
          ),
        },
        placed && {
          id: "place",
          label: t("field.location"),
          cell: (line) => <span className="aw-ltr">{line.location_code}</span>,
        },
        {
          id: "quantity",
          label: t("line.received"),
          align: "end",
          card: "end",
          cell: (line) => (
            <AlignedQuantity
              amount={line.typed_quantity}
              places={places}
              unit={name({ name_en: line.unit_en, name_ar: line.unit_ar })}
            />
          ),
        },
        inspected && {
          id: "inspection",
          label: t("receipts.inspection"),
          cell: (line) =>
            line.is_inspected &&
            (of.state === "inspection" ? (
              <StatusBadge tone="attention">{t("receipts.waiting")}</StatusBadge>
            ) : (
              <span className="aw-figures">
                {t("line.accepted")} {line.accepted} · {t("line.rejected")} {line.rejected}
              </span>
            )),
        },
        returned && {
          id: "returned",
          label: t("line.returned"),
          align: "end",
          cell: (line) =>
            !isZero(line.returned) && <AlignedQuantity amount={line.returned} places={0} />,
        },
        posted && {
          id: "value",
          needs: "cost:read",
          label: t("field.value"),
          align: "end",
          cell: (line) => <Money amount={line.value} />,
        },
      ]}
    />
  );
}

function useCommands(of: Receipt): Command[] {
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
        <DecideDialog
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
        <LandedDialog
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

/** What the inspection found: the rest of each line is rejected. */
function DecideDialog({
  of,
  onDone,
  onClose,
}: {
  of: Receipt;
  onDone: (answer: unknown) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation("purchasing");
  const parts = of.lines
    .filter((line) => line.is_inspected)
    .map((line) => ({
      key: line.id,
      sku: line.sku,
      name_en: line.name_en,
      name_ar: line.name_ar,
      more: line.lot_code || undefined,
      unit: "",
      most: difference(line.quantity, line.returned),
    }));
  const [values, setValues] = useState(() => everythingOf(parts));
  const lines = parts.map((part) => {
    const accepted = parseDecimal(values[part.key] ?? "") ?? "0";
    return { line_id: part.key, accepted, rejected: difference(part.most, accepted) };
  });
  const rejected = lines.filter((line) => !isZero(line.rejected) && !isNegative(line.rejected));
  return (
    <CommandDialog
      of={of}
      title={t("receipts.inspect")}
      verb={t("receipts.inspectVerb")}
      text={t("receipts.inspectText")}
      asked={lines}
      send={({ query, headers }) =>
        client.POST("/api/receipts/{receipt_id}/decide", {
          params: { path: { receipt_id: of.id }, query },
          headers,
          body: { lines },
        })
      }
      onDone={onDone}
      onClose={onClose}
    >
      <QuantitiesTable
        label={t("receipts.inspect")}
        mostLabel={t("receipts.waiting")}
        typedLabel={t("line.accepted")}
        parts={parts}
        values={values}
        onChange={setValues}
      />
      {rejected.length > 0 && (
        <Text size="sm" role="status">
          {rejected
            .map((line) => {
              const part = parts.find((one) => one.key === line.line_id);
              return `${part?.sku ?? ""}: ${t("line.rejected")} ${line.rejected}`;
            })
            .join(" · ")}
        </Text>
      )}
    </CommandDialog>
  );
}

const splits = ["value", "quantity", "weight", "volume"] as const;

/** Freight or duty that belongs to the cost of these goods. */
function LandedDialog({
  of,
  onDone,
  onClose,
}: {
  of: Receipt;
  onDone: (answer: unknown) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation("purchasing");
  const [amount, setAmount] = useState("");
  const [split, setSplit] = useState<(typeof splits)[number]>("value");
  const [description, setDescription] = useState("");
  const body = { amount, split, description };
  return (
    <CommandDialog
      of={of}
      title={t("receipts.landed")}
      verb={t("receipts.landedVerb")}
      text={t("receipts.landedText")}
      // Leaving the field writes "90" as "90.00": that asks nothing new, and the button stays where it is.
      asked={[Number(parseDecimal(amount)), split]}
      ready={parseDecimal(amount) !== null && !isZero(amount)}
      send={({ query, headers }) =>
        client.POST("/api/receipts/{receipt_id}/add-landed-cost", {
          params: { path: { receipt_id: of.id }, query },
          headers,
          body,
        })
      }
      onDone={onDone}
      onClose={onClose}
    >
      {(errorOf) => (
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
          <DecimalInput
            label={t("receipts.amount")}
            required
            places={2}
            data-autofocus
            value={amount}
            error={errorOf("amount")}
            onChange={setAmount}
          />
          <Select
            label={t("receipts.split")}
            allowDeselect={false}
            data={splits.map((value) => ({ value, label: t(`receipts.splitBy.${value}`) }))}
            value={split}
            error={errorOf("split")}
            onChange={(value) => {
              setSplit(splits.find((one) => one === value) ?? "value");
            }}
          />
          <TextInput
            label={t("receipts.description")}
            maxLength={300}
            value={description}
            error={errorOf("description")}
            onChange={(event) => {
              setDescription(event.currentTarget.value);
            }}
          />
        </SimpleGrid>
      )}
    </CommandDialog>
  );
}

/** Goods of this receipt that go back; posting the return is another step, with its own preview. */
function ReturnDialog({ of, onClose }: { of: Receipt; onClose: () => void }) {
  const { t } = useTranslation("purchasing");
  const navigate = useNavigate();
  const create = useCreateReturn();
  const parts = of.lines.map((line) => ({
    key: line.id,
    sku: line.sku,
    name_en: line.name_en,
    name_ar: line.name_ar,
    more: line.lot_code || undefined,
    unit: "",
    most: difference(line.quantity, line.returned),
    rejected: difference(line.rejected, line.returned),
  }));
  const someRejected = parts.some((part) => !isZero(part.rejected) && !isNegative(part.rejected));
  const [values, setValues] = useState<Record<string, string>>(() =>
    Object.fromEntries(
      parts.map((part) => [
        part.key,
        isZero(part.rejected) || isNegative(part.rejected) ? "" : part.rejected,
      ]),
    ),
  );
  const [settlement, setSettlement] = useState<"refund" | "replace">("refund");
  const [reason, setReason] = useState(someRejected ? t("returns.rejected") : "");
  const [on, setOn] = useState<string | null>(null);
  const [place, setPlace] = useState<string | null>(null);
  const lines = parts.flatMap((part) => {
    const quantity = parseDecimal(values[part.key] ?? "");
    return quantity === null || isZero(quantity)
      ? []
      : [{ receipt_line_id: part.key, quantity, settlement, location_id: place }];
  });
  // Nothing moves by writing a return down: there is no rehearsal to show.
  const send: Send = ({ query }) =>
    query.dry_run
      ? Promise.resolve({ data: { stock: [], journal: [] }, response: new Response() })
      : create
          .mutateAsync({
            receipt_id: of.id,
            reason: reason.trim(),
            ...(on && { returned_on: on }),
            notes: "",
            lines,
          })
          .then(
            (data) => ({ data, response: new Response() }),
            (error: unknown) => Promise.reject(asProblem(error)),
          );
  return (
    <CommandDialog
      of={of}
      size="xl"
      title={t("receipts.return")}
      verb={t("returns.create")}
      asked={[lines, reason.trim() !== ""]}
      ready={lines.length > 0 && reason.trim() !== ""}
      send={send}
      onDone={(answer) => {
        notifications.show({ message: t("returns.created") });
        void navigate({
          to: "/supplier-returns/$returnId",
          params: { returnId: (answer as Return).id },
        });
      }}
      onClose={onClose}
    >
      <QuantitiesTable
        label={t("receipts.return")}
        mostLabel={t("line.received")}
        typedLabel={t("returns.goesBack")}
        parts={parts}
        values={values}
        onChange={setValues}
      />
      <div>
        <Text size="sm" fw={500} mb={4}>
          {t("returns.settlement")}
        </Text>
        <SegmentedControl
          aria-label={t("returns.settlement")}
          value={settlement}
          onChange={(value) => {
            setSettlement(value === "replace" ? "replace" : "refund");
          }}
          data={[
            { value: "refund", label: t("returns.refund") },
            { value: "replace", label: t("returns.replace") },
          ]}
        />
      </div>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
        <Textarea
          label={t("field.reason")}
          required
          autosize
          minRows={1}
          maxLength={300}
          value={reason}
          onChange={(event) => {
            setReason(event.currentTarget.value);
          }}
        />
        <DateInput
          label={t("field.returned_on")}
          placeholder={t("today")}
          value={on}
          onChange={setOn}
        />
        <PlaceSelect
          label={t("returns.from")}
          placeholder={t("returns.fromReceipt")}
          clearable
          warehouseId={of.warehouse_id}
          value={place}
          onChange={setPlace}
        />
      </SimpleGrid>
    </CommandDialog>
  );
}
