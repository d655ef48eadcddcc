import { useRouter } from "@tanstack/react-router";
import { useMemo } from "react";

import { useMe } from "@/shared/session/session";

import { shownNavigation } from "./navigation";

export function useNavigation() {
  const router = useRouter();
  const me = useMe();
  const permissions = me?.permissions;
  const customers = me?.own_customers_only ?? false;
  const warehouses = (me?.warehouse_ids ?? null) !== null;
  return useMemo(
    () =>
      shownNavigation(
        (path) => path in router.routesByPath,
        (what) => permissions?.includes(what) ?? false,
        { customers, warehouses },
      ),
    [router, permissions, customers, warehouses],
  );
}
