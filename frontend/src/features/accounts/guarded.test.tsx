import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";

import { expectAccessible } from "@/testing/accessible";
import { anna, page, refuse, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

const session = { access_token: "anna-1", expires_in: 600, user: anna };
const guard = {
  has_second_factor: false,
  requires_second_factor: false,
  recovery_codes_left: 0,
};
const codes = Array.from({ length: 10 }, (_, number) => `abcd-efgh-jkmn-pqrs-tuvw-xy2${number}`);

test("a code is asked for after the password, and a wrong one says so at its field", async () => {
  let sent: unknown;
  server.use(
    ...signedIn().slice(1),
    http.post("/api/auth/refresh", () => refuse(401)),
    http.get("/api/setup", () => HttpResponse.json({ needed: false })),
    http.post("/api/auth/sign-in", () =>
      HttpResponse.json({ challenge: "half-way", expires_in: 300 }, { status: 202 }),
    ),
    http.post("/api/auth/sign-in/second-factor", async ({ request }) => {
      sent = await request.json();
      if ((sent as { code: string }).code === "000000")
        return refuse(422, {
          errors: [{ pointer: "/code", code: "wrong_code", message: "This code is wrong." }],
        });
      return HttpResponse.json(session);
    }),
  );
  const { user, container } = open("/sign-in");
  await user.type(await screen.findByLabelText("Email"), anna.email);
  await user.type(screen.getByLabelText("Password"), "a good long sentence");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await user.type(await screen.findByLabelText("Code"), "000000");
  await expectAccessible(container);
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await screen.findByText("This code is wrong.");
  await user.clear(screen.getByLabelText("Code"));
  await user.type(screen.getByLabelText("Code"), "123456");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await screen.findByText("Welcome, Anna");
  expect(sent).toEqual({ challenge: "half-way", code: "123456" });
});

test("a person sets the second factor up and keeps the recovery codes", async () => {
  server.use(
    ...signedIn(),
    http.get("/api/auth/security", () => HttpResponse.json(guard)),
    http.get("/api/auth/passkeys", () => HttpResponse.json(page([]))),
    http.get("/api/auth/me", () => HttpResponse.json({ ...anna, has_second_factor: true })),
    http.post("/api/auth/second-factor", () =>
      HttpResponse.json({ secret: "ABCDEFGHIJKLMNOP", uri: "otpauth://", qr: "data:," }),
    ),
    http.post("/api/auth/second-factor/confirm", () => HttpResponse.json({ codes })),
  );
  const { user } = open("/profile");
  await user.click(await screen.findByRole("button", { name: "Set up" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.type(dialog.getByLabelText("Present password"), "a good long sentence");
  await user.click(dialog.getByRole("button", { name: "Continue" }));
  await dialog.findByText("ABCD EFGH IJKL MNOP");
  await expectAccessible(screen.getByRole("dialog"));
  await user.type(dialog.getByLabelText("Six digits from the app"), "123456");
  await user.click(dialog.getByRole("button", { name: "Switch on" }));
  expect(await dialog.findAllByRole("listitem")).toHaveLength(10);
  await user.click(dialog.getByRole("button", { name: "I have kept it" }));
  await screen.findByText("The second factor is on; your other sessions have ended");
});

test("who must set it up sees nothing else", async () => {
  server.use(...signedIn({ ...anna, must_set_up_second_factor: true }));
  const { router } = open("/products");
  await screen.findByRole("heading", { name: "Set up a second factor" });
  expect(router.state.location.href).toBe("/second-factor?next=%2Fproducts");
});

test("an administrator sees a lock and opens it", async () => {
  const locked = { ...guard, locked_until: "2026-01-31T08:15:00.000Z", passkeys: 2, sessions: 1 };
  server.use(
    ...signedIn({ ...anna, permissions: ["user:read", "user:edit", "role:read"] }),
    http.get("/api/roles", () => HttpResponse.json(page([]))),
    http.get("/api/users/rita", () =>
      HttpResponse.json({
        id: "rita",
        version: 1,
        email: "rita@acme.example",
        name_en: "Rita",
        name_ar: "",
        language: "en",
        roles: [],
        is_active: true,
        must_change_password: false,
        created_at: "2026-01-01T08:00:00.000Z",
        last_sign_in_at: null,
      }),
    ),
    http.get("/api/users/rita/security", () => HttpResponse.json(locked)),
    http.post("/api/users/rita/unlock", () => HttpResponse.json({ ...locked, locked_until: null })),
  );
  const { user } = open("/users/rita");
  await screen.findByText(/^Locked until/);
  expect(screen.getByText("2 passkeys")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Unlock now" }));
  await screen.findByText("Open");
});
