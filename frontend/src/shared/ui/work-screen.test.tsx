import { MantineProvider } from "@mantine/core";
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";

import { type Scanned, WorkScreen, WorkTarget } from "./work-screen";

const ship = vi.fn();

function Picking() {
  const [picked, setPicked] = useState(0);
  const scan = (code: string): Scanned => {
    if (code !== "LAMP-01") return { ok: false, text: code };
    setPicked((before) => before + 1);
    return {
      ok: true,
      text: "Desk lamp",
      undo: () => {
        setPicked((before) => before - 1);
      },
    };
  };
  return (
    <WorkScreen
      back={{ link: { to: "/" }, label: "Back" }}
      title="Pick SHP-1"
      progress={{ done: picked, total: 2 }}
      scanLabel="Scan the product"
      onScan={scan}
      target={<WorkTarget place="RUH-A-01" title="Desk lamp" count={`${picked} / 2`} />}
      primary={{ label: "Picked", onClick: ship, reason: picked < 2 ? "Pick both first" : null }}
    />
  );
}

test("each scan is answered in words, the last one can be undone, the work ends with one button", async () => {
  const router = createRouter({
    routeTree: createRootRoute({ component: Picking }),
    history: createMemoryHistory(),
  });
  const user = userEvent.setup();
  render(
    <MantineProvider env="test">
      <RouterProvider router={router as never} />
    </MantineProvider>,
  );
  await screen.findByText("0 / 2");
  // A scanner types without anybody touching the field.
  await user.keyboard("LAMP-01{Enter}");
  expect(await screen.findByRole("status")).toHaveTextContent("Right: Desk lamp");
  await user.click(screen.getByRole("heading"));
  await user.keyboard("DESK-02{Enter}");
  expect(await screen.findByText("DESK-02")).toBeVisible();
  expect(screen.getByRole("status")).toHaveTextContent("Not this: DESK-02");
  await user.keyboard("LAMP-01{Enter}");
  await screen.findByText("2 / 2");
  await user.click(screen.getByRole("button", { name: "Undo the last scan" }));
  expect(screen.getByText("1 / 2")).toBeVisible();
  const done = screen.getByRole("button", { name: "Picked" });
  expect(done).toHaveAttribute("aria-disabled", "true");
  await user.hover(done);
  expect(await screen.findByText("Pick both first")).toBeVisible();
});
