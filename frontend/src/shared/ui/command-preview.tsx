import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { isNegative, isZero } from "@/shared/format/decimal";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { Money } from "@/shared/ui/money";

import classes from "./command-preview.module.css";

/** What a command would move and post, as `?dry_run=true` answers it (schema CommandPreview). */
export type Preview = {
  stock: {
    product_id: string;
    sku: string;
    name_en: string;
    name_ar: string;
    location_code: string;
    lot_code: string | null;
    /** Signed: what the location gains or loses. */
    quantity: string;
    /** Null for whoever may not see costs. */
    value: string | null;
  }[];
  journal: {
    account_code: string;
    account_name_en: string;
    account_name_ar: string;
    /** Null where the posting tells a cost that the reader may not see. */
    debit: string | null;
    credit: string | null;
  }[];
  /** What deserves a second look, and keeps nobody from going on. */
  warnings?: { pointer: string; code: string; message: string }[];
};

/** Whether somebody should see it before it happens. */
export const hasEffect = (preview: Preview) =>
  preview.stock.length > 0 || preview.journal.length > 0 || !!preview.warnings?.length;

/** The stock and the journal a command would leave behind, before anybody agrees to it. */
export function CommandPreview({ of }: { of: Preview }) {
  const { t } = useTranslation("documents");
  const journal = of.journal.filter((row) => row.debit !== null || row.credit !== null);
  return (
    <>
      {of.warnings && of.warnings.length > 0 && (
        <Alert
          color="orange"
          icon={<IconAlertTriangle size={18} />}
          title={t("preview.warnings")}
          role="alert"
        >
          {of.warnings.map((one) => (
            <Text key={`${one.pointer} ${one.code}`} size="md">
              {one.message}
            </Text>
          ))}
        </Alert>
      )}
      {of.stock.length > 0 && <StockRows rows={of.stock} />}
      {journal.length > 0 && <JournalRows rows={journal} />}
    </>
  );
}

function StockRows({ rows }: { rows: Preview["stock"] }) {
  const { t } = useTranslation("documents");
  const name = useName();
  const format = useFormat();
  const valued = rows.some((row) => !isZero(row.value ?? "0"));
  return (
    <table className={classes.table} aria-label={t("preview.stock")}>
      <caption>{t("preview.stock")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("preview.product")}</th>
          <th scope="col" data-align="end">
            {t("preview.quantity")}
          </th>
          {valued && (
            <th scope="col" data-align="end">
              {t("preview.value")}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            <td>
              <bdi>{name(row)}</bdi>
              <small>
                <bdi>{row.sku}</bdi>
                {row.location_code && (
                  <>
                    {" "}
                    · <bdi>{row.location_code}</bdi>
                  </>
                )}
                {row.lot_code && (
                  <>
                    {" "}
                    · <bdi>{row.lot_code}</bdi>
                  </>
                )}
              </small>
            </td>
            <td data-align="end">
              {!isZero(row.quantity) && (
                <Signed amount={row.quantity} text={format.quantity(size(row.quantity))} />
              )}
            </td>
            {valued && (
              <td data-align="end">
                {row.value !== null && !isZero(row.value) && (
                  <Signed amount={row.value} text={format.money(size(row.value))} />
                )}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const size = (amount: string) => amount.replace(/^[+-]/, "");

function Signed({ amount, text }: { amount: string; text: string }) {
  return (
    <span className="aw-figures aw-ltr">
      {isNegative(amount) ? "−" : "+"}
      {text}
    </span>
  );
}

function JournalRows({ rows }: { rows: Preview["journal"] }) {
  const { t } = useTranslation("documents");
  const name = useName();
  return (
    <table className={classes.table} aria-label={t("preview.journal")}>
      <caption>{t("preview.journal")}</caption>
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
        {rows.map((row, index) => (
          <tr key={index}>
            <td>
              <bdi>{name({ name_en: row.account_name_en, name_ar: row.account_name_ar })}</bdi>
              <small className="aw-ltr">{row.account_code}</small>
            </td>
            <td data-align="end">{!isZero(row.debit ?? "0") && <Money amount={row.debit} />}</td>
            <td data-align="end">{!isZero(row.credit ?? "0") && <Money amount={row.credit} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
