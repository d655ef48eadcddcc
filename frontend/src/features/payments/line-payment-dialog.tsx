import { notifications } from "@mantine/notifications";
import { Select, SimpleGrid } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { isNegative } from "@/shared/format/decimal";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { CommandDialog } from "@/shared/ui/command-dialog";
import { DecimalInput } from "@/shared/ui/decimal-input";

import { AllocationFields } from "./allocation-fields";
import { amountOf } from "./amounts";
import { methods } from "./names";
import { PartySelect } from "./party-select";
import {
  type BankLine,
  type Method,
  party,
  type Payment,
  type Side,
  type Statement,
  useForgetMoney,
} from "./queries";
import { usualSide } from "./sides";
import { type Taken, useAllocation } from "./use-allocation";

type Props = { of: BankLine; statement: Statement; onDone: () => void; onClose: () => void };

/** The payment that a bank line tells of, which nobody has written down yet. */
export function LinePaymentDialog({ of, statement, onDone, onClose }: Props) {
  const { t } = useTranslation("payments");
  const name = useName();
  const format = useFormat();
  const forget = useForgetMoney();
  const [partyId, setParty] = useState(of.suggested_party?.id ?? null);
  const [role, setRole] = useState<Side | null>(null);
  const [method, setMethod] = useState<Method>("bank_transfer");
  const [typedRate, setRate] = useState("1");
  const [own, setOwn] = useState<Taken | null>(null);
  const { data: chosen } = useQuery({ ...party(partyId ?? ""), enabled: partyId !== null });
  const kind = isNegative(of.amount) ? "payment" : "receipt";
  const side = role ?? usualSide(kind);
  const amount = of.amount.replace("-", "");
  const rate = amountOf(typedRate);
  const foreign = statement.currency !== "SAR";
  const allocation = useAllocation({
    party_id: partyId,
    kind,
    side,
    currency: statement.currency,
    amount,
    own,
  });
  const body = {
    party_id: partyId ?? "",
    side,
    method,
    exchange_rate: foreign ? (rate ?? typedRate) : "1",
    allocations: allocation.wishes,
  };
  return (
    <CommandDialog
      of={of}
      size="xl"
      title={t("match.payTitle")}
      verb={t("match.payVerb")}
      text={t("match.payText", {
        amount: `${format.money(amount)} ${statement.currency}`,
        day: format.day(of.booked_on),
      })}
      ready={partyId !== null && chosen !== undefined && allocation.isReady && rate !== null}
      asked={body}
      send={({ query, headers }) =>
        client.POST("/api/bank-lines/{line_id}/payment", {
          params: { path: { line_id: of.id }, query },
          headers,
          body,
        })
      }
      onDone={(answer) => {
        notifications.show({
          message: t("match.payDone", { number: (answer as Payment).number ?? "" }),
        });
        onDone();
        forget();
      }}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
            <Select
              label={t("field.side")}
              allowDeselect={false}
              value={side}
              data={(["customer", "supplier"] as const).map((value) => ({
                value,
                label: t(kind === "receipt" ? `from.${value}` : `to.${value}`),
              }))}
              onChange={(value) => {
                setRole(value);
                setParty(null);
                setOwn(null);
              }}
            />
            <PartySelect
              side={side}
              label={t(`side.${side}`)}
              required
              data-autofocus
              value={partyId}
              error={errorOf("party_id")}
              onChange={(id) => {
                setParty(id);
                setOwn(null);
              }}
            />
            <Select
              label={t("field.method")}
              allowDeselect={false}
              value={method}
              data={methods.map((value) => ({ value, label: t(`method.${value}`) }))}
              onChange={(value) => {
                setMethod(value ?? "bank_transfer");
              }}
            />
            {foreign && (
              <DecimalInput
                label={t("field.exchange_rate")}
                description={t("field.rateHint", { currency: statement.currency })}
                required
                value={typedRate}
                error={errorOf("exchange_rate")}
                onChange={setRate}
              />
            )}
          </SimpleGrid>
          {partyId !== null && chosen && (
            <AllocationFields
              allocation={allocation}
              party={name(chosen)}
              currency={statement.currency}
              onChange={setOwn}
              errorOf={(index) => errorOf(`allocations.${index}.document_id`)}
            />
          )}
        </>
      )}
    </CommandDialog>
  );
}
