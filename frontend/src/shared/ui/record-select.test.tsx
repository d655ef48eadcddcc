import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { RecordSelect } from "./record-select";

const customers = [
  { id: "nakheel", name: "Nakheel Stores" },
  { id: "najma", name: "Najma Hotels" },
];

/** The server answers a moment later, as servers do. */
const find = (text: string) => ({
  queryKey: ["customers", text],
  queryFn: async () => {
    await new Promise((done) => setTimeout(done, 50));
    return { items: customers.filter((one) => one.name.toLowerCase().includes(text)) };
  },
});

test("a name and Enter choose what is found first, however fast somebody types", async () => {
  const choose = vi.fn();
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <RecordSelect
          label="Customer"
          value={null}
          find={find}
          rowLabel={(row) => row.name}
          onChange={choose}
        />
      </QueryClientProvider>
    </MantineProvider>,
  );
  const user = userEvent.setup();
  await user.type(screen.getByRole("combobox", { name: "Customer" }), "najma{Enter}");
  await waitFor(() => {
    expect(choose).toHaveBeenCalledExactlyOnceWith("najma", customers[1]);
  });
});
