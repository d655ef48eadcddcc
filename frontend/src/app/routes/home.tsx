import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { shellRoute } from "./shell";

export const homeRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/",
    component: lazyRouteComponent(() => import("../home"), "Home"),
  }),
] as const;
