import { SegmentedControl, SimpleGrid, Text, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { isoDay } from "@/shared/format/date";
import { difference, isNegative, isZero } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";
import { useName } from "@/shared/i18n/names";
import { CommandDialog } from "@/shared/ui/command-dialog";
import { DateInput } from "@/shared/ui/date-input";
import { ProductCell } from "@/shared/ui/document-view";
import { Quantity } from "@/shared/ui/money";
import { QuantityInput } from "@/shared/ui/quantity-input";

import classes from "./bills.module.css";
import { type Bill, type DebitNoteIn } from "./queries";

type Props = { of: Bill; onDone: (note: Bill) => void; onClose: () => void };
type Chosen = Record<string, { quantity: string; unit_price: string }>;

/** What the supplier gives back of a posted bill: everything, or some of some lines. */
export function DebitDialog({ of, onDone, onClose }: Props) {
  const { t } = useTranslation("bills");
  const name = useName();
  const [number, setNumber] = useState("");
  const [issued, setIssued] = useState<string | null>(isoDay(new Date()));
  const [reason, setReason] = useState("");
  const [whole, setWhole] = useState(true);
  const [chosen, setChosen] = useState<Chosen>({});
  const left = of.lines
    .map((line) => ({ line, left: difference(line.quantity, line.credited) }))
    .filter((one) => !isZero(one.left) && !isNegative(one.left));
  const picked = left.flatMap(({ line }) => {
    const { quantity = "", unit_price = "" } = chosen[line.id] ?? {};
    const wanted = parseDecimal(quantity);
    if (wanted === null || isZero(wanted)) return [];
    const price = parseDecimal(unit_price);
    return [{ line_id: line.id, quantity: wanted, ...(price !== null && { unit_price: price }) }];
  });
  const body: DebitNoteIn = {
    supplier_number: number.trim(),
    issued_on: issued ?? "",
    reason: reason.trim(),
    ...(!whole && { lines: picked }),
  };
  const set = (id: string, values: Partial<Chosen[string]>) => {
    setChosen((before) => ({
      ...before,
      [id]: { quantity: "", unit_price: "", ...before[id], ...values },
    }));
  };
  return (
    <CommandDialog
      of={of}
      size="xl"
      title={t("debit.title", { number: of.number ?? "" })}
      verb={t("debit.verb")}
      text={t("debit.text")}
      asked={[body.lines, number.trim() !== "", issued, reason.trim() !== ""]}
      ready={
        number.trim() !== "" &&
        issued !== null &&
        reason.trim() !== "" &&
        (whole || picked.length > 0)
      }
      send={({ query, headers }) =>
        client.POST("/api/bills/{bill_id}/debit", {
          params: { path: { bill_id: of.id }, query },
          headers,
          body,
        })
      }
      onDone={(answer) => {
        onDone(answer as Bill);
      }}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
            <TextInput
              label={t("debit.supplier_number")}
              required
              data-autofocus
              maxLength={60}
              value={number}
              error={errorOf("supplier_number")}
              onChange={(event) => {
                setNumber(event.currentTarget.value);
              }}
            />
            <DateInput
              label={t("field.issued_on")}
              required
              value={issued}
              error={errorOf("issued_on")}
              onChange={setIssued}
            />
          </SimpleGrid>
          <Textarea
            label={t("field.reason")}
            required
            autosize
            minRows={1}
            maxLength={300}
            value={reason}
            error={errorOf("reason")}
            onChange={(event) => {
              setReason(event.currentTarget.value);
            }}
          />
          <div>
            <Text size="sm" fw={500} mb={4}>
              {t("debit.what")}
            </Text>
            <SegmentedControl
              aria-label={t("debit.what")}
              value={whole ? "whole" : "lines"}
              onChange={(value) => {
                setWhole(value === "whole");
              }}
              data={[
                { value: "whole", label: t("debit.whole") },
                { value: "lines", label: t("debit.lines") },
              ]}
            />
          </div>
          {!whole && (
            <table className={classes.lines} aria-label={t("debit.lines")}>
              <thead>
                <tr>
                  <th scope="col">{t("line.what")}</th>
                  <th scope="col" data-align="end">
                    {t("debit.left")}
                  </th>
                  <th scope="col" data-align="end">
                    {t("line.quantity")}
                  </th>
                  <th scope="col" data-align="end">
                    {t("debit.price")}
                  </th>
                </tr>
              </thead>
              <tbody>
                {left.map(({ line, left: most }) => {
                  const at = picked.findIndex((one) => one.line_id === line.id);
                  const wrong =
                    at < 0
                      ? undefined
                      : (errorOf(`lines/${at}/quantity`) ?? errorOf(`lines/${at}/unit_price`));
                  return (
                    <tr key={line.id}>
                      <td>
                        <ProductCell name={name(line)} sku={line.sku} />
                        {wrong && (
                          <Text size="xs" c="var(--mantine-color-error)" role="alert">
                            {wrong}
                          </Text>
                        )}
                      </td>
                      <td data-align="end">
                        <Quantity amount={most} />
                      </td>
                      <td data-align="end">
                        <QuantityInput
                          boxed
                          aria-label={t("debit.quantityOf", { item: name(line) })}
                          value={chosen[line.id]?.quantity ?? ""}
                          onChange={(quantity) => {
                            set(line.id, { quantity });
                          }}
                        />
                      </td>
                      <td data-align="end">
                        <QuantityInput
                          boxed
                          placeholder={line.unit_price}
                          aria-label={t("debit.priceOf", { item: name(line) })}
                          value={chosen[line.id]?.unit_price ?? ""}
                          onChange={(unit_price) => {
                            set(line.id, { unit_price });
                          }}
                        />
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          )}
        </>
      )}
    </CommandDialog>
  );
}
