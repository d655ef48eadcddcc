import pytest

from alawael.accounts import passwords
from alawael.accounts.models import RefreshToken, Session, User
from alawael.accounts.passwords import hash_password
from alawael.accounts.tests.people import (
    OURS,
    PASSWORD,
    refresh,
    sami,
    sign_in,
    signed_in,
    with_password,
)
from alawael.core.models import AuditEvent
from testing.cast import ApiClient, a_user


def refused_as(answer):
    problem = answer.json()
    problem.pop("request_id")
    return answer.status_code, problem


def test_signs_in_with_the_right_password(db):
    user = sami()
    browser = ApiClient()

    answer = sign_in(browser, " Sami@Alawael.TEST ")

    body = answer.json()
    assert answer.status_code == 200
    assert body["expires_in"] == 600
    assert body["user"]["email"] == user.email
    assert body["user"]["permissions"] == ["user:read"]
    assert "refresh" not in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_the_refresh_cookie_is_out_of_reach(db):
    browser = ApiClient()
    sign_in(browser, sami().email)

    cookie = browser.cookies["alawael_refresh"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/api/auth"
    assert not cookie["secure"]


def test_the_cookie_is_secure_in_production(db, settings):
    settings.SECURE_COOKIES = True
    browser = ApiClient()

    sign_in(browser, sami().email)

    cookie = browser.cookies["__Host-alawael_refresh"]
    assert cookie["secure"]
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    answer = browser.post("/api/auth/refresh", HTTP_X_REQUESTED_WITH="alawael")
    assert answer.status_code == 200


def test_only_hashes_are_kept(db):
    browser = ApiClient()
    sign_in(browser, sami().email)

    secret = browser.cookies["alawael_refresh"].value
    token = RefreshToken.objects.get()

    assert len(secret) >= 43
    assert secret not in (token.hash, token.successor)


def test_nobody_learns_which_users_exist(stranger):
    sami()
    with_password(a_user("left", is_active=False))

    answers = [
        refused_as(sign_in(stranger, email, password))
        for email, password in [
            ("sami@alawael.test", "not the password at all"),
            ("nobody@alawael.test", "not the password at all"),
            ("nobody@alawael.test", PASSWORD),
            ("left@alawael.test", PASSWORD),
        ]
    ]

    assert answers[0][0] == 401
    assert answers[0][1]["code"] == "wrong_credentials"
    assert answers == [answers[0]] * 4


def test_an_unknown_user_costs_as_much_hashing_as_a_wrong_password(stranger, settings):
    """Counted, because a clock in a test would lie: the hash of nobody is really verified."""
    settings.PASSWORD_HASHING = {"time_cost": 1, "memory_cost": 16, "parallelism": 1}
    passwords._hash_of_nobody.cache_clear()

    sign_in(stranger, "nobody@alawael.test")

    assert passwords._hash_of_nobody.cache_info().currsize == 1


def test_a_refused_sign_in_is_on_record_without_what_was_typed(stranger):
    user = sami()

    sign_in(stranger, user.email, "not the password at all", HTTP_USER_AGENT="Firefox")
    sign_in(stranger, "my-password-by-mistake", "not the password at all")

    wrong, unknown = AuditEvent.objects.filter(action="session.refused").order_by("id")
    assert wrong.changes == {"user": str(user.pk), "ip": "127.0.0.1", "device": "Firefox"}
    assert unknown.changes["user"] == "unknown"
    assert "mistake" not in str(unknown.changes)


def test_a_session_is_on_record(db):
    user = sami()

    signed_in(user)

    event = AuditEvent.objects.get(action="session.started")
    assert event.actor_id == user.pk
    assert User.objects.get().last_sign_in_at is not None


def test_an_outdated_hash_is_renewed_on_the_way(db, settings):
    user = sami()
    settings.PASSWORD_HASHING = {**settings.PASSWORD_HASHING, "memory_cost": 64}

    signed_in(user)

    assert "m=64," in User.objects.get().password_hash
    assert signed_in(user).get("/api/auth/me").status_code == 200


def test_spaces_in_a_password_count(db):
    user = sami(password_hash=hash_password(f" {PASSWORD} "))

    assert sign_in(ApiClient(), user.email, PASSWORD).status_code == 401
    assert sign_in(ApiClient(), user.email, f" {PASSWORD} ").status_code == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.test", "null", "http://testserver.evil.test", "garbage"]
)
def test_pages_of_other_sites_cannot_sign_in(db, origin):
    user = sami()

    answer = sign_in(ApiClient(), user.email, HTTP_ORIGIN=origin)

    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")


def test_our_own_pages_can(db):
    answer = sign_in(ApiClient(), sami().email, HTTP_ORIGIN="http://testserver")

    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/api/auth/refresh", "/api/auth/sign-out"])
def test_what_goes_by_the_cookie_needs_our_header(db, path):
    browser = signed_in(sami())

    plain = browser.post(path)
    foreign = browser.post(path, **OURS, HTTP_ORIGIN="https://evil.test")

    assert {plain.json()["code"], foreign.json()["code"]} == {"cross_site"}
    assert Session.objects.filter(ended_at=None).count() == 1


def test_signing_out_ends_access_at_once(db):
    browser = signed_in(sami())

    answer = browser.post("/api/auth/sign-out", **OURS)

    assert answer.status_code == 204
    assert browser.cookies["alawael_refresh"].value == ""
    assert browser.get("/api/auth/me").status_code == 401


def test_signing_out_works_when_access_has_run_out(db):
    browser = signed_in(sami())
    browser.defaults.pop("HTTP_AUTHORIZATION")

    browser.post("/api/auth/sign-out", **OURS)

    assert Session.objects.get().ended_because == "signed_out"


def test_signing_out_everywhere_ends_every_device(db):
    user = sami()
    phone, desk = signed_in(user), signed_in(user)

    phone.post("/api/auth/sign-out-everywhere")

    assert desk.get("/api/auth/me").status_code == 401
    assert refresh(desk).status_code == 401


def test_sessions_are_listed_and_one_can_be_ended(db):
    user = sami()
    phone, desk = signed_in(user), signed_in(user)
    listed = desk.get("/api/auth/sessions").json()["items"]
    (other,) = [session for session in listed if not session["is_current"]]

    answer = desk.delete(f"/api/auth/sessions/{other['id']}")

    assert answer.status_code == 204
    assert phone.get("/api/auth/me").status_code == 401
    assert desk.get("/api/auth/me").status_code == 200


def test_nobody_ends_the_session_of_another(db, amal):
    signed_in(sami())
    foreign = Session.objects.get()
    browser = signed_in(with_password(amal))

    assert browser.delete(f"/api/auth/sessions/{foreign.pk}").status_code == 404


def test_a_deactivated_user_is_out_at_once(db, as_amal):
    user = sami()
    browser, program = signed_in(user), ApiClient(user)

    as_amal.delete(f"/api/users/{user.pk}")

    assert browser.get("/api/auth/me").status_code == 401
    assert refresh(browser).status_code == 401
    assert sign_in(ApiClient(), user.email).status_code == 401
    # Whoever is let in again later signs in again: nothing that was open comes back.
    as_amal.patch(f"/api/users/{user.pk}", {"is_active": True})
    assert browser.get("/api/auth/me").status_code == 401
    assert program.get("/api/auth/me").status_code == 401
    assert sign_in(ApiClient(), user.email).status_code == 200


def test_changing_the_password_ends_the_other_sessions(db):
    user = sami()
    phone, desk = signed_in(user), signed_in(user)

    answer = desk.post(
        "/api/auth/password",
        {"current_password": PASSWORD, "new_password": "nine loud drums at dawn"},
    )

    assert answer.status_code == 204
    assert desk.get("/api/auth/me").status_code == 200
    assert phone.get("/api/auth/me").status_code == 401
    assert sign_in(ApiClient(), user.email, PASSWORD).status_code == 401
    assert sign_in(ApiClient(), user.email, "nine loud drums at dawn").status_code == 200


@pytest.mark.parametrize(
    ("current", "new", "pointer", "code"),
    [
        ("wrong", "nine loud drums at dawn", "/current_password", "wrong_password"),
        (PASSWORD, "short", "/new_password", "password_too_short"),
        (PASSWORD, "sami@alawael.test", "/new_password", "password_about_you"),
        (PASSWORD, PASSWORD, "/new_password", "password_unchanged"),
    ],
)
def test_a_new_password_is_checked(db, current, new, pointer, code):
    browser = signed_in(sami())

    answer = browser.post("/api/auth/password", {"current_password": current, "new_password": new})

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["code"]) == (422, pointer, code)


def test_who_was_given_a_password_must_replace_it_first(db):
    user = sami(must_change_password=True)
    browser = signed_in(user)

    assert browser.get("/api/auth/me").json()["must_change_password"]
    assert browser.get("/api/users").json()["code"] == "password_change_required"
    assert browser.get("/api/auth/tokens").status_code == 403

    browser.post(
        "/api/auth/password",
        {"current_password": PASSWORD, "new_password": "nine loud drums at dawn"},
    )

    assert browser.get("/api/users").status_code == 200


def test_people_change_their_own_names_and_language(db):
    browser = signed_in(sami())

    answer = browser.patch("/api/auth/me", {"name_ar": "سامي", "language": "ar"})

    assert answer.json()["name_ar"] == "سامي"
    assert browser.get("/api/auth/me").json()["language"] == "ar"


def test_people_cannot_give_themselves_roles(db):
    browser = signed_in(sami())

    assert browser.patch("/api/auth/me", {"roles": ["admin"]}).status_code == 422


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9", "10.0.0.1", "203.0.113.9"),
        ("127.0.0.1", "<script>", "127.0.0.1"),
    ],
)
def test_the_address_is_believed_from_trusted_proxies_alone(db, peer, forwarded, address):
    sign_in(ApiClient(), sami().email, REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)

    assert Session.objects.get().ip_address == address
