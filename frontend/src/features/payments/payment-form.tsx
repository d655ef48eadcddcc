import {
  Alert,
  Button,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCircleCheck } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { asProblem } from "@/shared/api/problem";
import { BankAccountSelect } from "@/shared/banking/bank-account-select";
import { isoDay } from "@/shared/format/date";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { CommandBar } from "@/shared/ui/command-bar";
import { CommandDialog, CommandRefusal } from "@/shared/ui/command-dialog";
import { DateInput } from "@/shared/ui/date-input";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { DocumentState } from "@/shared/ui/document-status";
import { DraftNotice } from "@/shared/ui/draft-notice";
import { Refusal } from "@/shared/ui/error-state";
import { placeErrors } from "@/shared/ui/line-errors";
import { useKept } from "@/shared/ui/use-kept";
import { usePageTitle } from "@/shared/ui/use-page-title";

import { AccountSelect, useMoneyAccounts } from "./account-select";
import { AdvanceFields, isTold, noPurpose, type Purpose, purposeBody } from "./advance-fields";
import { AllocationFields } from "./allocation-fields";
import { amountOf, isSome } from "./amounts";
import { methods, named } from "./names";
import { PartySelect } from "./party-select";
import { usePaymentCommands } from "./payment-commands";
import classes from "./payments.module.css";
import {
  type Kind,
  type Method,
  party,
  type Payable,
  payment,
  type Payment,
  type Side,
  useKeepPayment,
  useSavePayment,
} from "./queries";
import { usualSide } from "./sides";
import { type Taken, useAllocation } from "./use-allocation";

type Entered = {
  /** The draft that was saved from this form already. */
  draft: { id: string; version: number } | null;
  kind: Kind;
  /** In which of its roles the party pays or is paid. */
  side: Side;
  party_id: string | null;
  method: Method;
  /** null: where such money usually goes. */
  account_id: string | null;
  /** null: what the document has open. */
  amount: string | null;
  paid_on: string;
  /** The party's account that it is sent to. */
  bank_account_id: string | null;
  reference: string;
  notes: string;
  currency: string;
  exchange_rate: string;
  own: Taken | null;
  isAdvance: boolean;
  purpose: Purpose;
};

type Start = { kind: Kind; partyId: string | null; document: Payable | null };

const entered = (of: Payment | null, start: Start): Entered => ({
  draft: of && { id: of.id, version: of.version },
  kind: of?.kind ?? start.document?.kind ?? start.kind,
  side: of?.side ?? start.document?.side ?? usualSide(start.kind),
  party_id: of?.party_id ?? start.document?.party_id ?? start.partyId,
  method: of?.method ?? "bank_transfer",
  account_id: of?.account_id ?? null,
  amount: of?.amount ?? (start.document && isSome(start.document.open_amount) ? null : ""),
  paid_on: of?.paid_on ?? isoDay(new Date()),
  bank_account_id: of?.bank_account?.id ?? null,
  reference: of?.reference ?? "",
  notes: of?.notes ?? "",
  currency: of?.currency ?? start.document?.currency ?? "SAR",
  exchange_rate: of?.exchange_rate ?? "1",
  own: null,
  isAdvance: false,
  purpose: noPurpose,
});

/** Receive money or pay: one form, one step; the draft behind it is the program's business. */
export function PaymentForm({
  stored,
  start,
  onStale,
}: {
  stored: Payment | null;
  start: Start;
  /** Begin again with the draft as it is now. */
  onStale?: () => void;
}) {
  const { t } = useTranslation("payments");
  const name = useName();
  const format = useFormat();
  const can = useCan();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const accounts = useMoneyAccounts();
  const save = useSavePayment();
  const keep = useKeepPayment();
  const { document } = start;
  // Of the draft as it was opened: saving it moves its version on, and the form stays.
  const [key] = useState(
    stored
      ? `payment.${stored.id}.${stored.version}`
      : `payment.new.${start.kind}.${start.partyId ?? ""}.${document?.id ?? ""}`,
  );
  const kept = useKept<Entered>(key, entered(stored, start));
  const { value: form, setValue } = kept;
  const [asking, setAsking] = useState(false);
  const change = (values: Partial<Entered>) => {
    setValue((before) => ({ ...before, ...values }));
  };

  const { data: chosen } = useQuery({ ...party(form.party_id ?? ""), enabled: !!form.party_id });
  const { side } = form;
  const account_id = form.account_id ?? accounts.usual(form.method);
  const typed = form.amount ?? document?.open_amount ?? "";
  const amount = amountOf(typed);
  const allocation = useAllocation({
    party_id: form.party_id,
    kind: form.kind,
    side,
    currency: form.currency,
    amount,
    only: document?.id ?? null,
    own: form.own,
  });
  const canBeAdvance = form.kind === "receipt" && side === "customer" && can("payment:post");
  const isAdvance = canBeAdvance && form.isAdvance;
  const partyName = chosen ? name(chosen) : stored ? name(named(stored)) : "";
  const isForeign = form.currency !== "SAR";
  const goesToAccount = form.kind === "payment" && form.method === "bank_transfer";

  const complete =
    form.party_id !== null && account_id !== null && amount !== null && form.paid_on !== "";
  const mayPost = can("payment:post");
  const ready = complete && (isAdvance ? isTold(form.purpose) : !allocation.isWrong);
  const problem = save.error && asProblem(save.error);
  const errors = placeErrors(problem, [], fields);
  const verb = form.kind === "receipt" ? t("form.receive") : t("form.pay");
  const title = stored
    ? t("form.draftOf", { kind: t(`kind.${stored.kind}`), party: name(named(stored)) })
    : verb;
  usePageTitle(title);

  const send = (then: (saved: Payment) => void) => {
    if (!complete || save.isPending) return;
    save.mutate(
      {
        of: form.draft,
        body: {
          kind: form.kind,
          side,
          party_id: form.party_id ?? "",
          method: form.method,
          account_id,
          amount,
          paid_on: form.paid_on,
          currency: form.currency,
          exchange_rate: isForeign ? form.exchange_rate : "1",
          bank_account_id: goesToAccount ? form.bank_account_id : null,
          reference: form.reference.trim(),
          notes: form.notes.trim(),
        },
      },
      {
        onSuccess: (saved) => {
          change({ draft: { id: saved.id, version: saved.version } });
          then(saved);
        },
      },
    );
  };
  const show = (id: string) => {
    kept.forget();
    void navigate({ to: "/payments/$paymentId", params: { paymentId: id }, replace: true });
  };
  const commands = usePaymentCommands(stored, (answer) => {
    show(keep(answer).id);
  });

  return (
    <DocumentPage
      back={{ link: { to: "/payments" }, label: t("list.title") }}
      title={title}
      status={stored && <DocumentState state={stored.state} />}
      actions={
        <>
          {mayPost && (
            <Button
              disabled={!ready}
              loading={save.isPending}
              onClick={() => {
                send(() => {
                  setAsking(true);
                });
              }}
            >
              {t("form.review")}
            </Button>
          )}
          <Button
            variant={mayPost ? "default" : "filled"}
            disabled={!complete || save.isPending}
            onClick={() => {
              send((saved) => {
                notifications.show({ message: t("form.saved") });
                show(saved.id);
              });
            }}
          >
            {t("form.save")}
          </Button>
          {stored && (
            <CommandBar
              of={stored}
              next={stored.next_commands.filter((one) => one === "void")}
              commands={commands}
              onStale={() =>
                void cache.invalidateQueries({ queryKey: payment(stored.id).queryKey })
              }
              onDone={(answer) => {
                kept.forget();
                keep(answer);
              }}
            />
          )}
        </>
      }
    >
      <DraftNotice shown={kept.restored && !asking} onDiscard={kept.startOver} />
      {problem &&
        (problem.isConflict ? (
          <CommandRefusal
            problem={problem}
            onStale={
              onStale &&
              (() => {
                kept.forget();
                onStale();
              })
            }
          />
        ) : (
          <Refusal error={problem} more={errors.rest} />
        ))}
      {document && !isSome(document.open_amount) && (
        <Alert color="gray" icon={<IconCircleCheck size={18} />}>
          {t("form.settled")}
        </Alert>
      )}
      {!mayPost && (
        <Text size="sm" c="dimmed">
          {t("form.mayNotPost")}
        </Text>
      )}
      <Section title={t("form.who")}>
        <Stack gap={16}>
          {!stored && !document && form.draft === null && (
            <SegmentedControl
              aria-label={t("field.kind")}
              value={form.kind}
              onChange={(kind) => {
                change({
                  kind,
                  side: usualSide(kind),
                  party_id: null,
                  own: null,
                  isAdvance: false,
                });
              }}
              data={(["receipt", "payment"] as const).map((value) => ({
                value,
                label: t(value === "receipt" ? "form.kindReceipt" : "form.kindPayment"),
              }))}
            />
          )}
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
            <Select
              label={t("field.side")}
              allowDeselect={false}
              disabled={form.draft !== null || document !== null}
              value={side}
              data={(["customer", "supplier"] as const).map((value) => ({
                value,
                label: t(form.kind === "receipt" ? `from.${value}` : `to.${value}`),
              }))}
              onChange={(value) => {
                if (value) change({ side: value, party_id: null, own: null });
              }}
            />
            <PartySelect
              side={side}
              label={t(`side.${side}`)}
              required
              disabled={document !== null}
              data-autofocus
              autoFocus={form.party_id === null}
              value={form.party_id}
              error={errors.of("party_id")}
              onChange={(id, row) => {
                change({
                  party_id: id,
                  bank_account_id: null,
                  own: null,
                  ...(row && form.draft === null && { currency: row.currency || "SAR" }),
                });
              }}
            />
            <DecimalInput
              label={t("field.amount")}
              required
              places={2}
              rightSectionWidth={52}
              rightSection={<span className={classes.unit}>{form.currency}</span>}
              value={typed}
              error={errors.of("amount")}
              onChange={(next) => {
                change({ amount: next });
              }}
            />
            <Select
              label={t("field.method")}
              required
              allowDeselect={false}
              value={form.method}
              description={
                form.kind === "receipt" && form.method === "cheque" && t("form.chequeHint")
              }
              data={methods.map((value) => ({ value, label: t(`method.${value}`) }))}
              error={errors.of("method")}
              onChange={(method) => {
                change({ method: method ?? "bank_transfer" });
              }}
            />
            <AccountSelect
              label={form.kind === "receipt" ? t("field.moneyInto") : t("field.moneyFrom")}
              required
              value={account_id}
              error={errors.of("account_id")}
              onChange={(id) => {
                change({ account_id: id });
              }}
            />
            {goesToAccount && form.party_id !== null && can("party:read") && (
              <BankAccountSelect
                party={form.party_id}
                value={form.bank_account_id}
                error={errors.of("bank_account_id")}
                onChange={(id) => {
                  change({ bank_account_id: id });
                }}
              />
            )}
            <DateInput
              label={t("field.paid_on")}
              required
              value={form.paid_on || null}
              error={errors.of("paid_on")}
              onChange={(day) => {
                change({ paid_on: day ?? "" });
              }}
            />
            <TextInput
              label={t("field.reference")}
              placeholder={t("field.referenceHint")}
              maxLength={120}
              value={form.reference}
              error={errors.of("reference")}
              onChange={(event) => {
                change({ reference: event.currentTarget.value });
              }}
            />
            <TextInput
              label={t("field.currency")}
              dir="ltr"
              maxLength={3}
              disabled={document !== null}
              value={form.currency}
              error={errors.of("currency")}
              onChange={(event) => {
                change({ currency: event.currentTarget.value.toUpperCase(), own: null });
              }}
            />
            {isForeign && (
              <DecimalInput
                label={t("field.exchange_rate")}
                description={t("field.rateHint", { currency: form.currency })}
                required
                value={form.exchange_rate}
                error={errors.of("exchange_rate")}
                onChange={(exchange_rate) => {
                  change({ exchange_rate });
                }}
              />
            )}
            <Textarea
              label={t("field.notes")}
              autosize
              minRows={1}
              maxLength={2000}
              value={form.notes}
              error={errors.of("notes")}
              onChange={(event) => {
                change({ notes: event.currentTarget.value });
              }}
            />
          </SimpleGrid>
        </Stack>
      </Section>
      {mayPost && (
        <Section
          title={t("form.for")}
          {...(!isAdvance &&
            allocation.proposals.length > 0 && { description: t("allocate.text") })}
        >
          <Stack gap={16}>
            {canBeAdvance && document === null && (
              <SegmentedControl
                aria-label={t("form.for")}
                value={form.isAdvance ? "advance" : "documents"}
                onChange={(value) => {
                  change({ isAdvance: value === "advance" });
                }}
                data={[
                  { value: "documents", label: t("form.forInvoices") },
                  { value: "advance", label: t("form.forAdvance") },
                ]}
              />
            )}
            {isAdvance ? (
              <>
                <Text size="sm" c="dimmed">
                  {t("form.advanceText")}
                </Text>
                <AdvanceFields
                  value={form.purpose}
                  onChange={(purpose) => {
                    change({ purpose });
                  }}
                />
              </>
            ) : form.party_id === null ? (
              <Text c="dimmed">{t("form.pickParty")}</Text>
            ) : (
              <AllocationFields
                allocation={allocation}
                party={partyName}
                currency={form.currency}
                onChange={(own) => {
                  change({ own });
                }}
                onAmount={(sum) => {
                  change({ amount: sum });
                }}
              />
            )}
          </Stack>
        </Section>
      )}
      {asking && form.draft && amount && (
        <CommandDialog
          of={form.draft}
          title={t("form.postTitle", { amount: `${format.money(amount)} ${form.currency}` })}
          verb={isAdvance ? t("advance.verb") : t("form.post")}
          text={
            <>
              <bdi>{partyName}</bdi>. {t("form.postText", { day: format.day(form.paid_on) })}
            </>
          }
          ready={isAdvance || allocation.isReady}
          asked={isAdvance ? purposeBody(form.purpose) : allocation.wishes}
          send={({ query, headers }) => {
            const params = { path: { payment_id: form.draft?.id ?? "" }, query };
            return isAdvance
              ? client.POST("/api/payments/{payment_id}/post-advance", {
                  params,
                  headers,
                  body: purposeBody(form.purpose),
                })
              : client.POST("/api/payments/{payment_id}/post", {
                  params,
                  headers,
                  body: { allocations: allocation.wishes },
                });
          }}
          onStale={() => {
            setAsking(false);
            if (form.draft) show(form.draft.id);
          }}
          onDone={(answer) => {
            const posted = keep(answer);
            notifications.show({ message: t("form.posted", { number: posted.number ?? "" }) });
            show(posted.id);
          }}
          onClose={() => {
            setAsking(false);
          }}
        />
      )}
    </DocumentPage>
  );
}

const fields = [
  "party_id",
  "method",
  "account_id",
  "bank_account_id",
  "amount",
  "paid_on",
  "reference",
  "notes",
  "currency",
  "exchange_rate",
];
