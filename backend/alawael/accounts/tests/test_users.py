import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alawael.accounts.models import Session, User
from alawael.accounts.tests.people import PASSWORD, sami, sign_in, signed_in, with_password
from alawael.core.models import AuditEvent
from testing.cast import ApiClient, a_role, a_user


def test_a_new_user_gets_a_temporary_password_once(as_amal):
    a_role("sales", "invoice:read")

    answer = as_amal.post(
        "/api/users", {"email": " Nora@Alawael.Test ", "name_ar": "نورة", "roles": ["sales"]}
    )

    body = answer.json()
    assert answer.status_code == 201
    assert body["user"]["email"] == "nora@alawael.test"
    assert body["user"]["roles"] == ["sales"]
    assert body["user"]["must_change_password"]
    assert answer["Cache-Control"] == "no-store"
    assert body["temporary_password"] not in str(AuditEvent.objects.values_list("changes"))
    first = sign_in(ApiClient(), "nora@alawael.test", body["temporary_password"])
    assert first.json()["user"]["must_change_password"]


def test_a_given_password_is_not_answered(as_amal):
    answer = as_amal.post(
        "/api/users",
        {
            "email": "nora@alawael.test",
            "name_en": "Nora",
            "password": PASSWORD,
            "must_change_password": False,
        },
    )

    assert answer.json()["temporary_password"] is None
    assert signed_in(User.objects.get(email="nora@alawael.test")).get("/api/auth/me")


@pytest.mark.parametrize(
    ("sent", "status", "pointer", "code"),
    [
        ({"email": "amal@alawael.test"}, 409, "/email", "email_taken"),
        ({"email": "AMAL@alawael.test"}, 409, "/email", "email_taken"),
        ({"email": "nobody"}, 422, "/email", "string_pattern_mismatch"),
        ({"name_en": ""}, 422, "/name_en", "name_missing"),
        ({"roles": ["pirate"]}, 422, "/roles", "unknown_role"),
        ({"password": "short"}, 422, "/password", "password_too_short"),
        ({"is_active": True}, 422, "/is_active", "extra_forbidden"),
    ],
)
def test_a_user_that_does_not_fit_is_refused(as_amal, sent, status, pointer, code):
    answer = as_amal.post("/api/users", {"email": "nora@alawael.test", "name_en": "Nora", **sent})

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["code"]) == (status, pointer, code)
    assert User.objects.count() == 1


def test_only_what_is_sent_changes(as_amal):
    user = sami()

    answer = as_amal.patch(f"/api/users/{user.pk}", {"name_ar": "سامي"}, HTTP_IF_MATCH='"1"')

    assert answer["ETag"] == '"2"'
    assert (answer.json()["name_en"], answer.json()["name_ar"]) == ("Sami", "سامي")
    event = AuditEvent.objects.get(action="user.changed")
    assert event.changes == {"name_ar": ["", "سامي"]}


def test_a_stale_change_is_refused(as_amal):
    user = sami()

    answer = as_amal.patch(f"/api/users/{user.pk}", {"name_en": "Sam"}, HTTP_IF_MATCH='"7"')

    assert (answer.status_code, answer.json()["code"]) == (412, "version_conflict")
    assert User.objects.get(pk=user.pk).name_en == "Sami"


def test_a_change_of_nothing_is_no_event(as_amal):
    user = sami()

    answer = as_amal.patch(f"/api/users/{user.pk}", {"name_en": "Sami"})

    assert answer["ETag"] == '"1"'
    assert not AuditEvent.objects.filter(action="user.changed").exists()


def test_null_is_not_a_name(as_amal):
    user = sami()

    answer = as_amal.patch(f"/api/users/{user.pk}", {"name_en": None})

    assert answer.status_code == 422


def test_new_roles_hold_from_the_next_request(as_amal):
    user = sami()
    browser = signed_in(user)
    a_role("clerk", "role:read")

    as_amal.patch(f"/api/users/{user.pk}", {"roles": ["clerk"]})

    assert browser.get("/api/users").status_code == 403
    assert browser.get("/api/roles").status_code == 200


def test_a_reset_password_ends_every_session(as_amal):
    user = sami()
    browser = signed_in(user)

    answer = as_amal.post(f"/api/users/{user.pk}/reset-password")

    temporary = answer.json()["temporary_password"]
    assert browser.get("/api/auth/me").status_code == 401
    assert sign_in(ApiClient(), user.email, PASSWORD).status_code == 401
    assert sign_in(ApiClient(), user.email, temporary).json()["user"]["must_change_password"]


def test_a_deactivated_user_can_come_back(as_amal):
    user = sami()

    assert as_amal.delete(f"/api/users/{user.pk}").status_code == 204
    assert as_amal.delete(f"/api/users/{user.pk}").status_code == 204
    as_amal.patch(f"/api/users/{user.pk}", {"is_active": True})

    assert sign_in(ApiClient(), user.email).status_code == 200


def test_users_are_found_sorted_and_filtered(as_amal):
    role = a_role("sales", "invoice:read")
    a_user("zaki", role=role)
    a_user("badr", role=role, is_active=False)
    a_user("salesman", "party:read")

    def emails(query):
        return [row["email"].split("@")[0] for row in as_amal.get(query).json()["items"]]

    assert emails("/api/users") == ["amal", "badr", "salesman", "zaki"]
    assert emails("/api/users?role=sales&sort=-email") == ["zaki", "badr"]
    assert emails("/api/users?role=sales&is_active=true") == ["zaki"]
    assert emails("/api/users?q=ZAK") == ["zaki"]


def test_a_list_asks_three_questions_however_long_it_is(as_amal):
    for name in ("zaki", "badr", "nora"):
        a_user(name)

    with CaptureQueriesContext(connection) as asked:
        answer = as_amal.get("/api/users?limit=3")

    assert len(answer.json()["items"]) == 3
    # the token with its user, the roles' permissions, the rows
    assert len(asked) == 3


def test_a_request_with_an_access_token_costs_two_questions(db):
    browser = signed_in(sami())

    with CaptureQueriesContext(connection) as asked:
        browser.get("/api/auth/me")

    assert len(asked) == 2


@pytest.mark.parametrize(
    ("held", "method", "path"),
    [
        ("user:read", "post", "/api/users"),
        ("user:read", "patch", "/api/users/{id}"),
        ("user:edit", "delete", "/api/users/{id}"),
        ("user:create", "get", "/api/users"),
        ("user:create", "get", "/api/users/{id}"),
        ("user:read", "post", "/api/users/{id}/reset-password"),
    ],
)
def test_each_operation_has_its_own_permission(signed_in_with, held, method, path):
    user = sami()
    client = signed_in_with(held)
    body = {"email": "x@y.z", "name_en": "X"} if path == "/api/users" else {}

    answer = getattr(client, method)(path.format(id=user.pk), body)

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_nobody_gives_more_than_they_have(signed_in_with):
    a_role("boss", "user:read", "invoice:post")
    client = signed_in_with("user:create", "user:read")

    answer = client.post(
        "/api/users", {"email": "x@alawael.test", "name_en": "X", "roles": ["boss"]}
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "beyond_your_permissions")
    assert answer.json()["facts"]["permission"] == "invoice:post"


@pytest.mark.parametrize("path", ["", "/reset-password"])
def test_nobody_takes_over_somebody_mightier(signed_in_with, amal, path):
    client = signed_in_with("user:edit", "user:delete")
    act = client.post if path else client.patch

    answer = act(f"/api/users/{amal.pk}{path}", {})

    assert answer.json()["code"] == "beyond_your_permissions"
    assert client.delete(f"/api/users/{amal.pk}").status_code == 403


def test_a_limited_token_of_an_administrator_is_no_administrator(amal):
    client = ApiClient(amal, "user:create")

    answer = client.post(
        "/api/users", {"email": "x@alawael.test", "name_en": "X", "roles": ["admin"]}
    )

    assert answer.json()["code"] == "beyond_your_permissions"


@pytest.mark.parametrize(
    ("request_of", "status", "title"),
    [
        (lambda client: ApiClient().get("/api/users", HTTP_ACCEPT_LANGUAGE="ar"), 401, "يرجى"),
        (lambda client: client.get("/api/roles", HTTP_ACCEPT_LANGUAGE="ar-SA"), 403, "غير مسموح"),
        (
            lambda client: client.post("/api/users", {"email": "x@y.z"}, HTTP_ACCEPT_LANGUAGE="ar"),
            422,
            "يرجى مراجعة",
        ),
    ],
    ids=["401", "403", "422"],
)
def test_refusals_speak_arabic(signed_in_with, request_of, status, title):
    answer = request_of(signed_in_with("user:create"))

    assert answer.status_code == status
    assert answer.json()["title"].startswith(title)
    assert answer["Content-Language"] == "ar"


def test_an_unknown_user_is_not_found(as_amal):
    assert as_amal.get("/api/users/0198f3a0-0000-7000-8000-000000000000").status_code == 404
    assert as_amal.get("/api/users/nonsense").status_code == 422


def test_the_password_never_leaves(as_amal):
    user = with_password(a_user("sami"))

    told = as_amal.get(f"/api/users/{user.pk}").content + as_amal.get("/api/users").content

    assert b"password_hash" not in told
    assert b"argon2" not in told
    assert Session.objects.count() == 0
