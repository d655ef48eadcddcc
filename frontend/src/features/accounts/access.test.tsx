import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, expect, test } from "vitest";

import { Problem } from "@/shared/api/problem";
import { lookAs } from "@/shared/api/view-as";
import { whyAsked } from "@/shared/ui/why";
import { expectAccessible } from "@/testing/accessible";
import { anna, page, refuse, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

const sales = {
  id: "sales",
  version: 1,
  key: "sales",
  name_en: "Sales",
  name_ar: "المبيعات",
  permissions: ["invoice:*"],
  is_builtin: true,
  requires_second_factor: false,
  own_customers_only: true,
  own_warehouses_only: false,
};
const admin = { ...anna, permissions: ["user:read", "role:read", "product:read"] };
const person = { id: "anna", name_en: "Anna", name_ar: "آنا" };
const choices = {
  kinds: [{ kind: "sales_order", name_en: "Sales orders", name_ar: "أوامر البيع" }],
  permissions: [],
};
const step = (rule: string, passed: boolean, said_en: string, change_en = "") => ({
  rule,
  passed,
  said_en,
  said_ar: said_en,
  change_en,
  change_ar: change_en,
});
const rights = {
  user: person,
  roles: [sales],
  permissions: [],
  own_customers_only: true,
  warehouse_ids: null,
  hidden: [],
};

afterEach(() => {
  lookAs(null);
});

test("looking as a role: a banner, its rights, its header on every question, and a way out", async () => {
  const asked: (string | null)[] = [];
  let began: unknown;
  server.use(
    ...signedIn(admin),
    http.get("/api/roles", () => HttpResponse.json(page([sales]))),
    http.get("/api/products", () => HttpResponse.json(page([]))),
    http.post("/api/access/view-as", async ({ request }) => {
      began = await request.json();
      return HttpResponse.json(sales);
    }),
    http.get("/api/auth/me", ({ request }) => {
      const role = request.headers.get("X-View-As");
      asked.push(role);
      return HttpResponse.json(role ? { ...admin, permissions: [], viewing_as: role } : admin);
    }),
  );
  const { user } = open("/");
  const menu = await screen.findByRole("button", { name: "Menu of Anna" });
  await user.click(menu);
  await user.click(await screen.findByRole("menuitem", { name: "View as role…" }));
  await screen.findByRole("dialog", { name: "View as role" });
  await user.keyboard("{Escape}");
  await waitFor(() => {
    expect(menu).toHaveFocus();
  });
  await user.click(menu);
  await user.click(await screen.findByRole("menuitem", { name: "View as role…" }));
  await user.click(await screen.findByRole("combobox", { name: "Role" }));
  await user.click(await screen.findByRole("option", { name: "Sales" }));
  await user.click(screen.getByRole("button", { name: "View" }));

  const banner = await screen.findByText(/as the role “Sales” would/);
  expect(began).toEqual({ role: "sales" });
  await waitFor(() => {
    expect(screen.queryByRole("link", { name: /Products/ })).not.toBeInTheDocument();
  });
  await user.click(screen.getByRole("button", { name: "Stop" }));
  await waitFor(() => {
    expect(banner).not.toBeInTheDocument();
  });
  expect((await screen.findAllByRole("link", { name: /Products/ })).length).toBeGreaterThan(0);
  expect(asked).toEqual(["sales", null]);
});

test("the access page says rule by rule why, and what would change it", async () => {
  server.use(
    ...signedIn(),
    http.get("/api/access/choices", () => HttpResponse.json(choices)),
    http.get("/api/access/rights", () => HttpResponse.json(rights)),
    http.get("/api/access/explain", ({ request }) => {
      const query = new URL(request.url).searchParams;
      expect(Object.fromEntries(query)).toEqual({ kind: "sales_order", record: "SO-7" });
      return HttpResponse.json({
        user: person,
        allowed: false,
        steps: [
          step("active", true, "The account is active."),
          step("record", false, "There is no such order.", "Ask somebody who sees more."),
        ],
      });
    }),
  );
  const { container } = open("/access?kind=sales_order&record=SO-7");
  const answer = await screen.findByRole("region", { name: "Answer" });
  expect(within(answer).getByText("There is no such order.")).toBeInTheDocument();
  expect(within(answer).getByText("Ask somebody who sees more.")).toBeInTheDocument();
  expect(
    within(answer)
      .getAllByRole("img")
      .map((one) => one.getAttribute("aria-label")),
  ).toEqual(["Passed", "Refused"]);
  expect(await screen.findByText("Own ones only")).toBeInTheDocument();
  // Who may not see users asks only about oneself.
  expect(screen.queryByRole("combobox", { name: "Who" })).not.toBeInTheDocument();
  await expectAccessible(container);
});

test("a page that is refused leads to why", async () => {
  server.use(
    ...signedIn(),
    http.get("/api/products/lamp", () => refuse(404, { code: "not_found" })),
    http.get("/api/access/choices", () => HttpResponse.json(choices)),
    http.get("/api/access/rights", () => HttpResponse.json(rights)),
    http.get("/api/access/explain", () =>
      HttpResponse.json({ user: person, allowed: false, steps: [] }),
    ),
  );
  const { user, router } = open("/products/lamp");
  await user.click(await screen.findByRole("link", { name: /Why can/ }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/access");
  });
  expect(router.state.location.search).toMatchObject({ kind: "product", record: "lamp" });
});

test("a command that is refused leads to why, with what was asked filled in", () => {
  const refused = (facts: Record<string, unknown>, status = 403) =>
    new Problem("forbidden", status, "", "", [], "", facts);
  expect(whyAsked(refused({ permission: "invoice:post" }), "/invoices/INV-7")).toEqual({
    kind: "invoice",
    record: "INV-7",
    permission: "invoice:post",
  });
  expect(whyAsked(refused({ operation: "balance_sheet" }), "/reports/balance-sheet")).toEqual({
    operation: "balance_sheet",
  });
  expect(whyAsked(refused({}), "/products/new")).toEqual({});
  expect(whyAsked(refused({}, 404), "/nowhere")).toBeNull();
  expect(whyAsked(refused({}, 409), "/invoices/INV-7")).toBeNull();
});
