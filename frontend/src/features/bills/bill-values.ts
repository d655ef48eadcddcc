import { isoDay } from "@/shared/format/date";
import { parseDecimal } from "@/shared/format/number";
import { newLineKey } from "@/shared/ui/goods-lines";
import { type SelfSaving } from "@/shared/ui/use-self-saving";

import {
  type Bill,
  type BillIn,
  type BillLine,
  type BillLineIn,
  type TaxCategory,
  type VatTreatment,
} from "./queries";

export type Account = { id: string; code: string; name_en: string; name_ar: string };

/** A line as it stands in the editor; one of an order keeps what was ordered. */
export type EditedLine = {
  key: string;
  name_en: string;
  name_ar: string;
  sku: string;
  product_id: string | null;
  unit_id: string | null;
  /** The line of the order or receipt that it bills. */
  source_line_id: string | null;
  /** Text in the account's cell that is not yet an account. */
  typed: string | null;
  account: Account | null;
  quantity: string;
  unit_price: string;
  discount: string;
  tax_category: TaxCategory;
  tax_rate: string;
  is_tax_only: boolean;
};

export type Edited = {
  supplier_id: string;
  supplier_number: string;
  issued_on: string | null;
  due_on: string | null;
  currency: string;
  exchange_rate: string;
  prices_include_vat: boolean;
  vat_treatment: VatTreatment;
  rounding: string;
  reference: string;
  notes: string;
  lines: EditedLine[];
};

export const emptyLine = (): EditedLine => ({
  key: newLineKey(),
  name_en: "",
  name_ar: "",
  sku: "",
  product_id: null,
  unit_id: null,
  source_line_id: null,
  typed: null,
  account: null,
  quantity: "1",
  unit_price: "",
  discount: "",
  tax_category: "S",
  tax_rate: "",
  is_tax_only: false,
});

export const emptyBill = (supplierId = ""): Edited => ({
  supplier_id: supplierId,
  supplier_number: "",
  issued_on: isoDay(new Date()),
  due_on: null,
  currency: "SAR",
  exchange_rate: "1",
  prices_include_vat: false,
  vat_treatment: "domestic",
  rounding: "",
  reference: "",
  notes: "",
  lines: [emptyLine()],
});

const some = (figure: string) => /[1-9]/.test(figure);

const lineOf = (line: BillLine, key: string): EditedLine => ({
  key,
  name_en: line.name_en,
  name_ar: line.name_ar,
  sku: line.sku,
  product_id: line.product_id,
  unit_id: line.unit_id,
  source_line_id: line.source_line_id,
  typed: null,
  account: line.account_id
    ? {
        id: line.account_id,
        code: line.account_code ?? "",
        name_en: line.account_name_en ?? "",
        name_ar: line.account_name_ar ?? "",
      }
    : null,
  quantity: line.quantity,
  unit_price: line.unit_price,
  discount: some(line.discount) ? line.discount : "",
  tax_category: line.tax_category,
  tax_rate: line.tax_rate,
  is_tax_only: line.is_tax_only,
});

/** The bill as the server has it; `keys` are those its lines had in the editor. */
export const editedOf = (bill: Bill, keys: string[] = []): Edited => ({
  supplier_id: bill.supplier_id,
  supplier_number: bill.supplier_number,
  issued_on: bill.issued_on,
  due_on: bill.due_on,
  currency: bill.currency,
  exchange_rate: bill.exchange_rate,
  prices_include_vat: bill.prices_include_vat,
  vat_treatment: bill.vat_treatment,
  rounding: some(bill.rounding) ? bill.rounding : "",
  reference: bill.reference,
  notes: bill.notes,
  lines: bill.lines.map((line, index) => lineOf(line, keys[index] ?? newLineKey())),
});

const isNamed = (line: EditedLine) => line.name_en.trim() !== "" || line.name_ar.trim() !== "";

export const begunLines = (draft: Edited) =>
  draft.lines.filter(
    (line) => isNamed(line) || line.unit_price !== "" || line.account !== null || !!line.typed,
  );

const isReady = (line: EditedLine) =>
  isNamed(line) &&
  !line.typed &&
  parseDecimal(line.quantity) !== null &&
  parseDecimal(line.unit_price) !== null;

/** What keeps the bill from being saved; the rest is the server's to judge. */
export function missingFrom(
  draft: Edited,
): "supplier" | "supplier_number" | "issued_on" | "lines" | "line" | null {
  if (!draft.supplier_id) return "supplier";
  if (draft.supplier_number.trim() === "") return "supplier_number";
  if (!draft.issued_on) return "issued_on";
  const lines = begunLines(draft);
  if (lines.length === 0) return "lines";
  return lines.every(isReady) ? null : "line";
}

const figure = (text: string) => parseDecimal(text) ?? text;

const sentLine = (line: EditedLine): BillLineIn => ({
  name_en: line.name_en.trim(),
  name_ar: line.name_ar.trim(),
  product_id: line.product_id,
  unit_id: line.unit_id,
  source_line_id: line.source_line_id,
  account_id: line.account?.id ?? null,
  quantity: figure(line.quantity),
  unit_price: figure(line.unit_price),
  discount: line.discount === "" ? "0.00" : figure(line.discount),
  tax_category: line.tax_category,
  tax_rate: line.tax_rate === "" ? null : line.tax_rate,
  is_tax_only: line.is_tax_only,
});

/** What is sent for a bill; a due day that is left open comes from the supplier's terms. */
export function sent(draft: Edited): BillIn {
  return {
    kind: "bill",
    supplier_id: draft.supplier_id,
    supplier_number: draft.supplier_number.trim(),
    issued_on: draft.issued_on ?? "",
    ...(draft.due_on && { due_on: draft.due_on }),
    currency: draft.currency,
    exchange_rate: figure(draft.exchange_rate),
    prices_include_vat: draft.prices_include_vat,
    vat_treatment: draft.vat_treatment,
    rounding: draft.rounding === "" ? "0.00" : figure(draft.rounding),
    reference: draft.reference,
    notes: draft.notes,
    lines: begunLines(draft).map(sentLine),
  };
}

/** A description goes into the language it is written in. */
export const described = (text: string): Partial<EditedLine> =>
  /\p{Script=Arabic}/u.test(text) ? { name_ar: text, name_en: "" } : { name_en: text, name_ar: "" };

/** What the editor of a bill works on. */
export type BillDraft = SelfSaving<Bill, Edited, BillIn>;
