import { useCallback, useEffect, useRef, useState } from "react";

import { asProblem, type Problem } from "@/shared/api/problem";

import { type Missing } from "./save-status";

/*
 * A draft with lines that saves itself: a pause in typing sends what was changed, and the answer
 * brings the figures, which only the server reckons. What it filled in (prices, days) appears where
 * nothing was typed since. What is typed is kept through a reload until it is saved.
 */

const pause = 700;

type Values = { lines: { key: string }[] };
type Stored = { id: string; version: number };

export type DraftRules<Of extends Stored, Edited extends Values, Body extends object> = {
  /** What kind of document it is, for what is kept in the browser. */
  name: string;
  /** The draft as the server has it; `keys` are those its lines had in the editor. */
  valuesOf: (of: Of, keys?: string[]) => Edited;
  /** What is sent; what is empty is left to the server. */
  bodyOf: (values: Edited) => Body;
  /** The lines that are sent: those somebody began. */
  begunLines: (values: Edited) => Edited["lines"];
  /** What keeps it from being sent; the rest is the server's to judge. */
  missingFrom: (values: Edited) => Missing | null;
  /** Something worth keeping was typed into a new one. */
  isBegun: (values: Edited) => boolean;
  save: (of: Of | null, body: Partial<Body>) => Promise<Of>;
  read: (id: string) => Promise<Of>;
};

const place = (name: string, of: Stored | null) =>
  `alawael.draft.${name}.${of ? `${of.id}.${of.version}` : "new"}`;

function kept(where: string): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(where) ?? "null");
  } catch {
    return null;
  }
}

function keep(where: string, values: unknown) {
  try {
    if (values) sessionStorage.setItem(where, JSON.stringify(values));
    else sessionStorage.removeItem(where);
  } catch {
    // A full or forbidden storage must not stop anybody from typing.
  }
}

export function useSelfSaving<Of extends Stored, Edited extends Values, Body extends object>(
  rules: DraftRules<Of, Edited, Body>,
  stored: Of | null,
  initial: Edited,
  onCreated: (created: Of) => void,
) {
  const { name, valuesOf, bodyOf, begunLines, missingFrom } = rules;
  const [found] = useState(() => kept(place(name, stored)) as Edited | null);
  const [draft, setDraft] = useState<Edited>(found ?? initial);
  const [saved, setSaved] = useState<Of | null>(stored);
  const [base, setBase] = useState<Edited | null>(stored ? initial : null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [theirs, setTheirs] = useState<Of | null>(null);
  const [restored, setRestored] = useState(found !== null);
  const [saving, setSaving] = useState(false);

  const body = bodyOf(draft);
  const dirty = base ? !same(body, bodyOf(base)) : rules.isBegun(draft);
  const missing = missingFrom(draft);

  // Later answers must find the newest state, not that of the render that asked.
  const now = useRef({ draft, saved, base, theirs, rules, onCreated });
  useEffect(() => {
    now.current = { draft, saved, base, theirs, rules, onCreated };
  });
  const running = useRef<Promise<Of | null> | null>(null);

  const settle = useCallback((answer: Of, asked: Edited) => {
    const { rules } = now.current;
    const keys = rules.begunLines(asked).map((line) => line.key);
    const server = rules.valuesOf(answer, keys);
    setSaved(answer);
    // What was asked, with the server's values where it was left open: nothing more is unsaved.
    setBase(merged(rules, asked, asked, server));
    setProblem(null);
    setTheirs(null);
    setRestored(false);
    setDraft((current) => merged(rules, current, asked, server));
  }, []);

  /** Send what differs now. Answers the saved draft, or null when it could not be saved. */
  const flush = useCallback(
    async (over?: Of): Promise<Of | null> => {
      if (running.current) {
        const done = await running.current;
        if (!done) return null;
      }
      const { draft, saved, base, rules } = now.current;
      const of = over ?? saved;
      const body = rules.bodyOf(draft);
      const values = base && of ? changedFields(body, rules.bodyOf(base)) : body;
      if (rules.missingFrom(draft) !== null) return null;
      if (of && Object.keys(values).length === 0) return of;
      const work = (async () => {
        setSaving(true);
        try {
          const answer = await rules.save(of, values);
          keep(place(rules.name, saved), null);
          settle(answer, draft);
          now.current = { ...now.current, saved: answer };
          if (!of) now.current.onCreated(answer);
          return answer;
        } catch (error) {
          const problem = asProblem(error);
          setProblem(problem);
          if (problem.isConflict && of) setTheirs(await rules.read(of.id).catch(() => null));
          return null;
        } finally {
          setSaving(false);
        }
      })();
      running.current = work;
      try {
        return await work;
      } finally {
        running.current = null;
      }
    },
    [settle],
  );

  const text = JSON.stringify(body);
  const may = dirty && missing === null && theirs === null;
  useEffect(() => {
    if (!may) return;
    const timer = setTimeout(() => void flush(), pause);
    return () => {
      clearTimeout(timer);
    };
  }, [text, may, flush]);

  useEffect(() => {
    if (dirty) keep(place(name, saved), draft);
  }, [dirty, draft, saved, name]);

  /** The server's sentence for a field of a line; it counts the lines it was sent. */
  const errorAt = (key: string, field: string) => {
    const index = begunLines(draft).findIndex((line) => line.key === key);
    return problem?.errors.find((one) => one.pointer.endsWith(`/lines/${index}/${field}`))?.message;
  };

  /** The server's sentence for a field of the document itself. */
  const errorOf = (field: string) =>
    problem?.errors.find(
      (one) => one.pointer.endsWith(`/${field}`) && !one.pointer.includes("/lines/"),
    )?.message;

  /** Which line of the saved document this one is; -1 for one that is not saved yet. */
  const savedIndex = (key: string) =>
    base ? begunLines(base).findIndex((line) => line.key === key) : -1;

  const theirDraft = theirs && valuesOf(theirs);

  return {
    draft,
    saved,
    dirty,
    missing,
    problem: problem?.isConflict ? null : problem,
    errorAt,
    errorOf,
    savedIndex,
    theirs,
    theirDraft,
    /** The fields in which somebody else's draft differs from this one. */
    differing: theirDraft ? Object.keys(changedFields(body, bodyOf(theirDraft))) : [],
    restored,
    saving,
    change: (values: Partial<Edited> | ((current: Edited) => Partial<Edited>)) => {
      setDraft((current) => ({
        ...current,
        ...(typeof values === "function" ? values(current) : values),
      }));
    },
    flush,
    keepMine: () => {
      if (theirs) void flush(theirs);
    },
    keepTheirs: () => {
      if (!theirs) return;
      const server = valuesOf(theirs);
      settle(theirs, server);
      setDraft(server);
      keep(place(name, saved), null);
    },
    startOver: () => {
      keep(place(name, saved), null);
      setDraft(base ?? initial);
      setRestored(false);
      setProblem(null);
    },
    forget: () => {
      keep(place(name, saved), null);
    },
  };
}

/** What useSelfSaving answers for one kind of document. */
export type SelfSaving<Of extends Stored, Edited extends Values, Body extends object> = ReturnType<
  typeof useSelfSaving<Of, Edited, Body>
>;

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** The fields in which two drafts differ, as they are sent. */
function changedFields<Body extends object>(mine: Body, before: Body): Partial<Body> {
  const names = Object.keys(mine) as (keyof Body)[];
  return Object.fromEntries(
    names.filter((name) => !same(mine[name], before[name])).map((name) => [name, mine[name]]),
  ) as Partial<Body>;
}

/** The server's values where nothing was typed since it was asked; other lines stay as they are. */
function merged<Edited extends Values>(
  rules: Pick<DraftRules<Stored, Edited, object>, "begunLines">,
  current: Edited,
  asked: Edited,
  server: Edited,
): Edited {
  const header = Object.fromEntries(
    (Object.keys(server) as (keyof Edited)[])
      .filter((name) => name !== "lines" && same(current[name], asked[name]))
      .map((name) => [name, server[name]]),
  );
  const askedLines = new Map(asked.lines.map((line) => [line.key, line]));
  const serverLines = new Map(server.lines.map((line) => [line.key, line]));
  const begun = new Set(rules.begunLines(current).map((line) => line.key));
  const lines = current.lines.map((line) => {
    const [was, is] = [askedLines.get(line.key), serverLines.get(line.key)];
    // What was emptied meanwhile stays empty.
    if (!was || !is || !begun.has(line.key)) return line;
    const filled = Object.fromEntries(
      (Object.keys(is) as (keyof typeof is)[])
        .filter((name) => same(line[name], was[name]) && isEmpty(line[name]))
        .map((name) => [name, is[name]]),
    );
    return { ...line, ...filled };
  });
  return { ...current, ...header, lines };
}

const isEmpty = (value: unknown) => value === "" || value === null;
