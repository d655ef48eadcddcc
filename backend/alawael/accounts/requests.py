"""What sign-in reads from a request and leaves in the browser: address, device, cookie, origin."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from alawael.accounts.sessions import SignedIn
from alawael.core.errors import Forbidden, Text

COOKIE = "alawael_refresh"
COOKIE_PATH = "/api/auth"
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


def client_address(request: HttpRequest) -> str:
    """Where the request comes from, believing X-Forwarded-For from trusted proxies alone."""
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    chain = [*(part.strip() for part in forwarded if part.strip()), _peer(request)]
    while len(chain) > 1 and _is_trusted(chain[-1]):
        chain.pop()
    return chain[-1] if _is_address(chain[-1]) else _peer(request)


def client_device(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")[:300]


def refresh_cookie(request: HttpRequest) -> str:
    return request.COOKIES.get(COOKIE, "")


def keep_signed_in(response: HttpResponse, signed_in: SignedIn) -> None:
    """Give the browser the refresh token, out of reach of scripts and of other sites."""
    response.set_cookie(
        COOKIE,
        signed_in.refresh_token,
        expires=signed_in.session.expires_at,
        path=COOKIE_PATH,
        secure=settings.SECURE_COOKIES,
        httponly=True,
        samesite="Strict",
    )
    never_store(response)


def forget_signed_in(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Strict")


def never_store(response: HttpResponse) -> None:
    """The answer holds a secret: no cache may keep it."""
    response["Cache-Control"] = "no-store"


def _peer(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR") or "")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_trusted(text: str) -> bool:
    return _is_address(text) and any(
        ip_address(text) in network for network in settings.TRUSTED_PROXIES
    )
