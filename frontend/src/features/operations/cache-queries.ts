import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client, type Schemas } from "@/shared/api/client";

export type CacheFigures = Schemas["CacheOut"];
export type CacheRoute = Schemas["CacheRouteOut"];

export const cacheFigures = () =>
  queryOptions({
    queryKey: ["operations", "cache"],
    refetchInterval: 10_000,
    queryFn: ({ signal }) => ask(client.GET("/api/cache", { signal })),
  });

export function usePurge() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (what: { pattern?: string; everything?: boolean }) =>
      ask(client.POST("/api/cache/purge", { body: { everything: false, ...what } })),
    onSettled: () => cache.invalidateQueries(cacheFigures()),
  });
}

export function useSwitchRoute() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ operation, isOn }: { operation: string; isOn: boolean }) =>
      ask(
        client.PUT("/api/cache/routes/{operation}", {
          params: { path: { operation } },
          body: { is_on: isOn },
        }),
      ),
    onSuccess: (saved) => {
      cache.setQueryData(cacheFigures().queryKey, saved);
    },
  });
}
