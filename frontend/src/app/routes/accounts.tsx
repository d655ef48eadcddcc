import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";

import { ensureSession } from "@/shared/api/session";
import { setupState } from "@/features/accounts/queries";

import { rootRoute } from "./root";

// Only a path of this site: a link must not be able to send somebody elsewhere after signing in.
const ownPath = (value: unknown) =>
  typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : undefined;

// Said even when undefined: what a validator leaves out, the router keeps as it came.
const next = (raw: Record<string, unknown>): { next?: string | undefined } => ({
  next: ownPath(raw.next),
});

export const accountsRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/sign-in",
    validateSearch: next,
    beforeLoad: async ({ search, context }) => {
      const session = await ensureSession();
      if (session.status === "open") throw redirect({ href: search.next ?? "/", replace: true });
      const setup = await context.queries.query(setupState());
      if (setup.needed) throw redirect({ to: "/set-up", replace: true });
    },
    component: lazyRouteComponent(() => import("@/features/accounts/sign-in"), "SignIn"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/set-up",
    beforeLoad: async ({ context }) => {
      const setup = await context.queries.query(setupState());
      if (!setup.needed) throw redirect({ to: "/sign-in", search: {}, replace: true });
    },
    component: lazyRouteComponent(() => import("@/features/accounts/set-up"), "SetUp"),
  }),
] as const;
