import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { placesIn } from "@/shared/format/align";
import { useName } from "@/shared/i18n/names";
import { CommandDialog } from "@/shared/ui/command-dialog";
import { DateInput } from "@/shared/ui/date-input";
import { ProductCell } from "@/shared/ui/document-view";
import { QuantityInput } from "@/shared/ui/quantity-input";

import { type Order } from "./queries";
import classes from "./purchasing.module.css";

type Change = { quantity: string; unit_price: string };

/** Quantities and prices of an approved order; what was received or billed stays covered. */
export function AmendDialog({
  of,
  onDone,
  onClose,
}: {
  of: Order;
  onDone: (answer: unknown) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const [expected, setExpected] = useState(of.expected_on);
  const [values, setValues] = useState<Record<string, Change>>(() =>
    Object.fromEntries(
      of.lines.map((line) => [
        line.id,
        { quantity: line.typed_quantity, unit_price: line.unit_price ?? "" },
      ]),
    ),
  );
  const changed = of.lines.flatMap((line) => {
    const value = values[line.id];
    const quantity = value && value.quantity !== line.typed_quantity ? value.quantity : undefined;
    const price =
      value && value.unit_price !== (line.unit_price ?? "") ? value.unit_price : undefined;
    return quantity === undefined && price === undefined
      ? []
      : [
          {
            line_id: line.id,
            ...(quantity !== undefined && { quantity }),
            ...(price !== undefined && { unit_price: price }),
          },
        ];
  });
  const body = { ...(expected !== of.expected_on && { expected_on: expected }), lines: changed };
  const quantities = placesIn(Object.values(values).map((one) => one.quantity));
  const prices = placesIn(Object.values(values).map((one) => one.unit_price));
  return (
    <CommandDialog
      of={of}
      size="xl"
      title={t("orders.amend")}
      verb={t("orders.save")}
      asked={body}
      ready={changed.length > 0 || expected !== of.expected_on}
      send={({ query, headers }) =>
        client.POST("/api/purchase-orders/{order_id}/amend", {
          params: { path: { order_id: of.id }, query },
          headers,
          body,
        })
      }
      onDone={onDone}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <DateInput
            w={220}
            label={t("field.expected_on")}
            value={expected}
            error={errorOf("expected_on")}
            onChange={setExpected}
          />
          <table className={classes.parts} aria-label={t("section.lines")}>
            <thead>
              <tr>
                <th scope="col">{t("field.product")}</th>
                <th scope="col" data-align="end">
                  {t("line.ordered")}
                </th>
                <th scope="col" data-align="end">
                  {t("line.price")}
                </th>
              </tr>
            </thead>
            <tbody>
              {of.lines.map((line) => {
                const value = values[line.id] ?? { quantity: "", unit_price: "" };
                const set = (change: Partial<Change>) => {
                  setValues({ ...values, [line.id]: { ...value, ...change } });
                };
                return (
                  <tr key={line.id}>
                    <td>
                      <ProductCell
                        name={name(line)}
                        sku={line.sku}
                        more={name({ name_en: line.unit_en, name_ar: line.unit_ar })}
                      />
                    </td>
                    <td data-field>
                      <QuantityInput
                        boxed
                        places={quantities}
                        aria-label={`${t("line.ordered")}: ${line.sku}`}
                        value={value.quantity}
                        onChange={(quantity) => {
                          set({ quantity });
                        }}
                      />
                    </td>
                    <td data-field>
                      <QuantityInput
                        boxed
                        places={prices}
                        aria-label={`${t("line.price")}: ${line.sku}`}
                        value={value.unit_price}
                        onChange={(unit_price) => {
                          set({ unit_price });
                        }}
                      />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </>
      )}
    </CommandDialog>
  );
}
