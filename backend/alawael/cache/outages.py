"""What machines tell each other through the database: who changes data unheard, what era counts.

The row of an outage is written past Django, so that it is part of an open SQLite transaction and
stands outside of a MongoDB one (where it is seen before the commit), and so that writing it is not
itself a change to be announced.
"""

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, OperationalError, connection

from alawael.cache import watch
from alawael.cache.models import Era, Outage
from alawael.core.ids import new_id

_TABLE = Outage._meta.db_table
_ERAS = Era._meta.db_table
_NO_TABLE = "no such table"


def declare(machine: str, *, since: datetime, until: datetime) -> None:
    """Say that this machine changes data unheard. Before the first migration nobody reads any."""
    if connection.vendor == "mongodb":
        row = {"id": new_id().hex, "machine": machine, "since": since, "until": until}
        with watch.unwatched():
            database = connection.get_database()  # type: ignore[attr-defined]
            if database.list_collection_names(filter={"name": _TABLE}):
                database[_TABLE].insert_one(row)
        return
    connection.ensure_connection()
    said = f'INSERT INTO "{_TABLE}" ("id", "machine", "since", "until") VALUES (?, ?, ?, ?)'  # noqa: S608 - our own table
    try:
        connection.connection.execute(said, (new_id().hex, machine, _text(since), _text(until)))
    except sqlite3.OperationalError as error:
        if _NO_TABLE not in str(error):
            raise


def all_declared() -> list[tuple[Any, datetime]]:
    """Every row, with the moment it counts until."""
    return list(Outage.objects.values_list("pk", "until"))


def declared_until(machine: str) -> datetime | None:
    """How long this machine's rows count; None when it has none.

    On MongoDB this is asked while the driver tells of a commit, so it must not use its session.
    """
    if connection.vendor == "mongodb":
        with watch.unwatched():
            rows = connection.get_database()[_TABLE]  # type: ignore[attr-defined]
            found = rows.find_one({"machine": machine}, sort=[("until", -1)])
        return found["until"].replace(tzinfo=UTC) if found else None
    asked = Outage.objects.filter(machine=machine).order_by("-until")
    try:
        return asked.values_list("until", flat=True).first()
    except OperationalError as error:
        if _NO_TABLE not in str(error):
            raise
        return None


def declared_by(machine: str) -> list[Any]:
    return list(Outage.objects.filter(machine=machine).values_list("pk", flat=True))


def withdraw(rows: Iterable[Any]) -> None:
    Outage.objects.filter(pk__in=list(rows)).delete()


def era() -> str:
    """The era that counts; empty while there is none. Like `declared_until` in what it may use."""
    if connection.vendor == "mongodb":
        with watch.unwatched():
            found = connection.get_database()[_ERAS].find_one({"only": True})  # type: ignore[attr-defined]
        return str(found["name"]) if found else ""
    try:
        return Era.objects.values_list("name", flat=True).first() or ""
    except OperationalError as error:
        if _NO_TABLE not in str(error):
            raise
        return ""


def begin_era(name: str, *, over: str) -> bool:
    """Let another era count than `over`; False when somebody else was faster."""
    with watch.unwatched():
        if over:
            return Era.objects.filter(name=over).update(name=name) == 1
        try:
            Era.objects.create(name=name)
        except IntegrityError:
            return False
        return True


def _text(moment: datetime) -> str:
    """As Django keeps a moment in SQLite."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
