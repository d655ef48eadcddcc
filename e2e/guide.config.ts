import { defineConfig } from "@playwright/test";

import journeys from "./playwright.config";

/** `make guide`: the pictures of docs/guide, taken again from the running program. */
export default defineConfig(journeys, {
  testDir: "guide",
  timeout: 20 * 60_000,
});
