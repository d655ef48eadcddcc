import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { listSearch } from "@/shared/ui/data-table/list-search";

import { shellRoute } from "./shell";

export const ledgerRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/journal-entries",
    validateSearch: listSearch("date_from", "date_to", "kind", "account_id", "party_id"),
    component: lazyRouteComponent(() => import("@/features/ledger/entry-list"), "EntryList"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/journal-entries/new",
    component: lazyRouteComponent(() => import("@/features/ledger/entry-editor"), "NewEntry"),
  }),
  // The id of an entry, or its number as reports write it.
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/journal-entries/$entryId",
    component: lazyRouteComponent(() => import("@/features/ledger/entry-page"), "EntryPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/accounts",
    component: lazyRouteComponent(() => import("@/features/ledger/chart"), "Chart"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/account-roles",
    component: lazyRouteComponent(() => import("@/features/ledger/account-roles"), "AccountRoles"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/periods",
    component: lazyRouteComponent(() => import("@/features/ledger/periods"), "Periods"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/reports/trial-balance",
    validateSearch: listSearch("from", "to", "zero"),
    component: lazyRouteComponent(() => import("@/features/ledger/trial-balance"), "TrialBalance"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/reports/general-ledger",
    validateSearch: listSearch("from", "to", "account", "party"),
    component: lazyRouteComponent(
      () => import("@/features/ledger/general-ledger"),
      "GeneralLedger",
    ),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/reports/profit-and-loss",
    validateSearch: listSearch("from", "to"),
    component: lazyRouteComponent(
      () => import("@/features/ledger/profit-and-loss"),
      "ProfitAndLoss",
    ),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/reports/balance-sheet",
    validateSearch: listSearch("on"),
    component: lazyRouteComponent(() => import("@/features/ledger/balance-sheet"), "BalanceSheet"),
  }),
] as const;
