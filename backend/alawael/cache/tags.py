"""Which tables and rows a statement reads or writes, as cells: places in the table of stamps.

An answer that was made from single rows outlives changes of other rows of the same table; one
that looked at the table as a whole does not. Whatever is not understood counts as more, never as
less: a read of the whole table, a write of all its rows, a write of everything.

    cell of a table       every write of it
    cell of its bulk      writes of it that name no rows
    cell of a row         writes that name this row
    cell of a group       writes that name this value of a column, and inserts of rows with it
    cell of ungrouped     for each such column, writes that do not say which values they touch

Groups are the rows that are part of one thing (lines of an invoice), and those of the columns that
a model names in `asked_by`. A read of a group hangs on its own cell and on ungrouped: what changes
what it found either put a row into the group by an insert, or it touched a row of the group
without saying so, or it named the group, or it set the column itself. That names both groups when
the old value chooses the rows and the new one is given as it is; otherwise it is not saying.

Two names may share a cell. Then an answer is thrown away for nothing, which is harmless.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal
from zlib import crc32

from django.apps import apps

from alawael.core import groups

#: How many cells there are. The first one stands for everything.
CELLS = 65_536
EVERYTHING = 0
_ROWS_FROM = 8_192
#: A write that names more rows than this counts as a write of them all.
MOST_ROWS = 20


def _hashed(text: str, low: int, high: int) -> int:
    return low + crc32(text.encode()) % (high - low)


@lru_cache(maxsize=4096)
def cell_of_table(table: str) -> int:
    return _hashed(f"table {table}", 1, _ROWS_FROM)


@lru_cache(maxsize=4096)
def cell_of_bulk(table: str) -> int:
    return _hashed(f"bulk {table}", 1, _ROWS_FROM)


def cell_of_row(table: str, key: Any) -> int:
    plain = str(key).replace("-", "")
    return _hashed(f"row {table} {plain}", _ROWS_FROM, CELLS)


@lru_cache(maxsize=4096)
def cell_of_ungrouped(table: str, column: str) -> int:
    return _hashed(f"ungrouped {table}.{column}", 1, _ROWS_FROM)


def cell_of_route(operation: str) -> int:
    """Moved on by hand only, when somebody throws away what was kept of a route."""
    return _hashed(f"route {operation}", 1, _ROWS_FROM)


def read_cells(tables: Iterable[str]) -> set[int]:
    return {cell_of_table(table) for table in tables}


def read_cells_of_rows(table: str, keys: Iterable[Any]) -> set[int]:
    return {cell_of_bulk(table), *(cell_of_row(table, key) for key in keys)}


def read_cells_of_group(table: str, column: str, values: Iterable[Any]) -> set[int]:
    groups = (cell_of_row(f"{table}.{column}", value) for value in values)
    return {cell_of_ungrouped(table, column), *groups}


def write_cells(
    table: str, keys: Sequence[Any] | None, groups: Mapping[str, Sequence[Any]] | None = None
) -> set[int]:
    """What changes when these rows are written; None when nobody knows which.

    `groups` holds, by column, the values whose rows alone are touched.
    """
    cells = {cell_of_table(table)}
    if keys is None or len(keys) > MOST_ROWS:
        cells.add(cell_of_bulk(table))
    else:
        cells.update(cell_of_row(table, key) for key in keys)
    for column in group_columns(table):
        values = set((groups or {}).get(column, ()))
        if not values or len(values) > MOST_ROWS:
            cells.add(cell_of_ungrouped(table, column))
        else:
            cells.update(cell_of_row(f"{table}.{column}", value) for value in values)
    return cells


# SQL


@dataclass(frozen=True)
class Plan:
    """What a statement does, and how its parameters name the rows."""

    kind: Literal["read", "write", "nothing"]
    cells: Callable[[Sequence[Any]], set[int]]


_HARMLESS = {"PRAGMA", "SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK", "EXPLAIN", "ANALYZE"}
_WRITE = re.compile(
    r'(?:(INSERT)(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+"?(\w+)"?',
    re.IGNORECASE,
)
_CHANGING = re.compile(r"\b(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
_COLUMNS = re.compile(
    r'INSERT INTO "\w+" \(("\w+"(?:, "\w+")*)\) VALUES ([(),%s ]+?)(?: RETURNING .*)?$'
)
_UNSURE = re.compile(r"\b(OR|UNION|EXCEPT|INTERSECT|CASE)\b")
_NOT = re.compile(r"\bNOT\s*$")


@lru_cache(maxsize=8192)
def plan_of(sql: str) -> Plan:
    """What a statement reads or writes; the same text always means the same."""
    text = sql.strip()
    verb = text.split(None, 1)[0].upper() if text else ""
    if not text or verb in _HARMLESS:
        return Plan("nothing", lambda _: set())
    if verb == "SELECT" or (verb == "WITH" and not _CHANGING.search(text)):
        return _plan_of_read(text)
    written = _WRITE.match(text)
    if written is None:
        return Plan("write", lambda _: {EVERYTHING})
    return _plan_of_write(text, written[2], is_insert=written[1] is not None)


def _plan_of_read(text: str) -> Plan:
    tables = set(re.findall(r"\w+", text)) & known_tables()
    if not tables:
        looks_elsewhere = re.search(r"\bFROM\b", text, re.IGNORECASE) is not None
        unknown = {EVERYTHING, _ALWAYS_OLD} if looks_elsewhere else set()
        return Plan("read", lambda _: unknown)
    by_row = _row_of_read(text)
    if by_row is None:
        whole = read_cells(tables)
        return Plan("read", lambda _: whole)
    table, column, start, stop = by_row
    others = read_cells(tables - {table})
    if column == "id":
        return Plan("read", lambda given: others | read_cells_of_rows(table, given[start:stop]))
    return Plan(
        "read", lambda given: others | read_cells_of_group(table, column, given[start:stop])
    )


def _row_of_read(text: str) -> tuple[str, str, int, int] | None:
    """The table that is asked for rows by their keys alone, or for the rows of groups; the column
    that names them, and which parameters its values are."""
    source = re.findall(r'\bFROM "(\w+)"', text)
    if len(source) != 1 or text.count("SELECT") != 1 or f'JOIN "{source[0]}"' in text:
        return None
    where = text.find(" WHERE ")
    if where < 0 or _UNSURE.search(text, where):
        return None
    for column in ("id", *group_columns(source[0])):
        if (found := _values_in(text, where, source[0], column)) is not None:
            return source[0], column, *found
    return None


def _plan_of_write(text: str, table: str, *, is_insert: bool) -> Plan:
    columns = ("id", *group_columns(table))
    if is_insert:
        places = _places_of_insert(text, columns)
    else:
        places = _places_in_change(text, table, columns)

    asked = text.count("%s")

    def cells(given: Sequence[Any]) -> set[int]:
        if len(given) != asked:
            return write_cells(table, None)
        named = {
            column: [value for values in found for value in (given[values] if values else [None])]
            for column, found in places.items()
        }
        return write_cells(table, named.get("id"), named)

    return Plan("write", cells)


#: Which parameters are the values of a column; None where it is demanded to be null.
Places = dict[str, list[slice | None]]


def _places_in_change(text: str, table: str, columns: Iterable[str]) -> Places:
    """Which parameters of an UPDATE or DELETE say what values its rows had, and which they get."""
    where = text.find(" WHERE ")
    if where < 0 or text.count("SELECT") or _UNSURE.search(text, where):
        return {}
    places: Places = {}
    for column in columns:
        had = _values_in(text, where, table, column)
        get = _values_set(text[:where], column)
        if get is None:
            continue
        if had is not None:
            places[column] = [slice(*had), *get]
        elif any(_demands(text, where, rf'"{table}"\."{column}" IS NULL')):
            places[column] = [None, *get]
    return places


def _values_set(text: str, column: str) -> list[slice] | None:
    """Which parameter an UPDATE puts into a column, if it does; None when it works it out."""
    if f'"{column}" =' not in text:
        return []
    found = re.search(rf'(?: SET|,) "{column}" = %s(?:,|$)', text)
    if found is None:
        return None
    before = text.count("%s", 0, found.start())
    return [slice(before, before + 1)]


def _places_of_insert(text: str, columns: Iterable[str]) -> Places:
    found = _COLUMNS.match(text)
    named = found[1].split(", ") if found else []
    if found is None or found[2].count("%s") % len(named):
        return {}
    width, many = len(named), found[2].count("%s")
    return {
        column: [slice(named.index(f'"{column}"'), many, width)]
        for column in columns
        if f'"{column}"' in named
    }


def _values_in(text: str, where: int, table: str, column: str) -> tuple[int, int] | None:
    """Which parameters are the values of a column that every row found must have."""
    named = rf'"{table}"\."{column}" (?:= (%s)|IN \((%s(?:, %s)*)\))'
    for found in _demands(text, where, named):
        group = 2 if found[2] else 3
        before = text.count("%s", 0, found.start(group))
        return before, before + found[group].count("%s")
    return None


def _demands(text: str, where: int, wanted: str) -> Iterator[re.Match[str]]:
    """Where a filter says this of every row that it finds."""
    for found in re.compile(rf"(?:WHERE|AND) \(*({wanted})").finditer(text, where):
        if not _is_denied(text[where : found.start(1)]):
            yield found


def _is_denied(before: str) -> bool:
    """Whether what follows stands within a NOT."""
    around: list[bool] = []
    for place, sign in enumerate(before):
        if sign == "(":
            around.append(_NOT.search(before[:place]) is not None)
        elif sign == ")":
            around.pop()
    return any(around)


#: A cell that every write moves: an answer that hangs on it lives until the next change at all.
_ALWAYS_OLD = cell_of_table("whatever is written")


def every_write(cells: set[int]) -> set[int]:
    return cells | {_ALWAYS_OLD}


_tables: frozenset[str] = frozenset()
_groups: dict[str, tuple[str, ...]] = {}


def known_tables() -> frozenset[str]:
    global _tables
    if not _tables and apps.models_ready:
        models = apps.get_models(include_auto_created=True)
        _tables = frozenset({model._meta.db_table for model in models} | {"django_migrations"})
    return _tables


def group_columns(table: str) -> tuple[str, ...]:
    """The columns by which answers tell the rows of a table apart."""
    if not _groups and apps.models_ready:
        for model in apps.get_models(include_auto_created=True):
            _groups[model._meta.db_table] = groups.group_columns(model)
    return _groups.get(table, ())


# MongoDB

_READS = {"find", "aggregate", "count", "distinct"}
_OTHER_COLLECTIONS = {"from", "coll", "into"}
_WRITES = {"insert": "documents", "update": "updates", "delete": "deletes"}
_DDL = {"drop": "bulk", "dropDatabase": "everything", "renameCollection": "everything"}


def mongo_reads(name: str, command: Any) -> set[int] | None:
    """What a command reads; None when it is no read."""
    if name not in _READS:
        return None
    collection = str(command[name])
    asked = _first_filter(name, command)
    others = _collections_in(command.get("pipeline", ()))
    if collection not in others:
        if (keys := _among(asked, "id")) is not None:
            return read_cells_of_rows(collection, keys) | read_cells(others)
        for column in group_columns(collection):
            if (values := _among(asked, column)) is not None and None not in values:
                return read_cells_of_group(collection, column, values) | read_cells(others)
    return read_cells({collection, *others})


def mongo_writes(name: str, command: Any) -> set[int] | None:
    """What a command writes; None when it is no write."""
    if name in _WRITES:
        collection = str(command[name])
        parts = list(command.get(_WRITES[name]) or ())
        named = {
            column: values
            for column in ("id", *group_columns(collection))
            if (values := _named_by(parts, name, column)) is not None
        }
        return write_cells(collection, named.get("id"), named)
    if name == "findAndModify":
        return write_cells(str(command[name]), _among(command.get("query"), "id"))
    if name in ("bulkWrite", "dropDatabase", "renameCollection"):
        return {EVERYTHING}
    if name == "drop":
        return write_cells(str(command[name]), None)
    if name == "aggregate":
        return _writes_of_pipeline(command.get("pipeline", ()))
    return None


def _writes_of_pipeline(pipeline: Any) -> set[int] | None:
    writes = any("$out" in stage or "$merge" in stage for stage in pipeline)
    return {EVERYTHING} if writes else None


def _first_filter(name: str, command: Any) -> Any:
    if name == "find":
        return command.get("filter")
    if name == "count":
        return command.get("query")
    pipeline: Sequence[Any] = command.get("pipeline") or [{}]
    return pipeline[0].get("$match")


def _named_by(parts: Sequence[Any], name: str, column: str) -> list[Any] | None:
    """The values of a column that all parts of a command name; None when one of them does not."""
    values: list[Any] = []
    for part in parts[: MOST_ROWS + 1]:
        if name == "insert":
            found = [part[column]] if column in part else None
        else:
            found = _among(part.get("q"), column)
        if found is not None and name == "update" and column != "id":
            put = _put_into(part.get("u"), column)
            found = None if put is None else [*found, *put]
        if found is None:
            return None
        values += found
    return values or None


_SETTING = {"$set", "$inc", "$addFields"}


def _put_into(change: Any, column: str) -> list[Any] | None:
    """What an update puts into a column, if it does; None when it works the value out, and where
    that is not understood."""
    values: list[Any] = []
    for stage in change if isinstance(change, list | tuple) else [change]:
        if not isinstance(stage, dict) or not _SETTING.issuperset(stage):
            return None
        for way, told in stage.items():
            if not isinstance(told, dict):
                return None
            if column in told:
                value = told[column]
                if way == "$inc" or not isinstance(value, dict) or set(value) != {"$literal"}:
                    return None
                values.append(value["$literal"])
    return values


def _among(query: Any, column: str) -> list[Any] | None:
    """The values of a column that a filter asks for, or a document has. The keys are ours (`id`),
    not the server's `_id`."""
    if not isinstance(query, dict):
        return None
    value = query.get(column)
    if isinstance(value, dict):
        among = value.get("$in")
        return list(among) if len(value) == 1 and isinstance(among, list | tuple) else None
    if value is not None:
        return [value]
    if query.get("$or") == [{column: {"$exists": False}}, {column: None}]:
        return [None]
    for part in query.get("$and", ()):
        if (found := _among(part, column)) is not None:
            return found
    return None


def _collections_in(value: Any) -> set[str]:
    """Every collection that a pipeline joins, however deep."""
    found: set[str] = set()
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in _OTHER_COLLECTIONS and isinstance(inner, str):
                found.add(inner)
            elif isinstance(inner, dict | list | tuple):
                found |= _collections_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            found |= _collections_in(inner)
    return found
