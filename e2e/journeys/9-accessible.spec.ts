import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import { type Page } from "@playwright/test";

import { asAdmin, expect, postedInvoice, signIn, test } from "../company";

const web = path.resolve(import.meta.dirname, "../../frontend");
/** An id that nothing has: its page says so, and is a page like the others. */
const nowhere = "01900000-0000-7000-8000-000000000000";
/** Pages of those who are not signed in; what else is asked of them the first journeys see. */
const outside = new Set([
  "/sign-in",
  "/set-up",
  "/new-password",
  "/second-factor",
]);
/** Where the records of a page come from, when its address is not the API's. */
const lists: Record<string, string> = {
  "stock-adjustments": "stock/adjustments",
  "stock/products": "products",
  lots: "stock/lots",
};

// What moves has other colours on its way.
test.use({ contextOptions: { reducedMotion: "reduce" } });

const axe = readFile(
  path.join(web, "node_modules/axe-core/axe.min.js"),
  "utf8",
);

type Finding = { id: string; impact: string | null; nodes: { html: string }[] };

test("every page can be used without seeing it, in both languages and both themes", async ({
  page,
  browser,
}) => {
  test.setTimeout(900_000);
  const { id } = await postedInvoice(page);
  const api = await asAdmin(page);
  await oneOfEach(api);
  const left = await routes();
  const found: string[] = [];

  /** Walks through the pages that nobody has looked at yet. */
  async function walk(window: Page) {
    await signIn(window);
    for (let route = left.shift(); route; route = left.shift()) {
      const parameter = /^\/(.+?)\/\$\w+/.exec(route)?.[1];
      const record =
        parameter === "invoices"
          ? id
          : parameter &&
            (await api.list(`${lists[parameter] ?? parameter}?limit=1`))[0]?.id;
      await window.goto(route.replace(/\$\w*/, record ?? nowhere));
      found.push(...(await findingsOf(window, route)));
    }
  }
  // Most of the time is waiting, so two walk; each has a language of its own.
  await Promise.all([walk(page), walk(await browser.newPage())]);
  expect(found).toEqual([]);
});

/** What is wrong with a page in two looks, which show all words and all colours. */
async function findingsOf(page: Page, route: string) {
  await settled(page);
  await page.evaluate(await axe);
  const found: string[] = [];
  for (const look of ["en light", "ar dark"] as const) {
    await dress(page, look);
    for (const one of await findings(page, route === "/"))
      found.push(
        `${route} (${look}): ${one.id} ${one.nodes.map((node) => node.html).join(" ")}`,
      );
  }
  await dress(page, "en light");
  return found;
}

/** The addresses that the web app knows, so that a new one is among them. */
async function routes() {
  const folder = path.join(web, "src/app/routes");
  const files = await readdir(folder);
  const texts = await Promise.all(
    files.map((file) => readFile(path.join(folder, file), "utf8")),
  );
  const all = texts.flatMap((text) =>
    Array.from(text.matchAll(/path: "(\/[^"]*)"/g), (match) => match[1] ?? ""),
  );
  expect(all.length).toBeGreaterThan(90);
  return [
    "/nothing-is-here",
    ...all.filter((route) => !outside.has(route)),
    "/sign-in?next=%2F",
  ];
}

async function settled(page: Page) {
  await expect(page.getByRole("heading").first()).toBeVisible();
  await page.waitForLoadState("networkidle");
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}

/** The language by its button, as people do; the theme as its menu would set it. */
async function dress(page: Page, look: "en light" | "ar dark") {
  const [language, theme] = look.split(" ");
  const html = page.locator("html");
  if ((await html.getAttribute("lang")) !== language) {
    await page
      .getByRole("button", { name: language === "ar" ? "العربية" : "English" })
      .click();
    await expect(html).toHaveAttribute("lang", language ?? "");
  }
  await html.evaluate((element, scheme) => {
    element.setAttribute("data-mantine-color-scheme", scheme ?? "light");
  }, theme);
  // Colours that are still on their way to the new theme are nobody's fault.
  await page.evaluate(() =>
    Promise.all(
      document.getAnimations().map((one) => one.finished.catch(() => null)),
    ),
  );
}

/** What is serious or critical: the menu around all pages is looked at once, with the first. */
async function findings(page: Page, whole: boolean): Promise<Finding[]> {
  return page.evaluate(async (all) => {
    const { axe } = window as unknown as {
      axe: {
        run: (
          root: Node,
          options: object,
        ) => Promise<{ violations: Finding[] }>;
      };
    };
    const root = (all ? null : document.querySelector("main")) ?? document;
    const { violations } = await axe.run(root, { resultTypes: ["violations"] });
    return violations.filter(
      (one) => one.impact === "serious" || one.impact === "critical",
    );
  }, whole);
}

/** A record of each kind, so that its page has something to show. */
async function oneOfEach({ post, list }: Awaited<ReturnType<typeof asAdmin>>) {
  const stamp = String(Date.now()).slice(-9);
  const named = (name: string) => ({
    name_en: `${name} ${stamp}`,
    name_ar: `${name} ${stamp}`,
  });
  const made = async (where: string, what: object) =>
    post<{ id: string }>(where, what);
  const [unit] = await list("units?q=Piece");
  const { id: product_id } = await made("products", {
    ...named("Lamp"),
    sku: `LAMP-${stamp}`,
    kind: "goods",
    unit_id: unit?.id,
    price: "50",
  });
  const { id: party_id } = await made("parties", {
    ...named("Nadir"),
    is_customer: true,
    is_supplier: true,
    is_business: false,
    country: "SA",
  });
  const { id: warehouse_id } = await made("warehouses", {
    ...named("North"),
    code: `N${stamp}`,
  });
  const { id: other_id } = await made("warehouses", {
    ...named("South"),
    code: `S${stamp}`,
  });
  const quantity = { product_id, quantity: "20" };
  const stock = {
    kind: "opening",
    warehouse_id,
    lines: [{ ...quantity, unit_cost: "30" }],
  };
  const { id: adjustment } = await made("stock/adjustments", stock);
  await made(`stock/adjustments/${adjustment}/post`, {});
  await made("transfers", {
    source_id: warehouse_id,
    destination_id: other_id,
    lines: [quantity],
  });
  const [place] = await list(
    `locations?warehouse_id=${warehouse_id}&kind=root`,
  );
  const { id: count } = await made("counts", { location_id: place?.id });
  await made(`counts/${count}/start`, {});
  await made("requisitions", { warehouse_id, lines: [quantity] });
  await made("enquiries", {
    warehouse_id,
    supplier_ids: [party_id],
    lines: [quantity],
  });
  const priced = { ...quantity, quantity: "2", unit_price: "50" };
  await made("purchase-orders", {
    supplier_id: party_id,
    warehouse_id,
    lines: [priced],
  });
  const order = await post<{ id: string; lines: { id: string }[] }>(
    "sales-orders",
    {
      customer_id: party_id,
      warehouse_id,
      lines: [priced],
    },
  );
  await made(`sales-orders/${order.id}/confirm`, {});
  await made("shipments", {
    order_id: order.id,
    lines: [{ order_line_id: order.lines[0]?.id, quantity: "1" }],
  });
  await made("price-lists", named("Hotels"));
}
