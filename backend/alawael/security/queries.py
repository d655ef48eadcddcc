"""What the security page asks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from alawael.security.models import Anomaly, EventKind, SecurityEvent

TOP = 10


@dataclass(frozen=True)
class Count:
    """How often something was seen at least."""

    key: str
    count: int


@dataclass(frozen=True)
class ThreatReport:
    """What happened in a span of time, by what it was, where it came from and whom it used."""

    kinds: list[Count]
    addresses: list[Count]
    users: list[Count]
    anomalies: list[Anomaly]


def events(
    *,
    kind: str | None = None,
    address: str | None = None,
    user_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[SecurityEvent]:
    """Events that touch the span from `since` to before `until`."""
    found = SecurityEvent.objects.all()
    wanted: dict[str, Any] = {
        "kind": kind,
        "address": address,
        "user_id": user_id,
        "last_at__gte": since,
        "first_at__lt": until,
    }
    return found.filter(**{name: value for name, value in wanted.items() if value is not None})


def threat_report(*, since: datetime, until: datetime) -> ThreatReport:
    """The summary of the security page, in four queries."""
    seen = events(since=since, until=until)
    told = Anomaly.objects.filter(at__gte=since, at__lt=until).order_by("-pk")
    kinds = dict(_counted(seen, "kind"))
    return ThreatReport(
        kinds=[Count(kind, kinds.get(kind, 0)) for kind in EventKind.values],
        addresses=_top(seen.exclude(address=""), "address"),
        users=_top(seen.exclude(user_id=None), "user_id"),
        anomalies=list(told[:50]),
    )


def _top(seen: QuerySet[SecurityEvent], name: str) -> list[Count]:
    return [Count(str(key), count) for key, count in _counted(seen, name)[:TOP]]


def _counted(seen: QuerySet[SecurityEvent], name: str) -> list[tuple[Any, int]]:
    rows = seen.values(name).annotate(total=Sum("count")).order_by("-total")[:200]
    return [(row[name], row["total"]) for row in rows]
