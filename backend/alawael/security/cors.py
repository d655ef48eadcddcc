"""Which other sites' pages may call the API: those on a list, with a token and no cookie."""

from collections.abc import Callable, Iterable, Sequence
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
Headers = list[tuple[str, str]]
Given = tuple[int, Headers, bytes]
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

        def start(status: str, given: Headers, *rest: Any) -> Any:
            return start_response(status, [*given, *self._marks(origin)], *rest)

        return self.application(environ, start)

    def at_once(self, environ: Environ) -> Given | None:
        """What the cache can answer without the program; None where the program is to be asked."""
        ask = getattr(self.application, "at_once", None)
        return self._marked(environ, ask(environ) if ask is not None else None)

    @property
    def asks_others(self) -> bool:
        """Whether the cache has to ask other machines."""
        return bool(getattr(self.application, "asks_others", False))

    def together(self, environs: Sequence[Environ]) -> list[Given | None]:
        """The same for several requests, for which other machines are asked once."""
        given = self.application.together(environs)  # type: ignore[attr-defined]
        return [self._marked(*pair) for pair in zip(environs, given, strict=True)]

    def _marked(self, environ: Environ, given: Given | None) -> Given | None:
        if given is None:
            return None
        status, headers, body = given
        return status, [*headers, *self._marks(environ.get("HTTP_ORIGIN", ""))], body

    def _marks(self, origin: str) -> Headers:
        if origin.lower() not in self.origins:
            return [("Vary", "Origin")]
        # Read by a page of another origin, with CORS: the policy for plain embedding stays.
        return [
            ("Vary", "Origin"),
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Expose-Headers", _SHOWN),
        ]


def _preflight(origin: str) -> Headers:
    return [
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Methods", _METHODS),
        ("Access-Control-Allow-Headers", _SENT),
        ("Access-Control-Max-Age", _HOUR),
        ("Vary", "Origin"),
    ]
