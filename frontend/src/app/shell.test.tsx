import { notifications } from "@mantine/notifications";
import { act, screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";

import { anna, lamp, page, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

import { navigation, shownNavigation } from "./navigation";
import { palette } from "./palette-store";

beforeEach(() => {
  palette.close();
  server.use(
    ...signedIn(),
    http.get("/api/products", () => HttpResponse.json(page([lamp]))),
  );
});

test("the menu shows what exists and is allowed", () => {
  const shown = shownNavigation(
    (path) => path !== "/imports",
    (what) => what !== "invoice:read",
  );
  const names = shown.flatMap((group) => group.pages.map((one) => one.name));
  expect(names).toContain("products");
  expect(names).not.toContain("invoices");
  expect(names).not.toContain("imports");
  expect(shown.map((group) => group.name)).not.toContain("data");
  expect(names).toHaveLength(navigation.flatMap((group) => [...group.pages]).length - 2);
});

test("who may not see products does not find them in the menu", async () => {
  server.use(...signedIn({ ...anna, permissions: [] }));
  open("/");
  await screen.findByText("Welcome, Anna");
  expect(screen.queryByRole("link", { name: /Products/ })).not.toBeInTheDocument();
});

test("Ctrl K finds a page by its Arabic name while the app speaks English", async () => {
  const { user, router } = open("/");
  await screen.findByText("Welcome, Anna");
  await screen.findAllByRole("link", { name: /Products/ });
  await user.click(screen.getByRole("button", { name: /Search or jump/ }));
  await user.type(await screen.findByRole("textbox", { name: /Search or jump/ }), "منتجات");
  await user.click(await screen.findByRole("button", { name: "Products" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/products");
  });
});

test("the palette finds records", async () => {
  const { user } = open("/");
  await screen.findByText("Welcome, Anna");
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("textbox", { name: /Search or jump/ }), "lamp");
  expect(await screen.findByRole("button", { name: /Desk lamp/ })).toHaveTextContent("LAMP-01");
});

test("? lists the keys", async () => {
  const { user } = open("/");
  await screen.findByText("Welcome, Anna");
  await user.keyboard("?");
  expect(await screen.findByText("Next row")).toBeInTheDocument();
});

test("an address that leads nowhere says so", async () => {
  open("/nowhere");
  await screen.findByRole("heading", { name: "There is no such page", level: 1 });
  // The way on is beside it.
  expect(screen.getByRole("navigation", { name: "Menu" })).toBeVisible();
});

test("a note says in the reader's language how to close it", async () => {
  const { user } = open("/");
  await screen.findByText("Welcome, Anna");
  act(() => {
    notifications.show({ message: "Saved", autoClose: false });
  });
  const note = await screen.findByRole("alert");
  expect(within(note).getByRole("button", { name: "Close" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "العربية" }));
  await user.click(await within(note).findByRole("button", { name: "إغلاق" }));
  await waitFor(() => {
    expect(note).not.toBeInTheDocument();
  });
});
