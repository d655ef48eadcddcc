"""Sees every statement on its way to the database, on both engines, whoever wrote it.

It notes what a request reads, so that its answer knows what it hangs on, and announces what is
about to be committed. This happens where Django meets the driver: bulk updates, raw SQL, the
worker and the command line pass here like everybody else.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import local
from typing import Any, Protocol

from pymongo import monitoring

from alawael.cache.tags import every_write, mongo_reads, mongo_writes, plan_of


class Announcer(Protocol):
    """Whoever must hear of a change before it happens, and when it is over."""

    def begin(self, cells: set[int]) -> Any: ...

    def finish(self, change: Any) -> None: ...

    def doubt(self, change: Any) -> None: ...


class _Here(local):
    """What this thread is doing."""

    def __init__(self) -> None:
        self.reads: set[int] | None = None
        self.looks_away = False
        #: Written in the open transaction of each connection, by its identity.
        self.written: dict[Any, set[int]] = {}
        #: MongoDB: changes under way, by the driver's request.
        self.open: dict[int, Any] = {}
        #: MongoDB: changes whose commit nobody knows the end of, by their transaction.
        self.doubted: dict[Any, Any] = {}


_here = _Here()
_announcer: Announcer | None = None


def announce_to(announcer: Announcer | None) -> None:
    """Tell somebody of every change from now on; None ends it."""
    global _announcer
    _announcer = announcer


@contextmanager
def recording() -> Iterator[set[int]]:
    """Collect the cells that this thread reads meanwhile."""
    outer, _here.reads = _here.reads, set()
    try:
        yield _here.reads
    finally:
        _here.reads = outer


@contextmanager
def unwatched() -> Iterator[None]:
    """What this thread does meanwhile is the cache's own business."""
    outer, _here.looks_away = _here.looks_away, True
    try:
        yield
    finally:
        _here.looks_away = outer


# SQLite


def sql_statement(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Django calls this around every statement (an execute wrapper)."""
    plan = plan_of(sql)
    if plan.kind == "nothing" or _here.looks_away:
        return execute(sql, params, many, context)
    cells = plan.cells(params if isinstance(params, list | tuple) and not many else ())
    if plan.kind == "read":
        if _here.reads is not None:
            _here.reads |= cells
        return execute(sql, params, many, context)
    connection = context["connection"]
    if connection.in_atomic_block or not connection.autocommit:
        _here.written.setdefault(id(connection), set()).update(cells)
        return execute(sql, params, many, context)
    with _announced(cells):
        return execute(sql, params, many, context)


@contextmanager
def commit_of(connection: Any) -> Iterator[None]:
    """Around the commit of a connection."""
    written = _here.written.pop(id(connection), None)
    if not written:
        yield
        return
    with _announced(written):
        yield


def forget(connection: Any) -> None:
    """The connection's transaction was rolled back."""
    _here.written.pop(id(connection), None)


@contextmanager
def _announced(cells: set[int]) -> Iterator[None]:
    announcer = _announcer
    if announcer is None:
        yield
        return
    change = announcer.begin(every_write(cells))
    try:
        yield
    finally:
        announcer.finish(change)


# MongoDB


class MongoWatch(monitoring.CommandListener):
    """The driver calls this around every command, in the thread that sends it."""

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        name, command = event.command_name, event.command
        if _here.looks_away:
            return
        if name == "commitTransaction":
            self._begin_commit(event)
        elif name == "abortTransaction":
            _here.written.pop(_transaction(command), None)
        elif (cells := mongo_writes(name, command)) is not None:
            if "autocommit" in command:
                _here.written.setdefault(_transaction(command), set()).update(cells)
            elif _announcer is not None:
                _here.open[event.request_id] = _announcer.begin(every_write(cells)), None
        elif _here.reads is not None and (cells := mongo_reads(name, command)) is not None:
            _here.reads |= cells

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        change, _ = _here.open.pop(event.request_id, (None, None))
        if change is not None and _announcer is not None:
            _announcer.finish(change)

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        change, transaction = _here.open.pop(event.request_id, (None, None))
        if change is None or _announcer is None:
            return
        if _surely_did_nothing(event.failure, is_commit=transaction is not None):
            _announcer.finish(change)
            return
        # The line broke: the server may have done it, or may still do it. The driver asks again.
        _announcer.doubt(change)
        if transaction is not None:
            _here.doubted[transaction] = change

    @staticmethod
    def _begin_commit(event: monitoring.CommandStartedEvent) -> None:
        if _announcer is None:
            return
        transaction = _transaction(event.command)
        change = _here.doubted.pop(transaction, None)
        if change is None and (written := _here.written.pop(transaction, None)):
            change = _announcer.begin(every_write(written))
        if change is not None:
            _here.open[event.request_id] = change, transaction


def _transaction(command: Any) -> Any:
    """What tells one transaction from another: its session and number."""
    return bytes(command["lsid"]["id"]), int(command["txnNumber"])


def _surely_did_nothing(failure: Any, *, is_commit: bool) -> bool:
    """Whether the server said no, rather than nothing at all."""
    if not is_commit:
        return "code" in failure
    return "TransientTransactionError" in failure.get("errorLabels", ())
