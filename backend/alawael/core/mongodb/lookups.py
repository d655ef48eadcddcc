"""Rows by key, as an index finds them.

Django fetches the rows that foreign keys name with a lookup for tuples of columns, of one column as
a rule. The backend makes of it an expression, `{"$expr": {"$in": ["$id", […]]}}`, for which MongoDB
reads the whole collection. One column is as simple as a column can be.
"""

from typing import Any

from django.db.models.expressions import ColPairs


def _is_simple_column(pairs: Any) -> bool:
    columns = pairs.get_cols()
    return len(columns) == 1 and bool(getattr(columns[0], "is_simple_column", False))


def register() -> None:
    """Let the backend ask for one column by its path, as it does everywhere else."""
    pairs: Any = ColPairs
    pairs.is_simple_column = property(_is_simple_column)
