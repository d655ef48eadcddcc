import { expect, signIn, test } from "../company";

const invoices = 60;
const linesEach = 5;

/** A table of an earlier system, in the form of the Online Retail file. */
function retailTable() {
  const rows = [
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
  ];
  for (let number = 0; number < invoices; number += 1) {
    const day = `0${(number % 9) + 1}-12-2010 10:03`;
    const customer = `${12_400 + (number % 4)},Norway`;
    for (let line = 0; line < linesEach; line += 1)
      rows.push(`${536_000 + number},J2294${line},PAPER STAR ${line},2,${day},1.25,${customer}`);
  }
  rows.push("C536999,J22940,PAPER STAR 0,-1,10-12-2010 09:00,1.25,12400,Norway");
  return rows.join("\n");
}

test("a file of an earlier system comes in, and goes again", async ({ page }) => {
  await signIn(page);
  const rows = invoices * linesEach + 1;

  await test.step("upload it and try it", async () => {
    await page.goto("/imports");
    await page.getByRole("link", { name: "New import" }).first().click();
    await page.getByRole("combobox", { name: "What it contains" }).click();
    await page.getByRole("option", { name: /Online Retail/ }).click();
    await page.getByLabel("Choose a file").setInputFiles({
      name: "earlier.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(retailTable()),
    });
    await page.getByRole("button", { name: "Upload and continue" }).click();
    await page.getByRole("button", { name: "Check the file" }).click();
    await expect(page.getByRole("button", { name: `Import ${rows} rows` })).toBeVisible();
    await expect(page.getByText("It adds up to what the file holds.")).toBeVisible();
    // A check writes nothing.
    await page.goto("/products?q=PAPER+STAR");
    await expect(page.getByText("Nothing found", { exact: true })).toBeVisible();
    await page.goBack();
  });

  await test.step("run it, with its progress", async () => {
    await page.getByRole("button", { name: `Import ${rows} rows` }).click();
    await expect(page.getByRole("progressbar", { name: "Importing" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Undo the import…" })).toBeVisible({
      timeout: 60_000,
    });
    const records = page.getByRole("region", { name: "Records" });
    await expect(records.getByRole("row", { name: /Invoices/ })).toContainText(`${invoices}`);
    await expect(records.getByRole("row", { name: /Credit notes/ })).toContainText("1");
  });

  await test.step("see what it made", async () => {
    await page.goto("/products?q=PAPER+STAR");
    await expect(page.getByRole("row", { name: /J2294\d.*PAPER STAR/ })).toHaveCount(linesEach);
    await page.goto("/parties?q=12400");
    await expect(page.getByRole("row", { name: /12400/ })).toBeVisible();
    await page.goto("/invoices?q=536000");
    const row = page.getByRole("row", { name: /Customer 12400/ });
    await expect(row).toContainText("12.50");
    await row.getByRole("link").click();
    await expect(page.getByRole("heading", { name: /^INV-/ })).toBeVisible();
    await expect(page.getByRole("row", { name: /PAPER STAR/ })).toHaveCount(linesEach);
  });

  await test.step("undo all of it", async () => {
    await page.goto("/imports");
    await page.getByRole("link", { name: "earlier.csv" }).click();
    await page.getByRole("button", { name: "Undo the import…" }).click();
    const dialog = page.getByRole("dialog", { name: "Undo the import of earlier.csv?" });
    await expect(dialog.getByRole("row", { name: /Invoices/ })).toContainText(`${invoices}`);
    await dialog.getByRole("button", { name: "Undo the import", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Taken back" })).toBeVisible({
      timeout: 60_000,
    });
    await page.goto("/invoices?q=536000");
    const invoice = page.getByRole("row", { name: /INV-\d+ Customer 12400/ });
    await expect(invoice).toContainText("Credited");
    // A product that documents name is kept for them, but nobody sells it any more.
    await page.goto("/products?q=PAPER+STAR");
    const products = page.getByRole("row", { name: /J2294\d.*PAPER STAR/ });
    await expect(products).toHaveCount(linesEach);
    for (const product of await products.all()) await expect(product).toContainText("Inactive");
  });
});
