import { queryOptions } from "@tanstack/react-query";

import { ask, client, type Schemas } from "@/shared/api/client";

/* Warehouses, places and suppliers as every document with goods asks for them. */

export type Warehouse = Schemas["WarehouseOut"];
export type Place = Schemas["LocationOut"];
export type Supplier = Schemas["PartyOut"];

/** The warehouses one may choose from; a company has few of them. */
export const warehouses = () =>
  queryOptions({
    queryKey: ["stock", "warehouses", "named"],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/warehouses", {
          params: { query: { is_active: true, limit: 200, sort: "code" } },
          signal,
        }),
      ),
  });

/** Places where goods may stand, of a warehouse or of all, found by code or name. */
export const findPlaces = (warehouseId: string | null, text: string) =>
  queryOptions({
    queryKey: ["stock", "locations", "named", warehouseId, text],
    queryFn: async ({ signal }) => {
      const found = await ask(
        client.GET("/api/locations", {
          params: {
            query: {
              is_active: true,
              limit: 20,
              sort: "code",
              ...(warehouseId && { warehouse_id: warehouseId }),
              ...(text && { q: text }),
            },
          },
          signal,
        }),
      );
      // Goods come from suppliers and go to customers; they do not stand there.
      return { ...found, items: found.items.filter((one) => one.kind !== "virtual") };
    },
  });

export const place = (id: string) =>
  queryOptions({
    queryKey: ["stock", "locations", id],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/locations/{location_id}", {
          params: { path: { location_id: id } },
          signal,
        }),
      ),
  });

export const findSuppliers = (text: string) =>
  queryOptions({
    queryKey: ["parties", "suppliers", text],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/parties", {
          params: {
            query: { is_supplier: true, is_active: true, limit: 20, ...(text && { q: text }) },
          },
          signal,
        }),
      ),
  });

export const supplier = (id: string) =>
  queryOptions({
    queryKey: ["parties", id],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      ask(client.GET("/api/parties/{party_id}", { params: { path: { party_id: id } }, signal })),
  });

/** How a product is kept: by lot, by serial number, with expiry dates, inspected. */
export const stockItem = (productId: string) =>
  queryOptions({
    queryKey: ["stock", "items", productId],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/stock/items/{product_id}", {
          params: { path: { product_id: productId } },
          signal,
        }),
      ),
  });
