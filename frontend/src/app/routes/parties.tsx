import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { listSearch } from "@/shared/ui/data-table/list-search";

import { shellRoute } from "./shell";

const partyPage = () => import("@/features/parties/party-page");

export const partiesRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/parties",
    validateSearch: listSearch("is_customer", "is_supplier", "is_business", "country", "is_active"),
    component: lazyRouteComponent(() => import("@/features/parties/party-list"), "PartyList"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/parties/new",
    component: lazyRouteComponent(partyPage, "NewParty"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/parties/$partyId",
    component: lazyRouteComponent(partyPage, "PartyPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/parties/$partyId/edit",
    component: lazyRouteComponent(partyPage, "EditParty"),
  }),
] as const;
