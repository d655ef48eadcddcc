import type { components } from "./schema";

type ProblemBody = components["schemas"]["Problem"];
export type FieldError = NonNullable<ProblemBody["errors"]>[number];

/** What the server (or the network) refused, with the sentence to show and the reference for support. */
export class Problem extends Error {
  override name = "Problem";

  constructor(
    readonly code: string,
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly errors: readonly FieldError[] = [],
    readonly requestId = "",
    /** What the refusal is about, by name: the product that is short, the documents in the way. */
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail || title);
  }

  get isConflict() {
    return this.status === 412;
  }

  /** Nothing answered: the server or the network is away. */
  get isUnreachable() {
    return this.status === 0;
  }
}

export function problemFrom(body: unknown, response: Response): Problem {
  const said: Partial<ProblemBody> = typeof body === "object" && body !== null ? body : {};
  return new Problem(
    said.code ?? "unexpected",
    response.status,
    said.title ?? "",
    said.detail ?? "",
    said.errors ?? [],
    said.request_id ?? response.headers.get("X-Request-ID") ?? "",
    said.facts ?? {},
  );
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TypeError) return new Problem("unreachable", 0, "", "");
  return new Problem("unexpected", -1, "", error instanceof Error ? error.message : String(error));
}

/** "/lines/0/quantity" → "lines.0.quantity", the way react-hook-form names its fields. */
export function fieldName(pointer: string) {
  return pointer
    .replace(/^#?\/(body\/)?/, "")
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(".");
}
