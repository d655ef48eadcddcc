import { Checkbox, Select, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { isNegative, isZero } from "@/shared/format/decimal";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { CommandDialog } from "@/shared/ui/command-dialog";
import { DateInput } from "@/shared/ui/date-input";

import { useOrderHelp } from "./order-help";
import { type Order } from "./queries";

type Props = { of: Order; onClose: () => void; onDone: (answer: unknown) => void };

export function QuoteDialog({ of, onClose, onDone }: Props) {
  const { t } = useTranslation("sales");
  const [expires_on, setDay] = useState(of.expires_on);
  return (
    <CommandDialog
      of={of}
      title={t("quote.title")}
      verb={t("quote.verb")}
      text={t("quote.text")}
      asked={expires_on}
      send={({ query, headers }) =>
        client.POST("/api/sales-orders/{order_id}/send-quote", {
          params: { path: { order_id: of.id }, query },
          headers,
          body: { ...(expires_on && { expires_on }) },
        })
      }
      onDone={onDone}
      onClose={onClose}
    >
      {(errorOf) => (
        <DateInput
          label={t("field.expires_on")}
          placeholder={t("quote.usual")}
          value={expires_on}
          error={errorOf("expires_on")}
          onChange={setDay}
        />
      )}
    </CommandDialog>
  );
}

export function ReserveDialog({ of, onClose, onDone }: Props) {
  const { t } = useTranslation("sales");
  const help = useOrderHelp(of);
  const [partly, setPartly] = useState(true);
  return (
    <CommandDialog
      of={of}
      title={t("command.reserve")}
      verb={t("command.reserve")}
      text={t("reserve.text")}
      asked={partly}
      help={help}
      send={({ query, headers }) =>
        client.POST("/api/sales-orders/{order_id}/reserve", {
          params: { path: { order_id: of.id }, query },
          headers,
          body: { partly },
        })
      }
      onDone={onDone}
      onClose={onClose}
    >
      <Checkbox
        label={t("reserve.partly")}
        checked={partly}
        onChange={(event) => {
          setPartly(event.currentTarget.checked);
        }}
      />
    </CommandDialog>
  );
}

export function ShortCloseDialog({ of, onClose, onDone }: Props) {
  const { t } = useTranslation("sales");
  const name = useName();
  const format = useFormat();
  const open = of.lines.filter(
    (line) => !isZero(line.open_to_ship) && !isNegative(line.open_to_ship),
  );
  const [lineId, setLine] = useState(open.length === 1 ? (open[0]?.id ?? null) : null);
  const [reason, setReason] = useState("");
  return (
    <CommandDialog
      of={of}
      title={t("shortClose.title")}
      verb={t("shortClose.verb")}
      danger
      text={t("shortClose.text")}
      ready={lineId !== null && reason.trim() !== ""}
      asked={lineId}
      send={({ query, headers }) =>
        client.POST("/api/sales-orders/{order_id}/short-close", {
          params: { path: { order_id: of.id }, query },
          headers,
          body: { line_id: lineId ?? "", reason: reason.trim() },
        })
      }
      onDone={onDone}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <Select
            label={t("shortClose.line")}
            required
            allowDeselect={false}
            value={lineId}
            data={open.map((line) => ({
              value: line.id,
              label: t("shortClose.open", {
                item: name(line),
                quantity: format.quantity(line.open_to_ship),
              }),
            }))}
            onChange={setLine}
          />
          <Textarea
            label={t("reason.why")}
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
        </>
      )}
    </CommandDialog>
  );
}

export function CloseDialog({ of, onClose, onDone }: Props) {
  const { t } = useTranslation("sales");
  const help = useOrderHelp(of);
  const open = of.lines.some((line) => !isZero(line.open_to_ship));
  const [accept, setAccept] = useState(false);
  const [reason, setReason] = useState("");
  return (
    <CommandDialog
      of={of}
      title={t("close.title", { number: of.number ?? "" })}
      verb={t("close.verb")}
      danger={open}
      text={open ? t("close.open") : t("close.text")}
      help={help}
      asked={accept}
      ready={!open || accept}
      send={({ query, headers }) =>
        client.POST("/api/sales-orders/{order_id}/close", {
          params: { path: { order_id: of.id }, query },
          headers,
          body: { accept_short_close: accept, reason: reason.trim() },
        })
      }
      onDone={onDone}
      onClose={onClose}
    >
      {open && (
        <>
          <Checkbox
            label={t("close.accept")}
            checked={accept}
            onChange={(event) => {
              setAccept(event.currentTarget.checked);
            }}
          />
          <Textarea
            label={t("reason.optional")}
            autosize
            minRows={1}
            maxLength={300}
            value={reason}
            onChange={(event) => {
              setReason(event.currentTarget.value);
            }}
          />
        </>
      )}
    </CommandDialog>
  );
}
