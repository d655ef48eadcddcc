import { useQuery } from "@tanstack/react-query";

import { parseDecimal } from "@/shared/format/number";
import { product } from "@/shared/goods/queries";
import { useCan } from "@/shared/session/session";
import { Availability } from "@/shared/ui/availability";

import { availability } from "./queries";

type Props = {
  productId: string | null;
  warehouseId: string;
  wanted: string;
  unitId: string | null;
};

/** What is free of a product in a warehouse, while its line is being typed. */
export function FreeHere({ productId, warehouseId, wanted, unitId }: Props) {
  const can = useCan();
  const asked = productId !== null && can("stock:read");
  const { data } = useQuery({ ...availability(productId ?? ""), enabled: asked });
  const { data: of } = useQuery({ ...product(productId ?? ""), enabled: productId !== null });
  if (!data) return null;
  const here = data.find((one) => one.warehouse_id === warehouseId);
  // Free is told in the stock unit: other units are not compared with it here.
  const comparable = of?.unit_id === unitId;
  return (
    <Availability free={here?.free ?? "0"} {...(comparable && { wanted: parseDecimal(wanted) })} />
  );
}
