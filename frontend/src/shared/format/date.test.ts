import { expect, test } from "vitest";

import { day, hijri, parseDay, relative } from "./date";

const today = new Date(2026, 2, 15);

test.each([
  ["today", "2026-03-15"],
  ["اليوم", "2026-03-15"],
  ["+7", "2026-03-22"],
  ["-15", "2026-02-28"],
  ["1/4", "2026-04-01"],
  ["١/٤", "2026-04-01"],
  ["31-12-25", "2025-12-31"],
  ["2026-2-3", "2026-02-03"],
  ["1/9/1447", "2026-02-18"],
  ["1447/9/1", "2026-02-18"],
])("%s means %s", (typed, meant) => {
  expect(parseDay(typed, today)).toBe(meant);
});

test.each(["", "31/2", "13/13/2026", "soon", "30/13/1447"])("%s is no day", (typed) => {
  expect(parseDay(typed, today)).toBeNull();
});

test("every Hijri date of ten years is read back as the day it names", () => {
  for (let offset = 0; offset < 3650; offset += 1) {
    const iso = new Date(Date.UTC(2020, 0, 1 + offset)).toISOString().slice(0, 10);
    const parts = new Intl.DateTimeFormat("en-u-ca-islamic-umalqura-nu-latn", {
      day: "numeric",
      month: "numeric",
      year: "numeric",
      timeZone: "UTC",
    }).formatToParts(new Date(iso));
    const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
    expect(parseDay(`${part("day")}/${part("month")}/${part("year")}`, today)).toBe(iso);
  }
});

test("a day is written in the reader's language, with Western digits unless asked otherwise", () => {
  expect(day("2026-01-31", "en")).toBe("31 Jan 2026");
  expect(day("2026-01-31", "ar")).toContain("31 يناير 2026");
  expect(day("2026-01-31", "ar", "arab")).toContain("٣١ يناير ٢٠٢٦");
  expect(hijri("2026-02-18", "en")).toMatch(/1 Ramadan 1447/);
});

test("the past is told in the largest unit that fits", () => {
  const now = new Date("2026-03-15T12:00:00Z");
  expect(relative("2026-03-15T09:00:00Z", now, "en")).toBe("3 hours ago");
  expect(relative("2026-03-14T11:00:00Z", now, "en")).toBe("yesterday");
  expect(relative("2026-03-15T09:00:00Z", now, "ar")).toBe("قبل 3 ساعات");
});
