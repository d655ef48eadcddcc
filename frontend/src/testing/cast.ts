import { http, HttpResponse } from "msw";

import type { Schemas } from "@/shared/api/client";

export const anna: Schemas["MeOut"] = {
  id: "anna",
  version: 1,
  email: "anna@acme.example",
  name_en: "Anna",
  name_ar: "آنا",
  language: "en",
  roles: ["sales"],
  permissions: [
    "product:read",
    "product:create",
    "product:edit",
    "product:delete",
    "category:read",
  ],
  must_change_password: false,
  has_second_factor: false,
  must_set_up_second_factor: false,
  own_customers_only: false,
  warehouse_ids: null,
};

export const lamp: Schemas["ProductOut"] = {
  id: "lamp",
  sku: "LAMP-01",
  name_en: "Desk lamp",
  name_ar: "مصباح مكتب",
  description_en: "",
  description_ar: "",
  category_id: null,
  kind: "goods",
  unit_id: "piece",
  price: "1250.50",
  tax_category: "S",
  exemption_code: "",
  exemption_reason_en: "",
  exemption_reason_ar: "",
  units: [],
  barcodes: [],
  is_active: true,
  version: 3,
};

const page = <Item>(items: Item[], next: string | null = null) => ({ items, next, total: null });

/** The answers every signed-in page asks for. */
export const signedIn = (user = anna) => [
  http.post("/api/auth/refresh", () =>
    HttpResponse.json({ access_token: "anna-1", expires_in: 600, user }),
  ),
  http.get("/api/company", () =>
    HttpResponse.json({
      name_en: "Acme",
      name_ar: "أكمي",
      vat_number: "",
      currency: "SAR",
      version: 1,
    }),
  ),
  http.get("/api/views", () => HttpResponse.json(page([]))),
  http.get("/api/categories", () => HttpResponse.json(page([]))),
  http.get("/api/categories/tree", () => HttpResponse.json({ items: [] })),
  http.get("/api/units", () =>
    HttpResponse.json(
      page([
        {
          id: "piece",
          code: "piece",
          name_en: "Piece",
          name_ar: "قطعة",
          is_whole: true,
          unece_code: "PCE",
          is_active: true,
          version: 1,
        },
        {
          id: "box",
          code: "box",
          name_en: "Box",
          name_ar: "صندوق",
          is_whole: true,
          unece_code: "XBX",
          is_active: true,
          version: 1,
        },
      ]),
    ),
  ),
];

/** A refusal, as the server writes it. */
export const refuse = (status: number, problem: Partial<Schemas["Problem"]> = {}) =>
  HttpResponse.json(
    {
      type: "about:blank",
      title: "Refused",
      status,
      detail: "Refused.",
      code: "refused",
      errors: [],
      request_id: "req-1",
      ...problem,
    },
    { status, headers: { "Content-Type": "application/problem+json" } },
  );

export { page };
