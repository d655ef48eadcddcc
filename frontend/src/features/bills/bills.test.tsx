import { notifications } from "@mantine/notifications";
import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";

import type { Schemas } from "@/shared/api/client";
import { expectAccessible } from "@/testing/accessible";
import { anna, lamp, page, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

type Bill = Schemas["BillOut"];
type Check = Schemas["BillCheckOut"];

const nothing = { stock: [], journal: [] };

const clerk = {
  ...anna,
  permissions: [
    ...anna.permissions,
    "account:read",
    "bill:read",
    "bill:create",
    "bill:edit",
    "bill:match",
    "bill:approve",
    "bill:post",
    "bill:reverse",
    "bill:delete",
    "bill:write_off",
    "party:read",
    "report:read",
  ],
};

const najd = {
  id: "najd",
  version: 1,
  code: "S-1",
  name_en: "Najd Lighting",
  name_ar: "نجد للإنارة",
  vat_number: "300000000000003",
  currency: "SAR",
};

const line: Bill["lines"][number] = {
  id: "line",
  position: 1,
  product_id: lamp.id,
  sku: lamp.sku,
  name_en: lamp.name_en,
  name_ar: lamp.name_ar,
  unit_id: "piece",
  unit_en: "Piece",
  unit_ar: "قطعة",
  quantity: "70",
  unit_price: "11",
  discount: "0.00",
  tax_category: "S",
  tax_rate: "15",
  is_tax_only: false,
  net: "770.00",
  vat: "115.50",
  net_base: "770.00",
  account_id: null,
  account_code: null,
  account_name_en: null,
  account_name_ar: null,
  source_line_id: "ordered",
  credited: "0",
};

const bill: Bill = {
  id: "bill",
  version: 2,
  kind: "bill",
  state: "draft",
  number: null,
  supplier_number: "S-118",
  supplier_id: "najd",
  supplier_name_en: "Najd Lighting",
  supplier_name_ar: "نجد للإنارة",
  issued_on: "2026-03-10",
  due_on: "2026-04-09",
  currency: "SAR",
  net: "770.00",
  vat: "115.50",
  total: "885.50",
  total_base: "885.50",
  open_amount: "0.00",
  payment_state: "none",
  reference: "",
  source_type: "purchasing.purchaseorder",
  source_id: "order",
  source_number: "PO-000001",
  booked_on: null,
  exchange_rate: "1",
  prices_include_vat: false,
  vat_treatment: "domestic",
  rounding: "0.00",
  net_base: "770.00",
  settled: "0.00",
  credited: "0.00",
  notes: "",
  reason: "",
  original_id: null,
  original_number: null,
  entry_id: null,
  created_at: "2026-03-10T08:00:00Z",
  posted_at: null,
  lines: [line],
  taxes: [],
  write_offs: [],
  links: [{ type: "purchasing.purchaseorder", id: "order", number: "PO-000001", state: "sent" }],
  next_commands: ["match", "edit", "void"],
};

const difference = (code: string, en: string) => ({
  line_id: "line",
  position: 1,
  code,
  message_en: en,
  message_ar: en,
});

const check: Check = {
  bill_id: "bill",
  bill_version: 2,
  bill_state: "draft",
  state: "differs",
  differences: [
    difference("price", "700.00 was agreed for this quantity, 770.00 is billed."),
    difference("quantity", "60 came in and is not billed yet, 70 is billed."),
  ],
  reason: "",
  approved_by: null,
  price_percent: "2",
  quantity_percent: "0",
  lines: [
    {
      line_id: "line",
      position: 1,
      sku: lamp.sku,
      name_en: lamp.name_en,
      name_ar: lamp.name_ar,
      unit_en: "Piece",
      unit_ar: "قطعة",
      order_line_id: "ordered",
      order_id: "order",
      order_number: "PO-000001",
      is_goods: true,
      ordered: "100",
      received: "60",
      billed_before: "0",
      billed: "70",
      agreed_price: "10",
      billed_price: "11",
      agreed_net: "700.00",
      billed_net: "770.00",
      differs: ["price", "quantity"],
    },
  ],
  allocations: [],
  links: [{ type: "purchasing.receipt", id: "receipt", number: "GR-000001", state: "posted" }],
  next_commands: ["approve", "match", "edit", "void"],
};

let asked: { call: string; body: unknown }[];

beforeEach(() => {
  asked = [];
  notifications.clean();
  server.use(
    ...signedIn(clerk),
    http.get("/api/parties/najd", () => HttpResponse.json(najd)),
    http.get("/api/parties", () => HttpResponse.json(page([najd]))),
    http.get("/api/bills/bill", () => HttpResponse.json(bill)),
    http.get("/api/purchase-bills/bill/check", () => HttpResponse.json(check)),
    http.get("/api/accounts/tree", () =>
      HttpResponse.json([
        {
          id: "rent",
          version: 1,
          code: "512001",
          name_en: "Rent",
          name_ar: "إيجار",
          type: "expense",
          parent_id: null,
          parent_code: null,
          is_group: false,
          is_active: true,
          needs_party: false,
          currency: null,
          children: [],
        },
      ]),
    ),
  );
});

const note = async (request: Request) => {
  const { pathname, search } = new URL(request.url);
  const text = await request.text();
  asked.push({ call: `${request.method} ${pathname}${search}`, body: text && JSON.parse(text) });
};

test("a bill stands beside order and receipt, and what differs is approved with a reason", async () => {
  server.use(
    http.post("/api/purchase-bills/bill/approve", async ({ request }) => {
      const dry = new URL(request.url).searchParams.get("dry_run");
      await note(request);
      return HttpResponse.json(dry ? nothing : { ...check, state: "approved" });
    }),
  );
  const { user, container } = open("/bills/bill");
  const table = await screen.findByRole("table", { name: "Ordered, received, billed" });
  const cells = within(table)
    .getAllByRole("cell")
    .map((one) => one.textContent);
  expect(cells).toEqual([
    expect.stringContaining("Desk lamp"),
    "100",
    "60",
    "70",
    "10.00",
    "11.00",
    "770.00",
    "PriceQuantity",
  ]);
  expect(screen.getByText("A price may be 2 % above what was agreed.")).toBeVisible();
  expect(screen.getByRole("link", { name: "Goods receipt GR-000001" })).toBeVisible();
  expect(screen.getByText(/60 came in and is not billed yet/)).toBeVisible();
  await expectAccessible(container);

  // Whoever may not approve is not asked to.
  expect(screen.queryByRole("button", { name: "Approve the difference" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Approve the difference" }));
  const dialog = await screen.findByRole("dialog", { name: "Approve the difference?" });
  const verb = within(dialog).getByRole("button", { name: "Approve the difference" });
  expect(verb).toHaveAttribute("aria-disabled", "true");
  await user.type(within(dialog).getByRole("textbox", { name: "Reason" }), "Copper is dear");
  await waitFor(() => {
    expect(verb).toBeEnabled();
  });
  await user.click(verb);
  await waitFor(() => {
    expect(asked.at(-1)).toEqual({
      call: "POST /api/purchase-bills/bill/approve",
      body: { reason: "Copper is dear" },
    });
  });
});

test("an expense bill saves itself with account and VAT, and is posted after its preview", async () => {
  const saved: Bill = {
    ...bill,
    id: "expense",
    version: 1,
    source_type: "",
    source_id: null,
    source_number: "",
    supplier_number: "R-7",
    net: "1000.00",
    vat: "150.00",
    total: "1150.00",
    lines: [
      {
        ...line,
        product_id: null,
        sku: "",
        name_en: "Rent",
        name_ar: "",
        unit_id: null,
        quantity: "1",
        unit_price: "1000",
        net: "1000.00",
        account_id: "rent",
        account_code: "512001",
        account_name_en: "Rent",
        account_name_ar: "إيجار",
        source_line_id: null,
      },
    ],
    links: [],
    next_commands: ["post", "edit", "dispute", "void"],
  };
  server.use(
    http.post("/api/bills", async ({ request }) => {
      await note(request);
      return HttpResponse.json(saved, { status: 201 });
    }),
    http.get("/api/bills/expense", () => HttpResponse.json(saved)),
    http.post("/api/bills/expense/post", async ({ request }) => {
      const dry = new URL(request.url).searchParams.get("dry_run");
      await note(request);
      const posting = {
        account_code: "512001",
        account_name_en: "Rent",
        account_name_ar: "إيجار",
        debit: "1000.00",
        credit: "0.00",
        party_id: null,
      };
      return HttpResponse.json(dry ? { ...nothing, journal: [posting] } : saved);
    }),
  );
  const { user, container } = open("/bills/new?supplier=najd");
  expect(await screen.findByText("VAT number 300000000000003")).toBeVisible();
  expect(screen.getByText("Enter their number to save the draft")).toBeVisible();
  await user.type(screen.getByRole("textbox", { name: /Their number/ }), "R-7");
  await user.type(screen.getByRole("textbox", { name: "What for, line 1" }), "Rent");
  await user.type(screen.getByLabelText("Account, line 1"), "rent");
  await user.click(await screen.findByRole("option", { name: /Rent/ }));
  await user.type(screen.getByRole("textbox", { name: "Price, line 1" }), "1000");
  expect(await screen.findByText("Draft saved")).toBeVisible();
  expect(asked[0]?.body).toMatchObject({
    supplier_id: "najd",
    supplier_number: "R-7",
    lines: [{ name_en: "Rent", account_id: "rent", unit_price: "1000", tax_category: "S" }],
  });
  await expectAccessible(container);

  await user.click(screen.getByRole("button", { name: "Post" }));
  const dialog = await screen.findByRole("dialog", { name: "Post this bill?" });
  expect(await within(dialog).findByText("512001")).toBeVisible();
  await user.click(within(dialog).getByRole("button", { name: "Post 1,150.00 SAR" }));
  await waitFor(() => {
    expect(asked.at(-1)?.call).toBe("POST /api/bills/expense/post");
  });
});

test("the rest of a bill is written off with a reason, and taken back", async () => {
  const written = {
    id: "rest",
    amount: "0.40",
    reason: "Halalas",
    written_off_on: "2026-04-01",
    taken_back_on: null,
  };
  const owed: Bill = {
    ...bill,
    version: 5,
    state: "posted",
    number: "BILL-000001",
    source_type: "",
    source_id: null,
    source_number: "",
    settled: "885.10",
    open_amount: "0.40",
    links: [],
    next_commands: ["pay", "debit", "write_off"],
  };
  const let_go: Bill = { ...owed, version: 6, open_amount: "0.00", write_offs: [written] };
  const answer = async (request: Request, after: Bill) => {
    const dry = new URL(request.url).searchParams.get("dry_run");
    await note(request);
    return HttpResponse.json(dry ? nothing : after);
  };
  server.use(
    http.get("/api/bills/bill", () => HttpResponse.json(owed)),
    http.post("/api/bills/bill/write-off", ({ request }) => answer(request, let_go)),
    http.post("/api/bills/bill/write-offs/rest/take-back", ({ request }) =>
      answer(request, { ...owed, version: 7 }),
    ),
  );
  const { user, container } = open("/bills/bill");
  await user.click(await screen.findByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name: "Write the rest off…" }));
  const dialog = await screen.findByRole("dialog", { name: "Write the rest off?" });
  expect(within(dialog).getByText(/0\.40 SAR will not be paid/)).toBeVisible();
  await user.type(within(dialog).getByRole("textbox", { name: "Reason" }), "Halalas");
  const write = within(dialog).getByRole("button", { name: "Write the rest off" });
  await waitFor(() => {
    expect(write).toBeEnabled();
  });
  await user.click(write);
  const table = await screen.findByRole("table", { name: "Written off" });
  expect(asked.at(-1)).toEqual({
    call: "POST /api/bills/bill/write-off",
    body: { reason: "Halalas" },
  });
  await expectAccessible(container);
  await user.click(within(table).getByRole("button", { name: "Take back" }));
  const back = await screen.findByRole("dialog", { name: "Take the write-off back?" });
  const take = within(back).getByRole("button", { name: "Take back" });
  await waitFor(() => {
    expect(take).toBeEnabled();
  });
  await user.click(take);
  await waitFor(() => {
    expect(screen.queryByRole("table", { name: "Written off" })).toBeNull();
  });
});

test("the list names what is overdue, and who may only read starts nothing", async () => {
  const lists: string[] = [];
  server.use(
    ...signedIn({ ...anna, permissions: ["bill:read"] }),
    http.get("/api/bills", ({ request }) => {
      lists.push(new URL(request.url).search);
      return HttpResponse.json(
        page([
          {
            ...bill,
            state: "posted",
            number: "BILL-000001",
            payment_state: "unpaid",
            open_amount: "885.50",
          },
        ]),
      );
    }),
  );
  open("/bills?is_overdue=true");
  expect(await screen.findByText("BILL-000001")).toBeVisible();
  expect(screen.getAllByText("Overdue").length).toBeGreaterThan(0);
  expect(lists[0]).toContain("is_overdue=true");
  expect(screen.queryByRole("link", { name: "New bill" })).toBeNull();
});
