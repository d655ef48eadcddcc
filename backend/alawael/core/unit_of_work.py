"""The only door to a transaction, on both engines.

SQLite: an IMMEDIATE transaction in WAL mode. MongoDB: the backend's own transaction (Django's
`atomic` does nothing there). A unit that loses against another one (write conflict, busy
database) is run again from its start, so its body must not have effects outside the database:
no network, no caught IntegrityError, no `get_or_create`.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import RLock, local
from typing import Any, ParamSpec, TypeVar

from django.db import DatabaseError, connection, transaction
from pymongo.errors import PyMongoError

from alawael.core.turns import turn

P = ParamSpec("P")
T = TypeVar("T")

#: How long a unit may go on losing, once it is its turn to try again, before its caller is told
#: (seconds). A fixed number of tries starves the last of many writers to one row.
PATIENCE = 20.0
LONGEST_PAUSE = 0.25
WRITE_CONFLICT = 112

_unit = local()
_losers = RLock()  # what follows a commit may be a unit that loses, too


class StartAgain(DatabaseError):
    """Raised inside a unit that saw older rows than it has to change: it is run again."""


class _RolledBack(Exception):
    """Carries the result out of a unit that must leave no trace."""

    def __init__(self, result: Any) -> None:
        self.result = result


def unit_of_work(function: Callable[P, T]) -> Callable[P, T]:
    """Run the function in one transaction: all of it is committed, or nothing.

    Inside another unit it simply joins. Whatever it raises rolls everything back.
    """

    @wraps(function)
    def in_one_unit(*args: P.args, **kwargs: P.kwargs) -> T:
        if in_unit():
            return function(*args, **kwargs)
        return _run(lambda: function(*args, **kwargs))

    return in_one_unit


def rehearse(function: Callable[[], T]) -> T:
    """Run a function in a unit of its own, take its result, and roll everything back.

    This is what `dry_run` does. Raises what the function raises.
    """
    if in_unit():
        raise RuntimeError("A rehearsal cannot start inside a unit of work.")

    def and_undo() -> T:
        raise _RolledBack(function())

    try:
        return _run(and_undo)
    except _RolledBack as undone:
        result: T = undone.result
        return result


def in_unit() -> bool:
    return getattr(_unit, "open", False)


def after_commit(function: Callable[[], None]) -> None:
    """Call the function once the open unit is committed; at once when there is none."""
    if in_unit():
        _unit.after.append(function)
    else:
        function()


def on_rollback(function: Callable[[], None]) -> None:
    """Call the function should the open unit fail, so that objects in memory follow the database.

    A unit that is run again must find its arguments as they were. A rehearsal is no failure: its
    result keeps what it would have become.
    """
    if in_unit():
        _unit.undo.append(function)


def before_commit(function: Callable[[], None]) -> None:
    """Call the function as the last thing inside the next units of this thread, until removed.

    Returns nothing; `forget_before_commit` ends it. Used by idempotency keys, which must be
    marked in the very transaction they guard.
    """
    _unit.before = function


def forget_before_commit() -> None:
    _unit.before = None


def _run(body: Callable[[], T]) -> T:
    try:
        return _once(body)
    except (DatabaseError, PyMongoError) as error:
        if not is_transient(error):
            raise
    # Losers of one process line up: fifty that all try again at once would only lose again.
    with _losers:
        return _again(body)


def _again(body: Callable[[], T]) -> T:
    deadline = time.monotonic() + PATIENCE
    attempt = 0
    while True:
        pause = min(LONGEST_PAUSE, 0.002 * 2**attempt)
        time.sleep(pause * random.uniform(0.3, 1.0))  # noqa: S311 - jitter, not a secret
        attempt += 1
        try:
            return _once(body)
        except (DatabaseError, PyMongoError) as error:
            if not is_transient(error) or time.monotonic() > deadline:
                raise


def _once(body: Callable[[], T]) -> T:
    _unit.open, _unit.after, _unit.undo = True, [], []
    try:
        with _transaction():
            result = body()
            if (before := getattr(_unit, "before", None)) is not None:
                before()
        followers = _unit.after
    except _RolledBack:
        raise
    except BaseException:
        for undo in reversed(_unit.undo):
            undo()
        raise
    finally:
        _unit.open, _unit.after, _unit.undo = False, [], []
    for follow in followers:
        follow()
    return result


@contextmanager
def _transaction() -> Iterator[None]:
    if connection.vendor == "mongodb":
        from django_mongodb_backend.transaction import atomic

        with atomic():
            yield
    else:
        with turn(str(connection.settings_dict["NAME"])), transaction.atomic():
            yield


def is_transient(error: BaseException | None) -> bool:
    """Whether the unit lost against another writer and may simply be run again."""
    while error is not None:
        if isinstance(error, StartAgain):
            return True
        if isinstance(error, PyMongoError):
            code = getattr(error, "code", None)
            if error.has_error_label("TransientTransactionError") or code == WRITE_CONFLICT:
                return True
        elif "database is locked" in str(error) or "database table is locked" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False
