import { expect, test } from "vitest";

import { fold, matches } from "./fold";

test.each([
  ["أحمد", "احمد"],
  ["إدارة", "اداره"],
  ["مُحَمَّد", "محمد"],
  ["فـــاتورة", "فاتوره"],
  ["على", "علي"],
  ["Café  ÉTÉ", "cafe ete"],
])("%s and %s are the same to a reader in a hurry", (written, typed) => {
  expect(fold(written)).toBe(fold(typed));
});

test("every word must be found, in any order", () => {
  expect(matches("ميزان المراجعة Trial balance", "المراجعه ميزان")).toBe(true);
  expect(matches("ميزان المراجعة Trial balance", "trial loss")).toBe(false);
});
