"""Compare-and-set: every claim is one conditional update whose matched count is the answer."""

from collections.abc import Collection, Sequence
from typing import Any, TypeVar, cast

from django.db import IntegrityError, connection
from django.db.models import Manager, Model

from alawael.core.errors import NotFound, Refusal, Text, VersionConflict
from alawael.core.fields import Record
from alawael.core.groups import groups_of
from alawael.core.unit_of_work import StartAgain, on_rollback

M = TypeVar("M", bound=Model)
R = TypeVar("R", bound=Record)


class WrongState(Refusal):
    code = "wrong_state"
    message = Text(
        "This is {state} and cannot be changed that way. Load it again.",
        "الحالة هي {state} ولا تسمح بهذا الإجراء. أعد التحميل.",
    )


def change(record: R, *, expected_version: int | None = None, **changes: Any) -> R:
    """Write `changes` if the record is still at the expected version, and move the version on.

    `expected_version` is what the caller saw (If-Match); None means the version of `record`.
    Raises VersionConflict when somebody else was first, NotFound when the record is gone.
    """
    seen = record.version if expected_version is None else expected_version
    rows = _rows(type(record)).filter(**groups_of(record, changes))
    won = rows.filter(pk=record.pk, version=seen).update(version=seen + 1, **changes)
    if not won:
        _explain_loss(record)
    return _changed(record, {**changes, "version": seen + 1})


def move_state(
    record: R, *, frm: Collection[str], to: str, expected_version: int | None = None, **changes: Any
) -> R:
    """Move `record.state` by compare-and-set, together with other changes.

    Raises WrongState when the record is not in one of the `frm` states, VersionConflict when it
    is but somebody else changed it first.
    """
    current = cast(Any, record).state
    seen = record.version if expected_version is None else expected_version
    if current not in frm and seen == record.version:
        raise WrongState(state=current)
    won = (
        _rows(type(record))
        .filter(**groups_of(record, changes))
        .filter(pk=record.pk, version=seen, state__in=list(frm))
        .update(version=seen + 1, state=to, **changes)
    )
    if not won:
        _explain_loss(record)
    return _changed(record, {**changes, "state": to, "version": seen + 1})


def insert_missing(rows: Sequence[M]) -> None:
    """Insert rows whose unique key this unit looked for and did not find.

    On MongoDB another unit may have committed the same key since; then this one is run again and
    finds it. On SQLite units follow each other, so a double is a mistake of the program.
    """
    if not rows:
        return
    try:
        type(rows[0])._default_manager.bulk_create(rows)
    except IntegrityError as error:
        if connection.vendor != "mongodb":
            raise
        raise StartAgain() from error


def _changed(record: R, values: dict[str, Any]) -> R:
    """Let the object in memory follow its row; should the unit fail, back again."""
    before = {name: getattr(record, name) for name in values}
    on_rollback(lambda: _set(record, before))
    _set(record, values)
    return record


def _set(record: Record, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)


def _rows(model: type[R]) -> Manager[R]:
    return cast("Manager[R]", cast(Any, model)._default_manager)


def _explain_loss(record: Record) -> None:
    if not _rows(type(record)).filter(pk=record.pk).exists():
        raise NotFound()
    raise VersionConflict()
