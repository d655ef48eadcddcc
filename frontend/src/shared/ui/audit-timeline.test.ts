import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { verbs } from "./audit-timeline";

const domains = join(process.cwd(), "../backend/alawael");

/** What the server writes into the trail, from its sources: "shipment.shipped". */
function actions() {
  return readdirSync(domains, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".py") && !file.split("/").includes("tests"))
    .flatMap((file) => {
      const text = readFileSync(join(domains, file), "utf8");
      return [...text.matchAll(/audit\.record\(\s*[\w.]+,\s*"([a-z_]+)\.([a-z_]+)"/g)];
    })
    .map(([, record = "", verb = ""]) => ({ record, verb }));
}

test("whatever the server writes into the trail of a record has its words", () => {
  const known: readonly string[] = verbs;
  const found = actions();
  expect(found.length).toBeGreaterThan(100);
  // The page of an import shows its progress instead of a trail.
  const silent = found.filter(({ record, verb }) => record !== "import" && !known.includes(verb));
  expect(silent).toEqual([]);
});
