"""Which other sites' pages may call the API: those on a list, with a token and no cookie."""

from collections.abc import Callable, Iterable
from typing import Any

_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
_SENT = (
    "Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, "
    "X-Request-Id, X-View-As"
)
_SHOWN = (
    "Content-Disposition, Content-Language, ETag, Idempotency-Replayed, RateLimit-Limit, "
    "RateLimit-Policy, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-Id"
)
_HOUR = "3600"

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class AllowOrigins:
    """A WSGI layer outside the cache, so that a stored answer is never one origin's answer.

    Credentials are not allowed, so a browser neither sends nor takes our cookie across sites.
    """

    def __init__(self, application: Application, origins: Iterable[str]) -> None:
        self.application = application
        self.origins = frozenset(origin.rstrip("/").lower() for origin in origins)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith("/api/"):
            return self.application(environ, start_response)
        origin = environ.get("HTTP_ORIGIN", "")
        allowed = origin.lower() in self.origins
        if (
            environ["REQUEST_METHOD"] == "OPTIONS"
            and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ
        ):
            start_response(
                "204 No Content", _preflight(origin) if allowed else [("Vary", "Origin")]
            )
            return [b""]

        return self.application(environ, self._marking(origin, start_response))

    def at_once(
        self, environ: Environ, start_response: Callable[..., Any]
    ) -> Iterable[bytes] | None:
        """What the cache can answer without the program; None where the program is to be asked."""
        ask = getattr(self.application, "at_once", None)
        if ask is None:
            return None
        origin = environ.get("HTTP_ORIGIN", "")
        answer: Iterable[bytes] | None = ask(environ, self._marking(origin, start_response))
        return answer

    def _marking(self, origin: str, start_response: Callable[..., Any]) -> Callable[..., Any]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            headers = [*headers, ("Vary", "Origin")]
            if origin.lower() in self.origins:
                # Read by a page of another origin, with CORS: the policy for plain embedding stays.
                headers += [
                    ("Access-Control-Allow-Origin", origin),
                    ("Access-Control-Expose-Headers", _SHOWN),
                ]
            return start_response(status, headers, *rest)

        return start


def _preflight(origin: str) -> list[tuple[str, str]]:
    return [
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Methods", _METHODS),
        ("Access-Control-Allow-Headers", _SENT),
        ("Access-Control-Max-Age", _HOUR),
        ("Vary", "Origin"),
    ]
