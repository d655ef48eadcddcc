import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { delay, http, HttpResponse } from "msw";
import { beforeEach, expect, test, vi } from "vitest";

import { client } from "@/shared/api/client";
import { expectAccessible } from "@/testing/accessible";
import { refuse } from "@/testing/cast";
import { server } from "@/testing/server";

import { type Command, CommandBar } from "./command-bar";

const preview = {
  stock: [
    {
      product_id: "lamp",
      sku: "LAMP-01",
      name_en: "Desk lamp",
      name_ar: "مصباح مكتب",
      location_code: "RUH-A-01",
      lot_code: "",
      quantity: "-3",
      value: "-30.00",
    },
  ],
  journal: [
    {
      account_code: "511001",
      account_name_en: "Cost of goods sold",
      account_name_ar: "تكلفة البضاعة المباعة",
      debit: "30.00",
      credit: "0.00",
    },
  ],
};
const nothing = { stock: [], journal: [] };

const send =
  (name: "post" | "credit"): NonNullable<Command["send"]> =>
  ({ query, headers }) =>
    client.POST(`/api/invoices/{invoice_id}/${name}` as "/api/invoices/{invoice_id}/post", {
      params: { path: { invoice_id: "one" }, query },
      headers,
    });

const ship: Command = { name: "ship", label: "Ship", send: send("post"), done: "Shipped." };
const pack: Command = { name: "pack", label: "Pack", send: send("credit") };
const cancel: Command = { name: "cancel", label: "Cancel it", danger: true, send: send("post") };

let asked: { what: string; version: string | null; key: string | null }[];
let rehearsed: object;
const done = vi.fn();

beforeEach(() => {
  asked = [];
  rehearsed = preview;
  done.mockReset();
  server.use(
    http.post("/api/invoices/one/:command", async ({ request, params }) => {
      const dry = new URL(request.url).searchParams.get("dry_run") === "true";
      asked.push({
        what: `${dry ? "rehearse" : "run"} ${String(params.command)}`,
        version: request.headers.get("If-Match"),
        key: request.headers.get("Idempotency-Key"),
      });
      await delay(20);
      return HttpResponse.json(dry ? rehearsed : { id: "one", version: 8 });
    }),
  );
});

function show(next: string[], commands = [pack, ship, cancel]) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MantineProvider env="test">
        <CommandBar
          of={{ id: "one", version: 7 }}
          next={next}
          commands={commands}
          onDone={done}
          onStale={() => {
            done("stale");
          }}
        />
      </MantineProvider>
    </QueryClientProvider>,
  );
  return userEvent.setup();
}

test("the sensible command is the button, the others wait in the menu", async () => {
  const user = show(["cancel", "ship", "pack", "unheard_of"]);
  expect(screen.getByRole("button", { name: "Ship" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "Pack" })).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "More actions" }));
  const items = await screen.findAllByRole("menuitem");
  // All that this page knows is on offer: there is nothing to ask about.
  expect(items.map((one) => one.textContent)).toEqual(["Cancel it", "Pack"]);
});

test("what a command will move and post is shown before it runs, and it runs once", async () => {
  const user = show(["ship"]);
  await user.click(screen.getByRole("button", { name: "Ship" }));
  const dialog = await screen.findByRole("dialog");
  const stock = within(dialog).getByRole("table", { name: "What moves in stock" });
  expect(stock).toHaveTextContent("LAMP-01 · RUH-A-01");
  expect(stock).toHaveTextContent("−3");
  expect(within(dialog).getByText("Cost of goods sold")).toBeVisible();
  expect(asked.map((one) => one.what)).toEqual(["rehearse post"]);
  await user.dblClick(within(dialog).getByRole("button", { name: "Ship" }));
  await waitFor(() => {
    expect(done).toHaveBeenCalledExactlyOnceWith({ id: "one", version: 8 });
  });
  expect(asked.map((one) => one.what)).toEqual(["rehearse post", "run post"]);
  expect(asked[1]?.version).toBe('"7"');
  expect(asked[1]?.key).toBeTruthy();
});

test("a command without any effect on stock and books does not ask", async () => {
  rehearsed = nothing;
  const user = show(["pack"]);
  await user.click(screen.getByRole("button", { name: "Pack" }));
  await waitFor(() => {
    expect(done).toHaveBeenCalledOnce();
  });
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

test("a refusal stands at the button and says what to do", async () => {
  server.use(
    http.post("/api/invoices/one/post", () =>
      refuse(412, { code: "version_conflict", detail: "Somebody else changed it." }),
    ),
  );
  const user = show(["ship"]);
  await user.click(screen.getByRole("button", { name: "Ship" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Somebody else changed it.");
  expect(done).not.toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: "Show the document as it is now" }));
  expect(done).toHaveBeenCalledWith("stale");
  expect(screen.queryByRole("alert")).not.toBeInTheDocument();
});

test("a command that asks for a reason waits for it, and a refused one can be tried again", async () => {
  const reasons: string[] = [];
  const hold: Command = {
    name: "hold",
    label: "Hold…",
    asks: { label: "Why?", required: true },
    send: (call) => {
      reasons.push(call.reason);
      return send("post")(call);
    },
  };
  rehearsed = nothing;
  const user = show(["hold"], [hold]);
  await user.click(screen.getByRole("button", { name: "Hold…" }));
  const dialog = await screen.findByRole("dialog");
  const confirm = within(dialog).getByRole("button", { name: "Hold" });
  expect(confirm).toHaveAttribute("aria-disabled", "true");
  // Whoever comes to it with the keyboard is told what it waits for.
  confirm.focus();
  expect(await screen.findByRole("tooltip")).toHaveTextContent("First write why.");
  await user.click(confirm);
  expect(reasons).toEqual([]);
  await user.type(within(dialog).getByRole("textbox", { name: /Why/ }), "Sold out");
  await waitFor(() => {
    expect(confirm).toBeEnabled();
  });
  await user.click(confirm);
  await waitFor(() => {
    expect(done).toHaveBeenCalledOnce();
  });
  expect(reasons.at(-1)).toBe("Sold out");
});

test("what is not offered says why: a right that is missing, the server's refusal, the state", async () => {
  const approve: Command = { name: "approve", label: "Approve", permission: "invoice:approve" };
  const hand: Command = { name: "hand", label: "Hand over…", dialog: () => null };
  server.use(
    http.post("/api/invoices/one/post", () =>
      refuse(409, { code: "not_packed", detail: "It has not been packed." }),
    ),
  );
  function Page() {
    return (
      <CommandBar
        of={{ id: "one", version: 7, state: "draft" }}
        next={["approve", "pack"]}
        commands={[pack, ship, approve, hand]}
        onDone={done}
      />
    );
  }
  const router = createRouter({
    routeTree: createRootRoute({ component: Page }),
    history: createMemoryHistory({ initialEntries: ["/sales-orders/one"] }),
  });
  const user = userEvent.setup();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MantineProvider env="test">
        <RouterProvider router={router as never} />
      </MantineProvider>
    </QueryClientProvider>,
  );
  await user.click(await screen.findByRole("button", { name: "More actions" }));
  await user.click(await screen.findByRole("menuitem", { name: "Why can’t I…?" }));
  const dialog = await screen.findByRole("dialog");
  expect(asked).toEqual([]);

  await user.click(within(dialog).getByText("Ship"));
  expect(await within(dialog).findByText("It has not been packed.")).toBeVisible();
  await user.click(within(dialog).getByText("Approve"));
  expect(within(dialog).getByText("None of your roles grants this.")).toBeVisible();
  await user.click(within(dialog).getByText("Hand over"));
  expect(within(dialog).getByText(/in the state “Draft”/)).toBeVisible();
  expect(within(dialog).queryByText("Pack")).not.toBeInTheDocument();
  expect(done).not.toHaveBeenCalled();
  await expectAccessible(dialog);
});
