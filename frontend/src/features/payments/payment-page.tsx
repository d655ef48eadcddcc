import { Alert, Anchor, Button, Title } from "@mantine/core";
import { IconBuildingBank, IconCircleCheck, IconCoins } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Problem } from "@/shared/api/problem";
import { Masked } from "@/shared/banking/masked";
import { revealIban } from "@/shared/banking/queries";
import { difference, isZero } from "@/shared/format/decimal";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { CommandBar } from "@/shared/ui/command-bar";
import { DateText, MomentText } from "@/shared/ui/date-text";
import {
  DocumentView,
  LinesTable,
  Totals,
  useDocumentPage,
  useDocumentWord,
} from "@/shared/ui/document-view";
import { useEntryKind } from "@/shared/ui/entry-kind";
import { ErrorState } from "@/shared/ui/error-state";
import { Loaded } from "@/shared/ui/loaded";
import { Money, Quantity } from "@/shared/ui/money";
import { StatusBadge } from "@/shared/ui/status-badge";

import { usePaymentWords } from "./history";
import { accountNamed, named } from "./names";
import { usePaymentCommands } from "./payment-commands";
import { UnallocateDialog } from "./payment-dialogs";
import { PaymentForm } from "./payment-form";
import classes from "./payments.module.css";
import {
  type Allocation,
  entriesOf,
  payable,
  payment,
  type Payment,
  useKeepPayment,
} from "./queries";

/** "/payments/new" is the form; `party` or `document` in the address say for whom, or for what. */
export function PaymentPage() {
  const { paymentId } = useParams({ from: "/shell/payments/$paymentId" });
  const cache = useQueryClient();
  // Counted up when somebody else changed the draft: the form begins again with what is stored.
  const [round, setRound] = useState(0);
  const begin = async () => {
    await cache.invalidateQueries({ queryKey: payment(paymentId).queryKey });
    setRound((before) => before + 1);
  };
  return paymentId === "new" ? (
    <NewPayment />
  ) : (
    <Loaded query={payment(paymentId)}>
      {(of) =>
        of.state === "draft" && of.next_commands.includes("edit") ? (
          <PaymentForm
            key={`${of.id} ${round}`}
            stored={of}
            onStale={() => void begin()}
            start={{ kind: of.kind, partyId: of.party_id, document: null }}
          />
        ) : (
          <PaymentView key={of.id} of={of} />
        )
      }
    </Loaded>
  );
}

function NewPayment() {
  const { kind, party, document } = useSearch({ from: "/shell/payments/$paymentId" });
  const can = useCan();
  if (!can("payment:create")) return <ErrorState error={new Problem("forbidden", 403, "", "")} />;
  const start = {
    kind: kind === "payment" ? ("payment" as const) : ("receipt" as const),
    partyId: party ?? null,
    document: null,
  };
  if (!document) return <PaymentForm key={`${kind} ${party}`} stored={null} start={start} />;
  return (
    // Only a bill names its party beside itself.
    <Loaded query={payable(document, party ? "bill" : "invoice")}>
      {(of) => <PaymentForm key={of.id} stored={null} start={{ ...start, document: of }} />}
    </Loaded>
  );
}

/** A payment that is booked, or one that may only be read. */
function PaymentView({ of }: { of: Payment }) {
  const { t } = useTranslation(["payments", "banking"]);
  const name = useName();
  const can = useCan();
  const cache = useQueryClient();
  const words = usePaymentWords();
  const keep = useKeepPayment();
  const commands = usePaymentCommands(of, keep);
  const party = <bdi>{name(named(of))}</bdi>;
  const foreign = of.currency !== "SAR";
  return (
    <DocumentView
      back={{ link: { to: "/payments" }, label: t("list.title") }}
      title={of.number ?? t("form.draftOf", { kind: t(`kind.${of.kind}`), party: name(named(of)) })}
      subtitle={
        <>
          {t(`kindLong.${of.kind}`)} · {party}
        </>
      }
      state={of.state}
      flags={
        <>
          {of.is_advance && <StatusBadge tone="attention">{t("list.advance")}</StatusBadge>}
          {of.is_matched && <StatusBadge tone="good">{t("list.matchedYes")}</StatusBadge>}
        </>
      }
      commands={
        <CommandBar
          of={of}
          next={of.next_commands}
          commands={commands}
          onStale={() => void cache.invalidateQueries({ queryKey: payment(of.id).queryKey })}
          onDone={keep}
        />
      }
      notice={<Notice of={of} />}
      facts={[
        {
          label: t("field.party"),
          value: can("party:read") ? (
            <Anchor
              renderRoot={(props) => (
                <Link to="/parties/$partyId" params={{ partyId: of.party_id }} {...props} />
              )}
            >
              {party}
            </Anchor>
          ) : (
            party
          ),
        },
        { label: t("field.role"), value: t(`side.${of.side}`) },
        {
          label: t("field.amount"),
          value: <Money amount={of.amount} currency={of.currency} />,
        },
        foreign && {
          label: t("field.exchange_rate"),
          value: (
            <>
              <Quantity amount={of.exchange_rate} /> SAR / {of.currency}
            </>
          ),
        },
        foreign && {
          label: t("field.amount_base"),
          value: <Money amount={of.amount_base} currency="SAR" />,
        },
        { label: t("field.paid_on"), value: <DateText day={of.paid_on} /> },
        { label: t("field.method"), value: t(`method.${of.method}`) },
        {
          label: of.kind === "receipt" ? t("field.moneyInto") : t("field.moneyFrom"),
          value: <bdi>{name(accountNamed(of))}</bdi>,
        },
        of.bank_account !== null && {
          label: t("field.bank_account", { ns: "banking" }),
          value: (
            <Masked
              grouped
              masked={of.bank_account.iban}
              reveal={
                can("bank_account:reveal") &&
                (() => revealIban(of.party_id, of.bank_account?.id ?? ""))
              }
            />
          ),
        },
        { label: t("field.reference"), value: of.reference && <bdi>{of.reference}</bdi> },
        of.method === "cheque" &&
          of.cleared_on !== null && {
            label: t("field.cleared_on"),
            value: <DateText day={of.cleared_on} />,
          },
        of.posted_at !== null && {
          label: t("field.posted_at"),
          value: <MomentText at={of.posted_at} />,
        },
        { label: t("field.reason"), value: of.reason && <bdi>{of.reason}</bdi>, wide: true },
        { label: t("field.notes"), value: of.notes && <bdi>{of.notes}</bdi>, wide: true },
      ]}
      links={of.links}
      aside={<Entries of={of} />}
      history={{ id: of.id, version: of.version, ...words }}
      {...(of.number !== null && {
        lines: <Allocations of={of} onDone={keep} />,
        totals: <Figures of={of} />,
      })}
    />
  );
}

/** What waits: a cheque in the drawer, money that answers nothing, a bank that said so. */
function Notice({ of }: { of: Payment }) {
  const { t } = useTranslation("payments");
  const format = useFormat();
  const can = useCan();
  if (of.next_commands.includes("clear"))
    return (
      <Alert color="orange" icon={<IconBuildingBank size={18} />}>
        {t("page.inDrawer")}
      </Alert>
    );
  if (of.next_commands.includes("allocate"))
    return (
      <Alert color="orange" icon={<IconCoins size={18} />}>
        {t("page.leftNotice", { left: `${format.money(of.unallocated)} ${of.currency}` })}
      </Alert>
    );
  if (of.is_matched && of.bank_statement_id && can("bank_statement:read"))
    return (
      <Alert color="green" icon={<IconCircleCheck size={18} />}>
        {t("page.confirmed")}{" "}
        <Anchor
          size="sm"
          renderRoot={(props) => (
            <Link
              to="/bank-statements/$statementId"
              params={{ statementId: of.bank_statement_id ?? "" }}
              search={{ show: "matched" }}
              {...props}
            />
          )}
        >
          {t("page.statement")}
        </Anchor>
      </Alert>
    );
  return null;
}

function Allocations({ of, onDone }: { of: Payment; onDone: (answer: unknown) => void }) {
  const { t } = useTranslation("payments");
  const format = useFormat();
  const word = useDocumentWord();
  const pageOf = useDocumentPage();
  const [removing, setRemoving] = useState<Allocation | null>(null);
  const differs = of.allocations.some((one) => !isZero(one.difference));
  const may = of.allocations.some((one) => one.next_commands.includes("unallocate"));
  const empty = of.is_advance
    ? t("page.nothingAdvance")
    : of.refunds_id
      ? t("page.nothingRefund")
      : t("page.nothing");
  return (
    <>
      <LinesTable<Allocation>
        label={t("page.allocations")}
        lines={of.allocations}
        lineKey={(one) => one.id}
        empty={empty}
        columns={[
          {
            id: "document",
            label: t("allocate.document"),
            card: "title",
            cell: (one) => {
              const page = pageOf(one.document_type, one.document_id);
              const said = (
                <>
                  {word(one.document_type)} <bdi>{one.document_number}</bdi>
                </>
              );
              return (
                <span className={classes.answered} data-removed={!one.is_active || undefined}>
                  {page ? (
                    <Anchor size="sm" renderRoot={(props) => <Link to={page} {...props} />}>
                      {said}
                    </Anchor>
                  ) : (
                    said
                  )}
                  {one.removed_on && (
                    <small>{t("page.removed", { day: format.day(one.removed_on) })}</small>
                  )}
                </span>
              );
            },
          },
          {
            id: "on",
            label: t("page.allocated_on"),
            cell: (one) => <DateText day={one.allocated_on} />,
          },
          differs && {
            id: "difference",
            label: t("page.difference"),
            align: "end",
            cell: (one) => !isZero(one.difference) && <Money amount={one.difference} />,
          },
          {
            id: "amount",
            label: t("page.amount"),
            align: "end",
            card: "end",
            cell: (one) => (
              <span className={classes.answered} data-removed={!one.is_active || undefined}>
                <Money amount={one.amount} />
              </span>
            ),
          },
          may && {
            id: "unallocate",
            label: t("unallocate.open"),
            align: "end",
            cell: (one) =>
              one.next_commands.includes("unallocate") && (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={t("unallocate.openOf", { number: one.document_number ?? "" })}
                  onClick={() => {
                    setRemoving(one);
                  }}
                >
                  {t("unallocate.open")}
                </Button>
              ),
          },
        ]}
      />
      {removing && (
        <UnallocateDialog
          of={of}
          allocation={removing}
          onDone={onDone}
          onClose={() => {
            setRemoving(null);
          }}
        />
      )}
    </>
  );
}

function Figures({ of }: { of: Payment }) {
  const { t } = useTranslation("payments");
  if (of.state !== "posted") return null;
  const answered = of.allocations.filter((one) => one.is_active);
  return (
    <Totals
      rows={[
        { label: t("page.amountLine"), amount: of.amount },
        answered.length > 0 && { label: t("page.used"), amount: usedFor(of) },
        !isZero(of.refunded) && { label: t("page.refunded"), amount: of.refunded },
        of.is_advance
          ? { label: t("page.advanceLeft"), amount: of.advance_left ?? "0", strong: true }
          : of.refunds_id === null && {
              label: t("page.left"),
              amount: of.unallocated,
              strong: true,
            },
      ]}
    />
  );
}

/** `used` counts what was given back as well. */
const usedFor = (of: Payment) => difference(of.used, of.refunded);

/** What the payment has written in the books, one entry after the other. */
function Entries({ of }: { of: Payment }) {
  const { t } = useTranslation("payments");
  const kind = useEntryKind();
  const can = useCan();
  const may = can("journal_entry:read");
  const { data } = useQuery({ ...entriesOf(of), enabled: may && of.number !== null });
  if (!data || data.items.length === 0) return null;
  return (
    <section className={`aw-card ${classes.aside ?? ""}`} aria-label={t("page.entries")}>
      <Title order={2}>{t("page.entries")}</Title>
      <ul>
        {data.items.map((entry) => (
          <li key={entry.id}>
            <Anchor
              size="sm"
              renderRoot={(props) => (
                <Link to="/journal-entries/$entryId" params={{ entryId: entry.id }} {...props} />
              )}
            >
              {kind(entry.kind)} <span className="aw-ltr">{entry.number}</span>
            </Anchor>
            <DateText day={entry.date} />
          </li>
        ))}
      </ul>
    </section>
  );
}
