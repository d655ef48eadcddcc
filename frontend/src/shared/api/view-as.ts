/** The role that the program is looked at as. */
export type ViewedRole = { key: string; name_en: string; name_ar: string };

const remembered = "alawael.view-as";
let viewed: ViewedRole | null = read();

// One tab looks, through reloads; the other tabs go on working as the person.
function read(): ViewedRole | null {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(remembered) ?? "null");
    return typeof stored === "object" && stored !== null && "key" in stored
      ? (stored as ViewedRole)
      : null;
  } catch {
    return null;
  }
}

export const viewedRole = () => viewed;

export function lookAs(role: ViewedRole | null) {
  viewed = role;
  try {
    if (role) sessionStorage.setItem(remembered, JSON.stringify(role));
    else sessionStorage.removeItem(remembered);
  } catch {
    // Without storage one looks until the next reload.
  }
}

/** What every question carries meanwhile. */
export const viewingHeaders = (): Record<string, string> =>
  viewed ? { "X-View-As": viewed.key } : {};
