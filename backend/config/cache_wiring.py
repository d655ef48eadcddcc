"""What the response cache must be told about this program: routes, tokens, scopes, the day."""

import base64
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import cast

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from alawael.accounts import queries
from alawael.accounts.asked_rights import ALL as ALL_OF_THEM
from alawael.accounts.asked_rights import noting_rights
from alawael.accounts.authentication import AuthenticationMiddleware
from alawael.accounts.permissions import SignedInRequest
from alawael.accounts.scopes import limits_of, scope_of
from alawael.cache import runtime
from alawael.cache.queries import switched_off
from alawael.cache.watch import recording
from alawael.cache.wiring import ALL, NOTES, Application, Caller, Environ, Route
from alawael.core.clock import BUSINESS_ZONE, business_day, now
from alawael.core.http import language_in, reference_from
from alawael.security.limits import limits_of as allowances_of
from alawael.security.tallies import tally_of
from config.cache_routes import kept_routes


class NotingMiddleware:
    """Innermost in Django: notes what an endpoint reads, and for whom, when the cache wants it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        notes = request.META.get(NOTES)
        if notes is None:
            return self.get_response(request)
        notes.caller = caller_of(request)
        with recording() as cells, noting_rights() as rights:
            response = self.get_response(request)
        notes.cells = cells
        notes.rights = ALL if ALL_OF_THEM in rights else frozenset(rights)
        return response


def caller_of(request: HttpRequest) -> Caller | None:
    """Who asks, as far as answers depend on it; None for those whom every route refuses, and for
    those who look as somebody else."""
    if getattr(request, "user", None) is None:
        return None
    signed_in = cast(SignedInRequest, request)
    user = signed_in.user
    if signed_in.viewing_as is not None:
        return None
    if user.must_change_password or signed_in.lacks_second_factor:
        return None
    sight = signed_in.sight
    return Caller(str(user.pk), scope_of(sight), limits_of(sight), sight.allows)


class ProgramWiring:
    """The response cache's view of the program."""

    def __init__(self) -> None:
        self._routes: dict[str, Route] | None = None
        self._day = ""
        self._day_until = 0.0
        self._authenticate = AuthenticationMiddleware(lambda _: HttpResponse())

    @property
    def routes(self) -> dict[str, Route]:
        if self._routes is None:
            from config.api import api
            from config.urls import urlpatterns  # noqa: F401 - mounts the API, once

            self._routes = kept_routes(api)
        return self._routes

    def route(self, path: str) -> Route | None:
        routes = self.routes
        try:
            return routes.get(resolve(path).route)
        except Resolver404:
            return None

    def identify(self, environ: Environ, remembered: float) -> Caller | None:
        """Verify the token just as Django does; None unless it is good for a while yet."""
        close_old_connections()
        request = WSGIRequest({**environ, "wsgi.input": BytesIO()})
        self._authenticate(request)
        caller = caller_of(request)
        if caller is None or not _stays_good(cast(SignedInRequest, request), remembered):
            return None
        if settings.RATE_LIMIT_ENABLED:
            return replace(caller, tally=tally_of(tuple(allowances_of(request))))
        return caller

    def day(self) -> str:
        if time.time() >= self._day_until:
            moment = now()
            midnight = moment.astimezone(BUSINESS_ZONE).replace(
                hour=23, minute=59, second=59, microsecond=999_999
            )
            self._day, self._day_until = business_day(moment).isoformat(), midnight.timestamp()
        return self._day

    def language(self, environ: Environ) -> str:
        return language_in(environ.get("HTTP_ACCEPT_LANGUAGE", ""))

    def reference(self, environ: Environ) -> str:
        return reference_from(environ.get("HTTP_X_REQUEST_ID", ""))

    def switched_off(self) -> frozenset[str]:
        return switched_off()


def _stays_good(request: SignedInRequest, seconds: float) -> bool:
    """Whether the token outlives the time for which it will be remembered."""
    _, _, token = request.headers.get("Authorization", "").partition(" ")
    later = now().timestamp() + seconds
    if request.session_id is None:
        return queries.live_personal_token(token.strip(), at=_moment(later)) is not None
    # Django has verified it just now; here only its end is read.
    packed = token.strip().split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    return (
        claims["exp"] > later
        and queries.live_session(request.session_id, at=_moment(later)) is not None
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def with_cache(application: Application) -> Application:
    """The program with the cache in front of it, where this installation may have one."""
    if not settings.CACHE_ENABLED:
        return application
    return runtime.layer(application, ProgramWiring())
