import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";
import { useStateWord } from "@/shared/ui/document-status";

const fields = [
  "number",
  "total",
  "customer_id",
  "warehouse_id",
  "promised_on",
  "expires_on",
  "currency",
  "exchange_rate",
  "prices_include_vat",
  "is_export",
  "invoice_policy",
  "reference",
  "notes_en",
  "notes_ar",
  "reason",
  "revision",
  "line",
  "quantity",
  "on",
  "proof",
  "carrier",
  "tracking_number",
  "freight_cost",
  "planned_on",
  "notes",
  "order",
] as const;

/** How the audit trail calls the fields of orders, shipments and returns. */
export function useOrderWords() {
  const { t } = useTranslation("sales");
  const format = useFormat();
  const state = useStateWord();
  return {
    labelOf: (field: string) => {
      const known = fields.find((one) => one === field);
      return known ? t(`audit.${known}`) : null;
    },
    say: (field: string, value: unknown) => {
      if (typeof value !== "string" || value === "") return undefined;
      if (field === "state") return state(value);
      if (field === "total" || field === "freight_cost") return format.money(value);
      if (field === "quantity") return format.quantity(value);
      return field === "on" || field.endsWith("_on") ? format.day(value) : undefined;
    },
  };
}
