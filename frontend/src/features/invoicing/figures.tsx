import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";
import { Money } from "@/shared/ui/money";

import classes from "./invoicing.module.css";
import { type Invoice } from "./queries";

/** The sums of a document, as the server reckoned them. */
export function Figures({ of }: { of: Invoice }) {
  const { t } = useTranslation("invoicing");
  const format = useFormat();
  const foreign = of.currency !== "SAR";
  const currency = foreign ? of.currency : t("currency.SAR", { ns: "common" });
  const rounded = /[1-9]/.test(of.rounding);
  return (
    <dl className={classes.figures}>
      <div>
        <dt>{t("figure.net")}</dt>
        <dd>
          <Money amount={of.net} />
        </dd>
      </div>
      {of.taxes.length > 1 || (of.taxes[0] && of.taxes[0].category !== "S") ? (
        of.taxes.map((tax) => (
          <div key={`${tax.category} ${tax.rate}`}>
            <dt>
              {t(`taxName.${tax.category}`)} ·{" "}
              <span className="aw-ltr">{format.quantity(tax.rate)}%</span>{" "}
              <small>
                {t("figure.of")} <Money amount={tax.taxable} />
              </small>
            </dt>
            <dd>
              <Money amount={tax.vat} />
            </dd>
          </div>
        ))
      ) : (
        <div>
          <dt>
            {t("figure.vat")}{" "}
            {of.taxes[0] && <span className="aw-ltr">{format.quantity(of.taxes[0].rate)}%</span>}
          </dt>
          <dd>
            <Money amount={of.vat} />
          </dd>
        </div>
      )}
      {rounded && (
        <div>
          <dt>{t("figure.rounding")}</dt>
          <dd>
            <Money amount={of.rounding} />
          </dd>
        </div>
      )}
      <div data-total>
        <dt>
          {t("figure.total")} <small>{currency}</small>
        </dt>
        <dd>
          <Money amount={of.total} />
        </dd>
      </div>
      {foreign && (
        <div>
          <dt>{t("figure.inRiyals")}</dt>
          <dd>
            <Money amount={of.total_base} />
          </dd>
        </div>
      )}
      {of.state === "posted" && of.kind === "invoice" && (
        <>
          {/[1-9]/.test(of.credited) && (
            <div>
              <dt>{t("figure.credited")}</dt>
              <dd>
                <Money amount={of.credited} />
              </dd>
            </div>
          )}
          <div data-open>
            <dt>{t("figure.open")}</dt>
            <dd>
              <Money amount={of.open_amount} />
            </dd>
          </div>
        </>
      )}
    </dl>
  );
}
