"""Looking as another role: never more than one may, reading only, and on record."""

from typing import Any

import pytest

from alawael.accounts.tests.people import PASSWORD, sami, signed_in, with_password
from alawael.core.models import AuditEvent
from testing.cast import ApiClient, a_role
from testing.parties import a_customer

AS_CLERK: dict[str, Any] = {"HTTP_X_VIEW_AS": "clerk"}


@pytest.fixture
def clerk(db):
    return a_role("clerk", "party:read", "role:read", "audit:read")


def test_it_takes_away_what_the_role_lacks(as_amal, clerk):
    seen = as_amal.get("/api/auth/me", **AS_CLERK)

    assert seen.json()["viewing_as"] == "clerk"
    assert seen.json()["permissions"] == ["audit:read", "party:read", "role:read"]
    assert seen["Cache-Control"] == "no-store"
    assert as_amal.get("/api/parties", **AS_CLERK).status_code == 200
    refused = as_amal.get("/api/users", **AS_CLERK)
    assert (refused.status_code, refused.json()["facts"]["permission"]) == (403, "user:read")
    assert as_amal.get("/api/users").status_code == 200
    assert as_amal.get("/api/auth/me").json()["viewing_as"] is None


def test_it_never_gives_what_one_lacks(signed_in_with, amal):
    client = signed_in_with("user:read", "role:read")
    limited = ApiClient(amal, "user:read", "role:read")  # a token that may less than its user

    for one in (client, limited):
        seen = one.get("/api/auth/me", HTTP_X_VIEW_AS="admin").json()
        assert seen["permissions"] == ["role:read", "user:read"]
        assert one.get("/api/parties", HTTP_X_VIEW_AS="admin").status_code == 403


@pytest.mark.parametrize("held", ["role:read", "user:read"])
def test_it_is_for_those_who_see_users_and_roles(signed_in_with, clerk, held):
    client = signed_in_with(held, "party:read")

    assert client.get("/api/parties", **AS_CLERK).status_code == 403
    assert client.post("/api/access/view-as", {"role": "clerk"}).status_code == 403
    assert client.get("/api/parties").status_code == 200


def test_nothing_can_be_changed_meanwhile(as_amal, amal, clerk):
    customer = a_customer()
    browser = signed_in(with_password(amal), PASSWORD)

    tried = [
        as_amal.post("/api/parties", {"name_en": "Nour"}, **AS_CLERK),
        as_amal.patch(f"/api/parties/{customer.pk}", {"name_en": "Nour"}, **AS_CLERK),
        as_amal.delete(f"/api/parties/{customer.pk}", **AS_CLERK),
        as_amal.put(f"/api/parties/{customer.pk}", {}, **AS_CLERK),
        as_amal.post("/api/access/view-as", {"role": "clerk"}, **AS_CLERK),
        browser.post("/api/auth/sign-out-everywhere", **AS_CLERK),
    ]

    assert {(one.status_code, one.json()["code"]) for one in tried} == {(403, "viewing_as")}
    assert browser.get("/api/auth/me").status_code == 200


def test_a_role_that_does_not_exist_is_refused(as_amal):
    answer = as_amal.get("/api/parties", HTTP_X_VIEW_AS="nobody")
    begun = as_amal.post("/api/access/view-as", {"role": "nobody"})

    assert answer.json()["errors"][0]["pointer"] == "/X-View-As"
    assert begun.json()["errors"][0] == {
        "pointer": "/role", "code": "unknown_role", "message": "There is no such role.",
    }  # fmt: skip


def test_it_asks_for_a_token_that_holds(clerk):
    browser = signed_in(sami())
    browser.defaults["HTTP_AUTHORIZATION"] = "Bearer nonsense"

    assert browser.get("/api/parties", **AS_CLERK).status_code == 401


def test_that_somebody_began_to_look_is_on_record(as_amal, amal, clerk):
    assert as_amal.post("/api/access/view-as", {"role": "clerk"}).json()["key"] == "clerk"

    event = AuditEvent.objects.get(action="role.viewed_as")
    assert (event.actor_id, event.record_id, event.changes) == (
        amal.pk, clerk.pk, {"role": "clerk"},
    )  # fmt: skip
