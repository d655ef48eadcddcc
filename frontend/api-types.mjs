/*
 * The web app's types, from the schema of the API without its examples: those are for people who
 * read the API, and were half of the file.
 *
 *   node api-types.mjs src/shared/api/schema.d.ts
 */
import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { URL } from "node:url";

import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";

/** A property of a record may be called "example": only what describes one is left out. */
function withoutExamples(part, isRecord = false) {
  if (Array.isArray(part)) return part.map((one) => withoutExamples(one));
  if (part === null || typeof part !== "object") return part;
  return Object.fromEntries(
    Object.entries(part)
      .filter(([name]) => isRecord || (name !== "example" && name !== "examples"))
      .map(([name, value]) => [name, withoutExamples(value, name === "properties" && !isRecord)]),
  );
}

const [output] = process.argv.slice(2);
if (!output) throw new Error("Name the file to write.");
const schema = JSON.parse(await readFile(new URL("openapi.json", import.meta.url), "utf8"));
const types = await openapiTS(withoutExamples(schema), { defaultNonNullable: false });
await writeFile(output, `${COMMENT_HEADER}${astToString(types)}`);
