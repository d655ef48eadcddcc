import { valibotResolver } from "@hookform/resolvers/valibot";
import {
  ActionIcon,
  Alert,
  Button,
  Group,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Controller, useFieldArray, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as v from "valibot";

import { showFieldErrors } from "@/shared/api/form-errors";
import { asProblem } from "@/shared/api/problem";
import { useName } from "@/shared/i18n/names";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { Section } from "@/shared/ui/document-page";
import { Refusal } from "@/shared/ui/error-state";
import { useDraft } from "@/shared/ui/use-draft";
import { useUnsavedWarning } from "@/shared/ui/use-unsaved-warning";

import { categories, type Product, units } from "./queries";

const text = v.pipe(v.string(), v.trim());

// Hints while typing; whether a price or a barcode is right is the server's to say.
const schema = v.pipe(
  v.object({
    sku: v.pipe(v.string(), v.trim(), v.nonEmpty("required")),
    name_en: text,
    name_ar: text,
    description_en: text,
    description_ar: text,
    category_id: v.nullable(v.string()),
    kind: v.picklist(["goods", "service"]),
    unit_id: v.pipe(v.string(), v.nonEmpty("required")),
    price: v.pipe(v.string(), v.regex(/^\d+(\.\d{1,2})?$/, "price")),
    tax_category: v.picklist(["S", "Z", "E", "O"]),
    barcodes: v.array(
      v.object({ code: v.pipe(v.string(), v.trim(), v.nonEmpty("required")), unit_id: v.string() }),
    ),
    is_active: v.boolean(),
  }),
  v.forward(
    v.check(({ name_en, name_ar }) => name_en !== "" || name_ar !== "", "oneName"),
    ["name_en"],
  ),
);

export type ProductValues = v.InferOutput<typeof schema>;

export const productFormId = "product";

export function valuesOf(product: Product | null): ProductValues {
  return {
    sku: product?.sku ?? "",
    name_en: product?.name_en ?? "",
    name_ar: product?.name_ar ?? "",
    description_en: product?.description_en ?? "",
    description_ar: product?.description_ar ?? "",
    category_id: product?.category_id ?? null,
    kind: product?.kind ?? "goods",
    unit_id: product?.unit_id ?? "",
    price: product?.price ?? "0.00",
    tax_category: product?.tax_category ?? "S",
    barcodes: product?.barcodes ?? [],
    is_active: product?.is_active ?? true,
  };
}

type Props = {
  initial: ProductValues;
  draftKey: string;
  error: unknown;
  readOnly?: boolean;
  /** Saves, and answers with what comes after; a refusal is thrown. */
  onSave: (values: ProductValues) => Promise<() => Promise<unknown>>;
};

export function ProductForm({ initial, draftKey, error, readOnly = false, onSave }: Props) {
  const { t } = useTranslation("catalog");
  const name = useName();
  const form = useForm<ProductValues>({
    resolver: valibotResolver(schema),
    // Say everything that is missing at once, not one thing after the other.
    criteriaMode: "all",
    defaultValues: initial,
    disabled: readOnly,
  });
  const barcodes = useFieldArray({ control: form.control, name: "barcodes" });
  const draft = useDraft(draftKey, form);
  const [saved, setSaved] = useState(false);
  const [more, setMore] = useState<string[]>([]);
  const { data: allCategories } = useQuery(categories());
  const { data: allUnits } = useQuery(units());
  const { errors, isDirty, isSubmitting } = form.formState;
  useUnsavedWarning(isDirty && !saved && !isSubmitting);

  const hints = ["required", "price", "oneName"] as const;
  const say = (message: string | undefined) => {
    const hint = hints.find((one) => one === message);
    return hint ? t(`hint.${hint}`) : message;
  };
  const choices = (all: { id: string; name_en: string; name_ar: string }[] | undefined) =>
    all?.map((one) => ({ value: one.id, label: name(one) })) ?? [];
  const unitChoices = choices(allUnits?.items);

  const save = async (values: ProductValues) => {
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
    <form id={productFormId} noValidate onSubmit={form.handleSubmit(save)}>
      <Stack gap={16}>
        {draft.restored && (
          <Alert color="gray">
            <Group justify="space-between">
              {t("draft.restored", { ns: "common" })}
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => {
                  draft.discard(initial);
                }}
              >
                {t("draft.discard", { ns: "common" })}
              </Button>
            </Group>
          </Alert>
        )}
        <Refusal error={error} more={more} />
        <Section title={t("section.basics")}>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
            <TextInput
              {...form.register("name_en")}
              label={t("field.name_en")}
              dir="ltr"
              error={say(errors.name_en?.message)}
            />
            <TextInput
              {...form.register("name_ar")}
              label={t("field.name_ar")}
              dir="rtl"
              error={say(errors.name_ar?.message)}
            />
            <TextInput
              {...form.register("sku")}
              label={t("field.sku")}
              dir="ltr"
              required
              error={say(errors.sku?.message)}
            />
            <Controller
              control={form.control}
              name="kind"
              render={({ field }) => (
                <div role="group" aria-label={t("field.kind")}>
                  <Text size="sm" fw={500} mb={4} aria-hidden>
                    {t("field.kind")}
                  </Text>
                  <SegmentedControl
                    fullWidth
                    value={field.value}
                    disabled={readOnly}
                    onChange={(value) => {
                      field.onChange(value);
                    }}
                    data={[
                      { value: "goods", label: t("kind.goods") },
                      { value: "service", label: t("kind.service") },
                    ]}
                  />
                </div>
              )}
            />
            <Controller
              control={form.control}
              name="category_id"
              render={({ field }) => (
                <Select
                  {...field}
                  label={t("field.category_id")}
                  data={choices(allCategories?.items)}
                  searchable
                  clearable
                  placeholder={t("field.noCategory")}
                  nothingFoundMessage={t("list.nothingFound", { ns: "common" })}
                  error={errors.category_id?.message}
                />
              )}
            />
            <Controller
              control={form.control}
              name="is_active"
              render={({ field }) => (
                <Switch
                  mt={{ base: 0, sm: 30 }}
                  label={t("field.is_active")}
                  checked={field.value}
                  disabled={readOnly}
                  onChange={(event) => {
                    field.onChange(event.currentTarget.checked);
                  }}
                />
              )}
            />
          </SimpleGrid>
        </Section>
        <Section title={t("section.selling")}>
          <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={16}>
            <Controller
              control={form.control}
              name="price"
              render={({ field }) => (
                <DecimalInput
                  {...field}
                  label={t("field.price")}
                  description={t("field.priceHint")}
                  inputWrapperOrder={["label", "input", "description", "error"]}
                  places={2}
                  error={say(errors.price?.message)}
                />
              )}
            />
            <Controller
              control={form.control}
              name="unit_id"
              render={({ field }) => (
                <Select
                  {...field}
                  value={field.value || null}
                  onChange={(value) => {
                    field.onChange(value ?? "");
                  }}
                  label={t("field.unit_id")}
                  data={unitChoices}
                  required
                  searchable
                  error={say(errors.unit_id?.message)}
                />
              )}
            />
            <Controller
              control={form.control}
              name="tax_category"
              render={({ field }) => (
                <Select
                  {...field}
                  label={t("field.tax_category")}
                  allowDeselect={false}
                  data={(["S", "Z", "E", "O"] as const).map((value) => ({
                    value,
                    label: t(`tax.${value}`),
                  }))}
                  error={errors.tax_category?.message}
                />
              )}
            />
          </SimpleGrid>
        </Section>
        <Section title={t("section.barcodes")} description={t("section.barcodesText")}>
          <Stack gap={8}>
            {barcodes.fields.map((row, index) => (
              <Group key={row.id} gap={8} align="flex-start" wrap="nowrap">
                <TextInput
                  {...form.register(`barcodes.${index}.code`)}
                  aria-label={t("field.barcode")}
                  placeholder={t("field.barcode")}
                  dir="ltr"
                  flex={1}
                  error={say(errors.barcodes?.[index]?.code?.message)}
                />
                <Controller
                  control={form.control}
                  name={`barcodes.${index}.unit_id`}
                  render={({ field }) => (
                    <Select
                      {...field}
                      aria-label={t("field.unit_id")}
                      allowDeselect={false}
                      w={{ base: 120, sm: 180 }}
                      data={unitChoices}
                      error={errors.barcodes?.[index]?.unit_id?.message}
                    />
                  )}
                />
                {!readOnly && (
                  <ActionIcon
                    size={36}
                    aria-label={t("field.removeBarcode")}
                    onClick={() => {
                      barcodes.remove(index);
                    }}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                )}
              </Group>
            ))}
            {!readOnly && (
              <div>
                <Button
                  variant="subtle"
                  size="compact-sm"
                  leftSection={<IconPlus size={16} aria-hidden />}
                  onClick={() => {
                    barcodes.append({ code: "", unit_id: form.getValues("unit_id") });
                  }}
                >
                  {t("field.addBarcode")}
                </Button>
              </div>
            )}
          </Stack>
        </Section>
        <Section title={t("section.description")}>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
            <Textarea
              {...form.register("description_en")}
              label={t("field.description_en")}
              dir="ltr"
              rows={4}
              error={errors.description_en?.message}
            />
            <Textarea
              {...form.register("description_ar")}
              label={t("field.description_ar")}
              dir="rtl"
              rows={4}
              error={errors.description_ar?.message}
            />
          </SimpleGrid>
        </Section>
      </Stack>
    </form>
  );
}
