import { useQuery } from "@tanstack/react-query";

import { units } from "@/shared/goods/queries";
import { useName } from "@/shared/i18n/names";

/** What a unit is called; documents that keep only its id ask here. */
export function useUnitName() {
  const name = useName();
  const { data } = useQuery(units());
  return (id: string | null) => {
    const found = data?.items.find((one) => one.id === id);
    return found ? name(found) : "";
  };
}
