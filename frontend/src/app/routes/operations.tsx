import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

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
    path: "/health",
    component: lazyRouteComponent(() => import("@/features/operations/health"), "HealthPage"),
  }),
] as const;
