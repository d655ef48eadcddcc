import { type DefaultError, type UseQueryOptions } from "@tanstack/react-query";
import { type LinkProps } from "@tanstack/react-router";
import { type ReactNode } from "react";

import { type Icon } from "@/shared/ui/empty-state";

import { type ListQuery } from "./list-search";

export type Page<Row> = {
  items: Row[];
  next?: string | null;
  total?: number | null;
};

export type Column<Row> = {
  id: string;
  label: string;
  cell: (row: Row) => ReactNode;
  /** The server's field to sort by; `true` when it is the column's id. */
  sort?: true | string;
  /** Pixels; a column without width shares what is left. */
  width?: number;
  align?: "end";
  /** Off until the reader chooses it. */
  hidden?: boolean;
  /** Where it goes on a phone's card; "none" leaves it out. */
  card?: "title" | "subtitle" | "end" | "meta" | "none";
  /** The permission without which the column is not there at all. */
  needs?: string;
};

export type Choice = { value: string; label: string };

export type Filter =
  | { id: string; type: "select"; label: string; options: Choice[] }
  | { id: string; type: "boolean"; label: string; yes: string; no: string }
  | { id: string; type: "text"; label: string }
  /** An editor of its own, such as one record of many; `said` is how the value reads. */
  | {
      id: string;
      type: "custom";
      label: string;
      said: (value: string) => ReactNode;
      editor: (
        value: string | undefined,
        onChange: (value: string | undefined) => void,
      ) => ReactNode;
    }
  /** Two query parameters, a day each. */
  | { id: string; type: "dates"; label: string; from: string; to: string };

export const parameters = (filter: Filter) =>
  filter.type === "dates" ? [filter.from, filter.to] : [filter.id];

export type Selection = {
  ids: string[];
  /** Everything the filters match, also what is on other pages. */
  all: boolean;
  query: ListQuery;
  clear: () => void;
};

export type ListOptions<Row> = (
  query: ListQuery,
  // Each feature has a key of its own shape.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
) => UseQueryOptions<Page<Row>, DefaultError, Page<Row>, any>;

export type DataTableProps<Row extends { id: string }> = {
  /** The list's name: saved views and the document title hang on it. */
  name: string;
  title: string;
  query: ListOptions<Row>;
  columns: Column<Row>[];
  filters?: Filter[];
  usualSort?: string;
  /** Left out where the server cannot search this list. */
  searchLabel?: string;
  /** The page of a row. */
  rowLink?: (row: Row) => LinkProps;
  /** How a row is called, for the screen reader and the selection. */
  rowLabel: (row: Row) => string;
  /** The first thing to do on this page, and the first step of an empty list. */
  action?: ReactNode;
  empty: { icon: Icon; title: string; text: string };
  bulk?: (selection: Selection) => ReactNode;
  onExport?: (query: ListQuery) => void;
};
