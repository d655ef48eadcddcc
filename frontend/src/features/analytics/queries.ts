import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { ask, client, type Schemas } from "@/shared/api/client";

export type Dashboard = Schemas["DashboardOut"];
export type Month = Schemas["MonthRevenueOut"];
export type Top = Schemas["TopOut"];

export const dashboard = (period: { end?: string | undefined; months: number }) =>
  queryOptions({
    queryKey: ["analytics", "dashboard", period],
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/dashboard", {
          params: {
            query: { months: period.months, ...(period.end ? { end: period.end } : {}) },
          },
          signal,
        }),
      ),
  });

/** What a new company has done of its first steps. */
export const firstSteps = (may: (permission: string) => boolean) =>
  queryOptions({
    queryKey: ["analytics", "first-steps"],
    queryFn: async ({ signal }) => {
      const one = { params: { query: { limit: 1 } }, signal };
      const [company, imports, products] = await Promise.all([
        may("company:read") ? ask(client.GET("/api/company", { signal })) : null,
        may("import:read") ? ask(client.GET("/api/imports", one)) : null,
        may("product:read") ? ask(client.GET("/api/products", one)) : null,
      ]);
      return {
        company:
          company !== null &&
          company.vat_number !== "" &&
          company.building_number !== "" &&
          company.postal_code !== "" &&
          (company.street_ar || company.street_en) !== "" &&
          (company.city_ar || company.city_en) !== "",
        imports: (imports?.items.length ?? 0) > 0,
        products: (products?.items.length ?? 0) > 0,
      };
    },
  });
