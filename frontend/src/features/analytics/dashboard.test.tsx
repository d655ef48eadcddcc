import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";

import { expectAccessible } from "@/testing/accessible";
import { anna, lamp, page, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

import { type Dashboard } from "./queries";

const figures: Dashboard = {
  start: "2026-01-01",
  end: "2026-02-28",
  revenue: [
    { month: "2026-01-01", invoiced: "100.00", credited: "0.00", net: "100.00", documents: 1 },
    { month: "2026-02-01", invoiced: "90.00", credited: "40.00", net: "50.00", documents: 2 },
  ],
  revenue_total: "150.00",
  revenue_before: "100.00",
  documents: 3,
  products: [{ id: "lamp", code: "LAMP-01", name_en: "Desk lamp", name_ar: "", amount: "150.00" }],
  customers: [],
  receivables: {
    current: "10.00",
    days_1_30: "0.00",
    days_31_60: "0.00",
    days_61_90: "0.00",
    days_over_90: "30.00",
  },
  receivables_total: "40.00",
  overdue_total: "30.00",
  drafts: 2,
};
const reader = { ...anna, permissions: ["report:read", "product:read", "product:create"] };

test("figures are compared with the span before, and the chart has a table behind it", async () => {
  server.use(
    ...signedIn(reader),
    http.get("/api/dashboard", () => HttpResponse.json(figures)),
  );
  const { user, container } = open("/");
  await screen.findByText("+50%");
  expect(screen.getByText("75% of the receivables")).toBeInTheDocument();
  await expectAccessible(container);
  await user.click(screen.getByRole("button", { name: "As a table" }));
  const table = screen.getByRole("table", { name: "Revenue by month" });
  expect(within(table).getByText("40.00")).toBeInTheDocument();
  expect(screen.getByRole("link", { name: /Desk lamp/ })).toHaveAttribute("href", "/products/lamp");
});

test("the period stands in the address and is asked for", async () => {
  const asked: string[] = [];
  server.use(
    ...signedIn(reader),
    http.get("/api/dashboard", ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json(figures);
    }),
  );
  const { user, router } = open("/?months=3");
  await user.click(await screen.findByRole("button", { name: "Earlier period" }));
  await screen.findByText("+50%");
  expect(router.state.location.href).toBe("/?months=3&end=2025-11-30");
  expect(asked.at(-1)).toBe("?months=3&end=2025-11-30");
});

test("a new company sees its first steps, with what is done ticked", async () => {
  server.use(
    ...signedIn(reader),
    http.get("/api/dashboard", () =>
      HttpResponse.json({ ...figures, documents: 0, revenue_before: "0.00", drafts: 0 }),
    ),
    http.get("/api/products", () => HttpResponse.json(page([lamp]))),
  );
  open("/");
  await screen.findByRole("img", { name: "Done" });
  expect(screen.getByRole("link", { name: "Add product" })).toBeInTheDocument();
  expect(screen.queryByRole("link", { name: "Open company" })).not.toBeInTheDocument();
});
