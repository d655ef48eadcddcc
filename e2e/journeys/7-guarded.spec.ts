import { createHmac } from "node:crypto";

import { admin, asAdmin, ensureCompany, expect, signIn, test } from "../company";

const password = "four quiet lanterns";

test("a passkey and a second factor open the account, and the password alone does not", async ({
  page,
}) => {
  await ensureCompany(page.request);
  const { post } = await asAdmin(page);
  const email = `guarded-${Date.now()}@example.com`;
  const chosen = { must_change_password: false, roles: ["viewer"], name_en: "Nora Salem" };
  const { user } = await post<{ user: { id: string } }>("users", { email, password, ...chosen });
  const who = { email, password };
  const dialog = page.getByRole("dialog");
  let secret = "";
  let codes: string[] = [];

  await test.step("a virtual authenticator makes a passkey", async () => {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("WebAuthn.enable");
    await cdp.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await signIn(page, who);
    await page.goto("/profile");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await dialog.getByLabel("Name").fill("Laptop");
    await dialog.getByLabel("Present password").fill(password);
    await dialog.getByRole("button", { name: "Create passkey" }).click();
    await expect(page.getByRole("list", { name: "Passkeys" })).toContainText("Laptop");
  });

  await test.step("it signs in without a password, and is renamed", async () => {
    await page.context().clearCookies();
    await page.goto("/sign-in");
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await expect(page.getByRole("button", { name: "Menu of Nora Salem" })).toBeVisible();
    await page.goto("/profile");
    await page.getByRole("button", { name: "Rename “Laptop”" }).click();
    await dialog.getByLabel("Name").fill("Desk");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("list", { name: "Passkeys" })).toContainText("Desk");
  });

  await test.step("an authenticator app is set up", async () => {
    await page.getByRole("button", { name: "Set up" }).click();
    await dialog.getByLabel("Present password").fill(password);
    await dialog.getByRole("button", { name: "Continue" }).click();
    await expect(
      dialog.getByRole("img", { name: "QR code for the authenticator app" }),
    ).toBeVisible();
    secret = await dialog.locator("code").innerText();
    await dialog.getByLabel("Six digits from the app").fill(totp(secret));
    await dialog.getByRole("button", { name: "Switch on" }).click();
    const shown = dialog.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
    await expect(shown).toHaveCount(10);
    codes = await shown.allInnerTexts();
    await dialog.getByRole("button", { name: "I have kept it" }).click();
    await expect(page.getByText("10 recovery codes left")).toBeVisible();
  });

  await test.step("the password asks for a code; a wrong one is refused, a recovery code serves once", async () => {
    await page.context().clearCookies();
    await page.goto("/sign-in");
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByLabel("Code").fill("000000");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByText("This code is wrong or was used already.")).toBeVisible();
    await page.getByLabel("Code").fill(codes[0] ?? "");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("button", { name: "Menu of Nora Salem" })).toBeVisible();
  });

  await test.step("wrong passwords lock the account for strangers; the administrator unlocks it", async () => {
    const stranger = { email, password: "not the password at all" };
    await page.context().clearCookies();
    for (let tries = 0; tries < 5; tries++)
      await page.request.post("/api/auth/sign-in", { data: stranger });
    await page.goto("/sign-in");
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText(
      "Too many failed attempts. Wait 15 minutes",
    );
    await signIn(page, admin);
    await page.goto(`/users/${user.id}`);
    await expect(page.getByText("9 recovery codes left")).toBeVisible();
    await page.getByRole("button", { name: "Unlock now" }).click();
    await expect(page.getByText("Open", { exact: true })).toBeVisible();
    await page.getByRole("button", { name: "Reset the second factor" }).click();
    await dialog.getByRole("button", { name: "Reset the second factor" }).click();
    await expect(page.getByText("Off", { exact: true })).toBeVisible();
  });

  await test.step("a role asks for it, and nothing else is open before", async () => {
    const { get, post: send } = await asAdmin(page);
    const key = `guarded-${Date.now()}`;
    await send("roles", {
      key,
      name_en: "Guarded",
      permissions: ["product:read"],
      requires_second_factor: true,
    });
    const { items } = await get<{ items: { email: string }[] }>(
      `users?q=${encodeURIComponent(email)}`,
    );
    expect(items).toHaveLength(1);
    const second = `guarded2-${Date.now()}@example.com`;
    await send("users", { email: second, password, ...chosen, roles: [key], name_en: "Omar" });
    await page.context().clearCookies();
    await page.goto("/sign-in");
    await page.getByLabel("Email").fill(second);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Set up a second factor" })).toBeVisible();
    await page.getByLabel("Present password").fill(password);
    await page.getByRole("button", { name: "Continue" }).click();
    await page
      .getByLabel("Six digits from the app")
      .fill(totp(await page.locator("code").innerText()));
    await page.getByRole("button", { name: "Switch on" }).click();
    await page.getByRole("button", { name: "I have kept it" }).click();
    await expect(page.getByRole("button", { name: "Menu of Omar" })).toBeVisible();
  });
});

/** What an authenticator app shows (RFC 6238). */
function totp(base32: string) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = Array.from(base32.replaceAll(/\s/g, ""), (letter) =>
    alphabet.indexOf(letter).toString(2).padStart(5, "0"),
  ).join("");
  const key = Buffer.from(bits.match(/.{8}/g)?.map((byte) => parseInt(byte, 2)) ?? []);
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac("sha1", key).update(step).digest();
  const at = (digest.at(-1) ?? 0) & 0xf;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
