import { SegmentedControl, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Section } from "@/shared/ui/document-page";

import { AdvanceFields } from "./advance-fields";
import { AllocationFields } from "./allocation-fields";
import { type Entered } from "./payment-values";
import { type useAllocation } from "./use-allocation";

/** What the money is for: documents that it answers, or an advance. */
export function PaymentPurpose({
  form,
  canBeAdvance,
  mayChoose,
  party,
  allocation,
  onChange,
}: {
  form: Entered;
  canBeAdvance: boolean;
  /** It did not begin at a document. */
  mayChoose: boolean;
  party: string;
  allocation: ReturnType<typeof useAllocation>;
  onChange: (values: Partial<Entered>) => void;
}) {
  const { t } = useTranslation("payments");
  const isAdvance = canBeAdvance && form.isAdvance;
  return (
    <Section
      title={t("form.for")}
      {...(!isAdvance && allocation.proposals.length > 0 && { description: t("allocate.text") })}
    >
      <Stack gap={16}>
        {canBeAdvance && mayChoose && (
          <SegmentedControl
            aria-label={t("form.for")}
            value={form.isAdvance ? "advance" : "documents"}
            onChange={(value) => {
              onChange({ isAdvance: value === "advance" });
            }}
            data={[
              { value: "documents", label: t("form.forInvoices") },
              { value: "advance", label: t("form.forAdvance") },
            ]}
          />
        )}
        {isAdvance ? (
          <>
            <Text size="sm" c="dimmed">
              {t("form.advanceText")}
            </Text>
            <AdvanceFields
              value={form.purpose}
              onChange={(purpose) => {
                onChange({ purpose });
              }}
            />
          </>
        ) : form.party_id === null ? (
          <Text c="dimmed">{t("form.pickParty")}</Text>
        ) : (
          <AllocationFields
            allocation={allocation}
            party={party}
            currency={form.currency}
            onChange={(own) => {
              onChange({ own });
            }}
            onAmount={(sum) => {
              onChange({ amount: sum });
            }}
          />
        )}
      </Stack>
    </Section>
  );
}
