import { type QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";

import { ErrorState } from "@/shared/ui/error-state";

import { NotFound } from "./not-found";
import { rootRoute } from "./routes/root";
import { shellRoute } from "./routes/shell";
import { accountsRoutes, administrationRoutes } from "./routes/accounts";
import { billRoutes } from "./routes/bills";
import { catalogRoutes } from "./routes/catalog";
import { exchangeRoutes } from "./routes/exchange";
import { homeRoutes } from "./routes/home";
import { operationsRoutes } from "./routes/operations";
import { invoicingRoutes } from "./routes/invoicing";
import { ledgerRoutes } from "./routes/ledger";
import { partiesRoutes } from "./routes/parties";
import { paymentsRoutes } from "./routes/payments";
import { purchasingRoutes } from "./routes/purchasing";
import { salesRoutes } from "./routes/sales";
import { stockRoutes } from "./routes/stock";

const routeTree = rootRoute.addChildren([
  ...accountsRoutes,
  shellRoute.addChildren([
    ...homeRoutes,
    ...salesRoutes,
    ...purchasingRoutes,
    ...billRoutes,
    ...stockRoutes,
    ...invoicingRoutes,
    ...paymentsRoutes,
    ...ledgerRoutes,
    ...catalogRoutes,
    ...partiesRoutes,
    ...exchangeRoutes,
    ...administrationRoutes,
    ...operationsRoutes,
  ]),
]);

export function createAppRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    context: { queries },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 300,
    defaultStructuralSharing: true,
    scrollRestoration: true,
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
    // Lists put plain text into the URL: ?kind=goods&sort=-sku, without JSON's quotes.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const text = new URLSearchParams(
        Object.entries(search).flatMap(([name, value]) =>
          typeof value === "string" && value !== "" ? [[name, value]] : [],
        ),
      ).toString();
      return text && `?${text}`;
    },
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module "@tanstack/react-router" {
  interface Register {
    router: AppRouter;
  }
}
