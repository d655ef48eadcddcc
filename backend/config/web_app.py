"""Every address that is not the API opens the web app, which routes by itself."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from alawael.core.errors import NotFound
from alawael.core.problems import problem
from alawael.security.headers import NONCE_PLACE, new_nonce, page_policy

NOT_BUILT = (
    b"<h1>The web app is not built</h1><p>Run <code>make setup</code>, then start again.</p>"
)


def web_app(request: HttpRequest, path: str = "") -> HttpResponse:
    if path.startswith("api/") or request.method not in ("GET", "HEAD"):
        return problem(request, NotFound())
    if not settings.WEB_APP.exists():
        return HttpResponse(NOT_BUILT, status=503)
    nonce = new_nonce()
    page = settings.WEB_APP.read_bytes().replace(NONCE_PLACE, nonce.encode())
    response = HttpResponse(page, "text/html; charset=utf-8")
    response["Content-Security-Policy"] = page_policy(nonce)
    # The page names the hashed assets of this release: it must never be older than they are.
    response["Cache-Control"] = "no-cache"
    return response
