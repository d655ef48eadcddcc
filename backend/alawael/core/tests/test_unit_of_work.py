import threading
import time

import pytest
from django.db import OperationalError, connection
from django.db.models import F

from alawael.core.claims import change
from alawael.core.clock import now
from alawael.core.errors import Refusal
from alawael.core.models import NumberSeries, Schedule
from alawael.core.numbering import open_series, take_number
from alawael.core.unit_of_work import after_commit, rehearse, unit_of_work
from testing.races import at_once


@pytest.fixture
def series(db):
    open_series("invoice")
    return "invoice"


def test_commits_all_or_nothing(series):
    @unit_of_work
    def half_a_change():
        take_number(series)
        Schedule.objects.create(key="a", next_at=now())
        raise Refusal()

    with pytest.raises(Refusal):
        half_a_change()

    assert not Schedule.objects.exists()
    assert NumberSeries.objects.get().next_number == 1


def test_an_inner_unit_joins_the_outer_one(series):
    inner = unit_of_work(lambda: take_number(series))

    @unit_of_work
    def outer():
        inner()
        raise Refusal()

    with pytest.raises(Refusal):
        outer()

    assert NumberSeries.objects.get().next_number == 1


def test_a_rehearsal_answers_and_leaves_no_trace(series):
    assert rehearse(lambda: take_number(series)) == 1
    assert NumberSeries.objects.get().next_number == 1


def test_followers_run_only_after_the_commit(series):
    heard = []

    @unit_of_work
    def refused():
        after_commit(lambda: heard.append("refused"))
        raise Refusal()

    @unit_of_work
    def accepted():
        after_commit(lambda: heard.append("accepted"))

    with pytest.raises(Refusal):
        refused()
    accepted()

    assert heard == ["accepted"]


def test_fifty_parallel_units_take_fifty_numbers_without_gap(series):
    taken = at_once(lambda _: unit_of_work(lambda: take_number(series))(), range(50))

    assert sorted(taken) == list(range(1, 51))


def test_parallel_read_modify_write_loses_no_update(series):
    """A unit that reads first must be run again when another one was faster."""

    @unit_of_work
    def claim_next(_):
        row = NumberSeries.objects.get(key=series)
        won = NumberSeries.objects.filter(pk=row.pk, next_number=row.next_number).update(
            next_number=F("next_number") + 1
        )
        return bool(won)

    wins = at_once(claim_next, range(8))

    assert NumberSeries.objects.get().next_number == 1 + wins.count(True)


def test_a_number_is_only_given_inside_a_unit(series):
    with pytest.raises(RuntimeError, match="inside the unit"):
        take_number(series)


def test_units_of_two_threads_do_not_share_their_state(series):
    seen = []

    @unit_of_work
    def outer():
        thread = threading.Thread(
            target=lambda: seen.append(
                __import__("alawael.core.unit_of_work", fromlist=["x"]).in_unit()
            )
        )
        thread.start()
        thread.join()

    outer()

    assert seen == [False]


def test_a_unit_that_is_run_again_finds_its_arguments_as_they_were(amal):
    """Without this, a unit that lost once would refuse its own change as somebody else's."""
    attempts = []

    @unit_of_work
    def rename(user):
        attempts.append((user.name_en, user.version))
        change(user, name_en="Amal the Second")
        if len(attempts) == 1:
            raise OperationalError("database is locked")
        return user

    renamed = rename(amal)

    assert attempts == [("Amal", 1), ("Amal", 1)]
    assert (renamed.name_en, renamed.version) == ("Amal the Second", 2)


def test_a_rehearsal_shows_what_would_become_of_a_record(amal):
    shown = rehearse(lambda: change(amal, name_en="Amal the Second"))

    assert shown.name_en == "Amal the Second"
    assert type(amal).objects.get().name_en == "Amal"


def test_a_busy_writer_does_not_starve_the_others(series):
    """Somebody who writes without pause must let a waiting person in after each unit."""
    if connection.vendor != "sqlite":
        pytest.skip("only on SQLite, which has a single writer")
    stop, written = threading.Event(), list[str]()

    @unit_of_work
    def slow_unit():
        take_number(series)
        time.sleep(0.1)

    def write_without_pause():
        # However long the others starve, the test ends: so much is far beyond what is allowed.
        while not stop.is_set() and len(written) < 20:
            slow_unit()
            written.append("busy")
        connection.close()

    busy = threading.Thread(target=write_without_pause)
    busy.start()
    time.sleep(0.15)
    before = len(written)
    for _ in range(5):
        unit_of_work(lambda: take_number(series))()
    stop.set()
    busy.join()

    # One unit of the other may lie before each of ours, and one was under way.
    assert len(written) - before <= 7
