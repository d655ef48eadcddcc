import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client, type Schemas } from "@/shared/api/client";
import { type ListQuery } from "@/shared/ui/data-table/list-search";

export type AuditEvent = Schemas["AuditEventOut"];
export type Job = Schemas["JobOut"];
export type Health = Schemas["HealthOut"];

/** A list's days, as the moments at which they begin and end where the reader is. */
export function inMoments({ since, until, ...query }: ListQuery): ListQuery {
  const start = (day: string, shift: number) => {
    const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
    return new Date(year, month - 1, date + shift).toISOString();
  };
  return {
    ...query,
    ...(typeof since === "string" ? { since: start(since, 0) } : {}),
    ...(typeof until === "string" ? { until: start(until, 1) } : {}),
  };
}

export const audit = (query: ListQuery) =>
  queryOptions({
    queryKey: ["operations", "audit", query],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/audit", { params: { query: inMoments(query) }, signal })),
  });

export const auditProof = () =>
  queryOptions({
    queryKey: ["operations", "audit-proof"],
    queryFn: ({ signal }) => ask(client.GET("/api/audit/proof", { signal })),
  });

const isOpen = ({ state }: Job) => state === "ready" || state === "running";

export const jobs = (query: ListQuery) =>
  queryOptions({
    queryKey: ["operations", "jobs", "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/jobs", { params: { query }, signal })),
    refetchInterval: ({ state }) => (state.data?.items.some(isOpen) ? 3000 : false),
  });

export const job = (id: string) =>
  queryOptions({
    queryKey: ["operations", "jobs", id],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/jobs/{job_id}", { params: { path: { job_id: id } }, signal })),
    refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? 1000 : false),
  });

export function useJobVerb(verb: "cancel" | "replay") {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      ask(
        client.POST(verb === "cancel" ? "/api/jobs/{job_id}/cancel" : "/api/jobs/{job_id}/replay", {
          params: { path: { job_id: id } },
        }),
      ),
    onSuccess: (saved) => {
      cache.setQueryData(job(saved.id).queryKey, saved);
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ["operations", "jobs"] }),
  });
}

export const health = () =>
  queryOptions({
    queryKey: ["operations", "health"],
    refetchInterval: 10_000,
    retry: false,
    queryFn: async ({ signal }) => {
      const { data, error } = await client.GET("/api/health", { signal });
      // A server that is down says so with 503 and the same figures.
      return { ...(data ?? error), at: new Date().toISOString() };
    },
  });
