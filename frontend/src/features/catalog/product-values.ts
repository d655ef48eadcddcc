import * as v from "valibot";

import { withPlaces } from "@/shared/format/number";

import { type Product, type ProductIn } from "./queries";

const text = v.pipe(v.string(), v.trim());
const factor = v.pipe(v.string(), v.regex(/^[1-9]\d{0,9}$/, "factor"));

// Hints while typing; whether a price or a barcode is right is the server's to say.
export const productSchema = v.pipe(
  v.object({
    sku: v.pipe(v.string(), v.trim(), v.nonEmpty("required")),
    name_en: text,
    name_ar: text,
    description_en: text,
    description_ar: text,
    category_id: v.nullable(v.string()),
    kind: v.picklist(["goods", "service"]),
    unit_id: v.pipe(v.string(), v.nonEmpty("required")),
    price: v.pipe(v.string(), v.regex(/^\d+(\.\d{1,6})?$/, "price")),
    tax_category: v.picklist(["S", "Z", "E", "O"]),
    exemption_code: text,
    exemption_reason_en: text,
    exemption_reason_ar: text,
    units: v.array(
      v.object({
        unit_id: v.pipe(v.string(), v.nonEmpty("required")),
        numerator: factor,
        denominator: factor,
      }),
    ),
    barcodes: v.array(
      v.object({ code: v.pipe(v.string(), v.trim(), v.nonEmpty("required")), unit_id: v.string() }),
    ),
    is_active: v.boolean(),
  }),
  v.forward(
    v.check(({ name_en, name_ar }) => name_en !== "" || name_ar !== "", "oneName"),
    ["name_en"],
  ),
);

// "155" reads as money; a price of fractions of a halala keeps its decimals.
const inMoney = (price: string) =>
  (price.split(".")[1]?.length ?? 0) < 2 ? withPlaces(price, 2) : price;

export type ProductValues = v.InferOutput<typeof productSchema>;

export function valuesOf(product: Product | null): ProductValues {
  return {
    sku: product?.sku ?? "",
    name_en: product?.name_en ?? "",
    name_ar: product?.name_ar ?? "",
    description_en: product?.description_en ?? "",
    description_ar: product?.description_ar ?? "",
    category_id: product?.category_id ?? null,
    kind: product?.kind ?? "goods",
    unit_id: product?.unit_id ?? "",
    price: inMoney(product?.price ?? "0"),
    tax_category: product?.tax_category ?? "S",
    exemption_code: product?.exemption_code ?? "",
    exemption_reason_en: product?.exemption_reason_en ?? "",
    exemption_reason_ar: product?.exemption_reason_ar ?? "",
    units:
      product?.units.map(({ unit_id, numerator, denominator }) => ({
        unit_id,
        numerator: String(numerator),
        denominator: String(denominator),
      })) ?? [],
    barcodes: product?.barcodes.map(({ code, unit_id }) => ({ code, unit_id })) ?? [],
    is_active: product?.is_active ?? true,
  };
}

/** What the form holds, as the server wants it. */
export function sent<Values extends Partial<ProductValues>>(values: Values) {
  const units = values.units?.map((row) => ({
    unit_id: row.unit_id,
    numerator: Number(row.numerator),
    denominator: Number(row.denominator),
  }));
  return { ...values, ...(units && { units }) } as Omit<Values, "units"> & Pick<ProductIn, "units">;
}
