import i18next from "i18next";

import { ask, client } from "@/shared/api/client";
import { nameIn } from "@/shared/i18n/names";
import { type RecordSearch } from "@/shared/session/records";

import { named } from "./names";

/** Bills in the palette, by our number, the supplier's, or his name. */
export const billSearch: RecordSearch = {
  id: "bills",
  label: () => i18next.t("page.bills", { ns: "shell" }),
  permission: "bill:read",
  async search(text, signal) {
    const found = await ask(
      client.GET("/api/bills", { params: { query: { q: text, limit: 6 } }, signal }),
    );
    return found.items.map((one) => ({
      id: one.id,
      label: one.number ?? one.supplier_number,
      description: `${nameIn(i18next.language, named(one))} · ${one.supplier_number}`,
      link: { to: "/bills/$billId", params: { billId: one.id } },
    }));
  },
};
