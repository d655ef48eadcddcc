import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";

import type { Schemas } from "@/shared/api/client";
import { expectAccessible } from "@/testing/accessible";
import { anna, page, refuse, signedIn } from "@/testing/cast";
import { open } from "@/testing/open";
import { server } from "@/testing/server";

const stored: Schemas["InvoicingSettingsOut"] = { id: "main", version: 3, write_off_limit: null };
const chief = { ...anna, permissions: ["invoice:read", "invoice:manage", "audit:read"] };

test("the limit of write-offs is set, and somebody else's change is not overwritten", async () => {
  let present = stored;
  const sent: unknown[] = [];
  server.use(
    ...signedIn(chief),
    http.get("/api/audit", () => HttpResponse.json(page([]))),
    http.get("/api/invoicing-settings", () => HttpResponse.json(present)),
    http.patch("/api/invoicing-settings", async ({ request }) => {
      if (request.headers.get("if-match") !== `"${String(present.version)}"`)
        return refuse(412, { code: "version_conflict", detail: "Changed by somebody else." });
      const body = (await request.json()) as { write_off_limit: string | null };
      sent.push(body);
      present = { ...present, ...body, version: present.version + 1 };
      return HttpResponse.json(present);
    }),
  );
  const { user, container } = open("/invoicing-settings");
  const limit = await screen.findByRole("textbox", { name: /Written off of one document/ });
  expect(limit).toHaveValue("");
  expect(limit).toHaveAccessibleDescription(/Empty: without limit, as in a new company/);
  await expectAccessible(container);

  present = { ...stored, version: 4, write_off_limit: "1.00" };
  await user.type(limit, "5");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Changed by somebody else.");
  await user.click(screen.getByRole("button", { name: "Show them as they are now" }));
  const anew = await screen.findByDisplayValue("1.00");
  await user.clear(anew);
  await user.type(anew, "٥");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Invoicing settings saved.");
  expect(sent).toEqual([{ write_off_limit: "5.00" }]);
});

test("who may only read sees the limit and cannot change it", async () => {
  server.use(
    ...signedIn({ ...anna, permissions: ["invoice:read"] }),
    http.get("/api/invoicing-settings", () =>
      HttpResponse.json({ ...stored, write_off_limit: "5.00" }),
    ),
  );
  open("/invoicing-settings");
  expect(await screen.findByDisplayValue("5.00")).toBeDisabled();
  expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
});
