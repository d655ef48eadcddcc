import { expect, test } from "vitest";

import { spanOf } from "./spans";

test("a span has its first and its last day", () => {
  const march = new Date(2028, 2, 31);
  expect(spanOf("thisMonth", march)).toEqual({ from: "2028-03-01", to: "2028-03-31" });
  expect(spanOf("lastMonth", march)).toEqual({ from: "2028-02-01", to: "2028-02-29" });
  expect(spanOf("lastYear", march)).toEqual({ from: "2027-01-01", to: "2027-12-31" });
});

test("the month before January lies in another year", () => {
  expect(spanOf("lastMonth", new Date(2028, 0, 5))).toEqual({
    from: "2027-12-01",
    to: "2027-12-31",
  });
});
