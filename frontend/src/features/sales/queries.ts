import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client, ifMatch, type Schemas } from "@/shared/api/client";
import { type ListQuery } from "@/shared/ui/data-table/list-search";

export type Order = Schemas["SalesOrderOut"];
export type OrderRow = Schemas["SalesOrderRow"];
export type OrderLine = Schemas["SalesOrderLineOut"];
export type OrderIn = Schemas["SalesOrderIn"];
export type OrderLineIn = Schemas["SalesOrderLineIn"];
export type Shipment = Schemas["ShipmentOut"];
export type ShipmentRow = Schemas["ShipmentRow"];
export type ShipmentLine = Schemas["ShipmentLineOut"];
export type ShipmentIn = Schemas["ShipmentIn"];
export type CustomerReturn = Schemas["CustomerReturnOut"];
export type ReturnRow = Schemas["CustomerReturnRow"];
export type ReturnLine = Schemas["CustomerReturnLineOut"];
export type ReturnIn = Schemas["CustomerReturnIn"];
export type Backorder = Schemas["BackorderOut"];
export type SalesSettings = Schemas["SalesSettingsOut"];

const everything = ["sales"] as const;
const everyOrder = [...everything, "orders"] as const;
const everyShipment = [...everything, "shipments"] as const;
const everyReturn = [...everything, "returns"] as const;

// Orders

export const orders = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everyOrder, "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/sales-orders", { params: { query }, signal })),
  });

export const readOrder = (id: string, signal?: AbortSignal) =>
  ask(
    client.GET("/api/sales-orders/{order_id}", {
      params: { path: { order_id: id } },
      ...(signal && { signal }),
    }),
  );

export const order = (id: string) =>
  queryOptions({
    queryKey: [...everyOrder, id],
    queryFn: ({ signal }) => readOrder(id, signal),
  });

/** What hangs together moved on: everything but the document that was answered is asked again. */
function useMoved() {
  const cache = useQueryClient();
  return (kept: readonly unknown[]) => {
    for (const queryKey of [everything, ["stock"], ["ledger"], ["invoicing"]])
      void cache.invalidateQueries({
        queryKey,
        predicate: (query) => JSON.stringify(query.queryKey) !== JSON.stringify(kept),
      });
  };
}

/** Keep an order as a command left it. */
export function useKeepOrder() {
  const cache = useQueryClient();
  const moved = useMoved();
  return (answer: unknown) => {
    const kept = answer as Order;
    const { queryKey } = order(kept.id);
    cache.setQueryData(queryKey, kept);
    moved(queryKey);
  };
}

/** After a command that answers another document: an invoice, a shipment. */
export function useAllMoved() {
  const moved = useMoved();
  return () => {
    moved([]);
  };
}

/** Save a draft: make it when there is none, else send what was changed. */
export function useSaveOrder() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ of, body }: { of: Order | null; body: Partial<OrderIn> }) =>
      of
        ? ask(
            client.PATCH("/api/sales-orders/{order_id}", {
              params: { path: { order_id: of.id } },
              ...ifMatch(of),
              body,
            }),
          )
        : ask(client.POST("/api/sales-orders", { body: body as OrderIn })),
    onSuccess: (saved) => {
      cache.setQueryData(order(saved.id).queryKey, saved);
      void cache.invalidateQueries({ queryKey: [...everyOrder, "list"] });
    },
  });
}

export const availability = (ask_: {
  product_id: string;
  warehouse_id: string;
  quantity: string;
}) =>
  queryOptions({
    queryKey: ["stock", "availability", ask_],
    staleTime: 15_000,
    retry: false,
    queryFn: ({ signal }) =>
      ask(client.GET("/api/sales/availability", { params: { query: ask_ }, signal })),
  });

export const orderPdf = (of: Order) => () =>
  client.GET("/api/sales-orders/{order_id}/pdf", {
    params: { path: { order_id: of.id } },
    parseAs: "blob",
  });

// Shipments

export const deliverySlip = (of: Shipment) => () =>
  client.GET("/api/shipments/{shipment_id}/delivery-slip", {
    params: { path: { shipment_id: of.id } },
    parseAs: "blob",
  });

export const pickList = (of: Shipment) => () =>
  client.GET("/api/shipments/{shipment_id}/pick-list", {
    params: { path: { shipment_id: of.id } },
    parseAs: "blob",
  });

export const shipments = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everyShipment, "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/shipments", { params: { query }, signal })),
  });

export const shipment = (id: string) =>
  queryOptions({
    queryKey: [...everyShipment, id],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/shipments/{shipment_id}", {
          params: { path: { shipment_id: id } },
          signal,
        }),
      ),
  });

export type GoodsMove = Schemas["StockMoveOut"];

/** What left the house with a shipment, lot by lot. */
export const wentOut = (shipmentId: string) =>
  queryOptions({
    queryKey: [...everyShipment, shipmentId, "moves"],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/stock/moves", {
          params: { query: { document_id: shipmentId, limit: 200 } },
          signal,
        }),
      ),
  });

export function useKeepShipment() {
  const cache = useQueryClient();
  const moved = useMoved();
  return (answer: unknown) => {
    const kept = answer as Shipment;
    const { queryKey } = shipment(kept.id);
    cache.setQueryData(queryKey, kept);
    moved(queryKey);
  };
}

// Returns

export const returns = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everyReturn, "list", query],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/customer-returns", { params: { query }, signal })),
  });

export const customerReturn = (id: string) =>
  queryOptions({
    queryKey: [...everyReturn, id],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/customer-returns/{return_id}", {
          params: { path: { return_id: id } },
          signal,
        }),
      ),
  });

export function useKeepReturn() {
  const cache = useQueryClient();
  const moved = useMoved();
  return (answer: unknown) => {
    const kept = answer as CustomerReturn;
    const { queryKey } = customerReturn(kept.id);
    cache.setQueryData(queryKey, kept);
    moved(queryKey);
  };
}

export const backorders = (query: { product_id?: string; warehouse_id?: string }) =>
  queryOptions({
    queryKey: [...everything, "backorders", query],
    queryFn: async ({ signal }) => {
      const page = (after: string | null) =>
        ask(
          client.GET("/api/sales/backorders", {
            params: { query: { ...query, limit: 1000, ...(after && { after }) } },
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

// How the company sells

export const salesSettings = () =>
  queryOptions({
    queryKey: [...everything, "settings"],
    queryFn: ({ signal }) => ask(client.GET("/api/sales/settings", { signal })),
  });

export function useChangeSalesSettings() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (values: Schemas["SalesSettingsChange"]) =>
      ask(client.PATCH("/api/sales/settings", { body: values })),
    onSuccess: (saved) => {
      cache.setQueryData(salesSettings().queryKey, saved);
      void cache.invalidateQueries({ queryKey: everyShipment });
    },
  });
}

// Customers

export const customer = (id: string) =>
  queryOptions({
    queryKey: ["parties", id],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      ask(client.GET("/api/parties/{party_id}", { params: { path: { party_id: id } }, signal })),
  });

export const findCustomers = (text: string) =>
  queryOptions({
    queryKey: ["parties", "customers", text],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/parties", {
          params: {
            query: { is_customer: true, is_active: true, limit: 20, ...(text && { q: text }) },
          },
          signal,
        }),
      ),
  });
