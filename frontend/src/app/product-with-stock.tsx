import { ProductPage } from "@/features/catalog/product-page";
import { SupplierPrices } from "@/features/purchasing/supplier-prices";
import { ProductStock } from "@/features/stock/product-stock";

/** A product, how much of it there is, and who supplies it: three features meet here. */
export function ProductWithStock() {
  return (
    <ProductPage
      stock={(of) => (
        <>
          {of.kind === "goods" && <ProductStock productId={of.id} />}
          <SupplierPrices productId={of.id} />
        </>
      )}
    />
  );
}
