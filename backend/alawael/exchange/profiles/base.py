"""What a profile is: columns, phases, and how one item of a phase becomes records."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from alawael.core.actors import Actor
from alawael.core.errors import Refusal, Text
from alawael.core.money import ZERO
from alawael.exchange.columns import CellError, Column, Options, Value, read_cells
from alawael.exchange.staging import Item, Sorted
from alawael.exchange.tables import SourceRow

CREATED, CHANGED, UNCHANGED, REFUSED = "created", "changed", "unchanged", "refused"


@dataclass(frozen=True)
class Mark:
    """A record that an item made or changed."""

    kind: str
    record_id: UUID
    key: str
    action: str  # ImportedAction
    changes: Mapping[str, Any] = field(default_factory=dict)


class RowError(NamedTuple):
    row: SourceRow
    error: CellError


@dataclass
class Outcome:
    """What became of an item."""

    action: str
    marks: Sequence[Mark] = ()
    errors: Sequence[RowError] = ()
    #: How many rows of the item were refused although the item itself was not.
    refused_rows: int = 0
    #: Further facts that the report adds up: {"linked_credit_notes": 1}.
    facts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Preparation:
    """What was made ready, and sentences about it for the report."""

    marks: Sequence[Mark] = ()
    notes: Sequence[Text] = ()


class ItemRefused(Exception):
    """An item cannot be imported; everything written for it must be taken back."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        self.errors = list(errors)
        super().__init__(f"{len(self.errors)} errors")


@dataclass
class Session:
    """One import at work: how to read its cells, in whose name and when to write."""

    headings: Sequence[str]
    mapping: Mapping[str, str]
    options: Options
    by: Actor
    at: datetime
    #: Everything is rolled back in the end.
    rehearsing: bool = False
    #: What `Profile.foresee` learned from the whole file.
    foreseen: dict[str, Any] = field(default_factory=dict)
    #: What phases looked up for this chunk; every unit starts with an empty one.
    found: dict[str, Any] = field(default_factory=dict)
    _places: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        places = {heading: place for place, heading in enumerate(self.headings)}
        self._places = {
            column: places[heading] for column, heading in self.mapping.items() if heading in places
        }

    def cells(self, row: SourceRow) -> dict[str, str]:
        """The mapped cells of a row as text, by column."""
        return {
            column: row.cells[place] if place < len(row.cells) else ""
            for column, place in self._places.items()
        }

    def values(
        self, columns: Iterable[Column], row: SourceRow
    ) -> tuple[dict[str, Value | None], list[CellError]]:
        values, errors = read_cells(columns, self.cells(row), self.options)
        if len(row.cells) > len(self.headings) and any(row.cells[len(self.headings) :]):
            errors.append(CellError("", "too_many_cells", _TOO_MANY_CELLS))
        return values, errors


_TOO_MANY_CELLS = Text(
    "The row has more cells than there are headings.", "في الصف خلايا أكثر من عدد العناوين."
)


class Phase(ABC):
    """A pass over the file: which rows make an item, and what is done with it."""

    key: ClassVar[str]
    label: ClassVar[Text]
    #: Whether the rows of the file are counted (and refused) in this phase; one phase does.
    counts_rows: ClassVar[bool] = True

    @abstractmethod
    def sort(self, row: SourceRow, session: Session) -> Sorted | None:
        """The item this row belongs to; None when this phase has no use for it."""

    def look_up(self, items: Sequence[Item], session: Session) -> None:  # noqa: B027 - optional
        """Read what the items of a chunk need, in few queries, into `session.found`."""

    def carry_out_together(self, items: Sequence[Item], session: Session) -> list[Outcome] | None:
        """Write a whole chunk in few queries; None where that cannot be done.

        When it raises a Refusal, the chunk is carried out again item by item.
        """
        return None

    @abstractmethod
    def carry_out(self, item: Item, session: Session) -> Outcome:
        """Write one item, inside the unit of work of its chunk.

        Raises ItemRefused, or the Refusal of a rule, when it may not be.
        """

    def amount(self, item: Item, session: Session) -> Decimal:
        """What the report adds up of an item; 0 where nothing is."""
        return ZERO


class Profile(ABC):
    """A kind of table that can be imported."""

    key: ClassVar[str]
    label: ClassVar[Text]
    description: ClassVar[Text]
    columns: ClassVar[Sequence[Column]]
    #: At least one of these columns must be mapped.
    any_of: ClassVar[Sequence[str]] = ()
    phases: ClassVar[Sequence[Phase]]
    modes: ClassVar[Sequence[str]] = ("upsert", "create", "update")
    default_options: ClassVar[Options] = Options()
    #: Whether goods can be received and shipped with the documents (`Options.goods`).
    can_ship_goods: ClassVar[bool] = False

    def prepare(self, session: Session) -> Preparation:
        """Make sure of what the import stands on, such as open years. Safe to repeat.

        Runs in a unit of its own before the first phase, and at the start of every rehearsal.
        """
        return Preparation()

    def foresee(self, rows: Iterable[SourceRow], session: Session) -> None:  # noqa: B027 - optional
        """Learn from the whole file what single items need (the best name of a product)."""

    def total(self, rows: Iterable[SourceRow], session: Session) -> Decimal | None:
        """The amount that the report must account for, row by row; None when there is none."""
        return None

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def missing(self, mapping: Mapping[str, str]) -> list[Column]:
        """What a mapping lacks before rows can be imported with it."""
        lacking = [
            column for column in self.columns if column.required and column.name not in mapping
        ]
        if self.any_of and not any(name in mapping for name in self.any_of):
            lacking += [self.column(name) for name in self.any_of]
        return lacking


def refusal_errors(item: Item, refusal: Refusal) -> list[RowError]:
    """A rule's refusal as errors of the item's rows."""
    first = item.rows[0]
    if not refusal.errors:
        message = Text(_cut(refusal.sentence("en")), _cut(refusal.sentence("ar")))
        return [RowError(first, CellError("", refusal.code, message))]
    errors = []
    for error in refusal.errors:
        column = error.pointer.strip("/").split("/")[0]
        errors.append(RowError(first, CellError(column[:60], error.code, error.message)))
    return errors


def _cut(sentence: str) -> str:
    return sentence[:500]
