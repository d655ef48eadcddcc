"""Tables whose every row is one record, found again by its business key."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db import models

from alawael.core.audit import difference, jsonable
from alawael.core.errors import Text
from alawael.core.search_text import fold
from alawael.exchange.columns import CellError, Column
from alawael.exchange.models import ImportedAction
from alawael.exchange.profiles.base import (
    CHANGED,
    CREATED,
    UNCHANGED,
    ItemRefused,
    Mark,
    Outcome,
    Phase,
    RowError,
    Session,
)
from alawael.exchange.staging import Item, Sorted
from alawael.exchange.tables import SourceRow

KEY_MISSING = Text(
    "Give {en}, so that the row can be found again.", "أدخل {ar} ليمكن العثور على الصف لاحقًا."
)
_TWICE = Text(
    "Row {row} of this file has the same key.", "الصف {row} في هذا الملف له المفتاح نفسه."
)
_EXISTS = Text(
    "This exists already; only new ones were asked for.", "موجود مسبقًا، والمطلوب الجديد فقط."
)
_UNKNOWN = Text(
    "There is none with this key; only changes were asked for.",
    "لا يوجد سجل بهذا المفتاح، والمطلوب التعديل فقط.",
)


class MasterPhase(Phase):
    """Rows that are created or changed. An empty cell changes nothing."""

    kind: ClassVar[str]
    #: The columns that identify a record, the first one that is filled in counts.
    keys: ClassVar[Sequence[str]]
    columns: ClassVar[Sequence[Column]]

    @abstractmethod
    def find(self, keys: Mapping[str, set[str]]) -> Mapping[tuple[str, str], models.Model]:
        """The records that exist, by (key column, folded key)."""

    @abstractmethod
    def create(self, values: Mapping[str, Any], session: Session) -> models.Model: ...

    @abstractmethod
    def change(self, record: Any, changes: Mapping[str, Any], session: Session) -> models.Model: ...

    def fields(self, values: Mapping[str, Any], row: SourceRow, session: Session) -> dict[str, Any]:
        """The values of the cells as fields of the record. Raises ItemRefused."""
        return dict(values)

    def sort(self, row: SourceRow, session: Session) -> Sorted | None:
        column, key = self._key(session.cells(row))
        return Sorted(f"{column}:{key}" if key else f"row:{row.number}")

    def look_up(self, items: Sequence[Item], session: Session) -> None:
        wanted: dict[str, set[str]] = {column: set() for column in self.keys}
        for item in items:
            column, key = self._key(session.cells(item.rows[0]))
            if key:
                wanted[column].add(key)
        session.found[self.key] = dict(self.find(wanted))

    def carry_out(self, item: Item, session: Session) -> Outcome:
        row = item.rows[0]
        values, errors = session.values(self.columns, row)
        column, key = self._key(session.cells(row))
        if not key:
            errors.append(self._key_missing())
        if errors:
            raise ItemRefused([*(RowError(row, error) for error in errors), *_doubles(item)])
        given = {name: value for name, value in values.items() if value is not None}
        outcome = self._write(session.found[self.key].get((column, key)), given, row, key, session)
        outcome.errors = _doubles(item)
        outcome.refused_rows = len(item.rows) - 1
        return outcome

    def _write(
        self,
        existing: models.Model | None,
        values: Mapping[str, Any],
        row: SourceRow,
        key: str,
        session: Session,
    ) -> Outcome:
        mode = session.options.mode
        if existing is None:
            if mode == "update":
                raise ItemRefused([RowError(row, CellError("", "not_found", _UNKNOWN))])
            made = self.create(self.fields(values, row, session), session)
            return Outcome(CREATED, [self._mark(made.pk, key, ImportedAction.CREATED, {})])
        if mode == "create":
            raise ItemRefused([RowError(row, CellError("", "already_exists", _EXISTS))])
        changes = difference(existing, self.fields(values, row, session))
        if not changes:
            return Outcome(UNCHANGED)
        self.change(existing, {name: new for name, (_, new) in changes.items()}, session)
        mark = self._mark(existing.pk, key, ImportedAction.CHANGED, jsonable(changes))
        return Outcome(CHANGED, [mark])

    def _mark(self, pk: UUID, key: str, action: str, changes: Mapping[str, Any]) -> Mark:
        return Mark(self.kind, pk, key, action, changes)

    def _key(self, cells: Mapping[str, str]) -> tuple[str, str]:
        for column in self.keys:
            if key := folded(cells.get(column, "")):
                return column, key
        return self.keys[0], ""

    def _key_missing(self) -> CellError:
        labels = [column.label for column in self.columns if column.name in self.keys]
        names = {
            "en": " or ".join(label.en for label in labels),
            "ar": " أو ".join(label.ar for label in labels),
        }
        message = Text(KEY_MISSING.en.format(**names), KEY_MISSING.ar.format(**names))
        return CellError(self.keys[0], "key_missing", message)


def folded(key: str) -> str:
    """A key as files are compared: without case, accents and stray spaces."""
    return fold(key)


def _doubles(item: Item) -> list[RowError]:
    """The first row of a key counts; those behind it are refused, whatever they say."""
    first = item.rows[0].number
    message = Text(_TWICE.en.format(row=first), _TWICE.ar.format(row=first))
    return [RowError(row, CellError("", "twice_in_file", message)) for row in item.rows[1:]]


def by_key(column: str, records: Iterable[tuple[str, models.Model]]) -> dict[Any, models.Model]:
    return {(column, folded(key)): record for key, record in records}
