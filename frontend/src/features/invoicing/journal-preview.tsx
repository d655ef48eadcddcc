import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { Money } from "@/shared/ui/money";

import classes from "./invoicing.module.css";
import { type PostingPreview } from "./queries";

const figure = (amount: string) => (/[1-9]/.test(amount) ? <Money amount={amount} /> : null);

/** What posting would do: the figures, and what would be written in the books. */
export function JournalPreview({ of }: { of: PostingPreview }) {
  const { t } = useTranslation("invoicing");
  const name = useName();
  return (
    <>
      <dl className={classes.figures} style={{ width: "100%" }}>
        <div>
          <dt>{t("field.number")}</dt>
          <dd className="aw-ltr">{of.number}</dd>
        </div>
        <div>
          <dt>{t("figure.net")}</dt>
          <dd>
            <Money amount={of.net} />
          </dd>
        </div>
        <div>
          <dt>{t("figure.vat")}</dt>
          <dd>
            <Money amount={of.vat} />
          </dd>
        </div>
        <div data-total>
          <dt>{t("figure.total")}</dt>
          <dd>
            <Money amount={of.total} />
          </dd>
        </div>
      </dl>
      {of.journal.length > 0 && (
        <div className={classes.scroll}>
          <table className={classes.table} aria-label={t("preview.journal")}>
            <thead>
              <tr>
                <th scope="col">{t("preview.account")}</th>
                <th scope="col" data-align="end">
                  {t("preview.debit")}
                </th>
                <th scope="col" data-align="end">
                  {t("preview.credit")}
                </th>
              </tr>
            </thead>
            <tbody>
              {of.journal.map((line, index) => (
                <tr key={index}>
                  <td>
                    <span className="aw-ltr">{line.account_code}</span>{" "}
                    <bdi>
                      {name({ name_en: line.account_name_en, name_ar: line.account_name_ar })}
                    </bdi>
                  </td>
                  <td data-align="end">{figure(line.debit)}</td>
                  <td data-align="end">{figure(line.credit)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
