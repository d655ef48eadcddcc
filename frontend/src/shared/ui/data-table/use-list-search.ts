import { useLocation, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** The cursors of the pages before this one; they let "previous" work on keyset paging. */
    cursors?: string[];
  }
}

type Values = Record<string, string | undefined>;

/** The list's state in the URL, and how to change it. */
export function useListSearch() {
  const search: Values = useSearch({ strict: false });
  const cursors = useLocation({ select: (location) => location.state.cursors });
  const navigate = useNavigate();

  /** Change filters, sort or columns; another question starts on its first page. */
  const change = useCallback(
    (values: Values, { replace = false, keepPage = false } = {}) => {
      void navigate({
        to: ".",
        search: (before: Values) =>
          clean({ ...before, ...(keepPage ? {} : { after: undefined }), ...values }),
        replace,
        resetScroll: false,
        state: (before) => (keepPage ? before : { ...before, cursors: [] }),
      });
    },
    [navigate],
  );

  const turn = useCallback(
    (after: string | undefined, passed: string[]) => {
      void navigate({
        to: ".",
        search: (before: Values) => clean({ ...before, after }),
        resetScroll: false,
        state: (before) => ({ ...before, cursors: passed }),
      });
    },
    [navigate],
  );

  /** Put a whole state in place, as saved views do. */
  const replaceAll = useCallback(
    (text: string) => {
      void navigate({
        to: ".",
        search: Object.fromEntries(new URLSearchParams(text)),
        replace: true,
        state: (before) => ({ ...before, cursors: [] }),
      });
    },
    [navigate],
  );

  return { search, cursors, change, turn, replaceAll };
}

const clean = (values: Values) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value));
