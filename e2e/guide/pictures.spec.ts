import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { type Page } from "@playwright/test";

import { asAdmin, ensureCompany, expect, test } from "../company";
import { heading, main, rows, type Scene, takeAll, wanted } from "./camera";

const table = path.resolve(import.meta.dirname, "../../../shared/data/online_retail.csv.gz");

test("the pictures of the guide", async ({ page, browser }) => {
  test.skip(process.env.COMPANY === "demo", "the demo company has pictures of its own");
  if (await isEmpty(page)) await takeAll(browser, [setUp], { signedIn: false });
  await ensureCompany(page.request);
  const api = await asAdmin(page);
  if (await api.isEmpty("imports")) {
    await takeAll(browser, [firstSteps, newImport]);
    await bringIn(api);
  }
  await takeAll(browser, wanted(await scenes(api)));
});

const setUp: Scene = {
  name: "set-up",
  also: ["phone"],
  at: "/",
  ready: (page) => page.locator("form"),
};
const firstSteps: Scene = {
  name: "first-steps",
  also: ["ar"],
  at: "/",
  ready: (page) => main(page).getByRole("link").nth(1),
};
const newImport: Scene = { name: "import-new", at: "/imports/new", ready: heading };

async function scenes(api: Api): Promise<Scene[]> {
  const [product] = await api.list("products?q=REGENCY+CAKESTAND");
  const [party] = await api.list("parties?q=12415");
  const [invoice] = await api.list(`invoices?customer_id=${party?.id}&state=posted&sort=-total`);
  const [batch] = await api.list("imports");
  const [colleague] = await api.list("users?q=Sami");
  const draft = await someDraft(api, party?.id ?? "", product?.id ?? "");
  const year = "from=2011-01-01&to=2011-12-31";
  return [
    {
      name: "dashboard",
      also: ["ar", "phone"],
      at: "/",
      ready: (page) => main(page).locator("svg text").first(),
    },
    { name: "products", also: ["ar", "phone"], at: "/products?q=CAKE", ready: rows },
    { name: "product", at: `/products/${product?.id}`, ready: heading },
    { name: "parties", also: ["phone"], at: "/parties", ready: rows },
    { name: "party", also: ["ar"], at: `/parties/${party?.id}`, ready: heading },
    { name: "invoices", at: "/invoices", ready: rows },
    { name: "invoice-draft", also: ["phone-dark"], at: `/invoices/${draft}`, ready: heading },
    { name: "invoice", also: ["ar", "phone"], at: `/invoices/${invoice?.id}`, ready: heading },
    { name: "entries", at: "/journal-entries", ready: rows },
    { name: "trial-balance", at: `/reports/trial-balance?${year}`, ready: rows },
    {
      name: "profit-and-loss",
      also: ["phone"],
      at: `/reports/profit-and-loss?${year}`,
      ready: rows,
    },
    { name: "ageing", also: ["ar"], at: "/reports/receivables-ageing", ready: rows },
    { name: "import", also: ["ar", "phone"], at: `/imports/${batch?.id}`, ready: rows },
    {
      name: "users",
      also: ["ar", "phone"],
      at: "/users",
      ready: (page) => main(page).getByText("sami@").first(),
    },
    { name: "user", at: `/users/${colleague?.id}`, ready: heading },
  ];
}

// What is in the pictures

type Api = Awaited<ReturnType<typeof asAdmin>>;

async function isEmpty(page: Page) {
  const { needed } = (await (await page.request.get("/api/setup")).json()) as { needed: boolean };
  return needed;
}

/** The real table of a trading company, and a colleague. */
async function bringIn(api: Api) {
  if (!existsSync(table)) throw new Error(`The pictures need ${table}.`);
  await api.post("users", {
    email: "sami@example.com",
    name_en: "Sami Nasser",
    name_ar: "سامي ناصر",
    roles: ["sales"],
  });
  const batch = await api.upload("imports", {
    file: {
      name: path.basename(table),
      mimeType: "application/gzip",
      buffer: await readFile(table),
    },
    profile: "online-retail",
  });
  await api.post(`imports/${batch.id}/run`, {});
  const state = async () => (await api.get<{ state: string }>(`imports/${batch.id}`)).state;
  await expect.poll(state, { timeout: 15 * 60_000, intervals: [2000] }).toBe("done");
}

async function someDraft(api: Api, customer_id: string, product_id: string) {
  const [there] = await api.list("invoices?state=draft");
  if (there) return there.id;
  const named = { name_en: "Delivery to Jeddah", name_ar: "توصيل إلى جدة" };
  const lines = [
    { product_id, quantity: "12", unit_price: "12.75" },
    { ...named, quantity: "1", unit_price: "85" },
  ];
  const { id } = await api.post<{ id: string }>("invoices", { customer_id, lines });
  return id;
}
