import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";

import { ask, client } from "@/shared/api/client";
import { updateMe } from "@/shared/api/session";
import { lookAs, type ViewedRole } from "@/shared/api/view-as";

/** Show everything anew, as it is for whoever one looks as now. */
function useShowAnew() {
  const cache = useQueryClient();
  const router = useRouter();
  return async () => {
    updateMe(await ask(client.GET("/api/auth/me")));
    await router.navigate({ to: "/" });
    // What was fetched with other eyes is forgotten, and what is on the screen asked again.
    await cache.cancelQueries();
    await cache.resetQueries();
  };
}

export function useViewAs() {
  const showAnew = useShowAnew();
  return useMutation({
    mutationFn: async (key: string) => {
      const role = await ask(client.POST("/api/access/view-as", { body: { role: key } }));
      const { name_en, name_ar } = role;
      lookAs({ key: role.key, name_en, name_ar } satisfies ViewedRole);
      try {
        await showAnew();
      } catch (refused) {
        lookAs(null);
        throw refused;
      }
    },
  });
}

export function useStopViewing() {
  const showAnew = useShowAnew();
  return useMutation({
    mutationFn: async () => {
      lookAs(null);
      await showAnew();
    },
  });
}
