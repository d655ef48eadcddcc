from datetime import timedelta

from alawael.accounts import sessions
from alawael.accounts.models import RefreshToken, Session
from alawael.accounts.sessions import ENDED_KEPT, forget_sessions
from alawael.accounts.tests.people import an_administrator, sami
from alawael.core.schedules import fire_due
from alawael.core.verify import verify
from testing.cast import a_role


def contradictions():
    return [sentence for finding in verify() for sentence in finding.contradictions]


def test_sessions_and_tokens_that_ran_out_are_forgotten(db, noon):
    user = sami()
    live = sessions.start_session(user, ip="", device="", at=noon)
    ended = sessions.start_session(user, ip="", device="", at=noon)
    sessions.sign_out(ended.session.pk, by=user, at=noon)
    later = noon + timedelta(days=13)
    fresh = sessions.refresh(live.refresh_token, ip="", at=later)
    end = noon + ENDED_KEPT

    assert forget_sessions(at=noon + timedelta(days=15)) == 2  # two tokens ran out unused or spent
    assert forget_sessions(at=end) == 2  # the session that was ended, and live's second token
    assert forget_sessions(at=end) == 0

    assert [session.pk for session in Session.objects.all()] == [fresh.session.pk]
    assert not RefreshToken.objects.exists()


def test_a_session_in_use_is_kept(db, noon):
    opened = sessions.start_session(sami(), ip="", device="", at=noon)

    assert forget_sessions(at=noon + timedelta(days=1)) == 0

    assert sessions.refresh(opened.refresh_token, ip="", at=noon + timedelta(days=1))


def test_forgetting_happens_by_itself(db, noon):
    sessions.start_session(sami(), ip="", device="", at=noon)
    fire_due(at=noon + timedelta(days=15))

    fire_due(at=noon + timedelta(days=15, hours=2))

    assert not RefreshToken.objects.exists()


def test_a_fresh_installation_proves_itself(db):
    assert contradictions() == []

    an_administrator()

    assert contradictions() == []


def test_a_missing_administrator_is_found(db):
    amal = an_administrator()
    amal.is_active = False
    amal.save()

    assert contradictions() == ["There is no active administrator. Make one: alawael createadmin"]


def test_a_readable_password_is_found(db):
    an_administrator()
    sami(password_hash="seven quiet lamps burning")

    assert contradictions() == ["The password of sami@alawael.test is kept in an unknown form."]


def test_a_role_that_does_not_exist_is_found(db):
    an_administrator()
    a_role("clerk")
    sami(role_keys=["clerk", "pirate"])

    assert contradictions() == ["sami@alawael.test holds the role pirate, which does not exist."]
