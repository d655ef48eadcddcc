import { toArabicIndic, toWestern } from "./digits";
import type { Digits } from "./number";

export type DateLanguage = "en" | "ar";
type Calendar = "gregory" | "islamic-umalqura";

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: string, options: Intl.DateTimeFormatOptions) {
  const key = `${locale} ${JSON.stringify(options)}`;
  let found = formatters.get(key);
  if (!found) formatters.set(key, (found = new Intl.DateTimeFormat(locale, options)));
  return found;
}

const tag = (lng: DateLanguage, digits: Digits, calendar: Calendar) =>
  `${lng === "ar" ? "ar-SA" : "en-GB"}-u-ca-${calendar}-nu-${lng === "ar" ? digits : "latn"}`;

const asUtc = (day: string) => new Date(`${day}T00:00:00Z`);

/** "2026-01-31" → "31 Jan 2026" / "31 يناير 2026". A day has no time zone. */
export function day(value: string, lng: DateLanguage, digits: Digits = "latn"): string {
  return formatter(tag(lng, digits, "gregory"), {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  }).format(asUtc(value));
}

/** The same day in the Umm al-Qura calendar: "12 Shaʻban 1447 AH". */
export function hijri(value: string, lng: DateLanguage, digits: Digits = "latn"): string {
  return formatter(tag(lng, digits, "islamic-umalqura"), {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  }).format(asUtc(value));
}

/** A moment, in the reader's own time zone. */
export function moment(value: string, lng: DateLanguage, digits: Digits = "latn"): string {
  return formatter(tag(lng, digits, "gregory"), {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  }).format(new Date(value));
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 hours ago", "قبل 3 ساعات". */
export function relative(
  value: string,
  now: Date,
  lng: DateLanguage,
  digits: Digits = "latn",
): string {
  const seconds = (new Date(value).getTime() - now.getTime()) / 1000;
  const text = new Intl.RelativeTimeFormat(lng === "ar" ? "ar-u-nu-latn" : "en", {
    numeric: "auto",
  });
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  const said = text.format(Math.round(seconds / size), unit);
  return lng === "ar" && digits === "arab" ? toArabicIndic(said) : said;
}

export const isoDay = (date: Date) =>
  `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;

const pad = (value: number) => String(value).padStart(2, "0");

/** Read "today", "+7", "15/3", "15/3/2026", "2026-03-15" or a Hijri "20/9/1447", in either digit script. */
export function parseDay(typed: string, today: Date): string | null {
  const text = toWestern(typed).trim().toLowerCase();
  if (["today", "t", "اليوم"].includes(text)) return isoDay(today);
  if (["yesterday", "أمس", "امس"].includes(text)) return shifted(today, -1);
  if (["tomorrow", "غدا", "غدًا"].includes(text)) return shifted(today, 1);
  const offset = /^([+-])\s*(\d{1,4})$/.exec(text);
  if (offset) return shifted(today, Number(`${offset[1] ?? ""}${offset[2] ?? ""}`));
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text);
  if (iso) return checked(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const dayFirst = /^(\d{1,2})[-/. ](\d{1,2})(?:[-/. ](\d{2}|\d{4}))?$/.exec(text);
  if (!dayFirst) return null;
  const [, d = "", m = "", y = ""] = dayFirst;
  const year = y === "" ? today.getFullYear() : y.length === 2 ? 2000 + Number(y) : Number(y);
  return checked(year, Number(m), Number(d));
}

function shifted(from: Date, days: number) {
  return isoDay(new Date(from.getFullYear(), from.getMonth(), from.getDate() + days));
}

function checked(year: number, month: number, dayOfMonth: number): string | null {
  if (year >= 1300 && year <= 1600) return fromHijri(year, month, dayOfMonth);
  const date = new Date(Date.UTC(year, month - 1, dayOfMonth));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === dayOfMonth;
  return exists && year >= 1900 && year <= 2200 ? date.toISOString().slice(0, 10) : null;
}

const hijriParts = (date: Date) => {
  const parts = formatter("en-u-ca-islamic-umalqura-nu-latn", {
    day: "numeric",
    month: "numeric",
    year: "numeric",
    timeZone: "UTC",
  }).formatToParts(date);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  return [part("year"), part("month"), part("day")] as const;
};

// The calendar is a table, not a formula: guess from the mean month, then look at the days around it.
function fromHijri(year: number, month: number, dayOfMonth: number): string | null {
  const guess =
    Date.UTC(622, 6, 18) + ((year - 1) * 354.36708 + (month - 1) * 29.5306) * 86_400_000;
  for (let shift = -4; shift <= 34; shift += 1) {
    const date = new Date(guess + shift * 86_400_000);
    const [y, m, d] = hijriParts(date);
    if (y === year && m === month && d === dayOfMonth) return date.toISOString().slice(0, 10);
  }
  return null;
}
