import {
  Button,
  Group,
  PasswordInput,
  Progress,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { valibotResolver } from "@hookform/resolvers/valibot";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { Controller, useForm, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as v from "valibot";

import { showFieldErrors } from "@/shared/api/form-errors";
import { asProblem } from "@/shared/api/problem";
import { toWestern } from "@/shared/format/digits";
import { changeLanguage } from "@/shared/i18n/i18n";
import { Section } from "@/shared/ui/document-page";
import { Refusal } from "@/shared/ui/error-state";
import { useDraft } from "@/shared/ui/use-draft";
import { usePageTitle } from "@/shared/ui/use-page-title";

import { FrontDoor } from "./front-door";
import { strength } from "./password-strength";
import { setUp, type SetUpIn } from "./queries";

const digits = v.pipe(v.string(), v.transform(toWestern), v.trim());

const schema = v.object({
  company: v.pipe(
    v.object({
      name_en: v.pipe(v.string(), v.trim()),
      name_ar: v.pipe(v.string(), v.trim()),
      vat_number: v.pipe(digits, v.regex(/^(3\d{13}3)?$/, "vat")),
      other_id: digits,
      building_number: digits,
      street_en: v.string(),
      street_ar: v.string(),
      district_en: v.string(),
      district_ar: v.string(),
      city_en: v.string(),
      city_ar: v.string(),
      postal_code: digits,
    }),
    v.forward(
      v.check(({ name_en, name_ar }) => name_en !== "" || name_ar !== "", "oneName"),
      ["name_en"],
    ),
  ),
  admin: v.object({
    name: v.pipe(v.string(), v.trim(), v.nonEmpty("required")),
    email: v.pipe(v.string(), v.trim(), v.email("email")),
    password: v.pipe(v.string(), v.minLength(12, "short")),
    language: v.picklist(["en", "ar"]),
  }),
});
type Values = v.InferOutput<typeof schema>;

const address = [
  ["building_number", true],
  ["postal_code", true],
  ["street_en", true],
  ["street_ar", false],
  ["district_en", true],
  ["district_ar", false],
  ["city_en", true],
  ["city_ar", false],
] as const;

/** The form asks for one name and one number; the server keeps names by language, numbers by kind. */
const asked = ({ company, admin: { name, ...admin } }: Values): SetUpIn => ({
  company: { ...company, other_id_scheme: company.other_id === "" ? "" : "CRN" },
  admin: { ...admin, ...(/\p{Script=Arabic}/u.test(name) ? { name_ar: name } : { name_en: name }) },
});

/** The first thing anybody sees: whose books these are, and who looks after them. */
export function SetUp() {
  const { t, i18n } = useTranslation("accounts");
  const router = useRouter();
  usePageTitle(t("setUp.title"));
  const form = useForm<Values>({
    resolver: valibotResolver(schema),
    // Say everything that is missing at once, not one thing after the other.
    criteriaMode: "all",
    defaultValues: {
      company: {
        name_en: "",
        name_ar: "",
        vat_number: "",
        other_id: "",
        building_number: "",
        street_en: "",
        street_ar: "",
        district_en: "",
        district_ar: "",
        city_en: "",
        city_ar: "",
        postal_code: "",
      },
      admin: { name: "", email: "", password: "", language: i18n.language === "ar" ? "ar" : "en" },
    },
  });
  const draft = useDraft("set-up", form, { without: ["admin"] });
  const [more, setMore] = useState<string[]>([]);
  const start = useMutation({
    mutationFn: (values: Values) => setUp(asked(values)),
    onSuccess: async (_, { admin }) => {
      draft.forget();
      await changeLanguage(admin.language);
      await router.navigate({ to: "/", replace: true });
    },
    onError: (error) => {
      setMore(showFieldErrors(form, asProblem(error)));
    },
  });
  const company = form.formState.errors.company;
  const admin = form.formState.errors.admin;
  const hints = ["required", "email", "short", "vat", "oneName"] as const;
  /** Our own hints are keys; the server's sentences are sentences. */
  const say = (message: string | undefined) => {
    const hint = hints.find((one) => one === message);
    return hint ? t(`hint.${hint}`) : message;
  };

  return (
    <FrontDoor wide>
      <Title order={1} fz={28}>
        {t("setUp.title")}
      </Title>
      <Text c="dimmed" mt={4} mb={24}>
        {t("setUp.text")}
      </Text>
      <form
        noValidate
        onSubmit={form.handleSubmit((values) => {
          if (!start.isPending) start.mutate(values);
        })}
      >
        <Stack gap={16}>
          <Section title={t("setUp.company")} description={t("setUp.companyText")}>
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
              <TextInput
                {...form.register("company.name_en")}
                label={t("company.name_en")}
                dir="ltr"
                autoFocus
                autoComplete="organization"
                error={say(company?.name_en?.message)}
              />
              <TextInput
                {...form.register("company.name_ar")}
                label={t("company.name_ar")}
                dir="rtl"
                error={say(company?.name_ar?.message)}
              />
              <TextInput
                {...form.register("company.vat_number")}
                label={t("company.vat_number")}
                description={t("company.vatHint")}
                inputWrapperOrder={["label", "input", "description", "error"]}
                inputMode="numeric"
                dir="ltr"
                error={say(company?.vat_number?.message)}
              />
              <TextInput
                {...form.register("company.other_id")}
                label={t("company.cr_number")}
                inputMode="numeric"
                dir="ltr"
                error={say(company?.other_id?.message)}
              />
            </SimpleGrid>
          </Section>
          <Section title={t("setUp.address")} description={t("setUp.addressText")}>
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
              {address.map(([name, ltr]) => (
                <TextInput
                  key={name}
                  {...form.register(`company.${name}`)}
                  label={t(`company.${name}`)}
                  dir={ltr ? "ltr" : "rtl"}
                  error={say(company?.[name]?.message)}
                />
              ))}
            </SimpleGrid>
          </Section>
          <Section title={t("setUp.admin")} description={t("setUp.adminText")}>
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
              <TextInput
                {...form.register("admin.name")}
                label={t("name")}
                autoComplete="name"
                error={say(admin?.name?.message)}
              />
              <TextInput
                {...form.register("admin.email")}
                label={t("email")}
                type="email"
                dir="ltr"
                autoComplete="username"
                error={say(admin?.email?.message)}
              />
              <div>
                <PasswordInput
                  {...form.register("admin.password")}
                  label={t("password")}
                  autoComplete="new-password"
                  visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
                  aria-describedby="strength"
                  error={say(admin?.password?.message)}
                />
                <StrengthHint control={form.control} />
              </div>
              <Controller
                control={form.control}
                name="admin.language"
                render={({ field }) => (
                  <div role="group" aria-label={t("language")}>
                    <Text size="sm" fw={500} mb={4} aria-hidden>
                      {t("language")}
                    </Text>
                    <SegmentedControl
                      value={field.value}
                      onChange={(value) => {
                        field.onChange(value);
                      }}
                      data={[
                        { value: "en", label: "English" },
                        { value: "ar", label: "العربية" },
                      ]}
                      fullWidth
                    />
                  </div>
                )}
              />
            </SimpleGrid>
          </Section>
          <Refusal error={start.error} more={more} />
          <Group justify="flex-end">
            <Button type="submit" size="md" fz={14} loading={start.isPending}>
              {t("setUp.submit")}
            </Button>
          </Group>
        </Stack>
      </form>
    </FrontDoor>
  );
}

function StrengthHint({ control }: { control: ReturnType<typeof useForm<Values>>["control"] }) {
  const { t } = useTranslation("accounts");
  const level = strength(useWatch({ control, name: "admin.password" }));
  const color = (["gray", "red", "yellow", "green"] as const)[level];
  return (
    <div id="strength" aria-live="polite">
      <Progress.Root size={4} mt={8}>
        <Progress.Section value={(level * 100) / 3} color={color} aria-hidden />
      </Progress.Root>
      <Text size="xs" c="dimmed" mt={4}>
        {t(`strength.${level}`)}
      </Text>
    </div>
  );
}
