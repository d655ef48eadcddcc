import i18next from "i18next";

import { ask, client } from "@/shared/api/client";
import { nameIn } from "@/shared/i18n/names";
import { type RecordSearch } from "@/shared/session/records";

import { named } from "./names";

/** Payments in the palette, by number, reference or party. */
export const paymentSearch: RecordSearch = {
  id: "payments",
  label: () => i18next.t("page.payments", { ns: "shell" }),
  permission: "payment:read",
  async search(text, signal) {
    const found = await ask(
      client.GET("/api/payments", { params: { query: { q: text, limit: 6 } }, signal }),
    );
    return found.items.map((row) => {
      const party = nameIn(i18next.language, named(row));
      return {
        id: row.id,
        label: row.number ?? party,
        description: party,
        link: { to: "/payments/$paymentId", params: { paymentId: row.id } },
      };
    });
  },
};
