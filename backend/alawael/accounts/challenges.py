"""Things in two steps: what was begun must be finished soon, by the same browser, and once."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from alawael.accounts.models import Challenge, User
from alawael.accounts.tokens import token_hash
from alawael.core.errors import Text, Unauthenticated
from alawael.core.unit_of_work import unit_of_work

LIFETIME = timedelta(minutes=5)
_FORGOTTEN_AT_ONCE = 1000


class Purpose(StrEnum):
    SECOND_FACTOR = "second_factor"
    NEW_PASSKEY = "new_passkey"
    PASSKEY = "passkey"


class ChallengeOver(Unauthenticated):
    code = "challenge_over"
    title = Text("Begin again", "ابدأ من جديد")
    message = Text(
        "This took too long or was finished already. Begin again.",
        "انتهت المهلة أو اكتملت هذه الخطوة من قبل. ابدأ من جديد.",
    )


@unit_of_work
def begin(purpose: Purpose, user: User | None, *, at: datetime) -> str:
    """A secret of 256 random bits that `open_challenge` and `finish` take within five minutes."""
    secret = secrets.token_urlsafe(32)
    Challenge.objects.create(
        purpose=purpose,
        user=user,
        hash=token_hash(secret),
        created_at=at,
        expires_at=at + LIFETIME,
    )
    return secret


def open_challenge(purpose: Purpose, secret: str, *, at: datetime) -> Challenge:
    """What was begun for this purpose. Raises ChallengeOver."""
    found = (
        Challenge.objects.select_related("user")
        .filter(hash=token_hash(secret), purpose=purpose, used_at=None, expires_at__gt=at)
        .first()
    )
    if found is None:
        raise ChallengeOver()
    return found


@unit_of_work
def finish(challenge: Challenge, *, at: datetime) -> None:
    """Use it up. Of several that try at once, all but one get ChallengeOver."""
    if not Challenge.objects.filter(pk=challenge.pk, used_at=None).update(used_at=at):
        raise ChallengeOver()


@unit_of_work
def forget_challenges(*, at: datetime) -> int:
    """Remove some challenges that have run out; returns how many."""
    over = Challenge.objects.filter(expires_at__lte=at).order_by("pk")
    rows = list(over.values_list("pk", flat=True)[:_FORGOTTEN_AT_ONCE])
    return Challenge.objects.filter(pk__in=rows).delete()[0] if rows else 0
