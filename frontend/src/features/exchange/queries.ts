import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client, ifMatch, type Schemas } from "@/shared/api/client";
import { download } from "@/shared/api/download";
import { type ListQuery } from "@/shared/ui/data-table/list-search";

export type Import = Schemas["ImportOut"];
export type ImportDetail = Schemas["ImportDetailOut"];
export type ImportChange = Schemas["ImportChange"];
export type Profile = Schemas["ImportProfileOut"];
export type Report = Schemas["ImportReport"];
export type RefusedRow = Schemas["RefusedRowOut"];
export type Counts = Record<string, Record<string, number>>;

export const isBusy = ({ state }: Pick<Import, "state">) =>
  state === "checking" || state === "running" || state === "undoing";

export const imports = (query: ListQuery) =>
  queryOptions({
    queryKey: ["exchange", "imports", "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/imports", { params: { query }, signal })),
    refetchInterval: ({ state }) => (state.data?.items.some(isBusy) ? 3000 : false),
  });

/** One import; asked for every second while something is at work on it. */
export const importCalled = (id: string) =>
  queryOptions({
    queryKey: ["exchange", "imports", id],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/imports/{import_id}", { params: { path: { import_id: id } }, signal })),
    refetchInterval: ({ state }) => (state.data && isBusy(state.data) ? 1000 : false),
  });

export const profiles = () =>
  queryOptions({
    queryKey: ["exchange", "profiles"],
    staleTime: Infinity,
    queryFn: ({ signal }) => ask(client.GET("/api/import-profiles", { signal })),
  });

/** The refused rows of the last check or run; `version` asks again once there was another. */
export const refusedRows = (id: string, version: number, after: string | undefined) =>
  queryOptions({
    queryKey: ["exchange", "imports", id, "refused", version, after],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/imports/{import_id}/errors", {
          params: { path: { import_id: id }, query: { limit: 50, ...(after ? { after } : {}) } },
          signal,
        }),
      ),
  });

export const keptRecords = (id: string, version: number) =>
  queryOptions({
    queryKey: ["exchange", "imports", id, "kept", version],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/imports/{import_id}/records", {
          params: { path: { import_id: id }, query: { kept: true, limit: 50 } },
          signal,
        }),
      ),
  });

export const undoOutlook = (id: string) =>
  queryOptions({
    queryKey: ["exchange", "imports", id, "outlook"],
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const answer = await ask(
        client.POST("/api/imports/{import_id}/undo", {
          params: { path: { import_id: id }, query: { dry_run: true } },
          signal,
        }),
      );
      return "records" in answer ? answer.records : {};
    },
  });

function useKept() {
  const cache = useQueryClient();
  return (saved: ImportDetail) => {
    cache.setQueryData(importCalled(saved.id).queryKey, saved);
    return cache.invalidateQueries({ queryKey: ["exchange", "imports", "list"] });
  };
}

export function useUploadImport() {
  const keep = useKept();
  return useMutation({
    mutationFn: ({ file, profile }: { file: File; profile: string }) =>
      ask(
        client.POST("/api/imports", {
          // The generated type of a file is text; what travels is the form below.
          body: { file: "", profile },
          bodySerializer: () => {
            const form = new FormData();
            form.append("file", file, file.name);
            form.append("profile", profile);
            return form;
          },
          // Given here, so that the client need not read the whole file to make one.
          headers: { "Idempotency-Key": crypto.getRandomValues(new Uint32Array(4)).join("-") },
        }),
      ),
    onSuccess: keep,
  });
}

/** Changes one after the other, each over the version that the one before it left. */
export function useMapImport(id: string) {
  const cache = useQueryClient();
  const keep = useKept();
  return useMutation({
    scope: { id: `import-${id}` },
    mutationFn: (body: ImportChange) => {
      const last = cache.getQueryData(importCalled(id).queryKey);
      return ask(
        client.PATCH("/api/imports/{import_id}", {
          params: { path: { import_id: id } },
          ...(last ? ifMatch(last) : {}),
          body,
        }),
      );
    },
    onSuccess: keep,
    onError: () => cache.invalidateQueries({ queryKey: importCalled(id).queryKey }),
  });
}

export type Verb = "check" | "run" | "undo" | "cancel";

const verbs = {
  check: "/api/imports/{import_id}/check",
  run: "/api/imports/{import_id}/run",
  undo: "/api/imports/{import_id}/undo",
  cancel: "/api/imports/{import_id}/cancel",
} as const;

export function useImportVerb(verb: Verb) {
  const keep = useKept();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (of: ImportDetail) => {
      // Progress does not move the version; only what people do does.
      const answer = await ask(
        client.POST(verbs[verb], { params: { path: { import_id: of.id } }, ...ifMatch(of) }),
      );
      return answer;
    },
    onSuccess: keep,
    onError: (_, of) => cache.invalidateQueries({ queryKey: importCalled(of.id).queryKey }),
  });
}

export type FileForm = "csv" | "xlsx";

export const downloadRefused = (of: Import, format: FileForm) =>
  download(
    client.GET("/api/imports/{import_id}/errors", {
      params: { path: { import_id: of.id }, query: { format } },
      parseAs: "blob",
    }),
    `${of.file_name.replace(/(\.csv)?(\.gz|\.xlsx|\.csv)?$/i, "")}-errors.${format}`,
  );

export const downloadTemplate = (profile: string, format: FileForm) =>
  download(
    client.GET("/api/import-profiles/{key}/template", {
      params: { path: { key: profile }, query: { format } },
      parseAs: "blob",
    }),
    `${profile}.${format}`,
  );
