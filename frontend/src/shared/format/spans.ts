import { isoDay } from "./date";

export const spanNames = ["thisMonth", "lastMonth", "thisYear", "lastYear"] as const;
export type SpanName = (typeof spanNames)[number];

/** First and last day, both included. */
export type Span = { from: string; to: string };

export function spanOf(name: SpanName, now: Date): Span {
  const [year, month] = [now.getFullYear(), now.getMonth()];
  const days = (first: Date, last: Date) => ({ from: isoDay(first), to: isoDay(last) });
  switch (name) {
    case "thisMonth":
      return days(new Date(year, month, 1), new Date(year, month + 1, 0));
    case "lastMonth":
      return days(new Date(year, month - 1, 1), new Date(year, month, 0));
    case "thisYear":
      return days(new Date(year, 0, 1), new Date(year, 11, 31));
    case "lastYear":
      return days(new Date(year - 1, 0, 1), new Date(year - 1, 11, 31));
  }
}
