import time

from django.conf import settings
from django.utils.module_loading import import_string

from alawael.security.buckets import Limit, SharedMemory
from alawael.security.redis_buckets import InRedis
from testing.redis import redis_server  # noqa: F401 - a fixture

MINUTE = 60 * 10**9


def test_machines_share_one_allowance_and_count_alone_when_redis_is_lost(
    redis_server,  # noqa: F811 - the fixture
    tmp_path,
):
    line = import_string(settings.RATE_LIMIT_REDIS_LINE)
    machines = [
        InRedis(line(redis_server.url, patience=0.5), SharedMemory(tmp_path / f"limits{number}"))
        for number in range(2)
    ]
    limit = Limit("user", 10, MINUTE)

    verdicts = [machines[number % 2].take("user:one", limit) for number in range(14)]

    assert sum(verdict.allowed for verdict in verdicts) == 10
    assert verdicts[9].remaining == 0
    assert 5 < verdicts[-1].retry_after <= 6
    assert machines[0].take("user:other", limit).remaining == 9

    # What was given already is owed, on both machines.
    owing = machines[0].charge("user:giver", limit, 12)
    assert (owing.allowed, owing.remaining) == (False, 0)
    assert 17 < machines[1].take("user:giver", limit).retry_after <= 18

    redis_server.stop()
    began = time.monotonic()
    alone = [machines[0].take("user:one", limit).allowed for _ in range(12)]
    assert (sum(alone), time.monotonic() - began < 2) == (10, True)
