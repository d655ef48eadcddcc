"""Explanations of permissions and routes, and effective rights; rows are in scenarios."""

import pytest

from alawael.accounts.models import Role
from testing.cast import ApiClient, a_role, a_user


def explained(client, **question):
    answer = client.get("/api/access/explain", question)
    assert answer.status_code == 200, answer.content
    return answer.json()


def failed(explanation):
    return [step["rule"] for step in explanation["steps"] if not step["passed"]]


def test_everybody_may_ask_about_oneself(db):
    a_role("clerk", "invoice:post")
    client = ApiClient(a_user("nora", "invoice:read"))

    may = explained(client, permission="invoice:read")
    may_not = explained(client, operation="post_invoice")

    assert (may["allowed"], failed(may)) == (True, [])
    assert (may_not["allowed"], failed(may_not)) == (False, ["permission"])
    step = may_not["steps"][-1]
    assert step["said_en"] == "None of your roles grants “Invoices: post”."
    # Which roles there are is for those who may see roles.
    assert "clerk" not in str(may_not)
    assert "دورًا يمنحها" in step["change_ar"]


def test_who_sees_roles_is_told_which_would_grant_it(signed_in_with):
    a_role("clerk", "invoice:post")

    found = explained(signed_in_with("user:read", "role:read"), permission="invoice:post")

    assert found["steps"][-1]["change_en"] == "It is granted by clerk."


def test_a_token_and_another_roles_eyes_are_named_as_what_narrows(amal):
    a_role("clerk", "invoice:read", "user:read", "role:read")
    token = ApiClient(amal, "invoice:read")

    assert failed(explained(token, permission="party:read")) == ["token"]
    seen = ApiClient(amal).get(
        "/api/access/explain", {"permission": "party:read"}, HTTP_X_VIEW_AS="clerk"
    )
    assert "viewing" in seen.json()["steps"][-1]["said_en"]


def test_what_shows_the_whole_company_names_the_limit(db):
    role = a_role("rep", "report:read", "cost:read")
    Role.objects.filter(pk=role.pk).update(own_customers_only=True)
    client = ApiClient(a_user("nora", role=role))

    found = explained(client, operation="report_trial_balance")

    assert failed(found) == ["whole_company"]
    assert "your own customers" in found["steps"][-1]["said_en"]


@pytest.mark.parametrize(
    ("question", "pointer"),
    [
        ({}, "/permission"),
        ({"kind": "dream"}, "/kind"),
        ({"operation": "fly"}, "/operation"),
    ],
)
def test_a_question_must_make_sense(as_amal, question, pointer):
    answer = as_amal.get("/api/access/explain", question)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_rights_are_listed_with_the_roles_that_grant_them(as_amal):
    role = a_role("rep", "invoice:read", "party:*")
    Role.objects.filter(pk=role.pk).update(own_customers_only=True)
    nora = a_user("nora", role=role)

    found = as_amal.get("/api/access/rights", {"user_id": nora.pk}).json()
    own = ApiClient(nora).get("/api/access/rights").json()

    assert own == found
    assert {"party:create", "invoice:read"} <= {one["permission"] for one in found["permissions"]}
    assert all(one["roles"] == ["rep"] for one in found["permissions"])
    assert found["own_customers_only"] is True
    assert found["warehouse_ids"] is None
    assert [one["key"] for one in found["roles"]] == ["rep"]


def test_what_can_be_asked_about_has_names(signed_in_with):
    found = signed_in_with().get("/api/access/choices").json()

    assert {"kind": "sales_order", "name_en": "Sales orders", "name_ar": "أوامر البيع"} in found[
        "kinds"
    ]
    assert "invoice:post" in {one["permission"] for one in found["permissions"]}
