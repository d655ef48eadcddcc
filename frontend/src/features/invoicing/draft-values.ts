import { parseDecimal } from "@/shared/format/number";

import {
  type Invoice,
  type InvoiceIn,
  type InvoiceLine,
  type InvoiceLineIn,
  type Product,
  type TaxCategory,
} from "./queries";

/** A line as it stands in the editor. Empty figures mean: as the product and the price lists say. */
export type EditedLine = {
  key: string;
  /** Text in the item cell that is not yet a product or a description. */
  item: string | null;
  product_id: string | null;
  sku: string;
  name_en: string;
  name_ar: string;
  unit_id: string | null;
  quantity: string;
  unit_price: string;
  discount: string;
  tax_category: TaxCategory | "";
  tax_rate: string;
  exemption_code: string;
  exemption_reason_en: string;
  exemption_reason_ar: string;
};

export type EditedHeader = {
  customer_id: string;
  type: "standard" | "simplified" | "";
  supplied_on: string | null;
  due_on: string | null;
  currency: string;
  exchange_rate: string;
  prices_include_vat: boolean;
  is_export: boolean;
  reference: string;
  notes_en: string;
  notes_ar: string;
};

export type Edited = EditedHeader & { lines: EditedLine[] };

let made = 0;
// Kept drafts bring keys of an earlier visit along.
export const newKey = () => `${Date.now().toString(36)}-${(made += 1)}`;

export const emptyLine = (): EditedLine => ({
  key: newKey(),
  item: null,
  product_id: null,
  sku: "",
  name_en: "",
  name_ar: "",
  unit_id: null,
  quantity: "",
  unit_price: "",
  discount: "",
  tax_category: "",
  tax_rate: "",
  exemption_code: "",
  exemption_reason_en: "",
  exemption_reason_ar: "",
});

export const emptyDraft = (customerId = ""): Edited => ({
  customer_id: customerId,
  type: "",
  supplied_on: null,
  due_on: null,
  currency: "SAR",
  exchange_rate: "1",
  prices_include_vat: false,
  is_export: false,
  reference: "",
  notes_en: "",
  notes_ar: "",
  lines: [emptyLine()],
});

const lineOf = (line: InvoiceLine, key: string): EditedLine => ({
  key,
  item: null,
  product_id: line.product_id,
  sku: line.sku,
  name_en: line.name_en,
  name_ar: line.name_ar,
  unit_id: line.unit_id,
  quantity: line.quantity,
  unit_price: line.unit_price,
  discount: /[1-9]/.test(line.discount) ? line.discount : "",
  tax_category: line.tax_category,
  tax_rate: line.tax_rate,
  exemption_code: line.exemption_code,
  exemption_reason_en: line.exemption_reason_en,
  exemption_reason_ar: line.exemption_reason_ar,
});

/** The draft as the server has it; `keys` are those its lines had in the editor. */
export const editedOf = (invoice: Invoice, keys: string[] = []): Edited => ({
  customer_id: invoice.customer_id,
  type: invoice.type,
  supplied_on: invoice.supplied_on,
  due_on: invoice.due_on,
  currency: invoice.currency,
  exchange_rate: invoice.exchange_rate,
  prices_include_vat: invoice.prices_include_vat,
  is_export: invoice.is_export,
  reference: invoice.reference,
  notes_en: invoice.notes_en,
  notes_ar: invoice.notes_ar,
  lines: invoice.lines.map((line, index) => lineOf(line, keys[index] ?? newKey())),
});

/** A line nobody has begun. */
export const isBlank = (line: EditedLine) =>
  !line.item && !line.product_id && !line.name_en && !line.name_ar && !line.unit_price;

const isReady = (line: EditedLine) =>
  line.item === null &&
  (line.product_id !== null || ((line.name_en || line.name_ar) && line.unit_price !== "")) &&
  parseDecimal(line.quantity) !== null;

export const startedLines = (draft: Edited) => draft.lines.filter((line) => !isBlank(line));

/** Something worth keeping was typed into a new one. */
export const isBegun = (draft: Edited) =>
  startedLines(draft).length > 0 ||
  [draft.customer_id, draft.reference, draft.notes_en, draft.notes_ar].some((one) => one !== "");

/** What keeps the draft from being sent; the rest is the server's to judge. */
export function missingFrom(draft: Edited): "customer" | "lines" | "line" | null {
  if (!draft.customer_id) return "customer";
  const lines = startedLines(draft);
  if (lines.length === 0) return "lines";
  return lines.every(isReady) ? null : "line";
}

const orNull = (text: string) => (text === "" ? null : text);
const figure = (text: string) => orNull(parseDecimal(text) ?? text);

const sentLine = (line: EditedLine): InvoiceLineIn => {
  const named = line.name_en !== "" || line.name_ar !== "";
  return {
    product_id: line.product_id,
    sku: orNull(line.sku),
    name_en: named ? line.name_en : null,
    name_ar: named ? line.name_ar : null,
    unit_id: line.unit_id,
    quantity: parseDecimal(line.quantity) ?? line.quantity,
    unit_price: figure(line.unit_price),
    discount: figure(line.discount) ?? "0.00",
    tax_category: line.tax_category === "" ? null : line.tax_category,
    tax_rate: figure(line.tax_rate),
    exemption_code: orNull(line.exemption_code),
    exemption_reason_en: orNull(line.exemption_reason_en),
    exemption_reason_ar: orNull(line.exemption_reason_ar),
  };
};

/** What is sent for a draft; what is empty is left to the server. */
export function sent(draft: Edited): InvoiceIn {
  const { type, due_on, supplied_on, ...rest } = draft;
  return {
    ...rest,
    exchange_rate: parseDecimal(draft.exchange_rate) ?? draft.exchange_rate,
    ...(type && { type }),
    ...(due_on && { due_on }),
    ...(supplied_on && { supplied_on }),
    lines: startedLines(draft).map(sentLine),
  };
}

export const fromProduct = (product: Product, line: EditedLine): Partial<EditedLine> => ({
  item: null,
  product_id: product.id,
  sku: product.sku,
  name_en: product.name_en,
  name_ar: product.name_ar,
  unit_id: product.unit_id,
  quantity: line.quantity || "1",
  // The price lists decide, for this customer and this quantity; the server fills it in.
  unit_price: line.product_id === null ? line.unit_price : "",
  tax_category: "",
  tax_rate: "",
  exemption_code: "",
  exemption_reason_en: "",
  exemption_reason_ar: "",
});

/** A description typed by hand goes to the language it is written in. */
export const fromText = (text: string): Partial<EditedLine> => ({
  item: null,
  product_id: null,
  sku: "",
  unit_id: null,
  ...(/\p{Script=Arabic}/u.test(text)
    ? { name_en: "", name_ar: text }
    : { name_en: text, name_ar: "" }),
});

/** Is this the product somebody means by a code or a name? */
export function isExactly(product: Product, text: string) {
  const asked = text.toLowerCase();
  return (
    product.sku.toLowerCase() === asked ||
    product.barcodes.some((barcode) => barcode.code === text) ||
    product.name_en.toLowerCase() === asked ||
    product.name_ar === text
  );
}
