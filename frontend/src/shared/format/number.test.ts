import { expect, test } from "vitest";

import { money, parseDecimal, quantity, withPlaces } from "./number";

test.each([
  ["1,234.50", "1234.50"],
  ["١٬٢٣٤٫٥٠", "1234.50"],
  ["۱۲۳", "123"],
  ["12,5", "12.5"],
  ["1,234,567", "1234567"],
  ["(15.00)", "-15.00"],
  ["15-", "-15"],
  ["−3", "-3"],
  [" SAR 1 000 ", "1000"],
  ["٢٥٠ ر.س", "250"],
  [".5", "0.5"],
  ["007", "7"],
  ["-0", "0"],
])("%s is read as %s", (typed, read) => {
  expect(parseDecimal(typed)).toBe(read);
});

test.each(["", "abc", "1.2.3", "12,34,5", "--1", "1e5", "NaN"])("%s is not a number", (typed) => {
  expect(parseDecimal(typed)).toBeNull();
});

test("a sum too large for a float keeps its last halala", () => {
  expect(money("90071992547409931.07")).toBe("90,071,992,547,409,931.07");
});

test("Arabic-Indic digits bring their own separators", () => {
  expect(money("-1234.5", "arab")).toBe("-١٬٢٣٤٫٥٠");
});

test.each([
  ["1.005", 2, "1.01"],
  ["-1.005", 2, "-1.01"],
  ["0.004", 2, "0.00"],
  ["-0.004", 2, "0.00"],
  ["999.999", 2, "1000.00"],
  ["12", 0, "12"],
  ["0.5", 0, "1"],
])("%s to %i places is %s", (decimal, places, rounded) => {
  expect(withPlaces(decimal, places)).toBe(rounded);
});

test("a quantity drops zeros that say nothing and keeps those that do", () => {
  expect(quantity("12.500")).toBe("12.5");
  expect(quantity("1200")).toBe("1,200");
  expect(quantity("3.000")).toBe("3");
});
