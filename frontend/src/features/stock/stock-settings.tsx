import { Button, Checkbox, Group, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/shared/api/problem";
import { useCan } from "@/shared/session/session";
import { DateInput } from "@/shared/ui/date-input";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { Refusal } from "@/shared/ui/error-state";
import { placeErrors } from "@/shared/ui/line-errors";
import { Loaded } from "@/shared/ui/loaded";
import { ReasonedButton } from "@/shared/ui/reasoned-button";
import { usePageTitle } from "@/shared/ui/use-page-title";
import { useUnsavedWarning } from "@/shared/ui/use-unsaved-warning";

import { type StockSettings, stockSettings, useChangeSettings } from "./queries";

export function StockSettingsPage() {
  return <Loaded query={stockSettings()}>{(of) => <Edit key={of.version} of={of} />}</Loaded>;
}

function Edit({ of }: { of: StockSettings }) {
  const { t } = useTranslation("stock");
  const can = useCan();
  const change = useChangeSettings();
  const stored = {
    frozen_until: of.frozen_until,
    count_approval_above: of.count_approval_above ?? "",
    transfer_needs_approval: of.transfer_needs_approval,
    write_off_by_another: of.write_off_by_another,
  };
  const [values, setValues] = useState(stored);
  const set = (next: Partial<typeof stored>) => {
    setValues({ ...values, ...next });
  };
  usePageTitle(t("settings.title"));
  const dirty = JSON.stringify(values) !== JSON.stringify(stored);
  useUnsavedWarning(dirty && !change.isPending);
  const may = can("stock:manage");
  const errors = placeErrors(
    change.error && asProblem(change.error),
    [],
    ["frozen_until", "count_approval_above"],
  );
  return (
    <DocumentPage
      back={{ link: { to: "/" }, label: t("settings.home") }}
      title={t("settings.title")}
      actions={
        may && (
          <ReasonedButton
            reason={dirty ? null : t("settings.unchanged")}
            loading={change.isPending}
            onClick={() => {
              change.mutate(
                {
                  of,
                  values: {
                    ...values,
                    count_approval_above: values.count_approval_above || null,
                  },
                },
                {
                  onSuccess: () => {
                    notifications.show({ message: t("settings.saved") });
                  },
                },
              );
            }}
          >
            {t("action.save", { ns: "common" })}
          </ReasonedButton>
        )
      }
    >
      <Refusal error={change.error} more={errors.rest} />
      <Section title={t("settings.freeze")} description={t("settings.frozenText")}>
        <Group align="flex-end" gap={8}>
          <DateInput
            w={240}
            label={t("settings.frozen_until")}
            placeholder={t("settings.notFrozen")}
            disabled={!may}
            value={values.frozen_until}
            error={errors.of("frozen_until")}
            onChange={(frozen_until) => {
              set({ frozen_until });
            }}
          />
          {may && values.frozen_until && (
            <Button
              variant="default"
              onClick={() => {
                set({ frozen_until: null });
              }}
            >
              {t("settings.unfreeze")}
            </Button>
          )}
        </Group>
      </Section>
      <Section title={t("settings.approvals")}>
        <Stack gap={16}>
          <Checkbox
            label={t("settings.transfer_needs_approval")}
            disabled={!may}
            checked={values.transfer_needs_approval}
            onChange={(event) => {
              set({ transfer_needs_approval: event.currentTarget.checked });
            }}
          />
          <Checkbox
            label={t("settings.write_off_by_another")}
            disabled={!may}
            checked={values.write_off_by_another}
            onChange={(event) => {
              set({ write_off_by_another: event.currentTarget.checked });
            }}
          />
          <DecimalInput
            maw={360}
            label={t("settings.count_approval_above")}
            description={t("settings.countApprovalHint")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            places={2}
            disabled={!may}
            value={values.count_approval_above}
            error={errors.of("count_approval_above")}
            onChange={(count_approval_above) => {
              set({ count_approval_above });
            }}
          />
        </Stack>
      </Section>
    </DocumentPage>
  );
}
