import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client, ifMatch, type Schemas } from "@/shared/api/client";
import { type ListQuery } from "@/shared/ui/data-table/list-search";

export type Party = Schemas["PartyOut"];
export type PartyIn = Schemas["PartyIn"];

const everyParty = ["parties"] as const;

export const parties = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everyParty, "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/parties", { params: { query }, signal })),
  });

export const party = (id: string) =>
  queryOptions({
    queryKey: [...everyParty, id],
    queryFn: ({ signal }) => readParty(id, signal),
  });

export const readParty = (id: string, signal?: AbortSignal) =>
  ask(
    client.GET("/api/parties/{party_id}", {
      params: { path: { party_id: id } },
      ...(signal && { signal }),
    }),
  );

export const receivables = (partyId: string) =>
  queryOptions({
    queryKey: [...everyParty, partyId, "receivables"],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/reports/receivables-ageing", {
          params: { query: { party_id: partyId } },
          signal,
        }),
      ),
  });

export const latestInvoices = (partyId: string) =>
  queryOptions({
    queryKey: [...everyParty, partyId, "invoices"],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/invoices", {
          params: { query: { customer_id: partyId, limit: 5 } },
          signal,
        }),
      ),
  });

/** Colleagues whose customer a party can be, found by name. */
export const salespeople = (text = "") =>
  queryOptions({
    queryKey: [...everyParty, "salespeople", text],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/salespeople", {
          params: { query: text ? { q: text, limit: 20 } : { limit: 200 } },
          signal,
        }),
      ),
  });

export type Saving = {
  of: Party | null;
  values: Partial<PartyIn>;
  /** Save it although another active party has its VAT number. */
  allowDuplicate?: boolean;
};

export function useSaveParty() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ of, values, allowDuplicate = false }: Saving) => {
      const query = allowDuplicate ? { allow_duplicate: true } : {};
      return of
        ? ask(
            client.PATCH("/api/parties/{party_id}", {
              params: { path: { party_id: of.id }, query },
              ...ifMatch(of),
              body: values,
            }),
          )
        : ask(client.POST("/api/parties", { params: { query }, body: values }));
    },
    onSuccess: (saved) => {
      cache.setQueryData(party(saved.id).queryKey, saved);
      return cache.invalidateQueries({ queryKey: [...everyParty, "list"] });
    },
  });
}

export function useDeactivateParty() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (of: Party) =>
      ask(
        client.DELETE("/api/parties/{party_id}", {
          params: { path: { party_id: of.id } },
          ...ifMatch(of),
        }),
      ),
    onSuccess: () => cache.invalidateQueries({ queryKey: everyParty }),
  });
}
