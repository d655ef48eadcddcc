"""Browsers that people have signed in with before, recognised by a cookie that says nothing.

The cookie is OWASP's device cookie: it lets nobody in, it only tells a browser of the owner from
that of a stranger, when tries are counted and when a sign-in deserves a notice.
"""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from alawael.accounts.models import KnownDevice, User
from alawael.accounts.tokens import token_hash
from alawael.core.claims import insert_missing
from alawael.core.unit_of_work import unit_of_work

#: How long a browser is known without being used; browsers keep cookies for 400 days at most.
KNOWN_FOR = timedelta(days=365)
#: What we make has 43 characters; anything shorter or longer is not ours.
_SHORTEST_SECRET, _LONGEST_SECRET = 43, 100
_NOBODY = UUID(int=0)
_FORGOTTEN_AT_ONCE = 1000


def known_device(user: User | None, secret: str, *, at: datetime) -> KnownDevice | None:
    """The device that this cookie names, if the user has signed in with it lately."""
    if not _is_ours(secret):
        return None
    # Asked for nobody as well, so that an unknown user takes as long.
    owner = user.pk if user else _NOBODY
    found = KnownDevice.objects.filter(user_id=owner, hash=token_hash(secret))
    return found.filter(last_used_at__gt=at - KNOWN_FOR).first()


@unit_of_work
def remember_device(user: User, secret: str, *, at: datetime) -> tuple[str, bool]:
    """Know this browser from now on. Returns its cookie, and whether it was unknown so far."""
    secret = secret if _is_ours(secret) else secrets.token_urlsafe(32)
    known = KnownDevice.objects.filter(user=user, hash=token_hash(secret))
    seen = known.values_list("last_used_at", flat=True).first()
    if seen is None:
        row = KnownDevice(user=user, hash=token_hash(secret), created_at=at, last_used_at=at)
        insert_missing([row])
    else:
        known.update(last_used_at=at)
    return secret, seen is None or seen <= at - KNOWN_FOR


@unit_of_work
def forget_devices(*, at: datetime) -> int:
    """Remove some devices that were not used for long; returns how many."""
    old = KnownDevice.objects.filter(last_used_at__lte=at - KNOWN_FOR).order_by("pk")
    rows = list(old.values_list("pk", flat=True)[:_FORGOTTEN_AT_ONCE])
    return KnownDevice.objects.filter(pk__in=rows).delete()[0] if rows else 0


def _is_ours(secret: str) -> bool:
    return _SHORTEST_SECRET <= len(secret) <= _LONGEST_SECRET
