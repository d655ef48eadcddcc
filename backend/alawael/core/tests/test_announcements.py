from datetime import timedelta

import pytest

from alawael.core import announcements
from alawael.core.announcements import MOST_ATTEMPTS, announce, deliver_next, listen
from alawael.core.errors import Refusal
from alawael.core.models import Announcement
from alawael.core.unit_of_work import unit_of_work
from testing.races import at_once

heard: list[dict] = []


@pytest.fixture(autouse=True)
def _listeners(db, monkeypatch):
    heard.clear()
    monkeypatch.setattr(announcements, "_listeners", type(announcements._listeners)(list))
    listen("test.heard")(heard.append)


@unit_of_work
def tell(noon, topic="test.heard"):
    announce(topic, at=noon, product="p-1")


def test_is_told_after_the_commit(noon):
    tell(noon)

    assert deliver_next(at=noon)
    assert heard == [{"product": "p-1"}]
    assert not deliver_next(at=noon)


def test_what_was_rolled_back_is_never_told(noon):
    @unit_of_work
    def refused():
        announce("test.heard", at=noon, product="p-1")
        raise Refusal()

    with pytest.raises(Refusal):
        refused()

    assert not deliver_next(at=noon)


def test_a_deaf_listener_is_tried_again_later_and_given_up_in_the_end(noon):
    def deaf(_):
        raise ValueError("not now")

    listen("test.deaf")(deaf)
    tell(noon, "test.deaf")
    at = noon
    for _ in range(MOST_ATTEMPTS):
        assert deliver_next(at=at)
        assert not deliver_next(at=at)
        at += timedelta(hours=2)

    letter = Announcement.objects.get()
    assert letter.dead_at is not None
    assert letter.last_error == "ValueError: not now"
    assert not deliver_next(at=at)


def test_two_workers_tell_it_once(noon):
    # Several, so that the workers do meet at one of them.
    for _ in range(8):
        tell(noon)

    def work(_):
        while deliver_next(at=noon):
            pass

    at_once(work, range(6))

    assert len(heard) == 8


def test_news_that_nobody_listens_to_is_not_kept(noon):
    tell(noon, "test.unheard")

    assert not Announcement.objects.exists()
