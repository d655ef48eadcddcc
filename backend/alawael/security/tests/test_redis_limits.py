import shutil
import socket
import subprocess
import time

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from alawael.security.buckets import Limit, SharedMemory
from alawael.security.redis_buckets import InRedis

MINUTE = 60 * 10**9


@pytest.fixture
def redis_port():
    if not shutil.which("redis-server"):
        pytest.skip("redis-server is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["redis-server", "--port", str(port), "--save", "", "--bind", "127.0.0.1"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603
    client = Redis(port=port)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            if client.ping():
                break
        except OSError:
            time.sleep(0.05)
        except Exception:  # redis-py's own ConnectionError
            time.sleep(0.05)
    client.close()
    yield port, server
    server.kill()
    server.wait()


def test_machines_share_one_allowance_and_count_alone_when_redis_is_lost(redis_port, tmp_path):
    port, server = redis_port
    at_once = Retry(NoBackoff(), 0)
    clients = [Redis(port=port, socket_timeout=0.5, retry=at_once) for _ in range(2)]
    machines = [
        InRedis(client, SharedMemory(tmp_path / f"limits{number}"))
        for number, client in enumerate(clients)
    ]
    limit = Limit("user", 10, MINUTE)

    verdicts = [machines[number % 2].take("user:one", limit) for number in range(14)]

    assert sum(verdict.allowed for verdict in verdicts) == 10
    assert verdicts[9].remaining == 0
    assert 5 < verdicts[-1].retry_after <= 6
    assert machines[0].take("user:other", limit).remaining == 9

    server.kill()
    server.wait()
    began = time.monotonic()
    alone = [machines[0].take("user:one", limit).allowed for _ in range(12)]
    assert (sum(alone), time.monotonic() - began < 2) == (10, True)
    for client in clients:
        client.close()
