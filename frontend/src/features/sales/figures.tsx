import { useTranslation } from "react-i18next";

import { Totals } from "@/shared/ui/document-view";

import { type Order } from "./queries";

/** The sums of an order, as the server reckoned them. */
export function OrderFigures({ of }: { of: Order }) {
  const { t } = useTranslation("sales");
  const foreign = of.currency !== "SAR";
  const currency = foreign ? of.currency : t("currency.SAR", { ns: "common" });
  return (
    <Totals
      rows={[
        { label: t("figure.net"), amount: of.net },
        { label: t("figure.vat"), amount: of.vat },
        {
          label: (
            <>
              {t("figure.total")} <small>{currency}</small>
            </>
          ),
          amount: of.total,
          strong: true,
        },
        foreign && { label: t("figure.inRiyals"), amount: of.total_base },
      ]}
    />
  );
}
