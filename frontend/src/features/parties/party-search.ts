import i18next from "i18next";

import { ask, client } from "@/shared/api/client";
import { nameIn } from "@/shared/i18n/names";
import { type RecordSearch } from "@/shared/session/records";

/** Customers and suppliers in the palette. */
export const partySearch: RecordSearch = {
  id: "parties",
  label: () => i18next.t("page.parties", { ns: "shell" }),
  permission: "party:read",
  async search(text, signal) {
    const found = await ask(
      client.GET("/api/parties", { params: { query: { q: text, limit: 6 } }, signal }),
    );
    return found.items.map((party) => ({
      id: party.id,
      label: nameIn(i18next.language, party),
      description: party.code,
      link: { to: "/parties/$partyId", params: { partyId: party.id } },
    }));
  },
};
