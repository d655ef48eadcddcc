import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alawael.accounts import services
from alawael.accounts.models import Role
from alawael.accounts.permissions import allows, known_permissions
from alawael.accounts.roles import ACTIONS, BUILTIN, TYPES
from alawael.accounts.tests.people import sami
from testing.cast import ApiClient, a_role, a_user


def test_a_role_is_made_and_given(as_amal):
    answer = as_amal.post(
        "/api/roles",
        {"key": "clerk", "name_ar": "كاتب", "permissions": ["user:read", "role:*", "user:read"]},
    )

    assert answer.status_code == 201
    assert answer.json()["permissions"] == ["role:*", "user:read"]
    user = a_user("nora", role=Role.objects.get(key="clerk"))
    assert ApiClient(user).get("/api/roles").status_code == 200


@pytest.mark.parametrize(
    ("sent", "status", "pointer", "code"),
    [
        ({"key": "admin"}, 409, "/key", "role_key_taken"),
        ({"key": "A b"}, 422, "/key", "string_pattern_mismatch"),
        ({"name_en": ""}, 422, "/name_en", "name_missing"),
        ({"permissions": ["user:fly"]}, 422, "/permissions/0", "unknown_permission"),
        ({"permissions": ["user:read", "ship:*"]}, 422, "/permissions/1", "unknown_permission"),
        ({"permissions": ["nonsense"]}, 422, "/permissions/0", "string_pattern_mismatch"),
    ],
)
def test_a_role_that_does_not_fit_is_refused(as_amal, sent, status, pointer, code):
    answer = as_amal.post("/api/roles", {"key": "clerk", "name_en": "Clerk", **sent})

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["code"]) == (status, pointer, code)


def test_an_edited_role_holds_from_the_next_request(as_amal):
    role = a_role("clerk", "user:read")
    client = ApiClient(a_user("nora", role=role))
    assert client.get("/api/users").status_code == 200

    answer = as_amal.patch(
        f"/api/roles/{role.pk}", {"permissions": ["role:read"]}, HTTP_IF_MATCH='"1"'
    )

    assert answer["ETag"] == '"2"'
    assert client.get("/api/users").status_code == 403
    assert client.get("/api/roles").status_code == 200


def test_nobody_makes_a_role_that_may_more_than_they(signed_in_with):
    client = signed_in_with("role:create", "role:edit", "role:read")
    role = a_role("clerk", "role:read", "user:edit")

    made = client.post(
        "/api/roles", {"key": "boss", "name_en": "Boss", "permissions": ["user:create"]}
    )
    widened = client.patch(
        f"/api/roles/{role.pk}", {"permissions": ["role:read", "user:edit", "user:create"]}
    )
    narrowed = client.patch(f"/api/roles/{role.pk}", {"permissions": ["role:read"]})
    within = client.patch(
        f"/api/roles/{role.pk}", {"permissions": ["role:read", "user:edit", "role:edit"]}
    )

    assert {answer.json()["code"] for answer in (made, widened, narrowed)} == {
        "beyond_your_permissions"
    }
    assert within.status_code == 200


def test_the_administrator_role_always_permits_everything(as_amal):
    role = Role.objects.get(key="admin")

    answer = as_amal.patch(f"/api/roles/{role.pk}", {"permissions": ["user:read"]})
    renamed = as_amal.patch(f"/api/roles/{role.pk}", {"name_en": "Boss", "permissions": ["*"]})

    assert answer.json()["code"] == "administrator_role_fixed"
    assert renamed.json()["name_en"] == "Boss"


def test_a_role_is_removed_once_nobody_has_it(as_amal):
    role = a_role("clerk", "user:read")
    user = a_user("nora", role=role)
    a_role("cler", "user:read")  # its key begins alike

    refused = as_amal.delete(f"/api/roles/{role.pk}")
    as_amal.patch(f"/api/users/{user.pk}", {"roles": []})
    removed = as_amal.delete(f"/api/roles/{role.pk}")

    assert refused.json()["facts"] == {"count": 1}
    assert removed.status_code == 204
    assert set(Role.objects.values_list("key", flat=True)) == {"admin", "cler"}


def test_a_key_is_found_whole(as_amal):
    a_user("nora", role=a_role("sales", "user:read"))
    short = a_role("sale", "user:read")

    assert as_amal.delete(f"/api/roles/{short.pk}").status_code == 204


def test_builtin_roles_stay(as_amal, noon):
    services.install_roles(at=noon)
    role = Role.objects.get(key="viewer")

    assert as_amal.delete(f"/api/roles/{role.pk}").json()["code"] == "builtin_role"


def test_installing_again_changes_nothing_that_was_edited_here(as_amal, noon):
    services.install_roles(at=noon)
    edited, untouched = Role.objects.get(key="viewer"), Role.objects.get(key="sales")
    as_amal.patch(f"/api/roles/{edited.pk}", {"permissions": ["user:read"]})
    Role.objects.filter(pk=untouched.pk).update(permissions=["invoice:read"])  # an older release

    services.install_roles(at=noon)

    assert Role.objects.get(key="viewer").permissions == ["user:read"]
    assert Role.objects.get(key="sales").permissions == sorted(BUILTIN["sales"].permissions)
    assert Role.objects.count() == len(BUILTIN) == 8


def test_builtin_roles_keep_their_hands_off_what_is_not_theirs():
    may = {
        key: lambda wanted, role=role: allows(role.permissions, wanted)
        for key, role in BUILTIN.items()
    }

    assert may["sales"]("invoice:post")
    assert not may["sales"]("journal_entry:post")
    assert may["finance"]("period:lock")
    assert not may["manager"]("period:lock")
    assert not any(may[key]("user:edit") for key in BUILTIN if key != "admin")
    assert not any(
        may["viewer"](f"{kind}:{action}")
        for kind in TYPES
        for action in ACTIONS
        if kind != "view" and action not in ("read", "*")
    )


def test_every_permission_has_a_name_in_both_languages(as_amal):
    listed = as_amal.get("/api/permissions").json()["items"]

    assert {row["permission"] for row in listed} == known_permissions
    nameless = [
        row["permission"]
        for row in listed
        if row["type"] not in TYPES or row["action"] not in ACTIONS
    ]
    assert nameless == []


def test_a_refusal_says_in_words_what_one_needs(signed_in_with):
    client = signed_in_with("role:create")
    mighty = {"key": "mighty", "name_en": "Mighty", "permissions": ["*"]}

    english = client.get("/api/users", HTTP_ACCEPT_LANGUAGE="en").json()
    arabic = client.get("/api/users", HTTP_ACCEPT_LANGUAGE="ar").json()
    beyond = client.post("/api/roles", mighty, HTTP_ACCEPT_LANGUAGE="en").json()

    assert english["detail"] == "You need the permission “Users: see”. Ask an administrator."
    assert "«المستخدمون: عرض»" in arabic["detail"]
    assert english["facts"]["permission"] == "user:read"
    assert "“everything”" in beyond["detail"]


def test_me_spells_wildcards_out(as_amal):
    permissions = as_amal.get("/api/auth/me").json()["permissions"]

    assert {"*", *known_permissions} == set(permissions)


@pytest.mark.parametrize("path", ["/api/roles", "/api/auth/sessions", "/api/auth/tokens"])
def test_each_list_asks_three_questions(as_amal, noon, path):
    services.install_roles(at=noon)

    with CaptureQueriesContext(connection) as asked:
        answer = as_amal.get(path)

    assert answer.status_code == 200
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("held", "method", "path"),
    [
        ("role:read", "post", "/api/roles"),
        ("role:read", "patch", "/api/roles/{id}"),
        ("role:edit", "delete", "/api/roles/{id}"),
        ("user:read", "get", "/api/roles"),
        ("user:read", "get", "/api/permissions"),
    ],
)
def test_each_operation_on_roles_has_its_own_permission(signed_in_with, held, method, path):
    client = signed_in_with(held)
    role = a_role("clerk")
    body = {"key": "x1", "name_en": "X"} if path == "/api/roles" else {}

    answer = getattr(client, method)(path.format(id=role.pk), body)

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_a_user_without_roles_may_nothing(db):
    user = sami(role_keys=[])

    assert ApiClient(user).get("/api/users").status_code == 403
    assert ApiClient(user, "user:read").get("/api/auth/me").json()["permissions"] == []
