"""Coming in and leaving: sign-in, rotating refresh tokens, sign-out, one's own password."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from alawael.accounts import attempts, queries
from alawael.accounts.attempts import Taken
from alawael.accounts.challenges import Purpose, begin
from alawael.accounts.devices import known_device, remember_device
from alawael.accounts.models import RefreshToken, Session, User
from alawael.accounts.passwords import (
    check_password,
    hash_password,
    is_outdated,
    verify_password,
)
from alawael.accounts.tokens import (
    access_lifetime,
    issue_access_token,
    new_refresh_token,
    open_successor,
    seal_successor,
    token_hash,
)
from alawael.core.actors import SYSTEM, Actor
from alawael.core.announcements import announce
from alawael.core.audit import record
from alawael.core.claims import change
from alawael.core.errors import Text, Unauthenticated, one_error
from alawael.core.ids import new_id
from alawael.core.unit_of_work import unit_of_work

log = logging.getLogger(__name__)

#: Several tabs may refresh at once, and an answer may get lost: for this long a used refresh
#: token brings the same successor again. Later, somebody else must have it.
GRACE = timedelta(seconds=15)
#: However busy a session is, after this the password is asked for again.
LONGEST_SESSION = timedelta(days=90)
#: How long ended sessions stay to be looked at.
ENDED_KEPT = timedelta(days=30)
_FORGOTTEN_AT_ONCE = 1000


class WrongCredentials(Unauthenticated):
    code = "wrong_credentials"
    title = Text("Sign-in failed", "تعذر تسجيل الدخول")
    message = Text(
        "The e-mail address or the password is wrong.",
        "البريد الإلكتروني أو كلمة المرور غير صحيحة.",
    )


class SessionOver(Unauthenticated):
    code = "session_over"
    message = Text("Your session has ended. Sign in again.", "انتهت جلستك. سجّل الدخول مرة أخرى.")


@dataclass(frozen=True)
class SignedIn:
    """A session just opened or carried on, with the tokens that its device needs."""

    user: User
    session: Session
    access_token: str
    refresh_token: str
    #: Seconds until the access token must be refreshed.
    expires_in: int
    #: What the browser keeps to be known next time; empty when it keeps what it has.
    device_secret: str = ""


@dataclass(frozen=True)
class HalfWay:
    """The password was right; this secret and a code of the second factor finish the sign-in."""

    challenge: str


def sign_in(
    email: str, password: str, *, ip: str, device: str, browser: str = "", at: datetime
) -> "SignedIn | HalfWay":
    """Open a session for whoever knows the password, or ask for the second factor as well.

    The stages are: recognise, count, refuse, open. Nobody can tell from the answer, nor from how
    long it takes, whether the address is unknown, the password wrong or the user deactivated.
    `browser` is the device cookie. Raises WrongCredentials or TooManyAttempts.
    """
    user = queries.user_by_email(email)
    known = known_device(user, browser, at=at)
    taken = attempts.take(attempts.for_sign_in(email, ip=ip, device=known), at=at)
    knows_password = verify_password(password, user.password_hash if user else "")
    if user is None or not knows_password or not user.is_active:
        note_refusal(user, taken, ip=ip, device=device, at=at)
        raise WrongCredentials()
    attempts.give_back(taken)
    if is_outdated(user.password_hash):
        _replace_hash(user, hash_password(password))
    if user.has_second_factor:
        return HalfWay(begin(Purpose.SECOND_FACTOR, user, at=at))
    return start_session(user, ip=ip, device=device, browser=browser, at=at)


@unit_of_work
def start_session(
    user: User,
    *,
    ip: str,
    device: str,
    browser: str = "",
    with_passkey: bool = False,
    at: datetime,
) -> SignedIn:
    """Open a session for a user whose identity has been proven."""
    session = Session.objects.create(
        user=user,
        created_at=at,
        last_used_at=at,
        expires_at=_session_end(at, opened_at=at),
        ip_address=ip[:45],
        device=device[:300],
        with_passkey=with_passkey,
    )
    cookie, is_new_device = remember_device(user, browser, at=at)
    facts = {"ip": ip, "device": device[:300], "new_device": is_new_device}
    record(session, "session.started", by=user, at=at, changes=facts)
    # The very first sign-in of all is no news.
    if is_new_device and user.last_sign_in_at is not None:
        announce("accounts.new_device", at=at, user=user.pk, session=session.pk)
    User.objects.filter(pk=user.pk).update(last_sign_in_at=at)
    secret = new_refresh_token()
    _keep_refresh_token(session, secret, at=at)
    return replace(_signed_in(session, user, secret, at=at), device_secret=cookie)


def refresh(secret: str, *, ip: str, at: datetime) -> SignedIn:
    """Exchange a refresh token for a new one and a new access token; each serves once.

    Raises SessionOver for a token that is unknown or spent. A spent one that comes back after
    the grace was copied, so it also ends the session, for the thief and the owner alike.
    """
    carried_on = _rotate(secret, ip=ip, at=at)
    if carried_on is None:
        raise SessionOver()
    return carried_on


@unit_of_work
def sign_out(session_id: UUID, *, by: Actor, at: datetime) -> None:
    """End a session. Ending it twice is fine."""
    session = Session.objects.filter(pk=session_id).first()
    if session:
        end_session(session, because="signed_out", by=by, at=at)


@unit_of_work
def sign_out_device(secret: str, *, at: datetime) -> None:
    """End the session that a refresh token belongs to, for a device whose access has run out."""
    token = _refresh_token(secret)
    if token:
        end_session(token.session, because="signed_out", by=token.session.user, at=at)


@unit_of_work
def sign_out_everywhere(user: User, *, by: Actor, at: datetime) -> None:
    """End every session of the user. Personal tokens are revoked one by one."""
    end_sessions(user, because="signed_out_everywhere", by=by, at=at)


def change_own_password(
    user: User, current: str, new: str, *, session_id: UUID | None, at: datetime
) -> None:
    """Replace the password and end every session but this one."""
    prove_password(user, current, session_id=session_id, at=at)
    if current == new:
        raise one_error(
            "/new_password",
            "password_unchanged",
            Text("Choose another password than before.", "اختر كلمة مرور مختلفة عن السابقة."),
        )
    check_password(new, about=[user.email, user.name_en, user.name_ar], pointer="/new_password")
    _set_own_password(user, hash_password(new), session_id=session_id, at=at)


def prove_password(user: User, password: str, *, session_id: UUID | None, at: datetime) -> None:
    """Ask again who is there, before something that would let a thief stay.

    Raises Invalid at "/current_password", and TooManyAttempts for who guesses at an open screen.
    """
    taken = attempts.take(attempts.for_session(session_id), at=at)
    if not verify_password(password, user.password_hash):
        raise one_error(
            "/current_password",
            "wrong_password",
            Text("This is not your current password.", "هذه ليست كلمة مرورك الحالية."),
        )
    attempts.give_back(taken)


@unit_of_work
def end_session(session: Session, *, because: str, by: Actor, at: datetime) -> None:
    """End one session, unless it has ended already."""
    won = Session.objects.filter(pk=session.pk, ended_at=None).update(
        ended_at=at, ended_because=because
    )
    if won:
        record(session, "session.ended", by=by, at=at, changes={"because": because})


@unit_of_work
def end_sessions(
    user: User, *, because: str, by: Actor, at: datetime, but: UUID | None = None
) -> None:
    """End all sessions of a user, or all but one."""
    for session in queries.sessions_of(user, at=at).order_by("pk"):
        if session.pk != but:
            end_session(session, because=because, by=by, at=at)


@unit_of_work
def forget_sessions(*, at: datetime) -> int:
    """Remove some refresh tokens that have run out and sessions that ended long ago.

    Returns how many rows went; call again while it is not 0.
    """
    spent = RefreshToken.objects.filter(expires_at__lte=at).order_by("pk")
    tokens = list(spent.values_list("pk", flat=True)[:_FORGOTTEN_AT_ONCE])
    gone = RefreshToken.objects.filter(pk__in=tokens).delete()[0] if tokens else 0
    long_ago = at - ENDED_KEPT
    for old in (
        Session.objects.filter(ended_at__lte=long_ago),
        Session.objects.filter(expires_at__lte=long_ago),
    ):
        sessions = list(old.order_by("pk").values_list("pk", flat=True)[:_FORGOTTEN_AT_ONCE])
        if sessions:
            RefreshToken.objects.filter(session_id__in=sessions).delete()
            gone += Session.objects.filter(pk__in=sessions).delete()[0]
    return gone


@unit_of_work
def note_refusal(user: User | None, taken: Taken, *, ip: str, device: str, at: datetime) -> None:
    """Put a wrong password or code on record, and the lock that follows from the last one."""
    # What was typed as the address of an unknown user is not kept: it may be a password.
    # The event is written for unknown users too, so that both take equally long.
    facts = {"user": str(user.pk) if user else "unknown", "ip": ip, "device": device[:300]}
    record(Session(id=new_id()), "session.refused", by=SYSTEM, at=at, changes=facts)
    log.warning("sign_in_refused", extra=facts)
    _note_locked(user, taken, ip=ip, at=at)


@unit_of_work
def _note_locked(user: User | None, taken: Taken, *, ip: str, at: datetime) -> None:
    for key in taken.used_up:
        what = key.partition(":")[0]
        facts = {"user": str(user.pk) if user else "unknown", "what": what, "ip": ip}
        until = {"until": taken.until}
        record(user or User(id=new_id()), "user.locked", by=SYSTEM, at=at, changes=facts | until)
        announce("accounts.locked", at=at, **facts, **until)
        log.warning("sign_in_locked", extra=facts)


@unit_of_work
def _replace_hash(user: User, new_hash: str) -> None:
    User.objects.filter(pk=user.pk, password_hash=user.password_hash).update(password_hash=new_hash)


@unit_of_work
def _set_own_password(user: User, new_hash: str, *, session_id: UUID | None, at: datetime) -> None:
    current = queries.user(user.pk)
    if current.password_hash != user.password_hash:
        raise SessionOver()  # it was reset since the current password was checked
    change(current, password_hash=new_hash, must_change_password=False)
    end_sessions(user, because="password_changed", by=user, at=at, but=session_id)
    record(user, "user.password_changed", by=user, at=at)


@unit_of_work
def _rotate(secret: str, *, ip: str, at: datetime) -> SignedIn | None:
    token = _refresh_token(secret)
    if token is None or token.expires_at <= at or not _is_live(token.session, at):
        return None
    session = token.session
    successor = new_refresh_token()
    won = RefreshToken.objects.filter(pk=token.pk, used_at=None).update(
        used_at=at, successor=seal_successor(successor, for_token=secret)
    )
    if not won:
        return _again(RefreshToken.objects.get(pk=token.pk), session, secret, ip=ip, at=at)
    session.last_used_at, session.ip_address = at, ip[:45]
    session.expires_at = _session_end(at, opened_at=session.created_at)
    session.save(update_fields=["last_used_at", "ip_address", "expires_at"])
    _keep_refresh_token(session, successor, at=at)
    return _signed_in(session, session.user, successor, at=at)


def _again(
    token: RefreshToken, session: Session, secret: str, *, ip: str, at: datetime
) -> SignedIn | None:
    """The same successor for a token used a moment ago; the end of the session for an old one."""
    if token.used_at is not None and at - token.used_at <= GRACE:
        successor = open_successor(token.successor, for_token=secret)
        return _signed_in(session, session.user, successor, at=at) if successor else None
    facts = {"user": str(session.user_id), "ip": ip}
    record(session, "session.reuse_detected", by=SYSTEM, at=at, changes=facts)
    announce("accounts.token_reused", at=at, session=session.pk, **facts)
    end_session(session, because="refresh_token_reused", by=SYSTEM, at=at)
    log.warning("refresh_token_reused", extra={**facts, "session": str(session.pk)})
    return None


def _refresh_token(secret: str) -> RefreshToken | None:
    return (
        RefreshToken.objects.select_related("session__user").filter(hash=token_hash(secret)).first()
    )


def _is_live(session: Session, at: datetime) -> bool:
    return session.ended_at is None and session.expires_at > at and session.user.is_active


def _session_end(at: datetime, *, opened_at: datetime) -> datetime:
    idle = at + timedelta(milliseconds=settings.REFRESH_TOKEN_LIFETIME_MS)
    return min(idle, opened_at + LONGEST_SESSION)


def _keep_refresh_token(session: Session, secret: str, *, at: datetime) -> None:
    RefreshToken.objects.create(
        session=session, hash=token_hash(secret), created_at=at, expires_at=session.expires_at
    )


def _signed_in(session: Session, user: User, secret: str, *, at: datetime) -> SignedIn:
    return SignedIn(
        user=user,
        session=session,
        access_token=issue_access_token(user, session, at=at),
        refresh_token=secret,
        expires_in=int(access_lifetime().total_seconds()),
    )
