"""Two servers of two processes each, one database, one Redis: is ever an old answer given?

    python benchmarks/cache_truth.py [ANSWERS]       10,000 unless said otherwise
    FAULTS=1 python benchmarks/cache_truth.py …      Redis is killed, frozen and flushed meanwhile

Eight clients read and change products through either server, at random. A change raises the
version of its product by one. What a client reads must be at least the version that had been
answered to anybody before it asked, and at most the one that somebody had begun; every tenth
answer is read while nobody changes its product, and must be what the database holds.
"""

import http.client
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench import fresh_database
from cache import granian

PRODUCTS, CLIENTS = 12, 8


class Truth:
    """What has been answered and what has been begun, of every product."""

    def __init__(self, ids: list[str]) -> None:
        self.answered = dict.fromkeys(ids, 1)
        self.begun = dict.fromkeys(ids, 1)
        self.quiet = {name: threading.Lock() for name in ids}
        self.wrong: list[str] = []
        self.outcomes: Counter[str] = Counter()
        self.answers = 0
        self.changes = 0
        self.turn = threading.Lock()

    def compare(self, name: str, version: int, low: int, how: str) -> None:
        if not low <= version <= self.begun[name]:
            self.wrong.append(f"{how}: {name} at {version}, {low} was answered before")


class Client(threading.Thread):
    def __init__(self, number: int, ports: list[int], token: str, truth: Truth, most: int) -> None:
        super().__init__()
        self.chance = random.Random(number)  # noqa: S311 - a repeatable story
        self.lines = [http.client.HTTPConnection("127.0.0.1", port, timeout=60) for port in ports]
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.truth, self.most = truth, most
        self.failure: BaseException | None = None

    def run(self) -> None:
        database = sqlite3.connect(f"file:{os.environ['BENCH_DATABASE']}?mode=ro", uri=True)
        try:
            while self.truth.answers < self.most:
                name = self.chance.choice(list(self.truth.quiet))
                what = self.chance.random()
                if what < 0.03:
                    self.change(name)
                elif what < 0.13:
                    self.read_in_quiet(name, database)
                elif what < 0.30:
                    self.read_list()
                else:
                    self.read(name)
        except BaseException as failure:
            self.failure = failure

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        line = self.chance.choice(self.lines)
        line.request(method, path, json.dumps(body) if body else None, self.headers)
        answer = line.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} {content[:300]!r}")
        with self.truth.turn:
            self.truth.outcomes[answer.headers.get("X-Cache", "-")] += 1
            if method == "GET":
                self.truth.answers += 1
            else:
                self.truth.changes += 1
        return json.loads(content)

    def change(self, name: str) -> None:
        truth = self.truth
        with truth.quiet[name]:
            truth.begun[name] += 1
            said = self.ask("PATCH", f"/api/products/{name}", {"name_en": f"Lamp {time.time()}"})
            truth.answered[name] = said["version"]

    def read(self, name: str) -> None:
        low = self.truth.answered[name]
        said = self.ask("GET", f"/api/products/{name}")
        self.truth.compare(name, said["version"], low, "sheet")

    def read_list(self) -> None:
        low = dict(self.truth.answered)
        limit = self.chance.choice([20, 50])
        for row in self.ask("GET", f"/api/products?limit={limit}")["items"]:
            self.truth.compare(row["id"], row["version"], low[row["id"]], "list")

    def read_in_quiet(self, name: str, database: sqlite3.Connection) -> None:
        with self.truth.quiet[name]:
            said = self.ask("GET", f"/api/products/{name}")
            held = database.execute(
                "SELECT version, name_en FROM catalog_product WHERE id = ?",
                (name.replace("-", ""),),
            ).fetchone()
        if (said["version"], said["name_en"]) != held:
            self.truth.wrong.append(f"quiet: {said['version']} is kept, {held} is in the database")


def main(most: int) -> int:
    fresh_database()
    from django.conf import settings

    from testing.redis import RedisServer

    folder = Path(tempfile.mkdtemp(prefix="alawael-truth-"))
    token, ids = furnish()
    server = RedisServer(folder)
    server.start()
    os.environ |= {
        "REDIS_ENABLED": "true",
        "REDIS_URL": server.url,
        "LOG_LEVEL": "error",
        "BENCH_DATABASE": str(settings.DATABASES["default"]["NAME"]),
        # The clients are one user, and ask more than a person would.
        "RATE_LIMIT_USER": "1000000",
        "RATE_LIMIT_TOKEN": "1000000",
        "RATE_LIMIT_ADDRESS": "1000000",
        "WORKERS": "2",
    }
    second = {
        "DJANGO_SETTINGS_MODULE": "testing.second_machine",
        "SECOND_MACHINE_STAMPS": str(folder / "second-stamps"),
    }
    truth, began = Truth(ids), time.monotonic()
    with (
        granian("config.wsgi:application", {}) as (one, _),
        granian("config.wsgi:application", second) as (two, _),
    ):
        clients = [Client(n, [one, two], token, truth, most) for n in range(CLIENTS)]
        for client in clients:
            client.start()
        faults = trouble(server, clients) if os.environ.get("FAULTS") else 0
        for client in clients:
            client.join()
    server.stop()
    seconds = time.monotonic() - began
    shutil.rmtree(folder, ignore_errors=True)
    for client in clients:
        if client.failure is not None:
            print(f"! a client failed: {client.failure!r}")
            truth.wrong.append("a client failed")
    done = f"{truth.answers:,} answers and {truth.changes:,} changes in {seconds:.0f} s"
    print(f"{done}, {faults} faults")
    print("  ".join(f"{name} {count:,}" for name, count in truth.outcomes.most_common()))
    print(f"stale answers: {len(truth.wrong)}")
    for sentence in truth.wrong[:20]:
        print(f"  {sentence}")
    return 1 if truth.wrong else 0


def trouble(server: Any, clients: list[Client]) -> int:
    chance, faults = random.Random(7), 0  # noqa: S311 - a repeatable story
    while any(client.is_alive() for client in clients):
        time.sleep(chance.uniform(1.0, 3.0))
        fault = chance.choice(["kill", "freeze", "flush"])
        if fault == "kill":
            server.stop()
            time.sleep(chance.uniform(0.0, 0.5))
            server.start()
        elif fault == "freeze":
            server.freeze()
            time.sleep(chance.uniform(0.02, 0.6))
            server.thaw()
        else:
            server.client().flushall()
        faults += 1
    return faults


def furnish() -> tuple[str, list[str]]:
    from alawael.accounts.models import ADMIN, User
    from alawael.core.clock import now
    from testing.catalog import a_product
    from testing.serving import token_for

    made = [a_product(f"LAMP-{number:03}") for number in range(PRODUCTS)]
    user = User.objects.create(
        email="truth@alawael.test", name_en="Truth", role_keys=[ADMIN], created_at=now()
    )
    return token_for(user), [str(product.pk) for product in made]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
