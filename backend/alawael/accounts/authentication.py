"""From a bearer token to a user: verified on every request, revocation honoured at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from alawael.accounts import queries
from alawael.accounts.permissions import common
from alawael.accounts.personal_tokens import note_use
from alawael.accounts.tokens import PERSONAL_PREFIX, read_access_token
from alawael.core.clock import now


class AuthenticationMiddleware:
    """Sets `user`, `actor_id` and `permissions` of requests with a valid token, else None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.user, request.actor_id, request.permissions = None, None, frozenset()
        request.session_id, request.lacks_second_factor = None, False
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer" and token:
            recognise = _by_personal_token if _is_personal(token.strip()) else _by_access_token
            recognise(request, token.strip(), now())
        return self.get_response(request)


def _is_personal(token: str) -> bool:
    return token.startswith(PERSONAL_PREFIX)


def _by_access_token(request: Any, token: str, at: datetime) -> None:
    claims = read_access_token(token)
    session = queries.live_session(claims.session_id, at=at) if claims else None
    if claims is None or session is None or session.user_id != claims.user_id:
        return
    request.user, request.actor_id = session.user, session.user.id
    request.session_id = session.pk
    granted = queries.granted_to(session.user)
    request.permissions = granted.permissions
    request.lacks_second_factor = (
        granted.requires_second_factor and not session.user.has_second_factor
    )


def _by_personal_token(request: Any, token: str, at: datetime) -> None:
    found = queries.live_personal_token(token, at=at)
    if found is None:
        return
    permissions = queries.permissions_of(found.user)
    if found.permissions:
        # A limited token can never do more than its user, nor more than it was given.
        permissions = common(permissions, found.permissions)
    request.user, request.actor_id, request.permissions = found.user, found.user.id, permissions
    note_use(found, at=at)
