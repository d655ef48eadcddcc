import i18next from "i18next";

import { ask, client } from "@/shared/api/client";
import { nameIn } from "@/shared/i18n/names";
import { type RecordSearch } from "@/shared/session/records";

const heading = (page: "warehouses" | "transfers" | "counts" | "lots" | "adjustments") => () =>
  i18next.t(`page.${page}`, { ns: "shell" });

/** What the palette finds in stock: places to work at and the documents that move goods. */
export const stockSearches: RecordSearch[] = [
  {
    id: "warehouses",
    label: heading("warehouses"),
    permission: "warehouse:read",
    async search(text, signal) {
      const found = await ask(
        client.GET("/api/warehouses", { params: { query: { q: text, limit: 6 } }, signal }),
      );
      return found.items.map((one) => ({
        id: one.id,
        label: nameIn(i18next.language, one) || one.code,
        description: one.code,
        link: { to: "/warehouses/$warehouseId", params: { warehouseId: one.id } },
      }));
    },
  },
  {
    id: "transfers",
    label: heading("transfers"),
    permission: "transfer:read",
    async search(text, signal) {
      const found = await ask(
        client.GET("/api/transfers", { params: { query: { q: text, limit: 6 } }, signal }),
      );
      return found.items.map((one) => ({
        id: one.id,
        label: one.number ?? `${one.source_code} → ${one.destination_code}`,
        description: `${one.source_code} → ${one.destination_code}`,
        link: { to: "/transfers/$transferId", params: { transferId: one.id } },
      }));
    },
  },
  {
    id: "counts",
    label: heading("counts"),
    permission: "count:read",
    async search(text, signal) {
      const found = await ask(
        client.GET("/api/counts", { params: { query: { q: text, limit: 6 } }, signal }),
      );
      return found.items.map((one) => ({
        id: one.id,
        label: one.number ?? one.location_code,
        description: one.location_code,
        link: { to: "/counts/$countId", params: { countId: one.id } },
      }));
    },
  },
  {
    id: "lots",
    label: heading("lots"),
    permission: "stock:read",
    async search(text, signal) {
      const found = await ask(
        client.GET("/api/stock/lots", { params: { query: { q: text, limit: 6 } }, signal }),
      );
      return found.items.map((one) => ({
        id: one.id,
        label: one.code,
        description: one.product.sku,
        link: { to: "/lots/$lotId", params: { lotId: one.id } },
      }));
    },
  },
  {
    id: "stock-adjustments",
    label: heading("adjustments"),
    permission: "stock:read",
    async search(text, signal) {
      const found = await ask(
        client.GET("/api/stock/adjustments", { params: { query: { q: text, limit: 6 } }, signal }),
      );
      return found.items
        .filter((one) => one.number !== null)
        .map((one) => ({
          id: one.id,
          label: one.number ?? "",
          description: one.reason,
          link: { to: "/stock-adjustments/$adjustmentId", params: { adjustmentId: one.id } },
        }));
    },
  },
];
