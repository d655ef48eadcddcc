import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";

const fields = [
  "number",
  "ordered_on",
  "expected_on",
  "needed_on",
  "answer_by",
  "received_on",
  "returned_on",
  "currency",
  "exchange_rate",
  "reference",
  "delivery_note",
  "notes",
  "notes_en",
  "notes_ar",
  "reason",
  "revision",
  "total",
  "value",
] as const;

/** How the audit trail calls the fields of purchasing's documents. */
export function useAuditWords() {
  const { t } = useTranslation("purchasing");
  const format = useFormat();
  return {
    labelOf: (field: string) => {
      const known = fields.find((one) => one === field);
      return known ? t(`field.${known}`) : null;
    },
    say: (field: string, value: unknown) => {
      if (typeof value !== "string" || value === "") return undefined;
      if (field === "total" || field === "value") return format.money(value);
      return /_on$|_by$/.test(field) ? format.day(value) : undefined;
    },
  };
}
