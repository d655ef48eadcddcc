import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client, ifMatch, type Schemas } from "@/shared/api/client";
import { type ListQuery } from "@/shared/ui/data-table/list-search";

export type Product = Schemas["ProductOut"];
export type ProductIn = Schemas["ProductIn"];

const everyProduct = ["catalog", "products"] as const;

export const products = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everyProduct, "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/products", { params: { query }, signal })),
  });

export const product = (id: string) =>
  queryOptions({
    queryKey: [...everyProduct, id],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/products/{product_id}", { params: { path: { product_id: id } }, signal }),
      ),
  });

export const categories = () =>
  queryOptions({
    queryKey: ["catalog", "categories"],
    staleTime: 5 * 60_000,
    queryFn: ({ signal }) =>
      ask(client.GET("/api/categories", { params: { query: { limit: 200 } }, signal })),
  });

export const units = () =>
  queryOptions({
    queryKey: ["catalog", "units"],
    staleTime: 5 * 60_000,
    queryFn: ({ signal }) =>
      ask(client.GET("/api/units", { params: { query: { limit: 200 } }, signal })),
  });

function useProductsChanged() {
  const cache = useQueryClient();
  return (saved?: Product) => {
    if (saved) cache.setQueryData(product(saved.id).queryKey, saved);
    return cache.invalidateQueries({ queryKey: [...everyProduct, "list"] });
  };
}

export function useCreateProduct() {
  const changed = useProductsChanged();
  return useMutation({
    mutationFn: (body: ProductIn) => ask(client.POST("/api/products", { body })),
    onSuccess: changed,
  });
}

export function useChangeProduct() {
  const changed = useProductsChanged();
  return useMutation({
    mutationFn: ({ of, values }: { of: Product; values: Partial<ProductIn> }) =>
      ask(
        client.PATCH("/api/products/{product_id}", {
          params: { path: { product_id: of.id } },
          ...ifMatch(of),
          body: values,
        }),
      ),
    onSuccess: changed,
  });
}

export function useDeactivateProduct() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (of: Product) =>
      ask(
        client.DELETE("/api/products/{product_id}", {
          params: { path: { product_id: of.id } },
          ...ifMatch(of),
        }),
      ),
    onSuccess: () => cache.invalidateQueries({ queryKey: everyProduct }),
  });
}
