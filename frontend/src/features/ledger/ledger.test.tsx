import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";

import type { Schemas } from "@/shared/api/client";
import { expectAccessible } from "@/testing/accessible";
import { anna, page, refuse, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

const accountant = {
  ...anna,
  permissions: [
    "account:read",
    "account:create",
    "account:edit",
    "account:delete",
    "period:read",
    "period:close",
    "journal_entry:read",
    "journal_entry:create",
    "journal_entry:reverse",
    "report:read",
  ],
};

const account = (code: string, name: string): Schemas["AccountNode"] => ({
  id: `id-${code}`,
  version: 1,
  code,
  name_en: name,
  name_ar: name,
  type: "asset",
  parent_id: "id-1",
  parent_code: "1",
  is_group: false,
  is_active: true,
  needs_party: false,
  currency: null,
  children: [],
});

const tree: Schemas["AccountNode"][] = [
  {
    ...account("1", "Assets"),
    parent_id: null,
    parent_code: null,
    is_group: true,
    children: [account("111", "Cash on hand"), account("112", "Bank")],
  },
];

const entry: Schemas["JournalEntryOut"] = {
  id: "entry",
  number: 7,
  date: "2026-03-31",
  memo: "Cash to the bank",
  kind: "manual",
  source_type: "",
  source_id: null,
  source_number: "",
  reverses_id: null,
  reverses_number: null,
  reversed_by_id: null,
  reversed_by_number: null,
  total: "1250.50",
  posted_at: "2026-03-31T08:00:00Z",
  posted_by: "anna",
  posted_by_name: "Anna",
  lines: ["112", "111"].map((code, index) => ({
    account_id: `id-${code}`,
    account_code: code,
    account_name_en: code === "112" ? "Bank" : "Cash on hand",
    account_name_ar: code,
    party_id: null,
    party_code: null,
    party_name_en: null,
    party_name_ar: null,
    debit: index === 0 ? "1250.50" : "0.00",
    credit: index === 0 ? "0.00" : "1250.50",
    memo: "",
    currency: null,
    amount_currency: null,
  })),
};

const march: Schemas["PeriodOut"] = {
  id: "march",
  version: 4,
  name: "2026-03",
  year: 2026,
  number: 3,
  starts_on: "2026-03-01",
  ends_on: "2026-03-31",
  state: "open",
};

let asked: string[];

beforeEach(() => {
  asked = [];
  server.use(
    ...signedIn(accountant),
    http.get("/api/accounts/tree", () => HttpResponse.json(tree)),
    http.get("/api/journal-entries/by-number/7", () => HttpResponse.json(entry)),
    http.get("/api/journal-entries/entry", () => HttpResponse.json(entry)),
    http.get("/api/periods", () => HttpResponse.json(page([march]))),
    http.get("/api/reports/trial-balance", ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({
        first: "2026-01-01",
        last: "2026-12-31",
        rows: [
          {
            code: "111",
            name_en: "Cash on hand",
            name_ar: "الصندوق",
            type: "asset",
            level: 1,
            is_group: false,
            opening_debit: "0.00",
            opening_credit: "0.00",
            debit: "10.00",
            credit: "4.00",
            closing_debit: "6.00",
            closing_credit: "0.00",
          },
        ],
        totals: {
          opening_debit: "0.00",
          opening_credit: "0.00",
          debit: "77.77",
          credit: "77.77",
          closing_debit: "66.66",
          closing_credit: "66.66",
        },
      });
    }),
  );
});

test("an entry by hand is balanced, shown and only then posted", async () => {
  const posts: { dry: boolean; body: Schemas["JournalEntryIn"] }[] = [];
  server.use(
    http.post("/api/journal-entries", async ({ request }) => {
      const dry = request.url.includes("dry_run=true");
      posts.push({ dry, body: (await request.json()) as Schemas["JournalEntryIn"] });
      return HttpResponse.json(entry, { status: dry ? 200 : 201 });
    }),
  );
  const { user, router } = open("/journal-entries/new");
  await user.type(await screen.findByLabelText("Account, line 1"), "112");
  await user.click(await screen.findByRole("option", { name: /Bank/ }));
  await user.type(screen.getByLabelText("Debit, line 1"), "١٢٥٠٫٥");
  await user.tab();
  expect(screen.getByText("Difference")).toBeInTheDocument();
  await user.type(screen.getByLabelText("Account, line 2"), "cash");
  await user.click(await screen.findByRole("option", { name: /Cash on hand/ }));
  // What is missing goes to the other side by itself.
  expect(screen.getByLabelText("Credit, line 2")).toHaveValue("1250.50");
  expect(screen.getByText("Balanced")).toBeInTheDocument();
  await expectAccessible(screen.getByRole("main"));
  await user.click(screen.getByRole("button", { name: "Check and post…" }));
  await user.click(await screen.findByRole("button", { name: "Post entry" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/journal-entries/entry");
  });
  expect(posts.map((one) => one.dry)).toEqual([true, false]);
  expect(posts[1]?.body.lines).toMatchObject([
    { account_id: "id-112", debit: "1250.5", credit: "0.00" },
    { account_id: "id-111", debit: "0.00", credit: "1250.50" },
  ]);
});

test("the server's refusal stands at the line it means", async () => {
  server.use(
    http.post("/api/journal-entries", () =>
      refuse(422, {
        detail: "Correct what is marked.",
        errors: [
          { pointer: "/lines/1/party_id", code: "party_missing", message: "Name the party." },
        ],
      }),
    ),
  );
  const { user } = open("/journal-entries/new");
  for (const [row, code] of [
    ["1", "112"],
    ["2", "111"],
  ]) {
    await user.type(await screen.findByLabelText(`Account, line ${row}`), code ?? "");
    await user.click(await screen.findByRole("option"));
    if (row === "1") await user.type(screen.getByLabelText("Debit, line 1"), "5");
  }
  await user.click(screen.getByRole("button", { name: "Check and post…" }));
  await screen.findByText("Name the party.");
  expect(screen.getByLabelText("Debit, line 1")).toHaveValue("5");
});

test("an entry is found by its number and reversed after a look", async () => {
  const days: unknown[] = [];
  server.use(
    http.post("/api/journal-entries/entry/reverse", async ({ request }) => {
      days.push(await request.json());
      return HttpResponse.json({ ...entry, id: "back", number: 8, reverses_id: "entry" });
    }),
    http.get("/api/journal-entries/back", () =>
      HttpResponse.json({
        ...entry,
        id: "back",
        number: 8,
        reverses_id: "entry",
        reverses_number: 7,
      }),
    ),
  );
  const { user, router } = open("/journal-entries/7");
  await user.click(await screen.findByRole("button", { name: "Reverse…" }));
  const dialog = await screen.findByRole("dialog");
  await within(dialog).findByText("Bank");
  await user.click(within(dialog).getByRole("button", { name: "Post the reversal" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/journal-entries/back");
  });
  expect(days).toHaveLength(2);
});

test("closing a month asks first and sends the version that was seen", async () => {
  let version: string | null = null;
  server.use(
    http.post("/api/periods/march/close", ({ request }) => {
      version = request.headers.get("If-Match");
      return HttpResponse.json({ ...march, state: "closed", version: 5 });
    }),
  );
  const { user } = open("/periods");
  await user.click(await screen.findByRole("button", { name: "Actions for March 2026" }));
  expect(screen.queryByRole("menuitem", { name: "Lock for good" })).not.toBeInTheDocument();
  await user.click(await screen.findByRole("menuitem", { name: "Close" }));
  const dialog = await screen.findByRole("dialog", { name: "Close March 2026?" });
  expect(version).toBeNull();
  const [, confirm] = within(dialog).getAllByRole("button", { name: "Close" });
  if (!confirm) throw new Error("The button is missing.");
  await user.click(confirm);
  await screen.findByText("March 2026 is closed.");
  expect(version).toBe('"4"');
});

test("a report keeps its days in the URL and leads to the movements", async () => {
  open("/reports/trial-balance?from=2026-02-01&to=2026-02-28");
  const link = await screen.findByRole("link", { name: /Cash on hand/ });
  expect(asked).toEqual(["?from=2026-02-01&to=2026-02-28"]);
  expect(link).toHaveAttribute(
    "href",
    "/reports/general-ledger?from=2026-02-01&to=2026-02-28&account=111",
  );
  // The sums are the server's, whatever the rows say.
  expect(screen.getAllByText("77.77")).toHaveLength(2);
  await expectAccessible(screen.getByRole("main"));
});

test("the chart folds, finds and says why an account cannot be put out of use", async () => {
  server.use(
    http.delete("/api/accounts/id-112", () =>
      refuse(409, { code: "account_has_role", detail: "It is used for BANK." }),
    ),
  );
  const { user } = open("/accounts");
  await screen.findByRole("button", { name: "Bank" });
  await expectAccessible(screen.getByRole("main"));
  await user.click(screen.getByRole("button", { name: "Fold Assets" }));
  expect(screen.queryByRole("button", { name: "Bank" })).not.toBeInTheDocument();
  await user.type(screen.getByRole("searchbox"), "ban");
  await screen.findByRole("button", { name: "Bank" });
  expect(screen.queryByRole("button", { name: "Cash on hand" })).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Actions for Bank" }));
  await user.click(await screen.findByRole("menuitem", { name: "Put out of use" }));
  await user.click(await screen.findByRole("button", { name: "Put out of use" }));
  await screen.findByText("It is used for BANK.");
});
