import { useCallback } from "react";
import { useTranslation } from "react-i18next";

type Bilingual = { name_en: string; name_ar: string };

/** The name in the reader's language, or in the other one when only that exists. */
export function nameIn(lng: string, of: Bilingual) {
  return lng === "ar" ? of.name_ar || of.name_en : of.name_en || of.name_ar;
}

export function useName() {
  const { i18n } = useTranslation();
  const lng = i18n.language;
  return useCallback((of: Bilingual) => nameIn(lng, of), [lng]);
}
