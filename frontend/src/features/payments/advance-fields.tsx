import { Select, SimpleGrid, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { type Schemas } from "@/shared/api/client";

type Tax = Schemas["VatCategory"];

/** What an advance is for: the line of its tax invoice. */
export type Purpose = {
  name_ar: string;
  name_en: string;
  tax: Tax;
  code: string;
  reason_ar: string;
  reason_en: string;
};

export const noPurpose: Purpose = {
  name_ar: "",
  name_en: "",
  tax: "S",
  code: "",
  reason_ar: "",
  reason_en: "",
};

export const isTold = (of: Purpose) => of.name_ar.trim() !== "";

export const purposeBody = (of: Purpose): Schemas["PostAdvanceIn"] => ({
  name_ar: of.name_ar.trim(),
  name_en: of.name_en.trim(),
  tax_category: of.tax,
  ...(of.tax !== "S" && {
    exemption_code: of.code.trim(),
    exemption_reason_ar: of.reason_ar.trim(),
    exemption_reason_en: of.reason_en.trim(),
  }),
});

export function AdvanceFields({
  value,
  onChange,
  errorOf,
}: {
  value: Purpose;
  onChange: (value: Purpose) => void;
  errorOf?: (field: string) => string | undefined;
}) {
  const { t } = useTranslation("payments");
  const text = (name: "name_ar" | "name_en" | "code" | "reason_ar" | "reason_en") => ({
    value: value[name],
    maxLength: 300,
    onChange: (event: { currentTarget: { value: string } }) => {
      onChange({ ...value, [name]: event.currentTarget.value });
    },
  });
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
      <TextInput
        label={t("advance.name_ar")}
        description={t("advance.nameHint")}
        required
        dir="rtl"
        error={errorOf?.("name_ar")}
        {...text("name_ar")}
      />
      <TextInput
        label={t("advance.name_en")}
        description={t("advance.nameHint")}
        dir="ltr"
        error={errorOf?.("name_en")}
        {...text("name_en")}
      />
      <Select
        label={t("advance.tax")}
        allowDeselect={false}
        value={value.tax}
        data={(["S", "Z", "E", "O"] as const).map((tax) => ({
          value: tax,
          label: t(`tax.${tax}`),
        }))}
        error={errorOf?.("tax_category")}
        onChange={(tax) => {
          onChange({ ...value, tax: tax ?? "S" });
        }}
      />
      {value.tax !== "S" && (
        <>
          <TextInput
            label={t("advance.code")}
            description={t("advance.codeHint")}
            dir="ltr"
            error={errorOf?.("exemption_code")}
            {...text("code")}
          />
          <TextInput
            label={t("advance.reason_ar")}
            dir="rtl"
            error={errorOf?.("exemption_reason_ar")}
            {...text("reason_ar")}
          />
          <TextInput
            label={t("advance.reason_en")}
            dir="ltr"
            error={errorOf?.("exemption_reason_en")}
            {...text("reason_en")}
          />
        </>
      )}
    </SimpleGrid>
  );
}
