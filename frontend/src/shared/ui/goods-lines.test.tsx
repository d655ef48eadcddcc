import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { useEffect, useState } from "react";
import { beforeEach, expect, test } from "vitest";

import { lamp, page, signedIn } from "@/testing/cast";
import { server } from "@/testing/server";

import { Availability } from "./availability";
import { emptyGoodsLine, type GoodsLine, GoodsLines } from "./goods-lines";

const boxed = {
  ...lamp,
  units: [{ unit_id: "box", numerator: 12, denominator: 1 }],
  barcodes: [
    { code: "6281000000017", unit_id: "piece" },
    { code: "6281000000024", unit_id: "box" },
  ],
};

let lines: GoodsLine[];
const keep = (next: GoodsLine[]) => {
  lines = next;
};

beforeEach(() => {
  server.use(
    ...signedIn(),
    http.get("/api/products", ({ request }) => {
      const asked = new URL(request.url).searchParams.get("q") ?? "";
      const codes = [boxed.sku, ...boxed.barcodes.map((one) => one.code)];
      const known = asked === "" || codes.some((code) => code.startsWith(asked));
      return HttpResponse.json(page(known ? [boxed] : []));
    }),
    http.get("/api/products/lamp", () => HttpResponse.json(boxed)),
  );
});

function Editor() {
  const [state, setState] = useState([emptyGoodsLine()]);
  useEffect(() => {
    keep(state);
  });
  return (
    <GoodsLines
      label="Lines"
      lines={state}
      onChange={setState}
      newLine={emptyGoodsLine}
      availability={(line) => <Availability free="2" incoming="5" wanted={line.quantity} />}
    />
  );
}

function show() {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MantineProvider env="test">
        <Editor />
      </MantineProvider>
    </QueryClientProvider>,
  );
  return userEvent.setup();
}

const found = () => lines.map((line) => [line.sku, line.unit_id, line.quantity]);

test("a scanned barcode adds its product in its unit, scanned again one more", async () => {
  const user = show();
  const scan = screen.getByRole("textbox", { name: /Scan or type/ });
  await user.type(scan, "6281000000024{Enter}");
  await waitFor(() => {
    expect(found()).toEqual([["LAMP-01", "box", "1"]]);
  });
  expect(scan).toHaveValue("");
  await user.type(scan, "٦٢٨١٠٠٠٠٠٠٠٢٤{Enter}");
  await waitFor(() => {
    expect(found()).toEqual([["LAMP-01", "box", "2"]]);
  });
  await user.type(scan, "6281000000017{Enter}");
  await waitFor(() => {
    expect(found()).toEqual([
      ["LAMP-01", "box", "2"],
      ["LAMP-01", "piece", "1"],
    ]);
  });
  await user.type(scan, "12345{Enter}");
  expect(await screen.findByText("No product has the code 12345.")).toBeVisible();
});

test("rows pasted from a sheet become products, with Arabic digits too", async () => {
  const user = show();
  await user.click(screen.getByRole("combobox", { name: "Product, line 1" }));
  await user.paste("LAMP-01\t٣\nLAMP-01\t2.5\n");
  await waitFor(() => {
    expect(found()).toEqual([
      ["LAMP-01", "piece", "3"],
      ["LAMP-01", "piece", "2.5"],
    ]);
  });
  expect(screen.getAllByText(/2 free, 1 missing/)[0]).toBeVisible();
  expect(screen.getAllByText(/5 on the way/)[0]).toBeVisible();
});

test("Enter after a typed SKU starts the next line; a removed line comes back", async () => {
  const user = show();
  await user.click(screen.getByRole("combobox", { name: "Product, line 1" }));
  await user.keyboard("LAMP-01{Enter}");
  await waitFor(() => {
    expect(lines[0]?.sku).toBe("LAMP-01");
  });
  await user.selectOptions(
    await screen.findByRole("combobox", { name: "Unit, line 1" }),
    await screen.findByRole("option", { name: "Box" }),
  );
  expect(lines[0]?.unit_id).toBe("box");
  await user.click(screen.getByRole("button", { name: "Remove line 1" }));
  expect(lines.some((line) => line.sku === "LAMP-01")).toBe(false);
  await user.click(screen.getByRole("button", { name: "Bring the removed line back" }));
  expect(lines[0]).toMatchObject({ sku: "LAMP-01", unit_id: "box" });
});

test("after a choice one types the quantity, and unclear text says what to do", async () => {
  const user = show();
  const cell = screen.getByRole("combobox", { name: "Product, line 1" });
  await user.type(cell, "LAMP");
  await user.click(await screen.findByRole("option", { name: /LAMP-01/ }));
  const quantity = screen.getByRole("textbox", { name: "Quantity, line 1" });
  await waitFor(() => {
    expect(quantity).toHaveFocus();
  });
  await user.keyboard("60");
  expect(found()).toEqual([["LAMP-01", "piece", "60"]]);
  await user.clear(cell);
  await user.type(cell, "LAMP");
  await screen.findByRole("option", { name: /LAMP-01/ });
  await user.tab();
  expect(await screen.findByText(/choose one from the list/)).toBeVisible();
  await user.clear(cell);
  await user.type(cell, "no such thing");
  await user.tab();
  expect(await screen.findByText("No product is called that")).toBeVisible();
});
