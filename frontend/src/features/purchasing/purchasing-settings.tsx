import { SimpleGrid } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ask, client, ifMatch, type Schemas } from "@/shared/api/client";
import { asProblem } from "@/shared/api/problem";
import { useCan } from "@/shared/session/session";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { Refusal } from "@/shared/ui/error-state";
import { placeErrors } from "@/shared/ui/line-errors";
import { Loaded } from "@/shared/ui/loaded";
import { ReasonedButton } from "@/shared/ui/reasoned-button";
import { usePageTitle } from "@/shared/ui/use-page-title";
import { useUnsavedWarning } from "@/shared/ui/use-unsaved-warning";

type Settings = Schemas["PurchasingSettingsOut"];

const settings = () =>
  queryOptions({
    queryKey: ["purchasing", "settings"],
    queryFn: ({ signal }) => ask(client.GET("/api/purchasing/settings", { signal })),
  });

const percents = [
  "growth_percent",
  "over_receipt_percent",
  "price_percent",
  "quantity_percent",
] as const;

export function PurchasingSettingsPage() {
  return <Loaded query={settings()}>{(of) => <Edit key={of.version} of={of} />}</Loaded>;
}

/** When an order needs a second person, and by how much a receipt or a bill may differ. */
function Edit({ of }: { of: Settings }) {
  const { t } = useTranslation("purchasing");
  const can = useCan();
  const cache = useQueryClient();
  const stored = {
    approval_above: of.approval_above ?? "",
    growth_percent: of.growth_percent,
    over_receipt_percent: of.over_receipt_percent,
    price_percent: of.price_percent,
    quantity_percent: of.quantity_percent,
  };
  const [values, setValues] = useState(stored);
  const change = useMutation({
    mutationFn: () =>
      ask(
        client.PATCH("/api/purchasing/settings", {
          ...ifMatch(of),
          body: { ...values, approval_above: values.approval_above || null },
        }),
      ),
    onSuccess: (saved) => {
      cache.setQueryData(settings().queryKey, saved);
      notifications.show({ message: t("settings.saved") });
    },
  });
  usePageTitle(t("settings.title"));
  const dirty = JSON.stringify(values) !== JSON.stringify(stored);
  useUnsavedWarning(dirty && !change.isPending);
  const may = can("purchase_order:manage");
  const errors = placeErrors(
    change.error && asProblem(change.error),
    [],
    ["approval_above", ...percents],
  );
  const field = (name: "approval_above" | (typeof percents)[number]) => (
    <DecimalInput
      key={name}
      label={t(`settings.${name}`)}
      description={t(`settings.about.${name}`)}
      inputWrapperOrder={["label", "input", "description", "error"]}
      disabled={!may}
      value={values[name]}
      error={errors.of(name)}
      onChange={(value) => {
        setValues({ ...values, [name]: value });
      }}
    />
  );
  return (
    <DocumentPage
      back={{ link: { to: "/purchase-orders" }, label: t("orders.title") }}
      title={t("settings.title")}
      actions={
        may && (
          <ReasonedButton
            reason={dirty ? null : t("settings.unchanged")}
            loading={change.isPending}
            onClick={() => {
              if (!change.isPending) change.mutate();
            }}
          >
            {t("action.save", { ns: "common" })}
          </ReasonedButton>
        )
      }
    >
      <Refusal error={change.error} more={errors.rest} />
      <Section title={t("settings.approval")}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
          {field("approval_above")}
          {field("growth_percent")}
        </SimpleGrid>
      </Section>
      <Section title={t("settings.tolerances")}>
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={16}>
          {field("over_receipt_percent")}
          {field("price_percent")}
          {field("quantity_percent")}
        </SimpleGrid>
      </Section>
    </DocumentPage>
  );
}
