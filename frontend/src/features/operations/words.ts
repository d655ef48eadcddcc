import { useTranslation } from "react-i18next";

/** What an action, a type or a task is called; one without a name is shown as it came. */
export function useWords() {
  const { t, i18n } = useTranslation("operations");
  return (group: "type" | "verb" | "task" | "field", key: string) => {
    const name = `${group}.${key}`;
    return i18n.exists(name, { ns: "operations" })
      ? t(name as "type.party")
      : key.replaceAll("_", " ");
  };
}

/** "catalog.product" and "product.changed" both speak of a product. */
export const lastPart = (name: string) => name.split(".").at(-1) ?? name;

/** The page of a record of this type; null where there is none. */
export function pageOf(type: string, id: string): string | null {
  const pages: Record<string, string> = {
    product: "/products/",
    price_list: "/price-lists/",
    party: "/parties/",
    invoice: "/invoices/",
    account: "/accounts/",
    journal_entry: "/journal-entries/",
    journalentry: "/journal-entries/",
    import: "/imports/",
    user: "/users/",
    role: "/roles/",
    bill: "/bills/",
    payment: "/payments/",
    bankstatement: "/bank-statements/",
    salesorder: "/sales-orders/",
    shipment: "/shipments/",
    customerreturn: "/customer-returns/",
    requisition: "/requisitions/",
    enquiry: "/enquiries/",
    purchaseorder: "/purchase-orders/",
    receipt: "/receipts/",
    supplierreturn: "/supplier-returns/",
    warehouse: "/warehouses/",
    lot: "/lots/",
    stockadjustment: "/stock-adjustments/",
    stocktransfer: "/transfers/",
    stockcount: "/counts/",
  };
  const page = pages[lastPart(type)];
  return page === undefined ? null : `${page}${id}`;
}
