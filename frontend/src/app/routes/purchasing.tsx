import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { listSearch } from "@/shared/ui/data-table/list-search";

import { shellRoute } from "./shell";

export const purchasingRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/purchase-orders",
    validateSearch: listSearch(
      "state",
      "receipt_progress",
      "billing_progress",
      "is_late",
      "is_to_receive",
      "supplier_id",
      "warehouse_id",
      "ordered_from",
      "ordered_to",
    ),
    component: lazyRouteComponent(() => import("@/features/purchasing/order-list"), "OrderList"),
  }),
  // "/purchase-orders/new" is the same page: the first save gives the draft its address without moving the form.
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/purchase-orders/$orderId",
    validateSearch: listSearch("supplier"),
    component: lazyRouteComponent(() => import("@/features/purchasing/order-page"), "OrderPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/purchase-orders/$orderId/receive",
    validateSearch: listSearch("receipt"),
    component: lazyRouteComponent(() => import("@/features/purchasing/receive"), "Receive"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/receipts",
    validateSearch: listSearch(
      "state",
      "supplier_id",
      "warehouse_id",
      "received_from",
      "received_to",
    ),
    component: lazyRouteComponent(
      () => import("@/features/purchasing/receipt-list"),
      "ReceiptList",
    ),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/receipts/$receiptId",
    component: lazyRouteComponent(
      () => import("@/features/purchasing/receipt-page"),
      "ReceiptPage",
    ),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/requisitions",
    validateSearch: listSearch("state", "warehouse_id", "product_id", "is_automatic"),
    component: lazyRouteComponent(
      () => import("@/features/purchasing/requisition-list"),
      "RequisitionList",
    ),
  }),
  // "/requisitions/new" and "/enquiries/new" are these pages too, as with the orders.
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/requisitions/$requisitionId",
    component: lazyRouteComponent(
      () => import("@/features/purchasing/requisition-page"),
      "RequisitionPage",
    ),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/enquiries",
    validateSearch: listSearch("state", "supplier_id"),
    component: lazyRouteComponent(
      () => import("@/features/purchasing/enquiry-list"),
      "EnquiryList",
    ),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/enquiries/$enquiryId",
    validateSearch: listSearch("requisition"),
    component: lazyRouteComponent(
      () => import("@/features/purchasing/enquiry-page"),
      "EnquiryPage",
    ),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/supplier-returns",
    validateSearch: listSearch("state", "supplier_id", "warehouse_id"),
    component: lazyRouteComponent(() => import("@/features/purchasing/return-list"), "ReturnList"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/supplier-returns/$returnId",
    component: lazyRouteComponent(() => import("@/features/purchasing/return-page"), "ReturnPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/purchasing-settings",
    component: lazyRouteComponent(
      () => import("@/features/purchasing/purchasing-settings"),
      "PurchasingSettingsPage",
    ),
  }),
] as const;
