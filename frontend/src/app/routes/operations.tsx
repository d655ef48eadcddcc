import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { type SecuritySpan, spans } from "@/features/operations/security-queries";
import { listSearch } from "@/shared/ui/data-table/list-search";

import { shellRoute } from "./shell";

export const operationsRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/audit",
    validateSearch: listSearch(
      "record_type",
      "record_id",
      "actor_id",
      "action",
      "since",
      "until",
      "event",
    ),
    component: lazyRouteComponent(() => import("@/features/operations/audit-list"), "AuditList"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/security",
    validateSearch: (raw: Record<string, unknown>): { span?: SecuritySpan } => {
      const span = spans.find((known) => known === raw.span);
      return span ? { span } : {};
    },
    component: lazyRouteComponent(() => import("@/features/operations/security"), "SecurityPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/security/events",
    validateSearch: listSearch("kind", "address", "user_id", "since", "until"),
    component: lazyRouteComponent(
      () => import("@/features/operations/security-events"),
      "SecurityEvents",
    ),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/jobs",
    validateSearch: listSearch("state", "task"),
    component: lazyRouteComponent(() => import("@/features/operations/job-list"), "JobList"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/jobs/$jobId",
    component: lazyRouteComponent(() => import("@/features/operations/job-page"), "JobPage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/cache",
    component: lazyRouteComponent(() => import("@/features/operations/cache"), "CachePage"),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: "/health",
    component: lazyRouteComponent(() => import("@/features/operations/health"), "HealthPage"),
  }),
] as const;
