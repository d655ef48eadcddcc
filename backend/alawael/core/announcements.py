"""Telling upwards: a row written with the change, handed to listeners after the commit."""

import logging
import random
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from alawael.core.audit import jsonable
from alawael.core.models import Announcement
from alawael.core.unit_of_work import in_unit, unit_of_work

Listener = Callable[[dict[str, Any]], None]
log = logging.getLogger(__name__)

#: How long one delivery may take before another worker may try it.
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 10
_listeners: defaultdict[str, list[Listener]] = defaultdict(list)


def announce(topic: str, *, at: datetime, **payload: Any) -> None:
    """Tell the listeners of `topic` after the commit. Payloads carry ids, not objects.

    What was rolled back is never told; what was committed is told at least once, so a listener
    must bear hearing it twice.
    """
    if not in_unit():
        raise RuntimeError("An announcement belongs into the unit of work of its change.")
    if topic not in _listeners:
        return
    Announcement.objects.create(topic=topic, payload=jsonable(payload), at=at, next_at=at)


def listen(topic: str) -> Callable[[Listener], Listener]:
    """Register a listener; domains do this in their jobs.py."""

    def register(listener: Listener) -> Listener:
        _listeners[topic].append(listener)
        return listener

    return register


def deliver_next(*, at: datetime) -> bool:
    """Hand the oldest due announcement to its listeners. False when none is due."""
    due = Announcement.objects.filter(delivered_at=None, dead_at=None, next_at__lte=at)
    announcement = due.order_by("next_at", "id").first()
    if announcement is None:
        return False
    if not _claim(announcement, at):
        return True  # another worker was first
    try:
        for listener in _listeners[announcement.topic]:
            listener(announcement.payload)
    except Exception as error:  # a listener's failure must not stop the others' news
        log.exception("announcement_failed", extra={"topic": announcement.topic})
        _put_back(announcement, at, error)
    else:
        _mark_delivered(announcement, at)
    return True


@unit_of_work
def _claim(announcement: Announcement, at: datetime) -> bool:
    return bool(
        Announcement.objects.filter(
            pk=announcement.pk, attempts=announcement.attempts, delivered_at=None
        ).update(attempts=F("attempts") + 1, next_at=at + LEASE)
    )


@unit_of_work
def _mark_delivered(announcement: Announcement, at: datetime) -> None:
    Announcement.objects.filter(pk=announcement.pk).update(delivered_at=at)


@unit_of_work
def _put_back(announcement: Announcement, at: datetime, error: Exception) -> None:
    attempts = announcement.attempts + 1
    given_up = attempts >= MOST_ATTEMPTS
    Announcement.objects.filter(pk=announcement.pk).update(
        next_at=at + backoff(attempts),
        dead_at=at if given_up else None,
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


def backoff(attempts: int) -> timedelta:
    """Wait 2, 4, 8 … seconds up to an hour, give or take half, before the next try."""
    seconds = min(3600.0, 2.0**attempts)
    return timedelta(seconds=seconds * random.uniform(0.5, 1.5))  # noqa: S311 - jitter
