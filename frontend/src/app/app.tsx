import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect } from "react";

import { currentSession, onSessionChange } from "@/shared/api/session";

import { type AppRouter } from "./router";
import { Theme } from "./theme";

export function App({ queries, router }: { queries: QueryClient; router: AppRouter }) {
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
