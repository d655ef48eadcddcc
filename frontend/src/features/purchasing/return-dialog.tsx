import { SegmentedControl, SimpleGrid, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/shared/api/problem";
import { difference, isNegative, isZero } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";
import { PlaceSelect } from "@/shared/goods/pickers";
import { DateInput } from "@/shared/ui/date-input";
import { FormDialog } from "@/shared/ui/form-dialog";
import { placeErrors } from "@/shared/ui/line-errors";
import { QuantitiesTable } from "@/shared/ui/quantities-table";

import { type Receipt, useCreateReturn } from "./queries";

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
  const write = () =>
    create
      .mutateAsync({
        receipt_id: of.id,
        reason: reason.trim(),
        ...(on && { returned_on: on }),
        notes: "",
        lines,
      })
      .then((made) => {
        notifications.show({ message: t("returns.created") });
        void navigate({ to: "/supplier-returns/$returnId", params: { returnId: made.id } });
      });
  const errors = placeErrors(
    create.error && asProblem(create.error),
    lines.map((line) => line.receipt_line_id),
    ["reason", "returned_on"],
  );
  return (
    <FormDialog
      size="xl"
      title={t("receipts.return")}
      verb={t("returns.create")}
      reason={
        lines.length === 0
          ? t("returns.noLines")
          : reason.trim() === ""
            ? t("returns.noReason")
            : null
      }
      send={{ ...create, mutateAsync: write }}
      rest={errors.rest}
      onClose={onClose}
    >
      <QuantitiesTable
        label={t("receipts.return")}
        mostLabel={t("line.received")}
        typedLabel={t("returns.goesBack")}
        parts={parts}
        values={values}
        onChange={setValues}
        errorOf={(part) => errors.at(part.key, "quantity")}
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
          error={errors.of("reason")}
          onChange={(event) => {
            setReason(event.currentTarget.value);
          }}
        />
        <DateInput
          label={t("field.returned_on")}
          placeholder={t("today")}
          value={on}
          error={errors.of("returned_on")}
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
    </FormDialog>
  );
}
