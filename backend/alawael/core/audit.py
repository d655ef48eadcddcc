"""The audit trail: appended in the unit of every change, then sealed into a hash chain.

Chaining in the unit itself would make one row the bottleneck of all writers on MongoDB, so the
worker seals committed events in batches; a seal fixes each event's content and its sequence.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.db import models

from alawael.core.actors import Actor
from alawael.core.models import AuditEvent, AuditSeal
from alawael.core.money import plain
from alawael.core.unit_of_work import in_unit, unit_of_work

GENESIS = "0" * 64
BATCH = 500


def record(
    what: models.Model,
    action: str,
    *,
    by: Actor,
    at: datetime,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Note in the audit trail that `by` did `action` to a record.

    `changes` is {"field": [old, new]} or a few facts. Call it inside the unit of the change;
    raises RuntimeError outside of one, because a change and its audit row commit together.
    """
    if not in_unit():
        raise RuntimeError("An audit event belongs into the unit of work of its change.")
    AuditEvent.objects.create(
        at=at,
        actor_id=by.actor_id,
        actor_name=by.actor_name,
        action=action,
        record_type=what._meta.label_lower,
        record_id=what.pk,
        changes=jsonable(dict(changes or {})),
    )


def record_many(
    events: Iterable[tuple[models.Model, Mapping[str, Any]]],
    action: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Note that `by` did `action` to many records, in few queries; for imports.

    Each event is a record and its changes, as `record` takes them. Inside the unit of the change.
    """
    if not in_unit():
        raise RuntimeError("An audit event belongs into the unit of work of its change.")
    AuditEvent.objects.bulk_create(
        (
            AuditEvent(
                at=at,
                actor_id=by.actor_id,
                actor_name=by.actor_name,
                action=action,
                record_type=what._meta.label_lower,
                record_id=what.pk,
                changes=jsonable(dict(changes)),
            )
            for what, changes in events
        ),
        batch_size=BATCH,
    )


def difference(before: models.Model, changes: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What really changes: {"field": [old, new]} for the values that differ."""
    return {
        name: [getattr(before, name), new]
        for name, new in changes.items()
        if getattr(before, name) != new
    }


def jsonable(value: Any) -> Any:
    """A value as JSON keeps it, equal on both engines."""
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [jsonable(item) for item in value]
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, UUID | date):
        return str(value)
    if isinstance(value, models.Model):
        return str(value.pk)
    return value


def seal_next(*, at: datetime) -> int:
    """Seal the oldest unsealed events; return how many were sealed.

    Two workers that seal at once collide on the seal's number: one commits, the other raises
    IntegrityError and simply comes again.
    """
    return _seal(at)


@unit_of_work
def _seal(at: datetime) -> int:
    events = list(AuditEvent.objects.filter(seal__isnull=True).order_by("id")[:BATCH])
    if not events:
        return 0
    last = AuditSeal.objects.order_by("-number").first()
    previous = last.hash if last else GENESIS
    links = [[str(event.pk), digest(event)] for event in events]
    seal = AuditSeal(
        number=last.number + 1 if last else 1,
        first_sequence=last.first_sequence + len(last.events) if last else 1,
        events=links,
        previous_hash=previous,
        hash=link_hash(previous, links),
        sealed_at=at,
    )
    seal.save(force_insert=True)
    AuditEvent.objects.filter(pk__in=[event.pk for event in events]).update(seal=seal.number)
    return len(events)


def digest(event: AuditEvent) -> str:
    """SHA-256 (hex) of an event's content in canonical JSON."""
    content = [
        str(event.pk),
        _moment(event.at),
        str(event.actor_id),
        event.actor_name,
        event.action,
        event.record_type,
        str(event.record_id),
        event.changes,
    ]
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def link_hash(previous: str, links: list[list[str]]) -> str:
    """SHA-256 (hex) that ties a batch of event digests to the seal before it."""
    return hashlib.sha256(previous.encode() + orjson.dumps(links)).hexdigest()


def broken_links() -> Iterator[str]:
    """Every contradiction in the chain, as a sentence; nothing when the trail is whole."""
    previous, sequence, number = GENESIS, 1, 0
    for seal in AuditSeal.objects.order_by("number").iterator(chunk_size=20):
        number += 1
        if seal.number != number:
            yield f"Seal {number} is missing."
            number = seal.number
        if seal.previous_hash != previous or seal.first_sequence != sequence:
            yield f"Seal {seal.number} does not continue the one before it."
        if link_hash(seal.previous_hash, seal.events) != seal.hash:
            yield f"Seal {seal.number} was altered."
        yield from _broken_events(seal)
        previous, sequence = seal.hash, seal.first_sequence + len(seal.events)
    beyond = AuditEvent.objects.filter(seal__gt=number).count()
    if beyond:
        yield f"{beyond} events claim seals that do not exist."


def _broken_events(seal: AuditSeal) -> Iterator[str]:
    found = {str(event.pk): event for event in AuditEvent.objects.filter(seal=seal.number)}
    for offset, (event_id, expected) in enumerate(seal.events):
        event = found.pop(event_id, None)
        if event is None:
            yield f"Audit event {seal.first_sequence + offset} is missing."
        elif digest(event) != expected:
            yield f"Audit event {seal.first_sequence + offset} was altered."
    for event_id in found:
        yield f"Audit event {event_id} was slipped into seal {seal.number}."


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds")
