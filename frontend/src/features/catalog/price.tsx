import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";

const decimals = (value: string) => value.split(".")[1]?.length ?? 0;

/** A price for one unit: two decimals at least, and all of those it has. */
export function usePriceText() {
  const { money, quantity } = useFormat();
  return (amount: string) => (decimals(amount) <= 2 ? money(amount) : quantity(amount));
}

export function Price({ amount, currency }: { amount: string; currency?: string }) {
  const text = usePriceText();
  const { t } = useTranslation();
  return (
    <>
      <span className="aw-figures aw-ltr">{text(amount)}</span>
      {currency && <small> {currency === "SAR" ? t("currency.SAR") : currency}</small>}
    </>
  );
}
