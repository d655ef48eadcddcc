import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client, ifMatch, type Schemas } from "@/shared/api/client";
import { type ListQuery } from "@/shared/ui/data-table/list-search";

export type Invoice = Schemas["InvoiceOut"];
export type InvoiceRow = Schemas["InvoiceRow"];
export type InvoiceLine = Schemas["InvoiceLineOut"];
export type InvoiceIn = Schemas["InvoiceIn"];
export type InvoiceChange = Schemas["InvoiceChange"];
export type InvoiceLineIn = Schemas["InvoiceLineIn"];
export type CreditIn = Schemas["CreditIn"];
export type PostingPreview = Schemas["PostingPreview"];
export type Product = Schemas["ProductOut"];
export type Party = Schemas["PartyOut"];
export type TaxCategory = Schemas["VatCategory"];

const everything = ["invoicing"] as const;
export const everyInvoice = [...everything, "invoices"] as const;

export const invoices = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everyInvoice, "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/invoices", { params: { query }, signal })),
  });

/** What a customer still owes; the longest due first. */
export const openInvoicesOf = (customerId: string) =>
  queryOptions({
    queryKey: [...everyInvoice, "list", "open", customerId],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/invoices", {
          params: {
            query: { customer_id: customerId, is_open: true, sort: "due_on", limit: 200 },
          },
          signal,
        }),
      ),
  });

export const readInvoice = (id: string, signal?: AbortSignal) =>
  ask(
    client.GET("/api/invoices/{invoice_id}", {
      params: { path: { invoice_id: id } },
      ...(signal && { signal }),
    }),
  );

export const invoice = (id: string) =>
  queryOptions({
    queryKey: [...everyInvoice, id],
    queryFn: ({ signal }) => readInvoice(id, signal),
  });

const ofInvoice = (of: { id: string; version: number }) => ({
  params: { path: { invoice_id: of.id } },
  ...ifMatch(of),
});

/** Save a draft: make it when there is none, else send what was changed. */
export function useSaveDraft() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ of, values }: { of: Invoice | null; values: InvoiceIn | InvoiceChange }) =>
      of
        ? ask(client.PATCH("/api/invoices/{invoice_id}", { ...ofInvoice(of), body: values }))
        : ask(client.POST("/api/invoices", { body: values as InvoiceIn })),
    onSuccess: (saved) => {
      cache.setQueryData(invoice(saved.id).queryKey, saved);
      void cache.invalidateQueries({ queryKey: [...everyInvoice, "list"] });
    },
  });
}

/** What posting would do; nothing is written. */
export const postingPreview = (of: Invoice) =>
  queryOptions({
    queryKey: [...everyInvoice, of.id, "posting", of.version],
    retry: false,
    staleTime: 0,
    gcTime: 0,
    queryFn: async () => {
      const { params, ...rest } = ofInvoice(of);
      const answer = await ask(
        client.POST("/api/invoices/{invoice_id}/post", {
          ...rest,
          params: { ...params, query: { dry_run: true } },
        }),
      );
      return answer as PostingPreview;
    },
  });

/** A document went into the books or moved in them: what tells of it is asked for again. */
export function useBooked() {
  const cache = useQueryClient();
  return (booked: Invoice) => {
    cache.setQueryData(invoice(booked.id).queryKey, booked);
    if (booked.original_id)
      void cache.invalidateQueries({ queryKey: invoice(booked.original_id).queryKey });
    void cache.invalidateQueries({ queryKey: [...everyInvoice, "list"] });
    void cache.invalidateQueries({ queryKey: [...everything, "reports"] });
    // The books have moved with it, and what may be paid.
    void cache.invalidateQueries({ queryKey: ["ledger"] });
    void cache.invalidateQueries({ queryKey: ["payments"] });
  };
}

export function usePostInvoice() {
  const booked = useBooked();
  return useMutation({
    mutationFn: async (of: Invoice) =>
      (await ask(client.POST("/api/invoices/{invoice_id}/post", ofInvoice(of)))) as Invoice,
    onSuccess: booked,
  });
}

/** What a credit note would look like; nothing is written. */
export const creditPreview = (of: Invoice, body: CreditIn) =>
  queryOptions({
    queryKey: [...everyInvoice, of.id, "credit", of.version, body],
    retry: false,
    staleTime: 0,
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const { params, ...rest } = ofInvoice(of);
      const answer = await ask(
        client.POST("/api/invoices/{invoice_id}/credit", {
          ...rest,
          params: { ...params, query: { dry_run: true } },
          body,
          signal,
        }),
      );
      return answer as PostingPreview;
    },
  });

export function useCreditInvoice() {
  const booked = useBooked();
  return useMutation({
    mutationFn: async ({ of, body }: { of: Invoice; body: CreditIn }) =>
      (await ask(
        client.POST("/api/invoices/{invoice_id}/credit", { ...ofInvoice(of), body }),
      )) as Invoice,
    onSuccess: booked,
  });
}

export const pdfOf = (of: Invoice) =>
  client.GET("/api/invoices/{invoice_id}/pdf", {
    params: { path: { invoice_id: of.id } },
    parseAs: "blob",
  });

export const xmlOf = (of: Invoice) =>
  client.GET("/api/invoices/{invoice_id}/xml", {
    params: { path: { invoice_id: of.id } },
    parseAs: "blob",
  });

// What an invoice names

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

export function useCreateCustomer() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["PartyIn"]) => ask(client.POST("/api/parties", { body })),
    onSuccess: (saved) => {
      cache.setQueryData(customer(saved.id).queryKey, saved);
      return cache.invalidateQueries({ queryKey: ["parties"] });
    },
  });
}

export const product = (id: string) =>
  queryOptions({
    queryKey: ["catalog", "products", id],
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

export const units = () =>
  queryOptions({
    queryKey: ["catalog", "units", "named"],
    staleTime: 5 * 60_000,
    queryFn: ({ signal }) =>
      ask(client.GET("/api/units", { params: { query: { limit: 200 } }, signal })),
  });

// Reports

type Span = { from: string; to: string };

export const vatReturn = (span: Span) =>
  queryOptions({
    queryKey: [...everything, "reports", "vat", span],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/reports/vat-return", { params: { query: span }, signal })),
  });

export type AgeingSide = "receivables" | "payables";

export const ageing = (side: AgeingSide, on: string) =>
  queryOptions({
    queryKey: [...everything, "reports", "ageing", side, on],
    queryFn: ({ signal }) =>
      ask(
        side === "receivables"
          ? client.GET("/api/reports/receivables-ageing", { params: { query: { on } }, signal })
          : client.GET("/api/reports/payables-ageing", { params: { query: { on } }, signal }),
      ),
  });

export type StatementLine = Schemas["StatementLineOut"];

/** Customers and suppliers: whoever is both has one account. */
export const findParties = (text: string) =>
  queryOptions({
    queryKey: ["parties", "named", text],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/parties", {
          params: { query: { limit: 20, ...(text && { q: text }) } },
          signal,
        }),
      ),
  });

type StatementOf = Span & { party_id: string };

export const statement = (query: StatementOf) =>
  queryOptions({
    queryKey: [...everything, "reports", "statement", query],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/reports/statement", { params: { query }, signal })),
  });

export const statementPdf = (query: StatementOf) =>
  client.GET("/api/reports/statement/pdf", { params: { query }, parseAs: "blob" });
