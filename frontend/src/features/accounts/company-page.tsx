import { valibotResolver } from "@hookform/resolvers/valibot";
import {
  Button,
  Radio,
  Select,
  SimpleGrid,
  Skeleton,
  Stack,
  TextInput,
  Title,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Controller, useForm, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as v from "valibot";

import { ask, client } from "@/shared/api/client";
import { showFieldErrors } from "@/shared/api/form-errors";
import { asProblem } from "@/shared/api/problem";
import { BankAccounts } from "@/shared/banking/bank-accounts";
import { own } from "@/shared/banking/queries";
import { toWestern } from "@/shared/format/digits";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { AuditTimeline } from "@/shared/ui/audit-timeline";
import { CountrySelect } from "@/shared/ui/country-select";
import { DateInput } from "@/shared/ui/date-input";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { DraftNotice } from "@/shared/ui/draft-notice";
import { ErrorState, Refusal } from "@/shared/ui/error-state";
import { useDelayed } from "@/shared/ui/use-delayed";
import { useDraft } from "@/shared/ui/use-draft";
import { usePageTitle } from "@/shared/ui/use-page-title";
import { useRecordEditor } from "@/shared/ui/use-record-editor";
import { useUnsavedWarning } from "@/shared/ui/use-unsaved-warning";

import classes from "./accounts.module.css";
import { type Company, company, useChangeCompany } from "./queries";

const text = v.pipe(v.string(), v.trim());
const digits = v.pipe(v.string(), v.transform(toWestern), v.trim());
const figures = (count: number) =>
  v.pipe(digits, v.regex(new RegExp(`^(\\d{${count}})?$`), `digits${count}`));

const schema = v.pipe(
  v.object({
    name_en: text,
    name_ar: text,
    vat_number: digits,
    other_id_scheme: v.string(),
    other_id: digits,
    building_number: digits,
    street_en: text,
    street_ar: text,
    district_en: text,
    district_ar: text,
    city_en: text,
    city_ar: text,
    postal_code: digits,
    additional_number: figures(4),
    country: v.string(),
    email: v.pipe(text, v.union([v.literal(""), v.pipe(v.string(), v.email("email"))], "email")),
    phone: digits,
    einvoice_phase: v.number(),
    einvoice_phase_from: v.nullable(v.string()),
    time_zone: v.string(),
  }),
  v.forward(
    v.check(({ name_en, name_ar }) => name_en !== "" || name_ar !== "", "oneName"),
    ["name_en"],
  ),
  v.forward(
    v.check(
      ({ vat_number, country }) => country !== "SA" || /^(3\d{13}3)?$/.test(vat_number),
      "vat",
    ),
    ["vat_number"],
  ),
);
type Values = v.InferOutput<typeof schema>;
type Field = keyof Values;

const schemes = ["CRN", "MOM", "MLS", "700", "SAG", "OTH"] as const;
const address = [
  ["building_number", "ltr"],
  ["postal_code", "ltr"],
  ["street_ar", "rtl"],
  ["street_en", "ltr"],
  ["district_ar", "rtl"],
  ["district_en", "ltr"],
  ["city_ar", "rtl"],
  ["city_en", "ltr"],
] as const;
const formId = "company";

const valuesOf = (of: Company): Values => ({
  name_en: of.name_en,
  name_ar: of.name_ar,
  vat_number: of.vat_number,
  other_id_scheme: of.other_id_scheme,
  other_id: of.other_id,
  building_number: of.building_number,
  street_en: of.street_en,
  street_ar: of.street_ar,
  district_en: of.district_en,
  district_ar: of.district_ar,
  city_en: of.city_en,
  city_ar: of.city_ar,
  postal_code: of.postal_code,
  additional_number: of.additional_number,
  country: of.country,
  email: of.email,
  phone: of.phone,
  einvoice_phase: of.einvoice_phase,
  einvoice_phase_from: of.einvoice_phase_from,
  time_zone: of.time_zone,
});

export function CompanyPage() {
  const { data, error, isPending, refetch } = useQuery(company());
  const waits = useDelayed(isPending);
  if (data) return <EditCompany key={data.id} shown={data} />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!waits) return null;
  return (
    <div className="aw-page" aria-busy>
      <Skeleton height={24} width={280} mb={24} />
      <Skeleton height={420} maw={880} radius={12} />
    </div>
  );
}

function EditCompany({ shown }: { shown: Company }) {
  const { t } = useTranslation("accounts");
  const name = useName();
  const can = useCan();
  const change = useChangeCompany();
  const mayEdit = can("company:edit");
  const labelOf = (field: string) =>
    field in valuesOf(shown) ? t(`company.${field as Field}`) : null;
  const editor = useRecordEditor<Company, Values>({
    shown,
    valuesOf,
    // The form knows the phase as a number, the contract as one of two.
    change: (of, values) => change.mutateAsync({ of, values: values as Partial<Company> as never }),
    reload: () => ask(client.GET("/api/company")),
    labelOf: (field) => labelOf(field) ?? field,
    say: (value) => value,
  });
  const { base } = editor;
  usePageTitle(t("company.title"));
  const saved = () => {
    notifications.show({ message: t("company.saved") });
  };
  return (
    <DocumentPage
      back={{ link: { to: "/" }, label: t("company.home") }}
      title={name(base)}
      subtitle={t("company.title")}
      actions={
        mayEdit && (
          <Button type="submit" form={formId} loading={change.isPending}>
            {t("action.save", { ns: "common" })}
          </Button>
        )
      }
      timeline={
        <Stack gap={16}>
          <Readiness of={shown} />
          <AuditTimeline recordId={shown.id} version={shown.version} labelOf={labelOf} />
        </Stack>
      }
    >
      {editor.notices(saved)}
      <CompanyForm
        key={base.version}
        draftKey={`company.${base.version}`}
        initial={valuesOf(base)}
        currency={base.base_currency}
        readOnly={!mayEdit}
        error={editor.inConflict ? null : change.error}
        onSave={async (values) => {
          await editor.save(values);
          saved();
        }}
      />
      <BankAccounts owner={own} />
    </DocumentPage>
  );
}

/** What a Saudi tax invoice needs of its seller. */
function Readiness({ of }: { of: Company }) {
  const { t } = useTranslation("accounts");
  const checks = [
    ["nameAr", of.name_ar !== ""],
    ["vat", /^3\d{13}3$/.test(of.vat_number)],
    ["id", of.other_id !== ""],
    [
      "address",
      [of.building_number, of.postal_code].every(Boolean) &&
        [of.street_ar || of.street_en, of.city_ar || of.city_en].every(Boolean) &&
        (of.district_ar || of.district_en) !== "",
    ],
  ] as const;
  const ready = checks.every(([, holds]) => holds);
  return (
    <section className="aw-card" style={{ padding: 20 }} aria-label={t("ready.title")}>
      <Title order={2} mb={4}>
        {t("ready.title")}
      </Title>
      <p style={{ margin: "0 0 12px", fontSize: 13, color: "var(--aw-muted)" }}>
        {t(ready ? "ready.all" : "ready.some")}
      </p>
      <ul className={classes.checks}>
        {checks.map(([name, holds]) => (
          <li key={name} style={{ color: holds ? undefined : "var(--aw-muted)" }}>
            <span style={{ lineHeight: 0, color: holds ? "var(--aw-good)" : undefined }}>
              {holds ? (
                <IconCircleCheck size={18} role="img" aria-label={t("ready.there")} />
              ) : (
                <IconCircleDashed size={18} role="img" aria-label={t("ready.missing")} />
              )}
            </span>
            {t(`ready.${name}`)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function CompanyForm({
  initial,
  draftKey,
  currency,
  error,
  readOnly,
  onSave,
}: {
  initial: Values;
  draftKey: string;
  currency: string;
  error: unknown;
  readOnly: boolean;
  onSave: (values: Values) => Promise<unknown>;
}) {
  const { t } = useTranslation("accounts");
  const form = useForm<Values>({
    resolver: valibotResolver(schema),
    criteriaMode: "all",
    defaultValues: initial,
    disabled: readOnly,
  });
  const draft = useDraft(draftKey, form);
  const [more, setMore] = useState<string[]>([]);
  const { errors, isDirty, isSubmitting } = form.formState;
  useUnsavedWarning(isDirty && !isSubmitting);
  const zones = useMemo(
    () => [...new Set(["Asia/Riyadh", initial.time_zone, ...Intl.supportedValuesOf("timeZone")])],
    [initial.time_zone],
  );
  const phase = useWatch({ control: form.control, name: "einvoice_phase" });
  const hints = ["email", "vat", "oneName", "digits4"] as const;
  const say = (field: Field) => {
    const message = errors[field]?.message;
    const hint = hints.find((one) => one === message);
    return hint ? t(`hint.${hint}`) : message;
  };
  const field = (name: Field, dir: "ltr" | "rtl", hint?: string) => (
    <TextInput
      key={name}
      {...form.register(name)}
      label={t(`company.${name}`)}
      dir={dir}
      error={say(name)}
      {...(hint
        ? {
            description: hint,
            inputWrapperOrder: ["label", "input", "description", "error"] as const,
          }
        : {})}
    />
  );
  const save = async (values: Values) => {
    setMore([]);
    try {
      await onSave(values);
      draft.forget();
      form.reset(values);
    } catch (refused) {
      setMore(showFieldErrors(form, asProblem(refused)));
    }
  };
  const grid = { cols: { base: 1, sm: 2 }, spacing: 16 };

  return (
    <form id={formId} noValidate onSubmit={form.handleSubmit(save)}>
      <Stack gap={16}>
        <DraftNotice
          shown={draft.restored}
          onDiscard={() => {
            draft.discard(initial);
          }}
        />
        <Refusal error={error} more={more} />
        <Section title={t("setUp.company")} description={t("company.identityText")}>
          <SimpleGrid {...grid}>
            {field("name_ar", "rtl")}
            {field("name_en", "ltr")}
            {field("vat_number", "ltr", t("company.vatHint"))}
            <span />
            <Controller
              control={form.control}
              name="other_id_scheme"
              render={({ field: chosen }) => (
                <Select
                  {...chosen}
                  value={chosen.value || null}
                  onChange={(next) => {
                    chosen.onChange(next ?? "");
                  }}
                  clearable
                  label={t("company.other_id_scheme")}
                  error={say("other_id_scheme")}
                  data={schemes.map((value) => ({ value, label: t(`scheme.${value}`) }))}
                />
              )}
            />
            {field("other_id", "ltr")}
          </SimpleGrid>
        </Section>
        <Section title={t("setUp.address")} description={t("setUp.addressText")}>
          <SimpleGrid {...grid}>
            {address.map(([name, dir]) => field(name, dir))}
            {field("additional_number", "ltr")}
            <Controller
              control={form.control}
              name="country"
              render={({ field: chosen }) => (
                <CountrySelect
                  {...chosen}
                  label={t("company.country")}
                  allowDeselect={false}
                  error={say("country")}
                />
              )}
            />
          </SimpleGrid>
        </Section>
        <Section title={t("company.contact")}>
          <SimpleGrid {...grid}>
            {field("email", "ltr")}
            {field("phone", "ltr")}
          </SimpleGrid>
        </Section>
        <Section title={t("company.einvoicing")} description={t("company.einvoicingText")}>
          <Stack gap={16}>
            <Controller
              control={form.control}
              name="einvoice_phase"
              render={({ field: chosen }) => (
                <Radio.Group
                  aria-label={t("company.einvoice_phase")}
                  value={String(chosen.value)}
                  onChange={(next) => {
                    chosen.onChange(Number(next));
                  }}
                >
                  <Stack gap={12}>
                    {(["1", "2"] as const).map((value) => (
                      <Radio
                        key={value}
                        value={value}
                        disabled={readOnly}
                        label={t(`company.phase${value}`)}
                        description={t(`company.phase${value}Text`)}
                      />
                    ))}
                  </Stack>
                </Radio.Group>
              )}
            />
            {phase === 2 && (
              <Controller
                control={form.control}
                name="einvoice_phase_from"
                render={({ field: chosen }) => (
                  <DateInput
                    maw={240}
                    disabled={readOnly}
                    label={t("company.einvoice_phase_from")}
                    value={chosen.value}
                    onChange={chosen.onChange}
                    error={say("einvoice_phase_from")}
                  />
                )}
              />
            )}
          </Stack>
        </Section>
        <Section title={t("company.books")}>
          <SimpleGrid {...grid}>
            <TextInput
              label={t("company.base_currency")}
              description={t("company.currencyText")}
              inputWrapperOrder={["label", "input", "description", "error"]}
              value={currency}
              dir="ltr"
              readOnly
              disabled
            />
            <Controller
              control={form.control}
              name="time_zone"
              render={({ field: chosen }) => (
                <Select
                  {...chosen}
                  label={t("company.time_zone")}
                  searchable
                  allowDeselect={false}
                  limit={60}
                  data={zones}
                  error={say("time_zone")}
                />
              )}
            />
          </SimpleGrid>
        </Section>
      </Stack>
    </form>
  );
}
