import {
  ActionIcon,
  Alert,
  Anchor,
  Group,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  TextInput,
  Tooltip,
} from "@mantine/core";
import { IconAdjustmentsHorizontal, IconUserPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useName } from "@/shared/i18n/names";
import { useCan } from "@/shared/session/session";
import { DateInput } from "@/shared/ui/date-input";
import { CurrencyFields, NotesFields } from "@/shared/ui/draft-fields";
import { Section } from "@/shared/ui/document-page";
import { LineEditor, type LineField } from "@/shared/ui/line-editor";
import { MoreFields } from "@/shared/ui/more-fields";
import { Money } from "@/shared/ui/money";
import { PickCell, PickOption } from "@/shared/ui/pick-cell";
import { RecordSelect } from "@/shared/ui/record-select";
import { SelfSavingNotices } from "@/shared/ui/self-saving-notices";

import { type InvoiceDraft } from "./draft-page";
import {
  type Edited,
  type EditedLine,
  emptyLine,
  fromProduct,
  fromText,
  isExactly,
  startedLines,
} from "./draft-values";
import { Figures } from "./figures";
import classes from "./invoicing.module.css";
import { LineDetails } from "./line-details";
import { named } from "./names";
import { NewCustomer } from "./new-customer";
import { customer, findCustomers, findProducts, units } from "./queries";

const taxes = ["S", "Z", "E", "O"] as const;

type Row = EditedLine & { net: string };

// The figure is the server's; it is shown beside the line and never sent.
function withoutFigure(row: Row): EditedLine {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  const { net: _net, ...line } = row;
  return line;
}

export function InvoiceEditor({ state }: { state: InvoiceDraft }) {
  const { t } = useTranslation("invoicing");
  const name = useName();
  const can = useCan();
  const cache = useQueryClient();
  const { draft, change, saved, errorOf } = state;
  const [adding, setAdding] = useState(false);
  const [details, setDetails] = useState<string | null>(null);
  const [more, setMore] = useState(
    () => draft.currency !== "SAR" || draft.is_export || draft.prices_include_vat,
  );
  const { data: chosen } = useQuery({
    ...customer(draft.customer_id),
    enabled: draft.customer_id !== "" && can("party:read"),
  });
  const { data: allUnits } = useQuery(units());
  const unitNames = new Map(allUnits?.items.map((unit) => [unit.id, name(unit)]));

  const errorAt = (key: string, field: string) =>
    (field === "item" ? ["product_id", "name_en", "name_ar", "name", "unit_id"] : [field])
      .map((one) => state.errorAt(key, one))
      .find(Boolean);
  const changeLine = (key: string, values: Partial<EditedLine>) => {
    change((before) => ({
      lines: before.lines.map((line) => (line.key === key ? { ...line, ...values } : line)),
    }));
  };

  /** Text left in an item cell is a SKU, a barcode or a name of a product, or else a description. */
  const understand = async (line: EditedLine) => {
    const text = line.item?.trim() ?? "";
    if (text === "") {
      changeLine(line.key, { item: null });
      return;
    }
    const found = await cache
      .query({ ...findProducts(text), staleTime: 60_000 })
      .catch(() => ({ items: [] }));
    const product = found.items.find((one) => isExactly(one, text));
    changeLine(line.key, product ? fromProduct(product, line) : fromText(text));
  };

  const changeLines = (rows: Row[]) => {
    const lines = rows.map((row) => ({
      ...withoutFigure(row),
      // A pasted cell may hold anything.
      tax_category: taxes.find((one) => one === row.tax_category) ?? ("" as const),
    }));
    change({ lines });
    const before = new Map(draft.lines.map((line) => [line.key, line]));
    for (const line of lines) {
      const was = before.get(line.key);
      const pasted = was?.quantity !== line.quantity || was.unit_price !== line.unit_price;
      if (line.item && line.item !== was?.item && (pasted || lines.length > draft.lines.length))
        void understand(line);
    }
  };

  const rows: Row[] = draft.lines.map((line) => ({
    ...line,
    net: saved?.lines[state.savedIndex(line.key)]?.net ?? "",
  }));
  const fields: LineField<Row>[] = [
    {
      id: "item",
      label: t("line.item"),
      render: (line, _, index) => (
        <div className={classes.item}>
          <PickCell
            label={t("lines.cell", { ns: "common", field: t("line.item"), row: index + 1 })}
            chosen={name(line)}
            typed={line.item}
            placeholder={t("line.itemHint")}
            invalid={!!errorAt(line.key, "item")}
            find={findProducts}
            option={(product) => <PickOption name={name(product)} code={product.sku} />}
            onType={(item) => {
              changeLine(line.key, { item });
            }}
            onPick={(product) => {
              changeLine(line.key, fromProduct(product, line));
            }}
            onLeave={() => void understand(line)}
            hint={
              [line.sku, line.unit_id, line.exemption_code].some(Boolean) && (
                <>
                  {line.sku && <span className="aw-ltr">{line.sku}</span>}
                  {line.unit_id && <span>{unitNames.get(line.unit_id)}</span>}
                  {line.exemption_code && <span className="aw-ltr">{line.exemption_code}</span>}
                </>
              )
            }
          />
          {!(line.item === null && !line.product_id && !line.name_en && !line.name_ar) && (
            <Tooltip label={t("line.details")}>
              <ActionIcon
                size={28}
                mt={4}
                aria-label={t("line.detailsOf", { row: index + 1 })}
                onClick={() => {
                  setDetails(line.key);
                }}
              >
                <IconAdjustmentsHorizontal size={16} />
              </ActionIcon>
            </Tooltip>
          )}
        </div>
      ),
    },
    { id: "quantity", label: t("line.quantity"), width: 72, align: "end", kind: "number" },
    { id: "unit_price", label: t("line.unit_price"), width: 96, align: "end", kind: "number" },
    { id: "discount", label: t("line.discount"), width: 84, align: "end", kind: "number" },
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
            const value = taxes.find((one) => one === event.currentTarget.value) ?? "";
            set({
              tax_category: value,
              tax_rate: "",
              exemption_code: "",
              exemption_reason_en: "",
              exemption_reason_ar: "",
            });
            // Everything but the standard rate needs its reason.
            if (value && value !== "S" && !line.product_id) setDetails(line.key);
          }}
        >
          {line.tax_category === "" && <option value="">…</option>}
          {taxes.map((value) => (
            <option key={value} value={value}>
              {t(`tax.${value}`)}
            </option>
          ))}
        </select>
      ),
    },
    {
      id: "net",
      label: t("line.net"),
      width: 104,
      align: "end",
      readOnly: true,
      render: (line) => (
        <div className={classes.net} data-old={state.dirty ? true : undefined}>
          {line.net ? <Money amount={line.net} /> : "—"}
        </div>
      ),
    },
  ];
  const detailed = draft.lines.find((line) => line.key === details);

  return (
    <Stack gap={16}>
      <SelfSavingNotices
        state={state}
        label={(field) => t(`conflict.${field as "lines"}`)}
        say={sayField}
      />
      <Section title={t("section.customer")}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={16}>
          <div>
            <RecordSelect
              label={t("field.customer")}
              placeholder={t("field.findCustomer")}
              required
              value={draft.customer_id || null}
              chosen={chosen ? name(chosen) : saved ? name(named(saved)) : undefined}
              find={findCustomers}
              rowLabel={(row) => `${name(row)} · ${row.code}`}
              error={errorOf("customer_id")}
              data-autofocus={draft.customer_id ? undefined : true}
              onChange={(id) => {
                if (id) change({ customer_id: id, type: "", due_on: null });
              }}
            />
            {can("party:create") && (
              <Anchor
                component="button"
                type="button"
                size="sm"
                mt={4}
                onClick={() => {
                  setAdding(true);
                }}
              >
                <Group gap={4}>
                  <IconUserPlus size={14} aria-hidden />
                  {t("customer.add")}
                </Group>
              </Anchor>
            )}
          </div>
          <TextInput
            label={t("field.reference")}
            description={t("field.referenceHint")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            value={draft.reference}
            maxLength={120}
            onChange={(event) => {
              change({ reference: event.currentTarget.value });
            }}
          />
          <DateInput
            label={t("field.supplied_on")}
            placeholder={t("field.today")}
            value={draft.supplied_on}
            error={errorOf("supplied_on")}
            onChange={(day) => {
              change({ supplied_on: day });
            }}
          />
          <DateInput
            label={t("field.due_on")}
            placeholder={t("field.byTerms")}
            value={draft.due_on}
            error={errorOf("due_on")}
            onChange={(day) => {
              change({ due_on: day });
            }}
          />
        </SimpleGrid>
        <MoreFields
          label={t("section.more")}
          open={more}
          onToggle={() => {
            setMore(!more);
          }}
        >
          <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={16} mt={12}>
            <Select
              label={t("field.type")}
              value={draft.type || null}
              placeholder={t("field.byCustomer")}
              allowDeselect={false}
              error={errorOf("type")}
              data={(["standard", "simplified"] as const).map((value) => ({
                value,
                label: t(`type.${value}`),
              }))}
              onChange={(value) => {
                change({ type: value === "simplified" ? "simplified" : "standard" });
              }}
            />
            <CurrencyFields
              of={draft}
              label={(field) => t(`field.${field}`)}
              hint={t("field.exchangeRateHint", { currency: draft.currency })}
              errorOf={errorOf}
              onChange={change}
            />
          </SimpleGrid>
          <Group gap={24} mt={16}>
            <Switch
              label={t("field.prices_include_vat")}
              checked={draft.prices_include_vat}
              onChange={(event) => {
                change({ prices_include_vat: event.currentTarget.checked });
              }}
            />
            <Switch
              label={t("field.is_export")}
              checked={draft.is_export}
              onChange={(event) => {
                // The server decides again which VAT the lines carry.
                change({
                  is_export: event.currentTarget.checked,
                  lines: draft.lines.map((line) => ({
                    ...line,
                    tax_category: "",
                    tax_rate: "",
                    exemption_code: "",
                    exemption_reason_en: "",
                    exemption_reason_ar: "",
                  })),
                });
              }}
            />
          </Group>
        </MoreFields>
      </Section>
      <Section title={t("section.lines")} description={t("section.linesHint")}>
        <LineEditor<Row>
          label={t("section.lines")}
          fields={fields}
          lines={rows}
          onChange={changeLines}
          newLine={() => ({ ...emptyLine(), net: "" })}
          lineKey={(line) => line.key}
          errorAt={(index, field) => {
            const line = draft.lines[index];
            return line && errorAt(line.key, field);
          }}
          footer={
            saved && (
              <div data-old={state.dirty ? true : undefined} className={classes.totals}>
                <Figures of={saved} />
              </div>
            )
          }
        />
        {errorOf("lines") && <Alert color="red">{errorOf("lines")}</Alert>}
      </Section>
      <Section title={t("section.notes")} description={t("section.notesHint")}>
        <NotesFields of={draft} label={(field) => t(`field.${field}`)} onChange={change} />
      </Section>
      {detailed && (
        <LineDetails
          line={detailed}
          errorOf={(field) => errorAt(detailed.key, field)}
          onChange={(values) => {
            changeLine(detailed.key, values);
          }}
          onClose={() => {
            setDetails(null);
          }}
        />
      )}
      {adding && (
        <NewCustomer
          onClose={() => {
            setAdding(false);
          }}
          onCreated={(party) => {
            cache.setQueryData(customer(party.id).queryKey, party);
            change({ customer_id: party.id, type: "", due_on: null });
            setAdding(false);
          }}
        />
      )}
    </Stack>
  );

  function sayField(field: string, of: Edited) {
    if (field === "lines") return t("line.count", { count: startedLines(of).length });
    if (field === "customer_id")
      return of.customer_id === state.theirs?.customer_id
        ? name(named(state.theirs))
        : chosen
          ? name(chosen)
          : "…";
    const value = of[field as keyof Edited];
    return typeof value === "string" && value !== "" ? value : "—";
  }
}
