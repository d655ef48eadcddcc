"""Unique indexes that a search can use."""

from datetime import UTC, datetime
from typing import Any

from bson import Int64
from django.db import models
from django_mongodb_backend.schema import DatabaseSchemaEditor

#: What no value of a BSON type is smaller than.
LOWEST = {
    "string": "",
    "int": Int64(-(2**63)),
    "long": Int64(-(2**63)),
    "date": datetime.min.replace(tzinfo=UTC),
}


class SchemaEditor(DatabaseSchemaEditor):  # type: ignore[misc]
    """Makes the backend's unique indexes usable.

    The backend limits each of them to values of the column's type, so that several rows may have
    none. MongoDB takes a partial index only when the search implies its condition, and an equality
    implies no `$type` (`isSubsetOf` in its expression_algo.cpp): every search by primary key would
    read the whole collection. A column that is never empty needs no condition; for the others "not
    less than the lowest value" says the same, and an equality implies it.
    """

    def add_index(self, model: Any, index: Any, *, unique: bool = False, **more: Any) -> None:
        super().add_index(model, _Usable(index) if unique else index, unique=unique, **more)


class _Usable:
    def __init__(self, index: models.Index) -> None:
        self._index: Any = index
        self.name = index.name

    def get_pymongo_index_model(self, model: Any, **asked: Any) -> Any:
        found = self._index.get_pymongo_index_model(model, **asked)
        if found is not None and "partialFilterExpression" in found.document:
            condition = _usable(found.document.pop("partialFilterExpression"), model)
            if condition:
                found.document["partialFilterExpression"] = condition
        return found


def _usable(condition: dict[str, Any], model: Any) -> dict[str, Any]:
    fields = {field.column: field for field in model._meta.concrete_fields}
    usable = {}
    for column, wanted in condition.items():
        if not isinstance(wanted, dict) or wanted.keys() != {"$type"}:
            usable[column] = wanted
        elif column not in fields or fields[column].null:  # not in: it is just being added
            lowest = LOWEST.get(wanted["$type"])
            usable[column] = wanted if lowest is None else {"$gte": lowest}
    return usable
