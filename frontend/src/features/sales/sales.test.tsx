import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";

import type { Schemas } from "@/shared/api/client";
import { expectAccessible } from "@/testing/accessible";
import { anna, lamp, page, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

type Order = Schemas["SalesOrderOut"];
type Shipment = Schemas["ShipmentOut"];

const seller = {
  ...anna,
  permissions: [
    ...anna.permissions,
    "sales_order:read",
    "sales_order:create",
    "sales_order:edit",
    "sales_order:confirm",
    "shipment:read",
    "shipment:create",
    "shipment:edit",
    "shipment:ship",
    "customer_return:create",
    "party:read",
  ],
};

const rita = { id: "rita", code: "C-1", name_en: "Rita's shop", name_ar: "متجر ريتا" };
const riyadh = {
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

// Figures nobody could get by adding up the lines: the page must show the server's own.
const confirmed: Order = {
  id: "order",
  version: 3,
  number: "SO-000007",
  state: "confirmed",
  on_hold: false,
  customer_id: "rita",
  customer_name_en: "Rita's shop",
  customer_name_ar: "متجر ريتا",
  warehouse_id: "ruh",
  warehouse_code: "RUH",
  ordered_on: "2026-01-10",
  expires_on: null,
  promised_on: "2026-01-20",
  currency: "SAR",
  net: "777.70",
  vat: "111.10",
  total: "888.80",
  total_base: "888.80",
  delivery_status: "part",
  billing_status: "none",
  payment_status: "none",
  revision: 1,
  reference: "",
  hold_reason: "",
  exchange_rate: "1",
  prices_include_vat: false,
  is_export: false,
  invoice_policy: "delivered",
  notes_en: "",
  notes_ar: "",
  reason: "",
  approval_reasons: [],
  created_at: "2026-01-10T08:00:00Z",
  created_by: "anna",
  confirmed_at: "2026-01-10T09:00:00Z",
  submitted_by: "anna",
  approved_by: null,
  lines: [
    {
      id: "line",
      version: 1,
      position: 1,
      product_id: "lamp",
      kind: "goods",
      sku: "LAMP-01",
      name_en: "Desk lamp",
      name_ar: "مصباح مكتب",
      unit_id: "piece",
      unit_en: "Piece",
      unit_ar: "قطعة",
      quantity: "10",
      stock_unit_id: "piece",
      unit_price: "77.77",
      discount_percent: "0",
      discount: "0.00",
      tax_category: "S",
      tax_rate: "15",
      exemption_code: "",
      exemption_reason_en: "",
      exemption_reason_ar: "",
      net: "777.70",
      vat: "111.10",
      ordered: "10",
      short_closed: "0",
      short_close_reason: "",
      reserved: "6",
      planned: "0",
      shipped: "4",
      returned: "0",
      returned_undecided: "0",
      returned_refund: "0",
      returned_replace: "0",
      invoiced: "0",
      credited: "0",
      open_to_ship: "6",
      open_to_bill: "4",
    },
  ],
  links: [{ type: "shipment", id: "first", number: "SHP-000001", state: "shipped" }],
  next_commands: ["create_shipment", "invoice", "hold", "cancel"],
};

// The server gives the line the price of the lists.
const draft = {
  ...confirmed,
  id: "made",
  version: 1,
  number: null,
  state: "draft",
  lines: confirmed.lines.map((line) => ({ ...line, quantity: "1", discount_percent: "5" })),
  next_commands: ["confirm", "edit"],
};

const ready: Shipment = {
  id: "second",
  version: 2,
  number: "SHP-000002",
  state: "ready",
  order_id: "order",
  order_number: "SO-000007",
  customer_id: "rita",
  customer_name_en: "Rita's shop",
  customer_name_ar: "متجر ريتا",
  warehouse_id: "ruh",
  warehouse_code: "RUH",
  planned_on: null,
  shipped_on: null,
  delivered_on: null,
  carrier: "",
  tracking_number: "",
  freight_cost: "0.00",
  notes: "",
  reason: "",
  delivery_proof: "",
  entry_id: null,
  created_at: "2026-01-10T08:00:00Z",
  lines: [
    {
      id: "taken",
      position: 1,
      order_line_id: "line",
      product_id: "lamp",
      sku: "LAMP-01",
      name_en: "Desk lamp",
      name_ar: "مصباح مكتب",
      stock_unit_id: "piece",
      stock_unit_en: "piece",
      stock_unit_ar: "قطعة",
      quantity: "2",
      picked: "0",
      returned: "0",
      picks: [
        {
          location_id: "bin",
          location_code: "RUH-A-01",
          lot_id: null,
          lot_code: null,
          expires_on: null,
          quantity: "2",
        },
      ],
    },
  ],
  links: [],
  next_commands: ["ship", "pick"],
};

let asked: { call: string; body: unknown; version: string | null }[];

beforeEach(() => {
  asked = [];
  const note = async (request: Request) => {
    const text = await request.clone().text();
    const { pathname, search } = new URL(request.url);
    asked.push({
      call: `${request.method} ${pathname}${search}`,
      body: text ? (JSON.parse(text) as unknown) : null,
      version: request.headers.get("If-Match"),
    });
  };
  server.use(
    ...signedIn(seller),
    http.get("/api/products", () => HttpResponse.json(page([lamp]))),
    http.get("/api/products/lamp", () => HttpResponse.json(lamp)),
    http.get("/api/parties", () => HttpResponse.json(page([rita]))),
    http.get("/api/parties/rita", () => HttpResponse.json(rita)),
    http.get("/api/warehouses", () => HttpResponse.json(page([riyadh]))),
    http.get("/api/sales/availability", () =>
      HttpResponse.json({
        product_id: "lamp",
        warehouse_id: "ruh",
        free: "2",
        incoming: "0",
        is_enough: false,
        available_on: null,
      }),
    ),
    http.get("/api/sales-orders", async ({ request }) => {
      await note(request);
      return HttpResponse.json(page([confirmed]));
    }),
    http.get("/api/sales-orders/order", () => HttpResponse.json(confirmed)),
    http.post("/api/sales-orders", async ({ request }) => {
      await note(request);
      return HttpResponse.json(draft, { status: 201 });
    }),
    http.patch("/api/sales-orders/made", () => HttpResponse.json({ ...draft, version: 2 })),
    http.get("/api/shipments/second", () => HttpResponse.json(ready)),
    http.post("/api/shipments", async ({ request }) => {
      await note(request);
      return HttpResponse.json({ ...ready, state: "draft", version: 1 }, { status: 201 });
    }),
    http.post("/api/shipments/second/make-ready", async ({ request }) => {
      await note(request);
      return HttpResponse.json(ready);
    }),
    http.post("/api/shipments/second/pick", async ({ request }) => {
      await note(request);
      return HttpResponse.json({ ...ready, version: 3, state: "picked", next_commands: ["ship"] });
    }),
  );
});

const calls = (start: string) => asked.filter((one) => one.call.startsWith(start));

test("the list says how far each order is, in words, and asks the server by its filters", async () => {
  open("/sales-orders?delivery_status=part");
  expect(await screen.findByText("SO-000007")).toBeVisible();
  const [row] = screen.getAllByRole("row", { name: /SO-000007/ });
  expect(row).toHaveTextContent(/Partly delivered.*Not invoiced/);
  expect(calls("GET /api/sales-orders").at(-1)?.call).toContain("delivery_status=part");
});

test("an order typed with a customer and a product saves itself; the server reckons", async () => {
  const { user, router } = open("/sales-orders/new");
  await user.click(await screen.findByRole("combobox", { name: /Customer/ }));
  await user.click(await screen.findByRole("option", { name: /Rita's shop/ }));
  await user.type(screen.getByRole("textbox", { name: /Scan or type/ }), "LAMP-01{Enter}");
  await user.type(await screen.findByRole("textbox", { name: "Discount, line 1" }), "٥٪");
  await waitFor(() => {
    expect(calls("POST /api/sales-orders").at(-1)?.body).toMatchObject({
      customer_id: "rita",
      warehouse_id: "ruh",
      lines: [{ product_id: "lamp", quantity: "1", unit_price: null }],
    });
  });
  expect(await screen.findByText("888.80")).toBeVisible();
  expect(await screen.findByText(/2 free/)).toBeVisible();
  expect(router.state.location.pathname).toBe("/sales-orders/made");
});

test("an order shows its three words and documents; what is open is shipped in two steps", async () => {
  const { user, router, container } = open("/sales-orders/order");
  expect(await screen.findByText("Partly delivered")).toBeVisible();
  expect(screen.getByRole("link", { name: /SHP-000001/ })).toHaveAttribute(
    "href",
    "/shipments/first",
  );
  await expectAccessible(container);
  await user.click(screen.getByRole("button", { name: "Ship…" }));
  const dialog = await screen.findByRole("dialog");
  const quantity = within(dialog).getByRole("textbox", { name: "To ship: LAMP-01" });
  expect(quantity).toHaveValue("6");
  await user.clear(quantity);
  await user.type(quantity, "٢");
  await user.click(within(dialog).getByRole("button", { name: "Plan the shipment" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/shipments/second");
  });
  expect(calls("POST /api/shipments")[0]?.body).toEqual({
    order_id: "order",
    lines: [{ order_line_id: "line", quantity: "2" }],
  });
  expect(calls("POST /api/shipments/second/make-ready")).toHaveLength(1);
});

test("picking takes what is scanned, refuses what is not asked for, and sends where it was", async () => {
  const { user, router } = open("/shipments/second/pick");
  const scan = await screen.findByRole("textbox", { name: /Scan a product/ });
  await user.type(scan, "LAMP-01{Enter}");
  expect(await screen.findByText(/Desk lamp · 1 \/ 2/)).toBeVisible();
  await user.type(scan, "LAMP-01{Enter}");
  expect(await screen.findByText("Everything is picked")).toBeVisible();
  await user.type(scan, "LAMP-01{Enter}");
  expect(await screen.findByText("Desk lamp is complete")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Picked" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/shipments/second");
  });
  expect(calls("POST /api/shipments/second/pick")[0]).toMatchObject({
    version: '"2"',
    body: { picks: [{ line_id: "taken", quantity: "2", lot_id: null, location_id: "bin" }] },
  });
});

test("of goods kept by lot, the lot that comes back is chosen", async () => {
  const lot = (id: string, code: string, quantity: string) => ({
    line_id: "taken",
    reverses_id: null,
    lot: { id, code, is_serial: false, expires_on: null },
    quantity,
  });
  const gone = { ...ready, state: "shipped", next_commands: ["create_return"] };
  const traces = ["stock:read", "customer_return:create"];
  server.use(
    ...signedIn({ ...seller, permissions: [...seller.permissions, ...traces] }),
    http.get("/api/shipments/second", () => HttpResponse.json(gone)),
    http.get("/api/stock/moves", () =>
      HttpResponse.json(page([lot("old", "L-1", "1"), lot("new", "L-2", "1")])),
    ),
    http.post("/api/customer-returns", async ({ request }) => {
      asked.push({ call: "return", body: await request.json(), version: null });
      return HttpResponse.json({ code: "x", title: "No", status: 409 }, { status: 409 });
    }),
  );
  const { user } = open("/shipments/second");
  await user.click(await screen.findByRole("button", { name: /Return/ }));
  const dialog = await screen.findByRole("dialog");
  await user.type(await within(dialog).findByLabelText("Comes back: LAMP-01 L-2"), "1");
  expect(within(dialog).getByText("L-1")).toBeVisible();
  await user.click(within(dialog).getByRole("button", { name: "Write it down" }));
  await waitFor(() => {
    expect(calls("return")[0]?.body).toMatchObject({
      lines: [{ shipment_line_id: "taken", quantity: "1", lot_id: "new" }],
    });
  });
});

test("what no role grants is found under its reason, and nothing asks the server in vain", async () => {
  server.use(
    ...signedIn({ ...anna, permissions: ["sales_order:read", "party:read"] }),
    http.get("/api/sales-orders/confirmed", () =>
      HttpResponse.json({ ...confirmed, id: "confirmed", next_commands: [] }),
    ),
  );
  const { user } = open("/sales-orders/confirmed");
  await user.click(await screen.findByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name: /Why can/ }));
  await user.click(await screen.findByText("Put on hold"));
  expect(await screen.findByText("None of your roles grants this.")).toBeVisible();
  const why = screen.getByRole("link", { name: /Why can/ });
  expect(why.getAttribute("href")).toContain("permission=sales_order%3Aedit");
});

test("a shipment that is not ready is not picked, and the button says why", async () => {
  server.use(
    http.get("/api/shipments/second", () => HttpResponse.json({ ...ready, state: "draft" })),
  );
  const { user } = open("/shipments/second/pick");
  await user.hover(await screen.findByRole("button", { name: "Picked" }));
  expect(await screen.findByText(/Make the shipment ready first/)).toBeVisible();
});
