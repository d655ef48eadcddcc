import pytest

from alawael.accounts.models import User
from alawael.parties.models import Company
from testing.parties import NATIONAL_ADDRESS
from testing.races import at_once

SET_UP = {
    "company": {
        "name_en": "Alamal Trading Company",
        "name_ar": "شركة الأمل للتجارة",
        "vat_number": "300012345600003",
        **NATIONAL_ADDRESS,
    },
    "admin": {
        "email": "amal@example.com",
        "name_en": "Amal",
        "password": "three calm harbours",
        "language": "ar",
    },
}


def test_an_empty_installation_becomes_a_company_and_signs_in(stranger):
    assert stranger.get("/api/setup").json() == {"needed": True}

    done = stranger.post("/api/setup", SET_UP)

    assert done.status_code == 201
    assert done.json()["user"]["roles"] == ["admin"]
    assert done.cookies["alawael_refresh"]["httponly"]
    me = stranger.get(
        "/api/auth/me", headers={"Authorization": f"Bearer {done.json()['access_token']}"}
    )
    assert me.json()["email"] == "amal@example.com"
    assert stranger.get("/api/setup").json() == {"needed": False}


def test_it_is_done_once(stranger):
    stranger.post("/api/setup", SET_UP)

    again = stranger.post("/api/setup", SET_UP)

    assert again.status_code == 409
    assert (User.objects.count(), Company.objects.count()) == (1, 1)


def test_of_two_at_once_one_succeeds(stranger):
    answers = at_once(
        lambda n: (
            stranger.post(
                "/api/setup", {**SET_UP, "admin": {**SET_UP["admin"], "email": f"a{n}@example.com"}}
            ).status_code
        ),
        range(4),
    )

    assert sorted(answers) == [201, 409, 409, 409]
    assert (User.objects.count(), Company.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("company", "vat_number", "123"),
        ("company", "postal_code", "1"),
        ("admin", "password", "password1234"),
        ("admin", "email", "nobody"),
    ],
)
def test_a_wrong_value_is_named_by_its_place_and_nothing_is_made(stranger, part, field, value):
    refused = stranger.post("/api/setup", {**SET_UP, part: {**SET_UP[part], field: value}})

    assert refused.status_code == 422
    assert f"/{part}/{field}" in [error["pointer"] for error in refused.json()["errors"]]
    assert (User.objects.count(), Company.objects.count()) == (0, 0)
