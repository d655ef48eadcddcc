"""Asking for one row that must be there."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from alawael.core.errors import NotFound

M = TypeVar("M", bound=Model)


def existing(rows: QuerySet[M]) -> M:
    """The first of these rows; raises NotFound when there is none."""
    found = rows.first()
    if found is None:
        raise NotFound()
    return found
