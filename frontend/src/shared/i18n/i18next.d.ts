import type access from "./en/access.json";
import type accounts from "./en/accounts.json";
import type operations from "./en/operations.json";
import type exchange from "./en/exchange.json";
import type analytics from "./en/analytics.json";
import type banking from "./en/banking.json";
import type bills from "./en/bills.json";
import type catalog from "./en/catalog.json";
import type common from "./en/common.json";
import type documents from "./en/documents.json";
import type invoicing from "./en/invoicing.json";
import type ledger from "./en/ledger.json";
import type parties from "./en/parties.json";
import type payments from "./en/payments.json";
import type records from "./en/records.json";
import type reports from "./en/reports.json";
import type purchasing from "./en/purchasing.json";
import type sales from "./en/sales.json";
import type shell from "./en/shell.json";
import type stock from "./en/stock.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: {
      access: typeof access;
      accounts: typeof accounts;
      operations: typeof operations;
      exchange: typeof exchange;
      analytics: typeof analytics;
      banking: typeof banking;
      bills: typeof bills;
      catalog: typeof catalog;
      common: typeof common;
      documents: typeof documents;
      invoicing: typeof invoicing;
      ledger: typeof ledger;
      parties: typeof parties;
      payments: typeof payments;
      records: typeof records;
      reports: typeof reports;
      purchasing: typeof purchasing;
      sales: typeof sales;
      shell: typeof shell;
      stock: typeof stock;
    };
  }
}
