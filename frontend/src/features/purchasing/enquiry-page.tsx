import { IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Problem } from "@/shared/api/problem";
import { placesIn } from "@/shared/format/align";
import { total } from "@/shared/format/decimal";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { CommandBar } from "@/shared/ui/command-bar";
import { DateText } from "@/shared/ui/date-text";
import { DocumentView, LinesTable, ProductCell } from "@/shared/ui/document-view";
import { ErrorState } from "@/shared/ui/error-state";
import { Loaded } from "@/shared/ui/loaded";
import { Money } from "@/shared/ui/money";
import { AlignedQuantity } from "@/shared/ui/quantity-input";
import { StatusBadge } from "@/shared/ui/status-badge";

import { type Choices, useEnquiryCommands } from "./enquiry-commands";
import { EnquiryEditor, NewEnquiry } from "./enquiry-editor";
import { useAuditWords } from "./history";
import classes from "./purchasing.module.css";
import { type Enquiry, enquiry, type EnquiryLine, useKeepEnquiry } from "./queries";
import { useUnitName } from "./unit-names";

/** A request for quotation: its editor while it is a draft, else what it says and what may be done. */
export function EnquiryPage() {
  const { enquiryId } = useParams({ from: "/shell/enquiries/$enquiryId" });
  const { requisition: wishId } = useSearch({ from: "/shell/enquiries/$enquiryId" });
  const can = useCan();
  // The one that was begun here keeps its form when it gets an address of its own.
  const [begun, setBegun] = useState<string | null>(null);
  const isNew = enquiryId === "new";
  const { data } = useQuery({ ...enquiry(enquiryId), enabled: !isNew });
  if (isNew && !can("enquiry:create"))
    return <ErrorState error={new Problem("forbidden", 403, "", "")} />;
  if (isNew || (data?.state === "draft" && data.id === begun))
    return <NewEnquiry wishId={wishId} onCreated={setBegun} />;
  return (
    <Loaded query={enquiry(enquiryId)}>
      {(of) =>
        of.next_commands.includes("edit") ? (
          <EnquiryEditor key={of.id} stored={of} onCreated={setBegun} />
        ) : (
          <Show key={of.id} of={of} />
        )
      }
    </Loaded>
  );
}

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
  const commands = useEnquiryCommands(of, choices);
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
                          })}: ${format.money(quote.price ?? "0")}`}
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
                    <Money
                      amount={total(["0.00", ...quotes.map((row) => row.total_base ?? "0")])}
                    />
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
