import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client, ifMatch, type Schemas } from "@/shared/api/client";
import { fold } from "@/shared/i18n/fold";
import { type ListQuery } from "@/shared/ui/data-table/list-search";

export type Bill = Schemas["BillOut"];
export type BillRow = Schemas["BillRow"];
export type BillLine = Schemas["BillLineOut"];
export type BillIn = Schemas["BillIn"];
export type BillLineIn = Schemas["BillLineIn"];
export type BillChange = Schemas["BillChange"];
export type Check = Schemas["BillCheckOut"];
export type MatchLine = Schemas["BillMatchLineOut"];
export type DebitNoteIn = Schemas["DebitNoteIn"];
export type TaxCategory = Schemas["VatCategory"];
export type VatTreatment = Schemas["VatTreatment"];

const everything = ["bills"] as const;

export const bills = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everything, "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/bills", { params: { query }, signal })),
  });

export const readBill = (id: string, signal?: AbortSignal) =>
  ask(
    client.GET("/api/bills/{bill_id}", {
      params: { path: { bill_id: id } },
      ...(signal && { signal }),
    }),
  );

export const bill = (id: string) =>
  queryOptions({
    queryKey: [...everything, id],
    queryFn: ({ signal }) => readBill(id, signal),
  });

/** How a bill compares to its order and receipts. */
export const check = (id: string) =>
  queryOptions({
    queryKey: [...everything, id, "check"],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/purchase-bills/{bill_id}/check", {
          params: { path: { bill_id: id } },
          signal,
        }),
      ),
  });

/** A bill was commanded: orders, stock, books and what is owed may have moved with it. */
export function useBillMoved() {
  const cache = useQueryClient();
  return (kept?: Bill) => {
    if (kept) cache.setQueryData(bill(kept.id).queryKey, kept);
    const own = kept ? JSON.stringify(bill(kept.id).queryKey) : "";
    void cache.invalidateQueries({
      queryKey: everything,
      predicate: ({ queryKey }) => JSON.stringify(queryKey) !== own,
    });
    for (const queryKey of [["purchasing"], ["stock"], ["ledger"], ["invoicing"], ["payments"]])
      void cache.invalidateQueries({ queryKey });
  };
}

/** Save a draft: write it down when there is none, else send what was changed. */
export function useSaveBill() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ of, body }: { of: Bill | null; body: Partial<BillIn> }) =>
      of
        ? ask(
            client.PATCH("/api/bills/{bill_id}", {
              params: { path: { bill_id: of.id } },
              ...ifMatch(of),
              body: body,
            }),
          )
        : ask(client.POST("/api/bills", { body: body as BillIn })),
    onSuccess: (saved) => {
      cache.setQueryData(bill(saved.id).queryKey, saved);
      void cache.invalidateQueries({ queryKey: [...everything, "list"] });
      void cache.invalidateQueries({ queryKey: check(saved.id).queryKey });
    },
  });
}

type AccountNode = Schemas["AccountNode"];

const flat = (nodes: AccountNode[]): AccountNode[] =>
  nodes.flatMap((node) => [node, ...flat(node.children ?? [])]);

const accounts = () =>
  queryOptions({
    queryKey: ["ledger", "accounts", "tree"],
    staleTime: 60_000,
    queryFn: ({ signal }) => ask(client.GET("/api/accounts/tree", { signal })),
  });

/** Accounts that a line may be spent on; expenses come first. */
export const findAccounts = (text: string) =>
  queryOptions({
    queryKey: [...everything, "accounts", text],
    staleTime: 60_000,
    queryFn: async ({ client: cache }) => {
      const words = fold(text).split(" ");
      const found = flat(await cache.query(accounts())).filter(
        (one) =>
          one.is_active &&
          !one.is_group &&
          !one.needs_party &&
          words.every((word) => fold(`${one.code} ${one.name_en} ${one.name_ar}`).includes(word)),
      );
      const rank = (one: AccountNode) =>
        (text !== "" && one.code.startsWith(text) ? 0 : 2) + (one.type === "expense" ? 0 : 1);
      found.sort((a, b) => rank(a) - rank(b));
      return { items: found.slice(0, 50) };
    },
  });
