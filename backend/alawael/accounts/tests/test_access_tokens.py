"""Tokens that somebody else made, or that were made for something else, open nothing."""

import base64
import json
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from alawael.accounts import sessions
from alawael.accounts.tests.people import sami
from alawael.accounts.tokens import issue_access_token
from alawael.core.clock import now
from testing.cast import ApiClient, a_user

NOBODY = "01960000-0000-7000-8000-000000000000"


@pytest.fixture
def session(db):
    return sessions.start_session(sami(), ip="", device="", at=now()).session


@pytest.fixture
def forged(session, settings):
    """A token like ours with some claims changed; None takes a claim away."""

    def forge(key=None, algorithm="HS256", headers=None, **changes):
        good = jwt.decode(
            issue_access_token(session.user, session, at=now()), options={"verify_signature": False}
        )
        claims = {name: value for name, value in {**good, **changes}.items() if value is not None}
        return jwt.encode(claims, key or settings.JWT_SECRET, algorithm=algorithm, headers=headers)

    return forge


def status_of(token):
    return ApiClient().get("/api/auth/me", HTTP_AUTHORIZATION=f"Bearer {token}").status_code


def b64(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_our_own_token_opens(forged):
    assert status_of(forged()) == 200


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE"])
def test_a_token_without_signature_is_refused(forged, algorithm):
    claims = forged().split(".")[1]

    assert status_of(f"{b64({'alg': algorithm, 'typ': 'JWT'})}.{claims}.") == 401


def test_another_key_is_refused(forged):
    assert status_of(forged(key="x" * 64)) == 401


def test_other_algorithms_are_refused_even_with_our_key(forged, settings):
    assert status_of(forged(algorithm="HS512")) == 401


def test_an_asymmetric_token_is_refused(forged):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )

    assert status_of(forged(key=pem.decode(), algorithm="RS256")) == 401


def test_a_header_cannot_choose_the_algorithm(forged):
    """RS256 in the header over an HMAC made with our key: the header is not believed."""
    header, claims, _ = forged().split(".")
    relabelled = b64({"alg": "RS256", "typ": "JWT"})
    signature = forged().split(".")[2]

    assert status_of(f"{relabelled}.{claims}.{signature}") == 401
    assert header != relabelled


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "somewhere-else"},
        {"iss": "somebody-else"},
        {"typ": "refresh"},
        {"exp": 1},
        {"iat": 4_000_000_000},
        {"sub": NOBODY},
        {"sid": NOBODY},
        {"sid": "not-a-uuid"},
        {"sid": 7},
        {"nbf": 4_000_000_000},
    ],
    ids=str,
)
def test_a_claim_that_does_not_fit_is_refused(forged, changes):
    assert status_of(forged(**changes)) == 401


@pytest.mark.parametrize("name", ["aud", "exp", "iat", "iss", "jti", "sid", "sub", "typ"])
def test_no_claim_may_be_missing(forged, name):
    assert status_of(forged(**{name: None})) == 401


def test_a_session_of_somebody_else_is_refused(forged):
    rita = a_user("rita")
    hers = sessions.start_session(rita, ip="", device="", at=now()).session

    assert status_of(forged(sid=str(hers.pk))) == 401


def test_access_runs_out(session, settings):
    settings.ACCESS_TOKEN_LIFETIME_MS = 60_000
    old = issue_access_token(session.user, session, at=now() - timedelta(seconds=61))
    new = issue_access_token(session.user, session, at=now() - timedelta(seconds=50))

    assert (status_of(old), status_of(new)) == (401, 200)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", "x"])
def test_nonsense_is_nobody(db, header):
    answer = ApiClient().get("/api/auth/me", HTTP_AUTHORIZATION=header)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
