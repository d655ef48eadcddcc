import { useSyncExternalStore } from "react";

import { currentSession, onSessionChange } from "@/shared/api/session";

export function useSession() {
  return useSyncExternalStore(onSessionChange, currentSession);
}

/** The person who is signed in; only pages inside the shell may ask. */
export function useMe() {
  const session = useSession();
  return session.status === "open" ? session.user : null;
}

/** May this person do that? The server decides again; this only hides what would be refused. */
export function useCan() {
  const me = useMe();
  return (permission: string) => me?.permissions.includes(permission) ?? false;
}
