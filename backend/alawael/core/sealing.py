"""Sealing what nobody may read in the database: AES-256-GCM, each value bound to its place.

A sealed text reads "v1.<key id>.<nonce and ciphertext, base64url>". `ENCRYPTION_KEY` seals; the
keys in `ENCRYPTION_KEY_OLD` still open what they sealed, so that a key is replaced while the
program runs. The place (table, column and row) is authenticated with the value: a sealed text
that was copied into another row does not open there.
"""

import base64
import binascii
import hashlib
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

VERSION = "v1"
#: 96 bits, as NIST SP 800-38D asks for GCM; random ones suffice for 2^32 values a key.
_NONCE_BYTES = 12
_ID_DIGITS = 12


class SealBroken(Exception):
    """A sealed value does not open: its key is gone, or it was altered or moved."""


def place_of(row: models.Model, column: str) -> str:
    """The place that a value is bound to: "accounts_secondfactor.secret:<row id>"."""
    return f"{row._meta.db_table}.{column}:{row.pk}"


def seal(text: str, *, place: str) -> str:
    """Encrypt a text for its place with the key in force."""
    key = settings.ENCRYPTION_KEY
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = _cipher(key).encrypt(nonce, text.encode(), _bound(place, key_id(key)))
    packed = base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")
    return f"{VERSION}.{key_id(key)}.{packed}"


def open_sealed(sealed: str, *, place: str) -> str:
    """The text that was sealed for this place, by the present key or a former one.

    Raises SealBroken.
    """
    version, _, rest = sealed.partition(".")
    identity, _, packed = rest.partition(".")
    key = _keys().get(identity)
    if version != VERSION or key is None:
        raise SealBroken(f"There is no key {identity[:_ID_DIGITS]} for {place}.")
    try:
        raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        opened = _cipher(key).decrypt(
            raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _bound(place, identity)
        )
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise SealBroken(f"What stands at {place} was altered or moved.") from error
    return opened.decode()


def is_outdated(sealed: str) -> bool:
    """Whether a former key sealed it, so that it should be sealed again."""
    return not sealed.startswith(f"{VERSION}.{key_id(settings.ENCRYPTION_KEY)}.")


@lru_cache(maxsize=32)
def key_id(key: str) -> str:
    """A name for a key that tells nothing about it."""
    return hashlib.sha256(b"alawael key id:" + key.encode()).hexdigest()[:_ID_DIGITS]


def _keys() -> dict[str, str]:
    known = [settings.ENCRYPTION_KEY, *settings.ENCRYPTION_KEYS_OLD]
    return {key_id(key): key for key in known}


def _bound(place: str, identity: str) -> bytes:
    return f"{VERSION}.{identity}.{place}".encode()


@lru_cache(maxsize=32)
def _cipher(key: str) -> AESGCM:
    """The setting is text of any length; AES-256 needs 32 bytes that serve nothing else."""
    derive = HKDF(SHA256(), length=32, salt=None, info=b"alawael field sealing v1")
    return AESGCM(derive.derive(key.encode()))
