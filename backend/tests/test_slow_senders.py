"""Who sends or reads slowly keeps nobody waiting; tried with Granian itself and one process."""

import http.client
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest
from django.test import Client

from alawael.security.bodies import MOST_OF_ONE, BodyTooSlow, TooManyBodies
from alawael.security.intake import REFUSED
from config.supervisor import connections_of_a_worker, web_command
from testing.cast import ApiClient

LARGE = 30_000_000  # as in slow_program.py
UNFINISHED = b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc"


@contextmanager
def serving(**chosen):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    ours = web_command()
    command = [*ours[: ours.index("--host")], "--port", str(number), "--workers", "1"]
    command += ["--no-ws", "--log-level", "warning", "tests.slow_program:application"]
    server = subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **chosen}
    )  # noqa: S603
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", number)) == 0:
                break
        time.sleep(0.1)
    yield number
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()


@pytest.fixture(scope="module")
def port():
    with serving() as number:
        yield number


@pytest.fixture
def ask(port):
    return asking(port)


def asking(port):
    def asked(method="GET", path="/", body=None, **headers):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            line.request(method, path, body, headers)
            return line.getresponse().read()
        finally:
            line.close()

    return asked


def opened(several, port, sent, *, window=None):
    line = several.enter_context(socket.socket())
    if window:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    line.settimeout(10)
    line.connect(("127.0.0.1", port))
    line.sendall(sent)
    return line


def test_an_answer_from_the_cache_waits_for_no_other_request(ask):
    with ThreadPoolExecutor() as beside:
        waits = beside.submit(ask, path="/api/waits")
        time.sleep(0.2)  # until the one thread of the program is busy with it

        assert ask(path="/api/kept") == b"kept"
        assert waits.result() == b"let go"


def test_what_cannot_be_answered_at_once_is_asked_of_the_program(ask):
    assert ask(path="/api/broken") == b"0 "
    assert ask("POST", "/api/kept", b"abc") == b"3 "
    assert ask("GET", "/api/kept", b"abc") == b"3 "


def test_where_others_must_be_asked_those_that_arrived_meanwhile_are_answered_together():
    with serving(ASKS_OTHERS="yes") as port, ThreadPoolExecutor(9) as beside:
        ask = asking(port)
        busy = beside.submit(ask, path="/api/busy")
        time.sleep(0.2)  # until the one thread of the program is busy with it
        waiting = [beside.submit(ask, path="/api/kept") for _ in range(8)]

        assert [one.result() for one in waiting] == [b"kept"] * 8
        assert busy.result() == b"0 "
        assert ask(path="/api/largest") == b"8"
        assert ask(path="/api/broken") == b"0 "
        assert ask("GET", "/api/kept", b"abc") == b"3 "


def test_slow_bodies_keep_nobody_waiting_and_are_given_up(port, ask):
    with ExitStack() as several:
        slow = [opened(several, port, UNFINISHED) for _ in range(MOST_OF_ONE)]
        began = time.monotonic()
        assert ask() == b"0 "
        assert time.monotonic() - began < 5

        told = [line.recv(4000) for line in slow]

        assert all(b"body_too_slow" in answer for answer in told), told[0]
        assert slow[0].recv(10) == b""  # and the connection is closed
    assert ask("POST", "/x", b"hello") == b"5 "


def test_one_household_has_so_many_slow_bodies_at_once(port, ask):
    with ExitStack() as several:
        for _ in range(MOST_OF_ONE):
            opened(several, port, UNFINISHED)
        time.sleep(0.1)
        one_more = opened(several, port, UNFINISHED)

        assert b"too_many_bodies" in one_more.recv(4000)
    until = time.monotonic() + 10  # the server hears by and by that they have gone
    while (told := ask("POST", "/x", b"hello")) != b"5 " and time.monotonic() < until:
        time.sleep(0.1)
    assert told == b"5 "


@pytest.mark.parametrize("path", ["/made", "/file"])
def test_slow_readers_keep_nobody_waiting(port, ask, path):
    with ExitStack() as several:
        for _ in range(10):
            opened(several, port, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), window=4096)
        time.sleep(0.2)
        began = time.monotonic()

        assert ask() == b"0 "
        assert time.monotonic() - began < 5
        assert len(ask("GET", path)) == LARGE


def test_a_body_arrives_whole_or_not_at_all(port, ask):
    assert ask("POST", "/x", b"x" * 3_000_000) == b"3000000 "
    with ExitStack() as several:
        line = opened(several, port, UNFINISHED)
        line.shutdown(socket.SHUT_WR)
        assert b"body_cut_off" in line.recv(4000)
    # Cut off, it would look like a shorter one.
    assert ask("POST", "/x", iter([b"hello"])) == b"length_required"


def test_a_header_cannot_pass_for_that_of_our_proxy(ask):
    sent = {"X_Forwarded_For": "198.51.100.1", "X-Forwarded-For": "203.0.113.7"}

    assert ask("GET", "/", **sent) == b"0 203.0.113.7"


@pytest.mark.parametrize(
    ("refusal", "status"), [(BodyTooSlow(), 408), (TooManyBodies(), 503)], ids=["slow", "many"]
)
def test_what_is_given_up_is_refused_like_anything_else(refusal, status):
    answer = ApiClient().post("/api/auth/sign-in", {}, **{REFUSED: refusal})

    assert (answer.status_code, answer.json()["code"]) == (status, refusal.code)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert (answer.get("Retry-After") is not None) == (status == 503)


def test_a_header_cannot_refuse_for_somebody_else(db):
    """What the door says stands where no header comes."""
    answer = Client().get("/api/health/live", HTTP_ALAWAEL_BODY_REFUSED="x")

    assert answer.status_code == 200


def test_connections_are_as_many_as_the_machine_allows(monkeypatch):
    asked = []
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: asked.append(limits))
    for limits, expected in [((1024, 4096), 1024), ((256, 256), 256), ((10**6, 10**6), 4096)]:
        monkeypatch.setattr(resource, "getrlimit", lambda _, limits=limits: limits)
        assert connections_of_a_worker() == expected
    assert asked == [(4096, 4096)]
