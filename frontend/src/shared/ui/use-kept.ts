import { useEffect, useState } from "react";

const place = (key: string) => `alawael.draft.${key}`;

function read(key: string): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(place(key)) ?? "null");
  } catch {
    return null;
  }
}

function write(key: string, value: unknown) {
  try {
    if (value === null) sessionStorage.removeItem(place(key));
    else sessionStorage.setItem(place(key), JSON.stringify(value));
  } catch {
    // A full or forbidden storage must not stop anybody from typing.
  }
}

/**
 * What is being entered on a page without a form library, kept through a reload, a sign-out and an
 * update of the app until it is saved or given up.
 */
export function useKept<Value>(key: string, initial: Value) {
  const [start] = useState(initial);
  const [found] = useState(() => read(key) as Value | null);
  const [value, setValue] = useState<Value>(found ?? start);
  const [restored, setRestored] = useState(found !== null);
  const [done, setDone] = useState(false);
  const dirty = !done && JSON.stringify(value) !== JSON.stringify(start);
  useEffect(() => {
    write(key, dirty ? value : null);
  }, [key, dirty, value]);
  return {
    value,
    setValue,
    dirty,
    restored,
    /** It is saved, or no longer wanted. */
    forget: () => {
      write(key, null);
      setRestored(false);
      setDone(true);
    },
    startOver: () => {
      write(key, null);
      setValue(start);
      setRestored(false);
    },
  };
}
