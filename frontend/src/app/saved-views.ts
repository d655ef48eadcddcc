import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { ask, client, ifMatch, type Schemas } from "@/shared/api/client";
import { useMe } from "@/shared/session/session";
import { type SavedView, type ViewStore } from "@/shared/ui/data-table/views";

const views = (list: string) =>
  queryOptions({
    queryKey: ["views", list],
    staleTime: 5 * 60_000,
    queryFn: ({ signal }) =>
      ask(client.GET("/api/views", { params: { query: { list_key: list, limit: 200 } }, signal })),
  });

// The server keeps what the list's address says, name by name.
const stateOf = (search: string) => Object.fromEntries(new URLSearchParams(search));
const searchOf = (state: Record<string, unknown>) =>
  new URLSearchParams(
    Object.entries(state).flatMap(([name, value]) =>
      typeof value === "string" && value !== "" ? [[name, value]] : [],
    ),
  ).toString();

const shown = (view: Schemas["ViewOut"], me: string | undefined): SavedView => ({
  id: view.id,
  name: view.name,
  search: searchOf(view.state),
  isShared: view.is_shared,
  isDefault: view.is_default,
  isMine: view.owner_id === me,
});

/** Saved views, kept on the server: they follow their owner to another machine. */
export function useSavedViews(list: string): ViewStore {
  const cache = useQueryClient();
  const me = useMe();
  const { data } = useQuery(views(list));
  const changed = { onSettled: () => cache.invalidateQueries({ queryKey: ["views", list] }) };

  const save = useMutation({
    ...changed,
    mutationFn: (view: Parameters<ViewStore["save"]>[0]) =>
      ask(
        client.POST("/api/views", {
          body: {
            list_key: list,
            name: view.name,
            state: stateOf(view.search),
            is_shared: view.isShared,
            is_default: view.isDefault,
          },
        }),
      ),
  });
  const found = (id: string) => {
    const view = data?.items.find((one) => one.id === id);
    return { params: { path: { view_id: id } }, ...(view ? ifMatch(view) : {}) };
  };
  const change = useMutation({
    ...changed,
    mutationFn: ([id, values]: Parameters<ViewStore["change"]>) =>
      ask(
        client.PATCH("/api/views/{view_id}", {
          ...found(id),
          body: {
            ...(values.search === undefined ? {} : { state: stateOf(values.search) }),
            ...(values.isShared === undefined ? {} : { is_shared: values.isShared }),
            ...(values.isDefault === undefined ? {} : { is_default: values.isDefault }),
          },
        }),
      ),
  });
  const remove = useMutation({
    ...changed,
    mutationFn: (id: string) => ask(client.DELETE("/api/views/{view_id}", found(id))),
  });

  return {
    views: data?.items.map((view) => shown(view, me?.id)) ?? [],
    save: save.mutateAsync,
    change: (id, values) => change.mutateAsync([id, values]),
    remove: remove.mutateAsync,
  };
}
