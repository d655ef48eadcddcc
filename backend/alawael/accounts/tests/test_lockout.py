"""Guessing passwords: few tries, however many at once, and nobody locked out by a stranger."""

from datetime import timedelta

import pytest

from alawael.accounts import attempts, sessions
from alawael.accounts.attempts import TooManyAttempts
from alawael.accounts.models import Attempts, KnownDevice
from alawael.accounts.sessions import WrongCredentials
from alawael.accounts.tests.people import PASSWORD, sami, sign_in, signed_in, with_password
from alawael.core.announcements import _listeners
from alawael.core.models import Announcement, AuditEvent
from testing.cast import ApiClient
from testing.races import at_once

WRONG = "not the password at all"
ELSEWHERE = {"REMOTE_ADDR": "198.51.100.7"}


def enter(email, password, at, *, ip="192.0.2.1", browser=""):
    return sessions.sign_in(email, password, ip=ip, device="Firefox", browser=browser, at=at)


def fail(email, at, times=1, **who):
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            enter(email, WRONG, at, **who)


def test_after_the_last_try_even_the_right_password_must_wait(stranger):
    user = sami()
    codes = [sign_in(stranger, user.email, WRONG).status_code for _ in range(5)]

    locked = sign_in(stranger, user.email, PASSWORD)
    unknown = ApiClient()
    for _ in range(5):
        sign_in(unknown, "nobody@alawael.test", WRONG, **ELSEWHERE)
    nobody = sign_in(unknown, "nobody@alawael.test", PASSWORD, **ELSEWHERE)

    assert codes == [401] * 5
    assert (locked.status_code, locked.json()["code"]) == (429, "too_many_attempts")
    assert 890 <= int(locked["Retry-After"]) <= 900
    assert "15 minutes" in locked.json()["detail"]
    # Who does not exist is locked in the same words.
    told = [{**answer.json(), "request_id": "", "facts": ""} for answer in (locked, nobody)]
    assert told[0] == told[1]


def test_the_lock_opens_by_itself_and_a_right_answer_clears_the_count(db, noon):
    user = sami()
    fail(user.email, noon, 5)

    with pytest.raises(TooManyAttempts):
        enter(user.email, PASSWORD, noon + timedelta(minutes=14, seconds=59))
    enter(user.email, PASSWORD, noon + timedelta(minutes=15))
    later = noon + timedelta(minutes=16)
    fail(user.email, later, 4)
    enter(user.email, PASSWORD, later)
    fail(user.email, later, 4)
    enter(user.email, PASSWORD, later)


def test_tries_long_apart_do_not_add_up(db, noon):
    user = sami()
    for day in range(7):
        fail(user.email, noon + timedelta(days=day))

    enter(user.email, PASSWORD, noon + timedelta(days=7))


def test_64_wrong_passwords_at_once_are_no_more_than_five_tries(db, noon, settings):
    """From 64 addresses, so that nothing but the count of the account holds them."""
    user = sami()

    codes = at_once(lambda n: enter(user.email, WRONG, noon, ip=f"192.0.2.{n}"), range(64))

    assert codes.count("wrong_credentials") == settings.MAX_LOGIN_ATTEMPTS
    assert codes.count("too_many_attempts") == 64 - settings.MAX_LOGIN_ATTEMPTS
    assert AuditEvent.objects.filter(action="session.refused").count() == 5
    assert AuditEvent.objects.filter(action="user.locked").count() == 1


def test_strangers_cannot_lock_out_a_known_browser(db, noon):
    user = sami()
    mine = enter(user.email, PASSWORD, noon).device_secret
    fail(user.email, noon, 5, ip="198.51.100.7")

    with pytest.raises(TooManyAttempts):
        enter(user.email, PASSWORD, noon)
    opened = enter(user.email, PASSWORD, noon, browser=mine)

    assert opened.user == user
    # Coming in does not help the strangers either, and the known browser has no more tries.
    with pytest.raises(TooManyAttempts):
        enter(user.email, WRONG, noon, ip="198.51.100.7")
    fail(user.email, noon, 5, browser=mine)
    with pytest.raises(TooManyAttempts):
        enter(user.email, PASSWORD, noon, browser=mine)


def test_the_cookie_of_one_user_says_nothing_for_another(db, noon):
    attacker = with_password(sami())
    cookie = enter(attacker.email, PASSWORD, noon).device_secret

    fail("nora@alawael.test", noon, 5)

    with pytest.raises(TooManyAttempts):
        enter("nora@alawael.test", WRONG, noon, browser=cookie)


def test_an_address_gets_tired_of_many_accounts_and_stays_so(db, noon):
    user = sami()
    mine = enter(user.email, PASSWORD, noon).device_secret
    for number in range(19):
        fail(f"user{number}@alawael.test", noon)
    enter(user.email, PASSWORD, noon)  # an account of one's own does not clear the address
    fail("another@alawael.test", noon)

    with pytest.raises(TooManyAttempts):
        enter("yet-another@alawael.test", WRONG, noon)
    with pytest.raises(TooManyAttempts):
        enter(user.email, PASSWORD, noon)
    enter(user.email, PASSWORD, noon, ip="192.0.2.2")
    enter(user.email, PASSWORD, noon, browser=mine)  # known browsers of the office get in


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "not an address", True),
    ],
)
def test_a_whole_ipv6_network_is_one_address(one, other, is_same):
    assert (attempts._network(one) == attempts._network(other)) is is_same


def test_an_administrator_sees_the_lock_and_opens_it(db, as_amal, noon):
    user = sami()
    for _ in range(5):
        sign_in(ApiClient(), user.email, WRONG)
    page = f"/api/users/{user.pk}/security"
    assert as_amal.get(page).json()["locked_until"] is not None
    assert ApiClient(user).post(f"/api/users/{user.pk}/unlock").status_code == 403

    answer = as_amal.post(f"/api/users/{user.pk}/unlock")

    assert answer.json()["locked_until"] is None
    assert sign_in(ApiClient(), user.email).status_code == 200
    assert AuditEvent.objects.filter(action="user.unlocked", record_id=user.pk).exists()


def test_an_administrator_ends_all_sessions_of_somebody(db, as_amal):
    user = sami()
    phone, desk = signed_in(user), signed_in(user)
    page = f"/api/users/{user.pk}"
    assert as_amal.get(f"{page}/security").json()["sessions"] == 2

    answer = as_amal.post(f"{page}/sign-out")

    assert answer.json()["sessions"] == 0
    assert {phone.get("/api/auth/me").status_code, desk.get("/api/auth/me").status_code} == {401}


def test_a_lock_is_announced_without_what_was_typed(db, noon, monkeypatch):
    monkeypatch.setitem(_listeners, "accounts.locked", [print])
    user = sami()
    fail(user.email, noon, 5)
    fail("my-password-by-mistake", noon, 5, ip="198.51.100.7")

    told = [row.payload for row in Announcement.objects.order_by("id")]

    assert [(news["user"], news["what"]) for news in told] == [
        (str(user.pk), "account"),
        ("unknown", "account"),
    ]
    assert "mistake" not in str(told) + str(list(Attempts.objects.values_list("key", flat=True)))


def test_the_device_cookie_is_out_of_reach(db, settings):
    settings.SECURE_COOKIES = True
    browser = ApiClient()
    sign_in(browser, sami().email)

    cookie = browser.cookies["__Host-alawael_device"]

    assert cookie["httponly"]
    assert cookie["secure"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Strict", "/", "")
    assert cookie.value not in KnownDevice.objects.get().hash


def test_an_open_screen_is_no_place_to_guess_the_password(db):
    browser = signed_in(sami())
    change = {"current_password": WRONG, "new_password": "nine loud drums at dawn"}

    codes = [browser.post("/api/auth/password", change).status_code for _ in range(6)]

    assert codes == [422] * 5 + [429]


def test_counters_are_forgotten_when_they_have_run_out(db, noon):
    fail("nobody@alawael.test", noon)

    assert attempts.forget_attempts(at=noon + timedelta(minutes=14)) == 0
    assert attempts.forget_attempts(at=noon + timedelta(minutes=15)) == 2
    assert not Attempts.objects.exists()


@pytest.mark.parametrize(
    ("seconds", "en", "ar"),
    [
        (1, "1 second", "ثانية"),
        (59, "59 seconds", "59 ثانية"),
        (61, "2 minutes", "دقيقتين"),
        (300, "5 minutes", "5 دقائق"),
        (900, "15 minutes", "15 دقيقة"),
    ],
)
def test_the_wait_is_said_in_words(seconds, en, ar):
    refusal = TooManyAttempts(seconds=seconds)

    assert f"Wait {en} and" in refusal.sentence("en")
    assert f"انتظر {ar} ثم" in refusal.sentence("ar")
