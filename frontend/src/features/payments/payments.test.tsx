import { notifications } from "@mantine/notifications";
import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";

import type { Schemas } from "@/shared/api/client";
import { expectAccessible } from "@/testing/accessible";
import { anna, page, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

import { readSheet } from "./csv-headings";

type Payment = Schemas["PaymentOut"];
type Statement = Schemas["BankStatementOut"];

const cashier = {
  ...anna,
  permissions: [
    ...anna.permissions,
    "party:read",
    "invoice:read",
    "payment:read",
    "payment:create",
    "payment:edit",
    "payment:post",
    "payment:allocate",
    "bank_statement:read",
    "bank_statement:create",
    "bank_statement:match",
  ],
};

const rita = {
  id: "rita",
  code: "C-1",
  name_en: "Rita's shop",
  name_ar: "متجر ريتا",
  is_customer: true,
  is_supplier: false,
  currency: "SAR",
};

const bank = {
  id: "bank",
  code: "111003",
  name_en: "Bank",
  name_ar: "البنك",
  currency: null,
  role: "BANK",
};

const receipt: Payment = {
  id: "made",
  version: 1,
  kind: "receipt",
  side: "customer",
  state: "draft",
  method: "bank_transfer",
  number: null,
  party_id: "rita",
  party_name_en: "Rita's shop",
  party_name_ar: "متجر ريتا",
  account_id: "bank",
  account_code: "111003",
  account_name_en: "Bank",
  account_name_ar: "البنك",
  paid_on: "2026-01-10",
  currency: "SAR",
  amount: "100.00",
  amount_base: "100.00",
  unallocated: "0.00",
  allocation_state: "none",
  is_advance: false,
  is_matched: false,
  reference: "",
  exchange_rate: "1",
  used: "0.00",
  refunded: "0.00",
  advance_id: null,
  refunds_id: null,
  bank_account: null,
  cleared_on: null,
  notes: "",
  reason: "",
  entry_id: null,
  created_at: "2026-01-10T08:00:00Z",
  posted_at: null,
  allocations: [],
  links: [],
  next_commands: ["post", "post_advance", "edit", "void"],
};

// What was left and used is the server's to say: no figure here follows from another.
const posted: Payment = {
  ...receipt,
  version: 2,
  state: "posted",
  number: "RCT-000007",
  unallocated: "41.00",
  allocation_state: "part",
  used: "60.00",
  posted_at: "2026-01-10T09:00:00Z",
  allocations: [
    {
      id: "part",
      payment_id: "made",
      payment_number: "RCT-000007",
      payment_kind: "receipt",
      paid_on: "2026-01-10",
      document_type: "invoicing.invoice",
      document_id: "inv",
      document_number: "INV-000001",
      amount: "60.00",
      document_base: "60.00",
      payment_base: "60.00",
      difference: "0.00",
      is_active: true,
      allocated_on: "2026-01-10",
      removed_on: null,
      next_commands: ["unallocate"],
    },
  ],
  next_commands: ["allocate", "refund"],
};

const proposal = (number: string, open_amount: string, amount: string) => ({
  document_type: "invoicing.invoice",
  document_id: number,
  kind: "invoice",
  number,
  reference: "",
  issued_on: "2026-01-01",
  due_on: "2026-01-05",
  currency: "SAR",
  total: open_amount,
  open_amount,
  amount,
});

const statement: Statement = {
  id: "january",
  version: 1,
  format: "csv",
  file_name: "january.csv",
  reference: "",
  account_id: "bank",
  account_code: "111003",
  account_name_en: "Bank",
  account_name_ar: "البنك",
  currency: "SAR",
  starts_on: "2026-01-01",
  ends_on: "2026-01-31",
  opening: null,
  closing: null,
  line_count: 2,
  matched: 0,
  created_at: "2026-02-01T08:00:00Z",
  lines: (["first", "second"] as const).map((id, index) => ({
    id,
    version: 1,
    position: index + 1,
    booked_on: "2026-01-10",
    amount: index === 0 ? "100.00" : "-25.00",
    reference: `FT-${index}`,
    text: "",
    counterparty_iban: "",
    counterparty: index === 0 ? "Rita's shop" : "The bank",
    payment_id: null,
    payment_number: null,
    party_name_en: null,
    party_name_ar: null,
    charge: null,
  })),
};

const fee = {
  id: "fee",
  kind: "fee",
  account_code: "710001",
  account_name_en: "Bank charges",
  account_name_ar: "عمولات بنكية",
  net: "21.74",
  vat: "3.26",
  entry_id: "entry",
};

const journal = {
  stock: [],
  journal: [
    {
      account_code: "111003",
      account_name_en: "Bank",
      account_name_ar: "البنك",
      debit: "100.00",
      credit: "0.00",
      party_id: null,
    },
  ],
};

let asked: { call: string; body: unknown; version: string | null }[];

beforeEach(() => {
  asked = [];
  notifications.clean();
  const note = async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    const isForm = request.headers.get("Content-Type")?.startsWith("multipart") ?? false;
    const text = isForm ? "" : await request.clone().text();
    asked.push({
      call: `${request.method} ${pathname}${search}`,
      body: isForm
        ? Object.fromEntries(await request.clone().formData())
        : text
          ? (JSON.parse(text) as unknown)
          : null,
      version: request.headers.get("If-Match"),
    });
    return new URL(request.url).searchParams.has("dry_run");
  };
  server.use(
    ...signedIn(cashier),
    http.get("/api/parties", () => HttpResponse.json(page([rita]))),
    http.get("/api/parties/rita", () => HttpResponse.json(rita)),
    http.get("/api/payments/accounts", () => HttpResponse.json([bank])),
    http.get("/api/payments", async ({ request }) => {
      await note(request);
      return HttpResponse.json(page([posted]));
    }),
    http.get("/api/payments/suggestion", ({ request }) => {
      const amount = new URL(request.url).searchParams.get("amount") ?? "0";
      const full = amount === "100.00";
      return HttpResponse.json({
        proposals: [
          proposal("INV-000001", "60.00", full ? "60.00" : "0.00"),
          proposal("INV-000002", "70.00", full ? "40.00" : "0.00"),
        ],
        left: "0.00",
      });
    }),
    http.get("/api/payments/made", () => HttpResponse.json(posted)),
    http.post("/api/payments", async ({ request }) => {
      await note(request);
      return HttpResponse.json(receipt, { status: 201 });
    }),
    http.post("/api/payments/made/post", async ({ request }) =>
      HttpResponse.json((await note(request)) ? journal : posted),
    ),
    http.post("/api/payments/made/allocations/part/unallocate", async ({ request }) =>
      HttpResponse.json((await note(request)) ? journal : posted),
    ),
    http.get("/api/bank-statements/january", () => HttpResponse.json(statement)),
    http.get("/api/bank-lines/:line/proposals", ({ params }) =>
      HttpResponse.json(
        params.line === "first"
          ? [
              { payment: posted, score: 85, reasons: ["amount", "party"] },
              {
                payment: { ...posted, id: "other", number: "RCT-000008" },
                score: 50,
                reasons: ["amount"],
              },
            ]
          : [],
      ),
    ),
    http.post("/api/bank-lines/first/match", async ({ request }) => {
      await note(request);
      return HttpResponse.json({
        ...statement.lines[0],
        version: 2,
        payment_id: "other",
        payment_number: "RCT-000008",
      });
    }),
    http.post("/api/bank-lines/second/charge", async ({ request }) => {
      await note(request);
      return HttpResponse.json({ ...statement.lines[1], version: 2, charge: fee });
    }),
    http.post("/api/bank-lines/second/take-back-charge", async ({ request }) => {
      await note(request);
      return HttpResponse.json({ ...statement.lines[1], version: 3 });
    }),
    http.post("/api/bank-statements", async ({ request }) => {
      await note(request);
      return HttpResponse.json({ statement, is_new: true, lines_known: 1 }, { status: 201 });
    }),
  );
});

const calls = (start: string) => asked.filter((one) => one.call.startsWith(start));

test("the list says what is left of each payment and asks the server by its filters", async () => {
  const { container } = open("/payments?is_unallocated=true");
  expect(await screen.findByText("RCT-000007")).toBeVisible();
  const [row] = screen.getAllByRole("row", { name: /RCT-000007/ });
  expect(row).toHaveTextContent(/Receipt.*Posted.*Bank transfer.*41\.00.*100\.00/);
  expect(calls("GET /api/payments").at(-1)?.call).toContain("is_unallocated=true");
  expect(screen.getByRole("link", { name: "Receive money" })).toBeVisible();
  await expectAccessible(container);
});

test("money is received in one step: the draft is written, previewed and posted with what it answers", async () => {
  const { user, router, container } = open("/payments/new?kind=receipt");
  await user.click(await screen.findByRole("combobox", { name: /Customer/ }));
  await user.click(await screen.findByRole("option", { name: /Rita's shop/ }));
  await user.type(screen.getByRole("textbox", { name: /Amount/ }), "١٠٠");
  const second = await screen.findByRole("textbox", { name: "Allocated to INV-000002" });
  await waitFor(() => {
    expect(second).toHaveValue("40.00");
  });
  expect(screen.getByText("Left to allocate").nextSibling).toHaveTextContent("0.00");
  await user.clear(second);
  await user.type(second, "30");
  expect(screen.getByText("Left to allocate").nextSibling).toHaveTextContent("10.00");
  await expectAccessible(container);
  await user.click(screen.getByRole("button", { name: "Post…" }));
  const dialog = await screen.findByRole("dialog");
  expect(await within(dialog).findByText("111003")).toBeVisible();
  await user.click(within(dialog).getByRole("button", { name: "Post" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/payments/made");
  });
  expect(calls("POST /api/payments")[0]?.body).toMatchObject({
    kind: "receipt",
    side: "customer",
    party_id: "rita",
    account_id: "bank",
    amount: "100.00",
  });
  expect(calls("POST /api/payments/made/post").at(-1)).toMatchObject({
    version: '"1"',
    body: {
      allocations: [
        { document_id: "INV-000001", amount: "60.00" },
        { document_id: "INV-000002", amount: "30.00" },
      ],
    },
  });
});

test("more than the payment cannot be allocated; the amount may follow instead", async () => {
  const { user } = open("/payments/new?kind=receipt&party=rita");
  await user.type(await screen.findByRole("textbox", { name: /Amount/ }), "50");
  await user.click(
    await screen.findByRole("button", { name: /^Allocate all that INV-000002 has open/ }),
  );
  expect(await screen.findByText("More than the payment")).toBeVisible();
  const post = screen.getByRole("button", { name: "Post…" });
  expect(post).toHaveAttribute("aria-disabled", "true");
  await user.hover(post);
  expect(await screen.findByText(/More is allocated than there is/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Make the amount 70.00" }));
  expect(screen.getByRole("button", { name: "Post…" })).toBeEnabled();
});

test("an allocation is taken back from the page of its payment", async () => {
  const { user, container } = open("/payments/made");
  expect(await screen.findByRole("link", { name: /INV-000001/ })).toHaveAttribute(
    "href",
    "/invoices/inv",
  );
  expect(screen.getByRole("button", { name: "Allocate…" })).toBeVisible();
  await expectAccessible(container);
  await user.click(screen.getByRole("button", { name: /Take back the allocation to INV-000001/ }));
  const dialog = await screen.findByRole("dialog");
  await within(dialog).findByText("111003");
  await user.click(within(dialog).getByRole("button", { name: "Take back" }));
  await waitFor(() => {
    expect(calls("POST /api/payments/made/allocations/part/unallocate").at(-1)).toMatchObject({
      call: "POST /api/payments/made/allocations/part/unallocate",
      version: '"2"',
    });
  });
});

test("who may only read finds no button but the one that says why", async () => {
  server.use(
    ...signedIn({ ...anna, permissions: ["payment:read"] }),
    http.get("/api/payments/made", () =>
      HttpResponse.json({
        ...posted,
        next_commands: [],
        allocations: posted.allocations.map((one) => ({ ...one, next_commands: [] })),
      }),
    ),
  );
  const { user } = open("/payments/made");
  expect(await screen.findByText("Left")).toBeVisible();
  expect(screen.queryByRole("button", { name: /Allocate|Take back the allocation/ })).toBeNull();
  await user.click(screen.getByRole("button", { name: "More actions" }));
  const items = await screen.findAllByRole("menuitem");
  expect(items.map((one) => one.textContent)).toEqual(["Why can’t I…?"]);
  await user.click(screen.getByRole("menuitem", { name: /Why can/ }));
  await user.click(await screen.findByText("Allocate"));
  expect(await screen.findByText("None of your roles grants this.")).toBeVisible();
});

test("a line of a statement is matched with keys: refuse the first, take the second", async () => {
  const { user, container } = open("/bank-statements/january");
  expect(await screen.findByText("RCT-000007")).toBeVisible();
  await expectAccessible(container);
  await user.keyboard("n");
  expect(await screen.findByText("RCT-000008")).toBeVisible();
  await user.keyboard("y");
  expect(await screen.findByText(/1 of 2 lines matched/)).toBeVisible();
  expect(calls("POST /api/bank-lines/first/match")[0]).toMatchObject({
    version: '"1"',
    body: { payment_id: "other" },
  });
  expect(await screen.findByText(/No payment of this amount/)).toBeVisible();
});

test("a fee that belongs to nobody is booked with its VAT in one click, and taken back", async () => {
  const { user, container } = open("/bank-statements/january");
  await user.click(await screen.findByRole("button", { name: /The bank/ }));
  expect(screen.queryByRole("button", { name: "Interest" })).toBeNull();
  await user.click(await screen.findByRole("button", { name: "Bank fee with 15 % VAT" }));
  expect(await screen.findByText(/1 of 2 lines matched/)).toBeVisible();
  expect(calls("POST /api/bank-lines/second/charge")[0]).toMatchObject({
    version: '"1"',
    body: { kind: "fee", has_vat: true },
  });
  await user.click(screen.getByRole("radio", { name: /^Matched/ }));
  expect(await screen.findByText(/Without VAT/)).toHaveTextContent("3.26");
  await expectAccessible(container);
  await user.click(screen.getByRole("button", { name: "Take it back" }));
  expect(await screen.findByText(/0 of 2 lines matched/)).toBeVisible();
  expect(calls("POST /api/bank-lines/second/take-back-charge")[0]).toMatchObject({
    version: '"2"',
  });
});

test("a statement is uploaded with the columns that were named", async () => {
  const { user, router } = open("/bank-statements/new");
  const file = new File(["Our bank\nWhen;How much\n10/01/2026;100,00\n"], "january.csv");
  await user.upload(await screen.findByLabelText("Choose a file"), file);
  await user.click(await screen.findByRole("combobox", { name: "Day" }));
  await user.click(await screen.findByRole("option", { name: "When" }));
  await user.click(screen.getByRole("button", { name: "Upload" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/bank-statements/january");
  });
  expect(calls("POST /api/bank-statements")[0]?.body).toMatchObject({
    account_id: "bank",
    columns: '{"date":"When"}',
  });
  expect(await screen.findByText(/2 lines taken in\. 1 line stood/)).toBeVisible();
});

test("the headings of a CSV file are found below what banks put above them", () => {
  expect(
    readSheet('\uFEFFStatement of account\n\nDate,"Paid, in",\n1/1/2026,"1,000.00",x\n'),
  ).toEqual({
    headings: ["Date", "Paid, in"],
    rows: [["1/1/2026", "1,000.00"]],
  });
  expect(readSheet("one column\nonly\n")).toBeNull();
});
