import { useTranslation } from "react-i18next";

import { isZero, total } from "@/shared/format/decimal";
import { Totals } from "@/shared/ui/document-view";

import { type Bill } from "./queries";

/** The sums of a bill, and what of it is still to be paid. */
export function Figures({ of }: { of: Bill }) {
  const { t } = useTranslation("bills");
  const foreign = of.currency !== "SAR";
  const payable = total([of.total, of.rounding]);
  return (
    <Totals
      rows={[
        { label: t("figure.net"), amount: of.net },
        { label: t("figure.vat"), amount: of.vat },
        !isZero(of.rounding) && { label: t("figure.rounding"), amount: of.rounding },
        {
          label: foreign ? `${t("figure.total")} (${of.currency})` : t("figure.total"),
          amount: payable,
          strong: true,
        },
        foreign && { label: t("figure.base"), amount: of.total_base },
        !isZero(of.credited) && { label: t("figure.credited"), amount: of.credited },
        !isZero(of.settled) && { label: t("figure.settled"), amount: of.settled },
        of.state === "posted" &&
          of.open_amount !== payable && {
            label: t("figure.open"),
            amount: of.open_amount,
            strong: true,
          },
      ]}
    />
  );
}
