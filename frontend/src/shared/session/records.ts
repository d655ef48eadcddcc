import { type LinkProps } from "@tanstack/react-router";
import { useEffect, useSyncExternalStore } from "react";

export type FoundRecord = { id: string; label: string; description?: string; link: LinkProps };

export type RecordSearch = {
  id: string;
  /** The heading above what it found. */
  label: () => string;
  permission: string;
  search: (text: string, signal: AbortSignal) => Promise<FoundRecord[]>;
};

let sources: readonly RecordSearch[] = [];
const listeners = new Set<() => void>();

function set(next: readonly RecordSearch[]) {
  sources = next;
  for (const listener of listeners) listener();
}

/** Let the palette find a feature's records. */
export function registerRecordSearch(source: RecordSearch) {
  set([...sources.filter((other) => other.id !== source.id), source]);
  return () => {
    set(sources.filter((other) => other !== source));
  };
}

/** The same for as long as a page is open: searches that make sense only there. */
export function useRecordSearch(source: RecordSearch) {
  useEffect(() => registerRecordSearch(source), [source]);
}

export function useRecordSources() {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => sources,
  );
}
