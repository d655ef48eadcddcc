import { type Shipment } from "./queries";

/** One thing to fetch: so many of a product, from one place and of one lot. */
export type Task = {
  key: string;
  line_id: string;
  order_line_id: string;
  product_id: string;
  sku: string;
  name_en: string;
  name_ar: string;
  location_id: string;
  place: string;
  lot_id: string | null;
  lot: string | null;
  quantity: string;
};

/** The way through the warehouse: every reservation of a shipment, place by place. */
export const tasksOf = (of: Shipment): Task[] =>
  of.lines
    .flatMap((line) =>
      line.picks.map((pick) => ({
        key: `${line.id} ${pick.location_id} ${pick.lot_id ?? ""}`,
        line_id: line.id,
        order_line_id: line.order_line_id,
        product_id: line.product_id,
        sku: line.sku,
        name_en: line.name_en,
        name_ar: line.name_ar,
        location_id: pick.location_id,
        place: pick.location_code,
        lot_id: pick.lot_id,
        lot: pick.lot_code,
        quantity: pick.quantity,
      })),
    )
    .sort((a, b) => a.place.localeCompare(b.place, "en", { numeric: true }));
