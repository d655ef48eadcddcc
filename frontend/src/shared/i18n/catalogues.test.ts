import { readdirSync, readFileSync } from "node:fs";

import { isLiteralElement } from "@formatjs/icu-messageformat-parser";
import { IntlMessageFormat } from "intl-messageformat";
import { expect, test } from "vitest";

const folder = "src/shared/i18n";
const namespaces = (lng: string) => readdirSync(`${folder}/${lng}`).sort();

function strings(lng: string, file: string) {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string) => {
    if (typeof value === "string") found.set(path, value);
    else
      for (const [key, inner] of Object.entries(value as object))
        walk(inner, path ? `${path}.${key}` : key);
  };
  walk(JSON.parse(readFileSync(`${folder}/${lng}/${file}`, "utf8")), "");
  return found;
}

/** The names a message expects to be given. */
function variables(message: string, lng: string) {
  const names = new Set<string>();
  const walk = (parts: ReturnType<IntlMessageFormat["getAst"]>) => {
    for (const part of parts) {
      if ("value" in part && !isLiteralElement(part)) names.add(part.value);
      if ("options" in part) for (const option of Object.values(part.options)) walk(option.value);
    }
  };
  walk(new IntlMessageFormat(message, lng).getAst());
  return [...names].sort();
}

test("both languages have the same namespaces", () => {
  expect(namespaces("ar")).toEqual(namespaces("en"));
});

test.each(namespaces("en"))("%s says the same things in both languages", (file) => {
  const [english, arabic] = [strings("en", file), strings("ar", file)];
  expect([...arabic.keys()].sort()).toEqual([...english.keys()].sort());
  for (const [key, message] of english) {
    const translated = arabic.get(key) ?? "";
    expect(message.trim(), key).not.toBe("");
    expect(translated.trim(), key).not.toBe("");
    expect(variables(translated, "ar"), key).toEqual(variables(message, "en"));
  }
});

test("an Arabic plural covers all six forms", () => {
  for (const file of namespaces("ar"))
    for (const [key, message] of strings("ar", file))
      if (message.includes(", plural,"))
        for (const form of ["zero", "one", "two", "few", "many", "other"])
          expect(message, key).toContain(`${form} {`);
});
