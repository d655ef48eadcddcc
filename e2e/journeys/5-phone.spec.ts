import { type Page } from "@playwright/test";

import { expect, postedInvoice, signIn, test } from "../company";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test("an invoice on a phone, in English and in Arabic", async ({ page }) => {
  const { number, customer } = await postedInvoice(page);
  await signIn(page);
  const card = page.getByRole("listitem").filter({ hasText: number });
  const bar = page.getByRole("navigation", { name: "Main pages" });

  await test.step("the bottom bar leads to the list, and rows are cards", async () => {
    await bar.getByRole("link", { name: "Invoices" }).click();
    await expect(page.getByRole("heading", { name: "Invoices" })).toBeVisible();
    await expect(bar.getByRole("link", { name: "Invoices" })).toHaveAttribute(
      "aria-current",
      "page",
    );
    await expect(card).toContainText(customer.name_en);
    await expect(card).toContainText("575.00");
    await fitsTheScreen(page);
  });

  await test.step("open one: nothing runs off the screen", async () => {
    await card.tap();
    await expect(page.getByRole("heading", { name: number })).toBeVisible();
    await expect(page.getByText("Assembly").first()).toBeVisible();
    await fitsTheScreen(page);
  });

  await test.step("the same in Arabic", async () => {
    await page.getByRole("button", { name: "العربية" }).tap();
    await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
    await expect(page.getByText("تركيب").first()).toBeVisible();
    await expect(page.getByRole("link", { name: customer.name_ar })).toBeVisible();
    const arabicBar = page.getByRole("navigation", { name: "الصفحات الرئيسية" });
    await expect(arabicBar.getByRole("link", { name: "الفواتير" })).toBeVisible();
    await fitsTheScreen(page);
  });

  await test.step("write a new one: its lines are cards", async () => {
    await page.goto("/invoices/new");
    const quantity = page.getByRole("textbox", { name: /^الكمية/ }).first();
    await quantity.scrollIntoViewIfNeeded();
    await expect(quantity).toBeInViewport({ ratio: 1 });
    await fitsTheScreen(page);
  });
});

/** Neither the page nor anything in it has to be pushed sideways. */
async function fitsTheScreen(page: Page) {
  const sideways = await page.evaluate(() =>
    [document.documentElement, ...Array.from(document.querySelectorAll("main *"))]
      .filter((part) => {
        const scrolls = ["auto", "scroll"].includes(getComputedStyle(part).overflowX);
        const isPage = part === document.documentElement;
        if (part.getAttribute("role") === "group") return false; // the filters, on purpose
        return (scrolls || isPage) && part.scrollWidth > part.clientWidth + 1;
      })
      .map((part) => `${part.tagName}.${part.className} ${part.scrollWidth}>${part.clientWidth}`),
  );
  expect(sideways).toEqual([]);
}
