"""Notices refused requests that a person does not make by mistake, or not many times."""

import logging
from collections.abc import Callable

import jwt
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from alawael.core.clock import now
from alawael.core.errors import Refusal
from alawael.security.addresses import client_address, household
from alawael.security.models import EventKind
from alawael.security.services import Matter, notebook

log = logging.getLogger(__name__)

_KINDS = {
    "wrong_credentials": EventKind.SIGN_IN_REFUSED,
    "forbidden": EventKind.PERMISSION_REFUSED,
    "cross_site": EventKind.CROSS_SITE,
    "too_many_requests": EventKind.RATE_LIMITED,
    "body_too_large": EventKind.HARMFUL_INPUT,
    "body_too_slow": EventKind.HARMFUL_INPUT,
    "address_too_long": EventKind.HARMFUL_INPUT,
    "file_bomb": EventKind.HARMFUL_INPUT,
}


class WatchMiddleware:
    """Stands around everything that refuses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        refused: Refusal | None = getattr(response, "refused", None)
        if refused is not None and settings.SECURITY_EVENTS_KEPT:
            self._note(request, refused)
        return response

    @staticmethod
    def _note(request: HttpRequest, refused: Refusal) -> None:
        kind = _KINDS.get(refused.code)
        if kind is None and refused.code == "unauthenticated" and is_forged(request):
            kind = EventKind.TOKEN_FORGED
        if kind is None:
            return
        detail = refused.facts.get("permission") or refused.facts.get("limit") or refused.code
        actor = getattr(request, "actor_id", None)
        matter = Matter(kind, household(client_address(request)), actor, str(detail))
        try:
            notebook.note(matter, at=now())
        except Exception:  # the answer is given whether or not it could be noted
            log.exception("security_event_lost")


def is_forged(request: HttpRequest) -> bool:
    """Whether the bearer token claims to be signed by us and is not; one that ran out is honest."""
    token = request.headers.get("Authorization", "").partition(" ")[2].strip()
    if token.count(".") != 2:
        return False
    keys = (settings.JWT_SECRET, *getattr(settings, "JWT_SECRETS_OLD", ()))
    return not any(_signed(token, key) for key in keys)


def _signed(token: str, key: str) -> bool:
    try:
        jwt.decode_complete(
            token,
            key,
            algorithms=["HS256"],
            options={"verify_exp": False, "verify_aud": False, "verify_iss": False},
        )
    except (jwt.InvalidTokenError, ValueError):
        return False
    return True
