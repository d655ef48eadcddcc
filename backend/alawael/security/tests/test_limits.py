import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory

from alawael.security import limits
from alawael.security.addresses import household
from alawael.security.buckets import SETS, Limit, SharedMemory, decide

BACKEND = Path(__file__).resolve().parents[3]
SECOND = 1_000_000_000


@pytest.fixture
def limited(settings, tmp_path):
    settings.RATE_LIMIT_ENABLED = True
    settings.RATE_LIMIT_FILE = tmp_path / "rate-limits"
    settings.RATE_LIMIT_WINDOW_MS = 60_000
    settings.RATE_LIMITS = {"user": 8, "token": 4, "address": 3, "sign-in": 2}
    limits.store.cache_clear()
    yield settings
    limits.store.cache_clear()


def test_a_limit_lets_its_number_through_and_then_one_at_a_time():
    limit, now, kept, let_through = Limit("test", 10, 60 * SECOND), 10**15, 0, 0
    for _ in range(15):
        verdict, kept = decide(limit, kept, now)
        let_through += verdict.allowed
    assert let_through == 10
    assert verdict.remaining == 0
    assert verdict.retry_after == pytest.approx(6.0)

    too_early, _ = decide(limit, kept, now + 5 * SECOND)
    in_time, _ = decide(limit, kept, now + 6 * SECOND)

    assert (too_early.allowed, in_time.allowed) == (False, True)
    assert decide(limit, kept, now + 60 * SECOND)[0].remaining == 9


def test_what_was_kept_before_a_restart_of_the_machine_refuses_nobody():
    assert decide(Limit("test", 10, SECOND), 10**18, 5)[0].allowed


_WORKER = """
import sys
from pathlib import Path
from alawael.security.buckets import Limit, SharedMemory
memory, limit = SharedMemory(Path(sys.argv[1])), Limit("test", 250, 3600 * 10**9)
print(sum(memory.take("user:one", limit).allowed for _ in range(200)))
"""


def test_workers_share_one_allowance(tmp_path):
    command = [sys.executable, "-c", _WORKER, str(tmp_path / "limits")]
    workers = [
        subprocess.Popen(command, cwd=BACKEND, stdout=subprocess.PIPE, text=True)  # noqa: S603
        for _ in range(2)
    ]

    assert sum(int(worker.communicate(timeout=60)[0]) for worker in workers) == 250


def test_a_flood_of_addresses_neither_grows_the_file_nor_frees_who_used_theirs_up(tmp_path):
    memory, limit = SharedMemory(tmp_path / "limits"), Limit("address", 3, 60 * SECOND)
    for _ in range(4):
        memory.take("address:bad", limit)
    for number in range(5_000):
        memory.take(f"address:{number}", limit)

    assert not memory.take("address:bad", limit).allowed
    assert (tmp_path / "limits").stat().st_size == SETS * 8 * 16


def test_one_take_is_cheap(tmp_path):
    memory, limit = SharedMemory(tmp_path / "limits"), Limit("user", 10**6, 60 * SECOND)
    memory.take("user:one", limit)
    began = time.perf_counter()
    for _ in range(2_000):
        memory.take("user:one", limit)

    assert (time.perf_counter() - began) / 2_000 < 0.000_5  # 8 µs where nobody else works


def test_an_address_is_refused_politely(limited):
    stranger = Client(raise_request_exception=False, HTTP_ACCEPT_LANGUAGE="ar")
    answers = [stranger.get("/api/health/live", REMOTE_ADDR="203.0.113.7") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    refused = answers[-1]
    assert refused["Content-Type"] == "application/problem+json"
    assert refused["RateLimit-Limit"] == "3"
    assert refused["RateLimit-Policy"] == '3;w=60;name="address"'
    assert 1 <= int(refused["Retry-After"]) <= 20
    assert 40 <= int(refused["RateLimit-Reset"]) <= 60
    assert refused.json()["code"] == "too_many_requests"
    assert refused.json()["title"] == "طلبات كثيرة جدًا"
    assert stranger.get("/api/health/live", REMOTE_ADDR="203.0.113.8").status_code == 200


def test_a_forged_address_does_not_escape_and_a_proxied_one_is_seen(limited):
    def ask(peer, said):
        client = Client(raise_request_exception=False)
        return client.get(
            "/api/health/live", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=said
        ).status_code

    # A stranger makes up who it is; our proxy appends what it sees to what a stranger made up.
    assert [ask("203.0.113.9", f"198.51.100.{n}") for n in range(5)][-1] == 429
    assert [ask("127.0.0.1", f"198.51.100.{n}, 203.0.113.10") for n in range(5)][-1] == 429
    assert ask("127.0.0.1", "203.0.113.11") == 200


def test_one_connection_has_one_allowance_however_many_addresses():
    assert household("2001:db8:1:2:aaaa::1") == household("2001:db8:1:2:bbbb::2")
    assert household("2001:db8:1:2::1") != household("2001:db8:1:3::1")
    assert household("::ffff:203.0.113.7") == household("203.0.113.7")
    assert household("no address") == "unknown"


def test_guesses_at_a_password_are_rarer_than_other_requests(limited):
    requests: Any = RequestFactory()

    stranger = requests.post("/api/auth/sign-in")
    someone = requests.get("/api/products")
    assert [limit.name for _, limit in limits.limits_of(stranger)] == ["sign-in"]
    assert [limit.name for _, limit in limits.limits_of(someone)] == ["address"]
    someone.actor_id, someone.session_id = "sami", "phone"
    assert [limit.name for _, limit in limits.limits_of(someone)] == ["user"]
    someone.session_id = None
    assert [limit.name for _, limit in limits.limits_of(someone)] == ["token", "user"]


def test_nobody_uses_up_what_a_colleague_needs(limited):
    store = limits.store()
    requests: Any = RequestFactory()
    attacker = requests.post("/api/auth/sign-in", REMOTE_ADDR="203.0.113.7")
    for _ in range(10):
        for key, limit in limits.limits_of(attacker):
            refused = store.take(key, limit)
    assert not refused.allowed

    colleague = requests.get("/api/products", REMOTE_ADDR="203.0.113.7")
    colleague.actor_id, colleague.session_id = "sami", "phone"

    assert all(store.take(key, limit).allowed for key, limit in limits.limits_of(colleague))


def test_a_runaway_program_leaves_its_owner_the_web_app(limited, as_amal, amal):
    asked = [as_amal.get("/api/auth/me").status_code for _ in range(6)]

    assert asked == [200, 200, 200, 200, 429, 429]
    in_browser: Any = RequestFactory().get("/api/products")
    in_browser.actor_id, in_browser.session_id = amal.id, "phone"
    taken = [limits.store().take(*one) for one in limits.limits_of(in_browser)]
    assert all(verdict.allowed for verdict in taken)
