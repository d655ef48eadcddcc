"""The rows by which a machine says, in the database, that it changes data unheard.

They are written past Django, so that the row is part of an open SQLite transaction and stands
outside of a MongoDB one (where it is seen before the commit), and so that writing it is not itself
a change to be announced.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from alawael.cache import watch
from alawael.cache.models import Outage
from alawael.core.ids import new_id

_TABLE = Outage._meta.db_table


def declare(machine: str, *, since: datetime, until: datetime) -> None:
    if connection.vendor == "mongodb":
        row = {"id": new_id().hex, "machine": machine, "since": since, "until": until}
        with watch.unwatched():
            connection.get_database()[_TABLE].insert_one(row)  # type: ignore[attr-defined]
        return
    connection.ensure_connection()
    said = f'INSERT INTO "{_TABLE}" ("id", "machine", "since", "until") VALUES (?, ?, ?, ?)'  # noqa: S608 - our own table
    connection.connection.execute(said, (new_id().hex, machine, _text(since), _text(until)))


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
    return asked.values_list("until", flat=True).first()


def declared_before(machine: str, moment: datetime) -> list[Any]:
    rows = Outage.objects.filter(machine=machine, since__lte=moment)
    return list(rows.values_list("pk", flat=True))


def withdraw(rows: Iterable[Any]) -> None:
    Outage.objects.filter(pk__in=list(rows)).delete()


def _text(moment: datetime) -> str:
    """As Django keeps a moment in SQLite."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
