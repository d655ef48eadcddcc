import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";

import { asProblem, type Problem } from "@/shared/api/problem";

import {
  changedFields,
  type Edited,
  editedOf,
  isBlank,
  missingFrom,
  sent,
  startedLines,
} from "./draft-values";
import { type Invoice, invoice, readInvoice, useSaveDraft } from "./queries";

const pause = 700;

const place = (of: Invoice | null) =>
  `alawael.draft.invoice.${of ? `${of.id}.${of.version}` : "new"}`;

function kept(of: Invoice | null): Edited | null {
  try {
    return JSON.parse(sessionStorage.getItem(place(of)) ?? "null") as Edited | null;
  } catch {
    return null;
  }
}

function keep(of: Invoice | null, draft: Edited | null) {
  try {
    if (draft) sessionStorage.setItem(place(of), JSON.stringify(draft));
    else sessionStorage.removeItem(place(of));
  } catch {
    // A full or forbidden storage must not stop anybody from typing.
  }
}

/**
 * A draft that saves itself: a pause in typing sends what was changed, and the answer brings the
 * figures, which only the server reckons. What it filled in (prices, days) appears where nothing
 * was typed since.
 */
export function useInvoiceDraft(
  stored: Invoice | null,
  initial: Edited,
  onCreated: (created: Invoice) => void,
) {
  const cache = useQueryClient();
  const save = useSaveDraft();
  const [found] = useState(() => kept(stored));
  const [draft, setDraft] = useState<Edited>(found ?? initial);
  const [saved, setSaved] = useState<Invoice | null>(stored);
  const [base, setBase] = useState<Edited | null>(stored ? initial : null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [theirs, setTheirs] = useState<Invoice | null>(null);
  const [restored, setRestored] = useState(found !== null);
  const [figures, setFigures] = useState<Map<string, { net: string; vat: string }>>(() =>
    figuresOf(stored, initial),
  );

  const payload = sent(draft);
  const before = base && sent(base);
  const begun = startedLines(draft).length > 0 || (saved === null && draft.customer_id !== "");
  const dirty = before
    ? Object.keys(changedFields(payload, before)).length > 0
    : begun || draft.reference !== "" || draft.notes_en !== "" || draft.notes_ar !== "";
  const missing = missingFrom(draft);

  // Later answers must find the newest state, not that of the render that asked.
  const now = useRef({ draft, saved, base, theirs });
  useEffect(() => {
    now.current = { draft, saved, base, theirs };
  });
  const running = useRef<Promise<Invoice | null> | null>(null);

  const settle = useCallback((answer: Invoice, asked: Edited) => {
    const keys = startedLines(asked).map((line) => line.key);
    const server = editedOf(answer, keys);
    setSaved(answer);
    // What was asked, with the server's values where it was left open: nothing more is unsaved.
    setBase(merged(asked, asked, server));
    setFigures(figuresOf(answer, server));
    setProblem(null);
    setTheirs(null);
    setRestored(false);
    setDraft((current) => merged(current, asked, server));
  }, []);

  /** Send what differs now. Answers the saved draft, or null when it could not be saved. */
  const flush = useCallback(
    async (over?: Invoice): Promise<Invoice | null> => {
      if (running.current) {
        const done = await running.current;
        if (!done) return null;
      }
      const { draft, saved, base } = now.current;
      const of = over ?? saved;
      const payload = sent(draft);
      const values = base && of ? changedFields(payload, sent(base)) : payload;
      if (missingFrom(draft) !== null) return null;
      if (of && Object.keys(values).length === 0) return of;
      const work = (async () => {
        try {
          const answer = await save.mutateAsync({ of, values });
          keep(saved, null);
          settle(answer, draft);
          now.current = { ...now.current, saved: answer };
          if (!of) onCreated(answer);
          return answer;
        } catch (error) {
          const problem = asProblem(error);
          setProblem(problem);
          if (problem.isConflict && of) setTheirs(await readInvoice(of.id).catch(() => null));
          return null;
        }
      })();
      running.current = work;
      try {
        return await work;
      } finally {
        running.current = null;
      }
    },
    [onCreated, save, settle],
  );

  const text = JSON.stringify(payload);
  const may = dirty && missing === null && theirs === null;
  const latest = useRef(flush);
  useEffect(() => {
    latest.current = flush;
  });
  useEffect(() => {
    if (!may) return;
    const timer = setTimeout(() => void latest.current(), pause);
    return () => {
      clearTimeout(timer);
    };
  }, [text, may]);

  useEffect(() => {
    if (dirty) keep(saved, draft);
  }, [dirty, draft, saved]);

  return {
    draft,
    saved,
    figures,
    dirty,
    missing,
    problem: problem?.isConflict ? null : problem,
    theirs,
    restored,
    saving: save.isPending,
    change: (values: Partial<Edited>) => {
      setDraft((current) => ({ ...current, ...values }));
    },
    changeLine: (key: string, values: Partial<Edited["lines"][number]>) => {
      setDraft((current) => ({
        ...current,
        lines: current.lines.map((line) => (line.key === key ? { ...line, ...values } : line)),
      }));
    },
    flush,
    keepMine: () => {
      const newer = now.current.theirs;
      if (newer) void flush(newer);
    },
    keepTheirs: () => {
      const newer = now.current.theirs;
      if (!newer) return;
      cache.setQueryData(invoice(newer.id).queryKey, newer);
      const server = editedOf(newer);
      settle(newer, server);
      setDraft(server);
      keep(saved, null);
    },
    startOver: () => {
      keep(saved, null);
      setDraft(base ?? initial);
      setRestored(false);
      setProblem(null);
    },
    forget: () => {
      keep(saved, null);
    },
  };
}

function figuresOf(answer: Invoice | null, edited: Edited) {
  return new Map(
    answer?.lines.map((line, index) => [
      edited.lines[index]?.key ?? "",
      { net: line.net, vat: line.vat },
    ]),
  );
}

/** The server's values where nothing was typed since it was asked; blank lines stay where they are. */
function merged(current: Edited, asked: Edited, server: Edited): Edited {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const header = Object.fromEntries(
    (Object.keys(server) as (keyof Edited)[])
      .filter((name) => name !== "lines" && same(current[name], asked[name]))
      .map((name) => [name, server[name]]),
  );
  const askedLines = new Map(asked.lines.map((line) => [line.key, line]));
  const serverLines = new Map(server.lines.map((line) => [line.key, line]));
  const lines = current.lines.map((line) => {
    const [was, is] = [askedLines.get(line.key), serverLines.get(line.key)];
    if (!was || !is || isBlank(line)) return line;
    const filled = Object.fromEntries(
      (Object.keys(is) as (keyof typeof is)[])
        .filter((name) => same(line[name], was[name]) && (line[name] === "" || line[name] === null))
        .map((name) => [name, is[name]]),
    );
    return { ...line, ...filled };
  });
  return { ...current, ...header, lines };
}
