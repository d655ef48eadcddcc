import { SegmentedControl, Select, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { BankAccountSelect } from "@/shared/banking/bank-account-select";
import { useCan } from "@/shared/session/session";
import { DateInput } from "@/shared/ui/date-input";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { Section } from "@/shared/ui/document-page";

import { AccountSelect } from "./account-select";
import { methods } from "./names";
import { PartySelect } from "./party-select";
import { type Entered } from "./payment-values";
import classes from "./payments.module.css";
import { type Payable } from "./queries";
import { usualSide } from "./sides";

/** Who pays or is paid, how much, how and when. */
export function PaymentFields({
  form,
  document,
  isStored,
  amount,
  accountId,
  errorOf,
  onChange,
}: {
  form: Entered;
  /** The one document that it answers, when it began there. */
  document: Payable | null;
  isStored: boolean;
  /** As typed, or what the document has open. */
  amount: string;
  /** As chosen, or where such money usually goes. */
  accountId: string | null;
  errorOf: (field: string) => string | undefined;
  onChange: (values: Partial<Entered>) => void;
}) {
  const { t } = useTranslation("payments");
  const can = useCan();
  const { side } = form;
  const isForeign = form.currency !== "SAR";
  const goesToAccount = form.kind === "payment" && form.method === "bank_transfer";
  return (
    <Section title={t("form.who")}>
      <Stack gap={16}>
        {!isStored && !document && form.draft === null && (
          <SegmentedControl
            aria-label={t("field.kind")}
            value={form.kind}
            onChange={(kind) => {
              onChange({
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
              if (value) onChange({ side: value, party_id: null, own: null });
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
            error={errorOf("party_id")}
            onChange={(id, row) => {
              onChange({
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
            value={amount}
            error={errorOf("amount")}
            onChange={(next) => {
              onChange({ amount: next });
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
            error={errorOf("method")}
            onChange={(method) => {
              onChange({ method: method ?? "bank_transfer" });
            }}
          />
          <AccountSelect
            label={form.kind === "receipt" ? t("field.moneyInto") : t("field.moneyFrom")}
            required
            value={accountId}
            error={errorOf("account_id")}
            onChange={(id) => {
              onChange({ account_id: id });
            }}
          />
          {goesToAccount && form.party_id !== null && can("party:read") && (
            <BankAccountSelect
              party={form.party_id}
              value={form.bank_account_id}
              error={errorOf("bank_account_id")}
              onChange={(id) => {
                onChange({ bank_account_id: id });
              }}
            />
          )}
          <DateInput
            label={t("field.paid_on")}
            required
            value={form.paid_on || null}
            error={errorOf("paid_on")}
            onChange={(day) => {
              onChange({ paid_on: day ?? "" });
            }}
          />
          <TextInput
            label={t("field.reference")}
            placeholder={t("field.referenceHint")}
            maxLength={120}
            value={form.reference}
            error={errorOf("reference")}
            onChange={(event) => {
              onChange({ reference: event.currentTarget.value });
            }}
          />
          <TextInput
            label={t("field.currency")}
            dir="ltr"
            maxLength={3}
            disabled={document !== null}
            value={form.currency}
            error={errorOf("currency")}
            onChange={(event) => {
              onChange({ currency: event.currentTarget.value.toUpperCase(), own: null });
            }}
          />
          {isForeign && (
            <DecimalInput
              label={t("field.exchange_rate")}
              description={t("field.rateHint", { currency: form.currency })}
              required
              value={form.exchange_rate}
              error={errorOf("exchange_rate")}
              onChange={(exchange_rate) => {
                onChange({ exchange_rate });
              }}
            />
          )}
          <Textarea
            label={t("field.notes")}
            autosize
            minRows={1}
            maxLength={2000}
            value={form.notes}
            error={errorOf("notes")}
            onChange={(event) => {
              onChange({ notes: event.currentTarget.value });
            }}
          />
        </SimpleGrid>
      </Stack>
    </Section>
  );
}
