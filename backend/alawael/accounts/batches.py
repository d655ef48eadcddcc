"""Many changes of users at once: all of them, or none."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Literal, TypeVar
from uuid import UUID

from alawael.accounts.services import (
    Entry,
    UserOutcome,
    create_user_with,
    entry_for,
    update_user,
)
from alawael.core.actors import Actor
from alawael.core.errors import FieldError, Invalid, Refusal, Text, one_error
from alawael.core.unit_of_work import unit_of_work

T = TypeVar("T")


class BatchRefused(Invalid):
    code = "batch_refused"
    message = Text(
        "Nothing was changed, because some rows were refused.",
        "لم يتغير شيء لأن بعض الصفوف رُفضت.",
    )


@dataclass(frozen=True)
class UserOperation:
    """One row of a batch."""

    op: Literal["create", "update", "deactivate"]
    id: UUID | None = None
    version: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


def change_users(
    operations: Sequence[UserOperation], *, by: Actor, authority: Iterable[str], at: datetime
) -> list[UserOutcome]:
    """Carry out every operation, or none of them.

    Raises BatchRefused, whose errors name every refused row at "/operations/<index>/…".
    """
    refused: list[FieldError] = []
    entries: dict[int, Entry] = {}
    for index, operation in enumerate(operations):
        if operation.op == "create":
            entry = _tried(index, refused, partial(_entry_for, operation.values))
            if entry:
                entries[index] = entry
    return _change_users(operations, entries, refused, by=by, authority=authority, at=at)


@unit_of_work
def _change_users(
    operations: Sequence[UserOperation],
    entries: Mapping[int, Entry],
    refused_before: Sequence[FieldError],
    *,
    by: Actor,
    authority: Iterable[str],
    at: datetime,
) -> list[UserOutcome]:
    refused = list(refused_before)
    outcomes: list[UserOutcome] = []
    for index, operation in enumerate(operations):
        entry = entries.get(index)
        if operation.op == "create" and entry is None:
            continue
        carry_out = partial(_carry_out, operation, entry, by=by, authority=authority, at=at)
        outcome = _tried(index, refused, carry_out)
        if outcome:
            outcomes.append(outcome)
    if refused:
        raise BatchRefused(errors=refused)
    return outcomes


def _carry_out(
    operation: UserOperation,
    entry: Entry | None,
    *,
    by: Actor,
    authority: Iterable[str],
    at: datetime,
) -> UserOutcome:
    if entry is not None:
        new = {**operation.values, "must_change_password": True}
        new.pop("password", None)
        return create_user_with(new, entry, by=by, authority=authority, at=at)
    if operation.id is None:
        raise one_error("/id", "missing", Text("Say which user.", "حدّد المستخدم."))
    if "password" in operation.values:
        raise one_error(
            "/values/password",
            "not_here",
            Text("Reset a password on its own.", "أعد تعيين كلمة المرور على حدة."),
        )
    values = operation.values if operation.op == "update" else {"is_active": False}
    changed = update_user(
        operation.id,
        values,
        expected_version=operation.version,
        by=by,
        authority=authority,
        at=at,
    )
    return UserOutcome(changed, None)


def _entry_for(values: Mapping[str, Any]) -> Entry:
    about = [values.get(name, "") for name in ("email", "name_en", "name_ar")]
    return entry_for(values.get("password"), about=about)


def _tried(index: int, refused: list[FieldError], work: Callable[[], T]) -> T | None:
    """What the work gives, or None and its refusal noted at its row."""
    try:
        return work()
    except Refusal as refusal:
        row = f"/operations/{index}"
        for error in refusal.errors:
            inside = "" if error.pointer in ("/id", "/values/password") else "/values"
            refused.append(FieldError(row + inside + error.pointer, error.code, error.message))
        if not refusal.errors:
            sentence = Text(refusal.sentence("en"), refusal.sentence("ar"))
            refused.append(FieldError(row, refusal.code, sentence))
        return None
