import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";

import { ensureSession } from "@/shared/api/session";
import { type AccessQuestion } from "@/features/accounts/access-queries";
import { setupState } from "@/features/accounts/queries";

import { listSearch } from "@/shared/ui/data-table/list-search";

import { rootRoute } from "./root";
import { shellRoute } from "./shell";

// Only a path of this site: a link must not be able to send somebody elsewhere after signing in.
const ownPath = (value: unknown) =>
  typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : undefined;

// Said even when undefined: what a validator leaves out, the router keeps as it came.
const next = (raw: Record<string, unknown>): { next?: string | undefined } => ({
  next: ownPath(raw.next),
});

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

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
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/new-password",
    validateSearch: next,
    beforeLoad: async ({ search }) => {
      const session = await ensureSession();
      if (session.status !== "open") throw redirect({ to: "/sign-in", search, replace: true });
      if (!session.user.must_change_password)
        throw redirect({ href: search.next ?? "/", replace: true });
    },
    component: lazyRouteComponent(() => import("@/features/accounts/new-password"), "NewPassword"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/second-factor",
    validateSearch: next,
    beforeLoad: async ({ search }) => {
      const session = await ensureSession();
      if (session.status !== "open") throw redirect({ to: "/sign-in", search, replace: true });
      if (!session.user.must_set_up_second_factor)
        throw redirect({ href: search.next ?? "/", replace: true });
    },
    component: lazyRouteComponent(() => import("@/features/accounts/must-set-up"), "MustSetUp"),
  }),
] as const;

/** What stands inside the shell: the administration, and everybody's own account. */
export const administrationRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/users",
    validateSearch: listSearch("role", "is_active"),
    component: lazyRouteComponent(() => import("@/features/accounts/user-list"), "UserList"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/users/new",
    component: lazyRouteComponent(() => import("@/features/accounts/user-page"), "NewUser"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/users/$userId",
    component: lazyRouteComponent(() => import("@/features/accounts/user-page"), "UserPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/roles",
    component: lazyRouteComponent(() => import("@/features/accounts/role-list"), "RoleList"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/roles/new",
    component: lazyRouteComponent(() => import("@/features/accounts/role-page"), "NewRole"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/roles/$roleId",
    component: lazyRouteComponent(() => import("@/features/accounts/role-page"), "RolePage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/access",
    validateSearch: (raw: Record<string, unknown>): AccessQuestion => ({
      user: text(raw.user),
      kind: text(raw.kind),
      record: text(raw.record),
      permission: text(raw.permission),
      operation: text(raw.operation),
    }),
    component: lazyRouteComponent(() => import("@/features/accounts/access-page"), "AccessPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/company",
    component: lazyRouteComponent(() => import("@/features/accounts/company-page"), "CompanyPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/profile",
    component: lazyRouteComponent(() => import("@/features/accounts/profile"), "Profile"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/sessions",
    component: lazyRouteComponent(() => import("@/features/accounts/sessions"), "Sessions"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/tokens",
    component: lazyRouteComponent(() => import("@/features/accounts/tokens"), "Tokens"),
  }),
] as const;
