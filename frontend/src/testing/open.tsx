import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";

import { App } from "@/app/app";
import { createQueryClient } from "@/app/query-client";
import { createAppRouter } from "@/app/router";

/** Open the whole app at an address, as a person would. */
export function open(address: string) {
  window.history.replaceState({}, "", address);
  const queries = createQueryClient();
  const router = createAppRouter(queries);
  const screen = render(<App queries={queries} router={router} />);
  return { ...screen, router, user: userEvent.setup() };
}
