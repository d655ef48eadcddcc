import "@testing-library/jest-dom/vitest";

import { cleanup } from "@testing-library/react";
import i18next from "i18next";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";

import { resetSession } from "@/shared/api/session";
import { changeLanguage, startI18n } from "@/shared/i18n/i18n";

import { server } from "./server";

// What jsdom lacks and Mantine asks for.
vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);
window.matchMedia = (media) =>
  ({
    matches: false,
    media,
    onchange: null,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
    dispatchEvent: () => false,
  }) satisfies MediaQueryList;
Element.prototype.scrollIntoView = () => undefined;
window.scrollTo = () => undefined;

beforeAll(async () => {
  server.listen({ onUnhandledRequest: "error" });
  await startI18n();
  await i18next.loadNamespaces(["accounts", "catalog", "common", "shell"]);
});

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  resetSession();
  await changeLanguage("en");
});

afterEach(() => {
  cleanup();
  server.resetHandlers();
});

afterAll(() => {
  server.close();
});
