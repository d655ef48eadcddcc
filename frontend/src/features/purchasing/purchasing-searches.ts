import i18next from "i18next";

import { ask, client } from "@/shared/api/client";
import { nameIn } from "@/shared/i18n/names";
import { type RecordSearch } from "@/shared/session/records";

import { named } from "./names";

const heading =
  (page: "purchaseOrders" | "receipts" | "requisitions" | "enquiries" | "supplierReturns") => () =>
    i18next.t(`page.${page}`, { ns: "shell" });

/** What the palette finds in purchasing, by number, supplier or reference. */
export const purchasingSearches: RecordSearch[] = [
  {
    id: "purchase-orders",
    label: heading("purchaseOrders"),
    permission: "purchase_order:read",
    async search(text, signal) {
      const found = await ask(
        client.GET("/api/purchase-orders", { params: { query: { q: text, limit: 6 } }, signal }),
      );
      return found.items.map((one) => ({
        id: one.id,
        label: one.number ?? nameIn(i18next.language, named(one)),
        description: nameIn(i18next.language, named(one)),
        link: { to: "/purchase-orders/$orderId", params: { orderId: one.id } },
      }));
    },
  },
  {
    id: "receipts",
    label: heading("receipts"),
    permission: "receipt:read",
    async search(text, signal) {
      const found = await ask(
        client.GET("/api/receipts", { params: { query: { q: text, limit: 6 } }, signal }),
      );
      return found.items.map((one) => ({
        id: one.id,
        label: one.number ?? one.order_number ?? "",
        description: nameIn(i18next.language, named(one)),
        link: { to: "/receipts/$receiptId", params: { receiptId: one.id } },
      }));
    },
  },
  {
    id: "requisitions",
    label: heading("requisitions"),
    permission: "requisition:read",
    async search(text, signal) {
      const found = await ask(
        client.GET("/api/requisitions", { params: { query: { q: text, limit: 6 } }, signal }),
      );
      return found.items
        .filter((one) => one.number !== null)
        .map((one) => ({
          id: one.id,
          label: one.number ?? "",
          description: one.created_by_name,
          link: { to: "/requisitions/$requisitionId", params: { requisitionId: one.id } },
        }));
    },
  },
  {
    id: "enquiries",
    label: heading("enquiries"),
    permission: "enquiry:read",
    async search(text, signal) {
      const found = await ask(
        client.GET("/api/enquiries", { params: { query: { q: text, limit: 6 } }, signal }),
      );
      return found.items
        .filter((one) => one.number !== null)
        .map((one) => ({
          id: one.id,
          label: one.number ?? "",
          link: { to: "/enquiries/$enquiryId", params: { enquiryId: one.id } },
        }));
    },
  },
  {
    id: "supplier-returns",
    label: heading("supplierReturns"),
    permission: "supplier_return:read",
    async search(text, signal) {
      const found = await ask(
        client.GET("/api/supplier-returns", { params: { query: { q: text, limit: 6 } }, signal }),
      );
      return found.items
        .filter((one) => one.number !== null)
        .map((one) => ({
          id: one.id,
          label: one.number ?? "",
          description: nameIn(i18next.language, named(one)),
          link: { to: "/supplier-returns/$returnId", params: { returnId: one.id } },
        }));
    },
  },
];
