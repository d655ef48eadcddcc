"""What is refused before anything reads it: bodies, forms and addresses beyond all reason."""

import logging
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from alawael.core.errors import Refusal, Text
from alawael.core.problems import problem

log = logging.getLogger(__name__)

#: What a browser would take for code if it stood in a page. It never does: it stays text.
_CODE = re.compile(
    rb"(?:<|\\u003c)/?(script|iframe|object|embed|svg|img|style|link|meta|base)\b|(javascript):",
    re.IGNORECASE,
)
#: No schema of ours nests deeper than a handful; a free field of a saved view may.
DEEPEST = 40
LONGEST_QUERY = 8192
#: The boundaries and other fields of a form around an upload.
AROUND_AN_UPLOAD = 1024 * 1024
#: Where a request carries the refusal of a body that was not waited for.
REFUSED = "alawael.body_refused"


class BodyTooLarge(Refusal):
    code = "body_too_large"
    status = 413
    title = Text("That is too large", "الحجم أكبر من المسموح")
    message = Text(
        "A request may have at most {most_megabytes} MB. Split it into several.",
        "الحد الأقصى لحجم الطلب {most_megabytes} ميغابايت. قسّمه إلى عدة طلبات.",
    )


class AddressTooLong(Refusal):
    code = "address_too_long"
    status = 414
    title = Text("That is too long", "العنوان أطول من المسموح")
    message = Text(
        "The address of this request is too long. Use fewer or shorter filters.",
        "عنوان هذا الطلب طويل جدًا. استخدم عوامل تصفية أقل أو أقصر.",
    )


class IntakeMiddleware:
    """Looks at what a request says of its size, so that nothing large is read to be refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            _check(request)
        except Refusal as refusal:
            return problem(request, refusal)
        _note_code(request)
        return self.get_response(request)


def _check(request: HttpRequest) -> None:
    if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
        raise AddressTooLong()
    if (refused := request.META.get(REFUSED)) is not None:
        raise refused
    said = str(request.META.get("CONTENT_LENGTH") or "")
    most = most_bytes(request.META.get("CONTENT_TYPE", ""))
    if said.isascii() and said.isdigit() and int(said[:19]) > most:
        raise BodyTooLarge(most_megabytes=most_megabytes(most))


def _note_code(request: HttpRequest) -> None:
    """Say in the log that text which looks like code was taken as text, wherever it was sent."""
    sent = [unquote_to_bytes(request.META.get("QUERY_STRING", ""))]
    if request.content_type == "application/json":
        sent.append(request.body)
    for place in sent:
        found = _CODE.search(place)
        if found is not None:
            kind = (found[1] or found[2]).decode().lower()
            log.warning("sanitized", extra={"path": request.path, "looked_like": kind})
            return


def most_bytes(content_type: str) -> int:
    """How large a body of this type may be: an upload, or anything else."""
    if content_type.partition(";")[0].strip().lower() == "multipart/form-data":
        return int(settings.MAX_UPLOAD_SIZE) + AROUND_AN_UPLOAD
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def most_megabytes(most: int) -> int:
    return most // 1024**2


def is_too_deep(body: bytes, value: Any) -> bool:
    """Whether parsed JSON nests deeper than anybody means. Never recurses itself.

    Most bodies have fewer brackets than the depth that is allowed, which counting settles.
    """
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True
