import { screen, waitFor } from "@testing-library/react";
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
    ...["read", "create", "edit", "submit"].map((verb) => `requisition:${verb}`),
    ...["read", "create", "edit", "send"].map((verb) => `enquiry:${verb}`),
  ],
};

const line: Schemas["RequisitionLineOut"] = {
  id: "line",
  position: 1,
  product_id: lamp.id,
  sku: lamp.sku,
  name_en: lamp.name_en,
  name_ar: lamp.name_ar,
  unit_id: "piece",
  typed_quantity: "20",
  quantity: "20",
  ordered: "0",
  received: "0",
  supplier_id: null,
};

const draft: Schemas["RequisitionOut"] = {
  id: "wish",
  version: 1,
  number: null,
  state: "draft",
  warehouse_id: "ruh",
  warehouse_code: "RUH",
  needed_on: null,
  is_automatic: false,
  created_at: "2026-03-01T08:00:00Z",
  created_by: "anna",
  created_by_name: "Anna",
  line_count: 1,
  ordered_percent: 0,
  notes: "",
  reason: "",
  submitted_by: null,
  approved_by: null,
  lines: [line],
  links: [],
  next_commands: ["submit", "edit", "cancel"],
};

const enquiry: Schemas["EnquiryOut"] = {
  id: "enquiry",
  version: 1,
  number: null,
  state: "draft",
  warehouse_id: "ruh",
  answer_by: null,
  needed_on: null,
  created_at: "2026-03-01T08:00:00Z",
  line_count: 1,
  supplier_count: 1,
  answer_count: 0,
  notes: "",
  reason: "",
  lines: [
    {
      id: "asked",
      position: 1,
      product_id: lamp.id,
      sku: lamp.sku,
      name_en: lamp.name_en,
      name_ar: lamp.name_ar,
      unit_id: "piece",
      quantity: "20",
      requisition_line_id: "line",
      awarded_to_id: null,
      quotes: [],
    },
  ],
  suppliers: [
    {
      supplier_id: "najd",
      name_en: "Najd Lighting",
      name_ar: "نجد للإنارة",
      has_declined: false,
      quoted_on: null,
      reference: "",
      valid_until: null,
      currency: "SAR",
      exchange_rate: "1",
    },
  ],
  links: [],
  next_commands: ["send", "edit"],
};

const asked: unknown[] = [];

beforeEach(() => {
  asked.length = 0;
  server.use(
    ...signedIn(buyer),
    http.get("/api/warehouses", () =>
      HttpResponse.json(
        page([{ id: "ruh", version: 1, code: "RUH", name_en: "Riyadh", name_ar: "الرياض" }]),
      ),
    ),
    http.get("/api/products", () => HttpResponse.json(page([lamp]))),
    http.get("/api/products/lamp", () => HttpResponse.json(lamp)),
    http.get("/api/parties", () =>
      HttpResponse.json(page([{ id: "najd", code: "P1", name_en: "Najd Lighting", name_ar: "" }])),
    ),
    http.get("/api/parties/najd", () =>
      HttpResponse.json({ id: "najd", name_en: "Najd Lighting", name_ar: "", currency: "SAR" }),
    ),
  );
});

test("a requisition saves itself, keeps its form, and says who was faster", async () => {
  server.use(
    http.post("/api/requisitions", async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json(draft, { status: 201 });
    }),
    http.patch("/api/requisitions/wish", async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json(
        { code: "version_conflict", title: "Changed", status: 412, detail: "Changed.", errors: [] },
        { status: 412, headers: { "Content-Type": "application/problem+json" } },
      );
    }),
    http.get("/api/requisitions/wish", () =>
      HttpResponse.json({
        ...draft,
        version: 2,
        notes: "Urgent",
        lines: [{ ...line, typed_quantity: "7", quantity: "7" }],
      }),
    ),
  );
  const { user, container, router } = open("/requisitions/new");
  expect(await screen.findByText("Add a product to save the draft")).toBeVisible();
  await user.type(screen.getByLabelText("Product, line 1"), "lamp");
  await user.click(await screen.findByRole("option", { name: /Desk lamp/ }));
  await user.clear(screen.getByLabelText("Quantity, line 1"));
  await user.type(screen.getByLabelText("Quantity, line 1"), "20");
  expect(await screen.findByText("Draft saved")).toBeVisible();
  expect(asked.at(-1)).toMatchObject({
    warehouse_id: "ruh",
    lines: [{ product_id: "lamp", quantity: "20" }],
  });
  expect(router.state.location.pathname).toBe("/requisitions/wish");
  expect(screen.getByLabelText("Quantity, line 1")).toHaveFocus();
  expect(screen.getByRole("button", { name: "Submit" })).toBeEnabled();
  await expectAccessible(container);

  await user.type(screen.getByLabelText("Notes"), "For the hall");
  expect(await screen.findByRole("button", { name: /Keep mine/ })).toBeVisible();
  expect(screen.getByText("Urgent")).toBeVisible();
  // Which line differs is said with its figures, not that there is one line in either.
  const row = screen.getByRole("row", { name: /^Line 1/ });
  expect(row).toHaveTextContent(/Desk lamp · .?20.?\s*Desk lamp · .?7/);
  expect(asked.at(-1)).toEqual({ notes: "For the hall" });
});

test("a request of a requisition asks for its goods as soon as a supplier is chosen", async () => {
  server.use(
    http.get("/api/requisitions/wish", () => HttpResponse.json({ ...draft, state: "approved" })),
    http.post("/api/enquiries", async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json(enquiry, { status: 201 });
    }),
    http.get("/api/enquiries/enquiry", () => HttpResponse.json(enquiry)),
  );
  const { user, router } = open("/enquiries/new?requisition=wish");
  expect(await screen.findByText("Choose the suppliers to save the draft")).toBeVisible();
  await user.type(screen.getByRole("combobox", { name: "Add a supplier" }), "najd{Enter}");
  expect(await screen.findByText("Draft saved")).toBeVisible();
  expect(asked).toEqual([
    expect.objectContaining({
      supplier_ids: ["najd"],
      lines: [
        { product_id: "lamp", unit_id: "piece", quantity: "20", requisition_line_id: "line" },
      ],
    }),
  ]);
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/enquiries/enquiry");
  });
  expect(screen.getByRole("button", { name: "Mark as sent" })).toBeEnabled();
});
