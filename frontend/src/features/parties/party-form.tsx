import { valibotResolver } from "@hookform/resolvers/valibot";
import {
  Button,
  Checkbox,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Control, Controller, type FieldPath, useForm, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as v from "valibot";

import { showFieldErrors } from "@/shared/api/form-errors";
import { asProblem } from "@/shared/api/problem";
import { useName } from "@/shared/i18n/names";
import { useMe } from "@/shared/session/session";
import { CountrySelect, CurrencySelect } from "@/shared/ui/country-select";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { Section } from "@/shared/ui/document-page";
import { DraftNotice } from "@/shared/ui/draft-notice";
import { Refusal } from "@/shared/ui/error-state";
import { RecordSelect } from "@/shared/ui/record-select";
import { useDraft } from "@/shared/ui/use-draft";
import { useUnsavedWarning } from "@/shared/ui/use-unsaved-warning";

import { type Party, salespeople } from "./queries";

const text = v.pipe(v.string(), v.trim());
export const schemes = [
  "CRN",
  "700",
  "TIN",
  "NAT",
  "IQA",
  "GCC",
  "PAS",
  "MOM",
  "MLS",
  "SAG",
  "OTH",
] as const;
export type Scheme = (typeof schemes)[number];
/** Numbers of a person, which the server keeps encrypted and shows by their end. */
export const isPersonal = (scheme: string) => ["NAT", "IQA", "GCC", "PAS"].includes(scheme);

// Hints while typing; what a VAT number must look like is the server's to say.
const schema = v.pipe(
  v.object({
    code: text,
    name_en: text,
    name_ar: text,
    is_customer: v.boolean(),
    is_supplier: v.boolean(),
    is_business: v.boolean(),
    vat_number: text,
    other_id_scheme: v.string(),
    other_id: text,
    building_number: text,
    street_en: text,
    street_ar: text,
    district_en: text,
    district_ar: text,
    city_en: text,
    city_ar: text,
    postal_code: text,
    additional_number: text,
    country: v.string(),
    email: text,
    phone: text,
    credit_limit: v.nullable(v.pipe(v.string(), v.regex(/^\d+(\.\d{1,2})?$/, "amount"))),
    payment_terms_days: v.number(),
    currency: v.string(),
    language: v.picklist(["ar", "en"]),
    is_active: v.boolean(),
    salesperson_id: v.nullable(v.string()),
    notes: text,
  }),
  v.forward(
    v.check(({ name_en, name_ar }) => name_en !== "" || name_ar !== "", "oneName"),
    ["name_en"],
  ),
  v.forward(
    v.check(({ is_customer, is_supplier }) => is_customer || is_supplier, "neither"),
    ["is_customer"],
  ),
);

export type PartyValues = v.InferOutput<typeof schema>;
export const partyFormId = "party";

export const valuesOf = (party: Party | null): PartyValues => ({
  code: party?.code ?? "",
  name_en: party?.name_en ?? "",
  name_ar: party?.name_ar ?? "",
  is_customer: party?.is_customer ?? true,
  is_supplier: party?.is_supplier ?? false,
  is_business: party?.is_business ?? true,
  vat_number: party?.vat_number ?? "",
  other_id_scheme: party?.other_id_scheme ?? "",
  other_id: party?.other_id ?? "",
  building_number: party?.building_number ?? "",
  street_en: party?.street_en ?? "",
  street_ar: party?.street_ar ?? "",
  district_en: party?.district_en ?? "",
  district_ar: party?.district_ar ?? "",
  city_en: party?.city_en ?? "",
  city_ar: party?.city_ar ?? "",
  postal_code: party?.postal_code ?? "",
  additional_number: party?.additional_number ?? "",
  country: party?.country ?? "SA",
  email: party?.email ?? "",
  phone: party?.phone ?? "",
  credit_limit: party?.credit_limit ?? null,
  payment_terms_days: party?.payment_terms_days ?? 0,
  currency: party?.currency ?? "SAR",
  language: party?.language ?? "ar",
  is_active: party?.is_active ?? true,
  salesperson_id: party?.salesperson_id ?? null,
  notes: party?.notes ?? "",
});

type Props = {
  initial: PartyValues;
  draftKey: string;
  error: unknown;
  saveAnyway: string;
  /** Saves, and answers with what comes after; a refusal is thrown. */
  onSave: (values: PartyValues, allowDuplicate: boolean) => Promise<() => Promise<unknown>>;
};

export function PartyForm({ initial, draftKey, error, saveAnyway, onSave }: Props) {
  const { t } = useTranslation(["parties", "banking"]);
  const form = useForm<PartyValues>({
    resolver: valibotResolver(schema),
    criteriaMode: "all",
    defaultValues: initial,
  });
  const draft = useDraft(draftKey, form);
  const [saved, setSaved] = useState(false);
  const [more, setMore] = useState<string[]>([]);
  const [country, scheme, isBusiness] = useWatch({
    control: form.control,
    name: ["country", "other_id_scheme", "is_business"],
  });
  const { errors, isDirty, isSubmitting } = form.formState;
  useUnsavedWarning(isDirty && !saved && !isSubmitting);
  const isSaudi = country === "SA";
  const isDuplicate = !!error && asProblem(error).code === "vat_number_taken";

  const hints = ["oneName", "neither", "amount"] as const;
  const say = (field: FieldPath<PartyValues>) => {
    const message = form.getFieldState(field, form.formState).error?.message;
    const hint = hints.find((one) => one === message);
    return hint ? t(`hint.${hint}`) : message;
  };

  const save = async (values: PartyValues, allowDuplicate = false) => {
    setMore([]);
    try {
      const andThen = await onSave(values, allowDuplicate);
      draft.forget();
      setSaved(true);
      form.reset(values);
      await andThen();
      setSaved(false);
    } catch (refused) {
      setMore(showFieldErrors(form, asProblem(refused)));
    }
  };

  type TextField = {
    [Field in keyof PartyValues]: PartyValues[Field] extends string ? Field : never;
  }[keyof PartyValues];
  const input = (
    field: TextField,
    more: { hint?: string; mode?: "numeric" | "email" | "tel" } = {},
  ) => (
    <TextInput
      {...form.register(field)}
      label={t(`field.${field}`)}
      {...(more.hint && {
        description: more.hint,
        inputWrapperOrder: ["label", "input", "description", "error"],
      })}
      {...(more.mode && { inputMode: more.mode })}
      dir={field.endsWith("_ar") ? "rtl" : "ltr"}
      error={say(field)}
    />
  );

  return (
    <form id={partyFormId} noValidate onSubmit={form.handleSubmit((values) => save(values))}>
      <Stack gap={16}>
        <DraftNotice
          shown={draft.restored}
          onDiscard={() => {
            draft.discard(initial);
          }}
        />
        <Refusal error={error} more={more} />
        {isDuplicate && (
          <div>
            <Button
              variant="default"
              loading={isSubmitting}
              onClick={form.handleSubmit((values) => save(values, true))}
            >
              {saveAnyway}
            </Button>
          </div>
        )}
        <Section title={t("section.basics")}>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
            {input("name_en")}
            {input("name_ar")}
            {input("code", { hint: t("hint.code") })}
            <div>
              <Text size="sm" fw={500} mb={4} id="party-role">
                {t("role.title")}
              </Text>
              <Group gap={24} mih={36} role="group" aria-labelledby="party-role">
                <Checkbox {...form.register("is_customer")} label={t("role.customer")} />
                <Checkbox {...form.register("is_supplier")} label={t("role.supplier")} />
              </Group>
              {errors.is_customer && (
                <Text size="xs" c="red" role="alert">
                  {say("is_customer")}
                </Text>
              )}
            </div>
            <Controller
              control={form.control}
              name="is_business"
              render={({ field }) => (
                <div>
                  <Text size="sm" fw={500} mb={4} aria-hidden>
                    {t("kind.title")}
                  </Text>
                  <SegmentedControl
                    aria-label={t("kind.title")}
                    fullWidth
                    value={field.value ? "business" : "private"}
                    onChange={(value) => {
                      field.onChange(value === "business");
                    }}
                    data={[
                      { value: "business", label: t("kind.business") },
                      { value: "private", label: t("kind.private") },
                    ]}
                  />
                  <Text size="xs" c="dimmed" mt={4}>
                    {t(isBusiness ? "kind.businessText" : "kind.privateText")}
                  </Text>
                </div>
              )}
            />
            <Controller
              control={form.control}
              name="country"
              render={({ field }) => (
                <CountrySelect
                  {...field}
                  label={t("field.country")}
                  allowDeselect={false}
                  error={say("country")}
                />
              )}
            />
          </SimpleGrid>
        </Section>
        <Section title={t("section.tax")}>
          <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={16}>
            {input("vat_number", {
              mode: "numeric",
              ...(isSaudi && { hint: t("hint.vat") }),
            })}
            <Controller
              control={form.control}
              name="other_id_scheme"
              render={({ field }) => (
                <Select
                  {...field}
                  value={field.value || null}
                  onChange={(value) => {
                    field.onChange(value ?? "");
                  }}
                  label={t("field.other_id_scheme")}
                  placeholder={t("scheme.none")}
                  clearable
                  data={schemes.map((value) => ({ value, label: t(`scheme.${value}`) }))}
                  error={say("other_id_scheme")}
                />
              )}
            />
            {scheme !== "" &&
              input("other_id", {
                ...(isPersonal(scheme) &&
                  initial.other_id !== "" && { hint: t("sameMask", { ns: "banking" }) }),
              })}
          </SimpleGrid>
        </Section>
        <Section
          title={t("section.address")}
          {...(isSaudi && { description: t("section.addressText") })}
        >
          <SimpleGrid cols={{ base: 2, sm: 3 }} spacing={16}>
            {input("building_number", {
              mode: "numeric",
              ...(isSaudi && { hint: t("hint.fourDigits") }),
            })}
            {input("additional_number", {
              mode: "numeric",
              ...(isSaudi && { hint: t("hint.fourDigits") }),
            })}
            {input("postal_code", {
              mode: "numeric",
              ...(isSaudi && { hint: t("hint.fiveDigits") }),
            })}
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16} mt={16}>
            {input("street_en")}
            {input("street_ar")}
            {input("district_en")}
            {input("district_ar")}
            {input("city_en")}
            {input("city_ar")}
          </SimpleGrid>
        </Section>
        <Section title={t("section.contact")}>
          <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={16}>
            {input("email", { mode: "email" })}
            {input("phone", { mode: "tel" })}
            <Controller
              control={form.control}
              name="language"
              render={({ field }) => (
                <Select
                  {...field}
                  label={t("field.language")}
                  allowDeselect={false}
                  data={[
                    { value: "ar", label: "العربية" },
                    { value: "en", label: "English" },
                  ]}
                  error={say("language")}
                />
              )}
            />
          </SimpleGrid>
        </Section>
        <Section title={t("section.terms")}>
          <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={16}>
            <Controller
              control={form.control}
              name="credit_limit"
              render={({ field }) => (
                <DecimalInput
                  {...field}
                  value={field.value ?? ""}
                  onChange={(value) => {
                    field.onChange(value.trim() === "" ? null : value);
                  }}
                  label={t("field.credit_limit")}
                  description={t("hint.creditLimit")}
                  inputWrapperOrder={["label", "input", "description", "error"]}
                  placeholder={t("noLimit")}
                  places={2}
                  error={say("credit_limit")}
                />
              )}
            />
            <Controller
              control={form.control}
              name="payment_terms_days"
              render={({ field }) => (
                <NumberInput
                  {...field}
                  onChange={(value) => {
                    field.onChange(Number(value) || 0);
                  }}
                  label={t("field.payment_terms_days")}
                  description={t("hint.terms")}
                  inputWrapperOrder={["label", "input", "description", "error"]}
                  min={0}
                  max={3650}
                  allowDecimal={false}
                  hideControls
                  error={say("payment_terms_days")}
                />
              )}
            />
            <Controller
              control={form.control}
              name="currency"
              render={({ field }) => (
                <CurrencySelect
                  {...field}
                  label={t("field.currency")}
                  allowDeselect={false}
                  error={say("currency")}
                />
              )}
            />
          </SimpleGrid>
          <Salesperson control={form.control} error={say("salesperson_id")} />
          <Textarea
            {...form.register("notes")}
            label={t("field.notes")}
            dir="auto"
            rows={3}
            mt={16}
            error={say("notes")}
          />
          <Switch mt={16} {...form.register("is_active")} label={t("field.is_active")} />
        </Section>
      </Stack>
    </form>
  );
}

/** Whose customer it is; who sees only own customers becomes it, and cannot give one away. */
function Salesperson({
  control,
  error,
}: {
  control: Control<PartyValues>;
  error: string | undefined;
}) {
  const { t } = useTranslation("parties");
  const name = useName();
  const limited = useMe()?.own_customers_only ?? false;
  const isCustomer = useWatch({ control, name: "is_customer" });
  const { data: everybody } = useQuery({ ...salespeople(), enabled: !limited && isCustomer });
  if (limited || !isCustomer) return null;
  return (
    <Controller
      control={control}
      name="salesperson_id"
      render={({ field }) => {
        const chosen = everybody?.items.find((one) => one.id === field.value);
        return (
          <RecordSelect
            {...field}
            find={salespeople}
            chosen={chosen && name(chosen)}
            rowLabel={name}
            label={t("field.salesperson_id")}
            description={t("hint.salesperson")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            placeholder={t("nobody")}
            clearable
            mt={16}
            error={error}
          />
        );
      }}
    />
  );
}
