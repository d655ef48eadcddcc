"""Passwords: what is good enough, and how they are kept (argon2id)."""

import gzip
import re
import secrets
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError
from django.conf import settings

from alawael.core.errors import Text, one_error

SHORTEST = 12
LONGEST = 128
#: Letters and digits that nobody mistakes for each other when a password is read aloud.
_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"
#: Words that everybody tries here first, whoever the owner is (ASVS 5.0, 6.1.2).
CONTEXT = ("alawael", "alawael-erp", "الأوائل", "riyadh", "الرياض", "saudi", "السعودية")
_DECORATION = re.compile(r"[\W\d_]+$")
_WORDS = re.compile(r"\w{4,}")
_FEWEST_DIFFERENT = 5
_FEWEST_OF_ITS_OWN = 6


def check_password(password: str, *, about: Iterable[str], pointer: str = "/password") -> None:
    """Refuse a password that is easy to guess. `about` is what everybody knows of its owner.

    Raises Invalid at `pointer`. There are no rules about kinds of characters: they make people
    write predictable passwords.
    """
    bare = _normal(password)
    if len(bare) < SHORTEST:
        raise one_error(
            pointer,
            "password_too_short",
            Text(
                f"Use at least {SHORTEST} characters. Three or four unrelated words do well.",
                f"استخدم {SHORTEST} حرفًا على الأقل. ثلاث أو أربع كلمات غير مترابطة خيار جيد.",
            ),
        )
    if len(bare) > LONGEST:
        raise one_error(
            pointer,
            "password_too_long",
            Text(f"Use at most {LONGEST} characters.", f"استخدم {LONGEST} حرفًا على الأكثر."),
        )
    if _is_common(bare.casefold()):
        raise one_error(
            pointer,
            "password_common",
            Text(
                "This password is among the first that anybody would try. Choose another one.",
                "هذه من أولى كلمات المرور التي يجربها أي شخص. اختر غيرها.",
            ),
        )
    if _is_about(bare.casefold(), (*about, *CONTEXT)):
        raise one_error(
            pointer,
            "password_about_you",
            Text(
                "This is too close to your name, your address or ours. Choose another one.",
                "كلمة المرور قريبة جدًا من اسمك أو بريدك أو اسم النظام. اختر غيرها.",
            ),
        )


def hash_password(password: str) -> str:
    """An argon2id hash. Takes tens of milliseconds: call it outside a unit of work."""
    return _hasher().hash(_normal(password))


def verify_password(password: str, known_hash: str) -> bool:
    """Whether the password is right. Without a hash (unknown user) it works just as long."""
    try:
        return _hasher().verify(known_hash or _nobodys_hash(), _normal(password)) and bool(
            known_hash
        )
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(known_hash: str) -> bool:
    """Whether the hash was made with other parameters than those in force."""
    return _hasher().check_needs_rehash(known_hash)


def is_known_format(known_hash: str) -> bool:
    """Whether it is an argon2id hash at all, and not something a person could read."""
    try:
        return extract_parameters(known_hash).type is Type.ID
    except InvalidHashError:
        return False


def temporary_password() -> str:
    """Sixteen random characters (79 bits) in four groups, easy to read aloud."""
    return "-".join("".join(secrets.choice(_CLEAR) for _ in range(4)) for _ in range(4))


def _hasher() -> PasswordHasher:
    parameters = settings.PASSWORD_HASHING
    return PasswordHasher(
        time_cost=parameters["time_cost"],
        memory_cost=parameters["memory_cost"],
        parallelism=parameters["parallelism"],
    )


def _nobodys_hash() -> str:
    return _hash_of_nobody(tuple(sorted(settings.PASSWORD_HASHING.items())))


@lru_cache(maxsize=4)
def _hash_of_nobody(_: tuple[tuple[str, int], ...]) -> str:
    return _hasher().hash(secrets.token_urlsafe(32))


def _normal(password: str) -> str:
    """The same characters whichever keyboard typed them."""
    return unicodedata.normalize("NFKC", password)


def _is_common(password: str) -> bool:
    """ "sunshine2026!!" is "sunshine", and "aaaabbbbcccc" has too few different characters."""
    stem = _DECORATION.sub("", password)
    return len(set(password)) < _FEWEST_DIFFERENT or not {password, stem}.isdisjoint(_common())


def _is_about(password: str, about: Iterable[str]) -> bool:
    words = {word for text in about for word in _WORDS.findall(_normal(text).casefold())}
    left = password
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    letters = sum(letter.isalpha() for letter in left)
    return left != password and (letters < _FEWEST_OF_ITS_OWN)


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """The 20,000 most common passwords, a list that comes with Django."""
    packed = files("django.contrib.auth").joinpath("common-passwords.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode("utf-8").split())
