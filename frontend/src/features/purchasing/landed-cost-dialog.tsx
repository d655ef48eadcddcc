import { Select, SimpleGrid, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { isZero } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";
import { CommandDialog } from "@/shared/ui/command-dialog";
import { DecimalInput } from "@/shared/ui/decimal-input";

import { type Receipt } from "./queries";

const splits = ["value", "quantity", "weight", "volume"] as const;

/** Freight or duty that belongs to the cost of these goods. */
export function LandedCostDialog({
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
