import { Checkbox, Select, SimpleGrid, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/shared/api/problem";
import { parseDecimal } from "@/shared/format/number";
import { useCan } from "@/shared/session/session";
import { CommandRefusal } from "@/shared/ui/command-dialog";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { Loaded } from "@/shared/ui/loaded";
import { ReasonedButton } from "@/shared/ui/reasoned-button";
import { usePageTitle } from "@/shared/ui/use-page-title";
import { useUnsavedWarning } from "@/shared/ui/use-unsaved-warning";

import { type SalesSettings, salesSettings, useChangeSalesSettings } from "./queries";

export function SalesSettingsPage() {
  return <Loaded query={salesSettings()}>{(of) => <Edit key={of.version} of={of} />}</Loaded>;
}

const policies = ["delivered", "ordered"] as const;
const reservations = ["on_confirm", "manual"] as const;
const limits = ["refuse", "approve"] as const;
const timings = ["shipment", "invoice"] as const;

/** How the company sells: what is invoiced and when, what is reserved, who must approve. */
function Edit({ of }: { of: SalesSettings }) {
  const { t } = useTranslation("sales");
  const can = useCan();
  const change = useChangeSalesSettings();
  const stored = {
    ...of,
    approve_above: of.approve_above ?? "",
    approve_discount_above: of.approve_discount_above ?? "",
  };
  const [values, setValues] = useState(stored);
  const set = (next: Partial<typeof stored>) => {
    setValues((before) => ({ ...before, ...next }));
  };
  usePageTitle(t("settings.title"));
  const dirty = JSON.stringify(values) !== JSON.stringify(stored);
  useUnsavedWarning(dirty && !change.isPending);
  const disabled = !can("sales_order:manage");
  const problem = change.error && asProblem(change.error);
  const errorOf = (field: string) =>
    problem?.errors.find((one) => one.pointer.endsWith(`/${field}`))?.message;
  const flag = (field: "needs_picking" | "needs_packing" | "closes_by_itself") => (
    <Checkbox
      label={t(`settings.${field}`)}
      disabled={disabled}
      checked={values[field]}
      onChange={(event) => {
        set({ [field]: event.currentTarget.checked });
      }}
    />
  );
  const figure = (field: "approve_above" | "approve_discount_above" | "over_delivery_percent") => (
    <DecimalInput
      label={t(`settings.${field}`)}
      description={field === "over_delivery_percent" ? undefined : t("settings.never")}
      inputWrapperOrder={["label", "input", "description", "error"]}
      disabled={disabled}
      value={values[field]}
      error={errorOf(field)}
      onChange={(value) => {
        set({ [field]: value });
      }}
    />
  );
  const amount = (text: string) => (text === "" ? null : (parseDecimal(text) ?? text));
  return (
    <DocumentPage
      back={{ link: { to: "/sales-orders" }, label: t("orders.title") }}
      title={t("settings.title")}
      actions={
        !disabled && (
          <ReasonedButton
            reason={dirty ? null : t("settings.unchanged")}
            loading={change.isPending}
            onClick={() => {
              // eslint-disable-next-line @typescript-eslint/no-unused-vars
              const { version: _version, ...rest } = values;
              change.mutate(
                {
                  ...rest,
                  approve_above: amount(values.approve_above),
                  approve_discount_above: amount(values.approve_discount_above),
                  over_delivery_percent: amount(values.over_delivery_percent) ?? "0",
                },
                {
                  onSuccess: () => {
                    notifications.show({ message: t("settings.saved") });
                  },
                },
              );
            }}
          >
            {t("action.save", { ns: "common" })}
          </ReasonedButton>
        )
      }
    >
      {problem && <CommandRefusal problem={problem} />}
      <Section title={t("settings.promises")}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
          <DecimalInput
            label={t("settings.quote_valid_days")}
            disabled={disabled}
            value={String(values.quote_valid_days)}
            error={errorOf("quote_valid_days")}
            onChange={(days) => {
              set({ quote_valid_days: Number.parseInt(days, 10) || 0 });
            }}
          />
          <Select
            label={t("settings.reservation_policy")}
            allowDeselect={false}
            disabled={disabled}
            value={values.reservation_policy}
            data={reservations.map((value) => ({ value, label: t(`settings.reserve.${value}`) }))}
            onChange={(value) => {
              set({
                reservation_policy: reservations.find((one) => one === value) ?? "on_confirm",
              });
            }}
          />
        </SimpleGrid>
      </Section>
      <Section title={t("settings.approvals")}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
          <Select
            label={t("settings.credit_limit_action")}
            allowDeselect={false}
            disabled={disabled}
            value={values.credit_limit_action}
            data={limits.map((value) => ({ value, label: t(`settings.limit.${value}`) }))}
            onChange={(value) => {
              set({ credit_limit_action: limits.find((one) => one === value) ?? "refuse" });
            }}
          />
          {figure("approve_above")}
          {figure("approve_discount_above")}
        </SimpleGrid>
      </Section>
      <Section title={t("settings.delivery")}>
        <Stack gap={16}>
          {flag("needs_picking")}
          {flag("needs_packing")}
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
            {figure("over_delivery_percent")}
          </SimpleGrid>
        </Stack>
      </Section>
      <Section title={t("settings.billing")}>
        <Stack gap={16}>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
            <Select
              label={t("field.invoice_policy")}
              allowDeselect={false}
              disabled={disabled}
              value={values.invoice_policy}
              data={policies.map((value) => ({ value, label: t(`policy.${value}`) }))}
              onChange={(value) => {
                set({ invoice_policy: policies.find((one) => one === value) ?? "delivered" });
              }}
            />
            <Select
              label={t("settings.cogs_timing")}
              allowDeselect={false}
              disabled={disabled}
              value={values.cogs_timing}
              data={timings.map((value) => ({ value, label: t(`settings.timing.${value}`) }))}
              onChange={(value) => {
                set({ cogs_timing: timings.find((one) => one === value) ?? "shipment" });
              }}
            />
          </SimpleGrid>
          {flag("closes_by_itself")}
        </Stack>
      </Section>
    </DocumentPage>
  );
}
