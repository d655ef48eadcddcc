import {
  queryOptions,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";

import { ask, client, ifMatch, type Schemas } from "@/shared/api/client";
import { useCan } from "@/shared/session/session";
import { type ListQuery } from "@/shared/ui/data-table/list-search";

export type Product = Schemas["ProductOut"];
export type ProductIn = Schemas["ProductIn"];
export type ProductPatch = Schemas["ProductPatch"];
export type Unit = Schemas["UnitOut"];
export type UnitIn = Schemas["UnitIn"];
export type Category = Schemas["CategoryOut"];
export type CategoryNode = Schemas["CategoryNodeOut"];
export type PriceList = Schemas["PriceListOut"];
export type PriceListIn = Schemas["PriceListIn"];
export type PriceItem = Schemas["PriceListItemOut"];
export type PriceItemIn = Schemas["PriceListItemIn"];

const everything = ["catalog"] as const;
const everyProduct = [...everything, "products"] as const;
const everyUnit = [...everything, "units"] as const;
const everyCategory = [...everything, "categories"] as const;
const everyPriceList = [...everything, "price-lists"] as const;

const rarelyChanged = { staleTime: 5 * 60_000 };

/** All pages of a list; for what stays small, like units. */
async function everyPage<Row>(
  read: (after: string | undefined) => Promise<{ items: Row[]; next?: string | null }>,
) {
  const rows: Row[] = [];
  let after: string | undefined;
  do {
    const page = await read(after);
    rows.push(...page.items);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return rows;
}

// Products

export const products = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everyProduct, "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/products", { params: { query }, signal })),
  });

export const product = (id: string) =>
  queryOptions({
    queryKey: [...everyProduct, id],
    queryFn: ({ signal }) => readProduct(id, signal),
  });

export const readProduct = (id: string, signal?: AbortSignal) =>
  ask(
    client.GET("/api/products/{product_id}", {
      params: { path: { product_id: id } },
      ...(signal && { signal }),
    }),
  );

/** Everything a list's search and filters match, page after page. */
export const everyMatch = (query: ListQuery) =>
  everyPage((after) =>
    ask(
      client.GET("/api/products", {
        params: { query: { ...query, limit: 200, sort: "id", ...(after && { after }) } },
      }),
    ),
  );

function useProductsChanged() {
  const cache = useQueryClient();
  return (saved: Product) => {
    cache.setQueryData(product(saved.id).queryKey, saved);
    cache.setQueriesData<Schemas["Page_ProductOut_"]>(
      { queryKey: [...everyProduct, "list"] },
      (page) =>
        page && {
          ...page,
          items: page.items.map((one) => (one.id === saved.id ? saved : one)),
        },
    );
    void cache.invalidateQueries({ queryKey: [...everyProduct, "list"] });
    void cache.invalidateQueries({ queryKey: everyCategory });
  };
}

export function useCreateProduct() {
  const changed = useProductsChanged();
  return useMutation({
    mutationFn: (body: ProductIn) => ask(client.POST("/api/products", { body })),
    onSuccess: changed,
  });
}

export function useChangeProduct() {
  const changed = useProductsChanged();
  return useMutation({
    mutationFn: ({ of, values }: { of: Product; values: ProductPatch }) =>
      ask(
        client.PATCH("/api/products/{product_id}", {
          params: { path: { product_id: of.id } },
          ...ifMatch(of),
          body: values,
        }),
      ),
    onSuccess: changed,
  });
}

export function useDeactivateProduct() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (of: Product) =>
      ask(
        client.DELETE("/api/products/{product_id}", {
          params: { path: { product_id: of.id } },
          ...ifMatch(of),
        }),
      ),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: everyCategory });
      return cache.invalidateQueries({ queryKey: everyProduct });
    },
  });
}

// Units

export const units = () =>
  queryOptions({
    queryKey: [...everyUnit, "all"],
    ...rarelyChanged,
    queryFn: ({ signal }) =>
      everyPage((after) =>
        ask(
          client.GET("/api/units", {
            params: { query: { limit: 200, ...(after && { after }) } },
            signal,
          }),
        ),
      ),
  });

export const unitList = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everyUnit, "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/units", { params: { query }, signal })),
  });

export const unit = (id: string) =>
  queryOptions({
    queryKey: [...everyUnit, id],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/units/{unit_id}", { params: { path: { unit_id: id } }, signal })),
  });

export function useSaveUnit() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ of, values }: { of: Unit | null; values: UnitIn }) =>
      of
        ? ask(
            client.PATCH("/api/units/{unit_id}", {
              params: { path: { unit_id: of.id } },
              ...ifMatch(of),
              body: values,
            }),
          )
        : ask(client.POST("/api/units", { body: values })),
    onSuccess: () => cache.invalidateQueries({ queryKey: everyUnit }),
  });
}

// Categories

export const categoryTree = () =>
  queryOptions({
    queryKey: [...everyCategory, "tree"],
    ...rarelyChanged,
    queryFn: ({ signal }) => ask(client.GET("/api/categories/tree", { signal })),
  });

function useCategoryChange<Asked, Answer>(mutationFn: (asked: Asked) => Promise<Answer>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () => cache.invalidateQueries({ queryKey: everyCategory }),
  });
}

export const useAddCategory = () =>
  useCategoryChange((body: Schemas["CategoryIn"]) => ask(client.POST("/api/categories", { body })));

const ofCategory = (of: Category) => ({
  params: { path: { category_id: of.id } },
  ...ifMatch(of),
});

export const useChangeCategory = () =>
  useCategoryChange(({ of, values }: { of: Category; values: Schemas["CategoryPatch"] }) =>
    ask(client.PATCH("/api/categories/{category_id}", { ...ofCategory(of), body: values })),
  );

export const useMoveCategory = () =>
  useCategoryChange(({ of, to }: { of: Category; to: Schemas["CategoryMove"] }) =>
    ask(client.POST("/api/categories/{category_id}/move", { ...ofCategory(of), body: to })),
  );

export const useCloseCategory = () =>
  useCategoryChange((of: Category) =>
    ask(client.DELETE("/api/categories/{category_id}", ofCategory(of))),
  );

// Price lists

export const priceLists = (query: ListQuery) =>
  queryOptions({
    queryKey: [...everyPriceList, "list", query],
    queryFn: ({ signal }) => ask(client.GET("/api/price-lists", { params: { query }, signal })),
  });

export const priceList = (id: string) =>
  queryOptions({
    queryKey: [...everyPriceList, id],
    queryFn: ({ signal }) => readPriceList(id, signal),
  });

export const readPriceList = (id: string, signal?: AbortSignal) =>
  ask(
    client.GET("/api/price-lists/{price_list_id}", {
      params: { path: { price_list_id: id } },
      ...(signal && { signal }),
    }),
  );

export const priceItems = (listId: string, query: ListQuery) =>
  queryOptions({
    queryKey: [...everyPriceList, listId, "items", query],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/price-lists/{price_list_id}/items", {
          params: { path: { price_list_id: listId }, query },
          signal,
        }),
      ),
  });

/** A product's prices on the lists in use, the list with each. */
export function usePricesOf(productId: string) {
  const can = useCan();
  const lists = useQuery({
    ...priceLists({ is_active: true, limit: 50 }),
    enabled: can("price_list:read"),
  });
  return useQueries({
    queries: (lists.data?.items ?? []).map((list) =>
      priceItems(list.id, { product_id: productId, sort: "min_quantity" }),
    ),
    combine: (answers) => ({
      isPending: lists.isPending || answers.some((answer) => answer.isPending),
      error: lists.error ?? answers.find((answer) => answer.error)?.error ?? null,
      prices: answers.flatMap((answer, index) => {
        const list = lists.data?.items[index];
        return list ? (answer.data?.items ?? []).map((item) => ({ list, item })) : [];
      }),
      retry: () => {
        void lists.refetch();
        for (const answer of answers) void answer.refetch();
      },
    }),
  });
}

export function useSavePriceList() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ of, values }: { of: PriceList | null; values: Partial<PriceListIn> }) =>
      of
        ? ask(
            client.PATCH("/api/price-lists/{price_list_id}", {
              params: { path: { price_list_id: of.id } },
              ...ifMatch(of),
              body: values,
            }),
          )
        : ask(client.POST("/api/price-lists", { body: values })),
    onSuccess: (saved) => {
      cache.setQueryData(priceList(saved.id).queryKey, saved);
      return cache.invalidateQueries({ queryKey: [...everyPriceList, "list"] });
    },
  });
}

export function useDeactivatePriceList() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (of: PriceList) =>
      ask(
        client.DELETE("/api/price-lists/{price_list_id}", {
          params: { path: { price_list_id: of.id } },
          ...ifMatch(of),
        }),
      ),
    onSuccess: () => cache.invalidateQueries({ queryKey: everyPriceList }),
  });
}

export function useSavePrice(listId: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ of, values }: { of: PriceItem | null; values: PriceItemIn }) => {
      if (!of)
        return ask(
          client.POST("/api/price-lists/{price_list_id}/items", {
            params: { path: { price_list_id: listId } },
            body: values,
          }),
        );
      return ask(
        client.PATCH("/api/price-list-items/{item_id}", {
          params: { path: { item_id: of.id } },
          ...ifMatch(of),
          body: patch(values),
        }),
      );
    },
    onSuccess: () => cache.invalidateQueries({ queryKey: everyPriceList }),
  });
}

/** Which product it is for, and in what unit, is settled when the price is added. */
const patch = (values: PriceItemIn): Schemas["PriceListItemPatch"] =>
  Object.fromEntries(
    Object.entries(values).filter(([field]) => field !== "product_id" && field !== "unit_id"),
  );

export function useRemovePrice() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (of: PriceItem) =>
      ask(
        client.DELETE("/api/price-list-items/{item_id}", {
          params: { path: { item_id: of.id } },
          ...ifMatch(of),
        }),
      ),
    onSuccess: () => cache.invalidateQueries({ queryKey: everyPriceList }),
  });
}

export type Quoted = {
  product_id: string;
  quantity: string;
  unit_id?: string;
  party_id?: string;
  on?: string;
  currency: string;
};

export const quote = (query: Quoted) =>
  queryOptions({
    queryKey: [...everyPriceList, "quote", query],
    retry: false,
    queryFn: ({ signal }) => ask(client.GET("/api/prices/quote", { params: { query }, signal })),
  });

// Customers, as far as price lists name them

export const customer = (id: string) =>
  queryOptions({
    queryKey: ["parties", id],
    ...rarelyChanged,
    queryFn: ({ signal }) =>
      ask(client.GET("/api/parties/{party_id}", { params: { path: { party_id: id } }, signal })),
  });

export const findCustomers = (text: string) =>
  queryOptions({
    queryKey: ["parties", "list", { q: text, is_customer: true, is_active: true, limit: 20 }],
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

export const findProducts = (text: string) =>
  queryOptions({
    queryKey: [...everyProduct, "list", { q: text, is_active: true, limit: 20 }],
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/products", {
          params: { query: { is_active: true, limit: 20, ...(text && { q: text }) } },
          signal,
        }),
      ),
  });
