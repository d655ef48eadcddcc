import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";

import type { Schemas } from "@/shared/api/client";
import { expectAccessible } from "@/testing/accessible";
import { anna, lamp, page, refuse, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

type Change = { values: Schemas["ProductPatch"]; version: string | null };

let changes: Change[];
beforeEach(() => {
  changes = [];
  server.use(
    ...signedIn(),
    http.get("/api/products", () => HttpResponse.json(page([lamp]))),
    http.get("/api/products/lamp", () => HttpResponse.json(lamp)),
    http.patch("/api/products/lamp", async ({ request }) => {
      const values = (await request.json()) as Schemas["ProductPatch"];
      changes.push({ values, version: request.headers.get("If-Match") });
      return HttpResponse.json({ ...lamp, ...values, version: 4 });
    }),
  );
});

const english = () => screen.findByRole("textbox", { name: "Name in English" });
const save = () => screen.getByRole("button", { name: "Save" });

test("a product is changed and saved over the version that was read", async () => {
  const { user, container } = open("/products/lamp/edit");
  await user.clear(await english());
  await user.type(await english(), "Brass lamp");
  await expectAccessible(container);
  await user.click(save());
  await screen.findByText("Saved.");
  expect(changes).toMatchObject([{ values: { name_en: "Brass lamp" }, version: '"3"' }]);
});

test("a price may be typed in Arabic digits", async () => {
  const { user } = open("/products/lamp/edit");
  const price = await screen.findByRole("textbox", { name: "Price" });
  expect(price).toHaveValue("1,250.50");
  await user.clear(price);
  await user.type(price, "١٬٣٠٠٫٥");
  await user.tab();
  expect(price).toHaveValue("1,300.50");
  await user.click(save());
  await waitFor(() => {
    expect(changes[0]?.values.price).toBe("1300.50");
  });
});

test("a refusal stands at its field, and what was typed stays", async () => {
  server.use(
    http.patch("/api/products/lamp", () =>
      refuse(409, {
        code: "sku_taken",
        detail: "Another product has this SKU.",
        errors: [{ pointer: "/sku", code: "taken", message: "Used by “Oak desk”." }],
      }),
    ),
  );
  const { user } = open("/products/lamp/edit");
  const sku = await screen.findByRole("textbox", { name: "SKU" });
  await user.clear(sku);
  await user.type(sku, "DESK-02");
  await user.click(save());
  await screen.findByText("Another product has this SKU.");
  expect(sku).toHaveAccessibleDescription("Used by “Oak desk”.");
  expect(sku).toHaveValue("DESK-02");
});

test("when somebody else was faster, mine can be kept over theirs", async () => {
  let stored = lamp;
  const versions: (string | null)[] = [];
  server.use(
    http.get("/api/products/lamp", () => HttpResponse.json(stored)),
    http.patch("/api/products/lamp", async ({ request }) => {
      const version = request.headers.get("If-Match");
      versions.push(version);
      if (version !== '"4"') {
        stored = { ...lamp, name_en: "Rita's lamp", sku: "LAMP-99", version: 4 };
        return refuse(412, { code: "version_conflict" });
      }
      stored = { ...stored, ...((await request.json()) as object), version: 5 };
      return HttpResponse.json(stored);
    }),
  );
  const { user } = open("/products/lamp/edit");
  await user.clear(await english());
  await user.type(await english(), "Anna's lamp");
  await user.click(save());
  await screen.findByText("Rita's lamp");
  await user.click(screen.getByRole("button", { name: "Keep mine" }));
  await screen.findByRole("heading", { name: "Anna's lamp" });
  expect(versions).toEqual(['"3"', '"4"']);
  expect(screen.getByText("LAMP-99")).toBeInTheDocument();
});

test("what was typed survives a reload", async () => {
  const first = open("/products/lamp/edit");
  await first.user.type(await english(), " with a shade");
  first.unmount();

  open("/products/lamp/edit");
  await waitFor(async () => {
    expect(await english()).toHaveValue("Desk lamp with a shade");
  });
  expect(screen.getByText(/We kept what you typed/)).toBeInTheDocument();
});

test("a name in one of the two languages is asked for before the server is", async () => {
  const { user } = open("/products/lamp/edit");
  await user.clear(await english());
  await user.clear(screen.getByRole("textbox", { name: "Name in Arabic" }));
  await user.click(save());
  await screen.findByText("Write the name in one of the two languages.");
  expect(changes).toEqual([]);
});

test("a new product is created and shown", async () => {
  let created: Partial<Schemas["ProductIn"]> = {};
  server.use(
    http.post("/api/products", async ({ request }) => {
      created = (await request.json()) as Schemas["ProductIn"];
      return HttpResponse.json({ ...lamp, ...created, id: "stool", version: 1 }, { status: 201 });
    }),
    http.get("/api/products/stool", () =>
      HttpResponse.json({ ...lamp, ...created, id: "stool", version: 1 }),
    ),
  );
  const { user, router } = open("/products/new");
  await user.type(await english(), "Stool");
  await user.type(screen.getByRole("textbox", { name: "SKU" }), "STOOL-1");
  await user.type(screen.getByRole("combobox", { name: "Stock unit" }), "Pie{ArrowDown}{Enter}");
  await user.click(screen.getByRole("button", { name: "Create product" }));
  await screen.findByRole("heading", { name: "Stool" });
  expect(router.state.location.pathname).toBe("/products/stool");
  expect(created).toMatchObject({ sku: "STOOL-1", unit_id: "piece", price: "0.00" });
});

test("deactivating names the product and its verb", async () => {
  let deleted = false;
  server.use(
    http.delete("/api/products/lamp", () => {
      deleted = true;
      return new HttpResponse(null, { status: 204 });
    }),
    http.get("/api/products/lamp", () => HttpResponse.json({ ...lamp, is_active: !deleted })),
  );
  const { user } = open("/products/lamp");
  await user.click(await screen.findByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name: "Deactivate" }));
  await screen.findByText("Deactivate LAMP-01?");
  await user.click(screen.getByRole("button", { name: "Deactivate" }));
  await screen.findByText("Inactive");
  expect(await screen.findByRole("button", { name: "Activate" })).toBeInTheDocument();
});

test("who may only read sees the product without a way to change it", async () => {
  server.use(...signedIn({ ...anna, permissions: ["product:read"] }));
  open("/products/lamp");
  await screen.findByRole("heading", { name: "Desk lamp" });
  expect(screen.queryByRole("link", { name: "Edit" })).not.toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "More actions" })).not.toBeInTheDocument();
});

test("units are told as exact conversions, each with its barcodes", async () => {
  server.use(
    http.get("/api/products/lamp", () =>
      HttpResponse.json({
        ...lamp,
        units: [{ unit_id: "box", numerator: 12, denominator: 1 }],
        barcodes: [{ code: "6281000000014", unit_id: "box" }],
      }),
    ),
  );
  open("/products/lamp");
  const row = (await screen.findByText("1 Box = 12 Piece")).closest("li");
  expect(row).toHaveTextContent("6281000000014");
  await expectAccessible(screen.getByRole("main"));
});

test("a further unit is sent as whole numbers", async () => {
  const { user } = open("/products/lamp/edit");
  await english();
  await user.click(screen.getByRole("button", { name: "Add a unit" }));
  await user.type(screen.getByRole("combobox", { name: "Further unit" }), "Box{ArrowDown}{Enter}");
  await user.type(screen.getByRole("textbox", { name: "How many stock units" }), "12");
  await user.click(save());
  await waitFor(() => {
    expect(changes[0]?.values).toEqual({
      units: [{ unit_id: "box", numerator: 12, denominator: 1 }],
    });
  });
});

test("choosing an exemption fills its reason in both languages", async () => {
  const { user } = open("/products/lamp/edit");
  await english();
  await user.click(screen.getByRole("combobox", { name: "VAT category" }));
  await user.click(await screen.findByRole("option", { name: "Zero-rated" }));
  await user.type(await screen.findByRole("combobox", { name: "Exemption code" }), "VATEX-SA-35");
  await user.click(await screen.findByRole("option", { name: /VATEX-SA-35/ }));
  await user.click(save());
  await waitFor(() => {
    expect(changes[0]?.values).toMatchObject({
      tax_category: "Z",
      exemption_code: "VATEX-SA-35",
      exemption_reason_en: "Medicines and medical equipment",
      exemption_reason_ar: "الأدوية والمعدات الطبية",
    });
  });
});

test("a price of a list in use stands on the product's page", async () => {
  server.use(
    ...signedIn({ ...anna, permissions: ["product:read", "price_list:read"] }),
    http.get("/api/price-lists", () =>
      HttpResponse.json(
        page([
          {
            id: "wholesale",
            name_en: "Wholesale",
            name_ar: "",
            currency: "SAR",
            valid_from: null,
            valid_to: null,
          },
        ]),
      ),
    ),
    http.get("/api/price-lists/wholesale/items", ({ request }) => {
      expect(new URL(request.url).searchParams.get("product_id")).toBe("lamp");
      return HttpResponse.json(
        page([
          {
            id: "i",
            product_id: "lamp",
            unit_id: "piece",
            min_quantity: "100",
            price: "1100",
            valid_from: null,
            valid_to: null,
          },
        ]),
      );
    }),
  );
  open("/products/lamp");
  const row = (await screen.findByRole("link", { name: "Wholesale" })).closest("tr");
  expect(row).toHaveTextContent("1,100.00");
});
