"""Empty tables between tests, on MongoDB only those that the test wrote to.

A command costs the test server milliseconds, and there are far more tables than a test writes.
"""

import sys
from typing import Any

from django.apps import apps
from django.db import connection
from pymongo import monitoring

WRITES = ("insert", "update", "delete", "findAndModify", "bulkWrite")


class _Writes(monitoring.CommandListener):
    """Which collections this process wrote to, and whether another process may have written."""

    def __init__(self) -> None:
        self.collections: set[str] = set()
        self.others_may_have_written = True  # nobody knows what was there before the first test
        sys.addaudithook(self._note_process)

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name in WRITES:
            self.collections.add(str(event.command[event.command_name]))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass

    def _note_process(self, event: str, _: tuple[Any, ...]) -> None:
        if event in ("subprocess.Popen", "os.fork", "os.posix_spawn"):
            self.others_may_have_written = True


_writes = _Writes()


def watch_writes() -> None:
    """Note what is written from now on. Call it before the first connection is made."""
    monitoring.register(_writes)


def empty_what_was_written() -> None:
    """Leave no row of our models behind."""
    tables = {model._meta.db_table for model in apps.get_models()}
    if connection.vendor == "mongodb":
        _empty_collections(tables)
    else:
        _empty_tables(tables)


def _empty_collections(tables: set[str]) -> None:
    written = tables if _writes.others_may_have_written else tables & _writes.collections
    for name in written:
        connection.database[name].delete_many({})  # type: ignore[attr-defined]
    _writes.collections.clear()
    _writes.others_may_have_written = False


def _empty_tables(tables: set[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")
        for name in tables & set(connection.introspection.table_names(cursor)):
            cursor.execute(f'DELETE FROM "{name}"')  # noqa: S608 - our own table names
        cursor.execute("PRAGMA foreign_keys=ON")
