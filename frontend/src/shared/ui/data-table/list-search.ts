const common = ["q", "sort", "after", "limit", "cols"] as const;
type Common = (typeof common)[number];

/** A list's whole state, as it stands in the URL. */
export type ListSearch<Filter extends string = never> = Partial<Record<Common | Filter, string>>;

/** What a list asks the server. The URL holds text; the server checks what the filters mean. */
export type ListQuery = {
  limit?: number;
  after?: string;
  sort?: string;
  q?: string;
  count?: boolean;
  // Filters are named by each list; OpenAPI types them one by one where the request is made.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [filter: string]: any;
};

/** For a route's validateSearch: keep what the list knows, drop the rest. */
export const listSearch =
  <Filter extends string = never>(...filters: Filter[]) =>
  (raw: Record<string, unknown>): ListSearch<Filter> =>
    Object.fromEntries(
      [...common, ...filters].flatMap((name) => {
        const value = raw[name];
        return typeof value === "string" && value !== "" ? [[name, value]] : [];
      }),
    ) as ListSearch<Filter>;

export const pageSizes = [50, 100, 200];

export function listQuery(
  search: Record<string, string | undefined>,
  filters: readonly string[],
  usual: { sort?: string | undefined } = {},
): ListQuery {
  const limit = Number(search.limit);
  const query: ListQuery = { limit: pageSizes.includes(limit) ? limit : 50 };
  const sort = search.sort ?? usual.sort;
  if (sort) query.sort = sort;
  if (search.after) query.after = search.after;
  if (search.q) query.q = search.q;
  for (const name of filters) if (search[name]) query[name] = search[name];
  return query;
}
