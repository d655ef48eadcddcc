import pytest

from alawael.accounts.models import Passkey, Role
from alawael.accounts.tests.authenticator import USER_PRESENT, Authenticator
from alawael.accounts.tests.people import (
    PASSWORD,
    refresh,
    sami,
    sign_in,
    signed_in,
    use,
    with_password,
)
from alawael.core.models import AuditEvent
from testing.cast import ApiClient

OPTIONS = "/api/auth/passkeys/options"
ENTER = "/api/auth/sign-in/passkey"


def options_of(browser, password=PASSWORD):
    return browser.post(OPTIONS, {"current_password": password}).json()


def registered(browser, key, name="Laptop"):
    asked = options_of(browser)
    credential = key.register(asked["options"])
    return browser.post(
        "/api/auth/passkeys",
        {"challenge": asked["challenge"], "credential": credential, "name": name},
    )


def enter(key, browser=None, **said):
    browser = browser or ApiClient()
    asked = browser.post(f"{ENTER}/options").json()
    credential = key.sign_in(asked["options"], **said)
    return browser.post(ENTER, {"challenge": asked["challenge"], "credential": credential})


def test_a_passkey_opens_the_account_also_while_the_password_is_locked(db):
    user, key = sami(), Authenticator()
    made = registered(signed_in(user), key)
    for _ in range(5):
        sign_in(ApiClient(), user.email, "not the password at all")
    assert sign_in(ApiClient(), user.email).status_code == 429

    phone = ApiClient()
    answer = enter(key, phone)

    assert made.status_code == 201, made.content
    assert answer.status_code == 200, answer.content
    use(phone, answer.json()["access_token"])
    assert phone.get("/api/auth/me").json()["email"] == user.email
    assert phone.get("/api/auth/passkeys").json()["items"][0]["last_used_at"]
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"user.passkey_added", "session.started"} <= actions


def test_a_session_of_a_passkey_has_the_second_factor_that_a_role_requires(db):
    user, key = sami(), Authenticator()
    Role.objects.filter(key="role-of-sami").update(requires_second_factor=True)
    with_password = signed_in(user)
    assert with_password.get("/api/users").json()["code"] == "second_factor_required"
    assert registered(with_password, key).status_code == 201

    phone = ApiClient()
    entered = enter(key, phone).json()
    use(phone, entered["access_token"])

    assert not entered["user"]["must_set_up_second_factor"]
    assert phone.get("/api/users").status_code == 200
    use(phone, refresh(phone).json()["access_token"])
    assert phone.get("/api/users").status_code == 200
    # The password alone is one factor, whatever else its owner has.
    assert signed_in(user).get("/api/users").json()["code"] == "second_factor_required"


def test_one_is_renamed_and_removed_by_its_owner_alone(db, amal):
    user, key = sami(), Authenticator()
    browser = signed_in(user)
    path = f"/api/auth/passkeys/{registered(browser, key).json()['id']}"
    stranger = signed_in(with_password(amal))

    assert stranger.patch(path, {"name": "Mine now"}).status_code == 404
    proof = {"current_password": PASSWORD}
    assert stranger.post(f"{path}/remove", proof).status_code == 404
    assert browser.patch(path, {"name": "Telephone"}).json()["name"] == "Telephone"
    wrong = browser.post(f"{path}/remove", {"current_password": "not the password at all"})
    assert wrong.json()["errors"][0]["code"] == "wrong_password"
    assert browser.post(f"{path}/remove", proof).status_code == 204
    assert enter(key).json()["code"] == "passkey_refused"


def test_making_one_asks_for_the_password(db):
    browser = signed_in(sami())

    answer = browser.post(OPTIONS, {"current_password": "not the password at all"})

    assert answer.json()["errors"][0]["code"] == "wrong_password"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: setattr(key, "origin", "https://alawael.evil.test"),
        lambda key: setattr(key, "flags", USER_PRESENT),
        lambda key: setattr(key, "key", Authenticator().key),
        lambda key: setattr(key, "count", -1),
        lambda key: setattr(key, "id", b"another"),
    ],
    ids=["another origin", "owner not checked", "another key", "count went back", "unknown"],
)
def test_what_another_page_or_a_copy_signs_opens_nothing(db, spoil):
    key = Authenticator()
    key.count = 5
    assert registered(signed_in(sami()), key).status_code == 201
    spoil(key)

    answer = enter(key)

    assert (answer.status_code, answer.json()["code"]) == (401, "passkey_refused")


def test_another_host_is_refused(db):
    key = Authenticator()
    registered(signed_in(sami()), key)

    assert enter(key, host="evil.test").json()["code"] == "passkey_refused"


def test_an_answer_serves_once(db):
    key, browser = Authenticator(), ApiClient()
    registered(signed_in(sami()), key)
    asked = browser.post(f"{ENTER}/options").json()
    answer = {"challenge": asked["challenge"], "credential": key.sign_in(asked["options"])}

    assert browser.post(ENTER, answer).status_code == 200
    assert browser.post(ENTER, answer).json()["code"] == "challenge_over"


def test_a_registration_answers_its_own_question(db):
    """Neither another person's challenge, nor one for signing in, nor the same key twice."""
    browser, key = signed_in(sami()), Authenticator()
    asked = options_of(browser)
    body = {
        "challenge": asked["challenge"],
        "credential": key.register(asked["options"]),
        "name": "Laptop",
    }
    signing_in = browser.post(f"{ENTER}/options").json()["challenge"]

    codes = [
        browser.post("/api/auth/passkeys", sent).json()["code"]
        for sent in (
            {**body, "challenge": signing_in},
            {**body, "challenge": options_of(browser)["challenge"]},
            {**body, "credential": {}},
            {**body, "credential": {"id": 1, "rawId": [], "response": "x", "type": "public-key"}},
        )
    ]
    assert codes == ["challenge_over", *["passkey_refused"] * 3]
    assert browser.post("/api/auth/passkeys", body).status_code == 201
    assert registered(browser, key).json()["code"] == "passkey_known"
    assert Passkey.objects.count() == 1


def test_a_deactivated_user_comes_in_no_way(db):
    user, key = sami(), Authenticator()
    registered(signed_in(user), key)
    user.is_active = False
    user.save()

    assert enter(key).json()["code"] == "passkey_refused"


def test_pages_of_other_sites_get_no_question(db):
    for path in (f"{ENTER}/options", ENTER):
        answer = ApiClient().post(
            path, {"challenge": "x", "credential": {}}, HTTP_ORIGIN="https://evil.test"
        )
        assert answer.json()["code"] == "cross_site"
