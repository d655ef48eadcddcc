from datetime import timedelta

import pytest
from django.core import mail

from alawael.accounts import devices, sessions
from alawael.accounts.models import KnownDevice
from alawael.accounts.notices import device_name
from alawael.accounts.tests.people import PASSWORD, sami, sign_in
from alawael.core.worker import work_until_idle
from testing.cast import ApiClient

FIREFOX = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"}
EVIL = {"HTTP_USER_AGENT": "Urgent: pay at https://evil.test"}


def test_an_unknown_browser_is_told_by_mail_and_a_known_one_is_not(db):
    user = sami(language="ar", name_ar="سامي")
    mine = ApiClient()
    sign_in(mine, user.email, **FIREFOX)  # the very first sign-in
    sign_in(mine, user.email, **FIREFOX)
    work_until_idle()
    assert mail.outbox == []

    sign_in(ApiClient(), user.email, **FIREFOX)
    sign_in(ApiClient(), user.email, PASSWORD, **EVIL)
    work_until_idle()

    first, second = mail.outbox
    assert first.to == [user.email]
    assert "تسجيل دخول جديد" in first.subject
    assert "سامي" in first.body
    assert "Firefox, Linux" in first.body
    assert "127.0.0.1" in first.body
    assert "/sessions" in first.body
    assert "evil" not in second.body


def test_english_readers_get_english(db, noon):
    user = sami(last_sign_in_at=noon)

    sign_in(ApiClient(), user.email, **FIREFOX)
    work_until_idle()

    assert mail.outbox[0].subject == "New sign-in to Alawael ERP"


def test_a_browser_is_forgotten_after_a_year(db, noon):
    user = sami()
    cookie = sessions.start_session(user, ip="", device="", at=noon).device_secret
    later = noon + devices.KNOWN_FOR

    assert devices.known_device(user, cookie, at=later - timedelta(days=1))
    assert devices.known_device(user, cookie, at=later) is None
    assert devices.remember_device(user, cookie, at=later) == (cookie, True)
    assert devices.forget_devices(at=later + devices.KNOWN_FOR) == 1
    assert not KnownDevice.objects.exists()


@pytest.mark.parametrize("forged", ["", "short", "x" * 200])
def test_a_cookie_that_is_not_ours_is_replaced(db, noon, forged):
    cookie, is_new = devices.remember_device(sami(), forged, at=noon)

    assert (len(cookie), is_new) == (43, True)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("curl/8.5", ""),
    ],
)
def test_a_browser_has_a_short_name(agent, name):
    assert device_name(agent) == name
