import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";

import { methods } from "./names";

const fields = [
  "number",
  "bank_account",
  "amount",
  "party",
  "reference",
  "notes",
  "method",
  "paid_on",
  "currency",
  "exchange_rate",
  "reason",
  "to",
  "from",
  "advance",
  "refunds",
  "note",
  "on",
  "payment",
  "file",
  "lines",
] as const;

/** How the audit trail calls the fields of payments. */
export function usePaymentWords() {
  const { t } = useTranslation("payments");
  const format = useFormat();
  return {
    labelOf: (field: string) => {
      const known = fields.find((one) => one === field);
      return known ? t(`audit.${known}`) : null;
    },
    say: (field: string, value: unknown) => {
      // [["INV-000001", "60.00"], …]: what was answered, and how much of it.
      if (field === "to" && Array.isArray(value))
        return (value as [string, string][])
          .map(([number, amount]) => `${number}: ${format.money(amount)}`)
          .join(" · ");
      if (typeof value !== "string" || value === "") return undefined;
      if (field === "amount") return format.money(value);
      const method = field === "method" && methods.find((one) => one === value);
      if (method) return t(`method.${method}`);
      return field === "on" || field === "paid_on" ? format.day(value) : undefined;
    },
  };
}
