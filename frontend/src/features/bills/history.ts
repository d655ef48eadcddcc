import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";

const fields = [
  "number",
  "supplier_number",
  "issued_on",
  "due_on",
  "currency",
  "exchange_rate",
  "prices_include_vat",
  "vat_treatment",
  "rounding",
  "reference",
  "notes",
  "reason",
  "total",
  "amount",
] as const;

const treatments = ["domestic", "customs", "reverse_charge"] as const;

/** How the audit trail calls the fields of a bill. */
export function useBillWords() {
  const { t } = useTranslation("bills");
  const format = useFormat();
  return {
    labelOf: (field: string) => {
      const known = fields.find((one) => one === field);
      return known ? t(`field.${known}`) : null;
    },
    say: (field: string, value: unknown) => {
      if (typeof value !== "string" || value === "") return undefined;
      if (["total", "rounding", "amount"].includes(field)) return format.money(value);
      if (field === "vat_treatment") {
        const known = treatments.find((one) => one === value);
        return known && t(`treatment.${known}`);
      }
      return field.endsWith("_on") ? format.day(value) : undefined;
    },
  };
}
