import { queryOptions } from "@tanstack/react-query";

import { ask, client, type Schemas } from "@/shared/api/client";
import { type ListQuery } from "@/shared/ui/data-table/list-search";

import { inMoments } from "./queries";

export type SecurityEvent = Schemas["SecurityEventOut"];
export type ThreatCount = Schemas["ThreatCount"];
export type ThreatReport = Schemas["ThreatReportOut"];

export const spans = ["day", "week", "month"] as const;
export type SecuritySpan = (typeof spans)[number];

const hours = { day: 24, week: 7 * 24, month: 30 * 24 };

/** The last hours before now. Whoever looks on gets new figures every minute. */
export const threatReport = (span: SecuritySpan) =>
  queryOptions({
    queryKey: ["operations", "security", span],
    queryFn: ({ signal }) => {
      const since = new Date(Date.now() - hours[span] * 3_600_000).toISOString();
      return ask(client.GET("/api/security/report", { params: { query: { since } }, signal }));
    },
    refetchInterval: 60_000,
  });

export const securityEvents = (query: ListQuery) =>
  queryOptions({
    queryKey: ["operations", "security-events", query],
    queryFn: ({ signal }) =>
      ask(client.GET("/api/security/events", { params: { query: inMoments(query) }, signal })),
  });
