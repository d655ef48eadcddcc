"""Which tables and rows a statement reads or writes, as cells: places in the table of stamps.

An answer that was made from single rows outlives changes of other rows of the same table; one
that looked at the table as a whole does not. Whatever is not understood counts as more, never as
less: a read of the whole table, a write of all its rows, a write of everything.

    cell of a table       every write of it
    cell of its bulk      writes of it that name no rows
    cell of a row         writes that name this row

Two names may share a cell. Then an answer is thrown away for nothing, which is harmless.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal
from zlib import crc32

from django.apps import apps

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


def cell_of_route(operation: str) -> int:
    """Moved on by hand only, when somebody throws away what was kept of a route."""
    return _hashed(f"route {operation}", 1, _ROWS_FROM)


def read_cells(tables: Iterable[str]) -> set[int]:
    return {cell_of_table(table) for table in tables}


def read_cells_of_rows(table: str, keys: Iterable[Any]) -> set[int]:
    return {cell_of_bulk(table), *(cell_of_row(table, key) for key in keys)}


def write_cells(table: str, keys: Sequence[Any] | None) -> set[int]:
    """What changes when these rows are written; None when nobody knows which."""
    if keys is None or len(keys) > MOST_ROWS:
        return {cell_of_table(table), cell_of_bulk(table)}
    return {cell_of_table(table), *(cell_of_row(table, key) for key in keys)}


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
_UNSURE = re.compile(r"\b(OR|NOT|UNION|EXCEPT|INTERSECT|CASE)\b")


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
    table, start, stop = by_row
    others = read_cells(tables - {table})
    return Plan("read", lambda given: others | read_cells_of_rows(table, given[start:stop]))


def _row_of_read(text: str) -> tuple[str, int, int] | None:
    """The table that is asked for rows by their keys alone, and which parameters the keys are."""
    source = re.findall(r'\bFROM "(\w+)"', text)
    if len(source) != 1 or text.count("SELECT") != 1 or f'JOIN "{source[0]}"' in text:
        return None
    where = text.find(" WHERE ")
    if where < 0 or _UNSURE.search(text, where):
        return None
    return _keys_in(text, where, source[0])


def _plan_of_write(text: str, table: str, *, is_insert: bool) -> Plan:
    anything = write_cells(table, None)
    if is_insert:
        return Plan("write", _rows_of_insert(text, table) or (lambda _: anything))
    where = text.find(" WHERE ")
    found = None
    if where >= 0 and text.count("SELECT") == 0 and not _UNSURE.search(text, where):
        found = _keys_in(text, where, table)
    if found is None:
        return Plan("write", lambda _: anything)
    _, start, stop = found
    return Plan("write", lambda given: write_cells(table, given[start:stop]))


def _rows_of_insert(text: str, table: str) -> Callable[[Sequence[Any]], set[int]] | None:
    found = _COLUMNS.match(text)
    columns = found[1].split(", ") if found else []
    if found is None or '"id"' not in columns or found[2].count("%s") % len(columns):
        return None
    place, width, many = columns.index('"id"'), len(columns), found[2].count("%s")

    def cells(given: Sequence[Any]) -> set[int]:
        return write_cells(table, given[place::width] if len(given) == many else None)

    return cells


def _keys_in(text: str, where: int, table: str) -> tuple[str, int, int] | None:
    found = re.compile(rf'(?:WHERE|AND) \(*"{table}"\."id" (?:= (%s)|IN \((%s(?:, %s)*)\))').search(
        text, where
    )
    if found is None:
        return None
    group = 1 if found[1] else 2
    before = text.count("%s", 0, found.start(group))
    return table, before, before + found[group].count("%s")


#: A cell that every write moves: an answer that hangs on it lives until the next change at all.
_ALWAYS_OLD = cell_of_table("whatever is written")


def every_write(cells: set[int]) -> set[int]:
    return cells | {_ALWAYS_OLD}


_tables: frozenset[str] = frozenset()


def known_tables() -> frozenset[str]:
    global _tables
    if not _tables and apps.models_ready:
        models = apps.get_models(include_auto_created=True)
        _tables = frozenset({model._meta.db_table for model in models} | {"django_migrations"})
    return _tables


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
    key = _key_in(_first_filter(name, command))
    others = _collections_in(command.get("pipeline", ()))
    if key is not None and collection not in others:
        return read_cells_of_rows(collection, key) | read_cells(others)
    return read_cells({collection, *others})


def mongo_writes(name: str, command: Any) -> set[int] | None:
    """What a command writes; None when it is no write."""
    if name in _WRITES:
        collection = str(command[name])
        parts = command.get(_WRITES[name]) or ()
        keys: list[Any] = []
        for part in parts[: MOST_ROWS + 1]:
            found = _key_in(part if name == "insert" else part.get("q"))
            if found is None:
                return write_cells(collection, None)
            keys += found
        return write_cells(collection, keys if parts else None)
    if name == "findAndModify":
        return write_cells(str(command[name]), _key_in(command.get("query")))
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


def _key_in(query: Any) -> list[Any] | None:
    """The keys of ours (not the server's `_id`) that a filter asks for, or a document has."""
    if not isinstance(query, dict):
        return None
    key = query.get("id")
    if isinstance(key, dict):
        among = key.get("$in")
        return list(among) if len(key) == 1 and isinstance(among, list | tuple) else None
    if key is not None:
        return [key]
    for part in query.get("$and", ()):
        if (found := _key_in(part)) is not None:
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
