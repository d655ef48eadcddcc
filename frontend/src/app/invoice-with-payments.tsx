import { InvoicePage } from "@/features/invoicing/invoice-page";
import { DocumentPayments } from "@/features/payments/document-payments";

/** An invoice, and what was paid on it: two features meet here. */
export function InvoiceWithPayments() {
  return <InvoicePage payments={(of) => <DocumentPayments documentId={of.id} />} />;
}
