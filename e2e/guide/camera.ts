import { mkdir, stat } from "node:fs/promises";
import path from "node:path";

import { type Browser, type Locator, type Page } from "@playwright/test";

import { expect, signIn } from "../company";

const folder = path.resolve(import.meta.dirname, "../../docs/guide/pictures");
/** Nobody waits for a guide's pictures: each is smaller than this (bytes). */
const largest = 220_000;

const looks = {
  en: { language: "en", scheme: "light", width: 1280, height: 800 },
  ar: { language: "ar", scheme: "dark", width: 1280, height: 800 },
  phone: { language: "ar", scheme: "light", width: 390, height: 844 },
  "phone-dark": { language: "en", scheme: "dark", width: 390, height: 844 },
} as const;
export type Look = keyof typeof looks;

/** The page of a picture, and what must be there before it is taken. */
export type Scene = {
  name: string;
  at: string;
  ready: (page: Page) => Locator;
  /** Besides English, light, on a desk. */
  also?: Look[] | undefined;
};

export const main = (page: Page) => page.locator("main");
export const heading = (page: Page) => main(page).getByRole("heading", { level: 1 });
export const rows = (page: Page) => main(page).locator("tbody tr, ul[aria-label] > li").nth(2);

/** `SCENES=products,invoice` takes only those again. */
export function wanted(scenes: Scene[]) {
  const only = process.env.SCENES?.split(",");
  return scenes.filter(({ name }) => !only || only.includes(name));
}

export async function takeAll(browser: Browser, scenes: Scene[], { signedIn = true } = {}) {
  await mkdir(folder, { recursive: true });
  for (const look of Object.keys(looks) as Look[]) {
    const shown = scenes.filter(({ also = [] }) => look === "en" || also.includes(look));
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
