"""Redis servers of a test's own, that it may kill, freeze and empty: one, or several that stand in
for each other."""

import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

#: Until somebody else takes over (milliseconds): short, because tests wait for it.
GIVEN_UP = 400


class RedisServer:
    def __init__(self, folder: Path, *, name: str = "redis", password: str = "") -> None:
        self.folder = folder / name
        self.folder.mkdir(exist_ok=True)
        self.port = free_port()
        self.password = password
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self, *options: str) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--dir", str(self.folder), "--appendonly", "no", *options]
        if self.password:
            command += ["--requirepass", self.password, "--masterauth", self.password]
        self.process = started(command)
        wait_until(lambda: self.client().ping(), "Redis did not start.")

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()
            self.process = None

    def freeze(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def client(self) -> "Redis":
        # The client's own ten tries would take half a minute while a server starts.
        return Redis(
            port=self.port,
            socket_timeout=2,
            password=self.password or None,
            retry=Retry(NoBackoff(), 0),
        )


class Sentinels:
    """A master, its replica, and three Sentinels that name the one of them that is the master."""

    def __init__(self, folder: Path, *, password: str = "secret") -> None:  # noqa: S107 - a test's
        self.folder, self.password = folder, password
        self.servers = [
            RedisServer(folder, name=name, password=password) for name in ("one", "two")
        ]
        self.ports = [free_port() for _ in range(3)]
        self.watchers: list[subprocess.Popen[bytes]] = []

    @property
    def url(self) -> str:
        places = ",".join(f"127.0.0.1:{port}" for port in self.ports)
        return f"redis+sentinel://:{self.password}@{places}/alawael"

    def start(self) -> None:
        first, second = self.servers
        first.start("--repl-diskless-sync-delay", "0")
        second.start("--replicaof", f"127.0.0.1 {first.port}")
        for number, port in enumerate(self.ports):
            file = self.folder / f"sentinel-{number}.conf"
            file.write_text(
                f"""port {port}
bind 127.0.0.1
dir {self.folder}
sentinel monitor alawael 127.0.0.1 {first.port} 2
sentinel auth-pass alawael {self.password}
sentinel down-after-milliseconds alawael {GIVEN_UP}
sentinel failover-timeout alawael 3000
"""
            )
            self.watchers.append(started(["redis-server", str(file), "--sentinel"]))
        wait_until(self._all_know_each_other, "The Sentinels did not find each other.")

    def stop(self) -> None:
        for watcher in self.watchers:
            watcher.kill()
            watcher.wait()
        for server in self.servers:
            server.stop()

    def master_of(self, key: str) -> RedisServer:
        """The master has every key."""
        _, port = self._said(self.ports[0], "GET-MASTER-ADDR-BY-NAME", "alawael")
        return next(server for server in self.servers if server.port == int(port))

    def wait_for_another_than(self, server: RedisServer, key: str) -> None:
        def all_name_another() -> bool:
            named = [
                int(self._said(port, "GET-MASTER-ADDR-BY-NAME", "alawael")[1])
                for port in self.ports
            ]
            return server.port not in named and self.master_of(key).client().role()[0] == b"master"

        wait_until(all_name_another, "Nobody took over.")

    def _all_know_each_other(self) -> bool:
        replica = self.servers[1].client().info("replication")
        return replica["master_link_status"] == "up" and all(
            self._knows_the_others(port) for port in self.ports
        )

    def _knows_the_others(self, port: int) -> bool:
        replicas = self._said(port, "REPLICAS", "alawael")
        return len(replicas) == 1 and len(self._said(port, "SENTINELS", "alawael")) == 2

    @staticmethod
    def _said(port: int, *words: str) -> Any:
        with Redis(port=port, socket_timeout=2, retry=Retry(NoBackoff(), 0)) as sentinel:
            return _raw(sentinel, "SENTINEL", *words)


class Cluster:
    """Three masters that share the slots, and a replica for each of them."""

    def __init__(self, folder: Path) -> None:
        self.servers = [RedisServer(folder, name=f"node-{number}") for number in range(6)]

    @property
    def url(self) -> str:
        return "redis+cluster://" + ",".join(f"127.0.0.1:{one.port}" for one in self.servers[:3])

    def start(self) -> None:
        names = [secrets.token_hex(20) for _ in self.servers]
        buses = [free_port() for _ in self.servers]
        for number, server in enumerate(self.servers):
            # Who is told everything need not find it out, which takes them ten seconds.
            told = "".join(self._line(other, names, buses, mine=number) for other in range(6))
            told += "vars currentEpoch 3 lastVoteEpoch 0\n"
            (server.folder / "nodes.conf").write_text(told)
        for server, bus in zip(self.servers, buses, strict=True):
            server.start(
                "--cluster-enabled", "yes", "--cluster-port", str(bus),
                "--cluster-node-timeout", str(GIVEN_UP), "--save", "",
                "--repl-diskless-sync-delay", "0",
            )  # fmt: skip
        wait_until(self._is_whole, "The cluster is not whole.")

    def _line(self, number: int, names: list[str], buses: list[int], *, mine: int) -> str:
        """What `nodes.conf` says of a node: the first three have slots, the others replicate."""
        slots = ["0-5460", "5461-10922", "10923-16383"]
        role = "master -" if number < 3 else f"slave {names[number - 3]}"
        flags = "myself," if number == mine else ""
        place = f"127.0.0.1:{self.servers[number].port}@{buses[number]}"
        owned = f" {slots[number]}" if number < 3 else ""
        return f"{names[number]} {place} {flags}{role} 0 0 {number % 3 + 1} connected{owned}\n"

    def stop(self) -> None:
        for server in self.servers:
            server.stop()

    def master_of(self, key: str) -> RedisServer:
        """Who has the slot of a key, as most of those say that are alive."""
        alive = [server for server in self.servers if server.process is not None]
        slot = int(_raw(alive[0].client(), "CLUSTER", "KEYSLOT", key))
        for server in alive:
            for first, last, master, *_ in _slots(server.client()):
                if first <= slot <= last:
                    return next(one for one in self.servers if one.port == master[1])
        raise AssertionError("Nobody has the slot.")

    def wait_for_another_than(self, server: RedisServer, key: str) -> None:
        def another_has_it() -> bool:
            master = self.master_of(key)
            return master is not server and _is_ok(master.client())

        wait_until(another_has_it, "Nobody took over.")

    def _is_whole(self) -> bool:
        clients = [server.client() for server in self.servers]
        linked = [client.info("replication").get("master_link_status") for client in clients[3:]]
        return linked == ["up"] * 3 and all(_is_ok(client) for client in clients)


def _is_ok(client: "Redis") -> bool:
    return "cluster_state:ok" in _info(client)


def _raw(client: "Redis", *words: object) -> Any:
    """As the server says it, and not what the client makes of it."""
    connection: Any = client.connection_pool.get_connection()
    try:
        connection.send_command(*words)
        return connection.read_response()
    finally:
        client.connection_pool.release(connection)


def _info(client: "Redis") -> str:
    return str(_raw(client, "CLUSTER", "INFO").decode())


def _slots(client: "Redis") -> list[Any]:
    return list(_raw(client, "CLUSTER", "SLOTS"))


def started(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - a program of the system, our own words
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def wait_until(good: Callable[[], object], otherwise: str, *, within: float = 20.0) -> None:
    """Until it is so. What is not yet there to be asked is not yet good."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            if good():
                return
        except Exception:
            time.sleep(0.02)
        time.sleep(0.02)
    raise RuntimeError(otherwise)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def needs_redis() -> None:
    if shutil.which("redis-server") is None:
        pytest.skip("needs redis-server")


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    needs_redis()
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def sentinels(tmp_path: Path) -> Iterator[Sentinels]:
    needs_redis()
    group = Sentinels(tmp_path)
    try:
        group.start()
        yield group
    finally:
        group.stop()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    needs_redis()
    group = Cluster(tmp_path)
    try:
        group.start()
        yield group
    finally:
        group.stop()
