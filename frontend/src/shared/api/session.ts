import { keepDraftsOf } from "./drafts";
import type { components } from "./schema";
import { lookAs, viewedRole, viewingHeaders } from "./view-as";

export type SignedIn = components["schemas"]["SignedInOut"];
export type Me = components["schemas"]["MeOut"];

export type Session =
  | { status: "unknown" }
  // `ended`: it was open, and the person did not close it here.
  | { status: "anonymous"; ended?: boolean }
  | { status: "open"; user: Me };

// The access token lives in this variable and nowhere else: a reload asks for a new one with the cookie.
let accessToken: string | null = null;
let session: Session = { status: "unknown" };
let refreshing: Promise<Session> | null = null;

const listeners = new Set<() => void>();
const otherTabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("alawael");
otherTabs?.addEventListener("message", (event: MessageEvent<unknown>) => {
  if (event.data === "signed-out" && session.status === "open")
    become({ status: "anonymous", ended: true });
});

function become(next: Session) {
  session = next;
  if (next.status !== "open") accessToken = null;
  if (next.status === "anonymous") lookAs(null);
  for (const listener of listeners) listener();
}

export const currentToken = () => accessToken;
export const currentSession = () => session;

export function onSessionChange(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function openSession(answer: SignedIn): Session {
  accessToken = answer.access_token;
  keepDraftsOf(answer.user.id);
  become({ status: "open", user: answer.user });
  return session;
}

/** The profile was changed: show it without signing in again. */
export function updateMe(user: Me) {
  if (session.status === "open") become({ status: "open", user });
}

export function closeSession() {
  become({ status: "anonymous" });
  otherTabs?.postMessage("signed-out");
}

/** Forget everything: the next question starts with the cookie again. */
export function resetSession() {
  refreshing = null;
  become({ status: "unknown" });
}

/** Exchange the cookie for a new access token; however many ask at once, one request is made. */
export function refreshSession(): Promise<Session> {
  refreshing ??= oneTabAtATime(askForSession).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/** The session as it is, asking the server only when nothing is known yet. */
export function ensureSession(): Promise<Session> {
  return session.status === "unknown" ? refreshSession() : Promise.resolve(session);
}

async function askForSession(): Promise<Session> {
  const response = await fetch("/api/auth/refresh", {
    method: "POST",
    credentials: "same-origin",
    headers: ourPages,
  });
  if (response.ok) return openSession(await asSeen((await response.json()) as SignedIn));
  // Only a clear "no" ends a session; a server that is restarting does not.
  if (response.status >= 500) throw new TypeError(`refresh answered ${response.status}`);
  become({ status: "anonymous", ended: session.status === "open" });
  return session;
}

/** Whoever looks as another role goes on doing so after a reload, and with every new token. */
async function asSeen(answer: SignedIn): Promise<SignedIn> {
  if (viewedRole() === null) return answer;
  const headers = { Authorization: `Bearer ${answer.access_token}`, ...viewingHeaders() };
  const response = await fetch("/api/auth/me", { headers });
  if (response.ok) return { ...answer, user: (await response.json()) as Me };
  // The role is gone, or may not be looked as any more.
  lookAs(null);
  return answer;
}

/** Shows the server that a page of ours asks, where only the cookie speaks for the person. */
export const ourPages = { "X-Requested-With": "alawael" };

// Refresh tokens rotate and a reused one closes the session, so two tabs must not spend the same cookie.
async function oneTabAtATime<T>(work: () => Promise<T>): Promise<T> {
  // Web Locks need a secure context; over plain http on a local network they are absent.
  const locks = (navigator as { locks?: LockManager }).locks;
  return locks ? await locks.request("alawael-refresh", work) : work();
}
