import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { day, hijri, moment, relative } from "./date";
import { grouped, money, quantity } from "./number";
import { usePreferences } from "./preferences";

/** The formatters, in the reader's language and digits. */
export function useFormat() {
  const { i18n } = useTranslation();
  const { digits: chosen, calendar } = usePreferences();
  const lng = i18n.language === "ar" ? "ar" : "en";
  const digits = lng === "ar" ? chosen : "latn";
  return useMemo(
    () => ({
      calendar,
      money: (amount: string) => money(amount, digits),
      quantity: (amount: string) => quantity(amount, digits),
      count: (value: number) => grouped(String(value), digits),
      day: (value: string) => day(value, lng, digits),
      hijri: (value: string) => hijri(value, lng, digits),
      moment: (value: string) => moment(value, lng, digits),
      relative: (value: string, now: Date) => relative(value, now, lng, digits),
    }),
    [calendar, digits, lng],
  );
}
