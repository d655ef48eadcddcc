import { isNegative, isZero } from "@/shared/format/decimal";
import { parseDecimal } from "@/shared/format/number";
import { type QuantityPart } from "@/shared/ui/quantities-table";

import { type Order, type OrderLine } from "./queries";

/** Above zero. */
export const isSome = (amount: string) => !isZero(amount) && !isNegative(amount);

/** The lines of an order as parts of a command, with what there is to speak of. */
export const partsOf = (
  of: Order,
  most: (line: OrderLine) => string,
  unitOf: (id: string) => string,
): QuantityPart[] =>
  of.lines
    .map((line) => ({
      key: line.id,
      sku: line.sku,
      name_en: line.name_en,
      name_ar: line.name_ar,
      unit: unitOf(line.stock_unit_id),
      most: most(line),
    }))
    .filter((part) => isSome(part.most));

/** What was typed, line by line; null when something is not a number. */
export function typedOf(parts: readonly QuantityPart[], values: Record<string, string>) {
  const found: { key: string; quantity: string }[] = [];
  for (const part of parts) {
    const text = values[part.key]?.trim() ?? "";
    if (text === "") continue;
    const quantity = parseDecimal(text);
    if (quantity === null) return null;
    if (!isZero(quantity)) found.push({ key: part.key, quantity });
  }
  return found;
}
