import i18next from "i18next";

import { ask, client } from "@/shared/api/client";
import { nameIn } from "@/shared/i18n/names";
import { type RecordSearch } from "@/shared/session/records";

import { named } from "./names";

type Numbered = {
  id: string;
  number: string | null;
  customer_name_en: string;
  customer_name_ar: string;
};

const described = (row: Numbered) => ({
  id: row.id,
  label: row.number ?? nameIn(i18next.language, named(row)),
  description: nameIn(i18next.language, named(row)),
});

/** Orders, shipments and returns in the palette, by number, reference or customer. */
export const orderSearch: RecordSearch = {
  id: "sales_orders",
  label: () => i18next.t("page.salesOrders", { ns: "shell" }),
  permission: "sales_order:read",
  async search(text, signal) {
    const found = await ask(
      client.GET("/api/sales-orders", { params: { query: { q: text, limit: 6 } }, signal }),
    );
    return found.items.map((row) => ({
      ...described(row),
      link: { to: "/sales-orders/$orderId", params: { orderId: row.id } },
    }));
  },
};

export const shipmentSearch: RecordSearch = {
  id: "shipments",
  label: () => i18next.t("page.shipments", { ns: "shell" }),
  permission: "shipment:read",
  async search(text, signal) {
    const found = await ask(
      client.GET("/api/shipments", { params: { query: { q: text, limit: 6 } }, signal }),
    );
    return found.items.map((row) => ({
      ...described(row),
      link: { to: "/shipments/$shipmentId", params: { shipmentId: row.id } },
    }));
  },
};

export const returnSearch: RecordSearch = {
  id: "customer_returns",
  label: () => i18next.t("page.customerReturns", { ns: "shell" }),
  permission: "customer_return:read",
  async search(text, signal) {
    const found = await ask(
      client.GET("/api/customer-returns", { params: { query: { q: text, limit: 6 } }, signal }),
    );
    return found.items.map((row) => ({
      ...described(row),
      link: { to: "/customer-returns/$returnId", params: { returnId: row.id } },
    }));
  },
};
