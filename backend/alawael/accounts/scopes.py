"""What an answer depends on besides the question: what its reader may see.

The one place for it. Whoever limits what users see (rows of their own warehouse, hidden fields)
must make a difference here, or the response cache would show one user the answer of another.
Routes that ask for `request.user` are kept apart for every user anyway.
"""

import hashlib
from collections.abc import Iterable

from alawael.accounts.policy import Sight


def scope_of(sight: Sight) -> str:
    """The same text for two callers means: the same question gets the same answer."""
    return _short([*sorted(sight.permissions), *sight.limits()])


def limits_of(sight: Sight) -> str:
    """The part of it that counts whatever rights an answer asked for."""
    return _short(sight.limits())


def _short(said: Iterable[str]) -> str:
    return hashlib.blake2b("\n".join(said).encode(), digest_size=16).hexdigest()
