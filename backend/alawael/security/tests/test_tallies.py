import pytest

from alawael.security.buckets import Limit, SharedMemory, decide
from alawael.security.tallies import MOST, PAUSE, Tally, batch

SECOND = 10**9


@pytest.fixture
def shared(tmp_path, monkeypatch):
    memory = SharedMemory(tmp_path / "limits")
    monkeypatch.setattr("alawael.security.tallies.store", lambda: memory)
    return memory


def given_by(tallies, asked, now=1_000.0):
    """How many of so many requests the processes give out of their caches, in turn: what there is
    room for mostly beside the program, as when they are answered where they arrive."""
    given = 0
    for number in range(asked):
        tally = tallies[number % len(tallies)]
        if number % 3 and tally.has_room(now):
            tally.add_beside()
            given += 1
        elif not tally.is_over(now):
            tally.add(now)
            given += 1
    return given


@pytest.mark.parametrize("processes", [1, 4, 16])
@pytest.mark.parametrize("allowed", [20, 600, 6000])
def test_a_process_gives_less_than_a_batch_more_than_is_allowed(shared, processes, allowed):
    limit = Limit("user", allowed, 3600 * SECOND)
    tallies = [Tally((("user:one", limit),)) for _ in range(processes)]

    given = given_by(tallies, 3 * allowed)

    most_batch = max(1, min(MOST, allowed // 50))
    assert allowed <= given <= allowed + processes * most_batch
    assert not shared.take("user:one", limit).allowed


def test_what_was_too_much_is_owed(shared):
    limit = Limit("user", 60, 60 * SECOND)
    verdict = shared.charge("user:one", limit, 90)
    tally = Tally((("user:one", limit),))
    tally.add(1_000.0)

    assert verdict.retry_after == pytest.approx(31, abs=0.5)
    assert tally.is_over(1_030.0)
    assert not tally.is_over(1_033.0)


def test_nobody_owes_more_than_an_allowance_and_a_restart_forgets():
    limit, now = Limit("user", 60, 60 * SECOND), 10**15
    verdict, kept = decide(limit, 0, now, given=10_000)

    assert kept == now + 2 * limit.window
    assert verdict.retry_after == pytest.approx(61)
    assert decide(limit, kept + 1, now)[0].allowed


def test_a_few_are_handed_over_after_a_while(shared):
    limit = Limit("user", 6000, 3600 * SECOND)
    tally = Tally((("user:one", limit),))
    for moment in (1_000.0, 1_000.1, 1_000.2, 1_000.3 + PAUSE):
        tally.add(moment)

    assert shared.take("user:one", limit).remaining == 6000 - 4 - 1


def test_batches_get_smaller_towards_the_end():
    limit = Limit("user", 6000, SECOND)

    assert [batch(limit, rest) for rest in (6000, 400, 80, 8, 0)] == [100, 50, 10, 1, 1]
