import { expect, test } from "vitest";

import { monthEnd } from "./months";
import { ticks } from "./scale";

test("an axis is made of round figures and holds zero", () => {
  expect(ticks(0, 143_757)).toEqual([0, 50_000, 100_000, 150_000]);
  expect(ticks(-12_000, 80_000)).toEqual([-25_000, 0, 25_000, 50_000, 75_000, 100_000]);
});

test("nothing to show is still an axis", () => {
  expect(ticks(0, 0)).toEqual([0, 1]);
});

test("months are moved by their last day, over the end of a year", () => {
  expect(monthEnd("2011-01-31", -11)).toBe("2010-02-28");
  expect(monthEnd("2011-11-30", 3)).toBe("2012-02-29");
});
