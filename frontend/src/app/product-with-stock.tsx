import { ProductPage } from "@/features/catalog/product-page";
import { ProductStock } from "@/features/stock/product-stock";

/** A product and, for goods, how much of it there is: catalogue and stock meet here. */
export function ProductWithStock() {
  return <ProductPage stock={(of) => of.kind === "goods" && <ProductStock productId={of.id} />} />;
}
