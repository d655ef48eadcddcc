import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { stockItem } from "@/shared/goods/places";
import { DateInput } from "@/shared/ui/date-input";

import classes from "./stock.module.css";

type Values = { lot_code?: string; expires_on?: string | null };

type Props = {
  productId: string | null;
  lotCode: string;
  expiresOn: string | null;
  /** Goods that come in may bring a lot nobody has seen yet. */
  isNew: boolean;
  error?: string | undefined;
  onChange: (values: Values) => void;
};

/** The lot or serial number of a line, where its product is kept by them. */
export function LotFields({ productId, lotCode, expiresOn, isNew, error, onChange }: Props) {
  const { t } = useTranslation("stock");
  const { data } = useQuery({ ...stockItem(productId ?? ""), enabled: productId !== null });
  if (!data || data.tracking === "none") return null;
  const label = t(data.tracking === "serial" ? "field.serial" : "field.lot");
  return (
    <span
      className={classes.lots}
      // The keys of the line editor move between cells; here they move in the text.
      onKeyDown={(event) => {
        event.stopPropagation();
      }}
    >
      <input
        className={classes.lot}
        aria-label={label}
        aria-invalid={error ? true : undefined}
        placeholder={label}
        dir="auto"
        maxLength={80}
        value={lotCode}
        onChange={(event) => {
          onChange({ lot_code: event.currentTarget.value });
        }}
      />
      {data.has_expiry && isNew && (
        <DateInput
          size="xs"
          w={150}
          aria-label={t("field.expires_on")}
          placeholder={t("field.expires_on")}
          value={expiresOn}
          onChange={(expires_on) => {
            onChange({ expires_on });
          }}
        />
      )}
      {error && <span className={classes.bad}>{error}</span>}
    </span>
  );
}
