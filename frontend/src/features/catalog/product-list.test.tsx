import { screen, waitFor, within } from "@testing-library/react";
import { delay, http, HttpResponse } from "msw";
import { beforeEach, expect, test, vi } from "vitest";

import { changeLanguage } from "@/shared/i18n/i18n";
import { expectAccessible } from "@/testing/accessible";
import { anna, lamp, page, refuse, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

const desk = { ...lamp, id: "desk", sku: "DESK-02", name_en: "Oak desk", name_ar: "مكتب بلوط" };

/** Answers every question with the lamp and the desk, and remembers what was asked. */
function aShop() {
  const asked: URLSearchParams[] = [];
  server.use(
    ...signedIn(),
    http.get("/api/products", ({ request }) => {
      const query = new URL(request.url).searchParams;
      asked.push(query);
      if (query.get("after") === "page-2") return HttpResponse.json(page([desk]));
      return HttpResponse.json(page([lamp, desk], "page-2"));
    }),
    http.get("/api/products/:id", () => HttpResponse.json(desk)),
  );
  return asked;
}

const table = () => screen.findByRole("table", { name: "Products" });
const cell = (name: string) => screen.findByRole("cell", { name });

let asked: URLSearchParams[];
beforeEach(() => {
  asked = aShop();
});

test("the products are listed with their prices, and nothing is in a screen reader's way", async () => {
  const { container } = open("/products");
  const row = (await cell("LAMP-01")).closest("tr");
  expect(row).toHaveTextContent("1,250.50");
  expect(row).toHaveTextContent("Desk lamp");
  expect(row).toHaveTextContent("Active");
  await expectAccessible(container);
});

test("filters, sort and page of the address are what the server is asked", async () => {
  open("/products?kind=goods&sort=-price&q=lamp&after=page-2&limit=100");
  await cell("DESK-02");
  expect(Object.fromEntries(asked[0] ?? [])).toEqual({
    kind: "goods",
    sort: "-price",
    q: "lamp",
    after: "page-2",
    limit: "100",
  });
});

test("a filter that is chosen stands in the address and starts on the first page", async () => {
  const { user, router } = open("/products?after=page-2");
  await cell("DESK-02");
  await user.click(screen.getByRole("button", { name: "Kind" }));
  await user.click(await screen.findByText("Service"));
  await waitFor(() => {
    expect(router.state.location.search).toEqual({ kind: "service" });
  });
});

test("a header sorts, and sorts the other way when asked again", async () => {
  const { user, router } = open("/products");
  await cell("LAMP-01");
  await user.click(screen.getByRole("button", { name: "Price" }));
  await waitFor(() => {
    expect(router.state.location.search).toEqual({ sort: "price" });
  });
  expect(screen.getByRole("columnheader", { name: "Price" })).toHaveAttribute(
    "aria-sort",
    "ascending",
  );
  await user.click(screen.getByRole("button", { name: "Price" }));
  await waitFor(() => {
    expect(router.state.location.search).toEqual({ sort: "-price" });
  });
});

test("the next page, and the way back", async () => {
  const { user, router } = open("/products");
  await cell("LAMP-01");
  await user.click(screen.getByRole("button", { name: "Next page" }));
  await waitFor(() => {
    expect(screen.queryByText("LAMP-01")).not.toBeInTheDocument();
  });
  expect(router.state.location.search).toEqual({ after: "page-2" });
  await user.click(screen.getByRole("button", { name: "Previous page" }));
  await cell("LAMP-01");
  expect(router.state.location.search).toEqual({});
});

test("typing asks once, after the last key", async () => {
  const { user } = open("/products");
  await cell("LAMP-01");
  await user.type(screen.getByRole("searchbox"), "oak");
  await waitFor(() => {
    expect(asked.at(-1)?.get("q")).toBe("oak");
  });
  expect(asked.map((query) => query.get("q"))).toEqual([null, "oak"]);
});

test("an older search is cancelled by a newer one", async () => {
  const cancelled: string[] = [];
  const { user } = open("/products");
  await cell("LAMP-01");
  server.use(
    http.get("/api/products", async ({ request }) => {
      const q = new URL(request.url).searchParams.get("q") ?? "";
      request.signal.addEventListener("abort", () => cancelled.push(q));
      if (q === "o") await delay(2000);
      return HttpResponse.json(page([desk]));
    }),
  );
  const box = screen.getByRole("searchbox");
  await user.type(box, "o");
  await waitFor(() => {
    expect(window.location.search).toBe("?q=o");
  });
  await user.type(box, "ak");
  await waitFor(() => {
    expect(cancelled).toContain("o");
  });
});

test("j and k move, Enter opens, / searches", async () => {
  const { user, router } = open("/products");
  await cell("LAMP-01");
  await user.keyboard("j");
  expect((await cell("LAMP-01")).closest("tr")).toHaveFocus();
  await user.keyboard("j");
  expect((await cell("DESK-02")).closest("tr")).toHaveFocus();
  await user.keyboard("k");
  expect((await cell("LAMP-01")).closest("tr")).toHaveFocus();
  await user.keyboard("/");
  expect(screen.getByRole("searchbox")).toHaveFocus();
  (await cell("DESK-02")).closest("tr")?.focus();
  await user.keyboard("{Enter}");
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/products/desk");
  });
});

test("a click with Ctrl opens a new tab and leaves the list", async () => {
  const opened = vi.spyOn(window, "open").mockReturnValue(null);
  const { user, router } = open("/products");
  await user.keyboard("{Control>}");
  await user.click(
    within((await cell("LAMP-01")).closest("tr") ?? document.body).getByText("Goods"),
  );
  await user.keyboard("{/Control}");
  expect(opened).toHaveBeenCalledWith("/products/lamp", "_blank", "noopener");
  expect(router.state.location.pathname).toBe("/products");
});

test("columns are chosen in the address", async () => {
  open("/products?cols=name,sku");
  const headers = within(await table()).getAllByRole("columnheader");
  expect(headers.map((header) => header.textContent)).toEqual(["", "Name", "SKU"]);
});

test("a price is changed in its cell; Escape restores, a refusal stands at the cell", async () => {
  const prices: string[] = [];
  server.use(
    http.patch("/api/products/lamp", async ({ request }) => {
      const { price } = (await request.json()) as { price: string };
      prices.push(price);
      if (price === "-1")
        return refuse(422, {
          code: "invalid",
          errors: [{ pointer: "/price", code: "negative", message: "Enter 0 or more." }],
        });
      return HttpResponse.json({ ...lamp, price, version: 4 });
    }),
  );
  const { user } = open("/products");
  const edit = () => screen.findByRole("button", { name: /^Change the price of LAMP-01/ });
  const box = () => screen.findByRole("textbox", { name: "Change the price of LAMP-01" });
  // The names of units come later and draw the cells again.
  await screen.findAllByRole("cell", { name: "Piece" });
  await user.click(await edit());
  await user.type(await box(), "7{Escape}");
  expect(await edit()).toHaveTextContent("1,250.50");
  expect(prices).toEqual([]);
  await user.click(await edit());
  await user.clear(await box());
  await user.type(await box(), "-1{Enter}");
  await screen.findByText("Enter 0 or more.");
  await user.clear(await box());
  await user.type(await box(), "١٣٠٠{Enter}");
  await waitFor(async () => {
    expect(await edit()).toBeInTheDocument();
  });
  expect(prices).toEqual(["-1", "1300"]);
});

test("selected products are deactivated after a preview, and that can be undone", async () => {
  const sent: [string, boolean][] = [];
  server.use(
    http.patch("/api/products/:id", async ({ request, params }) => {
      const { is_active } = (await request.json()) as { is_active: boolean };
      sent.push([String(params.id), is_active]);
      return HttpResponse.json({ ...(params.id === "lamp" ? lamp : desk), is_active, version: 4 });
    }),
  );
  const { user } = open("/products");
  await cell("LAMP-01");
  await user.click(screen.getByRole("checkbox", { name: "Select this page" }));
  await user.click(screen.getByRole("button", { name: "Deactivate" }));
  await screen.findByText("2 products will be deactivated.");
  expect(sent).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Deactivate 2 products" }));
  await screen.findByText("2 products were deactivated.");
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await screen.findByText("2 products were activated.");
  expect(sent.map(([, active]) => active)).toEqual([false, false, true, true]);
});

test("the default view opens a list that was asked for plainly", async () => {
  server.use(
    http.get("/api/views", () =>
      HttpResponse.json(
        page([
          {
            id: "view",
            list_key: "products",
            name: "Services",
            state: { kind: "service" },
            is_shared: false,
            is_default: true,
            owner_id: anna.id,
            version: 1,
          },
        ]),
      ),
    ),
  );
  const { router } = open("/products");
  await screen.findByRole("button", { name: "Services" });
  expect(router.state.location.search).toEqual({ kind: "service" });
});

test("an empty list offers the first step", async () => {
  server.use(http.get("/api/products", () => HttpResponse.json(page([]))));
  open("/products");
  await screen.findByText("No products yet");
  expect(screen.getAllByRole("link", { name: "New product" })).toHaveLength(2);
});

test("a list narrowed to nothing offers to widen it", async () => {
  server.use(http.get("/api/products", () => HttpResponse.json(page([]))));
  const { user, router } = open("/products?kind=service");
  await user.click(await screen.findByRole("button", { name: "Clear filters" }));
  expect(router.state.location.search).toEqual({});
});

test("a failure says what happened, carries a reference, and can be tried again", async () => {
  server.use(
    http.get("/api/products", () => refuse(500, { title: "Broken", detail: "We are on it." }), {
      once: true,
    }),
  );
  const { user } = open("/products");
  await screen.findByText(/We are on it/);
  expect(screen.getByText("req-1")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await cell("LAMP-01");
});

test("who may not create is not offered it", async () => {
  server.use(...signedIn({ ...anna, permissions: ["product:read"] }));
  open("/products");
  await cell("LAMP-01");
  expect(screen.queryByRole("link", { name: "New product" })).not.toBeInTheDocument();
});

test("the language changes in place, and the search stays", async () => {
  open("/products?q=lamp");
  await cell("LAMP-01");
  await changeLanguage("ar");
  await screen.findByRole("cell", { name: "مصباح مكتب" });
  expect(document.documentElement.dir).toBe("rtl");
  expect(screen.getByRole("searchbox")).toHaveValue("lamp");
});
