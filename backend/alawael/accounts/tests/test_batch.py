from alawael.accounts.models import User
from alawael.accounts.tests.people import sami, sign_in, signed_in
from alawael.core.models import AuditEvent
from testing.cast import ApiClient, a_role, a_user


def create(name, **values):
    return {
        "op": "create",
        "values": {"email": f"{name}@alawael.test", "name_en": name.title(), **values},
    }


def test_does_all_of_it(as_amal):
    a_role("sales", "invoice:read")
    user, leaver = sami(), a_user("leaver")

    answer = as_amal.post(
        "/api/users/batch",
        {
            "operations": [
                create("nora", roles=["sales"]),
                {"op": "update", "id": str(user.pk), "values": {"name_ar": "سامي"}},
                {"op": "deactivate", "id": str(leaver.pk), "version": 1},
            ]
        },
    )

    made, changed, left = answer.json()["results"]
    assert answer.status_code == 200
    assert sign_in(ApiClient(), "nora@alawael.test", made["temporary_password"]).status_code == 200
    assert changed["user"]["name_ar"] == "سامي"
    assert changed["temporary_password"] is None
    assert not left["user"]["is_active"]


def test_does_nothing_when_one_row_is_refused_and_names_every_such_row(as_amal):
    user = sami()
    browser = signed_in(user)
    events = AuditEvent.objects.count()

    answer = as_amal.post(
        "/api/users/batch",
        {
            "operations": [
                create("nora"),
                {"op": "deactivate", "id": str(user.pk)},
                create("nora"),
                create("zaki", password="short"),
                create("badr", roles=["pirate"]),
                {"op": "update", "values": {"name_en": "?"}},
                {"op": "update", "id": str(user.pk), "version": 9, "values": {"name_en": "S"}},
                {"op": "update", "id": str(user.pk), "values": {"password": "given to him"}},
                {"op": "deactivate", "id": "0198f3a0-0000-7000-8000-000000000000"},
            ]
        },
    )

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "batch_refused")
    assert {(error["pointer"], error["code"]) for error in problem["errors"]} == {
        ("/operations/2/values/email", "email_taken"),
        ("/operations/3/values/password", "password_too_short"),
        ("/operations/4/values/roles", "unknown_role"),
        ("/operations/5/id", "missing"),
        ("/operations/6", "version_conflict"),
        ("/operations/7/values/password", "not_here"),
        ("/operations/8", "not_found"),
    }
    assert User.objects.count() == 2
    assert browser.get("/api/auth/me").status_code == 200
    assert AuditEvent.objects.count() == events


def test_the_last_administrator_stays_in_a_batch_too(as_amal, amal):
    answer = as_amal.post(
        "/api/users/batch", {"operations": [{"op": "deactivate", "id": str(amal.pk)}]}
    )

    assert answer.json()["errors"][0]["code"] == "last_administrator"
    assert User.objects.get().is_active


def test_each_kind_of_row_needs_its_permission(signed_in_with):
    client = signed_in_with("user:create")
    user = sami()

    answer = client.post(
        "/api/users/batch",
        {"operations": [create("nora"), {"op": "deactivate", "id": str(user.pk)}]},
    )

    assert answer.json()["facts"]["permission"] == "user:delete"
    assert not User.objects.filter(email="nora@alawael.test").exists()


def test_takes_a_hundred_rows_and_no_more(as_amal):
    rows = [create(f"user{number}") for number in range(101)]

    assert as_amal.post("/api/users/batch", {"operations": rows}).status_code == 422
    assert as_amal.post("/api/users/batch", {"operations": []}).status_code == 422
    assert as_amal.post("/api/users/batch", {"operations": rows[:100]}).status_code == 200
    assert User.objects.count() == 101


def test_a_malformed_row_is_named(as_amal):
    answer = as_amal.post(
        "/api/users/batch", {"operations": [create("nora"), create("z", roles=["Not A Key"])]}
    )

    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/operations/1/values/roles/0"
