import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";

const fields = [
  "number",
  "total",
  "type",
  "supplied_on",
  "due_on",
  "currency",
  "exchange_rate",
  "prices_include_vat",
  "is_export",
  "reference",
  "notes_en",
  "notes_ar",
  "amount",
  "reason",
] as const;

/** How the audit trail calls the fields of an invoice. */
export function useAuditWords() {
  const { t } = useTranslation("invoicing");
  const { t: said } = useTranslation("documents");
  const format = useFormat();
  return {
    labelOf: (field: string) => {
      const known = fields.find((one) => one === field);
      if (!known) return null;
      if (known === "amount" || known === "reason") return said(`writeOff.${known}`);
      return known === "total" ? t("figure.total") : t(`field.${known}`);
    },
    say: (field: string, value: unknown) => {
      if (typeof value !== "string" || value === "") return undefined;
      if (field === "total" || field === "amount") return format.money(value);
      return field.endsWith("_on") ? format.day(value) : undefined;
    },
  };
}
