"""Small readings of a request that every endpoint shares."""

import re

from django.http import HttpRequest, HttpResponse
from uuid_utils import uuid7

from alawael.core.errors import Text, one_error
from alawael.core.fields import Record

#: A version alone, or with the mark of the content behind it, as the response cache writes it.
_ETAG = re.compile(r'^(?:W/)?"?(\d{1,9})(?:-[0-9a-f]{16})?"?$')
_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,80}$")


def language_of(request: HttpRequest) -> str:
    """Either "ar" or "en", as the client prefers."""
    return language_in(request.headers.get("Accept-Language", ""))


def language_in(accepted: str) -> str:
    """The language of an Accept-Language header: "ar" or "en"."""
    return "ar" if accepted.lower().startswith("ar") else "en"


def request_id_of(request: HttpRequest) -> str:
    """The id that ties answer, log and support together; the caller may bring a decent one."""
    known = getattr(request, "request_id", None)
    if known is None:
        known = reference_from(request.headers.get("X-Request-Id", ""))
        request.request_id = known  # type: ignore[attr-defined]
    return str(known)


def reference_from(offered: str) -> str:
    """A request's id: the one that the caller brought, if it is decent, or a new one."""
    return offered if offered and _REQUEST_ID.match(offered) else str(uuid7())


def expected_version(request: HttpRequest) -> int | None:
    """The version in If-Match, or None when the caller does not insist on one."""
    sent = request.headers.get("If-Match", "").strip()
    if sent in ("", "*"):
        return None
    found = _ETAG.match(sent)
    if not found:
        raise one_error(
            "/If-Match",
            "invalid_version",
            Text('If-Match must look like "3".', 'يجب أن تكون قيمة If-Match مثل "3".'),
        )
    return int(found[1])


def with_etag(response: HttpResponse, record: Record) -> None:
    """Tell the client which version it got, for its next If-Match."""
    response["ETag"] = f'"{record.version}"'
