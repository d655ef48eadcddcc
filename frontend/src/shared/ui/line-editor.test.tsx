import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";

import { LineEditor } from "./line-editor";

type Line = { key: string; item: string; quantity: string };
let last = 0;
const line = (item = "", quantity = ""): Line => ({ key: String((last += 1)), item, quantity });

function Editor({ start }: { start: Line[] }) {
  const [lines, setLines] = useState(start);
  return (
    <MantineProvider>
      <LineEditor
        label="Lines"
        fields={[
          { id: "item", label: "Item" },
          { id: "quantity", label: "Quantity", kind: "number" },
        ]}
        lines={lines}
        onChange={setLines}
        newLine={line}
        lineKey={(one) => one.key}
        errorAt={(row, field) => (row === 0 && field === "quantity" ? "Too many." : undefined)}
      />
    </MantineProvider>
  );
}

const cell = (field: string, row: number) =>
  screen.getByRole<HTMLInputElement>("textbox", { name: `${field}, line ${row}` });

test("Enter on the last line starts another, arrows move between cells", async () => {
  const user = userEvent.setup();
  render(<Editor start={[line("Lamp", "1")]} />);
  await user.click(cell("Item", 1));
  await user.keyboard("{Enter}");
  expect(cell("Item", 2)).toHaveFocus();
  await user.keyboard("Desk{ArrowRight}٢{ArrowUp}");
  expect(cell("Quantity", 1)).toHaveFocus();
  expect(cell("Quantity", 2)).toHaveValue("2");
});

test("a block copied from a sheet fills cells and adds lines, in either digit script", async () => {
  const user = userEvent.setup();
  render(<Editor start={[line()]} />);
  await user.click(cell("Item", 1));
  await user.paste("Lamp\t١٬٢٠٠\r\nDesk\t2.5\r\n");
  expect([cell("Item", 1), cell("Quantity", 1)].map((one) => one.value)).toEqual(["Lamp", "1200"]);
  expect([cell("Item", 2), cell("Quantity", 2)].map((one) => one.value)).toEqual(["Desk", "2.5"]);
  expect(screen.queryByRole("textbox", { name: "Item, line 3" })).not.toBeInTheDocument();
});

test("the server's sentence stands at its cell", () => {
  render(<Editor start={[line("Lamp", "9")]} />);
  expect(cell("Quantity", 1)).toBeInvalid();
  expect(screen.getByRole("alert")).toHaveTextContent("Too many.");
});

test("text where a number belongs is marked before anybody sends it", () => {
  render(<Editor start={[line("Lamp", "1"), line("Desk", "many"), line("Chair", "٢٫٥")]} />);
  expect(cell("Quantity", 2)).toBeInvalid();
  expect(cell("Quantity", 3)).toBeValid();
});
