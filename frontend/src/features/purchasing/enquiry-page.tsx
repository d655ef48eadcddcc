import { Checkbox, Select, SimpleGrid, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCircleCheck } from "@tabler/icons-react";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { placesIn } from "@/shared/format/align";
import { total } from "@/shared/format/decimal";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { CommandBar, type Command } from "@/shared/ui/command-bar";
import { CommandDialog } from "@/shared/ui/command-dialog";
import { DateInput } from "@/shared/ui/date-input";
import { DateText } from "@/shared/ui/date-text";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { DocumentView, LinesTable, ProductCell } from "@/shared/ui/document-view";
import { Loaded } from "@/shared/ui/loaded";
import { Money } from "@/shared/ui/money";
import { AlignedQuantity, QuantityInput } from "@/shared/ui/quantity-input";
import { StatusBadge } from "@/shared/ui/status-badge";

import { useAuditWords } from "./history";
import classes from "./purchasing.module.css";
import { type Enquiry, enquiry, type EnquiryLine, useKeepEnquiry } from "./queries";
import { useUnitName } from "./unit-names";

export function EnquiryPage() {
  const { enquiryId } = useParams({ from: "/shell/enquiries/$enquiryId" });
  return <Loaded query={enquiry(enquiryId)}>{(of) => <Show key={of.id} of={of} />}</Loaded>;
}

/** The supplier each line goes to, by the id of the line. */
type Choices = Record<string, string>;

/** Where nobody chose yet, the cheapest answer is proposed. */
const proposed = (of: Enquiry): Choices =>
  Object.fromEntries(
    of.lines.flatMap((line) => {
      const best = line.quotes.find((one) => one.is_cheapest);
      const to = line.awarded_to_id ?? best?.supplier_id;
      return to ? [[line.id, to]] : [];
    }),
  );

function Show({ of }: { of: Enquiry }) {
  const { t } = useTranslation("purchasing");
  const keep = useKeepEnquiry();
  const words = useAuditWords();
  const [changed, setChanged] = useState<Choices>({});
  const choices = { ...proposed(of), ...changed };
  const commands = useCommands(of, choices);
  const compared = of.state !== "draft" && of.answer_count > 0;
  return (
    <DocumentView
      back={{ link: { to: "/enquiries" }, label: t("enquiries.title") }}
      title={of.number ?? t("enquiries.one")}
      subtitle={t("enquiries.waitingFor", { done: of.answer_count, total: of.supplier_count })}
      state={of.state}
      commands={<CommandBar of={of} next={of.next_commands} commands={commands} onDone={keep} />}
      facts={[
        of.answer_by !== null && {
          label: t("field.answer_by"),
          value: <DateText day={of.answer_by} />,
        },
        of.needed_on !== null && {
          label: t("field.needed_on"),
          value: <DateText day={of.needed_on} />,
        },
        {
          label: t("enquiries.suppliers"),
          value: <Asked of={of} />,
          wide: true,
        },
        { label: t("field.reason"), value: of.reason && <bdi>{of.reason}</bdi>, wide: true },
        { label: t("field.notes"), value: of.notes && <bdi>{of.notes}</bdi>, wide: true },
      ]}
      lines={
        compared ? (
          <Comparison
            of={of}
            choices={choices}
            onChoose={
              of.state === "sent"
                ? (line, to) => {
                    setChanged({ ...changed, [line]: to });
                  }
                : undefined
            }
          />
        ) : (
          <Lines of={of} />
        )
      }
      links={of.links}
      history={{ id: of.id, version: of.version, ...words }}
    />
  );
}

/** Who was asked, and who answered. */
function Asked({ of }: { of: Enquiry }) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  return (
    <ul className={classes.suppliers}>
      {of.suppliers.map((one) => (
        <li key={one.supplier_id}>
          <bdi>{name(one)}</bdi>
          {one.has_declined ? (
            <StatusBadge tone="closed">{t("enquiries.declined")}</StatusBadge>
          ) : one.quoted_on ? (
            <DateText day={one.quoted_on} />
          ) : (
            <StatusBadge tone="draft">{t("enquiries.waiting")}</StatusBadge>
          )}
        </li>
      ))}
    </ul>
  );
}

function Lines({ of }: { of: Enquiry }) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const unitName = useUnitName();
  const places = placesIn(of.lines.map((line) => line.quantity));
  return (
    <LinesTable<EnquiryLine>
      label={t("section.lines")}
      lines={of.lines}
      lineKey={(line) => line.id}
      columns={[
        {
          id: "product",
          label: t("field.product"),
          card: "title",
          cell: (line) => <ProductCell name={name(line)} sku={line.sku} />,
        },
        {
          id: "quantity",
          label: t("line.quantity"),
          align: "end",
          card: "end",
          cell: (line) => (
            <AlignedQuantity amount={line.quantity} places={places} unit={unitName(line.unit_id)} />
          ),
        },
      ]}
    />
  );
}

/** The answers side by side: a line each, a supplier each; the best price of a line stands out. */
function Comparison({
  of,
  choices,
  onChoose,
}: {
  of: Enquiry;
  choices: Choices;
  onChoose: ((line: string, supplier: string) => void) | undefined;
}) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const format = useFormat();
  const unitName = useUnitName();
  const answered = of.suppliers.filter((one) =>
    of.lines.some((line) => line.quotes.some((quote) => quote.supplier_id === one.supplier_id)),
  );
  return (
    <>
      {onChoose && <p className={classes.muted}>{t("enquiries.compareText")}</p>}
      <div
        className={classes.scroll}
        tabIndex={0}
        role="region"
        aria-label={t("enquiries.compare")}
      >
        <table className={classes.compare} aria-label={t("enquiries.compare")}>
          <thead>
            <tr>
              <th scope="col">{t("field.product")}</th>
              {answered.map((one) => (
                <th key={one.supplier_id} scope="col">
                  <bdi>{name(one)}</bdi>
                  {one.currency !== "SAR" && (
                    <>
                      <br />
                      <small>{one.currency}</small>
                    </>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {of.lines.map((line) => (
              <tr key={line.id}>
                <th scope="row">
                  <ProductCell
                    name={name(line)}
                    sku={line.sku}
                    more={`${format.quantity(line.quantity)} ${unitName(line.unit_id)}`}
                  />
                </th>
                {answered.map((one) => {
                  const quote = line.quotes.find((row) => row.supplier_id === one.supplier_id);
                  if (!quote)
                    return (
                      <td key={one.supplier_id}>
                        <div className={classes.quote}>
                          <span className={classes.muted}>—</span>
                        </div>
                      </td>
                    );
                  const chosen = choices[line.id] === one.supplier_id;
                  const said = (
                    <>
                      <Money amount={quote.price} />
                      {quote.is_cheapest && (
                        <span className={classes.best}>{t("enquiries.best")}</span>
                      )}
                      <small>
                        {quote.lead_time_days !== null &&
                          t("enquiries.lead", { count: quote.lead_time_days })}
                        {chosen && !onChoose && line.awarded_to_id && (
                          <> · {t("enquiries.chosen")}</>
                        )}
                      </small>
                    </>
                  );
                  return (
                    <td key={one.supplier_id}>
                      {onChoose ? (
                        <button
                          type="button"
                          className={classes.quote}
                          data-chosen={chosen}
                          aria-pressed={chosen}
                          aria-label={`${t("enquiries.awardTo", {
                            product: name(line),
                            name: name(one),
                          })}: ${format.money(quote.price)}`}
                          onClick={() => {
                            onChoose(line.id, one.supplier_id);
                          }}
                        >
                          {chosen && <IconCircleCheck size={16} aria-hidden />}
                          {said}
                        </button>
                      ) : (
                        <div className={classes.quote} data-chosen={chosen}>
                          {said}
                        </div>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t("enquiries.sum")}</th>
              {answered.map((one) => {
                const quotes = of.lines.flatMap((line) =>
                  line.quotes.filter((row) => row.supplier_id === one.supplier_id),
                );
                return (
                  <td key={one.supplier_id}>
                    <Money amount={total(["0.00", ...quotes.map((row) => row.total_base)])} />
                    {quotes.length < of.lines.length && (
                      <>
                        <br />
                        <small>
                          {t("enquiries.sumPart", {
                            count: quotes.length,
                            total: of.lines.length,
                          })}
                        </small>
                      </>
                    )}
                  </td>
                );
              })}
            </tr>
          </tfoot>
        </table>
      </div>
    </>
  );
}

function useCommands(of: Enquiry, choices: Choices): Command[] {
  const { t } = useTranslation("purchasing");
  const navigate = useNavigate();
  const keep = useKeepEnquiry();
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
      name: "edit",
      label: t("action.edit"),
      permission: "enquiry:edit",
      go: () => void navigate({ to: "/enquiries/$enquiryId/edit", params: { enquiryId: of.id } }),
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
          lead_time_days: prices[line.id]?.lead ? Number(prices[line.id]?.lead) : null,
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
                {of.lines.map((line) => {
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
                      </td>
                      <td data-field>
                        <QuantityInput
                          boxed
                          places={places}
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
