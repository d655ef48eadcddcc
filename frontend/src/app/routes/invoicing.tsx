import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { listSearch } from "@/shared/ui/data-table/list-search";

import { shellRoute } from "./shell";

export const invoicingRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/invoices",
    validateSearch: listSearch(
      "kind",
      "type",
      "state",
      "customer_id",
      "issued_from",
      "issued_to",
      "is_open",
      "is_overdue",
    ),
    component: lazyRouteComponent(() => import("@/features/invoicing/invoice-list"), "InvoiceList"),
  }),
  // "/invoices/new" is the same page: the first save gives the draft its address without moving the form.
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/invoices/$invoiceId",
    validateSearch: listSearch("customer"),
    component: lazyRouteComponent(() => import("../invoice-with-payments"), "InvoiceWithPayments"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/invoicing-settings",
    component: lazyRouteComponent(
      () => import("@/features/invoicing/invoicing-settings"),
      "InvoicingSettingsPage",
    ),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/reports/vat-return",
    validateSearch: listSearch("from", "to"),
    component: lazyRouteComponent(() => import("@/features/invoicing/vat-return"), "VatReturn"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/reports/receivables-ageing",
    validateSearch: listSearch("on"),
    component: lazyRouteComponent(() => import("@/features/invoicing/ageing"), "Ageing"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/reports/statements",
    validateSearch: listSearch("party", "from", "to"),
    component: lazyRouteComponent(() => import("@/features/invoicing/statement"), "Statement"),
  }),
] as const;
