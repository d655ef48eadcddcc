"""Who may ask how often, and how an answer says so.

A person is counted over all devices, a personal token for itself, and an address only for what
comes without a valid sign-in. So nobody can use up what somebody else needs: colleagues behind one
address keep working while it is refused more attempts to sign in.
"""

import hashlib
import logging
import math
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from alawael.core.errors import Refusal, Text
from alawael.core.problems import problem
from alawael.security.addresses import client_address, household
from alawael.security.buckets import Limit, SharedMemory, Store, Verdict

log = logging.getLogger(__name__)

#: Each try of these is a guess at a secret, or makes the program compute for long.
SIGN_IN = (
    "/api/auth/sign-in",
    "/api/auth/mfa",
    "/api/auth/passkey",
    "/api/auth/password",
    "/api/auth/recovery",
    "/api/auth/reset",
    "/api/setup",
)


class TooManyRequests(Refusal):
    code = "too_many_requests"
    status = 429
    title = Text("Too many requests", "طلبات كثيرة جدًا")
    message = Text(
        "That was too much in a short time. Wait {seconds} seconds and try again.",
        "عدد الطلبات كبير خلال وقت قصير. انتظر {seconds} ثانية ثم أعد المحاولة.",
    )


class RateLimitMiddleware:
    """Stands after authentication, which says who asks, and before everything that costs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.RATE_LIMIT_ENABLED or not request.path.startswith("/api/"):
            return self.get_response(request)
        verdict = tightest([store().take(key, limit) for key, limit in limits_of(request)])
        response = self.get_response(request) if verdict.allowed else _refused(request, verdict)
        for name, value in headers_of(verdict).items():
            response[name] = value
        return response


def limits_of(request: HttpRequest) -> list[tuple[str, Limit]]:
    """Every allowance that a request is taken from."""
    address = household(client_address(request))
    actor = getattr(request, "actor_id", None)
    if request.method == "POST" and request.path.startswith(SIGN_IN):
        return [(f"sign-in:{address}", limit_called("sign-in"))]
    if actor is None:
        return [(f"address:{address}", limit_called("address"))]
    if getattr(request, "session_id", None) is not None:
        return [(f"user:{actor}", limit_called("user"))]
    secret = request.headers.get("Authorization", "")
    token = hashlib.blake2b(secret.encode("utf-8", "replace"), digest_size=16).hexdigest()
    # Many tokens together get no more than their person; the web app is not in this allowance.
    return [
        (f"token:{token}", limit_called("token")),
        (f"tokens-of:{actor}", limit_called("user")),
    ]


def limit_called(name: str) -> Limit:
    return Limit(name, settings.RATE_LIMITS[name], settings.RATE_LIMIT_WINDOW_MS * 1_000_000)


def tightest(verdicts: list[Verdict]) -> Verdict:
    """What to tell the caller: the refusal with the longest wait, else what is nearest to one."""
    return min(verdicts, key=lambda one: (one.allowed, -one.retry_after, one.remaining))


def headers_of(verdict: Verdict) -> dict[str, str]:
    """`RateLimit-*` as of the IETF's draft that programs understand, and its `RateLimit-Policy`."""
    limit = verdict.limit
    seconds = max(1, limit.window // 1_000_000_000)
    told = {
        "RateLimit-Limit": str(limit.requests),
        "RateLimit-Remaining": str(verdict.remaining),
        "RateLimit-Reset": str(math.ceil(verdict.reset)),
        "RateLimit-Policy": f'{limit.requests};w={seconds};name="{limit.name}"',
    }
    if not verdict.allowed:
        told["Retry-After"] = str(max(1, math.ceil(verdict.retry_after)))
    return told


@cache
def store() -> Store:
    """The machine's shared memory, or Redis for several machines."""
    local = SharedMemory(settings.RATE_LIMIT_FILE)
    if not settings.RATE_LIMIT_REDIS_URL:
        return local
    # Only here, so that a program without Redis does not load its client.
    from alawael.security.redis_buckets import InRedis

    line: Callable[[str], Any] = import_string(settings.RATE_LIMIT_REDIS_LINE)
    return InRedis(line(settings.RATE_LIMIT_REDIS_URL), local)


def _refused(request: HttpRequest, verdict: Verdict) -> HttpResponse:
    seconds = max(1, math.ceil(verdict.retry_after))
    facts: dict[str, Any] = {"limit": verdict.limit.name, "seconds": seconds}
    log.warning("rate_limited", extra={**facts, "path": request.path})
    return problem(request, TooManyRequests(**facts))
