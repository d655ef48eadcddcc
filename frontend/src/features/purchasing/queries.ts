import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client, ifMatch, type Schemas } from "@/shared/api/client";
import { type ListQuery } from "@/shared/ui/data-table/list-search";

export type Order = Schemas["PurchaseOrderOut"];
export type OrderRow = Schemas["PurchaseOrderRow"];
export type OrderLine = Schemas["PurchaseOrderLineOut"];
export type OrderIn = Schemas["PurchaseOrderIn"];
export type Receipt = Schemas["ReceiptOut"];
export type ReceiptRow = Schemas["ReceiptRow"];
export type ReceiptLine = Schemas["ReceiptLineOut"];
export type Requisition = Schemas["RequisitionOut"];
export type RequisitionRow = Schemas["RequisitionRow"];
export type RequisitionLine = Schemas["RequisitionLineOut"];
export type RequisitionIn = Schemas["RequisitionIn"];
export type Enquiry = Schemas["EnquiryOut"];
export type EnquiryRow = Schemas["EnquiryRow"];
export type EnquiryLine = Schemas["EnquiryLineOut"];
export type EnquiryIn = Schemas["EnquiryIn"];
export type Return = Schemas["SupplierReturnOut"];
export type ReturnRow = Schemas["SupplierReturnRow"];
export type ReturnLine = Schemas["SupplierReturnLineOut"];
export type ReturnIn = Schemas["SupplierReturnIn"];
export type TaxCategory = Schemas["VatCategory"];

const everything = ["purchasing"] as const;

/** A document changed: what it was made from and what comes of it may have changed as well. */
function useKeep(key: (id: string) => { queryKey: readonly unknown[] }) {
  const cache = useQueryClient();
  return (answer: unknown) => {
    // What was thrown away answers nothing.
    if (!answer) return;
    const kept = answer as { id: string };
    const own = key(kept.id).queryKey;
    cache.setQueryData(own, kept);
    void cache.invalidateQueries({
      queryKey: everything,
      predicate: ({ queryKey }) => JSON.stringify(queryKey) !== JSON.stringify(own),
    });
    void cache.invalidateQueries({ queryKey: ["stock"] });
    void cache.invalidateQueries({ queryKey: ["ledger"] });
  };
}

/** Something was made or thrown away whose own page is not shown. */
export function useForgetAll() {
  const cache = useQueryClient();
  return () => {
    void cache.invalidateQueries({ queryKey: everything });
  };
}

// Purchase orders

export const orders = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everything, "orders", "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/purchase-orders", { params: { query }, signal })),
  });

export const readOrder = (id: string, signal?: AbortSignal) =>
  ask(
    client.GET("/api/purchase-orders/{order_id}", {
      params: { path: { order_id: id } },
      ...(signal && { signal }),
    }),
  );

export const order = (id: string) =>
  queryOptions({
    queryKey: [...everything, "orders", id],
    queryFn: ({ signal }) => readOrder(id, signal),
  });

export const useKeepOrder = () => useKeep(order);

export function useSaveOrder() {
  const keep = useKeepOrder();
  return useMutation({
    mutationFn: ({ of, values }: { of: Order | null; values: Partial<OrderIn> }) => {
      if (!of) return ask(client.POST("/api/purchase-orders", { body: values as OrderIn }));
      const { ordered_on, currency, ...rest } = values;
      return ask(
        client.PATCH("/api/purchase-orders/{order_id}", {
          params: { path: { order_id: of.id } },
          ...ifMatch(of),
          body: { ...rest, ...(ordered_on && { ordered_on }), ...(currency && { currency }) },
        }),
      );
    },
    onSuccess: keep,
  });
}

// Goods receipts

export const receipts = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everything, "receipts", "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/receipts", { params: { query }, signal })),
  });

export const receipt = (id: string) =>
  queryOptions({
    queryKey: [...everything, "receipts", id],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/receipts/{receipt_id}", { params: { path: { receipt_id: id } }, signal }),
      ),
  });

export const useKeepReceipt = () => useKeep(receipt);

export function useSaveReceipt() {
  const keep = useKeepReceipt();
  return useMutation({
    mutationFn: ({
      of,
      orderId,
      values,
    }: {
      of: Receipt | null;
      orderId: string;
      values: Schemas["ReceiptPatch"];
    }) =>
      of
        ? ask(
            client.PATCH("/api/receipts/{receipt_id}", {
              params: { path: { receipt_id: of.id } },
              ...ifMatch(of),
              body: values,
            }),
          )
        : ask(
            client.POST("/api/receipts", {
              body: { delivery_note: "", notes: "", ...values, order_id: orderId },
            }),
          ),
    onSuccess: keep,
  });
}

// Requisitions

export const requisitions = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everything, "requisitions", "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/requisitions", { params: { query }, signal })),
  });

export const readRequisition = (id: string, signal?: AbortSignal) =>
  ask(
    client.GET("/api/requisitions/{requisition_id}", {
      params: { path: { requisition_id: id } },
      ...(signal && { signal }),
    }),
  );

export const requisition = (id: string) =>
  queryOptions({
    queryKey: [...everything, "requisitions", id],
    queryFn: ({ signal }) => readRequisition(id, signal),
  });

export const useKeepRequisition = () => useKeep(requisition);

export function useSaveRequisition() {
  const keep = useKeepRequisition();
  return useMutation({
    mutationFn: ({ of, values }: { of: Requisition | null; values: Partial<RequisitionIn> }) =>
      of
        ? ask(
            client.PATCH("/api/requisitions/{requisition_id}", {
              params: { path: { requisition_id: of.id } },
              ...ifMatch(of),
              body: values,
            }),
          )
        : ask(client.POST("/api/requisitions", { body: values as RequisitionIn })),
    onSuccess: keep,
  });
}

// Requests for quotation

export const enquiries = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everything, "enquiries", "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/enquiries", { params: { query }, signal })),
  });

export const readEnquiry = (id: string, signal?: AbortSignal) =>
  ask(
    client.GET("/api/enquiries/{enquiry_id}", {
      params: { path: { enquiry_id: id } },
      ...(signal && { signal }),
    }),
  );

export const enquiry = (id: string) =>
  queryOptions({
    queryKey: [...everything, "enquiries", id],
    queryFn: ({ signal }) => readEnquiry(id, signal),
  });

export const useKeepEnquiry = () => useKeep(enquiry);

export function useSaveEnquiry() {
  const keep = useKeepEnquiry();
  return useMutation({
    mutationFn: ({ of, values }: { of: Enquiry | null; values: Partial<EnquiryIn> }) =>
      of
        ? ask(
            client.PATCH("/api/enquiries/{enquiry_id}", {
              params: { path: { enquiry_id: of.id } },
              ...ifMatch(of),
              body: values,
            }),
          )
        : ask(client.POST("/api/enquiries", { body: values as EnquiryIn })),
    onSuccess: keep,
  });
}

// Returns to suppliers

export const returns = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everything, "returns", "list", query],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/supplier-returns", { params: { query }, signal })),
  });

export const supplierReturn = (id: string) =>
  queryOptions({
    queryKey: [...everything, "returns", id],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/supplier-returns/{return_id}", {
          params: { path: { return_id: id } },
          signal,
        }),
      ),
  });

export const useKeepReturn = () => useKeep(supplierReturn);

export function useCreateReturn() {
  const keep = useKeepReturn();
  return useMutation({
    mutationFn: (values: ReturnIn) => ask(client.POST("/api/supplier-returns", { body: values })),
    onSuccess: keep,
  });
}
