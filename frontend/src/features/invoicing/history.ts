import { useTranslation } from "react-i18next";

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
] as const;

/** How the audit trail calls the fields of an invoice. */
export function useAuditWords() {
  const { t } = useTranslation("invoicing");
  return {
    labelOf: (field: string) => {
      const known = fields.find((one) => one === field);
      if (!known) return null;
      return known === "total" ? t("figure.total") : t(`field.${known}`);
    },
  };
}
