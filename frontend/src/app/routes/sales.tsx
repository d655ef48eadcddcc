import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { listSearch } from "@/shared/ui/data-table/list-search";

import { shellRoute } from "./shell";

export const salesRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/sales-orders",
    validateSearch: listSearch(
      "state",
      "delivery_status",
      "billing_status",
      "customer_id",
      "warehouse_id",
      "on_hold",
      "ordered_from",
      "ordered_to",
    ),
    component: lazyRouteComponent(() => import("@/features/sales/order-list"), "OrderList"),
  }),
  // "/sales-orders/new" is the same page: the first save gives the draft its address without moving the form.
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/sales-orders/$orderId",
    validateSearch: listSearch("customer"),
    component: lazyRouteComponent(() => import("@/features/sales/order-page"), "OrderPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/shipments",
    validateSearch: listSearch(
      "state",
      "order_id",
      "customer_id",
      "warehouse_id",
      "shipped_from",
      "shipped_to",
    ),
    component: lazyRouteComponent(() => import("@/features/sales/shipment-list"), "ShipmentList"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/shipments/$shipmentId",
    component: lazyRouteComponent(() => import("@/features/sales/shipment-page"), "ShipmentPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/shipments/$shipmentId/pick",
    component: lazyRouteComponent(() => import("@/features/sales/pick-screen"), "PickScreen"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/customer-returns",
    validateSearch: listSearch("state", "order_id", "customer_id", "warehouse_id"),
    component: lazyRouteComponent(() => import("@/features/sales/return-list"), "ReturnList"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/customer-returns/$returnId",
    component: lazyRouteComponent(() => import("@/features/sales/return-page"), "ReturnPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/backorders",
    validateSearch: listSearch("product_id", "warehouse_id"),
    component: lazyRouteComponent(() => import("@/features/sales/backorder-page"), "BackorderPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/sales-settings",
    component: lazyRouteComponent(
      () => import("@/features/sales/settings-page"),
      "SalesSettingsPage",
    ),
  }),
] as const;
