import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { Money } from "@/shared/ui/money";

import classes from "./ledger.module.css";
import { type Entry } from "./queries";

const figure = (amount: string) => (/[1-9]/.test(amount) ? <Money amount={amount} /> : null);

/** The lines of an entry, as they stand in the books or would stand there. */
export function EntryLines({ of }: { of: Entry }) {
  const { t } = useTranslation("ledger");
  const name = useName();
  const can = useCan();
  const parties = of.lines.some((line) => line.party_id !== null);
  const memos = of.lines.some((line) => line.memo !== "" && line.memo !== of.memo);
  return (
    <div className={classes.scroll}>
      <table className={classes.table} aria-label={t("entry.lines")}>
        <thead>
          <tr>
            <th scope="col">{t("field.account")}</th>
            {parties && <th scope="col">{t("field.party")}</th>}
            {memos && <th scope="col">{t("field.memo")}</th>}
            <th scope="col" data-align="end">
              {t("field.debit")}
            </th>
            <th scope="col" data-align="end">
              {t("field.credit")}
            </th>
          </tr>
        </thead>
        <tbody>
          {of.lines.map((line, index) => {
            const account = (
              <>
                <span className="aw-ltr">{line.account_code}</span>{" "}
                <bdi>{name({ name_en: line.account_name_en, name_ar: line.account_name_ar })}</bdi>
              </>
            );
            return (
              <tr key={index}>
                <td>
                  {can("report:read") ? (
                    <Link to="/reports/general-ledger" search={{ account: line.account_code }}>
                      {account}
                    </Link>
                  ) : (
                    account
                  )}
                </td>
                {parties && (
                  <td>
                    {line.party_id && (
                      <bdi>
                        {name({
                          name_en: line.party_name_en ?? "",
                          name_ar: line.party_name_ar ?? "",
                        })}
                      </bdi>
                    )}
                  </td>
                )}
                {memos && (
                  <td>
                    <bdi>{line.memo}</bdi>
                  </td>
                )}
                <td data-align="end">
                  {figure(line.debit)}
                  <Foreign of={line} on="debit" />
                </td>
                <td data-align="end">
                  {figure(line.credit)}
                  <Foreign of={line} on="credit" />
                </td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={1 + Number(parties) + Number(memos)}>{t("entry.sum")}</td>
            <td data-align="end">
              <Money amount={of.total} />
            </td>
            <td data-align="end">
              <Money amount={of.total} />
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Foreign({ of, on }: { of: Entry["lines"][number]; on: "debit" | "credit" }) {
  if (!of.currency || of.amount_currency === null || !/[1-9]/.test(of[on])) return null;
  return (
    <>
      <br />
      <small>
        <Money amount={of.amount_currency} currency={of.currency} />
      </small>
    </>
  );
}
