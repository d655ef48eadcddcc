"""How the program is doing, as the people and proxies that watch it need to know."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Literal
from uuid import UUID

import psutil
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import QuerySet

from alawael.accounts.models import User
from alawael.cache import runtime
from alawael.core import audit
from alawael.core.models import Announcement, AuditEvent, Job, JobState, Schedule

#: The schedule by which a worker shows that it lives; `jobs.py` fires it.
PULSE = "operations.pulse"
PULSE_PERIOD = timedelta(seconds=15)
STARTED = time.monotonic()


@dataclass(frozen=True)
class Health:
    """The runbook's five fields, and what an operator asks next."""

    status: Literal["ok", "degraded", "down"]
    database: Literal["connected", "unreachable"]
    cache: Literal["operational", "degraded", "disabled"]
    uptime: str
    memory: str
    environment: str
    engine: str
    worker: Literal["working", "silent"]
    jobs_waiting: int
    dead_letters: int
    milliseconds: float


def health(*, at: datetime) -> Health:
    """Everything at once; never raises: a dead database is an answer too."""
    began = time.perf_counter()
    try:
        worker_alive = _worker_alive(at)
        waiting = Job.objects.filter(state=JobState.READY, run_at__lte=at).count()
        dead = (
            Job.objects.filter(state=JobState.FAILED).count()
            + Announcement.objects.filter(dead_at__isnull=False).count()
        )
        connected = True
    except Exception:  # whatever the driver raises, the answer is "unreachable"
        connected, worker_alive, waiting, dead = False, False, 0, 0
    cache = runtime.state()
    well = worker_alive and cache != "degraded"
    status: Literal["ok", "degraded", "down"] = "ok" if well else "degraded"
    return Health(
        status=status if connected else "down",
        database="connected" if connected else "unreachable",
        cache=cache,
        uptime=f"{time.monotonic() - STARTED:.0f}s",
        memory=f"{psutil.Process().memory_info().rss / 1e6:.0f}Mb",
        environment=settings.ENVIRONMENT,
        engine="mongodb" if connection.vendor == "mongodb" else "sqlite",
        worker="working" if worker_alive else "silent",
        jobs_waiting=waiting,
        dead_letters=dead,
        milliseconds=round((time.perf_counter() - began) * 1000, 1),
    )


def unready_because() -> str | None:
    """Why this process should get no traffic yet; None when it is ready."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "The database is not migrated."
    except Exception as error:  # an unreachable database is the reason itself
        return f"The database does not answer ({type(error).__name__})."
    return None


def _worker_alive(at: datetime) -> bool:
    pulse = Schedule.objects.filter(key=PULSE).first()
    return pulse is not None and pulse.next_at > at - 2 * PULSE_PERIOD


def jobs() -> QuerySet[Job]:
    return Job.objects.all()


@dataclass(frozen=True)
class AuditProof:
    """Whether the audit trail is whole, and how much of it is sealed."""

    holds: bool
    contradictions: list[str]
    sealed: int
    waiting: int


def audit_proof() -> AuditProof:
    contradictions = list(islice(audit.broken_links(), 50))
    waiting = AuditEvent.objects.filter(seal__isnull=True).count()
    sealed = AuditEvent.objects.count() - waiting
    return AuditProof(not contradictions, contradictions, sealed, waiting)


def audit_events() -> QuerySet[AuditEvent]:
    return AuditEvent.objects.all()


def names_of_users(ids: set[str]) -> dict[str, str]:
    """Names by id, for those of the texts that are ids of users; the others are addresses."""
    users = User.objects.filter(pk__in=[known for one in ids if (known := _uuid(one))])
    return {str(user.pk): user.actor_name for user in users}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
