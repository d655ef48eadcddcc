"""Periodic work: a slot fires once, whichever of the workers comes first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from alawael.core.models import Schedule
from alawael.core.unit_of_work import unit_of_work


@dataclass(frozen=True)
class _Periodic:
    every: timedelta
    function: Callable[[datetime], None]


_periodic: dict[str, _Periodic] = {}


def every(
    period: timedelta, *, key: str
) -> Callable[[Callable[[datetime], None]], Callable[[datetime], None]]:
    """Call a function once per period; it gets the moment and usually enqueues a job."""

    def register(function: Callable[[datetime], None]) -> Callable[[datetime], None]:
        _periodic[key] = _Periodic(period, function)
        return function

    return register


def fire_due(*, at: datetime) -> int:
    """Fire every slot that is due and not yet taken by another worker; return how many."""
    return sum(_fire(key, periodic, at) for key, periodic in _periodic.items())


@unit_of_work
def _fire(key: str, periodic: _Periodic, at: datetime) -> bool:
    schedule = Schedule.objects.filter(key=key).first()
    if schedule is None:
        Schedule.objects.create(key=key, next_at=at + periodic.every)
        return False
    if schedule.next_at > at:
        return False
    won = Schedule.objects.filter(pk=schedule.pk, next_at=schedule.next_at).update(
        next_at=at + periodic.every
    )
    if won:
        periodic.function(at)
    return bool(won)
