"""Groups: the rows of a table that answers tell apart by one column (decision 0020).

Lines of an invoice are one, invoices of a customer another. An update whose filter names the groups
of its rows leaves the kept answers about others as they are.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from django.db.models import CASCADE, Model

NOTHING: Mapping[str, Any] = MappingProxyType({})


@cache
def group_columns(model: type[Model]) -> tuple[str, ...]:
    """The columns by which answers tell the rows of a model apart (decision 0020).

    Those of what its rows are part of, and those that the model is `asked_by`.
    """
    fields = model._meta.concrete_fields
    whole = [one for one in fields if one.remote_field and one.remote_field.on_delete is CASCADE]
    named = {str(field.column) for field in whole}
    return tuple(sorted(named.union(getattr(model, "asked_by", ()))))


def groups_of(record: Model, changes: Mapping[str, Any] = NOTHING) -> dict[str, Any]:
    """The record's values in the columns of its groups, for the filter of an update.

    They narrow nothing; they tell the response cache whose answers stay.
    """
    found: dict[str, Any] = {}
    for column in group_columns(type(record)):
        if column not in record.__dict__ or _has_it_already(record, column, changes):
            continue
        value = record.__dict__[column]
        if value is None:
            found[f"{column}__isnull"] = True
        else:
            found[column] = value
    return found


def _has_it_already(record: Model, column: str, changes: Mapping[str, Any]) -> bool:
    """Whether the object was given its new value before its row is; then the old one is unknown."""
    for name in (column, column.removesuffix("_id")):
        if name in changes:
            return bool(getattr(changes[name], "pk", changes[name]) == record.__dict__[column])
    return False
