"""One process tree: the web server and the worker, started, watched and stopped together."""

import logging
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

from django.conf import settings

log = logging.getLogger(__name__)

GRACE = 30.0
LONGEST_PAUSE = 30.0
#: How long the head of a request may take (milliseconds).
HEAD_MS = 10_000
MOST_FILES = 32_768


def web_command() -> list[str]:
    """Granian: one worker process per core, each of which runs one request at a time (decision 2)
    and waits for slow bodies and heads beside them (decision 18)."""
    workers = settings.WEB_WORKERS or os.cpu_count() or 1
    return [
        sys.executable, "-m", "granian", "--interface", "rsgi", "--loop", "uvloop",
        "--host", settings.HOST, "--port", str(settings.PORT),
        "--workers", str(workers), "--backpressure", str(connections_of_a_worker()),
        "--http1-header-read-timeout", str(HEAD_MS),
        "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "30",
        "--no-access-log", "--log-level", "warning",
        "config.rsgi:application",
    ]  # fmt: skip


def connections_of_a_worker() -> int:
    """How many connections one worker keeps, as far as this machine allows open files.

    Who opens connections and says nothing keeps others out only once all of these are taken; the
    start value of many systems (1,024 files) would be little for that.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(MOST_FILES, hard) if hard != resource.RLIM_INFINITY else MOST_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    files = MOST_FILES if soft == resource.RLIM_INFINITY else soft
    return max(256, min(4096, files // 4))


def worker_command() -> list[str]:
    return [sys.executable, "-m", "config", "worker"]


class Supervisor:
    """Keeps both processes alive until it is told to stop.

    The worker may be restarted at any time. When the web server ends by itself (the port is
    taken, the settings are wrong), everything ends, so that the operator sees why.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.stopping = threading.Event()

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT; return the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())
        web = self._start(web_command())
        worker, failures, next_start = self._start(worker_command()), 0, 0.0
        while not self.stopping.wait(0.5):
            if web.poll() is not None:
                log.error("web_server_ended", extra={"exit_code": web.returncode})
                break
            if worker.poll() is not None and time.monotonic() >= next_start:
                failures += 1
                pause = min(LONGEST_PAUSE, 2.0**failures)
                log.error("worker_ended", extra={"exit_code": worker.returncode})
                next_start = time.monotonic() + pause
                worker = self._start(worker_command())
        self._stop(web, worker)
        return 0 if self.stopping.is_set() else 1

    @staticmethod
    def _start(command: list[str]) -> "subprocess.Popen[bytes]":
        # Their own session: Ctrl-C reaches the supervisor alone, which then stops them in order.
        return subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own commands

    @staticmethod
    def _stop(*processes: "subprocess.Popen[bytes]") -> None:
        for process in processes:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + GRACE
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            # Whoever of its own children is still there must not keep the port.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
