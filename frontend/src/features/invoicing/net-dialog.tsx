import { Select, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { difference, isNegative } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";
import { useFormat } from "@/shared/format/use-format";
import { CommandDialog } from "@/shared/ui/command-dialog";
import { DecimalInput } from "@/shared/ui/decimal-input";

import { type Invoice, openInvoicesOf, useBooked } from "./queries";

type Props = { of: Invoice; onStale: () => void; onClose: () => void };

/** Let what a credit note has open answer another invoice of its customer; no money moves. */
export function NetDialog({ of, onStale, onClose }: Props) {
  const { t } = useTranslation("invoicing");
  const format = useFormat();
  const booked = useBooked();
  const { data } = useQuery(openInvoicesOf(of.customer_id));
  const open = data?.items.filter(
    (one) => one.currency === of.currency && one.kind !== "credit_note" && one.kind !== "advance",
  );
  const [chosen, setChosen] = useState<string | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const answered = open?.find((one) => one.id === chosen);
  const most =
    answered && isNegative(difference(answered.open_amount, of.open_amount))
      ? answered.open_amount
      : of.open_amount;
  const amount = typed ?? most;
  const body = { invoice_id: chosen ?? "", amount: parseDecimal(amount) ?? amount };
  return (
    <CommandDialog
      of={of}
      title={t("net.title", { number: of.number ?? "" })}
      verb={t("net.verb")}
      text={t("net.text", { amount: `${format.money(of.open_amount)} ${of.currency}` })}
      asked={body}
      ready={answered !== undefined && amount !== ""}
      send={({ query, headers }) =>
        client.POST("/api/invoices/{invoice_id}/net", {
          params: { path: { invoice_id: of.id }, query },
          headers,
          body,
        })
      }
      onStale={onStale}
      onDone={(answer) => {
        booked(answer as Invoice);
        notifications.show({ message: t("net.done", { number: answered?.number ?? "" }) });
      }}
      onClose={onClose}
    >
      {(errorOf) =>
        open?.length === 0 ? (
          <Text c="dimmed">{t("net.none")}</Text>
        ) : (
          <>
            <Select
              label={t("net.invoice")}
              required
              searchable
              data-autofocus
              data={(open ?? []).map((one) => ({
                value: one.id,
                label: `${one.number ?? ""} · ${format.money(one.open_amount)} ${one.currency}`,
              }))}
              value={chosen}
              error={errorOf("invoice_id")}
              onChange={(id) => {
                setChosen(id);
                setTyped(null);
              }}
            />
            <DecimalInput
              label={t("net.amount", { currency: of.currency })}
              required
              places={2}
              w={{ base: "100%", sm: 220 }}
              value={amount}
              error={errorOf("amount")}
              onChange={setTyped}
            />
          </>
        )
      }
    </CommandDialog>
  );
}
