import { useTranslation } from "react-i18next";

export const kinds = ["manual", "opening", "invoice", "credit_note", "reversal"] as const;

/** What kind of entry it is; a kind of a later version is shown by its own name. */
export function useKind() {
  const { t } = useTranslation("ledger");
  return (kind: string) => {
    const known = kinds.find((one) => one === kind);
    return known ? t(`kind.${known}`) : kind;
  };
}
