import { valibotResolver } from "@hookform/resolvers/valibot";
import { NumberInput, SegmentedControl, SimpleGrid, Stack, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Controller, useForm, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as v from "valibot";

import { showFieldErrors } from "@/shared/api/form-errors";
import { asProblem } from "@/shared/api/problem";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { CurrencySelect } from "@/shared/ui/country-select";
import { DateInput } from "@/shared/ui/date-input";
import { Section } from "@/shared/ui/document-page";
import { DraftNotice } from "@/shared/ui/draft-notice";
import { Refusal } from "@/shared/ui/error-state";
import { RecordSelect } from "@/shared/ui/record-select";
import { useDraft } from "@/shared/ui/use-draft";
import { useUnsavedWarning } from "@/shared/ui/use-unsaved-warning";

import { customer, findCustomers, type PriceList } from "./queries";

const schema = v.pipe(
  v.object({
    name_en: v.pipe(v.string(), v.trim()),
    name_ar: v.pipe(v.string(), v.trim()),
    currency: v.string(),
    valid_from: v.nullable(v.string()),
    valid_to: v.nullable(v.string()),
    is_default: v.boolean(),
    priority: v.number(),
    party_id: v.nullable(v.string()),
    is_active: v.boolean(),
  }),
  v.forward(
    v.check(({ name_en, name_ar }) => name_en !== "" || name_ar !== "", "oneName"),
    ["name_en"],
  ),
);

export type PriceListValues = v.InferOutput<typeof schema>;
export const priceListFormId = "price-list";

export const valuesOf = (list: PriceList | null): PriceListValues => ({
  name_en: list?.name_en ?? "",
  name_ar: list?.name_ar ?? "",
  currency: list?.currency ?? "SAR",
  valid_from: list?.valid_from ?? null,
  valid_to: list?.valid_to ?? null,
  is_default: list?.is_default ?? false,
  priority: list?.priority ?? 0,
  party_id: list?.party_id ?? null,
  is_active: list?.is_active ?? true,
});

type Props = {
  initial: PriceListValues;
  draftKey: string;
  error: unknown;
  onSave: (values: PriceListValues) => Promise<() => Promise<unknown>>;
};

export function PriceListForm({ initial, draftKey, error, onSave }: Props) {
  const { t } = useTranslation("catalog");
  const name = useName();
  const can = useCan();
  const form = useForm<PriceListValues>({
    resolver: valibotResolver(schema),
    defaultValues: initial,
  });
  const draft = useDraft(draftKey, form);
  const [saved, setSaved] = useState(false);
  const [more, setMore] = useState<string[]>([]);
  const { errors, isDirty, isSubmitting } = form.formState;
  useUnsavedWarning(isDirty && !saved && !isSubmitting);
  const [partyId, isDefault] = useWatch({
    control: form.control,
    name: ["party_id", "is_default"],
  });
  const [one, setOne] = useState(initial.party_id !== null);
  const party = useQuery({
    ...customer(partyId ?? ""),
    enabled: partyId !== null && can("party:read"),
  });
  const forWhom = one || partyId !== null ? "one" : isDefault ? "default" : "everybody";

  const save = async (values: PriceListValues) => {
    setMore([]);
    try {
      const andThen = await onSave(values);
      draft.forget();
      setSaved(true);
      form.reset(values);
      await andThen();
      setSaved(false);
    } catch (refused) {
      setMore(showFieldErrors(form, asProblem(refused)));
    }
  };

  return (
    <form id={priceListFormId} noValidate onSubmit={form.handleSubmit(save)}>
      <Stack gap={16}>
        <DraftNotice
          shown={draft.restored}
          onDiscard={() => {
            draft.discard(initial);
          }}
        />
        <Refusal error={error} more={more} />
        <Section title={t("section.basics")}>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
            <TextInput
              {...form.register("name_en")}
              label={t("field.name_en")}
              dir="ltr"
              error={
                errors.name_en?.message === "oneName" ? t("hint.oneName") : errors.name_en?.message
              }
            />
            <TextInput
              {...form.register("name_ar")}
              label={t("field.name_ar")}
              dir="rtl"
              error={errors.name_ar?.message}
            />
            <Controller
              control={form.control}
              name="currency"
              render={({ field }) => (
                <CurrencySelect
                  {...field}
                  label={t("priceLists.currency")}
                  allowDeselect={false}
                  error={errors.currency?.message}
                />
              )}
            />
            <Controller
              control={form.control}
              name="priority"
              render={({ field }) => (
                <NumberInput
                  {...field}
                  onChange={(value) => {
                    field.onChange(Number(value) || 0);
                  }}
                  label={t("priceLists.priority")}
                  description={t("priceLists.priorityHint")}
                  inputWrapperOrder={["label", "input", "description", "error"]}
                  min={-1000}
                  max={1000}
                  hideControls
                  error={errors.priority?.message}
                />
              )}
            />
          </SimpleGrid>
        </Section>
        <Section title={t("priceLists.for")} description={t("priceLists.forText")}>
          <Stack gap={16}>
            <SegmentedControl
              aria-label={t("priceLists.for")}
              value={forWhom}
              onChange={(value) => {
                setOne(value === "one");
                form.setValue("is_default", value === "default", { shouldDirty: true });
                if (value !== "one") form.setValue("party_id", null, { shouldDirty: true });
              }}
              data={[
                { value: "everybody", label: t("priceLists.everybody") },
                { value: "default", label: t("priceLists.default") },
                { value: "one", label: t("priceLists.oneCustomer") },
              ]}
            />
            {forWhom === "one" && (
              <Controller
                control={form.control}
                name="party_id"
                render={({ field }) => (
                  <RecordSelect
                    label={t("priceLists.customer")}
                    value={field.value}
                    onChange={field.onChange}
                    find={findCustomers}
                    chosen={party.data && name(party.data)}
                    rowLabel={(row) => `${row.code} · ${name(row)}`}
                    clearable
                    error={errors.party_id?.message}
                  />
                )}
              />
            )}
          </Stack>
        </Section>
        <Section title={t("prices.valid")}>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
            {(["valid_from", "valid_to"] as const).map((side) => (
              <Controller
                key={side}
                control={form.control}
                name={side}
                render={({ field }) => (
                  <DateInput
                    value={field.value}
                    onChange={field.onChange}
                    label={t(side === "valid_from" ? "validity.first" : "validity.last")}
                    placeholder={t("validity.open")}
                    error={errors[side]?.message}
                  />
                )}
              />
            ))}
          </SimpleGrid>
          <Switch mt={16} {...form.register("is_active")} label={t("priceLists.inUse")} />
        </Section>
      </Stack>
    </form>
  );
}
