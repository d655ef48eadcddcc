import { useRef } from "react";

/**
 * Does a piece of work once: two clicks in one frame come before a button is disabled, and after the
 * answer the next page takes a moment to appear. What failed may be tried again; with `again` so may
 * what went well.
 */
export function useOnce({ again = false } = {}) {
  const begun = useRef(false);
  return (work: () => Promise<unknown>) => {
    if (begun.current) return;
    begun.current = true;
    void work().then(
      () => {
        begun.current = !again;
      },
      () => {
        begun.current = false;
      },
    );
  };
}
