import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Select,
  Skeleton,
  Title,
  Tooltip,
} from "@mantine/core";
import { useHotkeys, useMediaQuery } from "@mantine/hooks";
import {
  IconArrowDown,
  IconArrowUp,
  IconChevronLeft,
  IconChevronRight,
  IconDownload,
} from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useRouter } from "@tanstack/react-router";
import {
  columnOrderingFeature,
  columnVisibilityFeature,
  createColumnHelper,
  rowSelectionFeature,
  type RowSelectionState,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/shared/format/use-format";
import { useMe } from "@/shared/session/session";
import { EmptyState } from "@/shared/ui/empty-state";
import { ErrorState } from "@/shared/ui/error-state";
import { useDelayed } from "@/shared/ui/use-delayed";
import { usePageTitle } from "@/shared/ui/use-page-title";

import { ColumnsMenu } from "./columns-menu";
import classes from "./data-table.module.css";
import { FilterBar } from "./filter-bar";
import { listQuery, pageSizes } from "./list-search";
import { SearchBox } from "./search-box";
import { type Column, type DataTableProps, parameters } from "./types";
import { useListSearch } from "./use-list-search";
import { useViewStore } from "./views";
import { ViewsMenu } from "./views-menu";

const features = tableFeatures({
  columnOrderingFeature,
  columnVisibilityFeature,
  rowSelectionFeature,
});
const noRows: never[] = [];

export function DataTable<Row extends { id: string }>(given: DataTableProps<Row>) {
  const permissions = useMe()?.permissions;
  const columns = useMemo(
    () =>
      given.columns.filter(
        (one) => one.needs === undefined || (permissions?.includes(one.needs) ?? false),
      ),
    [given.columns, permissions],
  );
  const props = { ...given, columns };
  const { t } = useTranslation();
  const format = useFormat();
  const router = useRouter();
  const navigate = useNavigate();
  const { search, cursors, change, turn, replaceAll } = useListSearch();
  const phone = useMediaQuery("(max-width: 47.99em)", false, { getInitialValueInEffect: false });
  const searchBox = useRef<HTMLInputElement>(null);
  const body = useRef<HTMLDivElement>(null);
  usePageTitle(props.title);

  const filters = useMemo(() => props.filters ?? [], [props.filters]);
  const filterNames = filters.flatMap(parameters);
  const query = listQuery(search, filterNames, { sort: props.usualSort });
  const { data, error, isPending, isFetching, isPlaceholderData, refetch } = useQuery({
    ...props.query(query),
    placeholderData: keepPreviousData,
  });
  const rows = data?.items ?? noRows;
  const skeleton = useDelayed(isPending);
  const narrowed = !!search.q || filterNames.some((name) => search[name]);

  // A selection belongs to the question it was made on.
  const question = JSON.stringify([search.q, filterNames.map((name) => search[name])]);
  const [selection, setSelection] = useState<{ on: string; rows: RowSelectionState; all: boolean }>(
    {
      on: question,
      rows: {},
      all: false,
    },
  );
  const selected = selection.on === question ? selection : { on: question, rows: {}, all: false };
  const select = (next: RowSelectionState, all = false) => {
    setSelection({ on: question, rows: next, all });
  };

  const usualColumns = props.columns.filter((column) => !column.hidden).map((column) => column.id);
  const shown = (search.cols?.split(",") ?? usualColumns).filter((id) =>
    props.columns.some((column) => column.id === id),
  );
  const byId = new Map(props.columns.map((column) => [column.id, column]));
  const columnDefs = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>();
    return helper.columns(
      props.columns.map((column) =>
        helper.display({
          id: column.id,
          header: column.label,
          cell: ({ row }) => column.cell(row.original),
        }),
      ),
    );
  }, [props.columns]);

  const table = useTable({
    features,
    columns: columnDefs,
    data: rows,
    getRowId: (row) => row.id,
    state: {
      columnOrder: shown,
      columnVisibility: Object.fromEntries(
        props.columns.map((column) => [column.id, shown.includes(column.id)]),
      ),
      rowSelection: selected.rows,
    },
    onRowSelectionChange: (update) => {
      select(typeof update === "function" ? update(selected.rows) : update);
    },
  });
  const tableRows = table.getRowModel().rows;
  const [active, setActive] = useState(0);
  const selectable = !!props.bulk;
  const selectedIds = Object.keys(selected.rows).filter((id) => selected.rows[id]);

  const open = (row: Row, event: { ctrlKey: boolean; metaKey: boolean }) => {
    const link = props.rowLink?.(row);
    if (!link) return;
    if (event.ctrlKey || event.metaKey) {
      window.open(router.buildLocation(link).href, "_blank", "noopener");
    } else void navigate(link);
  };
  const focusRow = (index: number) => {
    const to = Math.max(0, Math.min(rows.length - 1, index));
    setActive(to);
    const element = body.current?.querySelectorAll<HTMLElement>("[data-row]")[to];
    element?.focus();
    // Not every engine that runs the tests can scroll.
    (element as { scrollIntoView?: Element["scrollIntoView"] } | undefined)?.scrollIntoView?.({
      block: "nearest",
    });
  };
  const inRows = () => body.current?.contains(document.activeElement) ?? false;
  useHotkeys([
    [
      "j",
      () => {
        focusRow(inRows() ? active + 1 : active);
      },
    ],
    [
      "k",
      () => {
        focusRow(active - 1);
      },
    ],
    [
      "/",
      () => {
        searchBox.current?.focus();
      },
    ],
    [
      "x",
      () => {
        if (selectable) tableRows[active]?.toggleSelected();
      },
    ],
  ]);
  const onRowKey = (event: KeyboardEvent, row: Row, index: number) => {
    if (event.target !== event.currentTarget) return;
    if (event.key === "Enter") open(row, event);
    else if (event.key === "ArrowDown") focusRow(index + 1);
    else if (event.key === "ArrowUp") focusRow(index - 1);
    else return;
    event.preventDefault();
  };
  const onRowClick = (event: MouseEvent, row: Row) => {
    if ((event.target as Element).closest("a,button,input,label")) return;
    if (window.getSelection()?.toString()) return;
    open(row, event);
  };

  // A default view opens a list that was asked for without any state of its own.
  const store = useViewStore(props.name);
  const current = new URLSearchParams(
    Object.entries(search).flatMap(([name, value]) =>
      value !== undefined && name !== "after" ? [[name, value]] : [],
    ),
  ).toString();
  const opening = store?.views.find((view) => view.isDefault && view.isMine)?.search;
  const askedFor = useRef(current !== "" || !!search.after);
  useEffect(() => {
    if (askedFor.current || opening === undefined) return;
    askedFor.current = true;
    if (opening !== "") replaceAll(opening);
  }, [opening, replaceAll]);

  const size = query.limit ?? 50;
  const passed = cursors ?? [];
  const first = search.after && !cursors ? null : passed.length * size + 1;
  const [counted, setCounted] = useState<string | null>(null);
  const count = useQuery({
    ...props.query({
      ...listQuery({ ...search, after: undefined }, filterNames),
      limit: 1,
      count: true,
    }),
    enabled: counted === question || selected.all,
  });
  const total = counted === question || selected.all ? (count.data?.total ?? null) : null;

  const toggleAll = () => {
    if (selectedIds.length > 0) select({});
    else select(Object.fromEntries(rows.map((row) => [row.id, true])));
  };
  const sortBy = (column: Column<Row>) => {
    const field = column.sort === true ? column.id : column.sort;
    if (field) change({ sort: query.sort === field ? `-${field}` : field });
  };

  return (
    <div className={`aw-page ${classes.page ?? ""}`}>
      <header className={classes.header}>
        <Title order={1}>{props.title}</Title>
        {props.action && <div className={classes.primary}>{props.action}</div>}
      </header>
      <div className={classes.toolbar}>
        {props.searchLabel && (
          <SearchBox
            value={search.q ?? ""}
            label={props.searchLabel}
            inputRef={searchBox}
            onSearch={(q) => {
              change({ q }, { replace: true });
            }}
          />
        )}
        <FilterBar filters={filters} search={search} onChange={change} />
        <Group gap={8} wrap="nowrap" className={classes.tools}>
          {store && (
            <ViewsMenu iconOnly={phone} store={store} current={current} onApply={replaceAll} />
          )}
          {!phone && (
            <ColumnsMenu
              columns={props.columns}
              shown={shown}
              onChange={(next) => {
                change({ cols: next.join(",") }, { replace: true, keepPage: true });
              }}
              onReset={() => {
                change({ cols: undefined }, { replace: true, keepPage: true });
              }}
            />
          )}
          {props.onExport && (
            <Tooltip label={t("list.export")}>
              <ActionIcon
                variant="default"
                size={36}
                aria-label={t("list.export")}
                onClick={() => props.onExport?.(query)}
              >
                <IconDownload size={18} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )}
        </Group>
      </div>

      <div className={`aw-card ${classes.card ?? ""}`}>
        {selectedIds.length > 0 && (
          <div className={classes.selection} role="status">
            <span>
              {selected.all
                ? total === null
                  ? t("list.allSelected")
                  : t("list.allCounted", { count: total })
                : t("list.selected", { count: selectedIds.length })}
            </span>
            {!selected.all && data?.next && (
              <Button
                size="compact-sm"
                variant="subtle"
                onClick={() => {
                  select(selected.rows, true);
                }}
              >
                {t("list.selectAllMatching")}
              </Button>
            )}
            <span style={{ flex: 1 }} />
            {props.bulk?.({
              ids: selectedIds,
              all: selected.all,
              query: listQuery({ ...search, after: undefined }, filterNames),
              clear: () => {
                select({});
              },
            })}
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              onClick={() => {
                select({});
              }}
            >
              {t("list.clearSelection")}
            </Button>
          </div>
        )}
        <div className={classes.scroll} ref={body} aria-busy={isFetching}>
          {error && !data ? (
            <ErrorState error={error} onRetry={() => void refetch()} />
          ) : data && rows.length === 0 ? (
            narrowed ? (
              <EmptyState
                icon={props.empty.icon}
                title={t("list.nothingFound")}
                action={
                  <Button
                    variant="default"
                    onClick={() => {
                      change(
                        Object.fromEntries(["q", ...filterNames].map((name) => [name, undefined])),
                      );
                    }}
                  >
                    {t("list.clearFilters")}
                  </Button>
                }
              >
                {t("list.nothingFoundText")}
              </EmptyState>
            ) : (
              <EmptyState icon={props.empty.icon} title={props.empty.title} action={props.action}>
                {props.empty.text}
              </EmptyState>
            )
          ) : phone ? (
            <ul className={classes.cards} aria-label={props.title}>
              {skeleton && <CardSkeletons />}
              {rows.map((row) => (
                <Card key={row.id} row={row} props={props} />
              ))}
            </ul>
          ) : (
            <table
              className={classes.table}
              aria-label={props.title}
              data-stale={isPlaceholderData ? true : undefined}
              style={{ minWidth: roomOf(shown.map((id) => byId.get(id)?.width)) }}
            >
              <colgroup>
                {selectable && <col style={{ width: 40 }} />}
                {shown.map((id) => (
                  <col key={id} style={{ width: byId.get(id)?.width }} />
                ))}
              </colgroup>
              <thead>
                {table.getHeaderGroups().map((group) => (
                  <tr key={group.id}>
                    {selectable && (
                      <th>
                        <Checkbox
                          size="xs"
                          aria-label={t("list.selectPage")}
                          checked={rows.length > 0 && selectedIds.length === rows.length}
                          indeterminate={selectedIds.length > 0 && selectedIds.length < rows.length}
                          onChange={toggleAll}
                        />
                      </th>
                    )}
                    {group.headers.map((header) => {
                      const column = byId.get(header.column.id);
                      if (!column) return null;
                      return (
                        <HeaderCell
                          key={header.id}
                          column={column}
                          sort={query.sort}
                          onSort={() => {
                            sortBy(column);
                          }}
                        />
                      );
                    })}
                  </tr>
                ))}
              </thead>
              <tbody>
                {skeleton && <RowSkeletons columns={shown.length + (selectable ? 1 : 0)} />}
                {tableRows.map((row, index) => (
                  <tr
                    key={row.id}
                    data-row
                    data-opens={props.rowLink ? true : undefined}
                    tabIndex={index === active ? 0 : -1}
                    aria-selected={selectable ? row.getIsSelected() : undefined}
                    onFocus={() => {
                      setActive(index);
                    }}
                    onKeyDown={(event) => {
                      onRowKey(event, row.original, index);
                    }}
                    onClick={(event) => {
                      onRowClick(event, row.original);
                    }}
                  >
                    {selectable && (
                      <td>
                        <Checkbox
                          size="xs"
                          tabIndex={-1}
                          aria-label={t("list.selectRow", { name: props.rowLabel(row.original) })}
                          checked={row.getIsSelected()}
                          onChange={row.getToggleSelectedHandler()}
                        />
                      </td>
                    )}
                    {row.getVisibleCells().map((cell, position) => {
                      const link = position === 0 ? props.rowLink?.(row.original) : undefined;
                      const content = <table.FlexRender cell={cell} />;
                      return (
                        <td key={cell.id} data-align={byId.get(cell.column.id)?.align}>
                          {link ? (
                            <Link {...link} className={classes.rowLink} tabIndex={-1}>
                              {content}
                            </Link>
                          ) : (
                            content
                          )}
                        </td>
                      );
                    })}
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </div>
        <footer className={classes.footer}>
          <span className="aw-figures">
            {rows.length > 0 && (
              <>
                {first === null ? (
                  t("list.rows", { count: rows.length })
                ) : (
                  <span className="aw-ltr">
                    {t("list.range", {
                      first: format.count(first),
                      last: format.count(first + rows.length - 1),
                    })}
                  </span>
                )}{" "}
                {first !== null && !data?.next ? (
                  t("list.of", { total: format.count(first + rows.length - 1) })
                ) : total !== null ? (
                  t("list.of", { total: format.count(total) })
                ) : (
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    loading={count.isFetching}
                    onClick={() => {
                      setCounted(question);
                    }}
                  >
                    {t("list.countAll")}
                  </Button>
                )}
              </>
            )}
          </span>
          <Group gap={8} wrap="nowrap">
            {!phone && (
              <Select
                size="xs"
                w={112}
                aria-label={t("list.pageSize")}
                allowDeselect={false}
                data={pageSizes.map((value) => ({
                  value: String(value),
                  label: t("list.perPage", { count: value }),
                }))}
                value={String(size)}
                onChange={(value) => {
                  change({ limit: value === "50" || !value ? undefined : value });
                }}
              />
            )}
            <PageButton
              label={t("list.previous")}
              disabled={!search.after}
              onClick={() => {
                turn(passed.at(-1) === "" ? undefined : passed.at(-1), passed.slice(0, -1));
              }}
            >
              <IconChevronLeft size={16} className="aw-flip" />
            </PageButton>
            <PageButton
              label={t("list.next")}
              disabled={!data?.next || isPlaceholderData}
              onClick={() => {
                if (!data?.next) return;
                turn(data.next, [...passed, search.after ?? ""]);
                if (body.current) body.current.scrollTop = 0;
              }}
            >
              <IconChevronRight size={16} className="aw-flip" />
            </PageButton>
          </Group>
        </footer>
      </div>
    </div>
  );
}

function PageButton(props: {
  label: string;
  disabled: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <ActionIcon
      variant="default"
      size={30}
      aria-label={props.label}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      {props.children}
    </ActionIcon>
  );
}

function HeaderCell<Row>(props: {
  column: Column<Row>;
  sort: string | undefined;
  onSort: () => void;
}) {
  const { column, sort, onSort } = props;
  const field = column.sort === true ? column.id : column.sort;
  const direction =
    field && sort === field
      ? "ascending"
      : field && sort === `-${field}`
        ? "descending"
        : undefined;
  return (
    <th data-align={column.align} aria-sort={field ? (direction ?? "none") : undefined} scope="col">
      {field ? (
        <button type="button" className={classes.sort} onClick={onSort}>
          {column.label}
          <span className={classes.arrow} data-on={direction ? true : undefined}>
            {direction === "descending" ? <IconArrowDown size={14} /> : <IconArrowUp size={14} />}
          </span>
        </button>
      ) : (
        column.label
      )}
    </th>
  );
}

function Card<Row extends { id: string }>({
  row,
  props,
}: {
  row: Row;
  props: DataTableProps<Row>;
}) {
  const part = (where: Column<Row>["card"]) =>
    props.columns.filter((column) => column.card === where);
  const meta = props.columns.filter(
    (column) => column.card === "meta" || (column.card === undefined && !column.hidden),
  );
  const content = (
    <>
      <span className={classes.cardTop}>
        <span className={classes.cardTitle}>
          {part("title").map((column) => (
            <span key={column.id}>{column.cell(row)}</span>
          ))}
        </span>
        <span className={classes.cardEnd}>
          {part("end").map((column) => (
            <span key={column.id}>{column.cell(row)}</span>
          ))}
        </span>
      </span>
      <span className={classes.cardMeta}>
        {[...part("subtitle"), ...meta].map((column) => (
          <span key={column.id}>{column.cell(row)}</span>
        ))}
      </span>
    </>
  );
  const link = props.rowLink?.(row);
  return (
    <li>
      {link ? (
        <Link {...link} className={classes.cardRow}>
          {content}
        </Link>
      ) : (
        <div className={classes.cardRow}>{content}</div>
      )}
    </li>
  );
}

function RowSkeletons({ columns }: { columns: number }) {
  return Array.from({ length: 12 }, (_, row) => (
    <tr key={row} aria-hidden>
      {Array.from({ length: columns }, (_, column) => (
        <td key={column}>
          <Skeleton height={10} width={`${40 + ((row * 7 + column * 13) % 45)}%`} radius={4} />
        </td>
      ))}
    </tr>
  ));
}

function CardSkeletons() {
  return Array.from({ length: 8 }, (_, row) => (
    <li key={row} aria-hidden className={classes.cardRow}>
      <Skeleton height={12} width="60%" radius={4} />
      <Skeleton height={10} width="35%" radius={4} mt={8} />
    </li>
  ));
}

/** Columns without a width share what is left; a window too narrow for that scrolls instead of hiding one. */
function roomOf(widths: (number | undefined)[]) {
  return widths.reduce<number>((sum, width) => sum + (width ?? 160), 0);
}
