import { expect, test } from "vitest";

import { emptyDraft, emptyLine, fromText, missingFrom, sent } from "./draft-values";
import { standingOf } from "./invoice-status";

test("a blank line is neither missing anything nor sent", () => {
  const line = { ...emptyLine(), name_en: "Delivery", quantity: "1", unit_price: "75" };
  const draft = { ...emptyDraft("rita"), lines: [line, emptyLine()] };
  expect(missingFrom(draft)).toBeNull();
  expect(sent(draft).lines).toHaveLength(1);
});

test("a draft says what it waits for", () => {
  expect(missingFrom(emptyDraft())).toBe("customer");
  expect(missingFrom(emptyDraft("rita"))).toBe("lines");
  const begun = { ...emptyLine(), name_en: "Delivery", quantity: "" };
  expect(missingFrom({ ...emptyDraft("rita"), lines: [begun] })).toBe("line");
});

test("a description goes to the language it is written in", () => {
  expect(fromText("توصيل")).toMatchObject({ name_ar: "توصيل", name_en: "" });
  expect(fromText("Delivery")).toMatchObject({ name_ar: "", name_en: "Delivery" });
});

test("an invoice is overdue from the day after it is due", () => {
  const of = {
    kind: "invoice",
    state: "posted",
    payment_state: "unpaid",
    due_on: "2026-03-31",
  } as const;
  expect(standingOf(of, "2026-03-31")).toBe("unpaid");
  expect(standingOf(of, "2026-04-01")).toBe("overdue");
  expect(standingOf({ ...of, payment_state: "paid" }, "2026-04-01")).toBe("paid");
  expect(standingOf({ ...of, kind: "credit_note" }, "2026-04-01")).toBe("issued");
});
