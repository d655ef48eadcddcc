import { expect, postedInvoice, signIn, test } from "../company";

test("Arabic and the dark theme, without losing what is being typed", async ({ page }) => {
  const { number, customer } = await postedInvoice(page);
  await signIn(page);

  await test.step("a half filled form survives both switches and a reload", async () => {
    await page.goto("/products/new");
    await page.getByRole("textbox", { name: "SKU" }).fill("HALF-1");
    await page.getByRole("textbox", { name: "Name in English" }).fill("Half typed");
    await page.getByRole("button", { name: "العربية" }).click();
    const html = page.locator("html");
    await expect(html).toHaveAttribute("dir", "rtl");
    await expect(html).toHaveAttribute("lang", "ar");
    await expect(page.getByRole("heading", { name: "منتج جديد" })).toBeVisible();
    await expect(page.getByRole("textbox", { name: "رمز الصنف" })).toHaveValue("HALF-1");
    await page.getByRole("button", { name: "المظهر" }).click();
    await page.getByRole("menuitem", { name: "داكن" }).click();
    await expect(html).toHaveAttribute("data-mantine-color-scheme", "dark");
    await expect(page.getByRole("textbox", { name: "رمز الصنف" })).toHaveValue("HALF-1");
    // Leaving a form with unsaved input asks first; here we want to go on.
    page.once("dialog", (dialog) => dialog.accept());
    await page.reload();
    await expect(page.getByRole("textbox", { name: "رمز الصنف" })).toHaveValue("HALF-1");
    await expect(page.getByRole("textbox", { name: "الاسم بالإنجليزية" })).toHaveValue(
      "Half typed",
    );
    await expect(html).toHaveAttribute("dir", "rtl");
    await expect(html).toHaveAttribute("data-mantine-color-scheme", "dark");
    page.once("dialog", (dialog) => dialog.accept());
  });

  await test.step("the same invoice in Arabic, on its page and in the list", async () => {
    await page.getByRole("link", { name: "الفواتير", exact: true }).click();
    await expect(page.getByRole("heading", { name: "الفواتير" })).toBeVisible();
    const row = page.getByRole("row", { name: new RegExp(number) });
    await expect(row).toContainText(customer.name_ar);
    await expect(row).toContainText("غير مدفوعة");
    await row.getByRole("link", { name: number }).click();
    await expect(page.getByRole("heading", { name: number })).toBeVisible();
    await expect(page.getByText("فاتورة ضريبية · قياسية")).toBeVisible();
    await expect(page.getByRole("link", { name: customer.name_ar })).toBeVisible();
    // No word of the interface is left in English.
    await expect(page.locator("main")).not.toContainText(/Customer|Lines|VAT|Draft|Posted/);
  });
});
