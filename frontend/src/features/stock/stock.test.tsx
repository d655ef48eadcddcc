import { notifications } from "@mantine/notifications";
import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";

import type { Schemas } from "@/shared/api/client";
import { expectAccessible } from "@/testing/accessible";
import { anna, lamp, page, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

const keeper = {
  ...anna,
  permissions: [
    ...anna.permissions,
    "warehouse:read",
    "warehouse:create",
    "stock:read",
    "transfer:read",
    "transfer:move",
    "count:read",
    "count:enter",
  ],
};

const riyadh: Schemas["WarehouseOut"] = {
  id: "ruh",
  version: 1,
  code: "RUH",
  name_en: "Riyadh",
  name_ar: "الرياض",
  address_en: "",
  address_ar: "",
  allows_negative: false,
  is_active: true,
};

const nothing = { stock: [], journal: [] };

const transfer: Schemas["TransferOut"] = {
  id: "transfer",
  version: 4,
  state: "in_transit",
  number: "TRF-000001",
  source_id: "ruh",
  source_code: "RUH",
  source_name_en: "Riyadh",
  source_name_ar: "الرياض",
  destination_id: "jed",
  destination_code: "JED",
  destination_name_en: "Jeddah",
  destination_name_ar: "جدة",
  expected_on: null,
  dispatched_on: "2026-03-01",
  reference: "",
  created_at: "2026-03-01T08:00:00Z",
  progress: {
    lines: 1,
    quantity: "10",
    dispatched: "10",
    in_transit: "10",
    received: "0",
    transit_value: "800.00",
  },
  notes: "",
  created_by: "anna",
  approved_by: null,
  dispatched_by: "anna",
  closed_at: null,
  next_commands: [],
  lines: [
    {
      id: "line",
      position: 1,
      product_id: lamp.id,
      sku: lamp.sku,
      name_en: lamp.name_en,
      name_ar: lamp.name_ar,
      stock_unit_en: "Piece",
      stock_unit_ar: "قطعة",
      unit_id: "piece",
      unit_en: "Piece",
      unit_ar: "قطعة",
      unit_quantity: "10",
      lot_id: null,
      lot_code: null,
      source_location_id: null,
      source_location_code: null,
      destination_location_id: null,
      destination_location_code: null,
      quantity: "10",
      reserved: "0",
      dispatched: "10",
      in_transit: "10",
      received: "0",
      returned: "0",
      written_off: "0",
      transit_value: "800.00",
      travelling: [{ lot_id: null, lot_code: null, quantity: "10" }],
    },
  ],
};

beforeEach(() => {
  sessionStorage.clear();
  notifications.clean();
  server.use(
    ...signedIn(keeper),
    http.get("/api/warehouses", () => HttpResponse.json(page([riyadh]))),
  );
});

test("an empty stock begins with a warehouse", async () => {
  const sent: unknown[] = [];
  server.use(
    http.get("/api/warehouses", () => HttpResponse.json(page([]))),
    http.get("/api/stock/balances", () => HttpResponse.json(page([]))),
    http.post("/api/warehouses", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(riyadh, { status: 201 });
    }),
    http.get("/api/warehouses/ruh", () => HttpResponse.json(riyadh)),
    http.get("/api/locations", () => HttpResponse.json(page([]))),
  );
  const { user, router } = open("/stock");
  expect(await screen.findByText(/Start with a warehouse/)).toBeVisible();
  const [first] = screen.getAllByRole("link", { name: "New warehouse" });
  if (first) await user.click(first);
  const dialog = await screen.findByRole("dialog", { name: "New warehouse" });
  await user.type(within(dialog).getByLabelText(/^Code/), "RUH");
  await user.type(within(dialog).getByLabelText("Name in English"), "Riyadh");
  await user.click(within(dialog).getByRole("button", { name: "Create warehouse" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/warehouses/ruh");
  });
  expect(sent).toEqual([expect.objectContaining({ code: "RUH", name_en: "Riyadh" })]);
});

test("what arrives short stays in transit, and the dialog says so before", async () => {
  const sent: unknown[] = [];
  server.use(
    http.get("/api/transfers/transfer", () => HttpResponse.json(transfer)),
    http.post("/api/transfers/transfer/receive", async ({ request }) => {
      const dry = new URL(request.url).searchParams.get("dry_run");
      if (!dry) sent.push(await request.json());
      return HttpResponse.json(dry ? nothing : { ...transfer, version: 5 });
    }),
  );
  const { user, container } = open("/transfers/transfer");
  await user.click(await screen.findByRole("button", { name: "Receive" }));
  const dialog = await screen.findByRole("dialog", { name: "Receive" });
  const arrived = within(dialog).getByLabelText(/^Arrived: LAMP-01/);
  expect(arrived).toHaveValue("10");
  expect(within(dialog).getByText("Nothing is missing.")).toBeVisible();
  await user.clear(arrived);
  await user.type(arrived, "٨");
  expect(within(dialog).getByText("2 of LAMP-01 stay in transit")).toBeVisible();
  await expectAccessible(container);
  const receive = within(dialog).getByRole("button", { name: "Receive" });
  await waitFor(() => {
    expect(receive).toBeEnabled();
  });
  await user.click(receive);
  await waitFor(() => {
    expect(sent).toEqual([{ parts: [{ line_id: "line", quantity: "8", lot_id: null }] }]);
  });
});

test("counting is blind: places and products are scanned, and only what was counted is sent", async () => {
  const sent: unknown[] = [];
  const count = {
    id: "count",
    version: 2,
    state: "counting",
    number: "CNT-000001",
    location_id: "root",
    location_code: "RUH",
    location_name_en: "Riyadh",
    location_name_ar: "الرياض",
    warehouse_id: "ruh",
    warehouse_code: "RUH",
    category_id: null,
    category_name_en: null,
    category_name_ar: null,
    is_scheduled: false,
    created_at: "2026-03-01T08:00:00Z",
    started_at: "2026-03-01T08:00:00Z",
    posted_on: null,
    gained: "0.00",
    lost: "0.00",
    figures: { lines: 2, counted: 0, differing: null, variance_value: null },
    product_ids: [],
    notes: "",
    created_by: "anna",
    posted_by: null,
    snapshot_sequence: 1,
    shows_book: false,
    to_approve: 0,
  };
  const line = (id: string, place: string) => ({
    id,
    product_id: lamp.id,
    sku: lamp.sku,
    name_en: lamp.name_en,
    name_ar: lamp.name_ar,
    unit_en: "Piece",
    unit_ar: "قطعة",
    location_id: place,
    location_code: place,
    lot_id: null,
    lot_code: null,
    counted: null,
    counted_at: null,
    counted_by: null,
    counted_by_name: "",
    first_counted: null,
    first_counted_by_name: "",
    needs_recount: false,
    book: null,
    variance: null,
    variance_value: null,
    approved_by: null,
  });
  server.use(
    http.get("/api/counts/count", () => HttpResponse.json(count)),
    http.get("/api/counts/count/lines", () =>
      HttpResponse.json(page([line("one", "RUH-A-01"), line("two", "RUH-A-02")])),
    ),
    http.get("/api/products", ({ request }) =>
      HttpResponse.json(
        page(new URL(request.url).searchParams.get("q") === "LAMP-01" ? [lamp] : []),
      ),
    ),
    http.get("/api/locations", () =>
      HttpResponse.json(page([{ id: "RUH-A-01", code: "RUH-A-01", name_en: "", name_ar: "" }])),
    ),
    http.get("/api/stock/items/lamp", () => HttpResponse.json({ tracking: "none" })),
    http.post("/api/counts/count/enter", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ ...count, version: 3 });
    }),
  );
  const { user } = open("/counts/count/work");
  const scanner = await screen.findByRole("textbox", { name: "Scan a place or a product" });
  await user.type(scanner, "LAMP-01{Enter}");
  expect(await screen.findByText("Scan the place first")).toBeVisible();
  await user.type(scanner, "ruh-a-01{Enter}");
  expect(await screen.findByText("Now at RUH-A-01")).toBeVisible();
  for (let time = 0; time < 2; time += 1) {
    await user.type(scanner, "LAMP-01{Enter}");
    expect(await screen.findByText("LAMP-01 +1")).toBeVisible();
  }
  await user.click(screen.getByRole("button", { name: "Add one" }));
  // What is no quantity is neither sent nor shown as one.
  const counted = screen.getByRole("textbox", { name: "You counted" });
  const save = screen.getByRole("button", { name: "Save and go on" });
  for (const wrong of ["-5", "12x"]) {
    await user.clear(counted);
    await user.type(counted, `${wrong}{Tab}`);
    await user.click(save);
    expect(save).toHaveAttribute("aria-disabled", "true");
    expect(screen.getByText(wrong)).toBeVisible();
  }
  await user.clear(counted);
  await user.type(counted, "3");
  await user.click(save);
  await waitFor(() => {
    expect(sent).toEqual([
      { entries: [{ product_id: "lamp", location_id: "RUH-A-01", quantity: "3" }] },
    ]);
  });
  // That nothing else is there sets lines to zero: it is said how many, before.
  await user.click(await screen.findByRole("button", { name: "Nothing else is here" }));
  const dialog = await screen.findByRole("dialog", {
    name: "Enter 2 products of RUH-A-01 as 0?",
  });
  expect(sent).toHaveLength(1);
  // A click beside a dialog, such as the second of two, leaves it open.
  await user.click(document.querySelector(".mantine-Modal-overlay") ?? document.body);
  await user.click(within(dialog).getByRole("button", { name: "Enter as 0" }));
  await waitFor(() => {
    expect(sent[1]).toMatchObject({ entries: [{ quantity: "0" }, { quantity: "0" }] });
  });
});
