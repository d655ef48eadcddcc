import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { currentSession, onSessionChange } from "@/shared/api/session";

import { createQueryClient } from "./query-client";
import { createAppRouter } from "./router";
import { Theme } from "./theme";

export function App() {
  const [queries] = useState(createQueryClient);
  const [router] = useState(() => createAppRouter(queries));

  // The session can end anywhere (another tab, a revoked token): leave the page for the sign-in page.
  useEffect(
    () =>
      onSessionChange(() => {
        if (currentSession().status !== "anonymous") return;
        queries.clear();
        void router.invalidate();
      }),
    [queries, router],
  );

  return (
    <Theme>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </Theme>
  );
}
