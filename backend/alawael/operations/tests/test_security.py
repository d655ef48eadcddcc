from datetime import timedelta
from uuid import uuid4

import jwt
import pytest
from django.core import mail

from alawael.accounts.models import User
from alawael.core import announcements
from alawael.core.announcements import announce
from alawael.core.clock import now
from alawael.core.unit_of_work import unit_of_work
from alawael.core.worker import work_until_idle
from alawael.security import services
from alawael.security.models import Anomaly, AnomalyRule, EventKind, SecurityEvent
from alawael.security.services import Matter, Notebook, forget_events, keep, look_for_anomalies
from testing.cast import ApiClient, a_user


@pytest.fixture
def watched(db, settings, monkeypatch):
    settings.SECURITY_EVENTS_KEPT = True
    monkeypatch.setattr(services, "notebook", Notebook())
    monkeypatch.setattr("alawael.security.watch.notebook", services.notebook)


@pytest.fixture
def told(monkeypatch):
    """Every anomaly that was announced."""
    heard: list[dict[str, str]] = []
    monkeypatch.setitem(announcements._listeners, "security.anomaly", [heard.append])
    return heard


def test_what_is_refused_is_kept_once_for_each_matter(watched, settings):
    nobody = ApiClient()
    sami = a_user("sami", "product:read")
    as_sami = ApiClient(sami)
    for _ in range(3):
        as_sami.post("/api/users", {})
    nobody.post("/api/auth/sign-in", {"email": "no@alawael.test", "password": "four tall gates"})
    nobody.post("/api/auth/refresh", HTTP_ORIGIN="https://evil.example")
    forged = jwt.encode({"sub": str(sami.id), "exp": 9999999999}, "x" * 40, algorithm="HS256")
    nobody.get("/api/auth/me", HTTP_AUTHORIZATION=f"Bearer {forged}")
    honest = jwt.encode({"sub": str(sami.id), "exp": 1}, settings.JWT_SECRET, algorithm="HS256")
    nobody.get("/api/auth/me", HTTP_AUTHORIZATION=f"Bearer {honest}")

    kept = {event.kind: event for event in SecurityEvent.objects.all()}
    assert set(kept) == {
        EventKind.PERMISSION_REFUSED,
        EventKind.SIGN_IN_REFUSED,
        EventKind.CROSS_SITE,
        EventKind.TOKEN_FORGED,
    }
    probed = kept[EventKind.PERMISSION_REFUSED]
    assert (probed.user_id, probed.detail, probed.address) == (sami.id, "user:create", "127.0.0.1")


def test_a_flood_becomes_few_rows_and_few_writes(db, monkeypatch):
    at, clock, written = now(), iter(range(10**6)), []
    monkeypatch.setattr("alawael.security.services.time.monotonic", lambda: next(clock) / 1000)
    monkeypatch.setattr(services, "keep", lambda matter, count, at: written.append(count))
    notebook, matter = Notebook(), Matter(EventKind.RATE_LIMITED, "203.0.113.7")
    for _ in range(11_000):
        notebook.note(matter, at=at)
    assert len(written) == 3
    assert sum(written) >= 10_000
    written.clear()

    for number in range(5_000):
        notebook.note(Matter(EventKind.RATE_LIMITED, f"10.0.{number}"), at=at)

    assert len(written) <= 6 * services.MOST_WRITES
    assert len(notebook._matters) <= 2_000


def test_alike_events_share_a_row_and_old_ones_go(db, monkeypatch, noon):
    matter = Matter(EventKind.LOCKED, "203.0.113.7", uuid4())
    for minutes in (0, 5, 30):
        keep(matter, count=2, at=noon + timedelta(minutes=minutes))
    rows = list(SecurityEvent.objects.order_by("pk").values_list("count", flat=True))
    assert rows == [4, 2]

    monkeypatch.setattr(services, "MOST_ROWS", 1)
    assert forget_events(at=noon + timedelta(hours=1)) == 1
    assert forget_events(at=noon + timedelta(days=91)) == 1
    assert SecurityEvent.objects.count() == 0


def test_patterns_are_told_once_an_hour(db, told, noon):
    prober, attacker = uuid4(), "203.0.113.7"
    keep(Matter(EventKind.PERMISSION_REFUSED, attacker, prober, "user:edit"), count=20, at=noon)
    keep(Matter(EventKind.PERMISSION_REFUSED, attacker, prober, "role:edit"), count=10, at=noon)
    keep(Matter(EventKind.LOCKED, attacker), count=5, at=noon)
    keep(Matter(EventKind.TOKEN_REUSED, attacker, prober), at=noon)
    keep(Matter(EventKind.SIGN_IN_REFUSED, attacker), count=29, at=noon)
    keep(Matter(EventKind.TOKEN_FORGED, attacker), count=50, at=noon - timedelta(minutes=11))

    found = {one.rule: one for one in look_for_anomalies(at=noon)}
    again = look_for_anomalies(at=noon + timedelta(minutes=1))
    work_until_idle()

    assert set(found) == {AnomalyRule.PROBING, AnomalyRule.MANY_LOCKS, AnomalyRule.TOKEN_REUSED}
    assert (found["probing"].subject, found["probing"].count) == (str(prober), 30)
    assert again == []
    assert {one["rule"] for one in told} == set(found)


def test_who_may_read_the_page_is_told_by_mail_once(db, noon):
    watcher = a_user("nora", "security:read")
    User.objects.filter(pk=watcher.pk).update(language="ar")
    a_user("sami", "product:read")
    a_user("left", "security:read", is_active=False)
    keep(Matter(EventKind.TOKEN_REUSED, "203.0.113.7", watcher.id), at=noon)

    look_for_anomalies(at=noon)
    work_until_idle()
    look_for_anomalies(at=noon + timedelta(minutes=1))
    work_until_idle()

    (told,) = mail.outbox
    assert told.to == [watcher.email]
    assert "نُسخت جلسة" in told.body
    assert "/security" in told.body
    assert "203.0.113.7" not in told.body


def test_locks_copied_tokens_and_new_devices_are_heard_of(db):
    user = uuid4()

    @unit_of_work
    def happens():
        announce("accounts.locked", at=now(), user="unknown", what="address", ip="203.0.113.7")
        announce("accounts.token_reused", at=now(), user=str(user), ip="2001:db8::5")
        announce("accounts.new_device", at=now(), user=str(user))

    happens()
    work_until_idle()

    heard = {one.kind: (one.address, one.user_id) for one in SecurityEvent.objects.all()}
    assert heard == {
        "locked": ("203.0.113.7", None),
        "token_reused": ("2001:db8::/64", user),
        "new_device": ("", user),
    }


def test_the_report_says_what_from_where_and_in_whose_name(as_amal, amal, noon):
    keep(Matter(EventKind.PERMISSION_REFUSED, "203.0.113.7", amal.id, "x:y"), count=40, at=noon)
    keep(Matter(EventKind.SIGN_IN_REFUSED, "203.0.113.8"), count=3, at=noon)
    keep(Matter(EventKind.LOCKED, "203.0.113.9"), at=noon - timedelta(days=2))
    look_for_anomalies(at=noon)
    span = "since=2026-03-31T00:00:00Z&until=2026-04-01T00:00:00Z"

    report = as_amal.get(f"/api/security/report?{span}").json()
    listed = as_amal.get(f"/api/security/events?{span}&kind=permission_refused").json()["items"]

    counts = {one["key"]: one["count"] for one in report["kinds"]}
    assert counts["permission_refused"] == 40
    assert counts["locked"] == 0
    assert report["addresses"][0]["key"] == "203.0.113.7"
    assert [(one["name"], one["count"]) for one in report["users"]] == [("Amal", 40)]
    assert [(one["rule"], one["name"]) for one in report["anomalies"]] == [("probing", "Amal")]
    assert [(one["user_name"], one["count"]) for one in listed] == [("Amal", 40)]
    assert Anomaly.objects.count() == 1
    assert User.objects.count() == 1


def test_only_who_may_reads_it(signed_in_with):
    assert signed_in_with("audit:read").get("/api/security/report").status_code == 403
    assert signed_in_with("security:read").get("/api/security/report").status_code == 200
    assert signed_in_with("security:read").get("/api/security/events").json()["items"] == []
