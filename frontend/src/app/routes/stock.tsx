import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { listSearch } from "@/shared/ui/data-table/list-search";

import { shellRoute } from "./shell";

const adjustmentEditor = () => import("@/features/stock/adjustment-editor");
const transferEditor = () => import("@/features/stock/transfer-editor");

export const stockRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/stock",
    validateSearch: listSearch(
      "warehouse_id",
      "location_id",
      "product_id",
      "type",
      "include_empty",
    ),
    component: lazyRouteComponent(() => import("@/features/stock/balance-list"), "BalanceList"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/stock/products/$productId",
    validateSearch: listSearch("warehouse_id"),
    component: lazyRouteComponent(() => import("@/features/stock/stock-card"), "StockCardPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/stock-value",
    validateSearch: listSearch("on"),
    component: lazyRouteComponent(() => import("@/features/stock/valuation"), "Valuation"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/lots",
    validateSearch: listSearch("product_id"),
    component: lazyRouteComponent(() => import("@/features/stock/lot-list"), "LotList"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/lots/$lotId",
    component: lazyRouteComponent(() => import("@/features/stock/lot-page"), "LotPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/stock-adjustments",
    validateSearch: listSearch("kind", "state", "warehouse_id"),
    component: lazyRouteComponent(
      () => import("@/features/stock/adjustment-list"),
      "AdjustmentList",
    ),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/stock-adjustments/new",
    validateSearch: listSearch("kind", "product"),
    component: lazyRouteComponent(adjustmentEditor, "NewAdjustment"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/stock-adjustments/$adjustmentId",
    component: lazyRouteComponent(
      () => import("@/features/stock/adjustment-page"),
      "AdjustmentPage",
    ),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/stock-adjustments/$adjustmentId/edit",
    component: lazyRouteComponent(adjustmentEditor, "EditAdjustment"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/transfers",
    validateSearch: listSearch("state", "warehouse_id", "product_id"),
    component: lazyRouteComponent(() => import("@/features/stock/transfer-list"), "TransferList"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/transfers/new",
    component: lazyRouteComponent(transferEditor, "NewTransfer"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/transfers/$transferId",
    component: lazyRouteComponent(() => import("@/features/stock/transfer-page"), "TransferPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/transfers/$transferId/edit",
    component: lazyRouteComponent(transferEditor, "EditTransfer"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/counts",
    validateSearch: listSearch("state", "warehouse_id", "is_scheduled", "edit", "place"),
    component: lazyRouteComponent(() => import("@/features/stock/count-list"), "CountList"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/counts/$countId",
    component: lazyRouteComponent(() => import("@/features/stock/count-page"), "CountPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/counts/$countId/work",
    component: lazyRouteComponent(() => import("@/features/stock/count-work"), "CountWork"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/replenishment",
    validateSearch: listSearch(
      "only_short",
      "warehouse_id",
      "supplier_id",
      "product_id",
      "edit",
      "product",
    ),
    component: lazyRouteComponent(() => import("../replenishment-page"), "ReplenishmentPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/warehouses",
    validateSearch: listSearch("is_active", "edit"),
    component: lazyRouteComponent(() => import("@/features/stock/warehouse-list"), "WarehouseList"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/warehouses/$warehouseId",
    component: lazyRouteComponent(() => import("@/features/stock/warehouse-page"), "WarehousePage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/stock-settings",
    component: lazyRouteComponent(
      () => import("@/features/stock/stock-settings"),
      "StockSettingsPage",
    ),
  }),
] as const;
