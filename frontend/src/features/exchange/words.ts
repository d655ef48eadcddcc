import { useTranslation } from "react-i18next";

/** The name of something the server counts; one it does not name yet is shown as it came. */
export function useWords() {
  const { t, i18n } = useTranslation("exchange");
  return (group: "kind" | "did" | "fact", key: string) => {
    const name = `${group}.${key}`;
    return i18n.exists(name, { ns: "exchange" })
      ? t(name as "kind.product")
      : key.replaceAll("_", " ");
  };
}

export function useProfileName() {
  const { i18n } = useTranslation();
  return (profile: { label_en: string; label_ar: string }) =>
    i18n.language === "ar" ? profile.label_ar : profile.label_en;
}

const units = ["B", "KB", "MB", "GB"] as const;

export function fileSize(bytes: number, format: (amount: string) => string) {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${format(size >= 10 || unit === 0 ? size.toFixed(0) : size.toFixed(1))} ${units[unit] ?? ""}`;
}
