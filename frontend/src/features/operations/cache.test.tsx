import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";

import { anna, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

import { type CacheFigures } from "./cache-queries";

const figures: CacheFigures = {
  state: "operational",
  hit_ratio: 0.915,
  hits: 915,
  misses: 85,
  processes: 2,
  entries: 40,
  bytes: 1_500_000,
  most_bytes: 134_000_000,
  evicted: 3,
  oldest_at: "2026-01-31T08:00:00.000Z",
  routes: [
    {
      operation: "list_products",
      path: "/api/products",
      is_on: true,
      per_user: false,
      hits: 900,
      misses: 80,
      bypasses: 0,
      guarded: 5,
      hit_ratio: 0.913,
    },
  ],
};

test("the figures stand there, a route is switched off, and answers are thrown away", async () => {
  const sent: unknown[] = [];
  let now = figures;
  server.use(
    ...signedIn({ ...anna, permissions: ["cache:read", "cache:manage"] }),
    http.get("/api/cache", () => HttpResponse.json(now)),
    http.put("/api/cache/routes/list_products", async ({ request }) => {
      sent.push(await request.json());
      const routes = figures.routes.map((route) => ({ ...route, is_on: false }));
      now = { ...figures, routes };
      return HttpResponse.json(now);
    }),
    http.post("/api/cache/purge", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ operations: ["list_products"] });
    }),
  );
  const { user } = open("/cache");
  await screen.findByText("91.5%");
  const row = (await screen.findByText("/api/products")).closest("tr");
  const toggle = within(row ?? document.body).getByRole("switch");
  await user.click(toggle);
  await user.type(screen.getByLabelText("Addresses"), "/api/products*");
  await user.click(screen.getByRole("button", { name: "Throw these away" }));
  await screen.findByText("They will be made anew when they are asked for.");
  expect(toggle).not.toBeChecked();
  expect(sent).toEqual([{ is_on: false }, { everything: false, pattern: "/api/products*" }]);
});

test("who may only look finds nothing to press", async () => {
  server.use(
    ...signedIn({ ...anna, permissions: ["cache:read"] }),
    http.get("/api/cache", () => HttpResponse.json(figures)),
  );
  open("/cache");
  await screen.findByText("/api/products");
  expect(screen.getByRole("switch")).toBeDisabled();
  expect(screen.queryByRole("button", { name: "Throw everything away" })).toBeNull();
});
