import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";

import { expectAccessible } from "@/testing/accessible";
import { anna, page, refuse, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

import { type ImportDetail, type Profile } from "./queries";

const column = (name: string, label: string, required: boolean) => ({
  name,
  label_en: label,
  label_ar: label,
  kind: "text",
  required,
  example: "",
  choices: [],
});

const products: Profile = {
  key: "products",
  label_en: "Products",
  label_ar: "المنتجات",
  description_en: "One row per product.",
  description_ar: "صف لكل منتج.",
  modes: ["upsert", "create"],
  can_ship_goods: false,
  columns: [column("sku", "SKU", true), column("name_en", "Name", false)],
  default_options: {
    day_order: "ymd",
    decimal_mark: ".",
    mode: "upsert",
    encoding: "",
    delimiter: "",
    goods: "leave",
    cost_percent: "60",
    warehouse: "",
  },
};

const rows = { total: 3, blank: 0, created: 2, changed: 0, unchanged: 0, refused: 1 };
const report = { rows, amounts: null, items: {}, records: { product: { created: 2 } } };

const mapped: ImportDetail = {
  id: "lamps",
  version: 1,
  state: "mapped",
  profile: "products",
  file_name: "lamps.csv",
  file_size: 1234,
  sha256: "",
  created_at: "2026-01-31T08:00:00.000Z",
  created_by_name: "Anna",
  began_at: null,
  finished_at: null,
  done: 0,
  total: 0,
  rows_per_second: 0,
  failure_en: "",
  failure_ar: "",
  headings: ["Code", "Title"],
  sample: [
    ["L-1", "Desk lamp"],
    ["L-2", "Floor lamp"],
  ],
  mapping: { sku: "Code" },
  options: products.default_options,
  encoding: "utf-8",
  delimiter: ",",
  check_report: null,
  run_report: null,
  undo_report: null,
};

let now: ImportDetail;
const asked: { method: string; path: string; body?: unknown; ifMatch: string | null }[] = [];

beforeEach(() => {
  now = mapped;
  asked.length = 0;
  const verb = (name: string, to: () => Partial<ImportDetail>) =>
    http.post(`/api/imports/lamps/${name}`, ({ request }) => {
      asked.push({ method: "POST", path: name, ifMatch: request.headers.get("If-Match") });
      now = { ...now, ...to(), version: now.version + 1 };
      return HttpResponse.json(now, { status: 202 });
    });
  server.use(
    ...signedIn({
      ...anna,
      permissions: ["import:read", "import:create", "import:undo", "product:read"],
    }),
    http.get("/api/import-profiles", () => HttpResponse.json([products])),
    http.get("/api/imports/lamps", () => HttpResponse.json(now)),
    http.get("/api/imports", () => HttpResponse.json(page([now]))),
    http.get("/api/imports/lamps/errors", () =>
      HttpResponse.json(
        page([
          {
            id: "bad",
            row: 4,
            column: "sku",
            code: "missing",
            message_en: "This value is missing.",
            message_ar: "القيمة ناقصة.",
            cells: ["", "Nameless"],
          },
        ]),
      ),
    ),
    http.patch("/api/imports/lamps", async ({ request }) => {
      const body = (await request.json()) as Partial<ImportDetail>;
      asked.push({
        method: "PATCH",
        path: "",
        body,
        ifMatch: request.headers.get("If-Match"),
      });
      const options = { ...now.options, ...body.options };
      now = { ...now, ...body, options, version: now.version + 1 };
      return HttpResponse.json(now);
    }),
    verb("check", () => ({ state: "checked", check_report: report })),
    verb("run", () => ({ state: "running", done: 1, total: 4, rows_per_second: 1 })),
  );
});

test("goods can be shipped with their invoices, at a share of the price", async () => {
  server.use(
    http.get("/api/import-profiles", () =>
      HttpResponse.json([{ ...products, can_ship_goods: true }]),
    ),
    http.get("/api/warehouses", () =>
      HttpResponse.json(page([{ id: "ruh", code: "RUH", name_en: "Riyadh", name_ar: "الرياض" }])),
    ),
  );
  const { user, container } = open("/imports/lamps");
  await user.click(await screen.findByRole("combobox", { name: "Goods of the invoices" }));
  await user.click(await screen.findByRole("option", { name: "Receive and ship them" }));
  const cost = await screen.findByRole("textbox", { name: "Cost, of the price" });
  await user.clear(cost);
  await user.type(cost, "45.5");
  await user.click(screen.getByRole("combobox", { name: "Warehouse" }));
  await user.click(await screen.findByRole("option", { name: "RUH · Riyadh" }));
  await waitFor(() => {
    expect(asked.map((one) => one.body)).toEqual([
      { options: { goods: "ship" } },
      { options: { cost_percent: "45.5" } },
      { options: { warehouse: "RUH" } },
    ]);
  });
  await expectAccessible(container);
});

test("the guessed mapping stands beside the first values, and every choice is kept at once", async () => {
  const { user, container } = open("/imports/lamps");
  expect(await screen.findByText("L-1")).toBeInTheDocument();
  await expectAccessible(container);
  await user.click(screen.getByRole("combobox", { name: "Name" }));
  await user.click(await screen.findByRole("option", { name: "Title" }));
  await screen.findByText("Desk lamp");
  expect(asked).toEqual([
    {
      method: "PATCH",
      path: "",
      body: { mapping: { sku: "Code", name_en: "Title" } },
      ifMatch: '"1"',
    },
  ]);
});

test("a file without a required column cannot be checked, and says which is missing", async () => {
  now = { ...mapped, state: "uploaded", mapping: {} };
  open("/imports/lamps");
  await screen.findByText("Still needed: SKU.");
  expect(screen.getByRole("button", { name: "Check the file" })).toBeDisabled();
});

test("a check shows what would happen and why rows are refused, before anything is written", async () => {
  const { user } = open("/imports/lamps");
  await user.click(await screen.findByRole("button", { name: "Check the file" }));
  const refused = await screen.findByRole("table", { name: "Refused rows" });
  expect(await within(refused).findByText("This value is missing.")).toBeInTheDocument();
  expect(within(refused).getByText("SKU")).toBeInTheDocument();
  expect(screen.getByText("It adds up to what the file holds.")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Import 2 rows" }));
  await screen.findByText("1 of 4");
  expect(screen.getByText("about 3 seconds left")).toBeInTheDocument();
  expect(asked.map((one) => one.path)).toEqual(["check", "run"]);
});

test("who comes back later finds the import where it is", async () => {
  now = { ...mapped, state: "running", done: 2, total: 4 };
  open("/imports/lamps");
  await screen.findByText("2 of 4");
  now = { ...mapped, version: 5, state: "done", done: 4, total: 4, run_report: report };
  await screen.findByText("Imported");
  expect(screen.getByText("What the import wrote.")).toBeInTheDocument();
});

test("undoing says what would be taken back before it is", async () => {
  now = { ...mapped, state: "done", run_report: report };
  let undone = false;
  server.use(
    http.post("/api/imports/lamps/undo", ({ request }) => {
      if (new URL(request.url).searchParams.get("dry_run") === "true")
        return HttpResponse.json({ records: { product: { created: 2 } } });
      undone = true;
      now = {
        ...now,
        state: "undone",
        undo_report: { undone: { product: { created: 2 } }, kept: {} },
      };
      return HttpResponse.json(now, { status: 202 });
    }),
  );
  const { user } = open("/imports/lamps");
  await user.click(await screen.findByRole("button", { name: "Undo the import…" }));
  const dialog = await screen.findByRole("dialog");
  expect(await within(dialog).findByText("Products")).toBeInTheDocument();
  expect(undone).toBe(false);
  await user.click(within(dialog).getByRole("button", { name: "Undo the import" }));
  await screen.findByText("Taken back");
  expect(undone).toBe(true);
});

test("an unreadable file is refused beside the button and another can be chosen", async () => {
  server.use(http.post("/api/imports", () => refuse(422, { detail: "This is not a table." })));
  const { user } = open("/imports/new");
  const picker = await screen.findByLabelText("Choose a file", { selector: "input" });
  await user.upload(picker, new File(["x"], "x.csv", { type: "text/csv" }));
  await user.click(screen.getByRole("button", { name: "Upload and continue" }));
  await screen.findByText("This is not a table.");
  expect(screen.getByText("x.csv")).toBeInTheDocument();
});

test("who may only read sees no way to run or undo", async () => {
  server.use(...signedIn({ ...anna, permissions: ["import:read"] }));
  now = { ...mapped, state: "done", run_report: report };
  open("/imports/lamps");
  await screen.findByText("What the import wrote.");
  await waitFor(() => {
    expect(screen.queryByRole("button", { name: /Undo/ })).not.toBeInTheDocument();
  });
});
