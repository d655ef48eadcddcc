import { Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { difference, isNegative, isZero } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";
import { CommandDialog } from "@/shared/ui/command-dialog";
import { everythingOf, QuantitiesTable } from "@/shared/ui/quantities-table";

import { type Receipt } from "./queries";

/** What the inspection found: the rest of each line is rejected. */
export function InspectionDialog({
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
