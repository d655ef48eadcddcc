import { Button, Collapse, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconChevronDown } from "@tabler/icons-react";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/shared/api/problem";
import { SupplierSelect, useWarehouses, WarehouseSelect } from "@/shared/goods/pickers";
import { DateInput } from "@/shared/ui/date-input";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { DocumentPage, Section } from "@/shared/ui/document-page";
import { DraftNotice } from "@/shared/ui/draft-notice";
import { Refusal } from "@/shared/ui/error-state";
import {
  emptyGoodsLine,
  type GoodsLine,
  GoodsLines,
  isBlankLine,
  isReadyLine,
  newLineKey,
} from "@/shared/ui/goods-lines";
import { type LineField } from "@/shared/ui/line-editor";
import { placeErrors } from "@/shared/ui/line-errors";
import { Loaded } from "@/shared/ui/loaded";
import { useKept } from "@/shared/ui/use-kept";
import { usePageTitle } from "@/shared/ui/use-page-title";
import { useUnsavedWarning } from "@/shared/ui/use-unsaved-warning";

import { type Order, order, type OrderIn, type TaxCategory, useSaveOrder } from "./queries";
import classes from "./purchasing.module.css";

const taxes = ["S", "Z", "E", "O"] as const;

type Line = GoodsLine & {
  unit_price: string;
  discount: string;
  tax_category: TaxCategory | "";
};

type Edited = {
  supplier_id: string | null;
  warehouse_id: string | null;
  ordered_on: string | null;
  expected_on: string | null;
  currency: string;
  exchange_rate: string;
  reference: string;
  notes_en: string;
  notes_ar: string;
  lines: Line[];
};

const emptyLine = (): Line => ({
  ...emptyGoodsLine(),
  unit_price: "",
  discount: "",
  tax_category: "",
});

const editedOf = (of: Order | null, supplierId: string | null): Edited =>
  of
    ? {
        supplier_id: of.supplier_id,
        warehouse_id: of.warehouse_id,
        ordered_on: of.ordered_on,
        expected_on: of.expected_on,
        currency: of.currency,
        exchange_rate: of.exchange_rate,
        reference: of.reference,
        notes_en: of.notes_en,
        notes_ar: of.notes_ar,
        lines: of.lines.map((line) => ({
          key: newLineKey(),
          item: null,
          product_id: line.product_id,
          sku: line.sku,
          name_en: line.name_en,
          name_ar: line.name_ar,
          unit_id: line.unit_id,
          quantity: line.typed_quantity,
          unit_price: line.unit_price,
          discount: /[1-9]/.test(line.discount) ? line.discount : "",
          tax_category: line.tax_category,
        })),
      }
    : {
        supplier_id: supplierId,
        warehouse_id: null,
        ordered_on: null,
        expected_on: null,
        currency: "",
        exchange_rate: "",
        reference: "",
        notes_en: "",
        notes_ar: "",
        lines: [emptyLine()],
      };

const sent = (edited: Edited, lines: Line[]): OrderIn => ({
  supplier_id: edited.supplier_id ?? "",
  warehouse_id: edited.warehouse_id,
  ...(edited.ordered_on && { ordered_on: edited.ordered_on }),
  expected_on: edited.expected_on,
  ...(edited.currency && { currency: edited.currency }),
  ...(edited.exchange_rate && { exchange_rate: edited.exchange_rate }),
  reference: edited.reference,
  notes_en: edited.notes_en,
  notes_ar: edited.notes_ar,
  lines: lines.map((line) => ({
    product_id: line.product_id,
    unit_id: line.unit_id,
    quantity: line.quantity,
    // Left open: what the supplier's list says.
    ...(line.unit_price !== "" && { unit_price: line.unit_price }),
    ...(line.discount !== "" && { discount: line.discount }),
    ...(line.tax_category !== "" && { tax_category: line.tax_category }),
  })),
});

export function NewOrder() {
  const { supplier } = useSearch({ from: "/shell/purchase-orders/new" });
  return <Editor of={null} supplierId={supplier ?? null} />;
}

export function EditOrder() {
  const { orderId } = useParams({ from: "/shell/purchase-orders/$orderId/edit" });
  return (
    <Loaded query={order(orderId)}>
      {(of) => <Editor key={of.version} of={of} supplierId={null} />}
    </Loaded>
  );
}

function Editor({ of, supplierId }: { of: Order | null; supplierId: string | null }) {
  const { t } = useTranslation("purchasing");
  const navigate = useNavigate();
  const save = useSaveOrder();
  const { only } = useWarehouses();
  const kept = useKept<Edited>(
    of ? `purchase-order.${of.id}.${of.version}` : "purchase-order.new",
    editedOf(of, supplierId),
  );
  const { value: edited, setValue } = kept;
  const [more, setMore] = useState(
    (edited.currency !== "" && edited.currency !== "SAR") ||
      edited.notes_en + edited.notes_ar !== "",
  );
  const change = (values: Partial<Edited>) => {
    setValue((before) => ({ ...before, ...values }));
  };
  // Where there is one warehouse, nobody needs to choose it.
  const warehouseId = edited.warehouse_id ?? (of ? null : (only?.id ?? null));
  const title = of ? (of.number ?? t("orders.unnumbered")) : t("orders.add");
  usePageTitle(title);
  useUnsavedWarning(
    kept.dirty && !save.isPending && edited.lines.some((line) => !isBlankLine(line)),
  );
  const lines = edited.lines.filter((line) => !isBlankLine(line));
  const missing = !edited.supplier_id
    ? t("orders.noSupplier")
    : lines.length === 0 || !lines.every(isReadyLine)
      ? t("orders.noLines")
      : "";
  const problem = save.error && asProblem(save.error);
  const errors = placeErrors(
    problem,
    lines.map((line) => line.key),
    [
      "supplier_id",
      "warehouse_id",
      "ordered_on",
      "expected_on",
      "currency",
      "exchange_rate",
      "reference",
    ],
  );
  const foreign = edited.currency !== "" && edited.currency !== "SAR";
  const submit = () => {
    if (missing || save.isPending) return;
    save.mutate(
      { of, values: sent({ ...edited, warehouse_id: warehouseId }, lines) },
      {
        onSuccess: (saved) => {
          kept.forget();
          notifications.show({ message: t(of ? "orders.saved" : "orders.created") });
          void navigate({
            to: "/purchase-orders/$orderId",
            params: { orderId: saved.id },
            replace: true,
            ignoreBlocker: true,
          });
        },
      },
    );
  };
  const fields: LineField<Line>[] = [
    { id: "unit_price", label: t("line.price"), width: 104, align: "end", kind: "number" },
    { id: "discount", label: t("line.discount"), width: 88, align: "end", kind: "number" },
    {
      id: "tax_category",
      label: t("line.tax"),
      width: 110,
      render: (line, set, index) => (
        <select
          className={classes.select}
          aria-label={t("lines.cell", { ns: "common", field: t("line.tax"), row: index + 1 })}
          value={line.tax_category}
          onChange={(event) => {
            set({ tax_category: taxes.find((one) => one === event.currentTarget.value) ?? "" });
          }}
        >
          <option value="">{t("line.taxUsual")}</option>
          {taxes.map((one) => (
            <option key={one} value={one}>
              {t(`tax.${one}`)}
            </option>
          ))}
        </select>
      ),
    },
  ];

  return (
    <DocumentPage
      back={
        of
          ? { link: { to: "/purchase-orders/$orderId", params: { orderId: of.id } }, label: title }
          : { link: { to: "/purchase-orders" }, label: t("orders.title") }
      }
      title={title}
      actions={
        <>
          <span className={classes.status} role="status">
            {missing}
          </span>
          <Button disabled={missing !== ""} loading={save.isPending} onClick={submit}>
            {t(of ? "orders.save" : "orders.create")}
          </Button>
        </>
      }
    >
      <DraftNotice shown={kept.restored} onDiscard={kept.startOver} />
      <Refusal error={problem} more={errors.rest} />
      <Section title={t("section.facts")}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
          <SupplierSelect
            label={t("field.supplier")}
            placeholder={t("field.findSupplier")}
            required
            value={edited.supplier_id}
            error={errors.of("supplier_id")}
            onChange={(supplier_id, row) => {
              change({
                supplier_id,
                ...(row && { currency: row.currency === "SAR" ? "" : row.currency }),
              });
              if (row && row.currency !== "SAR") setMore(true);
            }}
          />
          <WarehouseSelect
            label={t("field.warehouse")}
            placeholder={t("field.chooseWarehouse")}
            value={warehouseId}
            error={errors.of("warehouse_id")}
            onChange={(warehouse_id) => {
              change({ warehouse_id });
            }}
          />
          <DateInput
            label={t("field.expected_on")}
            value={edited.expected_on}
            error={errors.of("expected_on")}
            onChange={(expected_on) => {
              change({ expected_on });
            }}
          />
          <TextInput
            label={t("field.reference")}
            placeholder={t("field.referenceHint")}
            maxLength={120}
            value={edited.reference}
            error={errors.of("reference")}
            onChange={(event) => {
              change({ reference: event.currentTarget.value });
            }}
          />
        </SimpleGrid>
        <Button
          mt={12}
          variant="subtle"
          color="gray"
          size="compact-sm"
          aria-expanded={more}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          onClick={() => {
            setMore(!more);
          }}
        >
          {t("orders.more")}
        </Button>
        <Collapse expanded={more}>
          <Stack gap={16} mt={12}>
            <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={16}>
              <DateInput
                label={t("field.ordered_on")}
                placeholder={t("today")}
                value={edited.ordered_on}
                error={errors.of("ordered_on")}
                onChange={(ordered_on) => {
                  change({ ordered_on });
                }}
              />
              <TextInput
                label={t("field.currency")}
                placeholder="SAR"
                dir="ltr"
                maxLength={3}
                value={edited.currency}
                error={errors.of("currency")}
                onChange={(event) => {
                  change({ currency: event.currentTarget.value.toUpperCase() });
                }}
              />
              {foreign && (
                <DecimalInput
                  label={t("field.exchange_rate")}
                  description={t("field.rateHint", { currency: edited.currency })}
                  inputWrapperOrder={["label", "input", "description", "error"]}
                  value={edited.exchange_rate}
                  error={errors.of("exchange_rate")}
                  onChange={(exchange_rate) => {
                    change({ exchange_rate });
                  }}
                />
              )}
            </SimpleGrid>
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
              <Textarea
                label={t("field.notes_en")}
                dir="ltr"
                autosize
                value={edited.notes_en}
                onChange={(event) => {
                  change({ notes_en: event.currentTarget.value });
                }}
              />
              <Textarea
                label={t("field.notes_ar")}
                dir="rtl"
                autosize
                value={edited.notes_ar}
                onChange={(event) => {
                  change({ notes_ar: event.currentTarget.value });
                }}
              />
            </SimpleGrid>
          </Stack>
        </Collapse>
      </Section>
      <Section title={t("section.lines")} description={t("orders.linesHint")}>
        <GoodsLines<Line>
          label={t("section.lines")}
          lines={edited.lines}
          onChange={(next) => {
            change({ lines: next });
          }}
          newLine={emptyLine}
          fields={fields}
          // Another product or another unit has another price.
          onPick={() => ({ unit_price: "" })}
          onUnit={() => ({ unit_price: "" })}
          errorAt={(line, _, field) => errors.at(line.key, field)}
        />
      </Section>
    </DocumentPage>
  );
}
