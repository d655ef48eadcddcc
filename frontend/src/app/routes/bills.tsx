import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { listSearch } from "@/shared/ui/data-table/list-search";

import { shellRoute } from "./shell";

export const billRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/bills",
    validateSearch: listSearch(
      "state",
      "kind",
      "supplier_id",
      "source_id",
      "issued_from",
      "issued_to",
      "is_open",
      "is_overdue",
    ),
    component: lazyRouteComponent(() => import("@/features/bills/bill-list"), "BillList"),
  }),
  // "/bills/new" is the same page: the first save gives the draft its address without moving the form.
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/bills/$billId",
    validateSearch: listSearch("supplier"),
    component: lazyRouteComponent(() => import("../bill-with-payments"), "BillWithPayments"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/bills/$billId/edit",
    component: lazyRouteComponent(() => import("@/features/bills/bill-page"), "EditBill"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/reports/payables-ageing",
    validateSearch: listSearch("on"),
    component: lazyRouteComponent(() => import("@/features/invoicing/ageing"), "PayablesAgeing"),
  }),
] as const;
