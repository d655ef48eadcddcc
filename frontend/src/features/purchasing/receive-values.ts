import { type Product, unitOf } from "@/shared/goods/queries";

import { type Receipt } from "./queries";

/** What came of one line, lot by lot; in the product's stock unit. */
export type Entry = {
  key: string;
  line_id: string;
  quantity: string;
  lot_code: string;
  expires_on: string | null;
};

/** What is written down at the door. */
export type Counted = {
  delivery_note: string;
  received_on: string | null;
  location_id: string | null;
  entries: Entry[];
};

let made = 0;
const newKey = () => `${Date.now().toString(36)}-${(made += 1)}`;

export const entryOf = (lineId: string, values: Partial<Entry> = {}): Entry => ({
  key: newKey(),
  line_id: lineId,
  quantity: "",
  lot_code: "",
  expires_on: null,
  ...values,
});

/** What was counted already, of the draft that is gone on with. */
export const begun = (draft: Receipt | null): Counted => ({
  delivery_note: draft?.delivery_note ?? "",
  received_on: draft?.received_on ?? null,
  location_id: draft?.lines.find((line) => line.location_id)?.location_id ?? null,
  entries:
    draft?.lines.map((line) =>
      entryOf(line.order_line_id, {
        quantity: line.quantity,
        lot_code: line.lot_code,
        expires_on: line.expires_on,
      }),
    ) ?? [],
});

/** How many stock units one scan of this code stands for. */
export function unitSize(of: Product, code: string) {
  const unit = unitOf(of, code);
  const further = of.units.find((one) => one.unit_id === unit);
  if (!further || further.numerator % further.denominator !== 0) return "1";
  return String(further.numerator / further.denominator);
}
