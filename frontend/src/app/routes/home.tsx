import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { NotFound } from "../not-found";
import { shellRoute } from "./shell";

// Said even when undefined: what a validator leaves out, the router keeps as it came.
const period = (
  raw: Record<string, unknown>,
): { end?: string | undefined; months?: string | undefined } => ({
  end: typeof raw.end === "string" && /^\d{4}-\d\d-\d\d$/.test(raw.end) ? raw.end : undefined,
  months: ["3", "6", "12", "24"].find((months) => months === raw.months),
});

export const homeRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/",
    validateSearch: period,
    component: lazyRouteComponent(() => import("../home"), "Home"),
  }),
  // An address that leads nowhere, too, has the menu beside it.
  createRoute({ getParentRoute: () => shellRoute, path: "$", component: NotFound }),
] as const;
