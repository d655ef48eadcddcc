"""Imports at work in the background: check, run and undo."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django_tasks import task

from alawael.core import job_queue
from alawael.core.actors import SYSTEM, Actor
from alawael.core.claims import WrongState
from alawael.core.clock import business_day, now
from alawael.core.errors import Refusal, Text, VersionConflict
from alawael.core.job_queue import JobHandle
from alawael.core.models import Job, JobState
from alawael.core.schedules import every
from alawael.core.unit_of_work import unit_of_work
from alawael.exchange import queries, reversals, services, tables  # noqa: F401 - reversals register
from alawael.exchange.chunks import Crossing, Overtaken
from alawael.exchange.models import BUSY, Import, ImportState
from alawael.exchange.profiles import profile_called
from alawael.exchange.profiles.base import Phase, Profile, Session
from alawael.exchange.staging import Sorted, Staging, on_disk, staged
from alawael.exchange.tables import Shape, SourceRow
from alawael.exchange.undoing import Retreat
from alawael.files.queries import open_file

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Author:
    """Somebody who started an import, remembered by the job that carries it out."""

    actor_id: UUID
    actor_name: str


@unit_of_work
def start_check(batch: Import, *, expected_version: int | None, by: Actor, at: datetime) -> Import:
    """Queue a check. Raises as `services.begin_check` does."""
    job = _queue(check, batch, by)
    return services.begin_check(batch, job=job.pk, expected_version=expected_version, by=by, at=at)


@unit_of_work
def start_run(batch: Import, *, expected_version: int | None, by: Actor, at: datetime) -> Import:
    """Queue the run. Raises as `services.begin_run` does."""
    job = _queue(run, batch, by)
    return services.begin_run(batch, job=job.pk, expected_version=expected_version, by=by, at=at)


@unit_of_work
def start_undo(batch: Import, *, expected_version: int | None, by: Actor, at: datetime) -> Import:
    """Queue the undo. Raises as `services.begin_undo` does."""
    job = _queue(undo, batch, by)
    return services.begin_undo(batch, job=job.pk, expected_version=expected_version, by=by, at=at)


def _queue(what: Any, batch: Import, by: Actor) -> Job:
    return job_queue.enqueue(
        what, import_id=batch.pk, author_id=by.actor_id, author_name=by.actor_name
    )


@unit_of_work
def stop(batch: Import, *, expected_version: int | None, by: Actor, at: datetime) -> Import:
    """Cancel the import and the job that works on it. Raises as `services.cancel` does."""
    job = Job.objects.filter(pk=batch.job).first() if batch.job and batch.is_busy else None
    services.cancel(batch, expected_version=expected_version, by=by, at=at)
    if job is not None:
        job_queue.cancel(job, at=at)
    return batch


@task()
def check(import_id: str, author_id: str, author_name: str) -> None:
    """Rehearse the import of every row."""
    _cross(import_id, Author(UUID(author_id), author_name))


@task()
def run(import_id: str, author_id: str, author_name: str) -> None:
    """Import every row."""
    _cross(import_id, Author(UUID(author_id), author_name))


@task()
def undo(import_id: str, author_id: str, author_name: str) -> None:
    """Take back what an import has made."""
    by = Author(UUID(author_id), author_name)

    def retreat(batch: Import, job: JobHandle) -> None:
        back = Retreat(batch, by=by, fence=job.fence)
        job.progress(batch.done, batch.total)
        while back.next_chunk(at=(moment := now()), on=business_day(moment)):
            job.progress(back.done, batch.total)

    _at_work(import_id, by, retreat)


def _cross(import_id: str, by: Actor) -> None:
    def cross(batch: Import, job: JobHandle) -> None:
        profile = profile_called(batch.profile)
        options = services.options_of(batch)
        session = Session(
            batch.headings,
            batch.mapping,
            options,
            by=by,
            at=now(),
            rehearsing=batch.state == ImportState.CHECKING,
        )
        with staged() as staging:
            _stage(batch, profile, staging, session, lambda rows: job.progress(0, 0, f"{rows}"))
            crossing = Crossing(batch, profile, staging, session, fence=job.fence)
            crossing.prepare()
            while crossing.next_chunk(at=now()):
                job.progress(crossing.here.done, staging.rows)

    _at_work(import_id, by, cross)


def _stage(
    batch: Import,
    profile: Profile,
    staging: Staging,
    session: Session,
    during: Callable[[int], None],
) -> None:
    def sorter(phase: Phase) -> Callable[[SourceRow], Sorted | None]:
        return lambda row: phase.sort(row, session)

    with on_disk(open_file(batch.file_id)) as path:
        rows = tables.rows(path, Shape(**batch.shape))
        staging.fill(rows, {phase.key: sorter(phase) for phase in profile.phases}, during)
    profile.foresee(staging.every_row(), session)


def _at_work(import_id: str, by: Actor, body: Callable[[Import, JobHandle], None]) -> None:
    """Let the running job work on its import, and finish or fail the import at the end."""
    job = job_queue.current_job()
    if job is None:
        raise RuntimeError("An import is carried out by a job.")
    batch = queries.import_called(UUID(import_id))
    if batch.job != job.id or not batch.is_busy:
        return
    try:
        body(batch, job)
        services.finish(batch, by=by, at=now())
    except (Overtaken, WrongState, VersionConflict):
        log.info("import_stopped", extra={"import": import_id})
    except Refusal as refusal:
        why = Text(refusal.sentence("en"), refusal.sentence("ar"))
        services.fail(batch, why=why, by=by, at=now())


_GAVE_UP = Text(
    "The background job gave up. An administrator finds its reason among the jobs.",
    "توقفت المهمة في الخلفية. يجد مدير النظام السبب في قائمة المهام.",
)


@every(timedelta(minutes=1), key="exchange.notice_failed_jobs")
def notice_failed_jobs(at: datetime) -> None:
    """An import whose job died for good must not look busy for ever."""
    for batch in Import.objects.filter(state__in=BUSY):
        if batch.job and Job.objects.filter(pk=batch.job, state=JobState.FAILED).exists():
            services.fail(batch, why=_GAVE_UP, by=SYSTEM, at=at)
