import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client, type Schemas } from "@/shared/api/client";
import { type ListQuery } from "@/shared/ui/data-table/list-search";

export type Count = Schemas["CountOut"];
export type CountRow = Schemas["CountRow"];
export type CountLine = Schemas["CountLineOut"];
export type CountIn = Schemas["CountIn"];
export type CountEntry = Schemas["CountEntryIn"];

const everyCount = ["stock", "counts"] as const;

export const counts = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everyCount, "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/counts", { params: { query }, signal })),
  });

export const count = (id: string) =>
  queryOptions({
    queryKey: [...everyCount, id],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/counts/{count_id}", { params: { path: { count_id: id } }, signal })),
  });

/** All lines of a count, or those asked for; a large warehouse has thousands. */
export const countLines = (
  id: string,
  version: number,
  query: { differs?: boolean; location_id?: string; is_counted?: boolean } = {},
) =>
  queryOptions({
    queryKey: [...everyCount, id, "lines", version, query],
    queryFn: async ({ signal }) => {
      const items: CountLine[] = [];
      let after: string | undefined;
      do {
        const page = await ask(
          client.GET("/api/counts/{count_id}/lines", {
            params: {
              path: { count_id: id },
              query: { ...query, limit: 200, ...(after && { after }) },
            },
            signal,
          }),
        );
        items.push(...page.items);
        after = page.next ?? undefined;
      } while (after && items.length < 2000);
      return { items, more: after !== undefined };
    },
  });

/** Keep a count as a command left it. */
export function useKeepCount() {
  const cache = useQueryClient();
  return (answer: unknown) => {
    const kept = answer as Count;
    cache.setQueryData(count(kept.id).queryKey, kept);
    void cache.invalidateQueries({
      queryKey: ["stock"],
      predicate: ({ queryKey }) => queryKey.length > 3 || queryKey[2] !== kept.id,
    });
    void cache.invalidateQueries({ queryKey: ["ledger"] });
  };
}

export function useDraftCount() {
  const keep = useKeepCount();
  return useMutation({
    mutationFn: (values: CountIn) => ask(client.POST("/api/counts", { body: values })),
    onSuccess: keep,
  });
}

export function useEnterCounts(id: string) {
  const keep = useKeepCount();
  return useMutation({
    mutationFn: (entries: CountEntry[]) =>
      ask(
        client.POST("/api/counts/{count_id}/enter", {
          params: { path: { count_id: id } },
          body: { entries },
        }),
      ),
    onSuccess: keep,
  });
}
