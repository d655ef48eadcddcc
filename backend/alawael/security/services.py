"""Keeping what was attempted, in bounds that no attacker can push."""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Sum

from alawael.core.announcements import announce
from alawael.core.ids import new_id
from alawael.core.unit_of_work import unit_of_work
from alawael.security.models import Anomaly, AnomalyRule, EventKind, SecurityEvent

#: Events that are alike become one row while no more than this lies between them.
ALIKE = timedelta(minutes=10)
KEPT = timedelta(days=90)
MOST_ROWS = 100_000
#: One process writes about one matter this often (seconds), and of all matters this many a second.
PAUSE = 5.0
MOST_WRITES = 20
_MATTERS = 2_000

#: What within ten minutes means something, and of whom or what it is counted.
WINDOW = timedelta(minutes=10)
AGAIN = timedelta(hours=1)
_RULES: dict[AnomalyRule, tuple[EventKind, str, int]] = {
    AnomalyRule.MANY_LOCKS: (EventKind.LOCKED, "", 5),
    AnomalyRule.TOKEN_REUSED: (EventKind.TOKEN_REUSED, "user_id", 1),
    AnomalyRule.TOKENS_FORGED: (EventKind.TOKEN_FORGED, "address", 10),
    AnomalyRule.PROBING: (EventKind.PERMISSION_REFUSED, "user_id", 30),
    AnomalyRule.GUESSING: (EventKind.SIGN_IN_REFUSED, "address", 30),
}


@dataclass(frozen=True)
class Matter:
    """What was attempted, from where and in whose name."""

    kind: EventKind
    address: str = ""
    user_id: UUID | None = None
    detail: str = ""


@dataclass
class _Pending:
    count: int = 0
    written: float = field(default=-PAUSE)


class Notebook:
    """Collects events of this process, so that a flood of them becomes a few writes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._matters: OrderedDict[Matter, _Pending] = OrderedDict()
        self._second, self._writes = 0, 0

    def note(self, matter: Matter, *, at: datetime) -> None:
        """Keep an event, now or together with the next ones like it."""
        count = self._due(matter)
        if count:
            keep(matter, count=count, at=at)

    def _due(self, matter: Matter) -> int:
        now = time.monotonic()
        with self._lock:
            pending = self._matters.setdefault(matter, _Pending())
            self._matters.move_to_end(matter)
            if len(self._matters) > _MATTERS:
                self._matters.popitem(last=False)
            pending.count += 1
            if now - pending.written < PAUSE or not self._may_write(int(now)):
                return 0
            count, pending.count, pending.written = pending.count, 0, now
            return count

    def _may_write(self, second: int) -> bool:
        if second != self._second:
            self._second, self._writes = second, 0
        self._writes += 1
        return self._writes <= MOST_WRITES


notebook = Notebook()


@unit_of_work
def keep(matter: Matter, *, count: int = 1, at: datetime) -> None:
    """Add to the row of events like this one, or begin a row."""
    alike = SecurityEvent.objects.filter(
        kind=matter.kind,
        address=matter.address,
        user_id=matter.user_id,
        detail=matter.detail,
        last_at__gte=at - ALIKE,
    )
    row = alike.order_by("-pk").values_list("pk", flat=True).first()
    if row is not None:
        SecurityEvent.objects.filter(pk=row).update(count=F("count") + count, last_at=at)
        return
    SecurityEvent.objects.create(
        id=new_id(),
        kind=matter.kind,
        address=matter.address,
        user_id=matter.user_id,
        detail=matter.detail[:120],
        first_at=at,
        last_at=at,
        count=count,
    )


@unit_of_work
def look_for_anomalies(*, at: datetime) -> list[Anomaly]:
    """Write down and announce what the events of the last minutes mean together."""
    found = []
    for rule, (kind, by, enough) in _RULES.items():
        recent = SecurityEvent.objects.filter(kind=kind, last_at__gt=at - WINDOW)
        for subject, total in _sums(recent, by):
            if total >= enough and not _told(rule, str(subject or ""), at):
                found.append(_tell(rule, str(subject or ""), total, at))
    return found


@unit_of_work
def forget_events(*, at: datetime) -> int:
    """Remove what is old, and the oldest when there are too many. Returns how many rows went."""
    gone = SecurityEvent.objects.filter(last_at__lt=at - KEPT).delete()[0]
    gone += Anomaly.objects.filter(at__lt=at - KEPT).delete()[0]
    newest = SecurityEvent.objects.order_by("-pk").values_list("pk", flat=True)
    first_too_many = newest[MOST_ROWS : MOST_ROWS + 1].first()
    if first_too_many is not None:
        gone += SecurityEvent.objects.filter(pk__lte=first_too_many).delete()[0]
    return gone


def _sums(recent: QuerySet[SecurityEvent], by: str) -> list[tuple[Any, int]]:
    """How often, for each value of a column; or altogether when none is named."""
    if not by:
        return [("", recent.aggregate(total=Sum("count"))["total"] or 0)]
    rows = recent.values(by).annotate(total=Sum("count")).order_by(by)
    return [(row[by], row["total"]) for row in rows]


def _told(rule: AnomalyRule, subject: str, at: datetime) -> bool:
    return Anomaly.objects.filter(rule=rule, subject=subject, at__gt=at - AGAIN).exists()


def _tell(rule: AnomalyRule, subject: str, count: int, at: datetime) -> Anomaly:
    anomaly = Anomaly.objects.create(id=new_id(), rule=rule, subject=subject, at=at, count=count)
    facts = {"anomaly": anomaly.pk, "rule": str(rule), "subject": subject, "count": count}
    announce("security.anomaly", at=at, **facts)
    return anomaly
