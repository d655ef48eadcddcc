import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { listSearch } from "@/shared/ui/data-table/list-search";

import { shellRoute } from "./shell";

export const exchangeRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/imports",
    validateSearch: listSearch("state", "profile"),
    component: lazyRouteComponent(() => import("@/features/exchange/import-list"), "ImportList"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/imports/new",
    component: lazyRouteComponent(() => import("@/features/exchange/new-import"), "NewImport"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/imports/$importId",
    // Who has checked may look at the columns again.
    validateSearch: (raw: Record<string, unknown>): { step?: "columns" | undefined } => ({
      step: raw.step === "columns" ? "columns" : undefined,
    }),
    component: lazyRouteComponent(() => import("@/features/exchange/import-page"), "ImportPage"),
  }),
] as const;
