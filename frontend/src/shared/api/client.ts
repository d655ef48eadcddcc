import createClient from "openapi-fetch";

import { language } from "@/shared/i18n/language";

import { asProblem, Problem, problemFrom } from "./problem";
import type { components, paths } from "./schema";
import { currentToken, ourPages, refreshSession } from "./session";
import { viewingHeaders } from "./view-as";

export type Schemas = components["schemas"];

const changing = new Set(["POST", "PUT", "PATCH", "DELETE"]);
const isAuth = (url: string) => new URL(url).pathname.startsWith("/api/auth/");

// A change that got no answer may have been applied: repeating it must carry the same key.
const unanswered = new Map<string, string>();

// What is on its way and has no answer yet.
const running = new Map<string, Promise<Response>>();

/** A second click while the first is on its way sends nothing: both are given its answer. */
async function once(request: Request, send: (same: string) => Promise<Response>) {
  if (!changing.has(request.method)) return send("");
  const same = `${request.method} ${request.url} ${await request.clone().text()}`;
  const over = ["If-Match", "Idempotency-Key"].map((name) => request.headers.get(name) ?? "");
  const exact = [same, ...over].join(" ");
  let answer = running.get(exact);
  if (answer === undefined) {
    answer = send(same).finally(() => running.delete(exact));
    running.set(exact, answer);
  }
  // A body is read once, and each reads its own.
  return (await answer).clone();
}

async function idempotent(request: Request, same: string, send: () => Promise<Response>) {
  if (!changing.has(request.method) || isAuth(request.url)) return send();
  const given = request.headers.get("Idempotency-Key");
  if (given !== null) return send();
  const key = unanswered.get(same) ?? newKey();
  unanswered.set(same, key);
  request.headers.set("Idempotency-Key", key);
  const response = await send();
  unanswered.delete(same);
  return response;
}

// crypto.randomUUID exists only in secure contexts; a warehouse may run on plain http.
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

async function send(request: Request): Promise<Response> {
  request.headers.set("Accept-Language", language());
  if (isAuth(request.url))
    for (const [name, value] of Object.entries(ourPages)) request.headers.set(name, value);
  return once(request, (same) =>
    idempotent(request, same, async () => {
      const first = await fetch(signed(request));
      if (first.status !== 401 || isCredential(request.url)) return first;
      const session = await refreshSession();
      return session.status === "open" ? fetch(signed(request)) : first;
    }),
  );
}

function signed(request: Request) {
  const copy = request.clone();
  const token = currentToken();
  if (token) copy.headers.set("Authorization", `Bearer ${token}`);
  if (!isCredential(request.url))
    for (const [name, value] of Object.entries(viewingHeaders())) copy.headers.set(name, value);
  return copy;
}

const isCredential = (url: string) => /\/api\/auth\/(sign-in(\/.+)?|refresh|sign-out)$/.test(url);

// Reports answer CSV as well; what the program reads is JSON, and refusals are problem documents.
type Read = "application/json" | "application/problem+json";

export const client = createClient<paths, Read>({
  baseUrl: globalThis.location.origin,
  // Found late, so that tests can put another server in its place.
  fetch: send,
});

/** The answer's data, or a Problem. */
export async function ask<T>(
  asked: Promise<{ data?: T | undefined; error?: unknown; response: Response }>,
): Promise<T> {
  let answer;
  try {
    answer = await asked;
  } catch (error) {
    // A request that React Query cancelled is not a failure to report.
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw asProblem(error);
  }
  if (!answer.response.ok) throw problemFrom(answer.error, answer.response);
  return answer.data as T;
}

/** Headers that make a change fail with 412 when somebody else was faster. */
export const ifMatch = (record: { version: number }) => ({
  headers: { "If-Match": `"${record.version}"` },
});

export { Problem };
