import { Group, Select, SimpleGrid, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { CurrencyFields } from "@/shared/ui/draft-fields";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { MoreFields } from "@/shared/ui/more-fields";

import { type BillDraft } from "./bill-values";

const treatments = ["domestic", "customs", "reverse_charge"] as const;

/** Currency, VAT and what else is seldom another than usual. */
export function BillTerms({ state }: { state: BillDraft }) {
  const { t } = useTranslation("bills");
  const { draft, change, errorOf } = state;
  const unusual =
    draft.currency !== "SAR" ||
    draft.vat_treatment !== "domestic" ||
    draft.prices_include_vat ||
    draft.rounding !== "" ||
    draft.reference !== "";
  const [opened, setOpened] = useState(unusual);
  // A supplier abroad brings his currency along, and its rate has to be typed.
  const more = opened || draft.currency !== "SAR";
  return (
    <>
      <MoreFields
        label={t("section.more")}
        open={more}
        onToggle={() => {
          setOpened(!more);
        }}
      >
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={16} mt={12}>
          <Select
            label={t("field.vat_treatment")}
            allowDeselect={false}
            value={draft.vat_treatment}
            data={treatments.map((value) => ({ value, label: t(`treatment.${value}`) }))}
            onChange={(value) => {
              change({ vat_treatment: treatments.find((one) => one === value) ?? "domestic" });
            }}
          />
          <CurrencyFields
            of={draft}
            label={(field) => t(`field.${field}`)}
            hint={t("field.rateHint", { currency: draft.currency })}
            errorOf={errorOf}
            onChange={change}
          />
          <DecimalInput
            label={t("field.rounding")}
            description={t("field.roundingHint")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            places={2}
            value={draft.rounding}
            error={errorOf("rounding")}
            onChange={(rounding) => {
              change({ rounding });
            }}
          />
          <TextInput
            label={t("field.reference")}
            maxLength={120}
            value={draft.reference}
            error={errorOf("reference")}
            onChange={(event) => {
              change({ reference: event.currentTarget.value });
            }}
          />
        </SimpleGrid>
        <Group mt={16}>
          <Switch
            label={t("field.prices_include_vat")}
            checked={draft.prices_include_vat}
            onChange={(event) => {
              change({ prices_include_vat: event.currentTarget.checked });
            }}
          />
        </Group>
      </MoreFields>
    </>
  );
}
