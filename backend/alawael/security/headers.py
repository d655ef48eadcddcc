"""What every answer tells the browser: what a page may load, who may frame it, what it may reach.

The web app's page gets a nonce of its own on every answer. Vite leaves `NONCE_PLACE` in the page;
what the page builds at run time (Mantine's style elements) reads the nonce from there.
"""

import secrets
from collections.abc import Callable, MutableMapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse

#: Where the built page wants its nonce (`html.cspNonce` in frontend/vite.config.ts).
NONCE_PLACE = b"__CSP_NONCE__"
TWO_YEARS = 63_072_000

#: Nothing of ours needs more; passkeys and copying are for our own pages alone.
_PERMISSIONS = (
    "accelerometer=(), autoplay=(), browsing-topics=(), camera=(self), "
    "clipboard-read=(), clipboard-write=(self), display-capture=(), encrypted-media=(), "
    "fullscreen=(self), geolocation=(), gyroscope=(), hid=(), idle-detection=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), publickey-credentials-create=(self), "
    "publickey-credentials-get=(self), screen-wake-lock=(), serial=(), usb=(), "
    "xr-spatial-tracking=()"
)
#: An answer that is no page loads nothing, wherever it is opened.
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


#: A file of the web app; a worker's script brings its own policy, so it may ask our own server.
OWN_FILES = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def headers_of_everything() -> dict[str, str]:
    """The headers of every answer: page, file, data or problem."""
    fixed = {
        "Content-Security-Policy": NOTHING,
        "Cross-Origin-Resource-Policy": "same-origin",
        # Not "same-origin": nobody outside learns even the host from a link in a document.
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        # For browsers that do not know frame-ancestors.
        "X-Frame-Options": "DENY",
    }
    if settings.HSTS:
        fixed["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"
    return fixed


def headers_of_documents() -> dict[str, str]:
    """Those of what a browser may show by itself, too. Data needs none of them, and without them
    an answer that says no more than "not modified" is half as large."""
    return headers_of_everything() | {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Origin-Agent-Cluster": "?1",
        "Permissions-Policy": _PERMISSIONS,
        "X-Permitted-Cross-Domain-Policies": "none",
    }


def is_data(response: HttpResponse) -> bool:
    """Whether it is JSON, which no browser takes for a document with rights of its own."""
    kind = response.get("Content-Type", "").partition(";")[0]
    return kind in ("application/json", "application/problem+json")


def new_nonce() -> str:
    """128 random bits, good for one answer."""
    return secrets.token_urlsafe(16)


def page_policy(nonce: str) -> str:
    """The content security policy of the web app's page: our own files, and no code in the page."""
    rules = [
        "default-src 'none'",
        f"script-src 'self' 'nonce-{nonce}'",
        f"style-src 'self' 'nonce-{nonce}'",
        # The page sets single styles through the DOM, which no policy counts; text never may.
        "style-src-attr 'none'",
        "script-src-attr 'none'",
        "img-src 'self' blob: data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        # A PDF is printed from a frame that holds what the page itself fetched.
        "frame-src blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
    if settings.SECURE_COOKIES:
        rules.append("upgrade-insecure-requests")
    return "; ".join(rules)


class SecurityHeadersMiddleware:
    """Adds what is missing; an answer that brings a header of its own keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.of_everything, self.of_documents = headers_of_everything(), headers_of_documents()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers = self.of_everything if is_data(response) else self.of_documents
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if request.path.startswith("/api/"):
            # What the API tells is for one person: a browser asks again before it shows it again.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


def for_static_files(
    headers: MutableMapping[str, str], path: str | None = None, url: str | None = None
) -> None:
    """The same for files that never reach Django (WhiteNoise's `add_headers_function`)."""
    for name, value in headers_of_documents().items():
        headers[name] = value
    headers["Content-Security-Policy"] = OWN_FILES
