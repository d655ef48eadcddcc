import { delay, http, HttpResponse } from "msw";
import { expect, test } from "vitest";

import { changeLanguage } from "@/shared/i18n/i18n";
import { anna, lamp, page, refuse } from "@/testing/cast";
import { server } from "@/testing/server";

import { ask, client, ifMatch } from "./client";
import { fieldName, Problem } from "./problem";
import { currentSession, openSession } from "./session";

const session = (token: string) => ({ access_token: token, expires_in: 600, user: anna });
const askForProducts = () => ask(client.GET("/api/products"));
const rename = () =>
  ask(
    client.PATCH("/api/products/{product_id}", {
      params: { path: { product_id: lamp.id } },
      ...ifMatch(lamp),
      body: { name_en: "Lamp" },
    }),
  );

test("many requests with an old token share one refresh, and each is asked again once", async () => {
  let refreshes = 0;
  let asked = 0;
  openSession(session("old"));
  server.use(
    http.post("/api/auth/refresh", () => {
      refreshes += 1;
      return HttpResponse.json(session("new"));
    }),
    http.get("/api/products", ({ request }) => {
      asked += 1;
      return request.headers.get("Authorization") === "Bearer new"
        ? HttpResponse.json(page([lamp]))
        : refuse(401, { code: "unauthenticated" });
    }),
  );

  const answers = await Promise.all([askForProducts(), askForProducts(), askForProducts()]);

  expect(answers.map((answer) => answer.items[0]?.sku)).toEqual(["LAMP-01", "LAMP-01", "LAMP-01"]);
  expect(refreshes).toBe(1);
  expect(asked).toBe(6);
});

test("a refresh that is refused ends the session", async () => {
  openSession(session("old"));
  server.use(
    http.post("/api/auth/refresh", () => refuse(401)),
    http.get("/api/products", () => refuse(401, { code: "unauthenticated" })),
  );

  await expect(askForProducts()).rejects.toMatchObject({ code: "unauthenticated", status: 401 });
  expect(currentSession().status).toBe("anonymous");
});

test("a server that is restarting does not end the session", async () => {
  openSession(session("old"));
  server.use(
    http.post("/api/auth/refresh", () => refuse(503)),
    http.get("/api/products", () => refuse(401)),
  );

  await expect(askForProducts()).rejects.toBeInstanceOf(Problem);
  expect(currentSession().status).toBe("open");
});

test("two clicks at once send one request, and both are given its answer", async () => {
  let asked = 0;
  server.use(
    http.patch("/api/products/lamp", async () => {
      asked += 1;
      await delay(20);
      return HttpResponse.json({ ...lamp, version: asked });
    }),
  );

  const answers = await Promise.all([rename(), rename()]);

  expect(answers.map((answer) => answer.version)).toEqual([1, 1]);
  expect(await rename()).toMatchObject({ version: 2 });
});

test("a refusal carries its code, its fields and the reference", async () => {
  server.use(
    http.patch("/api/products/lamp", () =>
      refuse(409, {
        code: "sku_taken",
        detail: "The SKU is taken.",
        errors: [{ pointer: "/sku", code: "taken", message: "Taken." }],
      }),
    ),
  );

  await expect(rename()).rejects.toMatchObject({
    code: "sku_taken",
    message: "The SKU is taken.",
    requestId: "req-1",
    errors: [{ pointer: "/sku" }],
  });
});

test("a change says its language, its version and its key", async () => {
  await changeLanguage("ar");
  let headers = new Headers();
  server.use(
    http.patch("/api/products/lamp", ({ request }) => {
      headers = request.headers;
      return HttpResponse.json(lamp);
    }),
  );

  await rename();

  expect(headers.get("Accept-Language")).toBe("ar");
  expect(headers.get("If-Match")).toBe('"3"');
  expect(headers.get("Idempotency-Key")).toMatch(/^[0-9a-f]{32}$/);
});

test("a change whose answer was lost is repeated under the same key, an answered one is not", async () => {
  const keys: (string | null)[] = [];
  server.use(
    http.patch("/api/products/lamp", ({ request }) => {
      keys.push(request.headers.get("Idempotency-Key"));
      return keys.length === 1 ? HttpResponse.error() : HttpResponse.json(lamp);
    }),
  );

  await expect(rename()).rejects.toMatchObject({ code: "unreachable", status: 0 });
  await rename();
  await rename();

  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[1]);
});

test("a pointer becomes the name of a field", () => {
  expect(fieldName("/lines/0/quantity")).toBe("lines.0.quantity");
  expect(fieldName("#/admin/email")).toBe("admin.email");
});
