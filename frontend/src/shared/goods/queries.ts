import { queryOptions } from "@tanstack/react-query";

import { ask, client, type Schemas } from "@/shared/api/client";

/* The catalogue as every document with goods asks for it; the keys are those of the catalogue's own pages. */

export type Product = Schemas["ProductOut"];

export const product = (id: string) =>
  queryOptions({
    queryKey: ["catalog", "products", id],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/products/{product_id}", { params: { path: { product_id: id } }, signal }),
      ),
  });

export const findProducts = (text: string) =>
  queryOptions({
    queryKey: ["catalog", "products", "named", text],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/products", {
          params: { query: { is_active: true, limit: 20, ...(text && { q: text }) } },
          signal,
        }),
      ),
  });

export const findGoods = (text: string) =>
  queryOptions({
    queryKey: ["catalog", "products", "named", "goods", text],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/products", {
          params: {
            query: { is_active: true, kind: "goods", limit: 20, ...(text && { q: text }) },
          },
          signal,
        }),
      ),
  });

export const units = () =>
  queryOptions({
    queryKey: ["catalog", "units", "named"],
    staleTime: 5 * 60_000,
    queryFn: ({ signal }) =>
      ask(client.GET("/api/units", { params: { query: { limit: 200 } }, signal })),
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

/** The unit a scanned barcode stands for; the product's own where it names none. */
export const unitOf = (product: Product, code: string) =>
  product.barcodes.find((barcode) => barcode.code === code)?.unit_id ?? product.unit_id;
