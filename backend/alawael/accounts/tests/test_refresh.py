from datetime import timedelta

import pytest

from alawael.accounts import sessions
from alawael.accounts.models import RefreshToken, Session
from alawael.accounts.sessions import GRACE, LONGEST_SESSION, SessionOver
from alawael.accounts.tests.people import refresh, sami, signed_in, use
from alawael.accounts.tokens import open_successor, seal_successor
from alawael.core.models import AuditEvent
from testing.races import at_once


@pytest.fixture
def opened(db, noon):
    return sessions.start_session(sami(), ip="192.0.2.7", device="Firefox", at=noon)


def carry_on(secret, at):
    return sessions.refresh(secret, ip="192.0.2.7", at=at).refresh_token


def test_a_refreshed_browser_goes_on(db):
    browser = signed_in(sami())
    before = browser.cookies["alawael_refresh"].value

    answer = refresh(browser)
    use(browser, answer.json()["access_token"])

    assert answer.status_code == 200
    assert browser.cookies["alawael_refresh"].value != before
    assert browser.get("/api/auth/me").status_code == 200


def test_each_token_brings_the_next(opened, noon):
    second = carry_on(opened.refresh_token, noon)
    third = carry_on(second, noon)

    assert len({opened.refresh_token, second, third}) == 3
    assert RefreshToken.objects.filter(used_at=None).count() == 1


def test_eight_tabs_at_once_get_the_same_successor(opened, noon):
    successors = at_once(lambda secret: carry_on(secret, noon), [opened.refresh_token] * 8)

    assert len(set(successors)) == 1
    assert RefreshToken.objects.count() == 2
    assert carry_on(successors[0], noon)


def test_a_lost_answer_is_given_again_within_the_grace(opened, noon):
    successor = carry_on(opened.refresh_token, noon)

    assert carry_on(opened.refresh_token, noon + GRACE) == successor


def test_a_copied_token_ends_the_session_for_thief_and_owner(opened, noon):
    successor = carry_on(opened.refresh_token, noon)
    later = noon + GRACE + timedelta(milliseconds=1)

    with pytest.raises(SessionOver):
        carry_on(opened.refresh_token, later)

    with pytest.raises(SessionOver):
        carry_on(successor, later)
    assert Session.objects.get().ended_because == "refresh_token_reused"
    event = AuditEvent.objects.get(action="session.reuse_detected")
    assert event.changes["ip"] == "192.0.2.7"


def test_a_reused_token_ends_access_at_once(db, noon):
    browser = signed_in(sami())
    first = browser.cookies["alawael_refresh"].value
    use(browser, refresh(browser).json()["access_token"])
    RefreshToken.objects.exclude(used_at=None).update(used_at=noon - timedelta(days=1))

    browser.cookies["alawael_refresh"] = first

    assert refresh(browser).json()["code"] == "session_over"
    assert browser.get("/api/auth/me").status_code == 401


def test_an_unused_session_runs_out(opened, noon, settings):
    idle = timedelta(milliseconds=settings.REFRESH_TOKEN_LIFETIME_MS)

    with pytest.raises(SessionOver):
        carry_on(opened.refresh_token, noon + idle)


def test_use_prolongs_a_session(opened, noon, settings):
    idle = timedelta(milliseconds=settings.REFRESH_TOKEN_LIFETIME_MS)
    nearly = noon + idle - timedelta(seconds=1)

    second = carry_on(opened.refresh_token, nearly)

    assert carry_on(second, nearly + idle - timedelta(seconds=1))


def test_no_use_prolongs_a_session_for_ever(opened, noon):
    secret, at = opened.refresh_token, noon
    while at < noon + LONGEST_SESSION - timedelta(days=10):
        at += timedelta(days=10)
        secret = carry_on(secret, at)

    assert Session.objects.get().expires_at == noon + LONGEST_SESSION
    with pytest.raises(SessionOver):
        carry_on(secret, noon + LONGEST_SESSION)


@pytest.mark.parametrize("secret", ["", "unknown", "é\udcff"])
def test_unknown_tokens_are_refused(db, noon, secret):
    with pytest.raises(SessionOver):
        carry_on(secret, noon)


def test_a_deactivated_user_cannot_go_on(opened, noon):
    opened.user.is_active = False
    opened.user.save()

    with pytest.raises(SessionOver):
        carry_on(opened.refresh_token, noon)


def test_the_seal_opens_only_with_the_predecessor_and_our_key(settings):
    sealed = seal_successor("next", for_token="this")

    assert open_successor(sealed, for_token="this") == "next"
    assert open_successor(sealed, for_token="that") is None
    settings.JWT_SECRET = "another key that is long enough for this test"
    assert open_successor(sealed, for_token="this") is None
