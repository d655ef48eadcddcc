import { expect, test } from "vitest";

import { difference, isNegative, isZero, total } from "./decimal";

test("sums are exact where floats are not", () => {
  expect(total(["0.10", "0.20"])).toBe("0.30");
  expect(total(["9007199254740993.01", "0.01"])).toBe("9007199254740993.02");
  expect(total([])).toBe("0");
});

test("a difference keeps its sign and its places", () => {
  expect(difference("10", "2.5")).toBe("7.5");
  expect(difference("0.05", "0.10")).toBe("-0.05");
  expect(difference("1.00", "-1.00")).toBe("2.00");
});

test("nothing is neither positive nor negative", () => {
  expect(isZero("-0.00")).toBe(true);
  expect(isNegative("-0.00")).toBe(false);
  expect(isNegative("-0.01")).toBe(true);
});
