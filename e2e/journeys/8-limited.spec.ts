import { asAdmin, ensureCompany, expect, signIn, test } from "../company";

test("a salesperson sees own customers only, learns why, and an administrator looks as the role", async ({
  page,
}) => {
  await ensureCompany(page.request);
  const { post } = await asAdmin(page);
  const stamp = Date.now();
  const name = { name_en: "Own customers", name_ar: "عملاؤه" };
  const role = await post<{ key: string }>("roles", {
    ...name,
    key: `own-${stamp}`,
    permissions: ["party:*", "invoice:*", "report:read", "company:read"],
    own_customers_only: true,
  });
  const known = {
    email: `sami-${stamp}@example.com`,
    password: "four quiet lanterns",
  };
  const { user: sami } = await post<{ user: { id: string } }>("users", {
    ...known,
    name_en: "Sami Nasser",
    must_change_password: false,
    roles: [role.key],
  });
  const customer = (of: string, salesperson_id: string | null) =>
    post<{ id: string }>("parties", {
      name_en: `${of} ${stamp}`,
      is_customer: true,
      country: "SA",
      is_business: false,
      salesperson_id,
    });
  await customer("Najd Supplies", sami.id);
  const foreign = await customer("Hijaz Goods", null);

  await test.step("the list holds what is one's own", async () => {
    await signIn(page, known);
    await page.goto("/parties");
    await expect(page.getByText(`Najd Supplies ${stamp}`).first()).toBeVisible();
    await expect(page.getByText(`Hijaz Goods ${stamp}`)).toHaveCount(0);
    await expect(page.getByRole("link", { name: "Trial balance" })).toHaveCount(0);
  });

  await test.step("a foreign customer is not there, and the page says what to ask", async () => {
    await page.goto(`/parties/${foreign.id}`);
    await page.getByRole("link", { name: /Why can/ }).click();
    const answer = page.getByRole("region", { name: "Answer" });
    await expect(answer.getByText("Refused").first()).toBeVisible();
    await expect(answer.getByText(/limit you to your own customers/)).toBeVisible();
    await expect(answer.getByText("Hijaz")).toHaveCount(0);
  });

  await test.step("an administrator is told whose it is", async () => {
    await signIn(page);
    await page.goto(`/access?user=${sami.id}&kind=party&record=${foreign.id}`);
    const answer = page.getByRole("region", { name: "Answer" });
    await expect(answer.getByText(/Hijaz Goods .* is not among them/)).toBeVisible();
  });

  await test.step("and looks at the program as the role", async () => {
    await page.getByRole("button", { name: /^Menu of / }).click();
    await page.getByRole("menuitem", { name: "View as role…" }).click();
    await page.getByRole("combobox", { name: "Role", exact: true }).fill("Own customers");
    await page.getByRole("option", { name: "Own customers" }).first().click();
    await page.getByRole("button", { name: "View", exact: true }).click();
    await expect(page.getByText(/as the role “Own customers” would/)).toBeVisible();
    await expect(page.getByRole("link", { name: "Users", exact: true })).toHaveCount(0);
    await page.reload();
    await expect(page.getByText(/as the role “Own customers” would/)).toBeVisible();
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await expect(page.getByRole("link", { name: "Users", exact: true })).toHaveCount(1);
  });
});
