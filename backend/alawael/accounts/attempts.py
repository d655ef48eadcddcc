"""Guessing is slow: tries are counted before they are made, and who has none left must wait.

Counting after a wrong answer would let a hundred parallel guesses through before the first one is
counted. So every try takes one of `MAX_LOGIN_ATTEMPTS` in a unit of work of its own, and a right
answer gives them back. Who is counted follows OWASP's "Slow Down Online Guessing Attacks with
Device Cookies": strangers to an account share one counter, and each browser in which its owner has
signed in before has a counter of its own, so that strangers cannot lock the owner out.
"""

import hashlib
import hmac
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet

from alawael.accounts import queries
from alawael.accounts.models import Attempts, KnownDevice, User
from alawael.core.claims import insert_missing
from alawael.core.errors import Refusal, Text
from alawael.core.unit_of_work import StartAgain, unit_of_work

#: A whole office may share one address: it gets this many times the tries of an account.
ADDRESS_SHARE = 4
#: Whoever holds one IPv6 address commonly holds its whole /64.
_IPV6_NETWORK = 64
_FORGOTTEN_AT_ONCE = 1000


class TooManyAttempts(Refusal):
    code = "too_many_attempts"
    status = 429
    title = Text("Please wait", "يرجى الانتظار")
    message = Text(
        "Too many failed attempts. Wait {wait} and try again, or ask an administrator to unlock "
        "your account. A browser in which you have signed in before may still let you in.",
        "محاولات فاشلة كثيرة. انتظر {wait} ثم حاول مرة أخرى، أو اطلب من مدير النظام فتح حسابك. "
        "قد يمكنك الدخول من متصفح سبق أن سجّلت الدخول منه.",
    )

    def __init__(self, *, seconds: int) -> None:
        self.wait = _in_words(seconds)
        super().__init__(seconds=seconds, retry_after=seconds, wait=self.wait.en)

    def sentence(self, language: str) -> str:
        return self.message.within(language, {"wait": self.wait.within(language)})


class Counter(NamedTuple):
    """Something whose tries are counted, and how many it has."""

    key: str
    most: int


@dataclass(frozen=True)
class Taken:
    """A try that may now be made."""

    counters: tuple[Counter, ...]
    #: The counters that have no further try until `until`.
    used_up: tuple[str, ...]
    until: datetime


def for_sign_in(email: str, *, ip: str, device: KnownDevice | None) -> list[Counter]:
    """Who is counted when somebody gives the password of an account, whether it exists or not."""
    most = settings.MAX_LOGIN_ATTEMPTS
    if device is not None:
        return [Counter(f"device:{device.user_id}:{device.hash}", most)]
    network = _network(ip)
    counters = [Counter(_account_key(email), most)]
    return [*counters, Counter(f"address:{network}", most * ADDRESS_SHARE)] if network else counters


def for_second_factor(user: User) -> list[Counter]:
    """Only who knows the password comes this far, so that nobody is locked out for free."""
    return [Counter(f"factor:{user.pk}", settings.MAX_LOGIN_ATTEMPTS)]


def for_session(session_id: UUID | None) -> list[Counter]:
    """Who found an open screen must not guess the password in peace."""
    return [Counter(f"session:{session_id}", settings.MAX_LOGIN_ATTEMPTS)]


@unit_of_work
def take(counters: Sequence[Counter], *, at: datetime) -> Taken:
    """Use one try of every counter. Raises TooManyAttempts, counting nothing, when one has none."""
    until = at + lockout()
    used_up = [counter.key for counter in counters if _take(counter, until=until, at=at)]
    return Taken(tuple(counters), tuple(used_up), until)


@unit_of_work
def give_back(taken: Taken) -> None:
    """The answer was right: forget the tries, and at an address only this one.

    Who has an account of their own must not be able to clear an address for guessing at others.
    """
    for key, _ in taken.counters:
        found = Attempts.objects.filter(key=key)
        if key.startswith("address:"):
            found.filter(count__gt=0).update(count=F("count") - 1)
        else:
            found.delete()


@unit_of_work
def unlock(user: User) -> bool:
    """Give a user all tries again. Returns whether any had been used."""
    return bool(_of(user).delete()[0])


def locked_until(user: User, *, at: datetime) -> datetime | None:
    """Until when some way into the account is closed, or None."""
    used_up = _of(user).filter(count__gte=settings.MAX_LOGIN_ATTEMPTS, ends_at__gt=at)
    return used_up.order_by("-ends_at").values_list("ends_at", flat=True).first()


@unit_of_work
def forget_attempts(*, at: datetime) -> int:
    """Remove some counters that have run out; returns how many."""
    over = Attempts.objects.filter(ends_at__lte=at).order_by("pk")
    rows = list(over.values_list("pk", flat=True)[:_FORGOTTEN_AT_ONCE])
    return Attempts.objects.filter(pk__in=rows).delete()[0] if rows else 0


def lockout() -> timedelta:
    return timedelta(milliseconds=settings.LOCKOUT_DURATION_MS)


def _take(counter: Counter, *, until: datetime, at: datetime) -> bool:
    """Count one try; True when it was the last one."""
    found = Attempts.objects.filter(key=counter.key).first()
    if found is None:
        insert_missing([Attempts(key=counter.key, count=1, ends_at=until)])
        return counter.most == 1
    is_over = found.ends_at <= at
    if found.count >= counter.most and not is_over:
        raise TooManyAttempts(seconds=math.ceil((found.ends_at - at).total_seconds()))
    count = 1 if is_over else found.count + 1
    is_last = count >= counter.most
    won = Attempts.objects.filter(pk=found.pk, count=found.count, ends_at=found.ends_at).update(
        count=count, ends_at=until if is_over or is_last else found.ends_at
    )
    if not won:
        raise StartAgain()
    return is_last


def _of(user: User) -> QuerySet[Attempts]:
    return Attempts.objects.filter(
        Q(key=_account_key(user.email))
        | Q(key__startswith=f"device:{user.pk}:")
        | Q(key=f"factor:{user.pk}")
    )


def _account_key(email: str) -> str:
    """Keyed, because what was typed as an unknown address may be a password."""
    folded = queries.folded_email(email).encode("utf-8", "replace")
    return "account:" + hmac.new(settings.SECRET_KEY.encode(), folded, hashlib.sha256).hexdigest()


def _network(ip: str) -> str:
    try:
        address = ip_address(ip)
    except ValueError:
        return ""
    if address.version == 4:
        return str(address)
    return str(ip_network((address, _IPV6_NETWORK), strict=False))


def _in_words(seconds: int) -> Text:
    if seconds < 60:
        return Text(_english(seconds, "second"), _arabic(seconds, "ثانية", "ثانيتين", "ثوانٍ"))
    minutes = math.ceil(seconds / 60)
    return Text(_english(minutes, "minute"), _arabic(minutes, "دقيقة", "دقيقتين", "دقائق"))


def _english(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _arabic(count: int, one: str, two: str, few: str) -> str:
    """As Arabic counts: one and two have forms of their own, 3 to 10 take the plural."""
    if count <= 2:
        return one if count == 1 else two
    return f"{count} {few if 3 <= count % 100 <= 10 else one}"
