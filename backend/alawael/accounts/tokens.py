"""Secrets that travel: signed access tokens, opaque refresh and personal tokens."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import jwt
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from alawael.accounts.models import Session, User
from alawael.core.ids import new_id
from alawael.core.sealing import key_id

ALGORITHM = "HS256"
AUDIENCE = "alawael-api"
ISSUER = "alawael"
PERSONAL_PREFIX = "alw_"
_REQUIRED = ["aud", "exp", "iat", "iss", "jti", "sid", "sub", "typ"]
_NONCE_BYTES = 12


@dataclass(frozen=True)
class AccessClaims:
    """What a valid access token says: whose it is, and which session it lives in."""

    user_id: UUID
    session_id: UUID


def access_lifetime() -> timedelta:
    return timedelta(milliseconds=settings.ACCESS_TOKEN_LIFETIME_MS)


def issue_access_token(user: User, session: Session, *, at: datetime) -> str:
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "typ": "access",
        "sub": str(user.id),
        "sid": str(session.pk),
        "jti": str(new_id()),
        "iat": int(at.timestamp()),
        "exp": int((at + access_lifetime()).timestamp()),
    }
    key = settings.JWT_SECRET
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": key_id(key)})


def read_access_token(token: str) -> AccessClaims | None:
    """The claims of a token that we signed and that is still good, else None.

    The header's `kid` says with which of our keys: the present one or one in JWT_SECRET_OLD.
    """
    try:
        claims = jwt.decode(
            token,
            _key_called(jwt.get_unverified_header(token).get("kid")),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"require": _REQUIRED},
        )
        if claims["typ"] != "access":
            return None
        return AccessClaims(UUID(claims["sub"]), UUID(claims["sid"]))
    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
        return None


def _key_called(name: object) -> str:
    """Only names that we know name a key; tokens of the release before this one name none."""
    known = {key_id(key): key for key in (*settings.JWT_SECRETS_OLD, settings.JWT_SECRET)}
    if name is None:
        return settings.JWT_SECRET
    if not isinstance(name, str) or name not in known:
        raise jwt.InvalidTokenError("Signed with a key that is not ours.")
    return known[name]


def new_refresh_token() -> str:
    """256 random bits that mean nothing by themselves."""
    return secrets.token_urlsafe(32)


def new_personal_token() -> str:
    return PERSONAL_PREFIX + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """SHA-256 (hex) of a random token: enough, because 256 random bits cannot be guessed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def seal_successor(successor: str, *, for_token: str) -> str:
    """Encrypt a refresh token so that only the holder of its predecessor can be given it again.

    The key comes from the predecessor as well as from JWT_SECRET, so neither the database nor
    the settings, nor both, are enough to open it.
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_sealing_key(for_token, settings.JWT_SECRET)).encrypt(
        nonce, successor.encode(), None
    )
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def open_successor(sealed: str, *, for_token: str) -> str | None:
    """The sealed successor, or None when the seal was altered or its JWT_SECRET is forgotten."""
    packed = base64.urlsafe_b64decode(sealed)
    for secret in (settings.JWT_SECRET, *settings.JWT_SECRETS_OLD):
        cipher = AESGCM(_sealing_key(for_token, secret))
        try:
            return cipher.decrypt(packed[:_NONCE_BYTES], packed[_NONCE_BYTES:], None).decode()
        except InvalidTag:
            continue
    return None


def _sealing_key(token: str, secret: str) -> bytes:
    derive = HKDF(SHA256(), length=32, salt=token.encode(), info=b"alawael refresh successor")
    return derive.derive(secret.encode())
