"""Passkeys (WebAuthn): signing in with a telephone, computer or security key, without a password.

The authenticator checks its owner (finger, face, PIN) before it signs, so a passkey is two factors
by itself; and it signs for our address alone, so a page that looks like ours gets nothing.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import orjson
import webauthn
from django.conf import settings
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from alawael.accounts import queries
from alawael.accounts.challenges import Purpose, begin, finish, open_challenge
from alawael.accounts.models import Challenge, Passkey, User
from alawael.accounts.sessions import SignedIn, prove_password, start_session
from alawael.core.audit import record
from alawael.core.claims import insert_missing
from alawael.core.errors import AlreadyExists, Refusal, Text, Unauthenticated
from alawael.core.unit_of_work import unit_of_work

NAME = "Alawael ERP"
MOST_PASSKEYS = 20
#: What a browser answers to a malformed question may be anything.
_REFUSED = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError)
_KNOWN_TRANSPORTS = ("ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb")


class PasskeyRefused(Unauthenticated):
    code = "passkey_refused"
    title = Text("The passkey was not accepted", "لم يُقبل مفتاح المرور")
    message = Text(
        "This passkey does not open an account here. Try another one, or use your password.",
        "مفتاح المرور هذا لا يفتح حسابًا هنا. جرّب مفتاحًا آخر أو استخدم كلمة المرور.",
    )


class PasskeyKnown(AlreadyExists):
    code = "passkey_known"
    message = Text("This passkey is registered already.", "مفتاح المرور هذا مسجّل بالفعل.")


class TooManyPasskeys(Refusal):
    code = "too_many_passkeys"
    message = Text(
        "You have {count} passkeys. Remove one that you no longer use.",
        "لديك {count} مفتاح مرور. احذف مفتاحًا لم تعد تستخدمه.",
    )


@dataclass(frozen=True)
class Ceremony:
    """What the browser needs to ask its authenticator, and to finish what was begun."""

    challenge: str
    options: dict[str, Any]


def begin_registration(
    user: User, password: str, *, session_id: UUID | None, at: datetime
) -> Ceremony:
    """Ask the browser for a new passkey, once the password has shown who asks."""
    prove_password(user, password, session_id=session_id, at=at)
    known = list(queries.passkeys_of(user))
    if len(known) >= MOST_PASSKEYS:
        raise TooManyPasskeys(count=len(known))
    challenge = begin(Purpose.NEW_PASSKEY, user, at=at)
    options = webauthn.generate_registration_options(
        rp_id=_our_host(),
        rp_name=NAME,
        user_id=user.pk.bytes,
        user_name=user.email,
        user_display_name=user.actor_name,
        challenge=challenge.encode(),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential_id)) for key in known
        ],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return Ceremony(challenge, orjson.loads(webauthn.options_to_json(options)))


def register(
    user: User, challenge: str, credential: Mapping[str, Any], *, name: str, at: datetime
) -> Passkey:
    """Keep a new passkey. Raises ChallengeOver, PasskeyRefused, PasskeyKnown."""
    begun = open_challenge(Purpose.NEW_PASSKEY, challenge, at=at)
    if begun.user_id != user.pk:
        raise PasskeyRefused()
    try:
        verified = webauthn.verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge.encode(),
            expected_origin=settings.SITE_URL,
            expected_rp_id=_our_host(),
            require_user_verification=True,
        )
    except _REFUSED as error:
        raise PasskeyRefused() from error
    passkey = Passkey(
        user=user,
        name=name,
        hash=_hash(verified.credential_id),
        credential_id=bytes_to_base64url(verified.credential_id),
        public_key=bytes_to_base64url(verified.credential_public_key),
        sign_count=verified.sign_count,
        transports=_transports(credential),
        created_at=at,
    )
    _keep(passkey, begun, at=at)
    return passkey


@unit_of_work
def _keep(passkey: Passkey, begun: Challenge, *, at: datetime) -> None:
    finish(begun, at=at)
    if Passkey.objects.filter(hash=passkey.hash).exists():
        raise PasskeyKnown()
    insert_missing([passkey])
    facts = {"passkey": passkey.pk, "name": passkey.name}
    record(passkey.user, "user.passkey_added", by=passkey.user, at=at, changes=facts)


def begin_sign_in(*, at: datetime) -> Ceremony:
    """Ask the browser for any passkey of ours; whose it is, the passkey says itself."""
    challenge = begin(Purpose.PASSKEY, None, at=at)
    options = webauthn.generate_authentication_options(
        rp_id=_our_host(),
        challenge=challenge.encode(),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Ceremony(challenge, orjson.loads(webauthn.options_to_json(options)))


def sign_in(
    challenge: str,
    credential: Mapping[str, Any],
    *,
    ip: str,
    device: str,
    browser: str,
    at: datetime,
) -> SignedIn:
    """Open a session for whoever holds the passkey. A lock of the password does not matter here."""
    begun = open_challenge(Purpose.PASSKEY, challenge, at=at)
    passkey = _named_by(credential)
    try:
        verified = webauthn.verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge.encode(),
            expected_origin=settings.SITE_URL,
            expected_rp_id=_our_host(),
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except _REFUSED as error:
        raise PasskeyRefused() from error
    _use(passkey, begun, verified.new_sign_count, at=at)
    return start_session(
        passkey.user, ip=ip, device=device, browser=browser, with_passkey=True, at=at
    )


@unit_of_work
def _use(passkey: Passkey, begun: Challenge, sign_count: int, *, at: datetime) -> None:
    """A copied authenticator shows by a count that does not grow: of two at once, one is let in."""
    finish(begun, at=at)
    unchanged = Passkey.objects.filter(pk=passkey.pk, sign_count=passkey.sign_count)
    if not unchanged.update(sign_count=sign_count, last_used_at=at):
        raise PasskeyRefused()


@unit_of_work
def rename(user: User, passkey_id: UUID, *, name: str, at: datetime) -> Passkey:
    """Call a passkey something else."""
    passkey = queries.passkey_of(user, passkey_id)
    facts = {"passkey": passkey.pk, "name": [passkey.name, name]}
    Passkey.objects.filter(pk=passkey.pk).update(name=name)
    record(user, "user.passkey_renamed", by=user, at=at, changes=facts)
    passkey.name = name
    return passkey


def remove(
    user: User, passkey_id: UUID, password: str, *, session_id: UUID | None, at: datetime
) -> None:
    """Make a passkey useless here. Raises NotFound for one of somebody else."""
    passkey = queries.passkey_of(user, passkey_id)
    prove_password(user, password, session_id=session_id, at=at)
    _remove(passkey, at=at)


@unit_of_work
def _remove(passkey: Passkey, *, at: datetime) -> None:
    if Passkey.objects.filter(pk=passkey.pk).delete()[0]:
        facts = {"passkey": passkey.pk, "name": passkey.name}
        record(passkey.user, "user.passkey_removed", by=passkey.user, at=at, changes=facts)


def _named_by(credential: Mapping[str, Any]) -> Passkey:
    try:
        key = base64url_to_bytes(str(credential["rawId"]))
    except _REFUSED as error:
        raise PasskeyRefused() from error
    found = Passkey.objects.select_related("user").filter(hash=_hash(key)).first()
    if found is None or not found.user.is_active:
        raise PasskeyRefused()
    return found


def _our_host() -> str:
    """The relying party: passkeys are bound to the host name of PUBLIC_URL."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def _transports(credential: Mapping[str, Any]) -> list[str]:
    response = credential.get("response")
    said = response.get("transports") if isinstance(response, Mapping) else None
    return [one for one in said if one in _KNOWN_TRANSPORTS] if isinstance(said, list) else []


def _hash(credential_id: bytes) -> str:
    return hashlib.sha256(credential_id).hexdigest()
