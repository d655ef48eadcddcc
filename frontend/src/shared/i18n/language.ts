export const languages = ["en", "ar"] as const;
export type Language = (typeof languages)[number];

const remembered = "alawael.language";
let current: Language = firstLanguage();

function firstLanguage(): Language {
  const stored = read();
  if (stored) return stored;
  return navigator.languages.some((tag) => tag.toLowerCase().startsWith("ar")) ? "ar" : "en";
}

function read(): Language | null {
  try {
    const stored = localStorage.getItem(remembered);
    return stored === "en" || stored === "ar" ? stored : null;
  } catch {
    return null;
  }
}

export const language = () => current;
export const direction = (of: Language) => (of === "ar" ? "rtl" : "ltr");

/** Was the language chosen on this device (rather than guessed from the browser)? */
export const languageWasChosen = () => read() !== null;

export function rememberLanguage(next: Language) {
  current = next;
  try {
    localStorage.setItem(remembered, next);
  } catch {
    // Private windows may refuse storage; the choice then lasts as long as the page.
  }
}
