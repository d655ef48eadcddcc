import { Button, Collapse, Stack, TextInput } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { PlaceSelect } from "@/shared/goods/pickers";
import { DateInput } from "@/shared/ui/date-input";

import { type Counted } from "./receive-values";

/** The paper that came with the goods, and where they are put. */
export function ReceiptDetails({
  of,
  warehouseId,
  errorOf,
  onChange,
}: {
  of: Counted;
  warehouseId: string | null;
  errorOf: (field: string) => string | undefined;
  onChange: (values: Partial<Counted>) => void;
}) {
  const { t } = useTranslation("purchasing");
  const [details, setDetails] = useState(false);
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        aria-expanded={details}
        rightSection={<IconChevronDown size={16} aria-hidden />}
        onClick={() => {
          setDetails(!details);
        }}
      >
        {t("receive.details")}
      </Button>
      <Collapse expanded={details}>
        <Stack gap={12}>
          <TextInput
            label={t("field.delivery_note")}
            description={t("field.deliveryNoteHint")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            maxLength={120}
            value={of.delivery_note}
            error={errorOf("delivery_note")}
            onChange={(event) => {
              onChange({ delivery_note: event.currentTarget.value });
            }}
          />
          <DateInput
            label={t("field.received_on")}
            placeholder={t("today")}
            value={of.received_on}
            error={errorOf("received_on")}
            onChange={(received_on) => {
              onChange({ received_on });
            }}
          />
          <PlaceSelect
            label={t("receive.place")}
            placeholder={t("receive.anyPlace")}
            warehouseId={warehouseId}
            value={of.location_id}
            onChange={(location_id) => {
              onChange({ location_id });
            }}
          />
        </Stack>
      </Collapse>
    </>
  );
}
