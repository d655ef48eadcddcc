import i18next from "i18next";

import { ask, client } from "@/shared/api/client";
import { nameIn } from "@/shared/i18n/names";
import { type RecordSearch } from "@/shared/session/records";

/** Invoices and credit notes in the palette, by number, reference or customer. */
export const invoiceSearch: RecordSearch = {
  id: "invoices",
  label: () => i18next.t("page.invoices", { ns: "shell" }),
  permission: "invoice:read",
  async search(text, signal) {
    const found = await ask(
      client.GET("/api/invoices", { params: { query: { q: text, limit: 6 } }, signal }),
    );
    return found.items
      .filter((invoice) => invoice.number !== null)
      .map((invoice) => ({
        id: invoice.id,
        label: invoice.number ?? "",
        description: nameIn(i18next.language, {
          name_en: invoice.customer_name_en,
          name_ar: invoice.customer_name_ar,
        }),
        link: { to: "/invoices/$invoiceId", params: { invoiceId: invoice.id } },
      }));
  },
};
