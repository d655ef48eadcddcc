import { useRouter } from "@tanstack/react-router";
import { useMemo } from "react";

import { useMe } from "@/shared/session/session";

import { shownNavigation } from "./navigation";

export function useNavigation() {
  const router = useRouter();
  const permissions = useMe()?.permissions;
  return useMemo(
    () =>
      shownNavigation(
        (path) => path in router.routesByPath,
        (what) => permissions?.includes(what) ?? false,
      ),
    [router, permissions],
  );
}
