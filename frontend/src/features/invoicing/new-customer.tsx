import { valibotResolver } from "@hookform/resolvers/valibot";
import {
  Button,
  Group,
  Modal,
  SegmentedControl,
  SimpleGrid,
  Stack,
  TextInput,
} from "@mantine/core";
import { useState } from "react";
import { Controller, useForm, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as v from "valibot";

import { showFieldErrors } from "@/shared/api/form-errors";
import { asProblem } from "@/shared/api/problem";
import { Refusal } from "@/shared/ui/error-state";

import { type Party, useCreateCustomer } from "./queries";

const text = v.pipe(v.string(), v.trim());
const schema = v.pipe(
  v.object({
    name_en: text,
    name_ar: text,
    is_business: v.boolean(),
    vat_number: text,
    building_number: text,
    street_ar: text,
    district_ar: text,
    city_ar: text,
    postal_code: text,
    phone: text,
  }),
  v.forward(
    v.check(({ name_en, name_ar }) => name_en !== "" || name_ar !== "", "oneName"),
    ["name_en"],
  ),
);
type Values = v.InferOutput<typeof schema>;

/** What an invoice needs to know about a customer; the rest can wait for the customer's own page. */
export function NewCustomer(props: { onClose: () => void; onCreated: (party: Party) => void }) {
  const { t } = useTranslation("invoicing");
  const create = useCreateCustomer();
  const [more, setMore] = useState<string[]>([]);
  const form = useForm<Values>({
    resolver: valibotResolver(schema),
    defaultValues: {
      name_en: "",
      name_ar: "",
      is_business: true,
      vat_number: "",
      building_number: "",
      street_ar: "",
      district_ar: "",
      city_ar: "",
      postal_code: "",
      phone: "",
    },
  });
  const { errors } = form.formState;
  const business = useWatch({ control: form.control, name: "is_business" });
  const save = async (values: Values) => {
    setMore([]);
    try {
      props.onCreated(await create.mutateAsync(values));
    } catch (refused) {
      setMore(showFieldErrors(form, asProblem(refused)));
    }
  };
  const field = (name: Exclude<keyof Values, "is_business">, dir?: "ltr" | "rtl") => (
    <TextInput
      {...form.register(name)}
      label={t(`customer.${name}`)}
      dir={dir}
      error={errors[name]?.message === "oneName" ? t("customer.oneName") : errors[name]?.message}
    />
  );
  return (
    <Modal
      opened
      onClose={props.onClose}
      size="lg"
      title={t("customer.add")}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <form noValidate onSubmit={form.handleSubmit(save)}>
        <Stack gap={16}>
          <Controller
            control={form.control}
            name="is_business"
            render={({ field }) => (
              <SegmentedControl
                fullWidth
                aria-label={t("customer.is_business")}
                value={field.value ? "business" : "person"}
                onChange={(value) => {
                  field.onChange(value === "business");
                }}
                data={[
                  { value: "business", label: t("customer.business") },
                  { value: "person", label: t("customer.person") },
                ]}
              />
            )}
          />
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
            {field("name_ar", "rtl")}
            {field("name_en", "ltr")}
            {business && field("vat_number", "ltr")}
            {field("phone", "ltr")}
            {business && (
              <>
                {field("building_number", "ltr")}
                {field("street_ar")}
                {field("district_ar")}
                {field("city_ar")}
                {field("postal_code", "ltr")}
              </>
            )}
          </SimpleGrid>
          <Refusal error={create.error} more={more} />
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={props.onClose}>
              {t("action.cancel", { ns: "common" })}
            </Button>
            <Button type="submit" loading={create.isPending || create.isSuccess}>
              {t("customer.create")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
