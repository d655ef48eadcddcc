import { defineConfig } from "@playwright/test";

const junit = process.env.E2E_JUNIT;

export default defineConfig({
  testDir: "journeys",
  // Screenshots and traces of what failed; git-ignored.
  outputDir: "results",
  globalSetup: "./server.ts",
  // One server and one company for everybody, and nothing is tried twice.
  workers: 1,
  retries: 0,
  forbidOnly: process.env.CI === "true",
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: junit ? [["list"], ["junit", { outputFile: junit }]] : [["list"]],
  use: {
    viewport: { width: 1440, height: 900 },
    locale: "en",
    timezoneId: "Asia/Riyadh",
    actionTimeout: 10_000,
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
