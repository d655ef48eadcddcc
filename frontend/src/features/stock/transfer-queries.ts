import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client, ifMatch, type Schemas } from "@/shared/api/client";
import { type ListQuery } from "@/shared/ui/data-table/list-search";

export type Transfer = Schemas["TransferOut"];
export type TransferRow = Schemas["TransferRow"];
export type TransferLine = Schemas["TransferLineOut"];
export type TransferIn = Schemas["TransferIn"];
export type TransferPart = Schemas["TransferPart"];

const everyTransfer = ["stock", "transfers"] as const;

export const transfers = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everyTransfer, "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/transfers", { params: { query }, signal })),
  });

export const transfer = (id: string) =>
  queryOptions({
    queryKey: [...everyTransfer, id],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/transfers/{transfer_id}", {
          params: { path: { transfer_id: id } },
          signal,
        }),
      ),
  });

/** Keep a transfer as a command left it; stock and books have moved with it. */
export function useKeepTransfer() {
  const cache = useQueryClient();
  return (answer: unknown) => {
    const kept = answer as Transfer;
    cache.setQueryData(transfer(kept.id).queryKey, kept);
    void cache.invalidateQueries({
      queryKey: ["stock"],
      predicate: ({ queryKey }) => queryKey[2] !== kept.id,
    });
    void cache.invalidateQueries({ queryKey: ["ledger"] });
  };
}

export function useSaveTransfer() {
  const keep = useKeepTransfer();
  return useMutation({
    mutationFn: ({ of, values }: { of: Transfer | null; values: TransferIn }) =>
      of
        ? ask(
            client.PATCH("/api/transfers/{transfer_id}", {
              params: { path: { transfer_id: of.id } },
              ...ifMatch(of),
              body: {
                expected_on: values.expected_on ?? null,
                reference: values.reference ?? "",
                notes: values.notes ?? "",
                lines: values.lines,
              },
            }),
          )
        : ask(client.POST("/api/transfers", { body: values })),
    onSuccess: keep,
  });
}
