import { useEffect, useRef } from "react";

/** Keys of a statement's lines; they rest while somebody types or a dialog is open. */
export function useLineKeys(keys: Record<string, () => void>) {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const at = document.activeElement;
      if (at instanceof HTMLElement && at.matches("input, textarea, select, [role=dialog] *"))
        return;
      if (document.querySelector("[role=dialog]")) return;
      const act = latest.current[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", press);
    return () => {
      window.removeEventListener("keydown", press);
    };
  }, []);
}
