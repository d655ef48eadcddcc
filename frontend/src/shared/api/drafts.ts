const owner = "alawael.drafts-of";

/** What one person typed in this tab and did not save is not for the next who signs in here. */
export function keepDraftsOf(user: string) {
  try {
    const before = sessionStorage.getItem(owner);
    if (before !== null && before !== user)
      for (const key of Object.keys(sessionStorage))
        if (key.startsWith("alawael.draft.")) sessionStorage.removeItem(key);
    sessionStorage.setItem(owner, user);
  } catch {
    // Where nothing can be kept, nothing can be shown to anybody.
  }
}
