import { useTranslation } from "react-i18next";

/** What documents and people post into the books. */
export const entryKinds = [
  "manual",
  "opening",
  "invoice",
  "credit_note",
  "debit_note",
  "advance",
  "bill",
  "supplier_note",
  "receipt",
  "payment",
  "allocation",
  "refund",
  "bounce",
  "clearing",
  "write_off",
  "bank_charge",
  "goods_receipt",
  "shipment",
  "shipment_reversal",
  "customer_return",
  "customer_return_scrap",
  "supplier_return",
  "landed_cost",
  "cost_of_sales",
  "stock_adjustment",
  "stock_transfer",
  "stock_count",
  "stock_settlement",
  "imported_goods",
  "reversal",
] as const;

/** What kind of entry it is; a kind of a later version is shown by its own name. */
export function useEntryKind() {
  const { t } = useTranslation("records");
  return (kind: string) => {
    const known = entryKinds.find((one) => one === kind);
    return known ? t(`entryKind.${known}`) : kind;
  };
}
