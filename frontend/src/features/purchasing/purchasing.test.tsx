import { notifications } from "@mantine/notifications";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";

import type { Schemas } from "@/shared/api/client";
import { expectAccessible } from "@/testing/accessible";
import { anna, lamp, page, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

const buyer = {
  ...anna,
  permissions: [
    ...anna.permissions,
    "purchase_order:read",
    "purchase_order:create",
    "receipt:read",
    "receipt:create",
    "receipt:post",
    "enquiry:read",
    "enquiry:edit",
    "stock:read",
    "warehouse:read",
    "unit:read",
  ],
};

const nothing = { stock: [], journal: [] };

const line: Schemas["PurchaseOrderLineOut"] = {
  id: "line",
  position: 1,
  product_id: lamp.id,
  is_goods: true,
  account_id: null,
  sku: lamp.sku,
  supplier_sku: "",
  name_en: lamp.name_en,
  name_ar: lamp.name_ar,
  unit_id: "piece",
  unit_en: "Piece",
  unit_ar: "قطعة",
  typed_quantity: "20",
  unit_price: "80",
  discount: "0.00",
  tax_category: "S",
  tax_rate: "15",
  net: "1600.00",
  vat: "240.00",
  expected_on: null,
  requisition_line_id: null,
  quantity: "20",
  short_closed: "0",
  received: "0",
  returned_refund: "0",
  returned_replace: "0",
  billed: "0",
  debited: "0",
  open_to_receive: "20",
  open_to_bill: "0",
};

const order: Schemas["PurchaseOrderOut"] = {
  id: "order",
  version: 3,
  number: "PO-000001",
  state: "sent",
  on_hold: false,
  supplier_id: "najd",
  supplier_name_en: "Najd Lighting",
  supplier_name_ar: "نجد للإنارة",
  warehouse_id: "ruh",
  warehouse_code: "RUH",
  ordered_on: "2026-03-01",
  expected_on: null,
  currency: "SAR",
  net: "1600.00",
  total: "1840.00",
  total_base: "1840.00",
  reference: "",
  revision: 0,
  receipt_progress: "none",
  billing_progress: "nothing_to_bill",
  reason: "",
  exchange_rate: "1",
  vat: "240.00",
  notes_en: "",
  notes_ar: "",
  enquiry_id: null,
  created_at: "2026-03-01T08:00:00Z",
  created_by: "anna",
  submitted_by: "anna",
  approved_by: null,
  sent_at: null,
  payment_progress: "none",
  lines: [line],
  links: [],
  next_commands: ["receive"],
};

const receipt = {
  id: "receipt",
  version: 1,
  number: null as string | null,
  state: "draft",
  order_id: "order",
  order_number: "PO-000001",
  supplier_id: "najd",
  supplier_name_en: "Najd Lighting",
  supplier_name_ar: "نجد للإنارة",
  warehouse_id: "ruh",
  warehouse_code: "RUH",
  received_on: "2026-03-05",
  delivery_note: "",
  value: "0.00",
  exchange_rate: "1",
  notes: "",
  reason: "",
  entry_id: null,
  reversal_entry_id: null,
  created_at: "2026-03-05T08:00:00Z",
  created_by: "anna",
  posted_at: null,
  posted_by: null,
  lines: [],
  landed_costs: [],
  links: [],
  next_commands: ["post"],
};

beforeEach(() => {
  sessionStorage.clear();
  notifications.clean();
  server.use(
    ...signedIn(buyer),
    http.get("/api/warehouses", () =>
      HttpResponse.json(
        page([{ id: "ruh", version: 1, code: "RUH", name_en: "Riyadh", name_ar: "الرياض" }]),
      ),
    ),
    http.get("/api/purchase-orders/order", () => HttpResponse.json(order)),
    http.get("/api/products/lamp", () =>
      HttpResponse.json({
        ...lamp,
        units: [{ unit_id: "box", numerator: 12, denominator: 1 }],
        barcodes: [{ code: "6281000000021", unit_id: "box" }],
      }),
    ),
    http.get("/api/products", () => HttpResponse.json(page([]))),
    http.get("/api/stock/items/lamp", () =>
      HttpResponse.json({
        product_id: "lamp",
        version: 1,
        costing: "moving_average",
        tracking: "none",
        has_expiry: false,
        needs_inspection: false,
        weight_kg: "0",
        volume_m3: "0",
      }),
    ),
  );
});

test("a scanner counts what comes in, box by box, and nothing is posted before its preview", async () => {
  const asked: unknown[] = [];
  server.use(
    http.post("/api/receipts", async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json(receipt, { status: 201 });
    }),
    http.post("/api/receipts/receipt/post", ({ request }) => {
      const dry = new URL(request.url).searchParams.get("dry_run");
      asked.push(dry ? "rehearsed" : "posted");
      return HttpResponse.json(
        dry ? nothing : { ...receipt, state: "posted", number: "GR-000001" },
      );
    }),
    http.patch("/api/receipts/receipt", () => {
      asked.push("same draft");
      return HttpResponse.json(receipt);
    }),
    http.get("/api/receipts/receipt", () => HttpResponse.json(receipt)),
  );
  const { user, container, router } = open("/purchase-orders/order/receive");
  const scanner = await screen.findByRole("textbox", { name: "Scan what came" });
  await screen.findAllByText("Desk lamp");
  await user.type(scanner, "6281000000021{Enter}");
  expect(await screen.findByText("LAMP-01 +12")).toBeVisible();
  await user.type(scanner, "lamp-01{Enter}");
  await user.type(scanner, "4006381333931{Enter}");
  expect(await screen.findByText("4006381333931 is not on this order")).toBeVisible();
  await expectAccessible(container);

  await user.click(screen.getByRole("button", { name: "Receive one line" }));
  let dialog = await screen.findByRole("dialog", { name: "Receive these goods?" });
  await waitFor(() => {
    expect(within(dialog).getByRole("button", { name: "Receive" })).toBeEnabled();
  });
  expect(asked).toEqual([
    expect.objectContaining({
      order_id: "order",
      lines: [expect.objectContaining({ order_line_id: "line", quantity: "13", unit_id: "piece" })],
    }),
    "rehearsed",
  ]);
  // Whoever looks at the order once more comes back to the draft and leaves no second one behind.
  await user.click(within(dialog).getByRole("button", { name: "Cancel" }));
  await router.navigate({ to: "/purchase-orders/$orderId", params: { orderId: "order" } });
  await router.navigate({ to: "/purchase-orders/$orderId/receive", params: { orderId: "order" } });
  await user.click(await screen.findByRole("button", { name: "Receive one line" }));
  dialog = await screen.findByRole("dialog", { name: "Receive these goods?" });
  await waitFor(() => {
    expect(within(dialog).getByRole("button", { name: "Receive" })).toBeEnabled();
  });
  expect(asked.slice(2)).toEqual(["same draft", "rehearsed"]);
  await user.click(within(dialog).getByRole("button", { name: "Receive" }));
  await waitFor(() => {
    expect(asked.at(-1)).toBe("posted");
  });
  expect(await screen.findByText("Received: GR-000001")).toBeVisible();
});

test("an order saves itself with the supplier's price and is submitted as it stands", async () => {
  const draft = {
    ...order,
    version: 1,
    number: null,
    state: "draft",
    next_commands: ["submit", "edit", "discard"],
  };
  const asked: unknown[] = [];
  server.use(
    ...signedIn({ ...buyer, permissions: [...buyer.permissions, "purchase_order:submit"] }),
    http.get("/api/parties/najd", () =>
      HttpResponse.json({ id: "najd", name_en: "Najd Lighting", name_ar: "", currency: "SAR" }),
    ),
    http.get("/api/products", () => HttpResponse.json(page([lamp]))),
    http.post("/api/purchase-orders", async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json(draft, { status: 201 });
    }),
    http.get("/api/purchase-orders/order", () => HttpResponse.json(draft)),
  );
  const { user, container, router } = open("/purchase-orders/new?supplier=najd");
  expect(await screen.findByText("Add a product to save the draft")).toBeVisible();
  await user.type(screen.getByLabelText("Product, line 1"), "lamp");
  await user.click(await screen.findByRole("option", { name: /Desk lamp/ }));
  await user.clear(screen.getByLabelText("Quantity, line 1"));
  await user.type(screen.getByLabelText("Quantity, line 1"), "20");
  expect(await screen.findByText("Draft saved")).toBeVisible();
  expect(asked.at(-1)).toMatchObject({
    supplier_id: "najd",
    warehouse_id: "ruh",
    lines: [{ product_id: "lamp", quantity: "20" }],
  });
  expect(screen.getByLabelText("Price, line 1")).toHaveValue("80");
  expect(router.state.location.pathname).toBe("/purchase-orders/order");
  expect(screen.getByRole("button", { name: "Submit" })).toBeEnabled();
  await expectAccessible(container);
});

const quote = (supplier: string, price: string, cheapest: boolean) => ({
  supplier_id: supplier,
  price,
  currency: "SAR",
  total: price,
  total_base: price,
  lead_time_days: 3,
  note: "",
  is_cheapest: cheapest,
  is_fastest: false,
});
const asked = (supplier: string, name: string) => ({
  supplier_id: supplier,
  name_en: name,
  name_ar: name,
  has_declined: false,
  quoted_on: "2026-03-02",
  reference: "",
  valid_until: null,
  currency: "SAR",
  exchange_rate: "1",
});
const enquiry = {
  id: "enquiry",
  version: 2,
  number: "RFQ-000001",
  state: "sent",
  warehouse_id: null,
  answer_by: null,
  needed_on: null,
  created_at: "2026-03-01T08:00:00Z",
  line_count: 1,
  supplier_count: 2,
  answer_count: 2,
  notes: "",
  reason: "",
  lines: [
    {
      id: "wish",
      position: 1,
      product_id: lamp.id,
      sku: lamp.sku,
      name_en: lamp.name_en,
      name_ar: lamp.name_ar,
      unit_id: "piece",
      quantity: "20",
      requisition_line_id: null,
      awarded_to_id: null,
      quotes: [quote("najd", "80", true), quote("hijaz", "84", false)],
    },
  ],
  suppliers: [asked("najd", "Najd Lighting"), asked("hijaz", "Hijaz Supplies")],
  links: [],
  next_commands: ["award", "quote"],
};

test("quotes stand side by side, the best is proposed, and another one can be awarded", async () => {
  const awards: unknown[] = [];
  server.use(
    http.get("/api/enquiries/enquiry", () => HttpResponse.json(enquiry)),
    http.post("/api/enquiries/enquiry/award", async ({ request }) => {
      awards.push(await request.json());
      return HttpResponse.json(nothing);
    }),
  );
  const { user, container } = open("/enquiries/enquiry");
  const table = await screen.findByRole("table", { name: "Compare" });
  expect(
    within(table).getByRole("button", { name: /Award Desk lamp to Najd Lighting/ }),
  ).toHaveAttribute("aria-pressed", "true");
  await user.click(within(table).getByRole("button", { name: /Award Desk lamp to Hijaz/ }));
  await expectAccessible(container);
  await user.click(screen.getByRole("button", { name: "Award" }));
  await screen.findByRole("dialog", { name: "Award" });
  expect(awards).toEqual([{ awards: [{ line_id: "wish", supplier_id: "hijaz" }] }]);
});

test("a wrong number in an answer is said at its line", async () => {
  const asked: unknown[] = [];
  server.use(
    http.get("/api/enquiries/enquiry", () =>
      HttpResponse.json({ ...enquiry, next_commands: ["quote"] }),
    ),
    http.post("/api/enquiries/enquiry/quote", async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json(
        {
          code: "invalid",
          title: "Please check what you entered",
          status: 422,
          detail: "Some values are missing or wrong.",
          errors: [
            { pointer: "/prices/0/lead_time_days", code: "int", message: "Enter a whole number." },
          ],
        },
        { status: 422, headers: { "Content-Type": "application/problem+json" } },
      );
    }),
  );
  const { user } = open("/enquiries/enquiry");
  await user.click(await screen.findByRole("button", { name: "Enter an answer" }));
  const dialog = await screen.findByRole("dialog");
  const lead = within(dialog).getByLabelText("Lead time in days: LAMP-01");
  await user.clear(lead);
  await user.type(lead, "soon");
  // What was typed is the server's to refuse; it is not left out quietly.
  await waitFor(() => {
    expect(asked.at(-1)).toMatchObject({ prices: [{ lead_time_days: "soon" }] });
  });
  const row = within(dialog).getByRole("row", { name: /Desk lamp/ });
  expect(await within(row).findByRole("alert")).toHaveTextContent(
    "Lead time in days: Enter a whole number.",
  );
  expect(lead).toHaveAttribute("aria-invalid", "true");
});

test("goods are not received on a draft: the page says what comes first and leads there", async () => {
  const states = { draft: /Submit it first/, pending_approval: /as soon as it is approved/ };
  for (const [state, said] of Object.entries(states)) {
    server.use(
      http.get("/api/purchase-orders/order", () =>
        HttpResponse.json({ ...order, state, next_commands: [] }),
      ),
    );
    const { container, unmount } = open("/purchase-orders/order/receive");
    expect(await screen.findByText(said)).toBeVisible();
    expect(screen.getByRole("link", { name: "Open the order" })).toHaveAttribute(
      "href",
      "/purchase-orders/order",
    );
    await expectAccessible(container);
    unmount();
  }
});

test("an expired lot is marked while it is typed, and said again before it comes in", async () => {
  const warning = "Lot L-1 of LAMP-01 expired on 2026-03-01.";
  server.use(
    http.get("/api/stock/items/lamp", () =>
      HttpResponse.json({
        product_id: "lamp",
        version: 1,
        costing: "moving_average",
        tracking: "lot",
        has_expiry: true,
        needs_inspection: false,
        weight_kg: "0",
        volume_m3: "0",
      }),
    ),
    http.post("/api/receipts", () => HttpResponse.json(receipt, { status: 201 })),
    http.post("/api/receipts/receipt/post", () =>
      HttpResponse.json({
        ...nothing,
        warnings: [{ pointer: "/lines/0/expires_on", code: "expired", message: warning }],
      }),
    ),
  );
  const { user, container } = open("/purchase-orders/order/receive");
  const button = await screen.findByRole("button", { name: "Receive" });
  expect(button).toHaveAttribute("aria-disabled", "true");
  await user.hover(button);
  expect(await screen.findByText("Nothing counted yet")).toBeVisible();
  await user.type(await screen.findByLabelText(/^Received: LAMP-01/), "5");
  await user.type(await screen.findByLabelText("Lot"), "L-1");
  await user.type(screen.getByLabelText("Expires"), "2026-03-01{Tab}");
  expect(await screen.findByText(/This lot has expired/)).toBeVisible();
  await expectAccessible(container);
  await user.click(screen.getByRole("button", { name: "Receive one line" }));
  const dialog = await screen.findByRole("dialog", { name: "Receive these goods?" });
  expect(await within(dialog).findByText(warning)).toBeVisible();
  // It is a word, not a ban.
  await waitFor(() => {
    expect(within(dialog).getByRole("button", { name: "Receive" })).toBeEnabled();
  });
});

test("two clicks, and one more while the next page loads, draft one bill and say so once", async () => {
  const drafted: unknown[] = [];
  server.use(
    ...signedIn({ ...buyer, permissions: [...buyer.permissions, "bill:create"] }),
    http.get("/api/purchase-orders/order", () =>
      HttpResponse.json({ ...order, next_commands: ["bill"] }),
    ),
    http.post("/api/purchase-orders/order/bills", async ({ request }) => {
      drafted.push(await request.json());
      return HttpResponse.json({ id: "bill", version: 1, state: "draft" }, { status: 201 });
    }),
    http.get("/api/bills/bill", () => new Promise<never>(() => undefined)),
  );
  const { user } = open("/purchase-orders/order");
  await user.click(await screen.findByRole("button", { name: /bill/i }));
  const dialog = await screen.findByRole("dialog");
  const button = within(dialog).getByRole("button", { name: "Draft the bill" });
  await user.hover(button);
  expect(await screen.findByText("Enter the number on the paper.")).toBeVisible();
  await user.type(within(dialog).getByLabelText(/Number on the paper/), "S-1");
  fireEvent.click(button);
  fireEvent.click(button);
  expect(await screen.findByText("Bill drafted.")).toBeVisible();
  fireEvent.click(button);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(drafted).toHaveLength(1);
  expect(screen.getAllByText("Bill drafted.")).toHaveLength(1);
});

test("who may approve is not told that somebody else must", async () => {
  const waits = { ...order, state: "pending_approval" as const, next_commands: ["approve"] };
  server.use(
    http.get("/api/purchase-orders/mine", () =>
      HttpResponse.json({ ...waits, id: "mine", next_commands: [] }),
    ),
    http.get("/api/purchase-orders/order", () => HttpResponse.json(waits)),
  );
  const { router } = open("/purchase-orders/order");
  expect(await screen.findByText("Waits for approval; you may approve it.")).toBeVisible();

  await router.navigate({ to: "/purchase-orders/$orderId", params: { orderId: "mine" } });
  expect(await screen.findByText("Waits for somebody else to approve it.")).toBeVisible();
});
