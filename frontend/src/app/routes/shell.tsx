import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";

import { ensureSession } from "@/shared/api/session";

import { rootRoute } from "./root";

/** Everything inside needs a session; who has none comes back to the same page after signing in. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "shell",
  beforeLoad: async ({ location }) => {
    const session = await ensureSession();
    if (session.status === "open") {
      // Nothing is answered to those whose password somebody else chose, or who lack a second factor.
      const { must_change_password, must_set_up_second_factor } = session.user;
      if (!must_change_password && !must_set_up_second_factor) return;
      throw redirect({
        to: must_change_password ? "/new-password" : "/second-factor",
        search: location.href === "/" ? {} : { next: location.href },
        replace: true,
      });
    }
    throw redirect({
      to: "/sign-in",
      search: location.href === "/" ? {} : { next: location.href },
      replace: true,
    });
  },
  component: lazyRouteComponent(() => import("../shell"), "Shell"),
});
