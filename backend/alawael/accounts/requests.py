"""What sign-in reads from a request and leaves in the browser: address, device, cookie, origin."""

from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from alawael.accounts.devices import KNOWN_FOR
from alawael.accounts.sessions import SignedIn
from alawael.core.errors import Forbidden, Text

# Endpoints ask for it here, beside the rest of what they read.
from alawael.security.addresses import client_address as client_address

COOKIE = "alawael_refresh"
COOKIE_PATH = "/api/auth"
#: Tells a browser in which somebody has signed in before from a stranger's.
DEVICE_COOKIE = "alawael_device"
#: Over HTTPS a browser takes this name from this very host alone, so that no neighbouring site can
#: plant a cookie of its own; the prefix asks for the path "/".
HOST_COOKIE = f"__Host-{COOKIE}"
#: Other sites cannot set a header of their own without asking this server first.
OURS = "alawael"


class CrossSite(Forbidden):
    code = "cross_site"
    message = Text(
        "This request did not come from the program's own pages.",
        "لم يصدر هذا الطلب من صفحات البرنامج نفسه.",
    )


def refuse_other_sites(request: HttpRequest) -> None:
    """Raise CrossSite when a browser says that another site's page made the request."""
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        raise CrossSite()
    origin = request.headers.get("Origin")
    if origin is None:
        return
    ours = {request.get_host(), urlsplit(settings.SITE_URL).netloc}
    if urlsplit(origin).netloc not in ours:
        raise CrossSite()


def refuse_forged(request: HttpRequest) -> None:
    """Guard a route that goes by the cookie alone: the page must add a header as well."""
    refuse_other_sites(request)
    if request.headers.get("X-Requested-With") != OURS:
        raise CrossSite()


def client_device(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")[:300]


def refresh_cookie(request: HttpRequest) -> str:
    return request.COOKIES.get(_cookie().name, "")


def device_cookie(request: HttpRequest) -> str:
    return request.COOKIES.get(_device_cookie_name(), "")


def keep_signed_in(response: HttpResponse, signed_in: SignedIn) -> None:
    """Give the browser the refresh token, out of reach of scripts and of other sites."""
    cookie = _cookie()
    response.set_cookie(
        cookie.name,
        signed_in.refresh_token,
        expires=signed_in.session.expires_at,
        path=cookie.path,
        secure=settings.SECURE_COOKIES,
        httponly=True,
        samesite="Strict",
    )
    if signed_in.device_secret:
        _keep_device(response, signed_in.device_secret)
    never_store(response)


def forget_signed_in(response: HttpResponse) -> None:
    cookie = _cookie()
    response.delete_cookie(cookie.name, path=cookie.path, samesite="Strict")


class _Cookie(NamedTuple):
    name: str
    path: str


def _cookie() -> _Cookie:
    return _Cookie(HOST_COOKIE, "/") if settings.SECURE_COOKIES else _Cookie(COOKIE, COOKIE_PATH)


def never_store(response: HttpResponse) -> None:
    """The answer holds a secret: no cache may keep it."""
    response["Cache-Control"] = "no-store"


def _keep_device(response: HttpResponse, secret: str) -> None:
    response.set_cookie(
        _device_cookie_name(),
        secret,
        max_age=KNOWN_FOR,
        path="/",
        secure=settings.SECURE_COOKIES,
        httponly=True,
        samesite="Strict",
    )


def _device_cookie_name() -> str:
    return f"__Host-{DEVICE_COOKIE}" if settings.SECURE_COOKIES else DEVICE_COOKIE
