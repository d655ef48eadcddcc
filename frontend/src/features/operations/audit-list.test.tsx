import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";

import { anna, page, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

import arabic from "@/shared/i18n/ar/operations.json";
import english from "@/shared/i18n/en/operations.json";
import { verbs } from "@/shared/ui/audit-timeline";

import { actions, types } from "./audit-list";
import { type AuditEvent, inMoments } from "./queries";
import { lastPart } from "./words";

const changed: AuditEvent = {
  id: "e1",
  at: "2026-01-31T08:00:00.000Z",
  actor_id: "anna",
  actor_name: "Anna",
  action: "product.changed",
  record_type: "catalog.product",
  record_id: "lamp",
  changes: { price: ["10.00", "12.50"] },
  seal: 7,
};

test("the trail says whether it is whole, and shows old beside new", async () => {
  server.use(
    ...signedIn({ ...anna, permissions: ["audit:read"] }),
    http.get("/api/audit", () => HttpResponse.json(page([changed]))),
    http.get("/api/audit/proof", () =>
      HttpResponse.json({ holds: false, contradictions: ["Seal 3"], sealed: 7, waiting: 1 }),
    ),
  );
  const { user } = open("/audit");
  await screen.findByText("The trail has been tampered with");
  const row = (await screen.findByText("changed")).closest("tr");
  if (row) await user.click(row);
  const drawer = await screen.findByRole("dialog");
  expect(within(drawer).getByText("10.00").closest("del")).not.toBeNull();
  expect(within(drawer).getByText("12.50").closest("ins")).not.toBeNull();
});

test("days of a filter become the moments at which they begin and end here", () => {
  const asked = inMoments({ since: "2026-01-31", until: "2026-01-31" });
  const hours = (Date.parse(String(asked.until)) - Date.parse(String(asked.since))) / 3_600_000;
  expect(hours).toBe(24);
  expect(inMoments({ limit: 50 })).toEqual({ limit: 50 });
});

test("whatever the trail speaks of is called something in both languages", () => {
  for (const words of [english, arabic]) {
    const said = [...verbs, ...actions.map(lastPart)].filter((verb) => !(verb in words.verb));
    expect(said).toEqual([]);
    expect(types.map(lastPart).filter((type) => !(type in words.type))).toEqual([]);
  }
});
