import { notifications } from "@mantine/notifications";
import { Select, SimpleGrid, Textarea, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { client } from "@/shared/api/client";
import { isoDay } from "@/shared/format/date";
import { parseDecimal } from "@/shared/format/number";
import { useFormat } from "@/shared/format/use-format";
import { useName } from "@/shared/i18n/names";
import { CommandDialog } from "@/shared/ui/command-dialog";
import { DateInput } from "@/shared/ui/date-input";
import { DecimalInput } from "@/shared/ui/decimal-input";

import { AccountSelect, useMoneyAccounts } from "./account-select";
import { AdvanceFields, isTold, noPurpose, purposeBody } from "./advance-fields";
import { AllocationFields } from "./allocation-fields";
import { amountOf } from "./amounts";
import { accountNamed, methods, named } from "./names";
import { type Allocation, type Method, type Payment, useForgetMoney } from "./queries";
import { type Taken, useAllocation } from "./use-allocation";

type Props = { of: Payment; onClose: () => void; onDone: (answer: unknown) => void };

/** The day of a command; today unless somebody says otherwise. */
function useDay() {
  const { t } = useTranslation("payments");
  const [on, setDay] = useState<string | null>(isoDay(new Date()));
  const field = (error?: string) => (
    <DateInput label={t("field.day")} required value={on} error={error} onChange={setDay} />
  );
  return { on, field };
}

/** What a payment has left answers documents; of a draft (`post`), while it is posted. */
export function AllocateDialog({ of, post = false, onClose, onDone }: Props & { post?: boolean }) {
  const { t } = useTranslation("payments");
  const name = useName();
  const format = useFormat();
  const day = useDay();
  const [own, setOwn] = useState<Taken | null>(null);
  const allocation = useAllocation({
    party_id: of.party_id,
    kind: of.kind,
    side: of.side,
    currency: of.currency,
    amount: post ? of.amount : of.unallocated,
    own,
  });
  const allocations = allocation.wishes;
  return (
    <CommandDialog
      of={of}
      size="xl"
      title={
        post
          ? t("form.postTitle", { amount: `${format.money(of.amount)} ${of.currency}` })
          : t("allocate.title")
      }
      verb={post ? t("form.post") : t("allocate.verb")}
      text={post ? t("form.postText", { day: format.day(of.paid_on) }) : t("allocate.text")}
      ready={allocation.isReady && (post || (allocations.length > 0 && day.on !== null))}
      asked={[allocations, day.on]}
      send={({ query, headers }) => {
        const params = { path: { payment_id: of.id }, query };
        return post
          ? client.POST("/api/payments/{payment_id}/post", {
              params,
              headers,
              body: { allocations },
            })
          : client.POST("/api/payments/{payment_id}/allocate", {
              params,
              headers,
              body: { allocations, on: day.on },
            });
      }}
      onDone={(answer) => {
        notifications.show({
          message: post
            ? t("form.posted", { number: (answer as Payment).number ?? "" })
            : t("allocate.done"),
        });
        onDone(answer);
      }}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <AllocationFields
            allocation={allocation}
            party={name(named(of))}
            currency={of.currency}
            onChange={setOwn}
            errorOf={(index) => errorOf(`allocations.${index}.document_id`)}
          />
          {!post && day.field(errorOf("on"))}
        </>
      )}
    </CommandDialog>
  );
}

export function AdvanceDialog({ of, onClose, onDone }: Props) {
  const { t } = useTranslation("payments");
  const [purpose, setPurpose] = useState(noPurpose);
  return (
    <CommandDialog
      of={of}
      title={t("advance.title")}
      verb={t("advance.verb")}
      text={t("form.advanceText")}
      ready={isTold(purpose)}
      asked={purpose}
      send={({ query, headers }) =>
        client.POST("/api/payments/{payment_id}/post-advance", {
          params: { path: { payment_id: of.id }, query },
          headers,
          body: purposeBody(purpose),
        })
      }
      onDone={(answer) => {
        notifications.show({ message: t("advance.done") });
        onDone(answer);
      }}
      onClose={onClose}
    >
      {(errorOf) => <AdvanceFields value={purpose} onChange={setPurpose} errorOf={errorOf} />}
    </CommandDialog>
  );
}

export function ClearDialog({ of, onClose, onDone }: Props) {
  const { t } = useTranslation("payments");
  const name = useName();
  const day = useDay();
  return (
    <CommandDialog
      of={of}
      title={t("clear.title")}
      verb={t("clear.verb")}
      text={t("clear.text", { account: name(accountNamed(of)) })}
      ready={day.on !== null}
      asked={day.on}
      send={({ query, headers }) =>
        client.POST("/api/payments/{payment_id}/clear", {
          params: { path: { payment_id: of.id }, query },
          headers,
          body: { on: day.on },
        })
      }
      onDone={(answer) => {
        notifications.show({ message: t("clear.done") });
        onDone(answer);
      }}
      onClose={onClose}
    >
      {(errorOf) => day.field(errorOf("on"))}
    </CommandDialog>
  );
}

/** Give back what is left; the answer is a payment of its own, which is shown. */
export function RefundDialog({ of, onClose }: Props) {
  const { t } = useTranslation("payments");
  const format = useFormat();
  const navigate = useNavigate();
  const forget = useForgetMoney();
  const accounts = useMoneyAccounts();
  const day = useDay();
  const left = of.is_advance ? (of.advance_left ?? "0") : of.unallocated;
  const [typed, setTyped] = useState(left);
  const [method, setMethod] = useState<Method>(of.method === "cash" ? "cash" : "bank_transfer");
  const [account, setAccount] = useState<string | null>(null);
  const [reference, setReference] = useState("");
  const amount = amountOf(typed);
  const account_id = account ?? accounts.usual(method);
  return (
    <CommandDialog
      of={of}
      title={t("refund.title", { number: of.number ?? "" })}
      verb={t("refund.verb")}
      text={t(of.is_advance ? "refund.textAdvance" : "refund.text", {
        left: `${format.money(left)} ${of.currency}`,
      })}
      ready={amount !== null && account_id !== null && day.on !== null}
      asked={[amount, method, account_id, day.on]}
      send={({ query, headers }) =>
        client.POST("/api/payments/{payment_id}/refund", {
          params: { path: { payment_id: of.id }, query },
          headers,
          body: {
            amount: amount ?? typed,
            method,
            account_id: account_id ?? "",
            on: day.on,
            reference: reference.trim(),
          },
        })
      }
      onDone={(answer) => {
        const back = answer as Payment;
        forget();
        notifications.show({ message: t("refund.done", { number: back.number ?? "" }) });
        void navigate({ to: "/payments/$paymentId", params: { paymentId: back.id } });
      }}
      onClose={onClose}
    >
      {(errorOf) => (
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
          <DecimalInput
            label={t("field.amount")}
            required
            data-autofocus
            places={2}
            value={typed}
            error={errorOf("amount")}
            onChange={setTyped}
          />
          <Select
            label={t("field.method")}
            allowDeselect={false}
            value={method}
            data={methods.map((value) => ({ value, label: t(`method.${value}`) }))}
            onChange={(value) => {
              setMethod(value ?? "bank_transfer");
            }}
          />
          <AccountSelect
            label={of.kind === "receipt" ? t("field.moneyFrom") : t("field.moneyInto")}
            required
            value={account_id}
            error={errorOf("account_id")}
            onChange={setAccount}
          />
          {day.field(errorOf("on"))}
          <TextInput
            label={t("field.reference")}
            placeholder={t("field.referenceHint")}
            maxLength={120}
            value={reference}
            error={errorOf("reference")}
            onChange={(event) => {
              setReference(event.currentTarget.value);
            }}
          />
        </SimpleGrid>
      )}
    </CommandDialog>
  );
}

export function BounceDialog({ of, onClose, onDone }: Props) {
  const { t } = useTranslation("payments");
  const day = useDay();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const fee = typed.trim() === "" ? "0" : parseDecimal(typed);
  return (
    <CommandDialog
      of={of}
      title={t("bounce.title", { number: of.number ?? "" })}
      verb={t("bounce.verb")}
      danger
      text={t("bounce.text")}
      ready={reason.trim() !== "" && fee !== null && day.on !== null}
      asked={[fee, day.on]}
      send={({ query, headers }) =>
        client.POST("/api/payments/{payment_id}/bounce", {
          params: { path: { payment_id: of.id }, query },
          headers,
          body: { reason: reason.trim(), fee: fee ?? "0", on: day.on },
        })
      }
      onDone={(answer) => {
        notifications.show({ message: t("bounce.done") });
        onDone(answer);
      }}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <Reason label={t("bounce.why")} {...{ reason, setReason }} error={errorOf("reason")} />
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
            {day.field(errorOf("on"))}
            <DecimalInput
              label={t("field.fee")}
              places={2}
              placeholder="0.00"
              value={typed}
              error={errorOf("fee")}
              onChange={setTyped}
            />
          </SimpleGrid>
        </>
      )}
    </CommandDialog>
  );
}

export function ReverseDialog({ of, onClose, onDone }: Props) {
  const { t } = useTranslation("payments");
  const day = useDay();
  const [reason, setReason] = useState("");
  return (
    <CommandDialog
      of={of}
      title={t("reverse.title", { number: of.number ?? "" })}
      verb={t("reverse.verb")}
      danger
      text={of.is_advance ? t("reverse.textAdvance") : t("reverse.text")}
      ready={reason.trim() !== "" && day.on !== null}
      asked={day.on}
      send={({ query, headers }) =>
        client.POST("/api/payments/{payment_id}/reverse", {
          params: { path: { payment_id: of.id }, query },
          headers,
          body: { reason: reason.trim(), on: day.on },
        })
      }
      onDone={(answer) => {
        notifications.show({ message: t("reverse.done") });
        onDone(answer);
      }}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <Reason label={t("reverse.why")} {...{ reason, setReason }} error={errorOf("reason")} />
          {day.field(errorOf("on"))}
        </>
      )}
    </CommandDialog>
  );
}

/** Take one allocation back: the document is open again. */
export function UnallocateDialog({
  of,
  allocation,
  onClose,
  onDone,
}: Props & { allocation: Allocation }) {
  const { t } = useTranslation("payments");
  const format = useFormat();
  const day = useDay();
  return (
    <CommandDialog
      of={of}
      title={t("unallocate.title", {
        amount: format.money(allocation.amount),
        number: allocation.document_number ?? "",
      })}
      verb={t("unallocate.verb")}
      danger
      text={t("unallocate.text")}
      ready={day.on !== null}
      asked={day.on}
      send={({ query, headers }) =>
        client.POST("/api/payments/{payment_id}/allocations/{allocation_id}/unallocate", {
          params: { path: { payment_id: of.id, allocation_id: allocation.id }, query },
          headers,
          body: { on: day.on },
        })
      }
      onDone={(answer) => {
        notifications.show({ message: t("unallocate.done") });
        onDone(answer);
      }}
      onClose={onClose}
    >
      {(errorOf) => day.field(errorOf("on"))}
    </CommandDialog>
  );
}

function Reason({
  label,
  reason,
  setReason,
  error,
}: {
  label: string;
  reason: string;
  setReason: (reason: string) => void;
  error: string | undefined;
}) {
  return (
    <Textarea
      label={label}
      required
      data-autofocus
      autosize
      minRows={1}
      maxLength={300}
      value={reason}
      error={error}
      onChange={(event) => {
        setReason(event.currentTarget.value);
      }}
    />
  );
}
