import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";

import { type Schemas } from "@/shared/api/client";
import { expectAccessible } from "@/testing/accessible";
import { anna, page, refuse, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

const najd: Schemas["PartyOut"] = {
  id: "najd",
  version: 2,
  code: "P00001",
  name_en: "Najd Supplies",
  name_ar: "نجد للمستلزمات",
  vat_number: "310122393500003",
  other_id_scheme: "",
  other_id: "",
  building_number: "2929",
  street_en: "Prince Sultan Street",
  street_ar: "",
  district_en: "",
  district_ar: "",
  city_en: "Jeddah",
  city_ar: "",
  postal_code: "23435",
  additional_number: "",
  country: "SA",
  email: "",
  phone: "",
  is_customer: true,
  is_supplier: false,
  is_business: true,
  credit_limit: "50000.00",
  payment_terms_days: 30,
  currency: "SAR",
  language: "ar",
  is_active: true,
  salesperson_id: null,
  notes: "",
};

beforeEach(() => {
  server.use(
    ...signedIn({
      ...anna,
      permissions: ["party:read", "party:create", "party:edit", "party:delete"],
    }),
    http.get("/api/parties", () => HttpResponse.json(page([najd]))),
    http.get("/api/salespeople", () =>
      HttpResponse.json(page([{ id: "sami", name_en: "Sami", name_ar: "سامي", is_active: true }])),
    ),
    http.get("/api/parties/najd", () => HttpResponse.json(najd)),
    http.get("/api/parties/najd/bank-accounts", () => HttpResponse.json([])),
  );
});

test("a party shows its terms and address, and no figures to those who may not see reports", async () => {
  open("/parties/najd");
  await screen.findByRole("heading", { name: "Najd Supplies" });
  expect(screen.getByText("50,000.00")).toBeInTheDocument();
  expect(screen.getByText("30 days")).toBeInTheDocument();
  expect(screen.getByText(/2929 Prince Sultan Street/)).toBeInTheDocument();
  expect(screen.queryByText("Owed to us")).not.toBeInTheDocument();
  await expectAccessible(screen.getByRole("main"));
});

test("a VAT number in use is refused at its field, and can be created anyway", async () => {
  const allowed: (string | null)[] = [];
  server.use(
    http.post("/api/parties", ({ request }) => {
      const allow = new URL(request.url).searchParams.get("allow_duplicate");
      allowed.push(allow);
      if (allow === "true") return HttpResponse.json(najd, { status: 201 });
      return refuse(409, {
        code: "vat_number_taken",
        detail: "The VAT number belongs to a branch already.",
        errors: [{ pointer: "/vat_number", code: "vat_number_taken", message: "In use." }],
      });
    }),
  );
  const { user, router } = open("/parties/new");
  await user.type(await screen.findByRole("textbox", { name: "Name in English" }), "Najd");
  const number = screen.getByRole("textbox", { name: "VAT number" });
  await user.type(number, "310122393500003");
  await user.click(screen.getByRole("button", { name: "Create party" }));
  await screen.findByText("In use.");
  await user.click(screen.getByRole("button", { name: "Create anyway" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/parties/najd");
  });
  expect(allowed).toEqual([null, "true"]);
});

test("only what was changed is sent", async () => {
  let sent: unknown;
  server.use(
    http.patch("/api/parties/najd", async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json({ ...najd, payment_terms_days: 45, version: 3 });
    }),
  );
  const { user } = open("/parties/najd/edit");
  const terms = await screen.findByRole("textbox", { name: "Payment terms (days)" });
  await user.clear(terms);
  await user.type(terms, "45");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => {
    expect(sent).toEqual({ payment_terms_days: 45 });
  });
});

const rajhi: Schemas["BankAccountOut"] = {
  id: "rajhi",
  version: 1,
  iban: "SA•••• 7519",
  holder: "",
  bank_name: "Al Rajhi",
  bic: "RJHISARI",
  is_main: true,
  is_active: true,
};

test("an IBAN is masked, and shown in full to those who may see it, who are told so", async () => {
  server.use(
    ...signedIn({ ...anna, permissions: ["party:read", "bank_account:reveal"] }),
    http.get("/api/parties/najd/bank-accounts", () => HttpResponse.json([rajhi])),
    http.post("/api/parties/najd/bank-accounts/rajhi/reveal", () =>
      HttpResponse.json({ value: "SA0380000000608010167519" }),
    ),
  );
  const { user } = open("/parties/najd");
  await user.click(await screen.findByRole("button", { name: "Show SA•••• 7519 in full" }));
  expect(await screen.findByText("SA03 8000 0000 6080 1016 7519")).toBeInTheDocument();
  expect(screen.getByText("That you looked is on record.")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Hide" }));
  expect(screen.queryByText("SA03 8000 0000 6080 1016 7519")).not.toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Add bank account" })).not.toBeInTheDocument();
  await expectAccessible(screen.getByRole("main"));
});

test("a bank account is added; what the server refuses stands at its field", async () => {
  const sent: unknown[] = [];
  server.use(
    ...signedIn({ ...anna, permissions: ["party:read", "bank_account:create"] }),
    http.post("/api/parties/najd/bank-accounts", async ({ request }) => {
      sent.push(await request.json());
      if (sent.length > 1) return HttpResponse.json(rajhi, { status: 201 });
      return refuse(422, {
        code: "invalid",
        detail: "Correct the marked fields.",
        errors: [{ pointer: "/iban", code: "wrong_check_digits", message: "Wrong digits." }],
      });
    }),
  );
  const { user } = open("/parties/najd");
  await user.click(await screen.findByRole("button", { name: "Add bank account" }));
  const field = await screen.findByRole("textbox", { name: "IBAN" });
  await user.type(field, "SA٠380000000608010167519");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Wrong digits.")).toBeInTheDocument();
  expect(screen.queryByText("Show in full")).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("SA•••• 7519 was added.")).toBeInTheDocument();
  expect(sent[0]).toMatchObject({ iban: "SA0380000000608010167519", is_main: false });
});
