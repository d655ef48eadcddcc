import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";

/** An amount as the server wrote it, in figures that line up. */
export function Money({ amount, currency }: { amount: string | null; currency?: string }) {
  const { money } = useFormat();
  const { t } = useTranslation();
  if (amount === null) return null;
  return (
    <>
      <span className="aw-figures aw-ltr">{money(amount)}</span>
      {currency && <small> {currency === "SAR" ? t("currency.SAR") : currency}</small>}
    </>
  );
}

export function Quantity({ amount, unit }: { amount: string | null; unit?: string }) {
  const { quantity } = useFormat();
  if (amount === null) return null;
  return (
    <>
      <span className="aw-figures aw-ltr">{quantity(amount)}</span>
      {unit && <small> {unit}</small>}
    </>
  );
}
