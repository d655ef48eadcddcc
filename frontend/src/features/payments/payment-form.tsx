import { Alert, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCircleCheck } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { asProblem } from "@/shared/api/problem";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { CommandBar } from "@/shared/ui/command-bar";
import { CommandDialog, CommandRefusal } from "@/shared/ui/command-dialog";
import { DocumentPage } from "@/shared/ui/document-page";
import { DocumentState } from "@/shared/ui/document-status";
import { DraftNotice } from "@/shared/ui/draft-notice";
import { Refusal } from "@/shared/ui/error-state";
import { placeErrors } from "@/shared/ui/line-errors";
import { ReasonedButton } from "@/shared/ui/reasoned-button";
import { useKept } from "@/shared/ui/use-kept";
import { useOnce } from "@/shared/ui/use-once";
import { usePageTitle } from "@/shared/ui/use-page-title";

import { useMoneyAccounts } from "./account-select";
import { isTold, purposeBody } from "./advance-fields";
import { amountOf, isSome } from "./amounts";
import { named } from "./names";
import { usePaymentCommands } from "./payment-commands";
import { PaymentFields } from "./payment-fields";
import { PaymentPurpose } from "./payment-purpose";
import { type Entered, entered, missingFrom, type Start } from "./payment-values";
import { party, payment, type Payment, useKeepPayment, useSavePayment } from "./queries";
import { useAllocation } from "./use-allocation";

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

  const missing = missingFrom({ ...form, account_id, amount });
  const unsaved = missing && t(`form.missing.${missing}`);
  const mayPost = can("payment:post");
  const unposted =
    unsaved ??
    (isAdvance && !isTold(form.purpose)
      ? t("form.missing.purpose")
      : !isAdvance && allocation.isWrong
        ? t("form.missing.allocation")
        : null);
  const problem = save.error && asProblem(save.error);
  const errors = placeErrors(problem, [], fields);
  const verb = form.kind === "receipt" ? t("form.receive") : t("form.pay");
  const title = stored
    ? t("form.draftOf", { kind: t(`kind.${stored.kind}`), party: name(named(stored)) })
    : verb;
  usePageTitle(title);

  const once = useOnce({ again: true });
  const send = (then: (saved: Payment) => void) => {
    if (account_id === null || amount === null) return;
    const body = {
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
    };
    once(async () => {
      const saved = await save.mutateAsync({ of: form.draft, body });
      change({ draft: { id: saved.id, version: saved.version } });
      then(saved);
    });
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
            <ReasonedButton
              reason={unposted}
              loading={save.isPending}
              onClick={() => {
                send(() => {
                  setAsking(true);
                });
              }}
            >
              {t("form.review")}
            </ReasonedButton>
          )}
          <ReasonedButton
            variant={mayPost ? "default" : "filled"}
            reason={unsaved}
            onClick={() => {
              send((saved) => {
                notifications.show({ message: t("form.saved") });
                show(saved.id);
              });
            }}
          >
            {t("form.save")}
          </ReasonedButton>
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
      <PaymentFields
        form={form}
        document={document}
        isStored={stored !== null}
        amount={typed}
        accountId={account_id}
        errorOf={errors.of}
        onChange={change}
      />
      {mayPost && (
        <PaymentPurpose
          form={form}
          canBeAdvance={canBeAdvance}
          mayChoose={document === null}
          party={partyName}
          allocation={allocation}
          onChange={change}
        />
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
