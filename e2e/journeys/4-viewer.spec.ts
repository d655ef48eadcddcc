import { expect, postedInvoice, signIn, test, viewer } from "../company";

test("who may only look sees everything and no button that writes", async ({ page }) => {
  const { number, id } = await postedInvoice(page);
  const colleague = await viewer(page);
  await signIn(page, colleague);

  await test.step("lists without a way to add", async () => {
    for (const [path, heading] of [
      ["/products", "Products"],
      ["/parties", "Parties"],
      ["/invoices", "Invoices"],
      ["/journal-entries", "Journal entries"],
    ] as const) {
      await page.goto(path);
      await expect(page.getByRole("heading", { name: heading, exact: true })).toBeVisible();
      await expect(page.getByRole("searchbox")).toBeVisible();
      await expect(page.getByRole("link", { name: /^(New|Add) / })).toHaveCount(0);
      await expect(page.getByRole("button", { name: /^(New|Add) / })).toHaveCount(0);
    }
    await expect(page.getByRole("link", { name: "Users", exact: true })).toHaveCount(0);
    await expect(page.getByRole("link", { name: "Imports", exact: true })).toHaveCount(0);
  });

  await test.step("an invoice to read and to print, not to credit", async () => {
    await page.goto("/invoices");
    await page.getByRole("link", { name: number }).click();
    await expect(page.getByRole("heading", { name: number })).toBeVisible();
    await expect(page.getByRole("button", { name: /PDF/ }).first()).toBeVisible();
    await expect(page.getByRole("button", { name: "Credit…" })).toHaveCount(0);
  });

  await test.step("reports with figures", async () => {
    await page.goto("/reports/trial-balance");
    const books = page.getByRole("table", { name: "Trial balance" });
    await expect(books.getByRole("row", { name: /receivables/i }).last()).toContainText(/\d\.\d\d/);
  });

  await test.step("the API refuses as well", async () => {
    const { email, password } = colleague;
    const session = await page.request.post("/api/auth/sign-in", { data: { email, password } });
    const { access_token } = (await session.json()) as { access_token: string };
    const headers = { Authorization: `Bearer ${access_token}` };
    for (const [path, data] of [
      ["invoices", { customer_id: id, lines: [] }],
      [`invoices/${id}/credit`, { reason: "return" }],
      ["products", { sku: "NO", name_en: "No" }],
      ["users", { email: "no@example.com", name_en: "No", roles: ["admin"] }],
    ] as const) {
      const answer = await page.request.post(`/api/${path}`, { data, headers });
      expect(answer.status(), path).toBe(403);
    }
    const seen = await page.request.get(`/api/invoices/${id}`, { headers });
    expect(seen.status()).toBe(200);
  });
});
