import { Checkbox, SimpleGrid, Text, Textarea } from "@mantine/core";
import { useParams, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { isNegative, isZero, difference } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { CommandBar, type Command } from "@/shared/ui/command-bar";
import { CommandDialog, type Send } from "@/shared/ui/command-dialog";
import { DateInput } from "@/shared/ui/date-input";
import { DateText } from "@/shared/ui/date-text";
import { FromTo } from "@/shared/ui/from-to";
import { DocumentView, type LineColumn, LinesTable, ProductCell } from "@/shared/ui/document-view";
import { Loaded } from "@/shared/ui/loaded";
import { Money, Quantity } from "@/shared/ui/money";
import { everythingOf, QuantitiesTable, type QuantityPart } from "@/shared/ui/quantities-table";

import { type Transfer, type TransferLine, transfer, useKeepTransfer } from "./transfer-queries";

export function TransferPage() {
  const { transferId } = useParams({ from: "/shell/transfers/$transferId" });
  return <Loaded query={transfer(transferId)}>{(of) => <Show key={of.id} of={of} />}</Loaded>;
}

/** What can happen to a transfer now, the sensible thing first. */
function nextOf(of: Transfer): string[] {
  const within = of.source_id === of.destination_id;
  switch (of.state) {
    case "draft":
      return within
        ? ["move", "edit", "approve", "cancel"]
        : ["reserve", "edit", "approve", "cancel"];
    case "approved":
      return within ? ["move", "cancel"] : ["reserve", "cancel"];
    case "reserved":
      return of.lines.some((line) => isNegative(difference(line.reserved, line.quantity)))
        ? ["dispatch", "reserve", "cancel"]
        : ["dispatch", "cancel"];
    case "in_transit":
      return ["receive", "return", "write_off"];
    default:
      return [];
  }
}

function Show({ of }: { of: Transfer }) {
  const { t } = useTranslation("stock");
  const name = useName();
  const format = useFormat();
  const navigate = useNavigate();
  const keep = useKeepTransfer();
  const source = name({ name_en: of.source_name_en, name_ar: of.source_name_ar }) || of.source_code;
  const destination =
    name({ name_en: of.destination_name_en, name_ar: of.destination_name_ar }) ||
    of.destination_code;
  const within = of.source_id === of.destination_id;
  const title =
    of.number ??
    t("transfers.draftOf", { source: of.source_code, destination: of.destination_code });
  const params = { path: { transfer_id: of.id } };
  const commands: Command[] = [
    {
      name: "edit",
      label: t("action.edit"),
      permission: "transfer:edit",
      go: () => void navigate({ to: "/transfers/$transferId/edit", params: { transferId: of.id } }),
    },
    {
      name: "approve",
      label: t("transfers.approve"),
      permission: "transfer:approve",
      done: t("transfers.done.approve"),
      send: ({ query, headers }) =>
        client.POST("/api/transfers/{transfer_id}/approve", {
          params: { ...params, query },
          headers,
        }),
    },
    {
      name: "reserve",
      label: t("transfers.reserve"),
      permission: "transfer:move",
      done: t("transfers.done.reserve"),
      dialog: (close) => <ReserveDialog of={of} onClose={close} />,
    },
    {
      name: "dispatch",
      label: t("transfers.dispatch"),
      permission: "transfer:move",
      text: t("transfers.dispatchText", { source, destination }),
      done: t("transfers.done.dispatch"),
      send: ({ query, headers }) =>
        client.POST("/api/transfers/{transfer_id}/dispatch", {
          params: { ...params, query },
          headers,
          body: {},
        }),
    },
    {
      name: "move",
      label: t("transfers.move"),
      permission: "transfer:move",
      text: t("transfers.moveText"),
      done: t("transfers.done.move"),
      send: ({ query, headers }) =>
        client.POST("/api/transfers/{transfer_id}/move", {
          params: { ...params, query },
          headers,
          body: {},
        }),
    },
    ...(["receive", "return", "write_off"] as const).map((step): Command => ({
      name: step,
      label: t(step === "return" ? "transfers.return_to_source" : `transfers.${step}`),
      permission: step === "write_off" ? "transfer:write_off" : "transfer:move",
      danger: step === "write_off",
      dialog: (close) => <StepDialog of={of} step={step} source={source} onClose={close} />,
    })),
    {
      name: "cancel",
      label: t("transfers.cancel"),
      permission: "transfer:cancel",
      danger: true,
      text: t("transfers.cancelText"),
      done: t("transfers.done.cancel"),
      send: ({ query, headers }) =>
        client.POST("/api/transfers/{transfer_id}/cancel", {
          params: { ...params, query },
          headers,
        }),
    },
  ];
  const moved = !["draft", "approved", "cancelled"].includes(of.state);
  const any = (field: "in_transit" | "returned" | "written_off" | "reserved") =>
    of.lines.some((line) => !isZero(line[field]));
  const places = of.lines.some((line) => line.source_location_id ?? line.destination_location_id);

  return (
    <DocumentView
      back={{ link: { to: "/transfers" }, label: t("transfers.title") }}
      title={title}
      subtitle={
        within ? (
          <bdi>{`${source} · ${t("transfers.within")}`}</bdi>
        ) : (
          <FromTo from={source} to={destination} />
        )
      }
      state={of.state}
      commands={<CommandBar of={of} next={nextOf(of)} commands={commands} onDone={keep} />}
      facts={[
        { label: t("transfers.source"), value: <bdi>{source}</bdi> },
        !within && { label: t("transfers.destination"), value: <bdi>{destination}</bdi> },
        of.expected_on !== null && {
          label: t("transfers.expected_on"),
          value: <DateText day={of.expected_on} />,
        },
        of.dispatched_on !== null && {
          label: t("transfers.dispatched_on"),
          value: <DateText day={of.dispatched_on} />,
        },
        { label: t("field.reference"), value: of.reference && <bdi>{of.reference}</bdi> },
        !isZero(of.progress.transit_value ?? "0") && {
          label: t("transfers.line.in_transit"),
          value: <Money amount={of.progress.transit_value} currency="SAR" />,
        },
        { label: t("field.notes"), value: of.notes && <bdi>{of.notes}</bdi>, wide: true },
      ]}
      lines={
        <LinesTable<TransferLine>
          label={t("section.lines")}
          lines={of.lines}
          lineKey={(line) => line.id}
          columns={[
            {
              id: "product",
              label: t("field.product"),
              card: "title",
              cell: (line) => (
                <ProductCell name={name(line)} sku={line.sku} more={line.lot_code ?? undefined} />
              ),
            },
            places && {
              id: "places",
              label: t("card.fromTo"),
              cell: (line) => (
                <span className="aw-ltr">
                  {line.source_location_code ?? of.source_code} →{" "}
                  {line.destination_location_code ?? of.destination_code}
                </span>
              ),
            },
            figure("quantity", t("transfers.line.wanted"), "end"),
            any("reserved") && figure("reserved", t("transfers.line.reserved")),
            moved && figure("dispatched", t("transfers.line.dispatched")),
            moved && figure("received", t("transfers.line.received")),
            any("in_transit") && figure("in_transit", t("transfers.line.in_transit")),
            any("returned") && figure("returned", t("transfers.line.returned")),
            any("written_off") && figure("written_off", t("transfers.line.written_off")),
          ]}
        />
      }
      history={{
        id: of.id,
        version: of.version,
        labelOf: (field) =>
          field === "expected_on"
            ? t("transfers.expected_on")
            : field === "reference"
              ? t("field.reference")
              : field === "notes"
                ? t("field.notes")
                : field === "reason"
                  ? t("field.reason")
                  : field === "on"
                    ? t("field.day")
                    : null,
        say: (field, value) =>
          (field === "on" || field === "expected_on") && typeof value === "string" && value !== ""
            ? format.day(value)
            : undefined,
      }}
    />
  );

  function figure(
    field:
      | "quantity"
      | "reserved"
      | "dispatched"
      | "received"
      | "in_transit"
      | "returned"
      | "written_off",
    label: string,
    card?: "end",
  ): LineColumn<TransferLine> {
    return {
      id: field,
      label,
      align: "end",
      ...(card && { card }),
      cell: (line) => (
        <Quantity
          amount={line[field]}
          {...(field === "quantity" && {
            unit: name({ name_en: line.stock_unit_en, name_ar: line.stock_unit_ar }),
          })}
        />
      ),
    };
  }
}

function ReserveDialog({ of, onClose }: { of: Transfer; onClose: () => void }) {
  const { t } = useTranslation("stock");
  const keep = useKeepTransfer();
  const [partly, setPartly] = useState(false);
  return (
    <CommandDialog
      of={of}
      title={t("transfers.reserve")}
      verb={t("transfers.reserve")}
      text={t("transfers.reserveText")}
      asked={partly}
      send={({ query, headers }) =>
        client.POST("/api/transfers/{transfer_id}/reserve", {
          params: { path: { transfer_id: of.id }, query },
          headers,
          body: { partly },
        })
      }
      onDone={keep}
      onClose={onClose}
    >
      <Checkbox
        label={t("transfers.partly")}
        checked={partly}
        onChange={(event) => {
          setPartly(event.currentTarget.checked);
        }}
      />
    </CommandDialog>
  );
}

type Travelling = QuantityPart & { most: string; line_id: string; lot_id: string | null };

function useTravelling(of: Transfer): Travelling[] {
  const name = useName();
  return of.lines.flatMap((line) =>
    line.travelling.map((sent) => ({
      key: `${line.id} ${sent.lot_id ?? ""}`,
      line_id: line.id,
      lot_id: sent.lot_id,
      more: sent.lot_code,
      sku: line.sku,
      name_en: line.name_en,
      name_ar: line.name_ar,
      unit: name({ name_en: line.stock_unit_en, name_ar: line.stock_unit_ar }),
      most: sent.quantity,
    })),
  );
}

type Step = "receive" | "return" | "write_off";

/** What arrived, went back or was lost: prefilled with all that is on its way. */
function StepDialog({
  of,
  step,
  source,
  onClose,
}: {
  of: Transfer;
  step: Step;
  source: string;
  onClose: () => void;
}) {
  const { t } = useTranslation("stock");
  const keep = useKeepTransfer();
  const parts = useTravelling(of);
  const [values, setValues] = useState(() => everythingOf(parts));
  const [on, setOn] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const chosen = parts.filter((part) => !isZero(values[part.key] ?? ""));
  const body = {
    ...(on && { on }),
    parts: chosen.map((part) => ({
      line_id: part.line_id,
      quantity: values[part.key] ?? "0",
      lot_id: part.lot_id,
    })),
  };
  const readable = chosen.every((part) => parseDecimal(values[part.key] ?? "") !== null);
  const short = parts.filter((part) =>
    isNegative(difference(parseDecimal(values[part.key] ?? "") ?? "0", part.most)),
  );
  const send: Send = ({ query, headers }) => {
    const params = { path: { transfer_id: of.id }, query };
    if (step === "receive")
      return client.POST("/api/transfers/{transfer_id}/receive", { params, headers, body });
    if (step === "return")
      return client.POST("/api/transfers/{transfer_id}/return", { params, headers, body });
    return client.POST("/api/transfers/{transfer_id}/write-off", {
      params,
      headers,
      body: { ...body, reason: reason.trim() },
    });
  };
  const words = {
    receive: {
      title: t("transfers.receive"),
      text: t("transfers.receiveText"),
      typed: t("transfers.arrived"),
    },
    return: {
      title: t("transfers.return_to_source"),
      text: t("transfers.returnText", { source }),
      typed: t("transfers.line.returned"),
    },
    write_off: {
      title: t("transfers.write_off"),
      text: t("transfers.writeOffText"),
      typed: t("transfers.missing"),
    },
  }[step];
  return (
    <CommandDialog
      of={of}
      title={words.title}
      verb={words.title}
      danger={step === "write_off"}
      text={words.text}
      asked={step === "write_off" ? [body, reason.trim() !== ""] : body}
      ready={chosen.length > 0 && readable && (step !== "write_off" || reason.trim() !== "")}
      send={send}
      onDone={keep}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <QuantitiesTable
            label={words.title}
            typedLabel={words.typed}
            mostLabel={t("transfers.line.in_transit")}
            parts={parts}
            values={values}
            onChange={setValues}
          />
          {step === "receive" && (
            <Text size="sm" c="dimmed" role="status">
              {short.length === 0
                ? t("transfers.nothingMissing")
                : short
                    .map((part) =>
                      t("transfers.stillMissing", {
                        quantity: difference(
                          part.most,
                          parseDecimal(values[part.key] ?? "") ?? "0",
                        ),
                        sku: part.sku,
                      }),
                    )
                    .join(" · ")}
            </Text>
          )}
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
            <DateInput
              label={t("field.day")}
              placeholder={t("today")}
              value={on}
              error={errorOf("on")}
              onChange={setOn}
            />
          </SimpleGrid>
          {step === "write_off" && (
            <Textarea
              label={t("field.reason")}
              required
              autosize
              minRows={1}
              maxLength={300}
              value={reason}
              error={errorOf("reason")}
              onChange={(event) => {
                setReason(event.currentTarget.value);
              }}
            />
          )}
        </>
      )}
    </CommandDialog>
  );
}
