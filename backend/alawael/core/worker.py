"""The worker process: delivers announcements, runs jobs, seals the audit trail, fires schedules."""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection

from alawael.core import announcements, audit, job_queue, schedules
from alawael.core.clock import now

log = logging.getLogger(__name__)

#: Schedules are looked at this often (seconds); none of them needs to be finer.
SCHEDULES_EVERY = 5.0


class Worker:
    """Two threads: long jobs on one must not hold up the news and the seals on the other."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}"
        self.stopping = threading.Event()
        self.next_schedules = 0.0

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; the job in hand goes back to the queue."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        log.info("worker_ready", extra={"worker": self.name})
        jobs = threading.Thread(target=self._loop, args=(self._one_job,), name="jobs")
        jobs.start()
        self._loop(self._housekeeping)
        jobs.join()
        log.info("worker_stopped", extra={"worker": self.name})

    def _loop(self, work: Callable[[], bool]) -> None:
        while not self.stopping.is_set():
            try:
                busy = work()
            except IntegrityError:
                busy = True  # two workers met at one row; the next look is calm
            except DatabaseError:
                log.exception("worker_database_error")
                connection.close()
                busy = False
            except Exception:
                log.exception("worker_error")
                busy = False
            if not busy:
                self.stopping.wait(settings.JOB_POLL_INTERVAL_MS / 1000)
        connection.close()

    def _one_job(self) -> bool:
        return job_queue.run_next(worker=self.name, stopping=self.stopping)

    def _housekeeping(self) -> bool:
        if time.monotonic() >= self.next_schedules:
            schedules.fire_due(at=now())
            self.next_schedules = time.monotonic() + SCHEDULES_EVERY
        return _follow_up()


def housekeeping() -> bool:
    """One round of everything short; True when there was something to do."""
    fired = schedules.fire_due(at=now())
    return bool(_follow_up() or fired)


def _follow_up() -> bool:
    """What follows a commit: the news and the seals."""
    delivered = announcements.deliver_next(at=now())
    sealed = audit.seal_next(at=now())
    return bool(delivered or sealed)


def work_until_idle(*, most_rounds: int = 10_000) -> None:
    """Do everything that is due in this thread, then return (tests and the command line)."""
    for _ in range(most_rounds):
        if not (housekeeping() | job_queue.run_next(worker="inline")):
            return
    raise RuntimeError("The work never ends: a job or announcement keeps coming back.")
