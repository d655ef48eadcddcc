"""Sealing what nobody may read in the database: AES-256-GCM, each value bound to its place.

A sealed text reads "v1.<key id>.<nonce and ciphertext, base64url>". `ENCRYPTION_KEY` seals; the
keys in `ENCRYPTION_KEY_OLD` still open what they sealed, so that a key is replaced while the
program runs. The place (table, column and row) is authenticated with the value: a sealed text
that was copied into another row does not open there.

A model declares such a column in one line, and a second one where it must be found by its text:

    iban = SealedField(index="iban_index", kind="iban")
    iban_index = BlindIndexField()

`sealed(row, iban="SA03…")` gives the values of both columns, `opened(row, "iban")` the text again,
and `filter(iban_index__in=blind_indexes("SA03…", kind="iban"))` finds it. What is declared is
sealed again by `alawael keys rotate` (`resealing.py`).
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from functools import lru_cache
from typing import TYPE_CHECKING, Any

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
_INDEX_DIGITS = 32

if TYPE_CHECKING:
    _TextBase = models.CharField[str, str]
else:
    _TextBase = models.CharField


class SealBroken(Exception):
    """A sealed value does not open: its key is gone, or it was altered or moved."""


class SealedField(_TextBase):
    """A column that holds sealed text; blank means that nothing is kept.

    `index` names the BlindIndexField beside it. Columns of one `kind` share their index, so that
    the IBAN on a bank statement finds the party that has it; by itself a column is its own kind.
    `clear` names the column that held the same, readable, before the values were sealed: what is
    left there is sealed by `alawael keys rotate`.
    """

    def __init__(
        self, *args: Any, index: str = "", kind: str = "", clear: str = "", **options: Any
    ) -> None:
        options.setdefault("max_length", 400)
        super().__init__(*args, **options)
        self.index, self.kind, self.clear = index, kind, clear

    def deconstruct(self) -> Any:
        """To a migration it is text like any other."""
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options


class BlindIndexField(_TextBase):
    """Where a sealed text is found by equality: a keyed hash of it, which tells only that."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", 64)
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options


def sealed(row: models.Model, **texts: str) -> dict[str, str]:
    """The column values that keep these texts sealed in the row, with their blind indexes.

    For a new row, `change` or `update`. Raises TypeError for a column that is not declared sealed:
    a rotation of the key would not find it.
    """
    values = {}
    for column, text in texts.items():
        field = sealed_field(type(row), column)
        values[column] = seal(text, place=place_of(row, column)) if text else ""
        if field.index:
            values[field.index] = blind_index(text, kind=kind_of(field)) if text else ""
    return values


def opened(row: models.Model, column: str) -> str:
    """The text of a sealed column; "" when nothing is kept. Raises SealBroken."""
    kept: str = getattr(row, column)
    return open_sealed(kept, place=place_of(row, column)) if kept else ""


def as_text(value: Any) -> str:
    """What is no text, as the text to seal: bytes in base64, anything else as JSON."""
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return json.dumps(value, ensure_ascii=False)


def sealed_field(model: type[models.Model], column: str) -> SealedField:
    field = model._meta.get_field(column)
    if not isinstance(field, SealedField):
        raise TypeError(f"{model._meta.label}.{column} is not declared as a SealedField.")
    return field


def kind_of(field: SealedField) -> str:
    return field.kind or f"{field.model._meta.db_table}.{field.name}"


def blind_index(text: str, *, kind: str) -> str:
    """What the key in force writes into a blind index: "<key id>.<128 bits of HMAC-SHA256>"."""
    return _blind(text, kind, settings.ENCRYPTION_KEY)


def blind_indexes(text: str, *, kind: str) -> list[str]:
    """How the text may stand in a blind index, under every known key: while keys are replaced, some
    rows are indexed by the one and some by the other."""
    return [_blind(text, kind, key) for key in _keys().values()]


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
    return not sealed.startswith(sealed_by(key_id(settings.ENCRYPTION_KEY)))


def sealed_by(identity: str) -> str:
    """How everything begins that a key has sealed, by the key's id."""
    return f"{VERSION}.{identity}."


def known_ids() -> list[str]:
    """The ids of the keys that open something, the one in force first."""
    return list(_keys())


@lru_cache(maxsize=32)
def key_id(key: str) -> str:
    """A name for a key that tells nothing about it."""
    return hashlib.sha256(b"alawael key id:" + key.encode()).hexdigest()[:_ID_DIGITS]


def _keys() -> dict[str, str]:
    known = [settings.ENCRYPTION_KEY, *settings.ENCRYPTION_KEYS_OLD]
    return {key_id(key): key for key in known}


def _bound(place: str, identity: str) -> bytes:
    return f"{VERSION}.{identity}.{place}".encode()


def _blind(text: str, kind: str, key: str) -> str:
    digest = hmac.new(_index_key(key), f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()
    return f"{key_id(key)}.{digest[:_INDEX_DIGITS]}"


@lru_cache(maxsize=32)
def _index_key(key: str) -> bytes:
    """Of its own: who learns it can test guesses, but opens nothing."""
    derive = HKDF(SHA256(), length=32, salt=None, info=b"alawael blind index v1")
    return derive.derive(key.encode())


@lru_cache(maxsize=32)
def _cipher(key: str) -> AESGCM:
    """The setting is text of any length; AES-256 needs 32 bytes that serve nothing else."""
    derive = HKDF(SHA256(), length=32, salt=None, info=b"alawael field sealing v1")
    return AESGCM(derive.derive(key.encode()))
