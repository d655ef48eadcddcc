import { useSyncExternalStore } from "react";

import type { Digits } from "./number";

/** How this person reads numbers and days on this device. */
export type Preferences = { digits: Digits; calendar: "gregory" | "both" };

const stored = "alawael.format";
const usual: Preferences = { digits: "latn", calendar: "gregory" };
const listeners = new Set<() => void>();
let preferences = read();

function read(): Preferences {
  try {
    const found = JSON.parse(localStorage.getItem(stored) ?? "{}") as Partial<Preferences>;
    return {
      digits: found.digits === "arab" ? "arab" : usual.digits,
      calendar: found.calendar === "both" ? "both" : usual.calendar,
    };
  } catch {
    return usual;
  }
}

export function setPreferences(change: Partial<Preferences>) {
  preferences = { ...preferences, ...change };
  try {
    localStorage.setItem(stored, JSON.stringify(preferences));
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

export function usePreferences() {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => preferences,
  );
}
