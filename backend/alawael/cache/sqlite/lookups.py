"""Rows by key, as the cache understands them and SQLite bears them.

Django fetches the rows that foreign keys name with a lookup for tuples of columns. SQLite is given
`(id = … OR id = …)` for it, of which it bears a thousand, and which names no rows to the cache. For
one column, which is the rule, `id IN (…)` says the same.
"""

from typing import Any

from django.db.models.fields.tuple_lookups import TupleIn
from django.db.models.lookups import In


def _as_sqlite(lookup: Any, compiler: Any, connection: Any) -> Any:
    columns = lookup.lhs.get_cols()
    if len(columns) != 1 or not lookup.rhs_is_direct_value():
        return lookup.as_sql(compiler, connection)
    return compiler.compile(In(columns[0], [value for (value,) in lookup.rhs]))


def register() -> None:
    """Let SQLite be asked for one column with IN."""
    tuples: Any = TupleIn
    tuples.as_sqlite = _as_sqlite
