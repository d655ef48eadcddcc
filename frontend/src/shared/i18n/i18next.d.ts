import type accounts from "./en/accounts.json";
import type catalog from "./en/catalog.json";
import type common from "./en/common.json";
import type shell from "./en/shell.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: {
      accounts: typeof accounts;
      catalog: typeof catalog;
      common: typeof common;
      shell: typeof shell;
    };
  }
}
