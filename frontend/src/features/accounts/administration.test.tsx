import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";

import { expectAccessible } from "@/testing/accessible";
import { anna, page, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

import { type User } from "./queries";

const rita: User = {
  id: "rita",
  version: 1,
  email: "rita@acme.example",
  name_en: "Rita",
  name_ar: "ريتا",
  language: "ar",
  roles: ["sales"],
  warehouse_ids: [],
  is_active: true,
  must_change_password: true,
  created_at: "2026-01-31T08:00:00.000Z",
  last_sign_in_at: null,
};
const admin = {
  ...anna,
  permissions: ["user:read", "user:create", "user:edit", "user:delete", "role:read", "role:edit"],
};
const sales = {
  id: "sales",
  version: 1,
  key: "sales",
  name_en: "Sales",
  name_ar: "المبيعات",
  permissions: ["invoice:*"],
  is_builtin: true,
  requires_second_factor: false,
  own_customers_only: false,
  own_warehouses_only: false,
};
const permission = (type: string, action: string) => ({
  permission: `${type}:${action}`,
  type,
  action,
  type_en: type,
  type_ar: type,
  action_en: action,
  action_ar: action,
});

test("a temporary password is shown until it was kept, and never again", async () => {
  server.use(
    ...signedIn(admin),
    http.get("/api/roles", () => HttpResponse.json(page([sales]))),
    http.post("/api/users", () =>
      HttpResponse.json({ user: rita, temporary_password: "quiet-river-17" }, { status: 201 }),
    ),
    http.get("/api/users/rita", () => HttpResponse.json(rita)),
  );
  const { user, router } = open("/users/new");
  await user.type(await screen.findByLabelText("Name in English"), "Rita");
  await user.type(screen.getByRole("textbox", { name: /Email/ }), rita.email);
  await user.click(screen.getByRole("button", { name: "Create user" }));
  await screen.findByText("quiet-river-17");
  await user.keyboard("{Escape}");
  expect(screen.getByText("quiet-river-17")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "I have kept it" }));
  await screen.findByRole("heading", { name: "Rita" });
  expect(router.state.location.pathname).toBe("/users/rita");
  expect(screen.queryByText("quiet-river-17")).not.toBeInTheDocument();
});

test("taking one action away from a whole type sends the others one by one", async () => {
  let sent: unknown;
  server.use(
    ...signedIn(admin),
    http.get("/api/roles/sales", () => HttpResponse.json(sales)),
    http.get("/api/permissions", () =>
      HttpResponse.json({
        items: [
          permission("invoice", "read"),
          permission("invoice", "post"),
          permission("user", "read"),
        ],
      }),
    ),
    http.patch("/api/roles/sales", async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json({ ...sales, permissions: ["invoice:read"], version: 2 });
    }),
    http.get("/api/roles", () => HttpResponse.json(page([sales]))),
  );
  const { user } = open("/roles/sales");
  const invoices = await screen.findByRole("group", { name: "invoice" });
  await user.click(within(invoices).getByRole("checkbox", { name: "invoice: post" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => {
    expect(sent).toEqual({ permissions: ["invoice:read"] });
  });
});

test("a password that was just reset is no change by somebody else to the form beside it", async () => {
  const saved: [string | null, unknown][] = [];
  server.use(
    ...signedIn(admin),
    http.get("/api/roles", () => HttpResponse.json(page([sales]))),
    http.get("/api/users/rita", () => HttpResponse.json(rita)),
    http.get("/api/users/rita/security", () =>
      HttpResponse.json({
        has_second_factor: false,
        requires_second_factor: false,
        recovery_codes_left: 0,
        passkeys: 0,
        locked_until: null,
      }),
    ),
    http.post("/api/users/rita/reset-password", () =>
      HttpResponse.json({ user: { ...rita, version: 2 }, temporary_password: "quiet-river-17" }),
    ),
    http.patch("/api/users/rita", async ({ request }) => {
      saved.push([request.headers.get("If-Match"), await request.json()]);
      return HttpResponse.json({ ...rita, version: 3, name_en: "Rita B" });
    }),
  );
  const { user } = open("/users/rita");
  await user.type(await screen.findByLabelText("Name in English"), " B");
  await user.click(screen.getByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name: "Reset the password" }));
  await user.click(await screen.findByRole("button", { name: "Reset the password" }));
  await screen.findByText("quiet-river-17");
  await user.click(screen.getByRole("button", { name: "I have kept it" }));
  expect(screen.queryByText(/changed in the meantime/)).toBeNull();
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => {
    expect(saved).toEqual([['"2"', { name_en: "Rita B" }]]);
  });
});

test("what people of a new role see is chosen with it", async () => {
  let sent: unknown;
  server.use(
    ...signedIn({ ...admin, permissions: [...admin.permissions, "role:create"] }),
    http.get("/api/permissions", () => HttpResponse.json({ items: [permission("party", "read")] })),
    http.post("/api/roles", async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json({ ...sales, id: "own" }, { status: 201 });
    }),
    http.get("/api/roles/own", () => HttpResponse.json({ ...sales, id: "own" })),
    http.get("/api/roles", () => HttpResponse.json(page([sales]))),
  );
  const { user, container } = open("/roles/new");
  await user.type(await screen.findByLabelText("Name in English"), "Own customers");
  await user.type(screen.getByRole("textbox", { name: /Key/ }), "own");
  await user.click(screen.getByRole("switch", { name: /^Only their own customers/ }));
  await user.click(screen.getByRole("switch", { name: /^Require a second factor/ }));
  await expectAccessible(container);
  await user.click(screen.getByRole("button", { name: "Create role" }));
  await screen.findByRole("heading", { name: "Sales" });
  expect(sent).toMatchObject({
    own_customers_only: true,
    own_warehouses_only: false,
    requires_second_factor: true,
  });
});

test("a limit that is switched on leaves what else was changed in the form", async () => {
  let sent: unknown;
  server.use(
    ...signedIn(admin),
    http.get("/api/roles/sales", () => HttpResponse.json(sales)),
    http.get("/api/permissions", () => HttpResponse.json({ items: [] })),
    http.patch("/api/roles/sales", async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json({ ...sales, ...(sent as object), version: 2 });
    }),
    http.get("/api/roles", () => HttpResponse.json(page([sales]))),
  );
  const { user } = open("/roles/sales");
  await user.type(await screen.findByLabelText("Name in English"), " team");
  await user.click(screen.getByRole("switch", { name: /^Only their own warehouses/ }));
  expect(screen.getByLabelText("Name in English")).toHaveValue("Sales team");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => {
    expect(sent).toEqual({ name_en: "Sales team", own_warehouses_only: true });
  });
});

test("whose password somebody else chose replaces it before anything else opens", async () => {
  const me = { ...anna, must_change_password: true };
  server.use(
    ...signedIn(me),
    http.post("/api/auth/password", () => new HttpResponse(null, { status: 204 })),
    http.get("/api/auth/me", () => HttpResponse.json({ ...me, must_change_password: false })),
    http.get("/api/products", () => HttpResponse.json(page([]))),
  );
  const { user, router } = open("/products");
  await user.type(await screen.findByLabelText("Present password"), "temporary-1");
  await user.type(screen.getByLabelText("New password"), "four unrelated words");
  await user.type(screen.getByLabelText("New password again"), "four unrelated words!");
  await user.click(screen.getByRole("button", { name: "Change password" }));
  await screen.findByText("The two are not the same.");
  await user.type(screen.getByLabelText("New password again"), "{Backspace}");
  await user.click(screen.getByRole("button", { name: "Change password" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/products");
  });
});

test("a session that one does not know is ended alone", async () => {
  const session = (id: string, is_current: boolean) => ({
    id,
    is_current,
    created_at: "2026-01-31T08:00:00.000Z",
    last_used_at: "2026-01-31T08:00:00.000Z",
    expires_at: "2026-02-28T08:00:00.000Z",
    ip_address: "192.0.2.7",
    device: "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36",
  });
  let ended = "";
  server.use(
    ...signedIn(),
    http.get("/api/auth/sessions", () =>
      HttpResponse.json(page([session("here", true), ...(ended ? [] : [session("there", false)])])),
    ),
    http.delete("/api/auth/sessions/:id", ({ params }) => {
      ended = String(params.id);
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { user } = open("/sessions");
  expect(await screen.findAllByText("Chrome, Windows")).toHaveLength(2);
  await user.click(screen.getByRole("button", { name: "End" }));
  await waitFor(() => {
    expect(screen.getAllByText("Chrome, Windows")).toHaveLength(1);
  });
  expect(ended).toBe("there");
});
