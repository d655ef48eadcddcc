import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";

import { type Bill, type Check } from "./queries";

/** What differs, a sentence for each, with the line it is about. */
export function useDifferences(of: Bill | null, check: Check | undefined): string[] {
  const { i18n } = useTranslation("bills");
  const name = useName();
  const arabic = i18n.language === "ar";
  return (check?.differences ?? []).map((one) => {
    const line = of?.lines.find((line) => line.id === one.line_id);
    const said = arabic ? one.message_ar : one.message_en;
    return line ? `${name(line) || line.sku}: ${said}` : said;
  });
}
