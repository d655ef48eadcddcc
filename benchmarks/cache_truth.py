"""Two servers of two processes each, one database, one Redis: is ever an old answer given?

    python benchmarks/cache_truth.py [ANSWERS]       10,000 unless said otherwise
    FAULTS=1 python benchmarks/cache_truth.py …      Redis is killed, frozen, flushed and given
                                                     another password meanwhile
    REDIS=0 python benchmarks/cache_truth.py …       without Redis: four processes of one machine,
                                                     which give what they keep at once

Eight clients read and change products through either server, at random. A change raises the
version of its product by one and gives it a name of its own. Every row of every answer is compared
with what the database holds just after it: the version and name must be the same, unless the
product was being changed while it was read; then they must be those of a version that was
committed, and none before the one that had been answered to anybody when the client asked.
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
from uuid import UUID

from bench import fresh_database
from cache import PROGRAM, granian

PRODUCTS, CLIENTS = 12, 8


class Truth:
    """What has been answered and what has been begun, of every product."""

    def __init__(self, ids: list[str]) -> None:
        self.answered = dict.fromkeys(ids, 1)
        #: What each product was called at each version.
        self.names: dict[str, dict[int, str]] = {name: {} for name in ids}
        self.changing = {name: threading.Lock() for name in ids}
        self.wrong: list[str] = []
        self.outcomes: Counter[str] = Counter()
        self.answers = 0
        self.compared = 0
        self.overtaken = 0
        self.changes = 0
        self.turn = threading.Lock()

    def compare(self, row: Any, held: tuple[int, str], low: int, how: str) -> None:
        """A row of an answer with the database's, read after it, and with what is known."""
        said, name = (row["version"], row["name_en"]), row["id"]
        self.compared += 1
        if said == held:
            return
        self.overtaken += 1
        was = self.names[name].get(said[0], said[1])
        if not low <= said[0] < held[0] or said[1] != was:
            self.wrong.append(f"{how}: {name} is {said}, held {held}, {low} was answered before")


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
                name = self.chance.choice(list(self.truth.names))
                what = self.chance.random()
                if what < 0.03:
                    self.change(name)
                elif what < 0.25:
                    self.read_list(database)
                else:
                    self.read(name, database)
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
        with truth.changing[name]:
            version = truth.answered[name] + 1
            truth.names[name][version] = f"Lamp {version} {time.time()}"
            change = {"name_en": truth.names[name][version]}
            said = self.ask("PATCH", f"/api/products/{name}", change)
            truth.answered[name] = said["version"]

    def read(self, name: str, database: sqlite3.Connection) -> None:
        low = self.truth.answered[name]
        said = self.ask("GET", f"/api/products/{name}")
        self.truth.compare(said, held_by(database)[name], low, "sheet")

    def read_list(self, database: sqlite3.Connection) -> None:
        low = dict(self.truth.answered)
        limit = self.chance.choice([20, 50])
        rows = self.ask("GET", f"/api/products?limit={limit}")["items"]
        held = held_by(database)
        for row in rows:
            self.truth.compare(row, held[row["id"]], low[row["id"]], "list")


def held_by(database: sqlite3.Connection) -> dict[str, tuple[int, str]]:
    rows = database.execute("SELECT id, version, name_en FROM catalog_product")
    return {str(UUID(key)): (version, name) for key, version, name in rows}


def main(most: int) -> int:
    fresh_database()
    from django.conf import settings

    from testing.redis import RedisServer

    folder = Path(tempfile.mkdtemp(prefix="alawael-truth-"))
    token, ids = furnish()
    server, second = RedisServer(folder), {}
    if os.environ.get("REDIS") != "0":
        server.start()
        os.environ |= {"REDIS_ENABLED": "true", "REDIS_URL": server.url}
        second = {
            "DJANGO_SETTINGS_MODULE": "testing.second_machine",
            "SECOND_MACHINE_STAMPS": str(folder / "second-stamps"),
        }
    os.environ |= {
        "LOG_LEVEL": "error",
        "BENCH_DATABASE": str(settings.DATABASES["default"]["NAME"]),
        # The clients are one user, and ask more than a person would.
        "RATE_LIMIT_USER": "1000000",
        "RATE_LIMIT_TOKEN": "1000000",
        "RATE_LIMIT_ADDRESS": "1000000",
        "WORKERS": "2",
    }
    truth, began = Truth(ids), time.monotonic()
    with (
        granian(PROGRAM, {}) as (one, _),
        granian(PROGRAM, second) as (two, _),
    ):
        clients = [Client(n, [one, two], token, truth, most) for n in range(CLIENTS)]
        for client in clients:
            client.start()
        wanted = os.environ.get("FAULTS")
        faults: Counter[str] = trouble(server, clients) if wanted else Counter()
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
    print(f"{done}, {sum(faults.values())} faults: {dict(faults)}")
    print(f"{truth.compared:,} rows compared; {truth.overtaken:,} were changed as they were read")
    print("  ".join(f"{name} {count:,}" for name, count in truth.outcomes.most_common()))
    print(f"stale answers: {len(truth.wrong)}")
    for sentence in truth.wrong[:20]:
        print(f"  {sentence}")
    return 1 if truth.wrong else 0


def trouble(server: Any, clients: list[Client]) -> Counter[str]:
    chance = random.Random(7)  # noqa: S311 - a repeatable story
    faults: Counter[str] = Counter()
    todo: list[str] = []
    while any(client.is_alive() for client in clients):
        time.sleep(chance.uniform(0.5, 2.0))
        # Each of them as often as the others, in another order each time.
        todo = todo or chance.sample(sorted(FAULTS), len(FAULTS))
        fault = todo.pop()
        FAULTS[fault](server, chance.uniform(0.02, 0.6))
        faults[fault] += 1
    return faults


def kill(server: Any, seconds: float) -> None:
    server.stop()
    time.sleep(seconds)
    server.start()


def freeze(server: Any, seconds: float) -> None:
    server.freeze()
    time.sleep(seconds)
    server.thaw()


def flush(server: Any, _: float) -> None:
    server.client().flushall()


def lock_out(server: Any, seconds: float) -> None:
    client = server.client()
    client.config_set("requirepass", "another")
    client.client_kill_filter(_type="normal", skipme=True)
    time.sleep(seconds)
    client.config_set("requirepass", "")


FAULTS = {"kill": kill, "freeze": freeze, "flush": flush, "lock out": lock_out}


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
