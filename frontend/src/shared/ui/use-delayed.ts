import { useEffect, useState } from "react";

/** True once `active` has lasted so long: a skeleton that flashes is worse than none. */
export function useDelayed(active: boolean, milliseconds = 300) {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    if (!active) return;
    const timer = setTimeout(() => {
      setPassed(true);
    }, milliseconds);
    return () => {
      clearTimeout(timer);
      setPassed(false);
    };
  }, [active, milliseconds]);
  return active && passed;
}
