from datetime import timedelta

import pytest

from alawael.accounts import personal_tokens
from alawael.accounts.models import PersonalToken
from alawael.accounts.permissions import common
from alawael.accounts.tests.people import sami, signed_in, with_password
from alawael.core.clock import now
from testing.cast import ApiClient, a_user


def by_token(token):
    client = ApiClient()
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


def a_token(user, *permissions, expires_at=None, at=None):
    at = at or now()
    _, secret = personal_tokens.create_token(
        user, name="Nightly", permissions=permissions, expires_at=expires_at, by=user, at=at
    )
    return secret


def test_a_token_is_shown_once_and_works(db):
    browser = signed_in(sami())

    answer = browser.post("/api/auth/tokens", {"name": "Nightly export"})

    secret = answer.json()["token"]
    assert answer.status_code == 201
    assert by_token(secret).get("/api/users").status_code == 200
    (listed,) = browser.get("/api/auth/tokens").json()["items"]
    assert listed["prefix"] == secret[:12]
    assert secret not in browser.get("/api/auth/tokens").content.decode()
    assert not PersonalToken.objects.filter(hash=secret).exists()


def test_a_token_is_never_kept_as_the_answer_to_an_idempotency_key(db):
    browser = signed_in(sami())

    first = browser.post("/api/auth/tokens", {"name": "a"}, HTTP_IDEMPOTENCY_KEY="k-1")
    again = browser.post("/api/auth/tokens", {"name": "a"}, HTTP_IDEMPOTENCY_KEY="k-1")

    assert first.status_code == 201
    assert again.json()["code"] == "idempotency_answer_lost"
    assert PersonalToken.objects.count() == 1


def test_a_revoked_token_is_dead_at_once(db):
    browser = signed_in(sami())
    made = browser.post("/api/auth/tokens", {"name": "a"}).json()

    assert browser.delete(f"/api/auth/tokens/{made['id']}").status_code == 204

    assert by_token(made["token"]).get("/api/users").status_code == 401
    assert browser.get("/api/auth/tokens").json()["items"] == []


def test_a_token_of_somebody_else_cannot_be_revoked(db, amal):
    browser = signed_in(sami())
    a_token(amal)

    foreign = PersonalToken.objects.get(user=amal)

    assert browser.delete(f"/api/auth/tokens/{foreign.pk}").status_code == 404


def test_a_token_runs_out(db):
    user = sami()
    yesterday = now() - timedelta(days=1)
    secret = a_token(user, expires_at=yesterday + timedelta(hours=1), at=yesterday)

    assert by_token(secret).get("/api/users").status_code == 401


@pytest.mark.parametrize(
    ("held", "limits", "status"),
    [
        (["user:read"], [], 200),
        (["user:read"], ["user:read"], 200),
        (["*"], ["user:read"], 200),
        (["*"], ["user:*"], 200),
        (["user:*"], ["user:read"], 200),
        (["*"], ["role:read"], 403),
        (["*"], ["user:edit"], 403),
    ],
)
def test_a_token_does_what_its_limits_say(db, held, limits, status):
    user = a_user("sami", *held)

    assert by_token(a_token(user, *limits)).get("/api/users").status_code == status


def test_a_token_shrinks_with_its_user(db):
    user = a_user("sami", "user:read", "role:read")
    secret = a_token(user, "user:read", "role:read")
    user.role_keys = []
    user.save()

    assert by_token(secret).get("/api/users").status_code == 403


@pytest.mark.parametrize(
    ("held", "limits", "both"),
    [
        ({"*"}, {"invoice:*", "user:read"}, {"invoice:*", "user:read"}),
        ({"invoice:*"}, {"*"}, {"invoice:*"}),
        ({"invoice:read", "user:read"}, {"invoice:*"}, {"invoice:read"}),
        ({"invoice:read"}, {"user:*"}, set()),
    ],
)
def test_limits_and_permissions_meet(held, limits, both):
    assert common(held, limits) == both


def test_nobody_makes_a_token_that_may_more_than_they(db):
    browser = signed_in(sami())

    answer = browser.post(
        "/api/auth/tokens", {"name": "a", "permissions": ["user:read", "user:edit"]}
    )

    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/permissions/1", "permission_not_held")


def test_a_token_cannot_make_tokens_nor_change_the_password(db):
    client = by_token(a_token(sami()))

    refused = [
        client.post("/api/auth/tokens", {"name": "a"}),
        client.post("/api/auth/password", {"current_password": "a", "new_password": "b"}),
        client.post("/api/auth/sign-out-everywhere"),
        client.patch("/api/auth/me", {"name_en": "Somebody"}),
    ]

    assert {answer.json()["code"] for answer in refused} == {"session_required"}


def test_an_end_in_the_past_is_refused(db):
    browser = signed_in(sami())

    answer = browser.post("/api/auth/tokens", {"name": "a", "expires_at": "2020-01-01T00:00:00Z"})

    assert answer.json()["errors"][0]["code"] == "in_the_past"


def test_the_number_of_tokens_is_limited(db, noon):
    user = sami()
    for _ in range(personal_tokens.MOST_TOKENS):
        a_token(user, at=noon)

    with pytest.raises(personal_tokens.TooManyTokens):
        a_token(user, at=noon)


def test_use_is_noted_now_and_then(db):
    secret = a_token(sami())

    by_token(secret).get("/api/users")
    first = PersonalToken.objects.get().last_used_at
    by_token(secret).get("/api/users")

    assert first is not None
    assert PersonalToken.objects.get().last_used_at == first


def test_deactivating_a_user_revokes_the_tokens_for_good(as_amal):
    user = with_password(a_user("sami", "user:read"))
    secret = a_token(user)

    as_amal.delete(f"/api/users/{user.pk}")
    as_amal.patch(f"/api/users/{user.pk}", {"is_active": True})

    assert by_token(secret).get("/api/users").status_code == 401
