import { Button, Group, Modal, Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";

import { type EditedLine } from "./draft-values";
import { exemptionsOf } from "./exemptions";
import { product, units } from "./queries";

type Props = {
  line: EditedLine;
  errorOf: (field: string) => string | undefined;
  onChange: (values: Partial<EditedLine>) => void;
  onClose: () => void;
};

/** What does not fit into the row: both descriptions, the unit, the reason for another VAT rate. */
export function LineDetails({ line, errorOf, onChange, onClose }: Props) {
  const { t, i18n } = useTranslation("invoicing");
  const name = useName();
  const { data: allUnits } = useQuery(units());
  const { data: sold } = useQuery({
    ...product(line.product_id ?? ""),
    enabled: line.product_id !== null,
  });
  const sellable = sold && new Set([sold.unit_id, ...sold.units.map((one) => one.unit_id)]);
  const unitChoices = (allUnits?.items ?? [])
    .filter((unit) => !sellable || sellable.has(unit.id))
    .map((unit) => ({ value: unit.id, label: name(unit) }));
  const untaxed = line.tax_category !== "" && line.tax_category !== "S";
  const reasons = untaxed ? exemptionsOf(line.tax_category) : [];
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t("line.details")}
      closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}
    >
      <Stack gap={16}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
          <TextInput
            label={t("field.name_en")}
            dir="ltr"
            maxLength={300}
            value={line.name_en}
            error={errorOf("name_en")}
            onChange={(event) => {
              onChange({ name_en: event.currentTarget.value });
            }}
          />
          <TextInput
            label={t("field.name_ar")}
            dir="rtl"
            maxLength={300}
            value={line.name_ar}
            error={errorOf("name_ar")}
            onChange={(event) => {
              onChange({ name_ar: event.currentTarget.value });
            }}
          />
          <Select
            label={t("line.unit")}
            data={unitChoices}
            value={line.unit_id}
            searchable
            clearable={line.product_id === null}
            error={errorOf("unit_id")}
            onChange={(unit_id) => {
              // Another unit has another price: the price lists are asked again.
              onChange({ unit_id, ...(line.product_id && { unit_price: "" }) });
            }}
          />
        </SimpleGrid>
        {untaxed && (
          <Select
            label={t("line.exemption")}
            description={t("line.exemptionHint")}
            searchable
            data={reasons.map((one) => ({
              value: one.code,
              label: `${one.code} · ${i18n.language === "ar" ? one.ar : one.en}`,
            }))}
            value={line.exemption_code || null}
            error={errorOf("exemption_code") ?? errorOf("exemption_text")}
            onChange={(code) => {
              const reason = reasons.find((one) => one.code === code);
              onChange({
                exemption_code: code ?? "",
                exemption_reason_en: reason?.en ?? "",
                exemption_reason_ar: reason?.ar ?? "",
              });
            }}
          />
        )}
        <Group justify="flex-end">
          <Button onClick={onClose}>{t("line.done")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
