import { Alert, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { parseDecimal } from "@/shared/format/number";
import { SupplierSelect, useWarehouses, WarehouseSelect } from "@/shared/goods/pickers";
import { useName } from "@/shared/i18n/names";
import { DateInput } from "@/shared/ui/date-input";
import { DecimalInput } from "@/shared/ui/decimal-input";
import { Section } from "@/shared/ui/document-page";
import { NotesFields } from "@/shared/ui/draft-fields";
import { Totals } from "@/shared/ui/document-view";
import {
  emptyGoodsLine,
  type GoodsLine,
  GoodsLines,
  isBlankLine,
  isReadyLine,
  newLineKey,
} from "@/shared/ui/goods-lines";
import { type LineField } from "@/shared/ui/line-editor";
import { Money } from "@/shared/ui/money";
import { MoreFields } from "@/shared/ui/more-fields";
import { SelfSavingNotices } from "@/shared/ui/self-saving-notices";
import { SelfSavingPage, useSelfSavingDocument } from "@/shared/ui/self-saving-page";
import { type DraftRules, type SelfSaving } from "@/shared/ui/use-self-saving";

import { useAuditWords } from "./history";
import { named } from "./names";
import { useOrderCommands } from "./order-commands";
import classes from "./purchasing.module.css";
import {
  type Order,
  type OrderIn,
  readOrder,
  type TaxCategory,
  useKeepOrder,
  useSaveOrder,
} from "./queries";

const taxes = ["S", "Z", "E", "O"] as const;

type Line = GoodsLine & {
  unit_price: string;
  discount: string;
  tax_category: TaxCategory | "";
};

type Row = Line & { net: string };

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

const emptyOrder = (supplierId: string | null = null): Edited => ({
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
});

/** The order as the server has it; `keys` are those its lines had in the editor. */
const editedOf = (of: Order, keys: string[] = []): Edited => ({
  supplier_id: of.supplier_id,
  warehouse_id: of.warehouse_id,
  ordered_on: of.ordered_on,
  expected_on: of.expected_on,
  currency: of.currency,
  exchange_rate: of.exchange_rate,
  reference: of.reference,
  notes_en: of.notes_en,
  notes_ar: of.notes_ar,
  lines: of.lines.map((line, index) => ({
    key: keys[index] ?? newLineKey(),
    item: null,
    product_id: line.product_id,
    sku: line.sku,
    name_en: line.name_en,
    name_ar: line.name_ar,
    unit_id: line.unit_id,
    quantity: line.typed_quantity,
    unit_price: line.unit_price ?? "",
    discount: line.discount && /[1-9]/.test(line.discount) ? line.discount : "",
    tax_category: line.tax_category,
  })),
});

const figure = (text: string) => parseDecimal(text) ?? text;

/** What is sent for an order; what is empty is left to the server. */
const sent = (edited: Edited): OrderIn => ({
  supplier_id: edited.supplier_id ?? "",
  warehouse_id: edited.warehouse_id,
  ...(edited.ordered_on && { ordered_on: edited.ordered_on }),
  expected_on: edited.expected_on,
  ...(edited.currency && { currency: edited.currency }),
  ...(edited.exchange_rate && { exchange_rate: figure(edited.exchange_rate) }),
  reference: edited.reference,
  notes_en: edited.notes_en,
  notes_ar: edited.notes_ar,
  lines: begunLines(edited).map((line) => ({
    product_id: line.product_id,
    unit_id: line.unit_id,
    quantity: figure(line.quantity),
    // Left open: what the supplier's list says.
    ...(line.unit_price !== "" && { unit_price: figure(line.unit_price) }),
    ...(line.discount !== "" && { discount: figure(line.discount) }),
    ...(line.tax_category !== "" && { tax_category: line.tax_category }),
  })),
});

const begunLines = (edited: Edited) => edited.lines.filter((line) => !isBlankLine(line));

/** What keeps the order from being saved; the rest is the server's to judge. */
function missingFrom(edited: Edited): "supplier" | "products" | "line" | null {
  if (!edited.supplier_id) return "supplier";
  const lines = begunLines(edited);
  if (lines.length === 0) return "products";
  return lines.every(isReadyLine) ? null : "line";
}

type Props = {
  stored: Order | null;
  supplierId?: string | undefined;
  onCreated: (id: string) => void;
};

/** An order that is still being written: it saves itself, and the server reckons prices and VAT. */
export function OrderEditor({ stored, supplierId, onCreated }: Props) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const words = useAuditWords();
  const keep = useKeepOrder();
  const save = useSaveOrder();
  const { only, loaded } = useWarehouses();
  const rules: DraftRules<Order, Edited, OrderIn> = {
    name: "purchase_order",
    valuesOf: editedOf,
    bodyOf: sent,
    begunLines,
    missingFrom,
    isBegun: (values) => begunLines(values).length > 0 || values.reference !== "",
    save: (of, values) => save.mutateAsync({ of, values }),
    read: readOrder,
  };
  const state = useSelfSavingDocument(rules, {
    stored,
    blank: () => emptyOrder(supplierId),
    address: (id) => ({ to: "/purchase-orders/$orderId", params: { orderId: id } }),
    onCreated,
  });
  const { draft, saved, change } = state;
  // Where there is one warehouse, nobody needs to choose it.
  const usual = loaded && !stored ? only?.id : undefined;
  useEffect(() => {
    if (usual && draft.warehouse_id === null) change({ warehouse_id: usual });
  }, [usual, draft.warehouse_id, change]);
  const title = saved
    ? (saved.number ?? t("orders.draftOf", { supplier: name(named(saved)) }))
    : t("orders.add");
  const commands = useOrderCommands(saved);

  return (
    <SelfSavingPage
      state={state}
      back={{ link: { to: "/purchase-orders" }, label: t("orders.title") }}
      title={title}
      subtitle={saved?.number && <bdi>{name(named(saved))}</bdi>}
      next={t("orders.submit")}
      commands={commands}
      onDone={keep}
      words={words}
    >
      {saved?.number && saved.reason && (
        <Alert color="orange" icon={<IconAlertTriangle size={18} />}>
          {t("orders.rejected", { reason: saved.reason })}
        </Alert>
      )}
      <Editor state={state} />
    </SelfSavingPage>
  );
}

type State = SelfSaving<Order, Edited, OrderIn>;

function Editor({ state }: { state: State }) {
  const { t } = useTranslation("purchasing");
  const name = useName();
  const { nameOf } = useWarehouses();
  const { draft: edited, change, saved, errorOf } = state;
  const [opened, setMore] = useState(edited.notes_en + edited.notes_ar !== "");
  const foreign = edited.currency !== "" && edited.currency !== "SAR";
  // A supplier abroad brings his currency along, and its rate has to be typed.
  const more = opened || foreign;
  const nets = new Map(
    saved?.lines.map((line, index) => [begunLines(edited)[index]?.key ?? "", line.net]),
  );
  const rows: Row[] = edited.lines.map((line) => ({ ...line, net: nets.get(line.key) ?? "" }));
  const fields: LineField<Row>[] = [
    { id: "unit_price", label: t("line.price"), width: 104, align: "end", kind: "number" },
    { id: "discount", label: t("line.discount"), width: 88, align: "end", kind: "number" },
    {
      id: "tax_category",
      label: t("line.tax"),
      width: 104,
      render: (line, set, index) => (
        <select
          className={classes.select}
          aria-label={t("lines.cell", { ns: "common", field: t("line.tax"), row: index + 1 })}
          value={line.tax_category}
          onChange={(event) => {
            set({ tax_category: taxes.find((one) => one === event.currentTarget.value) ?? "" });
          }}
        >
          {line.tax_category === "" && <option value="">{t("line.taxUsual")}</option>}
          {taxes.map((one) => (
            <option key={one} value={one}>
              {t(`tax.${one}`)}
            </option>
          ))}
        </select>
      ),
    },
    {
      id: "net",
      label: t("line.net"),
      width: 96,
      align: "end",
      readOnly: true,
      render: (line) => (
        <div className={classes.net} data-old={state.dirty ? true : undefined}>
          {line.net ? <Money amount={line.net} /> : "—"}
        </div>
      ),
    },
  ];

  return (
    <Stack gap={16}>
      <SelfSavingNotices
        state={state}
        label={(field) => t(`conflict.${field as "lines"}`)}
        say={sayField}
      />
      <Section title={t("section.facts")}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
          <SupplierSelect
            label={t("field.supplier")}
            placeholder={t("field.findSupplier")}
            required
            value={edited.supplier_id}
            error={errorOf("supplier_id")}
            onChange={(supplier_id, row) => {
              const currency = row?.currency ?? "";
              const other = currency !== "" && currency !== (edited.currency || "SAR");
              change({
                supplier_id,
                ...(other && { currency, exchange_rate: currency === "SAR" ? "1" : "" }),
              });
            }}
          />
          <WarehouseSelect
            label={t("field.warehouse")}
            placeholder={t("field.chooseWarehouse")}
            value={edited.warehouse_id}
            error={errorOf("warehouse_id")}
            onChange={(warehouse_id) => {
              change({ warehouse_id });
            }}
          />
          <DateInput
            label={t("field.expected_on")}
            value={edited.expected_on}
            error={errorOf("expected_on")}
            onChange={(expected_on) => {
              change({ expected_on });
            }}
          />
          <TextInput
            label={t("field.reference")}
            placeholder={t("field.referenceHint")}
            maxLength={120}
            value={edited.reference}
            error={errorOf("reference")}
            onChange={(event) => {
              change({ reference: event.currentTarget.value });
            }}
          />
        </SimpleGrid>
        <MoreFields
          label={t("orders.more")}
          open={more}
          onToggle={() => {
            setMore(!more);
          }}
        >
          <Stack gap={16} mt={12}>
            <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={16}>
              <DateInput
                label={t("field.ordered_on")}
                placeholder={t("today")}
                value={edited.ordered_on}
                error={errorOf("ordered_on")}
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
                error={errorOf("currency")}
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
                  error={errorOf("exchange_rate")}
                  onChange={(exchange_rate) => {
                    change({ exchange_rate });
                  }}
                />
              )}
            </SimpleGrid>
            <NotesFields of={edited} label={(field) => t(`field.${field}`)} onChange={change} />
          </Stack>
        </MoreFields>
      </Section>
      <Section title={t("section.lines")} description={t("orders.linesHint")}>
        <GoodsLines<Row>
          label={t("section.lines")}
          lines={rows}
          onChange={(next) => {
            change({ lines: next.map(withoutFigure) });
          }}
          newLine={() => ({ ...emptyLine(), net: "" })}
          fields={fields}
          // Another product or another unit has another price.
          onPick={(_, line) => (line.product_id === null ? {} : { unit_price: "" })}
          onUnit={() => ({ unit_price: "" })}
          errorAt={(line, _, field) =>
            (field === "item" ? ["product_id", "unit_id", "name_en"] : [field])
              .map((one) => state.errorAt(line.key, one))
              .find(Boolean)
          }
          footer={
            saved && (
              <div data-old={state.dirty ? true : undefined} className={classes.totals}>
                <OrderTotals of={saved} />
              </div>
            )
          }
        />
        {errorOf("lines") && <Alert color="red">{errorOf("lines")}</Alert>}
      </Section>
    </Stack>
  );

  function sayField(field: string, of: Edited) {
    if (field === "lines") return t("orders.lineCount", { count: begunLines(of).length });
    if (field === "warehouse_id") return of.warehouse_id ? nameOf(of.warehouse_id) : "—";
    if (field === "supplier_id")
      return of.supplier_id === state.theirs?.supplier_id
        ? name(named(state.theirs))
        : saved?.supplier_id === of.supplier_id
          ? name(named(saved))
          : "…";
    const value = of[field as keyof Edited];
    return typeof value === "string" && value !== "" ? value : "—";
  }
}

/** The sums of an order, as the server reckoned them. */
export function OrderTotals({ of }: { of: Order }) {
  const { t } = useTranslation("purchasing");
  const total = t("figures.total");
  return (
    <Totals
      rows={[
        { label: t("figures.net"), amount: of.net },
        { label: t("figures.vat"), amount: of.vat },
        {
          label: of.currency === "SAR" ? total : `${total} (${of.currency})`,
          amount: of.total,
          strong: true,
        },
        of.currency !== "SAR" && { label: t("figures.base"), amount: of.total_base },
      ]}
    />
  );
}

// The figure is the server's; it is shown beside the line and never sent.
function withoutFigure(row: Row): Line {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  const { net: _net, ...line } = row;
  return line;
}
