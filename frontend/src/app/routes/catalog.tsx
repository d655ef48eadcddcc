import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { listSearch } from "@/shared/ui/data-table/list-search";

import { shellRoute } from "./shell";

export const catalogRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/products",
    validateSearch: listSearch("kind", "category_id", "tax_category", "is_active"),
    component: lazyRouteComponent(() => import("@/features/catalog/product-list"), "ProductList"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/products/new",
    component: lazyRouteComponent(() => import("@/features/catalog/product-page"), "NewProduct"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/products/$productId",
    component: lazyRouteComponent(() => import("@/features/catalog/product-page"), "ProductPage"),
  }),
] as const;
