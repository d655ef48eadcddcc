"""A Redis that another server takes over, named by Sentinels or in a cluster: no old answer."""

import time

import pytest

from alawael.cache.redis_clients import Line
from alawael.security.buckets import Limit, SharedMemory
from alawael.security.redis_buckets import InRedis
from scenarios.test_cache_machines import (
    Machine,
    all_workers,
    name_at,
    send_home,
    settle,
    wait_for_hit,
)
from testing.catalog import a_product
from testing.redis import Cluster, Sentinels, needs_redis
from testing.serving import token_for

KEY = "{test}:state"
MINUTE = 60 * 10**9


@pytest.fixture(params=[Sentinels, Cluster])
def group(request, tmp_path):
    needs_redis()
    made = request.param(tmp_path)
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture
def pair(db, tmp_path, group):
    made = [Machine(tmp_path, name, group.url) for name in ("one", "two")]
    settle(made)
    yield made
    send_home(made)


@pytest.fixture
def limits(tmp_path, group):
    return [InRedis(Line(group.url), SharedMemory(tmp_path / f"limits{n}")) for n in range(2)]


@pytest.fixture
def lamp(amal):
    return a_product()


@pytest.fixture
def token(amal):
    return token_for(amal)


def check(pair, lamp, token, name):
    """Whoever changes it, everybody sees it at once; and then again from what was kept."""
    for number, machine in enumerate(pair):
        machine.rename(lamp, f"{name} {number}")
        for _ in range(2):
            seen = [name_at(worker, lamp, token) for worker in all_workers(pair)]
            assert seen == [f"{name} {number}"] * 4


def granted(limits, key, *, of=14):
    """How many of so many requests two machines let through, of ten that are allowed."""
    limit = Limit("user", 10, MINUTE)
    return sum(limits[number % 2].take(key, limit).allowed for number in range(of))


def wait_until_counted_together(limits):
    """Two machines that lost Redis find it again; each looks no more often than it must."""
    until = time.monotonic() + 20
    counts: list[int] = []
    while time.monotonic() < until:
        for machine in limits:
            machine._again_at = 0.0
        counts.append(granted(limits, f"user:after {len(counts)}"))
        if counts[-1] == 10:
            return
        time.sleep(0.2)
    raise AssertionError(f"They went on counting apart: {counts}")


def test_a_killed_master_costs_no_old_answer(pair, lamp, token, group, limits):
    check(pair, lamp, token, "before")
    wait_for_hit(pair[1].workers[0], lamp, token)
    assert granted(limits, "user:one") == 10

    master = group.master_of(KEY)
    master.stop()
    check(pair, lamp, token, "nobody answers")
    alone = granted(limits, "user:two")
    assert 10 <= alone <= 14  # its key may be on a server of the cluster that is alive
    group.wait_for_another_than(master, KEY)
    for machine in pair:
        wait_for_hit(machine.workers[0], lamp, token)
    check(pair, lamp, token, "the replica answers")
    wait_until_counted_together(limits)


def test_a_master_that_wakes_up_is_not_believed(pair, lamp, token, group):
    """It knows its scripts and keeps its connections, and missed what happened meanwhile."""
    one, two = pair
    check(pair, lamp, token, "before")
    wait_for_hit(two.workers[0], lamp, token)
    asleep = two.machines.redis.line  # connected to the master, and not asked while it sleeps

    master = group.master_of(KEY)
    master.freeze()
    group.wait_for_another_than(master, KEY)
    # What is sent to a server that sleeps, it does when it wakes up; this it shall not hear of.
    one.machines.position()
    settle([one])
    one.rename(lamp, "while it slept")
    master.thaw()
    two.machines.redis.line = asleep
    names = [name_at(worker, lamp, token) for worker in two.workers]

    assert names == ["while it slept"] * 2
    settle(pair)
    check(pair, lamp, token, "together again")
