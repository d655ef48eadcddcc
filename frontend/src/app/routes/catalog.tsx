import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { listSearch } from "@/shared/ui/data-table/list-search";

import { shellRoute } from "./shell";

const productPage = () => import("@/features/catalog/product-page");
const priceListPage = () => import("@/features/catalog/price-list-page");

export const catalogRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/products",
    validateSearch: listSearch("kind", "category_id", "tax_category", "unit_id", "is_active"),
    component: lazyRouteComponent(() => import("@/features/catalog/product-list"), "ProductList"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/products/new",
    component: lazyRouteComponent(productPage, "NewProduct"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/products/$productId",
    component: lazyRouteComponent(() => import("../product-with-stock"), "ProductWithStock"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/products/$productId/edit",
    component: lazyRouteComponent(productPage, "EditProduct"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/categories",
    component: lazyRouteComponent(() => import("@/features/catalog/category-page"), "CategoryPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/units",
    validateSearch: listSearch("is_active", "edit"),
    component: lazyRouteComponent(() => import("@/features/catalog/unit-list"), "UnitList"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/price-lists",
    validateSearch: listSearch("is_active", "currency"),
    component: lazyRouteComponent(
      () => import("@/features/catalog/price-list-list"),
      "PriceListList",
    ),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/price-lists/new",
    component: lazyRouteComponent(priceListPage, "NewPriceList"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/price-lists/$priceListId",
    component: lazyRouteComponent(priceListPage, "PriceListPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/price-lists/$priceListId/edit",
    component: lazyRouteComponent(priceListPage, "EditPriceList"),
  }),
] as const;
