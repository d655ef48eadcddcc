"""A code after the password: authenticator apps (TOTP, RFC 6238) and codes for a lost telephone."""

import hmac
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
import segno

from alawael.accounts import attempts, queries
from alawael.accounts.challenges import ChallengeOver, Purpose, finish, open_challenge
from alawael.accounts.models import Passkey, RecoveryCode, SecondFactor, User
from alawael.accounts.sessions import (
    SignedIn,
    end_sessions,
    note_refusal,
    prove_password,
    start_session,
)
from alawael.accounts.tokens import token_hash
from alawael.core.actors import Actor
from alawael.core.audit import record
from alawael.core.claims import insert_missing
from alawael.core.errors import Refusal, Text, one_error
from alawael.core.sealing import is_outdated, opened, sealed
from alawael.core.unit_of_work import unit_of_work

ISSUER = "Alawael ERP"
CODES = 10
_STEP_SECONDS = 30
#: Telephones and servers disagree by some seconds: one step before and after is forgiven.
_STEPS_FORGIVEN = 1
#: Letters and digits that nobody mistakes for each other: 24 of them carry 118 bits.
_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 6, 4


class SecondFactorOn(Refusal):
    code = "second_factor_on"
    message = Text(
        "Your second factor is on already. Switch it off first.",
        "التحقق بخطوتين مفعّل بالفعل. أوقفه أولًا.",
    )


class SecondFactorOff(Refusal):
    code = "second_factor_off"
    message = Text("You have no second factor.", "التحقق بخطوتين غير مفعّل لديك.")


class SecondFactorNeeded(Refusal):
    code = "second_factor_needed"
    message = Text(
        "One of your roles requires a second factor, so it stays on.",
        "أحد أدوارك يتطلب التحقق بخطوتين، لذلك يبقى مفعّلًا.",
    )


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator app needs, shown once."""

    secret: str
    uri: str
    #: The URI as a QR code, an SVG image in a data URI.
    qr: str


@unit_of_work
def _keep_secret(user: User, secret: str, *, at: datetime) -> None:
    if user.has_second_factor:
        raise SecondFactorOn()
    SecondFactor.objects.filter(user=user, confirmed_at=None).delete()
    row = SecondFactor(user=user, created_at=at)
    row.secret = sealed(row, secret=secret)["secret"]
    insert_missing([row])


def enrol(user: User, password: str, *, session_id: UUID | None, at: datetime) -> Enrolment:
    """Make a secret for an authenticator app. It guards nothing until `confirm` sees a code."""
    prove_password(user, password, session_id=session_id, at=at)
    secret = pyotp.random_base32()
    _keep_secret(user, secret, at=at)
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=ISSUER)
    return Enrolment(secret, uri, segno.make(uri, error="m").svg_data_uri(scale=5, border=4))


def confirm(user: User, code: str, *, session_id: UUID | None, at: datetime) -> list[str]:
    """Switch the second factor on, once the app has shown a right code.

    Returns recovery codes, which are kept nowhere. Every other session ends.
    """
    taken = attempts.take(attempts.for_second_factor(user), at=at)
    codes = _switch_on(user, code, session_id=session_id, at=at)
    attempts.give_back(taken)
    return codes


@unit_of_work
def _switch_on(user: User, code: str, *, session_id: UUID | None, at: datetime) -> list[str]:
    factor = SecondFactor.objects.filter(user=user, confirmed_at=None).first()
    if factor is None:
        raise ChallengeOver()
    if not _is_right(factor, _plain(code), at=at):
        raise wrong_code()
    SecondFactor.objects.filter(pk=factor.pk).update(confirmed_at=at)
    User.objects.filter(pk=user.pk).update(has_second_factor=True)
    record(user, "user.second_factor_on", by=user, at=at)
    end_sessions(user, because="second_factor_changed", by=user, at=at, but=session_id)
    return _new_codes(user, at=at)


def switch_off(
    user: User, password: str, code: str, *, session_id: UUID | None, at: datetime
) -> None:
    """Go back to the password alone. Asks for both factors: an open screen is not enough."""
    if queries.granted_to(user).requires_second_factor:
        raise SecondFactorNeeded()
    _prove_both(user, password, code, session_id=session_id, at=at)
    _remove(user, because="switched_off", by=user, at=at, but=session_id)


def renew_codes(
    user: User, password: str, code: str, *, session_id: UUID | None, at: datetime
) -> list[str]:
    """Ten new recovery codes instead of the old ones, which end."""
    _prove_both(user, password, code, session_id=session_id, at=at)
    return _renew(user, at=at)


@unit_of_work
def _renew(user: User, *, at: datetime) -> list[str]:
    record(user, "user.recovery_codes_renewed", by=user, at=at)
    return _new_codes(user, at=at)


@unit_of_work
def reset(user: User, *, by: Actor, at: datetime) -> None:
    """An administrator helps somebody who lost their telephone: codes and passkeys go as well."""
    Passkey.objects.filter(user=user).delete()
    _remove(user, because="reset", by=by, at=at)


def finish_sign_in(
    secret: str, code: str, *, ip: str, device: str, browser: str, at: datetime
) -> SignedIn:
    """The second half of a sign-in. Raises ChallengeOver, Invalid at "/code", TooManyAttempts."""
    challenge = open_challenge(Purpose.SECOND_FACTOR, secret, at=at)
    user = challenge.user
    if user is None or not user.is_active:
        raise ChallengeOver()
    taken = attempts.take(attempts.for_second_factor(user), at=at)
    if not accepts(user, code, at=at):
        note_refusal(user, taken, ip=ip, device=device, at=at)
        raise wrong_code()
    attempts.give_back(taken)
    finish(challenge, at=at)
    return start_session(user, ip=ip, device=device, browser=browser, at=at)


@unit_of_work
def accepts(user: User, code: str, *, at: datetime) -> bool:
    """Whether the code is right, which uses it up: neither kind serves twice."""
    typed = _plain(code)
    if len(typed) == _GROUPS * _GROUP:
        unused = RecoveryCode.objects.filter(user=user, hash=token_hash(typed), used_at=None)
        if unused.update(used_at=at):
            record(user, "user.recovery_code_used", by=user, at=at)
            return True
        return False
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    return factor is not None and _is_right(factor, typed, at=at)


def codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def wrong_code() -> Refusal:
    return one_error(
        "/code",
        "wrong_code",
        Text(
            "This code is wrong or was used already. Wait for the next one.",
            "الرمز غير صحيح أو استُخدم من قبل. انتظر الرمز التالي.",
        ),
    )


def unreadable(factors: Iterable[SecondFactor]) -> Iterable[SecondFactor]:
    """Those whose secret does not open, for `alawael verify`."""
    return (factor for factor in factors if not _opens(factor))


def _opens(factor: SecondFactor) -> bool:
    try:
        return bool(_secret_of(factor))
    except Exception:  # whatever is wrong with it, it does not open
        return False


def _prove_both(
    user: User, password: str, code: str, *, session_id: UUID | None, at: datetime
) -> None:
    if not user.has_second_factor:
        raise SecondFactorOff()
    prove_password(user, password, session_id=session_id, at=at)
    taken = attempts.take(attempts.for_second_factor(user), at=at)
    if not accepts(user, code, at=at):
        raise wrong_code()
    attempts.give_back(taken)


@unit_of_work
def _remove(user: User, *, because: str, by: Actor, at: datetime, but: UUID | None = None) -> None:
    SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(has_second_factor=False)
    record(user, "user.second_factor_off", by=by, at=at, changes={"because": because})
    end_sessions(user, because="second_factor_changed", by=by, at=at, but=but)


def _plain(code: str) -> str:
    """What was meant, whatever stands between the groups and whichever digits were typed."""
    kept = (letter for letter in code.lower() if letter.isalnum())
    return "".join(str(unicodedata.digit(one)) if one.isdigit() else one for one in kept)


def _is_right(factor: SecondFactor, code: str, *, at: datetime) -> bool:
    """Whether the code is of a step after the last accepted one, which it then is itself."""
    totp = pyotp.TOTP(_secret_of(factor), interval=_STEP_SECONDS)
    now_step = int(at.timestamp()) // _STEP_SECONDS
    for step in range(now_step - _STEPS_FORGIVEN, now_step + _STEPS_FORGIVEN + 1):
        if step > factor.last_step and hmac.compare_digest(
            totp.generate_otp(step).encode(), code.encode()
        ):
            return _accept(factor, step)
    return False


def _accept(factor: SecondFactor, step: int) -> bool:
    """Of several that bring the same code at once, one is let in."""
    changes: dict[str, object] = {"last_step": step}
    if is_outdated(factor.secret):  # a new ENCRYPTION_KEY seals it on the way
        changes |= sealed(factor, secret=_secret_of(factor))
    unchanged = SecondFactor.objects.filter(pk=factor.pk, last_step=factor.last_step)
    return bool(unchanged.update(**changes))


def _secret_of(factor: SecondFactor) -> str:
    return opened(factor, "secret")


def _new_codes(user: User, *, at: datetime) -> list[str]:
    codes = [_new_code() for _ in range(CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, hash=token_hash(code.replace("-", "")), created_at=at)
        for code in codes
    )
    return codes


def _new_code() -> str:
    """At 118 bits a plain hash is enough (ASVS 5.0, 6.5.2)."""
    groups = ("".join(secrets.choice(_CLEAR) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)
