import { useQuery } from "@tanstack/react-query";

import { units } from "@/shared/goods/queries";
import { useName } from "@/shared/i18n/names";

import { order } from "./queries";

/** What units are called. */
export function useUnits() {
  const name = useName();
  const { data } = useQuery(units());
  return (id: string | null | undefined) => {
    const unit = data?.items.find((one) => one.id === id);
    return unit ? name(unit) : "";
  };
}

/** The stock unit of each line of an order, for the documents that came from it. */
export function useLineUnits(orderId: string) {
  const unitOf = useUnits();
  const { data } = useQuery(order(orderId));
  return (orderLineId: string) =>
    unitOf(data?.lines.find((one) => one.id === orderLineId)?.stock_unit_id);
}
