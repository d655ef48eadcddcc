import { admin, company, expect, test } from "../company";

test("from an empty installation to a posted and a credited invoice", async ({ page }) => {
  await test.step("set the company up", async () => {
    await page.goto("/");
    await expect(page.getByRole("heading", { name: "Set up your company" })).toBeVisible();
    const answers = {
      "Name in English": company.name_en,
      "Name in Arabic": company.name_ar,
      "VAT number": company.vat_number,
      "Commercial registration": company.other_id,
      "Building number": company.building_number,
      "Postal code": company.postal_code,
      "Street (English)": company.street_en,
      "Street (Arabic)": company.street_ar,
      "District (English)": company.district_en,
      "District (Arabic)": company.district_ar,
      "City (English)": company.city_en,
      "City (Arabic)": company.city_ar,
      "Your name": admin.name,
      Email: admin.email,
      Password: admin.password,
    };
    for (const [label, answer] of Object.entries(answers))
      await page.getByLabel(label, { exact: true }).fill(answer);
    await page.getByRole("button", { name: "Create the company" }).click();
    await expect(page.getByRole("heading", { name: `Welcome, ${admin.name}` })).toBeVisible();
    await expect(page.getByRole("heading", { name: "First steps" })).toBeVisible();
  });

  await test.step("add a product", async () => {
    await page.getByRole("link", { name: "Add product" }).click();
    await page.getByLabel("Name in English").fill("Desk lamp");
    await page.getByLabel("Name in Arabic").fill("مصباح مكتب");
    await page.getByRole("textbox", { name: "SKU" }).fill("LAMP-1");
    await page.getByRole("textbox", { name: "Price" }).fill("250");
    await page.getByRole("combobox", { name: "Stock unit" }).click();
    await page.getByRole("option", { name: "Piece" }).click();
    await page.getByRole("button", { name: "Create product" }).click();
    await expect(page.getByRole("heading", { name: "Desk lamp" })).toBeVisible();
  });

  await test.step("add a customer", async () => {
    await page.goto("/parties/new");
    const answers = {
      "Name in English": "Najd Furniture",
      "Name in Arabic": "مفروشات نجد",
      "VAT number": "311111111100003",
      "Building number": "4321",
      "Street in English": "King Fahd Road",
      "Street in Arabic": "طريق الملك فهد",
      "District in English": "Al Malaz",
      "District in Arabic": "الملز",
      "City in English": "Riyadh",
      "City in Arabic": "الرياض",
      "Postal code": "12345",
    };
    for (const [label, answer] of Object.entries(answers))
      await page.getByRole("textbox", { name: label }).fill(answer);
    await page.getByRole("button", { name: "Create party" }).click();
    await expect(page.getByRole("heading", { name: "Najd Furniture" })).toBeVisible();
  });

  await test.step("draft an invoice, look at what it does, and post it", async () => {
    await page.goto("/invoices");
    await page.getByRole("link", { name: "New invoice" }).first().click();
    await page.getByRole("combobox", { name: "Customer" }).fill("Najd");
    await page.getByRole("option", { name: /Najd Furniture/ }).click();
    await page.getByRole("combobox", { name: "Item, line 1" }).fill("lamp");
    await page.getByRole("option", { name: /Desk lamp/ }).click();
    await page.getByRole("textbox", { name: "Quantity, line 1" }).fill("4");
    await expect(page.getByText("Draft saved")).toBeVisible();
    await page.getByRole("button", { name: "Post…" }).click();
    const dialog = page.getByRole("dialog", { name: "Post this invoice?" });
    await expect(dialog.getByRole("row", { name: /VAT/ })).toContainText("150.00");
    await dialog.getByRole("button", { name: "Post 1,150.00 SAR" }).click();
    await expect(page.getByRole("heading", { name: "INV-000001" })).toBeVisible();
  });

  await test.step("find it in the list, the books and the figures", async () => {
    await page.goto("/invoices");
    await expect(page.getByRole("row", { name: /INV-000001/ })).toContainText("1,150.00");
    await page.goto("/reports/trial-balance");
    const books = page.getByRole("table", { name: "Trial balance" });
    await expect(books.getByRole("row", { name: /receivable/i }).last()).toContainText("1,150.00");
    await expect(books.getByRole("row", { name: /VAT/ }).last()).toContainText("150.00");
    await page.goto("/");
    await expect(page.locator("main")).toContainText(/Revenue, 12 months\D*1,000\.00/);
  });

  await test.step("give up a part of what is open, and take that back", async () => {
    await page.goto("/invoices");
    await page.getByRole("link", { name: "INV-000001" }).click();
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Write off…" }).click();
    const dialog = page.getByRole("dialog", { name: "Write off?" });
    await dialog.getByRole("textbox", { name: /How much/ }).fill("150");
    await dialog.getByRole("textbox", { name: "Reason" }).fill("Bankrupt");
    await expect(
      dialog.getByRole("row", { name: /written off|receivable/i }).first(),
    ).toBeVisible();
    await dialog.getByRole("button", { name: "Write off" }).click();
    const list = page.getByRole("table", { name: "Written off" });
    await expect(list.getByRole("row", { name: /Bankrupt/ })).toContainText("150.00");
    await list.getByRole("button", { name: "Take back" }).click();
    const back = page.getByRole("dialog", { name: "Take the write-off back?" });
    await back.getByRole("button", { name: "Take back" }).click();
    await expect(list.getByRole("button", { name: "Take back" })).toHaveCount(0);
  });

  await test.step("credit all of it", async () => {
    await page.goto("/invoices");
    await page.getByRole("link", { name: "INV-000001" }).click();
    await page.getByRole("button", { name: "Credit…" }).click();
    const dialog = page.getByRole("dialog", { name: "Credit INV-000001" });
    await dialog.getByRole("combobox", { name: "Reason" }).click();
    await page.getByRole("option", { name: "Goods or services returned" }).click();
    await dialog.getByRole("button", { name: "Issue a credit note of 1,150.00 SAR" }).click();
    await expect(page.getByText("Standard credit note")).toBeVisible();
    await page.goto("/invoices");
    await expect(page.getByRole("row", { name: /INV-000001/ })).toContainText("Credited");
    await page.goto("/reports/trial-balance");
    const books = page.getByRole("table", { name: "Trial balance" });
    const receivable = books.getByRole("row", { name: /receivable/i }).last();
    await expect(receivable).toContainText(/1,300\.00.*1,300\.00/);
  });
});
