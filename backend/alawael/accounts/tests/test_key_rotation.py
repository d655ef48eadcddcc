"""A new key signs nobody out, as long as the old one is still known."""

import jwt
import pytest

from alawael.accounts.tests.people import refresh, sami, signed_in, use
from alawael.accounts.tokens import read_access_token
from alawael.core.sealing import key_id

FIRST, SECOND, THIRD = "first-key-" * 5, "second-key-" * 5, "third-key-" * 5


@pytest.fixture(autouse=True)
def first_key(settings):
    settings.JWT_SECRET, settings.JWT_SECRETS_OLD = FIRST, ()


def test_a_rotation_signs_nobody_out(db, settings):
    desk = signed_in(sami())
    settings.JWT_SECRET, settings.JWT_SECRETS_OLD = SECOND, (FIRST,)

    assert desk.get("/api/auth/me").status_code == 200
    use(desk, refresh(desk).json()["access_token"])
    settings.JWT_SECRETS_OLD = ()

    assert desk.get("/api/auth/me").status_code == 200


def test_a_server_that_does_not_use_the_new_key_yet_knows_it(db, settings):
    """Several servers: while they restart one after the other, each takes the others' tokens."""
    settings.JWT_SECRET, settings.JWT_SECRETS_OLD = SECOND, (FIRST,)
    desk = signed_in(sami())

    settings.JWT_SECRET, settings.JWT_SECRETS_OLD = FIRST, (SECOND,)

    assert desk.get("/api/auth/me").status_code == 200


def test_a_new_session_secret_signs_nobody_out(db, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = FIRST, []
    desk = signed_in(sami())
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = SECOND, [FIRST]

    assert desk.get("/api/auth/me").status_code == 200
    use(desk, refresh(desk).json()["access_token"])
    assert desk.get("/api/auth/me").status_code == 200


def test_an_answer_lost_during_the_rotation_is_given_again(db, settings):
    desk = signed_in(sami())
    cookie = desk.cookies["alawael_refresh"].value
    successor = refresh(desk).cookies["alawael_refresh"].value
    settings.JWT_SECRET, settings.JWT_SECRETS_OLD = SECOND, (FIRST,)

    desk.cookies["alawael_refresh"] = cookie

    assert refresh(desk).cookies["alawael_refresh"].value == successor


def test_a_dropped_key_opens_nothing(db, settings):
    desk = signed_in(sami())
    settings.JWT_SECRET, settings.JWT_SECRETS_OLD = THIRD, (SECOND,)

    assert desk.get("/api/auth/me").status_code == 401
    assert refresh(desk).status_code == 200  # the cookie is no signature


def test_the_name_of_a_key_is_not_believed(db, settings):
    """A token must be signed by the very key that it names, and by one of ours."""
    desk = signed_in(sami())
    token = desk.defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    claims = jwt.decode(token, options={"verify_signature": False})
    settings.JWT_SECRETS_OLD = (SECOND,)

    def signed(key, kid):
        return jwt.encode(claims, key, algorithm="HS256", headers={"kid": kid})

    assert read_access_token(signed(FIRST, key_id(FIRST)))
    assert read_access_token(signed(SECOND, key_id(SECOND)))
    for key, kid in [
        (THIRD, key_id(THIRD)),
        (THIRD, key_id(FIRST)),
        (SECOND, key_id(FIRST)),
        (FIRST, "../../etc/passwd"),
        ("", ""),
    ]:
        assert read_access_token(signed(key or "x" * 40, kid)) is None
