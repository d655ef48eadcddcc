import { parseDecimal } from "@/shared/format/number";
import {
  emptyGoodsLine,
  type GoodsLine,
  isBlankLine,
  isReadyLine,
  newLineKey,
} from "@/shared/ui/goods-lines";

import { type Order, type OrderIn, type OrderLine, type OrderLineIn } from "./queries";

/** A line as it stands in the editor. Empty figures mean: as the product and the price lists say. */
export type EditedLine = GoodsLine & {
  unit_price: string;
  /** "5%" off the line, or an amount off it. */
  discount: string;
};

export type Edited = {
  customer_id: string;
  warehouse_id: string;
  promised_on: string | null;
  expires_on: string | null;
  currency: string;
  exchange_rate: string;
  prices_include_vat: boolean;
  is_export: boolean;
  invoice_policy: "ordered" | "delivered" | "";
  reference: string;
  notes_en: string;
  notes_ar: string;
  lines: EditedLine[];
};

export const emptyLine = (): EditedLine => ({ ...emptyGoodsLine(), unit_price: "", discount: "" });

export const emptyOrder = (customerId = ""): Edited => ({
  customer_id: customerId,
  warehouse_id: "",
  promised_on: null,
  expires_on: null,
  currency: "SAR",
  exchange_rate: "1",
  prices_include_vat: false,
  is_export: false,
  invoice_policy: "",
  reference: "",
  notes_en: "",
  notes_ar: "",
  lines: [emptyLine()],
});

const some = (figure: string) => /[1-9]/.test(figure);

const discountOf = (line: OrderLine) => {
  if (some(line.discount_percent)) return `${line.discount_percent}%`;
  return some(line.discount) ? line.discount : "";
};

const lineOf = (line: OrderLine, key: string): EditedLine => ({
  key,
  item: null,
  product_id: line.product_id,
  sku: line.sku,
  name_en: line.name_en,
  name_ar: line.name_ar,
  unit_id: line.unit_id,
  quantity: line.quantity,
  unit_price: line.unit_price,
  discount: discountOf(line),
});

/** The order as the server has it; `keys` are those its lines had in the editor. */
export const editedOf = (order: Order, keys: string[] = []): Edited => ({
  customer_id: order.customer_id,
  warehouse_id: order.warehouse_id,
  promised_on: order.promised_on,
  expires_on: order.expires_on,
  currency: order.currency,
  exchange_rate: order.exchange_rate,
  prices_include_vat: order.prices_include_vat,
  is_export: order.is_export,
  invoice_policy: order.invoice_policy,
  reference: order.reference,
  notes_en: order.notes_en,
  notes_ar: order.notes_ar,
  lines: order.lines.map((line, index) => lineOf(line, keys[index] ?? newLineKey())),
});

export const startedLines = (draft: Edited) => draft.lines.filter((line) => !isBlankLine(line));

/** What keeps the order from being saved; the rest is the server's to judge. */
export function missingFrom(draft: Edited): "customer" | "warehouse" | "lines" | "line" | null {
  if (!draft.customer_id) return "customer";
  if (!draft.warehouse_id) return "warehouse";
  const lines = startedLines(draft);
  if (lines.length === 0) return "lines";
  return lines.every(isReadyLine) ? null : "line";
}

export const figure = (text: string) => (text === "" ? null : (parseDecimal(text) ?? text));

/** "5%", "٥٪" or "12.50": how much of what. */
export function readDiscount(text: string): Pick<OrderLineIn, "discount" | "discount_percent"> {
  const percent = /^(.*?)\s*[%٪]$/.exec(text.trim());
  return percent
    ? { discount: null, discount_percent: figure(percent[1] ?? "") }
    : { discount: figure(text.trim()), discount_percent: null };
}

export const sentLine = (line: EditedLine): OrderLineIn => ({
  product_id: line.product_id ?? "",
  unit_id: line.unit_id,
  quantity: parseDecimal(line.quantity) ?? line.quantity,
  unit_price: figure(line.unit_price),
  ...readDiscount(line.discount),
});

/** What is sent for an order; what is empty is left to the server. */
export function sent(draft: Edited): OrderIn {
  const { expires_on, promised_on, invoice_policy, ...rest } = draft;
  return {
    ...rest,
    exchange_rate: parseDecimal(draft.exchange_rate) ?? draft.exchange_rate,
    ...(expires_on && { expires_on }),
    ...(promised_on && { promised_on }),
    ...(invoice_policy && { invoice_policy }),
    lines: startedLines(draft).map(sentLine),
  };
}
