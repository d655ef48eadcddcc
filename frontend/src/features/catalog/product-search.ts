import i18next from "i18next";

import { ask, client } from "@/shared/api/client";
import { nameIn } from "@/shared/i18n/names";
import { type RecordSearch } from "@/shared/session/records";

/** Products in the palette. */
export const productSearch: RecordSearch = {
  id: "products",
  label: () => i18next.t("page.products", { ns: "shell" }),
  permission: "product:read",
  async search(text, signal) {
    const found = await ask(
      client.GET("/api/products", { params: { query: { q: text, limit: 6 } }, signal }),
    );
    return found.items.map((product) => ({
      id: product.id,
      label: nameIn(i18next.language, product),
      description: product.sku,
      link: { to: "/products/$productId", params: { productId: product.id } },
    }));
  },
};
