"""A new ENCRYPTION_KEY: whatever a former key sealed is sealed again, while the program runs. So is
what was written before its column was sealed, and stands in the clear.

The columns are found by the models' own declaration (`sealing.SealedField`). Rows are read in
batches and written by compare-and-set, so a row that somebody changes meanwhile keeps that change;
killed and started again, it goes on with what is left.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.apps import apps
from django.db.models import Field, Model, QuerySet

from alawael.core.sealing import (
    SealBroken,
    SealedField,
    as_text,
    known_ids,
    opened,
    sealed,
    sealed_by,
)
from alawael.core.unit_of_work import unit_of_work

BATCH = 100
#: So much sealed text is in memory at a time, where rows are large.
MOST_TEXT = 4_000_000
#: Whoever still runs with the old key seals with it; after so many passes we say so and stop.
MOST_PASSES = 10


@dataclass(frozen=True)
class SealedColumn:
    """A column that a model declares as sealed."""

    model: type[Model]
    field: SealedField

    def __str__(self) -> str:
        return f"{self.model._meta.db_table}.{self.field.name}"

    @property
    def at_once(self) -> int:
        """How many rows are read together."""
        return max(min(BATCH, MOST_TEXT // (self.field.max_length or 1)), 1)

    @property
    def rows(self) -> QuerySet[Any]:
        """Rows that keep something. Not by the model's manager: the seal of a row that is written
        for good may be renewed, its content stays what it is."""
        return QuerySet(self.model).exclude(**{self.field.name: ""})

    @property
    def outdated(self) -> QuerySet[Any]:
        """Rows that the key in force has not sealed."""
        in_force = sealed_by(known_ids()[0])
        return self.rows.exclude(**{f"{self.field.name}__startswith": in_force})

    @property
    def unsealed(self) -> QuerySet[Any]:
        """Rows from before the column was sealed: their value stands in the clear beside it."""
        if not self.field.clear:
            return QuerySet(self.model).none()
        return QuerySet(self.model).exclude(**self.nothing_clear)

    @property
    def nothing_clear(self) -> dict[str, Any]:
        """The readable column as it is where everything is sealed."""
        if not (name := self.field.clear):
            return {}
        return {name: cast("Field[Any, Any]", self.model._meta.get_field(name)).get_default()}


@dataclass(frozen=True)
class Renewed:
    """One row: its seal as it was read, and the values that replace it, if it opens."""

    pk: Any
    place: str
    before: str
    after: dict[str, str]


@dataclass
class Outcome:
    """What a rotation did: how many values it sealed, how many of them for the first time, what
    does not open, what is left."""

    renewed: int
    first: int
    broken: list[str]
    left: int


def sealed_columns() -> list[SealedColumn]:
    """Every sealed column of the program, by the name of its table."""
    found = [
        SealedColumn(model, field)
        for model in apps.get_models()
        if not model._meta.proxy
        for field in model._meta.concrete_fields
        if isinstance(field, SealedField)
    ]
    return sorted(found, key=str)


def held_by_keys(column: SealedColumn) -> dict[str, int]:
    """How many rows each known key has sealed, by key id; "" stands for keys nobody knows."""
    counts = {
        identity: column.rows.filter(**{f"{column.field.name}__startswith": start}).count()
        for identity in known_ids()
        for start in [sealed_by(identity)]
    }
    return {**counts, "": column.rows.count() - sum(counts.values())}


def count_outdated() -> int:
    return sum(column.outdated.count() for column in sealed_columns())


def count_unsealed() -> dict[str, int]:
    """How many values still stand in the clear, by the name of the sealed column."""
    counts = {str(column): column.unsealed.count() for column in sealed_columns()}
    return {name: count for name, count in counts.items() if count}


def reseal(*, each: Callable[[int], None] = lambda _: None) -> Outcome:
    """Seal everything that the key in force has not sealed; run it as often as you like.

    `each` is told how many rows a batch has dealt with. What does not open stays as it is and is
    named in the outcome.
    """
    renewed, first, broken = 0, 0, set[str]()
    for _ in range(MOST_PASSES):
        before = renewed
        for column in sealed_columns():
            for batch in batches(column, column.unsealed):
                written = write(column, [cover(column, row) for row in batch])
                renewed, first = renewed + written, first + written
                each(len(batch))
            for batch in batches(column, column.outdated):
                fresh = [renew(column, row) for row in batch]
                broken |= {one.place for one in fresh if not one.after}
                renewed += write(column, [one for one in fresh if one.after])
                each(len(batch))
        if renewed == before:
            break
    left = max(count_outdated() - len(broken), 0) + sum(count_unsealed().values())
    return Outcome(renewed, first, sorted(broken), left)


def batches(column: SealedColumn, rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """These rows of a column, from the oldest on. Read outside of any unit: writing waits for no
    cipher."""
    last = None
    names = ["pk", column.field.name, *column.nothing_clear]
    while True:
        rest = rows if last is None else rows.filter(pk__gt=last)
        batch = list(rest.only(*names).order_by("pk")[: column.at_once])
        if not batch:
            return
        yield batch
        last = batch[-1].pk


def renew(column: SealedColumn, row: Model) -> Renewed:
    """A row's text, sealed by the key in force; nothing when it does not open."""
    name = column.field.name
    place, before = f"{column}:{row.pk}", getattr(row, name)
    try:
        text = opened(row, name)
    except SealBroken:
        return Renewed(row.pk, place, before, {})
    return Renewed(row.pk, place, before, sealed(row, **{name: text}))


def cover(column: SealedColumn, row: Model) -> Renewed:
    """A row's value that stands in the clear, sealed; and nothing in its old column."""
    name, text = column.field.name, as_text(getattr(row, column.field.clear))
    after = {**sealed(row, **{name: text}), **column.nothing_clear}
    return Renewed(row.pk, f"{column}:{row.pk}", getattr(row, name), after)


@unit_of_work
def write(column: SealedColumn, renewed: list[Renewed]) -> int:
    """Replace the seals that are still as they were read; returns how many.

    The version of a record stays: nobody's open form is out of date because of it.
    """
    return sum(
        QuerySet(column.model)
        .filter(pk=one.pk, **{column.field.name: one.before})
        .update(**one.after)
        for one in renewed
    )


def unopenable() -> Iterator[str]:
    """Where something sealed does not open, for `alawael verify`."""
    for column in sealed_columns():
        name = column.field.name
        rows = column.rows.only("pk", name).order_by("pk").iterator(chunk_size=column.at_once)
        for row in cast("Iterator[Model]", rows):
            try:
                opened(row, name)
            except SealBroken:
                yield f"{column}:{row.pk}"
