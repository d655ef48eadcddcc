import { userSearch } from "@/features/accounts/user-search";
import { billSearch } from "@/features/bills/bill-search";
import { productSearch } from "@/features/catalog/product-search";
import { importSearch } from "@/features/exchange/import-search";
import { partySearch } from "@/features/parties/party-search";
import { invoiceSearch } from "@/features/invoicing/invoice-search";
import { entrySearch } from "@/features/ledger/entry-search";
import { paymentSearch } from "@/features/payments/payment-search";
import { orderSearch, returnSearch, shipmentSearch } from "@/features/sales/sales-search";
import { purchasingSearches } from "@/features/purchasing/purchasing-searches";
import { stockSearches } from "@/features/stock/stock-searches";
import { registerRecordSearch } from "@/shared/session/records";

/** What the palette finds besides pages; a feature adds its own here. */
export function registerRecordSearches() {
  for (const source of [
    orderSearch,
    shipmentSearch,
    returnSearch,
    invoiceSearch,
    paymentSearch,
    entrySearch,
    productSearch,
    partySearch,
    userSearch,
    importSearch,
    ...purchasingSearches,
    billSearch,
    ...stockSearches,
  ])
    registerRecordSearch(source);
}
