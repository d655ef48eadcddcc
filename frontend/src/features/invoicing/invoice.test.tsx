import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";

import type { Schemas } from "@/shared/api/client";
import { isoDay } from "@/shared/format/date";
import { expectAccessible } from "@/testing/accessible";
import { anna, lamp, page, refuse, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

type Invoice = Schemas["InvoiceOut"];

const clerk = {
  ...anna,
  permissions: [
    ...anna.permissions,
    "invoice:read",
    "invoice:create",
    "invoice:edit",
    "invoice:delete",
    "invoice:post",
    "invoice:credit",
    "party:read",
  ],
};

const rita = { id: "rita", code: "C-1", name_en: "Rita's shop", name_ar: "متجر ريتا" };

// Figures nobody could get by adding up the lines: the page must show the server's own.
const draft: Invoice = {
  id: "draft",
  version: 1,
  kind: "invoice",
  type: "standard",
  state: "draft",
  number: null,
  external_number: null,
  customer_id: "rita",
  customer_name_en: "Rita's shop",
  customer_name_ar: "متجر ريتا",
  issued_on: "2026-01-10",
  due_on: "2026-02-09",
  currency: "SAR",
  net: "777.70",
  vat: "111.10",
  total: "888.80",
  total_base: "888.80",
  open_amount: "888.80",
  payment_state: "none",
  reference: "",
  counter: null,
  uuid: null,
  issued_at: null,
  supplied_on: "2026-01-10",
  exchange_rate: "1",
  prices_include_vat: false,
  is_export: false,
  is_imported: false,
  einvoice_state: "not_required",
  notes_en: "",
  notes_ar: "",
  rounding: "0.00",
  settled: "0.00",
  credited: "0.00",
  reason: "",
  original_id: null,
  original_number: null,
  entry_id: null,
  created_at: "2026-01-10T08:00:00Z",
  lines: [
    {
      id: "line",
      position: 1,
      product_id: "lamp",
      sku: "LAMP-01",
      name_en: "Desk lamp",
      name_ar: "مصباح مكتب",
      unit_id: "piece",
      unit_en: "Piece",
      unit_ar: "قطعة",
      quantity: "3",
      unit_price: "1250.5",
      discount: "0.00",
      tax_category: "S",
      tax_rate: "15",
      exemption_code: "",
      exemption_reason_en: "",
      exemption_reason_ar: "",
      net: "777.70",
      vat: "111.10",
      credited: "0",
      source_line_id: null,
    },
  ],
  taxes: [{ category: "S", rate: "15", taxable: "777.70", vat: "111.10" }],
  corrections: [],
  qr: null,
  prepaid: "0.00",
  payable: "888.80",
  consumed: "0.00",
  advances: [],
  write_offs: [],
  source_type: "",
  source_id: null,
  source_number: "",
  links: [],
  next_commands: ["post", "discard"],
};

const posted: Invoice = {
  ...draft,
  id: "posted",
  state: "posted",
  number: "INV-000007",
  payment_state: "unpaid",
};

const preview: Schemas["PostingPreview"] = {
  number: "INV-000008",
  net: "777.70",
  vat: "111.10",
  total: "888.80",
  stock: [],
  journal: [
    {
      account_code: "112001",
      account_name_en: "Trade receivables",
      account_name_ar: "ذمم مدينة تجارية",
      debit: "888.80",
      credit: "0.00",
      party_id: null,
      tells_costs: false,
    },
  ],
};

let asked: { call: string; body: unknown; version: string | null }[];

beforeEach(() => {
  asked = [];
  const note = async (request: Request) => {
    const text = await request.clone().text();
    asked.push({
      call: `${request.method} ${new URL(request.url).pathname}${new URL(request.url).search}`,
      body: text ? (JSON.parse(text) as unknown) : null,
      version: request.headers.get("If-Match"),
    });
  };
  server.use(
    ...signedIn(clerk),
    http.get("/api/products", () => HttpResponse.json(page([lamp]))),
    http.get("/api/parties", () => HttpResponse.json(page([rita]))),
    http.get("/api/parties/rita", () => HttpResponse.json(rita)),
    http.get("/api/invoices", ({ request }) => {
      asked.push({ call: `GET ${new URL(request.url).search}`, body: null, version: null });
      return HttpResponse.json(page([posted, draft]));
    }),
    http.get("/api/invoices/draft", () => HttpResponse.json(draft)),
    http.get("/api/invoices/posted", () => HttpResponse.json(posted)),
    http.post("/api/invoices", async ({ request }) => {
      await note(request);
      return HttpResponse.json(draft, { status: 201 });
    }),
    http.patch("/api/invoices/draft", async ({ request }) => {
      await note(request);
      return HttpResponse.json({ ...draft, version: 2, total: "999.90" });
    }),
    http.post("/api/invoices/draft/post", async ({ request }) => {
      await note(request);
      return HttpResponse.json(
        request.url.includes("dry_run")
          ? preview
          : {
              ...draft,
              state: "posted",
              number: "INV-000008",
              payment_state: "unpaid",
              version: 2,
            },
      );
    }),
  );
});

const calls = (start: string) => asked.filter((one) => one.call.startsWith(start));

/** A row that must be there. */
function present(row: HTMLElement | undefined): HTMLElement {
  if (!row) throw new Error("The row is missing.");
  return row;
}

test("the list says which invoices are overdue and asks the server by its filters", async () => {
  const { user } = open("/invoices");
  await screen.findByText("INV-000007");
  const rows = screen.getAllByRole("row");
  expect(within(present(rows[1])).getByText("Overdue")).toBeInTheDocument();
  expect(within(present(rows[2])).getAllByText("Draft")).toHaveLength(2);
  await expectAccessible(screen.getByRole("main"));
  await user.click(screen.getByRole("button", { name: "Open" }));
  await user.click(await screen.findByRole("option", { name: "Still open" }));
  await waitFor(() => {
    expect(asked.at(-1)?.call).toContain("is_open=true");
  });
});

test("a new invoice saves itself and shows the server's figures", async () => {
  const { user, router } = open("/invoices/new");
  await user.type(await screen.findByRole("combobox", { name: "Customer" }), "Rita");
  await user.click(await screen.findByRole("option", { name: /Rita's shop/ }));
  await user.type(screen.getByLabelText("Item, line 1"), "lamp");
  await user.click(await screen.findByRole("option", { name: /Desk lamp/ }));
  await screen.findByText("Draft saved", undefined, { timeout: 5000 });
  expect(calls("POST /api/invoices")[0]?.body).toMatchObject({
    customer_id: "rita",
    lines: [{ product_id: "lamp", quantity: "1", unit_price: null }],
  });
  expect(router.state.location.pathname).toBe("/invoices/draft");
  expect(screen.getByText("888.80")).toBeInTheDocument();
  // The price that was left open is the one the server found.
  expect(screen.getByLabelText("Price, line 1")).toHaveValue("1250.5");
});

test("rows pasted from a sheet become lines, also in Arabic digits", async () => {
  const { user } = open("/invoices/draft");
  await user.click(await screen.findByRole("button", { name: "Add a line" }));
  await user.click(screen.getByLabelText("Item, line 2"));
  await user.paste("LAMP-01\t٢\nDelivery\t1\t٧٥٫٥");
  await waitFor(() => {
    expect(screen.getByLabelText("Item, line 2")).toHaveValue("Desk lamp");
    expect(screen.getByLabelText("Item, line 3")).toHaveValue("Delivery");
  });
  await waitFor(
    () => {
      expect(calls("PATCH")[0]).toMatchObject({
        version: '"1"',
        body: {
          lines: [
            { product_id: "lamp", quantity: "3" },
            { product_id: "lamp", quantity: "2" },
            { product_id: null, name_en: "Delivery", quantity: "1", unit_price: "75.5" },
          ],
        },
      });
    },
    { timeout: 5000 },
  );
});

test("a refused line says why in its cell and nothing is lost", async () => {
  server.use(
    http.patch("/api/invoices/draft", () =>
      refuse(422, {
        detail: "Correct what is marked.",
        errors: [
          { pointer: "/lines/0/quantity", code: "not_whole", message: "Enter a whole number." },
        ],
      }),
    ),
  );
  const { user } = open("/invoices/draft");
  const quantity = await screen.findByLabelText("Quantity, line 1");
  await user.clear(quantity);
  await user.type(quantity, "1.5");
  await screen.findByText("Enter a whole number.", undefined, { timeout: 5000 });
  expect(screen.getByText("Not saved")).toBeInTheDocument();
  expect(quantity).toHaveValue("1.5");
});

test("when somebody else was faster, mine is kept over theirs", async () => {
  const versions: (string | null)[] = [];
  server.use(
    http.patch("/api/invoices/draft", ({ request }) => {
      versions.push(request.headers.get("If-Match"));
      if (versions.length === 1) return refuse(412, { code: "version_conflict" });
      return HttpResponse.json({ ...draft, reference: "PO-1", version: 6 });
    }),
  );
  const { user } = open("/invoices/draft");
  const reference = await screen.findByLabelText("Reference");
  server.use(
    http.get("/api/invoices/draft", () =>
      HttpResponse.json({ ...draft, reference: "PO-9", version: 5 }),
    ),
  );
  await user.type(reference, "PO-1");
  await screen.findByText("PO-9", undefined, { timeout: 5000 });
  await user.click(screen.getByRole("button", { name: "Keep mine" }));
  await screen.findByText("Draft saved");
  expect(versions).toEqual(['"1"', '"5"']);
});

test("posting shows what it does before it does it", async () => {
  const { user } = open("/invoices/draft");
  await user.click(await screen.findByRole("button", { name: "Post…" }));
  const dialog = await screen.findByRole("dialog");
  await within(dialog).findByText("INV-000008");
  expect(within(dialog).getByText("Trade receivables")).toBeInTheDocument();
  expect(calls("POST /api/invoices/draft/post")).toHaveLength(1);
  await user.click(within(dialog).getByRole("button", { name: "Post 888.80 SAR" }));
  await screen.findByRole("button", { name: "Open PDF" });
  expect(calls("POST /api/invoices/draft/post").map((one) => one.version)).toEqual(['"1"', '"1"']);
});

test("an incomplete invoice says what is missing and where", async () => {
  server.use(
    http.post("/api/invoices/draft/post", () =>
      refuse(409, {
        code: "invoice_incomplete",
        detail: "Complete what is marked, then post again.",
        errors: [
          {
            pointer: "/buyer/address/district",
            code: "required",
            message: "This is required on the invoice.",
          },
        ],
      }),
    ),
  );
  const { user } = open("/invoices/draft");
  await user.click(await screen.findByRole("button", { name: "Post…" }));
  await screen.findByText("Customer · District: This is required on the invoice.");
  expect(screen.getByRole("link", { name: "Open the customer" })).toHaveAttribute(
    "href",
    "/parties/rita",
  );
});

test("a credit note is refused beside its button when too much is asked for", async () => {
  server.use(
    http.post("/api/invoices/posted/credit", async ({ request }) => {
      const { lines } = (await request.json()) as Schemas["CreditIn"];
      return lines?.[0]?.quantity === "2"
        ? HttpResponse.json({ ...preview, number: "CN-000001", total: "50.00" })
        : refuse(409, { code: "credit_too_high", detail: "Only 3 is left to credit." });
    }),
  );
  const { user } = open("/invoices/posted");
  await user.click(await screen.findByRole("button", { name: "Credit…" }));
  await user.click(await screen.findByRole("combobox", { name: "Reason" }));
  await user.click(await screen.findByRole("option", { name: /returned/ }));
  await user.click(screen.getByText("Some lines"));
  const quantity = screen.getByLabelText("Quantity of Desk lamp");
  await user.type(quantity, "9");
  await screen.findByText("Only 3 is left to credit.");
  const issue = screen.getByRole("button", { name: "Issue credit note" });
  expect(issue).toHaveAttribute("aria-disabled", "true");
  await user.clear(quantity);
  await user.type(quantity, "2");
  expect(
    await screen.findByRole("button", { name: "Issue a credit note of 50.00 SAR" }),
  ).toBeInTheDocument();
});

test("the small rest is written off with a reason within the company's limit, and taken back", async () => {
  const rest = {
    id: "rest",
    amount: "0.40",
    reason: "Halalas",
    written_off_on: "2026-04-01",
    taken_back_on: null,
  };
  const owed: Invoice = {
    ...posted,
    settled: "888.40",
    open_amount: "0.40",
    next_commands: ["pay", "credit", "debit", "write_off"],
  };
  const let_go: Invoice = {
    ...owed,
    version: 2,
    open_amount: "0.00",
    write_offs: [rest],
    next_commands: [],
  };
  const bodies: unknown[] = [];
  let limit = "0.10";
  server.use(
    ...signedIn({
      ...clerk,
      permissions: [...clerk.permissions, "invoice:write_off", "invoice:manage"],
    }),
    http.get("/api/invoices/posted", () => HttpResponse.json(owed)),
    http.post("/api/invoices/posted/write-off", async ({ request }) => {
      bodies.push(await request.json());
      if (limit === "0.10")
        return refuse(409, {
          code: "write_off_too_high",
          detail: "At most 0.10 riyals of a document may be written off.",
        });
      return HttpResponse.json(
        request.url.includes("dry_run") ? { stock: [], journal: preview.journal } : let_go,
      );
    }),
    http.post("/api/invoices/posted/write-offs/rest/take-back", ({ request }) =>
      HttpResponse.json(
        request.url.includes("dry_run") ? { stock: [], journal: [] } : { ...owed, version: 3 },
      ),
    ),
  );
  const { user, container } = open("/invoices/posted");
  const start = async () => {
    await user.click(await screen.findByRole("button", { name: "More actions" }));
    await user.click(await screen.findByRole("menuitem", { name: "Write off…" }));
    const dialog = await screen.findByRole("dialog", { name: "Write off?" });
    await user.type(within(dialog).getByRole("textbox", { name: "Reason" }), "Halalas");
    return dialog;
  };
  const refused = await start();
  expect(within(refused).getByText(/0\.40 SAR is open/)).toBeVisible();
  await within(refused).findByText("At most 0.10 riyals of a document may be written off.");
  expect(within(refused).getByRole("link", { name: "Change the limit" })).toHaveAttribute(
    "href",
    "/invoicing-settings",
  );
  expect(within(refused).getByRole("button", { name: "Write off" })).toHaveAttribute(
    "data-disabled",
  );
  await user.click(within(refused).getByRole("button", { name: "Cancel" }));

  limit = "5.00";
  const dialog = await start();
  await within(dialog).findByText("Trade receivables");
  const how_much = within(dialog).getByRole("textbox", { name: /How much \(SAR\)/ });
  expect(how_much).toHaveValue("0.40");
  await user.clear(how_much);
  expect(within(dialog).getByRole("button", { name: "Write off" })).toHaveAttribute(
    "data-disabled",
  );
  await user.type(how_much, "٠٫٢٥");
  await waitFor(() => {
    expect(bodies.at(-1)).toEqual({ reason: "Halalas", amount: "0.25" });
  });
  await waitFor(() => {
    expect(within(dialog).getByRole("button", { name: "Write off" })).toBeEnabled();
  });
  await user.click(within(dialog).getByRole("button", { name: "Write off" }));
  const table = await screen.findByRole("table", { name: "Written off" });
  expect(bodies.at(-1)).toEqual({ reason: "Halalas", amount: "0.25" });
  await expectAccessible(container);
  await user.click(within(table).getByRole("button", { name: "Take back" }));
  const back = await screen.findByRole("dialog", { name: "Take the write-off back?" });
  const take = within(back).getByRole("button", { name: "Take back" });
  await waitFor(() => {
    expect(take).not.toHaveAttribute("data-disabled");
  });
  await user.click(take);
  await waitFor(() => {
    expect(screen.queryByRole("table", { name: "Written off" })).toBeNull();
  });
});

test("who may only read sees a draft without a way to change it", async () => {
  server.use(...signedIn({ ...anna, permissions: ["invoice:read"] }));
  open("/invoices/draft");
  await screen.findByRole("heading", { name: "Draft for Rita's shop" });
  expect(screen.queryByRole("button", { name: "Post…" })).not.toBeInTheDocument();
  expect(screen.queryByLabelText("Item, line 1")).not.toBeInTheDocument();
});

test("a statement ends today: what falls due later this year is not told as overdue", async () => {
  const asked: URLSearchParams[] = [];
  server.use(
    ...signedIn({ ...clerk, permissions: [...clerk.permissions, "report:read"] }),
    http.get("/api/reports/statement", ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return HttpResponse.json({}, { status: 500 });
    }),
  );
  open("/reports/statements?party=rita&from=2020-01-01&to=2999-12-31");
  await waitFor(() => {
    expect(asked[0]?.get("to")).toBe(isoDay(new Date()));
  });
  expect(asked[0]?.get("from")).toBe("2020-01-01");
});

test("what a credit note has open answers another invoice of its customer", async () => {
  const note: Invoice = {
    ...draft,
    id: "note",
    kind: "credit_note",
    state: "posted",
    number: "CN-000001",
    open_amount: "40.00",
    source_type: "sales.salesorder",
    source_id: "order",
    source_number: "SO-000001",
    next_commands: ["net"],
  };
  const asked: unknown[] = [];
  server.use(
    ...signedIn({ ...clerk, permissions: [...clerk.permissions, "sales_order:read"] }),
    http.get("/api/invoices/note", () => HttpResponse.json(note)),
    http.get("/api/invoices", () =>
      HttpResponse.json(
        page([
          { ...draft, id: "other", state: "posted", number: "INV-000009", open_amount: "30.00" },
          { ...note, id: "mine" },
        ]),
      ),
    ),
    http.post("/api/invoices/note/net", async ({ request }) => {
      asked.push(await request.json());
      const dry = new URL(request.url).searchParams.has("dry_run");
      return HttpResponse.json(
        dry ? { stock: [], journal: [] } : { ...note, open_amount: "10.00", next_commands: [] },
      );
    }),
  );
  const { user } = open("/invoices/note");
  // From what it belongs to, also to the order.
  expect(await screen.findByRole("link", { name: "Sales order SO-000001" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name: /Set off/ }));
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("combobox", { name: /Invoice/ }));
  expect(await screen.findAllByRole("option")).toHaveLength(1);
  await user.click(screen.getByRole("option", { name: /INV-000009/ }));
  expect(within(dialog).getByLabelText(/How much/)).toHaveValue("30.00");
  const button = within(dialog).getByRole("button", { name: "Set off" });
  await waitFor(() => {
    expect(button).toBeEnabled();
  });
  await user.click(button);
  expect(await screen.findByText("It answers INV-000009 now.")).toBeVisible();
  expect(asked.at(-1)).toEqual({ invoice_id: "other", amount: "30.00" });
});
