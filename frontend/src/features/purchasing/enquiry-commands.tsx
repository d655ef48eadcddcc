import { Checkbox, Select, SimpleGrid, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { placesIn } from "@/shared/format/align";
import { wholeNumber } from "@/shared/format/number";
import { useName } from "@/shared/i18n/names";
import { type Command } from "@/shared/ui/command-bar";
import { CommandDialog } from "@/shared/ui/command-dialog";
import { DateInput } from "@/shared/ui/date-input";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { ProductCell } from "@/shared/ui/document-view";
import { QuantityInput } from "@/shared/ui/quantity-input";

import classes from "./purchasing.module.css";
import { type Enquiry, useKeepEnquiry } from "./queries";
import { useUnitName } from "./unit-names";

/** The supplier each line goes to, by the id of the line. */
export type Choices = Record<string, string>;

/** What may be done with a request for quotation; `choices` are what an award would say. */
export function useEnquiryCommands(of: Enquiry | null, choices: Choices = {}): Command[] {
  const { t } = useTranslation("purchasing");
  const keep = useKeepEnquiry();
  if (!of) return [];
  const path = { enquiry_id: of.id };
  const awards = of.lines.flatMap((line) => {
    const to = choices[line.id];
    return to && line.awarded_to_id === null ? [{ line_id: line.id, supplier_id: to }] : [];
  });
  return [
    {
      name: "send",
      label: t("enquiries.send"),
      permission: "enquiry:send",
      text: t("enquiries.sendText"),
      done: t("enquiries.done.send"),
      send: ({ query, headers }) =>
        client.POST("/api/enquiries/{enquiry_id}/send", { params: { path, query }, headers }),
    },
    {
      name: "quote",
      label: t("enquiries.quote"),
      permission: "enquiry:edit",
      dialog: (close) => <QuoteDialog of={of} onDone={keep} onClose={close} />,
    },
    {
      name: "award",
      label: t("enquiries.award"),
      permission: "purchase_order:create",
      text: t("enquiries.awardText"),
      done: t("enquiries.done.award"),
      send: ({ query, headers }) =>
        client.POST("/api/enquiries/{enquiry_id}/award", {
          params: { path, query },
          headers,
          body: { awards },
        }),
    },
    {
      name: "close",
      label: t("enquiries.close"),
      permission: "enquiry:close",
      danger: true,
      asks: { label: t("field.reason"), required: true },
      done: t("enquiries.done.cancel"),
      send: ({ query, headers, reason }) =>
        client.POST("/api/enquiries/{enquiry_id}/close", {
          params: { path, query },
          headers,
          body: { reason },
        }),
    },
  ];
}

type Price = { price: string; lead: string };

/** What one supplier answered, line by line. */
function QuoteDialog({
  of,
  onDone,
  onClose,
}: {
  of: Enquiry;
  onDone: (answer: unknown) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const unitName = useUnitName();
  const first = of.suppliers.find((one) => !one.quoted_on && !one.has_declined) ?? of.suppliers[0];
  const known = (supplierId: string): Record<string, Price> =>
    Object.fromEntries(
      of.lines.map((line) => {
        const quote = line.quotes.find((one) => one.supplier_id === supplierId);
        return [line.id, { price: quote?.price ?? "", lead: String(quote?.lead_time_days ?? "") }];
      }),
    );
  const [supplierId, setSupplierId] = useState(first?.supplier_id ?? "");
  const head = of.suppliers.find((one) => one.supplier_id === supplierId);
  const [prices, setPrices] = useState(() => known(supplierId));
  const [declined, setDeclined] = useState(head?.has_declined ?? false);
  const [reference, setReference] = useState(head?.reference ?? "");
  const [until, setUntil] = useState(head?.valid_until ?? null);
  const [currency, setCurrency] = useState(head?.currency ?? "SAR");
  const [rate, setRate] = useState(head?.exchange_rate ?? "1");
  const choose = (id: string) => {
    const next = of.suppliers.find((one) => one.supplier_id === id);
    setSupplierId(id);
    setPrices(known(id));
    setDeclined(next?.has_declined ?? false);
    setReference(next?.reference ?? "");
    setUntil(next?.valid_until ?? null);
    setCurrency(next?.currency ?? "SAR");
    setRate(next?.exchange_rate ?? "1");
  };
  const given = of.lines.filter((line) => (prices[line.id]?.price ?? "") !== "");
  const body = {
    supplier_id: supplierId,
    reference,
    valid_until: until,
    currency,
    exchange_rate: currency === "SAR" ? "1" : rate,
    has_declined: declined,
    prices: declined
      ? []
      : of.lines.map((line) => ({
          line_id: line.id,
          price: prices[line.id]?.price === "" ? null : (prices[line.id]?.price ?? null),
          lead_time_days: prices[line.id]?.lead ? wholeNumber(prices[line.id]?.lead ?? "") : null,
          note: "",
        })),
  };
  const places = placesIn(["0.00", ...Object.values(prices).map((one) => one.price)]);
  const who = head ? name(head) : "";
  return (
    <CommandDialog
      of={of}
      size="xl"
      title={t("enquiries.quoteOf", { name: who })}
      verb={t("action.save", { ns: "common" })}
      asked={body}
      ready={supplierId !== "" && (declined || given.length > 0)}
      send={({ query, headers }) =>
        client.POST("/api/enquiries/{enquiry_id}/quote", {
          params: { path: { enquiry_id: of.id }, query },
          headers,
          body,
        })
      }
      onDone={(answer) => {
        notifications.show({ message: t("enquiries.quoteSaved", { name: who }) });
        onDone(answer);
      }}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
            <Select
              label={t("field.supplier")}
              allowDeselect={false}
              data={of.suppliers.map((one) => ({ value: one.supplier_id, label: name(one) }))}
              value={supplierId}
              onChange={(id) => {
                if (id) choose(id);
              }}
            />
            <TextInput
              label={t("enquiries.quoteReference")}
              maxLength={120}
              value={reference}
              error={errorOf("reference")}
              onChange={(event) => {
                setReference(event.currentTarget.value);
              }}
            />
            <DateInput
              label={t("enquiries.valid_until")}
              value={until}
              error={errorOf("valid_until")}
              onChange={setUntil}
            />
            <TextInput
              label={t("field.currency")}
              dir="ltr"
              maxLength={3}
              value={currency}
              error={errorOf("currency")}
              onChange={(event) => {
                setCurrency(event.currentTarget.value.toUpperCase());
              }}
            />
            {currency !== "SAR" && (
              <DecimalInput
                label={t("field.exchange_rate")}
                value={rate}
                error={errorOf("exchange_rate")}
                onChange={setRate}
              />
            )}
          </SimpleGrid>
          <Checkbox
            label={t("enquiries.decline")}
            checked={declined}
            onChange={(event) => {
              setDeclined(event.currentTarget.checked);
            }}
          />
          {!declined && (
            <table className={classes.parts} aria-label={t("section.lines")}>
              <thead>
                <tr>
                  <th scope="col">{t("field.product")}</th>
                  <th scope="col" data-align="end">
                    {t("line.price")}
                  </th>
                  <th scope="col" data-align="end">
                    {t("enquiries.leadLabel")}
                  </th>
                </tr>
              </thead>
              <tbody>
                {of.lines.map((line, index) => {
                  const wrong = {
                    price: errorOf(`prices/${index}/price`),
                    lead: errorOf(`prices/${index}/lead_time_days`),
                  };
                  const value = prices[line.id] ?? { price: "", lead: "" };
                  const set = (change: Partial<Price>) => {
                    setPrices({ ...prices, [line.id]: { ...value, ...change } });
                  };
                  return (
                    <tr key={line.id}>
                      <td>
                        <ProductCell
                          name={name(line)}
                          sku={line.sku}
                          more={`${line.quantity} ${unitName(line.unit_id)}`}
                        />
                        {wrong.price && (
                          <Text size="xs" c="var(--mantine-color-error)" role="alert">
                            {t("line.price")}: {wrong.price}
                          </Text>
                        )}
                        {wrong.lead && (
                          <Text size="xs" c="var(--mantine-color-error)" role="alert">
                            {t("enquiries.leadLabel")}: {wrong.lead}
                          </Text>
                        )}
                      </td>
                      <td data-field>
                        <QuantityInput
                          boxed
                          places={places}
                          invalid={!!wrong.price}
                          aria-label={`${t("line.price")}: ${line.sku || name(line)}`}
                          value={value.price}
                          onChange={(price) => {
                            set({ price });
                          }}
                        />
                      </td>
                      <td data-field>
                        <QuantityInput
                          boxed
                          invalid={!!wrong.lead}
                          aria-label={`${t("enquiries.leadLabel")}: ${line.sku || name(line)}`}
                          value={value.lead}
                          onChange={(lead) => {
                            set({ lead });
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
