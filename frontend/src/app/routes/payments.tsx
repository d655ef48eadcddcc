import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { listSearch } from "@/shared/ui/data-table/list-search";

import { shellRoute } from "./shell";

export const paymentsRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/payments",
    validateSearch: listSearch(
      "kind",
      "side",
      "state",
      "method",
      "party_id",
      "account_id",
      "paid_from",
      "paid_to",
      "is_matched",
      "is_unallocated",
    ),
    component: lazyRouteComponent(() => import("@/features/payments/payment-list"), "PaymentList"),
  }),
  // "/payments/new" is the form. `document` is an invoice or a bill: all else follows from it.
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/payments/$paymentId",
    validateSearch: listSearch("kind", "party", "document"),
    component: lazyRouteComponent(() => import("@/features/payments/payment-page"), "PaymentPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/bank-statements",
    validateSearch: listSearch("account_id"),
    component: lazyRouteComponent(
      () => import("@/features/payments/statement-list"),
      "StatementList",
    ),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/bank-statements/new",
    component: lazyRouteComponent(
      () => import("@/features/payments/statement-upload"),
      "StatementUpload",
    ),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/bank-statements/$statementId",
    validateSearch: listSearch("show"),
    component: lazyRouteComponent(
      () => import("@/features/payments/statement-page"),
      "StatementPage",
    ),
  }),
] as const;
