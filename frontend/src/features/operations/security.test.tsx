import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";

import { anna, page, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

import { type SecurityEvent, type ThreatReport } from "./security-queries";

const report: ThreatReport = {
  since: "2026-03-30T08:00:00.000Z",
  until: "2026-03-31T08:00:00.000Z",
  kinds: [
    { key: "locked", name: "locked", count: 0 },
    { key: "permission_refused", name: "permission_refused", count: 40 },
  ],
  addresses: [{ key: "203.0.113.7", name: "203.0.113.7", count: 43 }],
  users: [{ key: "sami", name: "Sami", count: 40 }],
  anomalies: [
    {
      id: "a1",
      rule: "probing",
      at: "2026-03-31T07:00:00.000Z",
      count: 40,
      subject: "sami",
      name: "Sami",
    },
  ],
};

const probed: SecurityEvent = {
  id: "e1",
  kind: "permission_refused",
  first_at: "2026-03-31T06:58:00.000Z",
  last_at: "2026-03-31T07:00:00.000Z",
  count: 40,
  address: "203.0.113.7",
  user_id: "sami",
  user_name: "Sami",
  detail: "user:edit",
};

test("a pattern is told first, and a figure leads to its events", async () => {
  const asked: string[] = [];
  server.use(
    ...signedIn({ ...anna, permissions: ["security:read"] }),
    http.get("/api/security/report", ({ request }) => {
      asked.push(new URL(request.url).searchParams.get("since") ?? "");
      return HttpResponse.json(report);
    }),
    http.get("/api/security/events", ({ request }) =>
      HttpResponse.json(page(request.url.includes("kind=permission_refused") ? [probed] : [])),
    ),
  );
  const { user } = open("/security");
  await screen.findByText("Somebody tries what they may not");
  await user.click(screen.getByText("30 days"));
  await screen.findByText("Somebody tries what they may not");
  const days = (Date.parse(asked[0] ?? "") - Date.parse(asked.at(-1) ?? "")) / 86_400_000;
  expect(Math.round(days)).toBe(29);
  await user.click(screen.getByRole("link", { name: "40" }));
  const row = (await screen.findByText("user:edit")).closest("tr");
  expect(within(row ?? document.body).getByText("203.0.113.7")).toBeVisible();
});
