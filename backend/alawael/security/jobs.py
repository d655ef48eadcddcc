"""What the worker does for security: hears of locks and copied tokens, looks for patterns."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from alawael.core.announcements import listen
from alawael.core.clock import now
from alawael.core.schedules import every
from alawael.security.addresses import household
from alawael.security.models import EventKind
from alawael.security.services import Matter, forget_events, keep, look_for_anomalies


@listen("accounts.locked")
def note_lock(told: dict[str, Any]) -> None:
    keep(_matter(EventKind.LOCKED, told, detail=str(told.get("what", ""))), at=now())


@listen("accounts.token_reused")
def note_reuse(told: dict[str, Any]) -> None:
    keep(_matter(EventKind.TOKEN_REUSED, told), at=now())


@listen("accounts.new_device")
def note_device(told: dict[str, Any]) -> None:
    keep(_matter(EventKind.NEW_DEVICE, told), at=now())


@every(timedelta(minutes=1), key="security.look_for_anomalies")
def look(at: datetime) -> None:
    look_for_anomalies(at=at)


@every(timedelta(hours=1), key="security.forget_events")
def forget(at: datetime) -> None:
    forget_events(at=at)


def _matter(kind: EventKind, told: dict[str, Any], *, detail: str = "") -> Matter:
    address = str(told.get("ip") or "")
    return Matter(kind, household(address) if address else "", _user(told.get("user")), detail)


def _user(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
