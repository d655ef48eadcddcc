import { BillPage } from "@/features/bills/bill-page";
import { DocumentPayments } from "@/features/payments/document-payments";

/** A supplier's bill, and what was paid on it: two features meet here. */
export function BillWithPayments() {
  return <BillPage payments={(of) => <DocumentPayments documentId={of.id} />} />;
}
