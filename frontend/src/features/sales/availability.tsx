import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDebouncedValue } from "@mantine/hooks";

import { parseDecimal } from "@/shared/format/number";
import { product, units } from "@/shared/goods/queries";
import { useName } from "@/shared/i18n/names";
import { Availability } from "@/shared/ui/availability";
import { type GoodsLine } from "@/shared/ui/goods-lines";

import { availability } from "./queries";

/** What is free of each line's product, in the warehouse the order is shipped from. */
export function useOrderAvailability(warehouseId: string) {
  return (line: GoodsLine) =>
    line.product_id !== null && warehouseId !== "" ? (
      <OfLine productId={line.product_id} line={line} warehouseId={warehouseId} />
    ) : null;
}

function OfLine({
  productId,
  line,
  warehouseId,
}: {
  productId: string;
  line: GoodsLine;
  warehouseId: string;
}) {
  const name = useName();
  const { data: of } = useQuery(product(productId));
  const { data: allUnits } = useQuery(units());
  const wanted = inStockUnits(of, line);
  const [quantity] = useDebouncedValue(wanted ?? "0", 250);
  const { data } = useQuery({
    ...availability({ product_id: productId, warehouse_id: warehouseId, quantity }),
    enabled: of?.kind === "goods",
    placeholderData: keepPreviousData,
  });
  if (!data || !of) return null;
  const unit = allUnits?.items.find((one) => one.id === of.unit_id);
  return (
    <Availability
      free={data.free}
      incoming={data.incoming}
      incomingOn={data.is_enough ? null : data.available_on}
      wanted={wanted}
      // Said only where the line counts in another unit.
      unit={unit && line.unit_id !== of.unit_id ? name(unit) : undefined}
    />
  );
}

/** What the line wants, in the unit stock is counted in; only for a hint, the server reckons. */
function inStockUnits(
  of:
    | { unit_id: string; units: { unit_id: string; numerator: number; denominator: number }[] }
    | undefined,
  line: GoodsLine,
): string | null {
  const typed = parseDecimal(line.quantity);
  if (!of || typed === null) return null;
  if (line.unit_id === null || line.unit_id === of.unit_id) return typed;
  const unit = of.units.find((one) => one.unit_id === line.unit_id);
  if (!unit) return null;
  const [whole = "0", fraction = ""] = typed.split(".");
  const scaled = BigInt(`${whole}${fraction.padEnd(6, "0").slice(0, 6)}`);
  const millionths = (scaled * BigInt(unit.numerator)) / BigInt(unit.denominator);
  const digits = millionths.toString().padStart(7, "0");
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/\.?0+$/, "");
}
