const asked = new EventTarget();

export const openKeyboardHelp = () => {
  asked.dispatchEvent(new Event("open"));
};

export function onKeyboardHelp(listener: () => void) {
  asked.addEventListener("open", listener);
  return () => {
    asked.removeEventListener("open", listener);
  };
}
