import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { budget } from "./budget.ts";

const api = { "/api": { target: "http://localhost:3001" } };

export default defineConfig({
  plugins: [react(), budget()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // The server puts a new nonce in this place of every page it answers.
  html: { cspNonce: "__CSP_NONCE__" },
  server: { port: 5173, proxy: api },
  preview: { proxy: api },
  build: {
    target: "es2022",
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: "react",
              test: /node_modules[\\/](react|react-dom|scheduler|use-sync-external-store)[\\/]/,
            },
          ],
        },
      },
    },
  },
  test: {
    environment: "jsdom",
    environmentOptions: { jsdom: { url: "http://localhost:3000/" } },
    setupFiles: ["src/testing/setup.ts"],
    css: false,
    maxWorkers: 2,
    restoreMocks: true,
    testTimeout: 60_000,
  },
});
