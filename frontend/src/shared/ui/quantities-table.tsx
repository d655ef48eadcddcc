import { Button, VisuallyHidden } from "@mantine/core";
import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { placesIn } from "@/shared/format/align";
import { useName } from "@/shared/i18n/names";
import { ProductCell } from "@/shared/ui/document-view";
import { AlignedQuantity, QuantityInput } from "@/shared/ui/quantity-input";

import classes from "./quantities-table.module.css";

/*
 * How much of each line a command is about: what there is, and what is typed, in line. Pressing the
 * figure takes all of it.
 */

export type QuantityPart = {
  key: string;
  sku: string;
  name_en: string;
  name_ar: string;
  /** Beside the SKU: the lot, the place. */
  more?: ReactNode;
  unit: string;
  /** How a screen reader calls it, where the SKU stands in several lines. */
  named?: string;
  /** How much there is to speak of; left out where there is no limit. */
  most?: string;
  disabled?: boolean;
};

type Props<Part extends QuantityPart> = {
  label: string;
  mostLabel?: string;
  typedLabel: string;
  parts: readonly Part[];
  values: Readonly<Record<string, string>>;
  onChange: (values: Record<string, string>) => void;
  errorOf?: (part: Part) => string | undefined;
  /** Under a line: more fields of its own. */
  below?: (part: Part) => ReactNode;
};

export function QuantitiesTable<Part extends QuantityPart>(props: Props<Part>) {
  const { t } = useTranslation("documents");
  const name = useName();
  const { parts, values, onChange } = props;
  const places = placesIn(parts.flatMap((part) => [part.most ?? "", values[part.key] ?? ""]));
  const limited = props.mostLabel !== undefined;
  return (
    <table className={classes.table} aria-label={props.label}>
      <thead>
        <tr>
          <th scope="col">{t("line.product")}</th>
          {limited && (
            <th scope="col" data-align="end">
              {props.mostLabel}
            </th>
          )}
          <th scope="col" data-align="end">
            {props.typedLabel}
          </th>
        </tr>
      </thead>
      <tbody>
        {parts.map((part) => {
          const error = props.errorOf?.(part);
          return (
            <tr key={part.key}>
              <td>
                <ProductCell name={name(part)} sku={part.sku} more={part.more} />
                {props.below?.(part)}
                {error && (
                  <div role="alert" className={classes.error}>
                    {error}
                  </div>
                )}
              </td>
              {limited && (
                <td data-align="end">
                  {part.most !== undefined && (
                    <Button
                      variant="subtle"
                      size="compact-sm"
                      disabled={part.disabled ?? false}
                      onClick={() => {
                        onChange({ ...values, [part.key]: part.most ?? "" });
                      }}
                    >
                      <VisuallyHidden>
                        {t("line.takeAll", { item: part.named ?? (part.sku || name(part)) })}
                      </VisuallyHidden>
                      <AlignedQuantity amount={part.most} places={places} />
                    </Button>
                  )}
                </td>
              )}
              <td data-align="end">
                <div className={classes.typed}>
                  <QuantityInput
                    boxed
                    places={places}
                    disabled={part.disabled ?? false}
                    invalid={!!error}
                    aria-label={`${props.typedLabel}: ${part.named ?? (part.sku || name(part))}`}
                    value={values[part.key] ?? ""}
                    onChange={(value) => {
                      onChange({ ...values, [part.key]: value });
                    }}
                  />
                  <small>{part.unit}</small>
                </div>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Everything there is, as a start. */
export const everythingOf = (parts: readonly QuantityPart[]) =>
  Object.fromEntries(parts.map((part) => [part.key, part.disabled ? "" : (part.most ?? "")]));
