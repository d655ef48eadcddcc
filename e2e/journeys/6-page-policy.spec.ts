import { readFile } from "node:fs/promises";

import { expect, postedInvoice, signIn, test } from "../company";

/** Everything that a browser refuses under the page's policy is told here. */
type Violation = { what: string; blocked: string; where: string };

test("the whole web app works under a policy without unsafe parts", async ({ page, context }) => {
  const refused: Violation[] = [];
  await context.exposeFunction("policyRefused", (one: Violation) => refused.push(one));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const told = {
        what: event.effectiveDirective,
        blocked: event.blockedURI,
        where: location.href,
      };
      void (window as unknown as { policyRefused: (one: unknown) => void }).policyRefused(told);
    });
  });
  const { number, id } = await postedInvoice(page);
  await signIn(page);

  await test.step("the policy is in force and the nonce is new for every answer", async () => {
    const nonces = new Set<string>();
    for (const path of ["/", "/index.html", "/invoices"]) {
      const answer = await page.request.get(path);
      const policy = answer.headers()["content-security-policy"] ?? "";
      expect(policy).not.toContain("unsafe");
      nonces.add(/'nonce-([\w-]+)'/.exec(policy)?.[1] ?? "");
    }
    expect(nonces.size).toBe(3);
    expect(nonces.has("")).toBe(false);
  });

  await test.step("pages with charts, tables, dialogs and menus", async () => {
    for (const path of [
      "/",
      "/products",
      "/products/new",
      "/parties",
      "/invoices",
      "/invoices/new",
      `/invoices/${id}`,
      "/journal-entries",
      "/reports/trial-balance",
      "/stock",
      "/imports",
      "/users",
      "/roles",
      "/jobs",
      "/audit",
    ]) {
      await page.goto(path);
      await expect(page.getByRole("heading").first()).toBeVisible();
    }
    await page.goto("/invoices");
    await page.getByRole("button", { name: /^Menu of / }).click();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog")).toBeVisible();
    await page.keyboard.press("Escape");
    // Mantine's style elements carry the nonce: without them nothing has colours or distances.
    const space = await page.evaluate(() =>
      getComputedStyle(document.documentElement).getPropertyValue("--mantine-spacing-md"),
    );
    expect(space).not.toBe("");
  });

  await test.step("a document as PDF, shown from what the page itself fetched", async () => {
    await page.goto(`/invoices/${id}`);
    await expect(page.getByRole("heading", { name: number })).toBeVisible();
    const opened = context.waitForEvent("page");
    await page.getByRole("button", { name: /PDF/ }).first().click();
    const tab = await opened;
    await expect.poll(() => tab.url()).toMatch(/^blob:/);
    await tab.close();
  });

  await test.step("a download from memory", async () => {
    await page.goto("/reports/trial-balance");
    const arrived = page.waitForEvent("download");
    await page.getByRole("button", { name: "CSV" }).first().click();
    const file = await (await arrived).path();
    expect((await readFile(file, "utf8")).length).toBeGreaterThan(20);
  });

  expect(refused).toEqual([]);

  await test.step("code that got into a page does not run", async () => {
    await page.evaluate(() => {
      const code = document.createElement("script");
      code.textContent = "window.injected = true";
      document.body.append(code);
      document.body.insertAdjacentHTML(
        "beforeend",
        '<img src="x:" onerror="window.injected = true">',
      );
    });
    await expect.poll(() => refused.length).toBeGreaterThan(1);
    expect(await page.evaluate(() => "injected" in window)).toBe(false);
  });
});
