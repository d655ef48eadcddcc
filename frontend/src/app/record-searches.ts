import { productSearch } from "@/features/catalog/product-search";
import { registerRecordSearch } from "@/shared/session/records";

/** What the palette finds besides pages; a feature adds its own here. */
export function registerRecordSearches() {
  for (const source of [productSearch]) registerRecordSearch(source);
}
