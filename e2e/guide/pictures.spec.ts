import { existsSync } from "node:fs";
import { mkdir, readFile, stat } from "node:fs/promises";
import path from "node:path";

import { type Browser, type Locator, type Page } from "@playwright/test";

import { asAdmin, ensureCompany, expect, signIn, test } from "../company";

const root = path.resolve(import.meta.dirname, "../..");
const folder = path.join(root, "docs/guide/pictures");
const table = path.resolve(root, "../shared/data/online_retail.csv.gz");
/** Nobody waits for a guide's pictures: each is smaller than this (bytes). */
const largest = 150_000;

const looks = {
  en: { language: "en", scheme: "light", width: 1280, height: 800 },
  ar: { language: "ar", scheme: "dark", width: 1280, height: 800 },
  phone: { language: "ar", scheme: "light", width: 390, height: 844 },
  "phone-dark": { language: "en", scheme: "dark", width: 390, height: 844 },
} as const;
type Look = keyof typeof looks;

/**
 * The page of each picture, and what must be there before it is taken. `SCENES=products,invoice` takes
 * only those again.
 */
type Scene = {
  name: string;
  at: string;
  ready: (page: Page) => Locator;
  /** Besides English, light, on a desk. */
  also?: Look[];
};

test("the pictures of the guide", async ({ page, browser }) => {
  await mkdir(folder, { recursive: true });
  if (await isEmpty(page)) await takeAll(browser, [setUp], { signedIn: false });
  await ensureCompany(page.request);
  const api = await asAdmin(page);
  if (await api.isEmpty("imports")) {
    await takeAll(browser, [firstSteps, newImport]);
    await bringIn(api);
  }
  const only = process.env.SCENES?.split(",");
  const all = await scenes(api);
  await takeAll(
    browser,
    all.filter(({ name }) => !only || only.includes(name)),
  );
});

const main = (page: Page) => page.locator("main");
const heading = (page: Page) => main(page).getByRole("heading", { level: 1 });
const rows = (page: Page) => main(page).locator("tbody tr, ul[aria-label] > li").nth(2);

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

async function takeAll(browser: Browser, wanted: Scene[], { signedIn = true } = {}) {
  for (const look of Object.keys(looks) as Look[]) {
    const shown = wanted.filter(({ also = [] }) => look === "en" || also.includes(look));
    if (shown.length === 0) continue;
    const { language, scheme, width, height } = looks[look];
    const context = await browser.newContext({
      baseURL: process.env.E2E_URL ?? "",
      viewport: { width, height },
      colorScheme: scheme,
      locale: "en",
      timezoneId: "Asia/Riyadh",
      reducedMotion: "reduce",
      isMobile: width < 500,
      hasTouch: width < 500,
    });
    const page = await context.newPage();
    if (signedIn) await signIn(page);
    else await page.goto("/");
    await page.evaluate(
      ([spoken, theme]) => {
        localStorage.setItem("alawael.language", spoken);
        localStorage.setItem("mantine-color-scheme-value", theme);
      },
      [language, scheme] as const,
    );
    for (const scene of shown) await take(page, scene, look);
    await context.close();
  }
}

async function take(page: Page, { name, at, ready }: Scene, look: Look) {
  await page.goto(at);
  await expect(ready(page), `${name} ${look}`).toBeVisible();
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => document.fonts.ready);
  const file = path.join(folder, `${name}-${look}.png`);
  await page.screenshot({ path: file, animations: "disabled", caret: "hide" });
  expect((await stat(file)).size, file).toBeLessThan(largest);
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
