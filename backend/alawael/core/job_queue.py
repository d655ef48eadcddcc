"""Background work through the django-tasks API, with leases, retries and a dead-letter place.

A job runs at least once: a worker that is killed leaves its lease to expire, then another worker
runs the job again. So a job must be able to continue, or to repeat itself without harm.
"""

import importlib
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django_tasks import TaskResult, TaskResultStatus
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task
from django_tasks.exceptions import TaskResultDoesNotExist

from alawael.core.announcements import backoff
from alawael.core.audit import jsonable
from alawael.core.clock import now
from alawael.core.errors import Refusal
from alawael.core.models import Job, JobState
from alawael.core.unit_of_work import unit_of_work

log = logging.getLogger(__name__)
CANDIDATES = 5

_STATUS = {
    JobState.READY: TaskResultStatus.READY,
    JobState.RUNNING: TaskResultStatus.RUNNING,
    JobState.DONE: TaskResultStatus.SUCCESSFUL,
    JobState.FAILED: TaskResultStatus.FAILED,
    JobState.CANCELLED: TaskResultStatus.FAILED,
}


class JobCancelled(Exception):
    """Somebody cancelled the job; its function should let this pass through."""


class JobInterrupted(Exception):
    """The worker is asked to stop; the job goes back to the queue and continues elsewhere."""


class LeaseLost(Exception):
    """Another worker has taken the job over; this one must not write any more."""


class LeasedBackend(BaseTaskBackend):
    """The `TASKS` backend: one row per job, claimed by compare-and-set, in the caller's unit."""

    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        self.validate_task(task)
        job = enqueue(task, *args, **kwargs)
        return _as_result(job, task, self.alias)

    def get_result(self, result_id: str) -> TaskResult[Any]:
        job = Job.objects.filter(pk=result_id).first()
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return _as_result(job, _task_at(job.task), self.alias)


@unit_of_work
def enqueue(
    task: Task[Any, Any],
    *args: Any,
    dedupe_key: str | None = None,
    max_attempts: int = 8,
    **kwargs: Any,
) -> Job:
    """Queue a job in the open unit of work, so that it exists exactly when the change does.

    With a `dedupe_key`, an unfinished job that holds the key is returned instead of a new one.
    """
    if dedupe_key is not None:
        waiting = Job.objects.filter(dedupe_key=dedupe_key).first()
        if waiting is not None:
            return waiting
    moment = now()
    return Job.objects.create(
        task=task.module_path,
        arguments={"args": jsonable(args), "kwargs": jsonable(kwargs)},
        queue=task.queue_name,
        priority=task.priority,
        dedupe_key=dedupe_key,
        enqueued_at=moment,
        run_at=task.run_after or moment,
        max_attempts=max_attempts,
    )


@dataclass
class JobHandle:
    """What a running job may do to its own row."""

    id: UUID
    worker: str
    attempt: int
    stopping: threading.Event

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Show how far the job is, and learn whether it should go on.

        Raises JobCancelled, JobInterrupted (worker stops) or LeaseLost (taken over).
        """
        if not _write(self, done=done, total=total, message=message[:300]):
            state = Job.objects.filter(pk=self.id).values_list("state", flat=True).first()
            raise JobCancelled if state == JobState.CANCELLED else LeaseLost
        if self.stopping.is_set():
            raise JobInterrupted

    def fence(self) -> None:
        """Inside a unit of work: claim the job's row, so that a worker which lost its lease fails.

        The lease is renewed with the unit: a job of many units in a row leaves its heartbeat no
        moment to write the same row. Raises LeaseLost, which rolls the unit back.
        """
        if not self._rows().update(lease_until=now() + lease()):
            raise LeaseLost

    def renew(self) -> None:
        """Prolong the lease, unless a unit of the job's own has done so within a heartbeat."""
        until = now() + lease()
        self._rows().filter(lease_until__lt=until - lease() / 3).update(lease_until=until)

    def _rows(self) -> Any:
        return Job.objects.filter(
            pk=self.id, worker=self.worker, attempts=self.attempt, state=JobState.RUNNING
        )


_current = threading.local()


def current_job() -> JobHandle | None:
    """The job that this thread runs, for a task function that reports progress."""
    return getattr(_current, "handle", None)


def run_next(*, worker: str, stopping: threading.Event | None = None) -> bool:
    """Claim and run the most urgent due job. False when there is none."""
    job = _claim_one(worker, now())
    if job is None:
        return False
    handle = JobHandle(job.pk, worker, job.attempts, stopping or threading.Event())
    with _heartbeat(handle):
        _run(job, handle)
    return True


def _claim_one(worker: str, at: datetime) -> Job | None:
    due = Q(state=JobState.READY, run_at__lte=at) | Q(state=JobState.RUNNING, lease_until__lt=at)
    for job in Job.objects.filter(due).order_by("-priority", "run_at", "id")[:CANDIDATES]:
        if job.attempts >= job.max_attempts:
            _bury(job, at)
        elif _claim(job, worker, at):
            return job
    return None


@unit_of_work
def _claim(job: Job, worker: str, at: datetime) -> bool:
    won = Job.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts).update(
        state=JobState.RUNNING,
        attempts=job.attempts + 1,
        worker=worker,
        lease_until=at + lease(),
        started_at=at,
    )
    if won:
        job.attempts += 1
    return bool(won)


@unit_of_work
def _bury(job: Job, at: datetime) -> None:
    """The last attempt ended without a word: its worker was killed."""
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts).update(
        state=JobState.FAILED,
        finished_at=at,
        dedupe_key=None,
        last_error="The worker stopped during the last attempt.",
    )


def _run(job: Job, handle: JobHandle) -> None:
    function: Callable[..., Any] = _task_at(job.task).func
    arguments = job.arguments
    _current.handle = handle
    try:
        result = function(*arguments.get("args", []), **arguments.get("kwargs", {}))
    except JobInterrupted:
        # Not a failure: the attempt does not count.
        _write(handle, state=JobState.READY, attempts=handle.attempt - 1, lease_until=None)
    except LeaseLost:
        log.warning("job_lease_lost", extra={"job": str(job.pk)})
    except JobCancelled:
        log.info("job_cancelled", extra={"job": str(job.pk)})
    except Exception as error:
        log.exception("job_failed", extra={"job": str(job.pk), "task": job.task})
        _fail(job, handle, error)
    else:
        _write(
            handle,
            state=JobState.DONE,
            finished_at=now(),
            result=jsonable(result),
            dedupe_key=None,
            last_error="",
        )
    finally:
        _current.handle = None


def _fail(job: Job, handle: JobHandle, error: Exception) -> None:
    at = now()
    # A refusal will not change its mind: trying again only repeats it.
    given_up = isinstance(error, Refusal) or handle.attempt >= job.max_attempts
    text = "".join(traceback.format_exception_only(error)).strip()[:2000]
    if given_up:
        _write(handle, state=JobState.FAILED, finished_at=at, last_error=text, dedupe_key=None)
    else:
        _write(handle, state=JobState.READY, run_at=at + backoff(handle.attempt), last_error=text)


@unit_of_work
def _write(handle: JobHandle, **changes: Any) -> bool:
    """Change the job's row while this worker holds it; False when it does not any more."""
    return bool(handle._rows().update(**changes))


@unit_of_work
def cancel(job: Job, *, at: datetime) -> bool:
    """Cancel a job that has not finished. False when it was too late."""
    return bool(
        Job.objects.filter(pk=job.pk, state__in=[JobState.READY, JobState.RUNNING]).update(
            state=JobState.CANCELLED, finished_at=at, dedupe_key=None
        )
    )


@unit_of_work
def replay(job: Job, *, at: datetime) -> bool:
    """Put a failed job back into the queue with a fresh count of attempts."""
    return bool(
        Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(
            state=JobState.READY, attempts=0, run_at=at, finished_at=None
        )
    )


def lease() -> timedelta:
    return timedelta(milliseconds=settings.JOB_LEASE_MS)


@contextmanager
def _heartbeat(handle: JobHandle) -> Iterator[None]:
    """Renew the lease from a thread of its own while the job runs."""
    finished = threading.Event()

    def beat() -> None:
        while not finished.wait(lease().total_seconds() / 3):
            try:
                unit_of_work(handle.renew)()
            except Exception as error:  # the next may succeed; the lease has room for two misses
                log.warning("heartbeat_failed", extra={"job": str(handle.id), "error": str(error)})
        connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat-{handle.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join()


def _task_at(path: str) -> Task[Any, Any]:
    module, _, name = path.rpartition(".")
    task = getattr(importlib.import_module(module), name)
    if not isinstance(task, Task):
        raise TypeError(f"{path} is not a task.")
    return task


def _as_result(job: Job, task: Task[Any, Any], alias: str) -> TaskResult[Any]:
    result: TaskResult[Any] = TaskResult(
        task=task,
        id=str(job.pk),
        status=_STATUS[JobState(job.state)],
        enqueued_at=job.enqueued_at,
        started_at=job.started_at,
        last_attempted_at=job.started_at,
        finished_at=job.finished_at,
        args=job.arguments.get("args", []),
        kwargs=job.arguments.get("kwargs", {}),
        backend=alias,
        errors=[],
        worker_ids=[job.worker] if job.worker else [],
    )
    object.__setattr__(result, "_return_value", job.result)
    return result
