import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";

import { refreshSession } from "@/shared/api/session";
import { expectAccessible } from "@/testing/accessible";
import { anna, lamp, page, refuse, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

const session = { access_token: "anna-1", expires_in: 600, user: anna };

const signedOut = (needed = false) => [
  ...signedIn().slice(1),
  http.post("/api/auth/refresh", () => refuse(401)),
  http.get("/api/setup", () => HttpResponse.json({ needed })),
  http.get("/api/products", () => HttpResponse.json(page([lamp]))),
];

test("who is not signed in signs in and comes back to the page that was asked for", async () => {
  server.use(
    ...signedOut(),
    http.post("/api/auth/sign-in", () => HttpResponse.json(session)),
  );
  const { user, router, container } = open("/products?kind=goods");
  await user.type(await screen.findByLabelText("Email"), anna.email);
  await user.type(screen.getByLabelText("Password"), "a good long sentence");
  await expectAccessible(container);
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await screen.findByRole("table", { name: "Products" });
  expect(router.state.location.href).toBe("/products?kind=goods");
});

test("a wrong password says so and keeps what was typed", async () => {
  server.use(
    ...signedOut(),
    http.post("/api/auth/sign-in", () =>
      refuse(401, { code: "wrong_credentials", detail: "This email and password do not match." }),
    ),
  );
  const { user } = open("/sign-in");
  await user.type(await screen.findByLabelText("Email"), anna.email);
  await user.type(screen.getByLabelText("Password"), "wrong");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await screen.findByText("This email and password do not match.");
  expect(screen.getByLabelText("Email")).toHaveValue(anna.email);
});

test("a link cannot send somebody to another site after signing in", async () => {
  server.use(
    ...signedOut(),
    http.post("/api/auth/sign-in", () => HttpResponse.json(session)),
  );
  const { user, router } = open("/sign-in?next=//evil.example/");
  await user.type(await screen.findByLabelText("Email"), anna.email);
  await user.type(screen.getByLabelText("Password"), "a good long sentence");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await screen.findByText("Welcome, Anna");
  expect(router.state.location.href).toBe("/");
});

test("signing out leaves for the sign-in page", async () => {
  let left = false;
  server.use(
    ...signedIn(),
    http.get("/api/setup", () => HttpResponse.json({ needed: false })),
    http.post("/api/auth/sign-out", () => {
      left = true;
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { user } = open("/");
  await user.click(await screen.findByRole("button", { name: "Menu of Anna" }));
  await user.click(await screen.findByRole("menuitem", { name: "Sign out" }));
  await screen.findByRole("heading", { name: "Sign in" });
  expect(left).toBe(true);
});

test("a session that ends in the middle of a form says so and loses nothing of it; nobody else gets it", async () => {
  let who = { ...anna, permissions: [...anna.permissions, "unit:read"] };
  server.use(
    ...signedIn(who),
    http.get("/api/setup", () => HttpResponse.json({ needed: false })),
    http.post("/api/auth/sign-in", () =>
      HttpResponse.json({ access_token: "next", expires_in: 600, user: who }),
    ),
  );
  const { user, router } = open("/products/new");
  await user.type(await screen.findByRole("textbox", { name: "Name in English" }), "Desk fan");
  server.use(http.post("/api/auth/refresh", () => refuse(401)));
  const comeBack = async () => {
    await refreshSession();
    expect(await screen.findByText(/Your session has ended/)).toBeVisible();
    await user.type(screen.getByLabelText("Email"), who.email);
    await user.type(screen.getByLabelText("Password"), "a good long sentence");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    await screen.findByRole("heading", { name: "New product" });
    expect(router.state.location.pathname).toBe("/products/new");
  };
  await comeBack();
  expect(screen.getByRole("textbox", { name: "Name in English" })).toHaveValue("Desk fan");
  who = { ...who, id: "rita", name_en: "Rita" };
  await comeBack();
  expect(screen.getByRole("textbox", { name: "Name in English" })).toHaveValue("");
});

test("the first visitor sets the company up and is signed in", async () => {
  let sent: unknown;
  server.use(
    ...signedOut(true),
    http.post("/api/setup", async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json(session, { status: 201 });
    }),
  );
  const { user, container } = open("/");
  await screen.findByRole("heading", { name: "Set up your company" });
  await user.type(screen.getByLabelText("Name in English"), "Acme");
  await user.type(screen.getByLabelText("VAT number"), "٣١٠١٢٢٣٩٣٥٠٠٠٠٣");
  await user.type(screen.getByLabelText("Your name"), "Anna");
  await user.type(screen.getByLabelText("Email"), anna.email);
  await user.type(screen.getByLabelText("Password"), "a good long sentence");
  expect(screen.getByText("Strong")).toBeInTheDocument();
  await expectAccessible(container);
  await user.click(screen.getByRole("button", { name: "Create the company" }));
  await screen.findByText("Welcome, Anna");
  expect(sent).toMatchObject({
    company: { name_en: "Acme", vat_number: "310122393500003", other_id_scheme: "" },
    admin: { email: anna.email, name_en: "Anna", language: "en" },
  });
});

test("what set-up needs is said at the fields, and the password is never kept in a draft", async () => {
  server.use(...signedOut(true));
  const { user } = open("/set-up");
  await user.type(await screen.findByLabelText("VAT number"), "123");
  await user.type(screen.getByLabelText("Password"), "short");
  await user.click(screen.getByRole("button", { name: "Create the company" }));
  await screen.findByText("A VAT number has 15 digits and begins and ends with 3.");
  expect(screen.getByText("Write the name in one of the two languages.")).toBeInTheDocument();
  expect(screen.getByText("Use at least 12 characters.")).toBeInTheDocument();
  await waitFor(() => {
    expect(sessionStorage.getItem("alawael.draft.set-up")).toContain("123");
  });
  expect(sessionStorage.getItem("alawael.draft.set-up")).not.toContain("short");
});
