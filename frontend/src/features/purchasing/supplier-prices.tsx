import { Button, Checkbox, Select, SimpleGrid, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlus } from "@tabler/icons-react";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ask, client, ifMatch, type Schemas } from "@/shared/api/client";
import { asProblem } from "@/shared/api/problem";
import { isZero } from "@/shared/format/decimal";
import { wholeNumber } from "@/shared/format/number";
import { SupplierSelect } from "@/shared/goods/pickers";
import { product } from "@/shared/goods/queries";
import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { Section } from "@/shared/ui/document-page";
import { LinesTable } from "@/shared/ui/document-view";
import { ErrorState } from "@/shared/ui/error-state";
import { FormDialog } from "@/shared/ui/form-dialog";
import { placeErrors } from "@/shared/ui/line-errors";
import { Money, Quantity } from "@/shared/ui/money";
import { StatusBadge } from "@/shared/ui/status-badge";

import { useUnitName } from "./unit-names";

type SupplierPrice = Schemas["SupplierProductOut"];

const pricesOf = (productId: string) =>
  queryOptions({
    queryKey: ["purchasing", "supplier-products", productId],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/supplier-products", {
          params: { query: { product_id: productId, limit: 200, sort: "price" } },
          signal,
        }),
      ),
  });

/** On the page of a product: who supplies it, what they call it, and what it costs from how many on. */
export function SupplierPrices({ productId }: { productId: string }) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const can = useCan();
  const may = can("purchase_order:read");
  const { data, error, refetch } = useQuery({ ...pricesOf(productId), enabled: may });
  const [editing, setEditing] = useState<SupplierPrice | "new" | null>(null);
  if (!may) return null;
  const mayEdit = can("purchase_order:edit");
  return (
    <Section title={t("prices.title")} description={t("prices.text")}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && (
        <LinesTable<SupplierPrice>
          label={t("prices.title")}
          lines={data.items}
          lineKey={(row) => row.id}
          empty={t("prices.none")}
          columns={[
            {
              id: "supplier",
              label: t("field.supplier"),
              card: "title",
              cell: (row) => (
                <>
                  <bdi>
                    {name({ name_en: row.supplier_name_en, name_ar: row.supplier_name_ar })}
                  </bdi>{" "}
                  {row.is_preferred && (
                    <StatusBadge tone="good">{t("prices.preferred")}</StatusBadge>
                  )}
                  {!row.is_active && <StatusBadge tone="closed">{t("prices.off")}</StatusBadge>}
                </>
              ),
            },
            {
              id: "sku",
              label: t("line.supplierSku"),
              cell: (row) => <bdi>{row.supplier_sku}</bdi>,
            },
            {
              id: "from",
              label: t("prices.from"),
              align: "end",
              cell: (row) =>
                !isZero(row.min_quantity) && (
                  <Quantity
                    amount={row.min_quantity}
                    unit={name({ name_en: row.unit_en, name_ar: row.unit_ar })}
                  />
                ),
            },
            {
              id: "lead",
              label: t("enquiries.leadLabel"),
              align: "end",
              cell: (row) => row.lead_time_days || "",
            },
            {
              id: "price",
              needs: "cost:read",
              label: t("line.price"),
              align: "end",
              card: "end",
              cell: (row) => (
                <Money
                  amount={row.price}
                  {...(row.currency !== "SAR" && { currency: row.currency })}
                />
              ),
            },
            mayEdit && {
              id: "edit",
              label: "",
              align: "end",
              cell: (row) => (
                <Button
                  variant="subtle"
                  size="compact-sm"
                  onClick={() => {
                    setEditing(row);
                  }}
                >
                  {t("action.edit")}
                </Button>
              ),
            },
          ]}
        />
      )}
      {mayEdit && (
        <Button
          mt={12}
          variant="default"
          size="compact-md"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => {
            setEditing("new");
          }}
        >
          {t("prices.add")}
        </Button>
      )}
      {editing && (
        <PriceDialog
          of={editing === "new" ? null : editing}
          productId={productId}
          onClose={() => {
            setEditing(null);
          }}
        />
      )}
    </Section>
  );
}

type DialogProps = { of: SupplierPrice | null; productId: string; onClose: () => void };

function PriceDialog({ of, productId, onClose }: DialogProps) {
  const { t } = useTranslation("purchasing");
  const cache = useQueryClient();
  const unitName = useUnitName();
  const { data: goods } = useQuery(product(productId));
  const [values, setValues] = useState({
    supplier_id: of?.supplier_id ?? null,
    supplier_sku: of?.supplier_sku ?? "",
    unit_id: of?.unit_id ?? null,
    min_quantity: of && !isZero(of.min_quantity) ? of.min_quantity : "",
    price: of?.price ?? "",
    currency: of?.currency ?? "SAR",
    lead_time_days: of?.lead_time_days ? String(of.lead_time_days) : "",
    is_preferred: of?.is_preferred ?? false,
    is_active: of?.is_active ?? true,
  });
  const set = (change: Partial<typeof values>) => {
    setValues({ ...values, ...change });
  };
  const unitId = values.unit_id ?? goods?.unit_id ?? null;
  const save = useMutation({
    mutationFn: () => {
      const { supplier_id, min_quantity, lead_time_days, ...rest } = values;
      const body = {
        ...rest,
        unit_id: unitId,
        min_quantity: min_quantity || "0",
        lead_time_days: wholeNumber(lead_time_days || "0"),
      };
      return of
        ? ask(
            client.PATCH("/api/supplier-products/{supplier_product_id}", {
              params: { path: { supplier_product_id: of.id } },
              ...ifMatch(of),
              body,
            }),
          )
        : ask(
            client.POST("/api/supplier-products", {
              body: { ...body, supplier_id: supplier_id ?? "", product_id: productId },
            }),
          );
    },
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ["purchasing", "supplier-products"] });
      notifications.show({ message: t("prices.saved") });
      onClose();
    },
  });
  const errors = placeErrors(
    save.error && asProblem(save.error),
    [],
    [
      "supplier_id",
      "supplier_sku",
      "unit_id",
      "min_quantity",
      "price",
      "currency",
      "lead_time_days",
    ],
  );
  const own = goods ? [goods.unit_id, ...goods.units.map((one) => one.unit_id)] : [];
  const reason = !values.supplier_id
    ? t("prices.noSupplier")
    : values.price === ""
      ? t("prices.noPrice")
      : null;
  return (
    <FormDialog
      title={t(of ? "prices.edit" : "prices.add")}
      verb={t("action.save", { ns: "common" })}
      reason={reason}
      send={save}
      rest={errors.rest}
      onClose={onClose}
    >
      <SupplierSelect
        label={t("field.supplier")}
        placeholder={t("field.findSupplier")}
        required
        disabled={of !== null}
        data-autofocus
        value={values.supplier_id}
        error={errors.of("supplier_id")}
        onChange={(supplier_id) => {
          set({ supplier_id });
        }}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
        <DecimalInput
          label={t("line.price")}
          required
          value={values.price}
          error={errors.of("price")}
          onChange={(price) => {
            set({ price });
          }}
        />
        <Select
          label={t("prices.unit")}
          allowDeselect={false}
          data={own.map((id) => ({ value: id, label: unitName(id) }))}
          value={unitId}
          error={errors.of("unit_id")}
          onChange={(unit_id) => {
            set({ unit_id });
          }}
        />
        <DecimalInput
          label={t("prices.from")}
          placeholder="0"
          value={values.min_quantity}
          error={errors.of("min_quantity")}
          onChange={(min_quantity) => {
            set({ min_quantity });
          }}
        />
        <DecimalInput
          label={t("enquiries.leadLabel")}
          placeholder="0"
          value={values.lead_time_days}
          error={errors.of("lead_time_days")}
          onChange={(lead_time_days) => {
            set({ lead_time_days });
          }}
        />
        <TextInput
          label={t("line.supplierSku")}
          maxLength={80}
          value={values.supplier_sku}
          error={errors.of("supplier_sku")}
          onChange={(event) => {
            set({ supplier_sku: event.currentTarget.value });
          }}
        />
        <TextInput
          label={t("field.currency")}
          dir="ltr"
          maxLength={3}
          value={values.currency}
          error={errors.of("currency")}
          onChange={(event) => {
            set({ currency: event.currentTarget.value.toUpperCase() });
          }}
        />
      </SimpleGrid>
      <Checkbox
        label={t("prices.preferredText")}
        checked={values.is_preferred}
        onChange={(event) => {
          set({ is_preferred: event.currentTarget.checked });
        }}
      />
      {of && (
        <Checkbox
          label={t("prices.active")}
          checked={values.is_active}
          onChange={(event) => {
            set({ is_active: event.currentTarget.checked });
          }}
        />
      )}
    </FormDialog>
  );
}
