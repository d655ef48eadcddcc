import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { usePreferences } from "@/shared/format/preferences";

/** Names of months, and round figures for an axis, in the reader's language and digits. */
export function useMonthNames() {
  const { i18n } = useTranslation();
  const { digits } = usePreferences();
  const arabic = i18n.language === "ar";
  return useMemo(() => {
    const tag = arabic ? `ar-SA-u-ca-gregory-nu-${digits}` : "en-GB";
    const form = (options: Intl.DateTimeFormatOptions) => {
      const format = new Intl.DateTimeFormat(tag, { ...options, timeZone: "UTC" });
      return (day: string) => format.format(new Date(`${day}T00:00:00Z`));
    };
    const compact = new Intl.NumberFormat(arabic ? `ar-u-nu-${digits}` : "en", {
      notation: "compact",
      maximumFractionDigits: 1,
    });
    const percent = new Intl.NumberFormat(arabic ? `ar-u-nu-${digits}` : "en", {
      style: "percent",
      maximumFractionDigits: 1,
      signDisplay: "exceptZero",
    });
    return {
      short: form({ month: "short" }),
      year: form({ year: "numeric" }),
      long: form({ month: "long", year: "numeric" }),
      medium: form({ month: "short", year: "numeric" }),
      compact: (value: number) => compact.format(value),
      percent: (value: number) => percent.format(value),
    };
  }, [arabic, digits]);
}

/** The last day of the month that lies so many months after the month of `day`. */
export function monthEnd(day: string, shift: number) {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month + shift, 0)).toISOString().slice(0, 10);
}
