import i18next from "i18next";

import { ask, client } from "@/shared/api/client";
import { nameIn } from "@/shared/i18n/names";
import { type RecordSearch } from "@/shared/session/records";

/** Users in the palette. */
export const userSearch: RecordSearch = {
  id: "users",
  label: () => i18next.t("page.users", { ns: "shell" }),
  permission: "user:read",
  async search(text, signal) {
    const found = await ask(
      client.GET("/api/users", { params: { query: { q: text, limit: 6 } }, signal }),
    );
    return found.items.map((user) => ({
      id: user.id,
      label: nameIn(i18next.language, user) || user.email,
      description: user.email,
      link: { to: "/users/$userId", params: { userId: user.id } },
    }));
  },
};
