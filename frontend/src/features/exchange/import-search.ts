import i18next from "i18next";

import { ask, client } from "@/shared/api/client";
import { matches } from "@/shared/i18n/fold";
import { type RecordSearch } from "@/shared/session/records";

/** Imports in the palette, by the name of their file. */
export const importSearch: RecordSearch = {
  id: "imports",
  label: () => i18next.t("page.imports", { ns: "shell" }),
  permission: "import:read",
  async search(text, signal) {
    // There are few imports and the server does not search them: look among the latest.
    const latest = await ask(
      client.GET("/api/imports", { params: { query: { limit: 200 } }, signal }),
    );
    return latest.items
      .filter((one) => matches(one.file_name, text))
      .slice(0, 6)
      .map((one) => ({
        id: one.id,
        label: one.file_name,
        description: one.created_at.slice(0, 10),
        link: { to: "/imports/$importId", params: { importId: one.id } },
      }));
  },
};
