import { SegmentedControl, SimpleGrid, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/shared/api/problem";
import { difference, isNegative, isZero } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";
import { PlaceSelect } from "@/shared/goods/pickers";
import { CommandDialog, type Send } from "@/shared/ui/command-dialog";
import { DateInput } from "@/shared/ui/date-input";
import { QuantitiesTable } from "@/shared/ui/quantities-table";

import { type Receipt, type Return, useCreateReturn } from "./queries";

/** Goods of this receipt that go back; posting the return is another step, with its own preview. */
export function ReturnDialog({ of, onClose }: { of: Receipt; onClose: () => void }) {
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
