"""From a bearer token to a user: verified on every request, revocation honoured at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from alawael.accounts import queries, viewing
from alawael.accounts.permissions import common
from alawael.accounts.personal_tokens import note_use
from alawael.accounts.policy import sight_of
from alawael.accounts.tokens import PERSONAL_PREFIX, read_access_token
from alawael.core.clock import now
from alawael.core.errors import Refusal
from alawael.core.problems import problem


class AuthenticationMiddleware:
    """Sets `user`, `permissions` and `sight` of requests with a valid token, else None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.user, request.actor_id, request.permissions = None, None, frozenset()
        request.session_id, request.lacks_second_factor, request.sight = None, False, None
        request.viewing_as = None
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer" and token:
            recognise = _by_personal_token if _is_personal(token.strip()) else _by_access_token
            recognise(request, token.strip(), now())
        try:
            viewing.narrow(request)
        except Refusal as refusal:
            return problem(request, refusal)
        response = self.get_response(request)
        if request.viewing_as is not None:
            # A browser, too, would take it for the caller's own answer.
            response["Cache-Control"] = "no-store"
        return response


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
    request.sight = sight_of(session.user, granted)
    request.lacks_second_factor = queries.lacks_second_factor(granted, session)


def _by_personal_token(request: Any, token: str, at: datetime) -> None:
    found = queries.live_personal_token(token, at=at)
    if found is None:
        return
    granted = queries.granted_to(found.user)
    if found.permissions:
        # A limited token can never do more than its user, nor more than it was given.
        granted = granted._replace(permissions=common(granted.permissions, found.permissions))
    request.user, request.actor_id = found.user, found.user.id
    request.permissions, request.sight = granted.permissions, sight_of(found.user, granted)
    note_use(found, at=at)
