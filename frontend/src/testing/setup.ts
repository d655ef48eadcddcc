import "@testing-library/jest-dom/vitest";

import { cleanup, configure } from "@testing-library/react";
import i18next from "i18next";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";

import { resetSession } from "@/shared/api/session";
import { changeLanguage, startI18n } from "@/shared/i18n/i18n";

import { server } from "./server";

// The first page of a file waits for its code to be compiled.
configure({ asyncUtilTimeout: 15_000 });

// What jsdom lacks and Mantine asks for.
const nothing = () => undefined;
vi.stubGlobal(
  "ResizeObserver",
  class {
    observe = nothing;
    unobserve = nothing;
    disconnect = nothing;
  },
);
window.matchMedia = (media) =>
  ({
    matches: false,
    media,
    onchange: null,
    addEventListener: nothing,
    removeEventListener: nothing,
    dispatchEvent: () => false,
  }) as unknown as MediaQueryList;
Object.defineProperty(document, "fonts", {
  value: { addEventListener: nothing, removeEventListener: nothing },
});
Element.prototype.scrollIntoView = () => undefined;
window.scrollTo = () => undefined;

beforeAll(async () => {
  server.listen({ onUnhandledRequest: "error" });
  await startI18n();
  await i18next.loadNamespaces(["accounts", "catalog", "common", "documents", "shell"]);
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
