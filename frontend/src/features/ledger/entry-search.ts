import i18next from "i18next";

import { ask, client } from "@/shared/api/client";
import { toWestern } from "@/shared/format/digits";
import { type RecordSearch } from "@/shared/session/records";

/** Journal entries in the palette: a number finds its entry, words find memos and documents. */
export const entrySearch: RecordSearch = {
  id: "journal-entries",
  label: () => i18next.t("page.journalEntries", { ns: "shell" }),
  permission: "journal_entry:read",
  async search(text, signal) {
    const digits = toWestern(text.trim()).replace(/^#/, "");
    const query = /^\d{1,15}$/.test(digits)
      ? { number: Number(digits), limit: 1 }
      : { q: text, limit: 6 };
    const found = await ask(client.GET("/api/journal-entries", { params: { query }, signal }));
    return found.items.map((entry) => ({
      id: entry.id,
      label: `#${entry.number}${entry.memo && ` · ${entry.memo}`}`,
      description: entry.source_number || entry.date,
      link: { to: "/journal-entries/$entryId", params: { entryId: entry.id } },
    }));
  },
};
