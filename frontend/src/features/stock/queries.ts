import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client, ifMatch, type Schemas } from "@/shared/api/client";
import { type ListQuery } from "@/shared/ui/data-table/list-search";

export type Warehouse = Schemas["WarehouseOut"];
export type WarehouseIn = Schemas["WarehouseIn"];
export type Place = Schemas["LocationOut"];
export type PlaceIn = Schemas["LocationIn"];
export type Balance = Schemas["StockBalanceOut"];
export type CardRow = Schemas["StockCardRow"];
export type Move = Schemas["StockMoveOut"];
export type StockPlace = Schemas["StockPlace"];
export type Lot = Schemas["LotOut"];
export type Kept = Schemas["StockItemOut"];
export type StockSettings = Schemas["StockSettingsOut"];
export type Adjustment = Schemas["AdjustmentOut"];
export type AdjustmentRow = Schemas["AdjustmentRow"];
export type AdjustmentLine = Schemas["AdjustmentLineOut"];
export type AdjustmentIn = Schemas["AdjustmentIn"];
export type Replenishment = Schemas["ReplenishmentOut"];

const everything = ["stock"] as const;

export function useForgetStock() {
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: everything });
}

// Warehouses and their places

export const warehouseList = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everything, "warehouses", "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/warehouses", { params: { query }, signal })),
  });

export const warehouse = (id: string) =>
  queryOptions({
    queryKey: [...everything, "warehouses", id],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/warehouses/{warehouse_id}", {
          params: { path: { warehouse_id: id } },
          signal,
        }),
      ),
  });

export function useSaveWarehouse() {
  const forget = useForgetStock();
  return useMutation({
    mutationFn: ({
      of,
      values,
    }: {
      of: Warehouse | null;
      values: WarehouseIn & { is_active: boolean };
    }) => {
      const { code, is_active, ...rest } = values;
      return of
        ? ask(
            client.PATCH("/api/warehouses/{warehouse_id}", {
              params: { path: { warehouse_id: of.id } },
              ...ifMatch(of),
              body: { ...rest, is_active },
            }),
          )
        : ask(client.POST("/api/warehouses", { body: { ...rest, code } }));
    },
    onSuccess: forget,
  });
}

/** All places of a warehouse, its tree: few enough to ask for together. */
export const placesOf = (warehouseId: string) =>
  queryOptions({
    queryKey: [...everything, "locations", "of", warehouseId],
    queryFn: async ({ signal }) => {
      const items: Place[] = [];
      let after: string | undefined;
      do {
        const page = await ask(
          client.GET("/api/locations", {
            params: {
              query: {
                warehouse_id: warehouseId,
                limit: 200,
                sort: "code",
                ...(after && { after }),
              },
            },
            signal,
          }),
        );
        items.push(...page.items);
        after = page.next ?? undefined;
      } while (after && items.length < 5000);
      return items;
    },
  });

export function useSavePlace() {
  const forget = useForgetStock();
  return useMutation({
    mutationFn: ({
      of,
      values,
    }: {
      of: Place | null;
      values: PlaceIn & { is_active: boolean };
    }) => {
      const { is_active, parent_id, kind, type, ...rest } = values;
      return of
        ? ask(
            client.PATCH("/api/locations/{location_id}", {
              params: { path: { location_id: of.id } },
              ...ifMatch(of),
              // The warehouse itself changes by its own page; here only how often it is counted.
              body:
                of.kind === "root"
                  ? { count_every_days: rest.count_every_days ?? null }
                  : { ...rest, is_active },
            }),
          )
        : ask(
            client.POST("/api/locations", {
              body: { ...rest, parent_id, ...(kind && { kind }), ...(type && { type }) },
            }),
          );
    },
    onSuccess: forget,
  });
}

// What stands where

export const balances = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everything, "balances", query],
    queryFn: ({ signal }) => ask(client.GET("/api/stock/balances", { params: { query }, signal })),
  });

export const balancesOf = (productId: string) =>
  queryOptions({
    queryKey: [...everything, "balances", { product_id: productId, limit: 200 }],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/stock/balances", {
          params: { query: { product_id: productId, limit: 200 } },
          signal,
        }),
      ),
  });

export const availability = (productId: string) =>
  queryOptions({
    queryKey: [...everything, "availability", productId],
    staleTime: 15_000,
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/stock/availability", {
          params: { query: { product_ids: productId } },
          signal,
        }),
      ),
  });

export const stockCard = (
  productId: string,
  query: { warehouse_id?: string | undefined; after?: number | undefined },
) =>
  queryOptions({
    queryKey: [...everything, "card", productId, query],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/stock/products/{product_id}/card", {
          params: {
            path: { product_id: productId },
            query: {
              ...(query.warehouse_id && { warehouse_id: query.warehouse_id }),
              ...(query.after && { after: query.after }),
              limit: 50,
            },
          },
          signal,
        }),
      ),
  });

export const valuation = (on: string) =>
  queryOptions({
    queryKey: [...everything, "valuation", on],
    queryFn: async ({ signal }) => {
      const page = (after: string | null) =>
        ask(
          client.GET("/api/stock/valuation", {
            params: { query: { on, limit: 1000, ...(after && { after }) } },
            signal,
          }),
        );
      const whole = await page(null);
      for (let { next } = whole; next !== null;) {
        const more = await page(next);
        whole.items.push(...more.items);
        next = more.next;
      }
      return whole;
    },
  });

// How products are kept, and the settings

export function useKeepAs() {
  const forget = useForgetStock();
  return useMutation({
    mutationFn: ({ of, values }: { of: Kept; values: Schemas["StockItemPatch"] }) =>
      ask(
        client.PATCH("/api/stock/items/{product_id}", {
          params: { path: { product_id: of.product_id } },
          ...ifMatch(of),
          body: values,
        }),
      ),
    onSuccess: forget,
  });
}

export const stockSettings = () =>
  queryOptions({
    queryKey: [...everything, "settings"],
    queryFn: ({ signal }) => ask(client.GET("/api/stock/settings", { signal })),
  });

export function useChangeSettings() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ of, values }: { of: StockSettings; values: Schemas["StockSettingsPatch"] }) =>
      ask(client.PATCH("/api/stock/settings", { ...ifMatch(of), body: values })),
    onSuccess: (saved) => {
      cache.setQueryData(stockSettings().queryKey, saved);
    },
  });
}

// Lots

export const lots = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everything, "lots", "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/stock/lots", { params: { query }, signal })),
  });

export const lotTrace = (id: string) =>
  queryOptions({
    queryKey: [...everything, "lots", id],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/stock/lots/{lot_id}/trace", { params: { path: { lot_id: id } }, signal }),
      ),
  });

// Adjustments

export const adjustments = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everything, "adjustments", "list", query],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/stock/adjustments", { params: { query }, signal })),
  });

export const adjustment = (id: string) =>
  queryOptions({
    queryKey: [...everything, "adjustments", id],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/stock/adjustments/{adjustment_id}", {
          params: { path: { adjustment_id: id } },
          signal,
        }),
      ),
  });

/** Keep an adjustment as a command left it; stock and books have moved with it. */
export function useKeepAdjustment() {
  const cache = useQueryClient();
  return (answer: unknown) => {
    const kept = answer as Adjustment;
    cache.setQueryData(adjustment(kept.id).queryKey, kept);
    void cache.invalidateQueries({
      queryKey: everything,
      predicate: ({ queryKey }) => queryKey[2] !== kept.id,
    });
    void cache.invalidateQueries({ queryKey: ["ledger"] });
  };
}

export function useSaveAdjustment() {
  const keep = useKeepAdjustment();
  return useMutation({
    mutationFn: ({ of, values }: { of: Adjustment | null; values: AdjustmentIn }) => {
      if (!of) return ask(client.POST("/api/stock/adjustments", { body: values }));
      const { effective_on, reason, notes, lines } = values;
      return ask(
        client.PATCH("/api/stock/adjustments/{adjustment_id}", {
          params: { path: { adjustment_id: of.id } },
          ...ifMatch(of),
          body: {
            ...(effective_on && { effective_on }),
            reason: reason ?? "",
            notes: notes ?? "",
            lines,
          },
        }),
      );
    },
    onSuccess: keep,
  });
}

// Replenishment

export const replenishment = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everything, "replenishment", query],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/stock/replenishment", { params: { query }, signal })),
  });

export const reorderPoint = (id: string) =>
  queryOptions({
    queryKey: [...everything, "reorder-points", id],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/reorder-points/{point_id}", {
          params: { path: { point_id: id } },
          signal,
        }),
      ),
  });

export function useSaveReorderPoint() {
  const forget = useForgetStock();
  return useMutation({
    mutationFn: ({
      of,
      values,
    }: {
      of: Replenishment | null;
      values: Schemas["ReorderPointIn"];
    }) => {
      const { product_id, warehouse_id, ...rest } = values;
      return of
        ? ask(
            client.PATCH("/api/reorder-points/{point_id}", {
              params: { path: { point_id: of.id } },
              ...ifMatch(of),
              body: rest,
            }),
          )
        : ask(client.POST("/api/reorder-points", { body: { ...rest, product_id, warehouse_id } }));
    },
    onSuccess: forget,
  });
}

export function useRemoveReorderPoint() {
  const forget = useForgetStock();
  return useMutation({
    mutationFn: (of: Replenishment) =>
      ask(
        client.DELETE("/api/reorder-points/{point_id}", {
          params: { path: { point_id: of.id } },
          ...ifMatch(of),
        }),
      ),
    onSuccess: forget,
  });
}
