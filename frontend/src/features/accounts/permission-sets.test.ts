import { expect, test } from "vitest";

import { allows, toggled, typeToggled } from "./permission-sets";
import { type Permission } from "./queries";

const known = ["invoice:read", "invoice:post", "user:read"].map((permission) => {
  const [type = "", action = ""] = permission.split(":");
  return { permission, type, action } as Permission;
});
const read = { permission: "invoice:read", type: "invoice", action: "read" } as Permission;

test("a wildcard covers its type, a star everything", () => {
  expect(allows(["invoice:*"], "invoice:post")).toBe(true);
  expect(allows(["invoice:*"], "user:read")).toBe(false);
  expect(allows(["*"], "user:read")).toBe(true);
});

test("taking one away from a wildcard leaves the others", () => {
  expect(toggled(["invoice:*"], read, known)).toEqual(["invoice:post"]);
  expect(toggled(["*"], read, known).sort()).toEqual(["invoice:post", "user:*"]);
});

test("a whole type is given as a wildcard and taken whole", () => {
  expect(typeToggled(["invoice:read"], "invoice", known)).toEqual(["invoice:*"]);
  expect(typeToggled(["invoice:*", "user:read"], "invoice", known)).toEqual(["user:read"]);
});
