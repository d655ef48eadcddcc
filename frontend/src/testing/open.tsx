import { RouterProvider } from "@tanstack/react-router";
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";

import { createQueryClient } from "@/app/query-client";
import { createAppRouter } from "@/app/router";
import { Theme } from "@/app/theme";

/** Open the whole app at an address, as a person would. */
export function open(address: string) {
  window.history.replaceState({}, "", address);
  const queries = createQueryClient();
  const router = createAppRouter(queries);
  const screen = render(
    <Theme>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </Theme>,
  );
  return { ...screen, router, queries, user: userEvent.setup() };
}
