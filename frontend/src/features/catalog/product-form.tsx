import { valibotResolver } from "@hookform/resolvers/valibot";
import {
  ActionIcon,
  Autocomplete,
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
import { useState } from "react";
import { Controller, useFieldArray, useForm, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { showFieldErrors } from "@/shared/api/form-errors";
import { asProblem } from "@/shared/api/problem";
import { matches } from "@/shared/i18n/fold";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { Section } from "@/shared/ui/document-page";
import { Refusal } from "@/shared/ui/error-state";
import { DraftNotice } from "@/shared/ui/draft-notice";
import { useDraft } from "@/shared/ui/use-draft";
import { useUnsavedWarning } from "@/shared/ui/use-unsaved-warning";

import { exemptions } from "./exemptions";
import { useCategories, useUnits } from "./names";
import classes from "./product-form.module.css";
import { productSchema, type ProductValues } from "./product-values";

export const productFormId = "product";

const exemptionFields = ["exemption_code", "exemption_reason_en", "exemption_reason_ar"] as const;

const says = (code: string, search: string) => {
  const known = exemptions.find((one) => one.code === code);
  return matches(`${code} ${known?.en ?? ""} ${known?.ar ?? ""}`, search);
};

type Props = {
  initial: ProductValues;
  draftKey: string;
  error: unknown;
  /** Saves, and answers with what comes after; a refusal is thrown. */
  onSave: (values: ProductValues) => Promise<() => Promise<unknown>>;
};

export function ProductForm({ initial, draftKey, error, onSave }: Props) {
  const { t, i18n } = useTranslation("catalog");
  const form = useForm<ProductValues>({
    resolver: valibotResolver(productSchema),
    // Say everything that is missing at once, not one thing after the other.
    criteriaMode: "all",
    defaultValues: initial,
  });
  const barcodes = useFieldArray({ control: form.control, name: "barcodes" });
  const draft = useDraft(draftKey, form);
  const [saved, setSaved] = useState(false);
  const [more, setMore] = useState<string[]>([]);
  const unitRows = useFieldArray({ control: form.control, name: "units" });
  const categories = useCategories();
  const units = useUnits();
  const [stockUnit, chosenUnits, tax] = useWatch({
    control: form.control,
    name: ["unit_id", "units", "tax_category"],
  });
  const { errors, isDirty, isSubmitting } = form.formState;
  useUnsavedWarning(isDirty && !saved && !isSubmitting);

  const hints = ["required", "price", "oneName", "factor"] as const;
  const say = (message: string | undefined) => {
    const hint = hints.find((one) => one === message);
    return hint ? t(`hint.${hint}`) : message;
  };
  const unitChoices = units.choices(...initial.units.map((row) => row.unit_id), initial.unit_id);
  const packing = unitChoices.filter(
    ({ value }) => value === stockUnit || chosenUnits.some((row) => row.unit_id === value),
  );
  const takesExemption = tax !== "S";

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
                  data={categories.all
                    .filter(
                      ({ category }) => category.is_active || category.id === initial.category_id,
                    )
                    .map(({ category, path }) => ({ value: category.id, label: path }))}
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
                  onChange={(value) => {
                    field.onChange(value);
                    // A reason of another category would be wrong on the invoice.
                    for (const one of exemptionFields)
                      form.setValue(one, "", { shouldDirty: true });
                  }}
                  data={(["S", "Z", "E", "O"] as const).map((value) => ({
                    value,
                    label: t(`tax.${value}`),
                  }))}
                  error={errors.tax_category?.message}
                />
              )}
            />
          </SimpleGrid>
          {takesExemption && (
            <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={16} mt={16}>
              <Controller
                control={form.control}
                name="exemption_code"
                render={({ field }) => (
                  <Autocomplete
                    {...field}
                    label={t("field.exemption_code")}
                    description={t("field.exemptionHint")}
                    inputWrapperOrder={["label", "input", "description", "error"]}
                    dir="ltr"
                    data={exemptions.filter((one) => one.tax === tax).map((one) => one.code)}
                    renderOption={({ option }) => (
                      <div>
                        <span className="aw-ltr">{option.value}</span>
                        <Text size="xs" c="dimmed" dir="auto">
                          {
                            exemptions.find((one) => one.code === option.value)?.[
                              i18n.language === "ar" ? "ar" : "en"
                            ]
                          }
                        </Text>
                      </div>
                    )}
                    filter={({ options, search }) =>
                      options.filter((one) => "value" in one && says(one.value, search))
                    }
                    comboboxProps={{ width: 320, position: "bottom-start" }}
                    onOptionSubmit={(code) => {
                      const known = exemptions.find((one) => one.code === code);
                      if (!known) return;
                      form.setValue("exemption_reason_en", known.en, { shouldDirty: true });
                      form.setValue("exemption_reason_ar", known.ar, { shouldDirty: true });
                    }}
                    error={errors.exemption_code?.message}
                  />
                )}
              />
              <TextInput
                {...form.register("exemption_reason_en")}
                label={t("field.exemption_reason_en")}
                dir="ltr"
                error={errors.exemption_reason_en?.message}
              />
              <TextInput
                {...form.register("exemption_reason_ar")}
                label={t("field.exemption_reason_ar")}
                dir="rtl"
                error={errors.exemption_reason_ar?.message}
              />
            </SimpleGrid>
          )}
        </Section>
        <Section title={t("section.units")} description={t("section.unitsText")}>
          <Stack gap={8}>
            {unitRows.fields.map((row, index) => (
              <div key={row.id} className={classes.unitRow}>
                <TextInput
                  {...form.register(`units.${index}.denominator`)}
                  aria-label={t("field.denominator")}
                  dir="ltr"
                  inputMode="numeric"
                  className={classes.factor ?? ""}
                  error={say(errors.units?.[index]?.denominator?.message)}
                />
                <Controller
                  control={form.control}
                  name={`units.${index}.unit_id`}
                  render={({ field }) => (
                    <Select
                      {...field}
                      value={field.value || null}
                      onChange={(value) => {
                        field.onChange(value ?? "");
                      }}
                      aria-label={t("field.furtherUnit")}
                      placeholder={t("field.furtherUnit")}
                      searchable
                      className={classes.unit ?? ""}
                      data={unitChoices.filter(({ value }) => value !== stockUnit)}
                      error={say(errors.units?.[index]?.unit_id?.message)}
                    />
                  )}
                />
                <span className={classes.equals}>=</span>
                <TextInput
                  {...form.register(`units.${index}.numerator`)}
                  aria-label={t("field.numerator")}
                  dir="ltr"
                  inputMode="numeric"
                  className={classes.factor ?? ""}
                  error={say(errors.units?.[index]?.numerator?.message)}
                />
                <span className={classes.stock}>{units.nameOf(stockUnit) || "—"}</span>
                <ActionIcon
                  size={36}
                  aria-label={t("field.removeUnit")}
                  onClick={() => {
                    unitRows.remove(index);
                  }}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </div>
            ))}
            <div>
              <Button
                variant="subtle"
                size="compact-sm"
                leftSection={<IconPlus size={16} aria-hidden />}
                disabled={stockUnit === ""}
                onClick={() => {
                  unitRows.append({ unit_id: "", numerator: "", denominator: "1" });
                }}
              >
                {t("field.addUnit")}
              </Button>
            </div>
          </Stack>
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
                      data={packing}
                      error={errors.barcodes?.[index]?.unit_id?.message}
                    />
                  )}
                />
                <ActionIcon
                  size={36}
                  aria-label={t("field.removeBarcode")}
                  onClick={() => {
                    barcodes.remove(index);
                  }}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Group>
            ))}
            <div>
              <Button
                variant="subtle"
                size="compact-sm"
                leftSection={<IconPlus size={16} aria-hidden />}
                disabled={stockUnit === ""}
                onClick={() => {
                  barcodes.append({ code: "", unit_id: form.getValues("unit_id") });
                }}
              >
                {t("field.addBarcode")}
              </Button>
            </div>
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
