"""Every "no" leaves the API as a problem document (RFC 9457), in the caller's language."""

import logging
from typing import Any

import orjson
from django.core.exceptions import SuspiciousOperation
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from alawael.core.audit import jsonable
from alawael.core.errors import (
    AlreadyExists,
    FieldError,
    Invalid,
    NotFound,
    Refusal,
    Text,
    Unauthenticated,
)
from alawael.core.http import language_of, request_id_of

log = logging.getLogger(__name__)
TYPE = "https://alawael-erp.com/problems/"

#: pydantic's words for what people get wrong, in ours. Anything else falls back to its own.
_WORDS: dict[str, Text] = {
    "missing": Text("This value is missing.", "هذه القيمة مطلوبة."),
    "extra_forbidden": Text("There is no such field.", "لا يوجد حقل كهذا."),
    "string_too_short": Text(
        "Enter at least {min_length} characters.", "أدخل {min_length} أحرف على الأقل."
    ),
    "string_too_long": Text(
        "Enter at most {max_length} characters.", "أدخل {max_length} حرفًا على الأكثر."
    ),
    "string_type": Text("Enter text.", "أدخل نصًا."),
    "string_pattern_mismatch": Text("This does not have the right form.", "الصيغة غير صحيحة."),
    "int_parsing": Text("Enter a whole number.", "أدخل عددًا صحيحًا."),
    "int_type": Text("Enter a whole number.", "أدخل عددًا صحيحًا."),
    "int_from_float": Text("Enter a whole number.", "أدخل عددًا صحيحًا."),
    "bool_parsing": Text("Enter true or false.", "أدخل true أو false."),
    "decimal_parsing": Text("Enter a number such as 12.50.", "أدخل رقمًا مثل 12.50."),
    "decimal_type": Text("Enter a number such as 12.50.", "أدخل رقمًا مثل 12.50."),
    "decimal_max_digits": Text("The number is too long.", "الرقم طويل جدًا."),
    "decimal_max_places": Text(
        "Use at most {decimal_places} decimals.", "استخدم {decimal_places} منازل عشرية على الأكثر."
    ),
    "decimal_whole_digits": Text("The number is too large.", "الرقم كبير جدًا."),
    "uuid_parsing": Text("This is not a valid reference.", "المرجع غير صالح."),
    "uuid_type": Text("This is not a valid reference.", "المرجع غير صالح."),
    "date_from_datetime_parsing": Text(
        "Enter a day such as 2026-03-31.", "أدخل تاريخًا مثل 2026-03-31."
    ),
    "date_parsing": Text("Enter a day such as 2026-03-31.", "أدخل تاريخًا مثل 2026-03-31."),
    "date_type": Text("Enter a day such as 2026-03-31.", "أدخل تاريخًا مثل 2026-03-31."),
    "enum": Text("Choose one of: {expected}.", "اختر واحدًا من: {expected}."),
    "literal_error": Text("Choose one of: {expected}.", "اختر واحدًا من: {expected}."),
    "greater_than": Text("Must be more than {gt}.", "يجب أن يكون أكبر من {gt}."),
    "greater_than_equal": Text("Must be {ge} or more.", "يجب أن يكون {ge} أو أكثر."),
    "less_than_equal": Text("Must be {le} or less.", "يجب أن يكون {le} أو أقل."),
    "less_than": Text("Must be less than {lt}.", "يجب أن يكون أقل من {lt}."),
    "too_short": Text("Enter at least {min_length}.", "أدخل {min_length} على الأقل."),
    "too_long": Text("Enter at most {max_length}.", "أدخل {max_length} على الأكثر."),
    "list_type": Text("Send a list.", "أرسل قائمة."),
    "dict_type": Text("Send an object.", "أرسل كائنًا."),
    "model_attributes_type": Text("Send an object.", "أرسل كائنًا."),
    "json_invalid": Text("This is not valid JSON.", "هذا ليس JSON صالحًا."),
}


class BadRequest(Refusal):
    code = "bad_request"
    status = 400
    title = Text("The request cannot be read", "تعذرت قراءة الطلب")
    message = Text("The body is not valid JSON.", "محتوى الطلب ليس JSON صالحًا.")


class UnreadableForm(BadRequest):
    code = "unreadable_form"
    message = Text(
        "The form that was sent cannot be read, or it has too many parts.",
        "تعذرت قراءة النموذج المرسل، أو أن أجزاءه كثيرة جدًا.",
    )


class Broken(Refusal):
    code = "internal_error"
    status = 500
    title = Text("Something went wrong on our side", "حدث خطأ لدينا")
    message = Text(
        "Nothing was lost. Try again; if it stays, give support the reference {reference}.",
        "لم يُفقد شيء. حاول مرة أخرى، وإذا تكرر الخطأ فأرسل المرجع {reference} إلى الدعم.",
    )


def as_problem_error(error: FieldError, language: str) -> dict[str, str]:
    """One place, as ProblemError writes it."""
    return {
        "pointer": error.pointer,
        "code": error.code,
        "message": error.message.within(language),
    }


def problem(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer to a refused request."""
    language = language_of(request)
    body: dict[str, Any] = {
        "type": TYPE + refusal.code,
        "title": refusal.title.within(language),
        "status": refusal.status,
        "detail": refusal.sentence(language),
        "code": refusal.code,
        "errors": [as_problem_error(error, language) for error in refusal.errors],
        "request_id": request_id_of(request),
        "facts": jsonable(refusal.facts),
    }
    content = orjson.dumps(body, default=str)
    response = HttpResponse(content, "application/problem+json", status=refusal.status)
    # What stands around the request (alawael.security) reads it without parsing the body again.
    response.refused = refusal  # type: ignore[attr-defined]
    response["Content-Language"] = language
    if refusal.status == Unauthenticated.status:
        response["WWW-Authenticate"] = "Bearer"
    if "retry_after" in refusal.facts:
        response["Retry-After"] = str(refusal.facts["retry_after"])
    return response


def install(api: NinjaAPI) -> None:
    """Let the API answer every exception with a problem document."""

    @api.exception_handler(Refusal)
    def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
        return problem(request, refusal)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return problem(request, Invalid(errors=[_field_error(item) for item in error.errors]))

    @api.exception_handler(AuthenticationError)
    def unauthenticated(request: HttpRequest, _: AuthenticationError) -> HttpResponse:
        return problem(request, Unauthenticated())

    @api.exception_handler(Http404)
    def not_found(request: HttpRequest, _: Http404) -> HttpResponse:
        return problem(request, NotFound())

    @api.exception_handler(HttpError)
    def bad_request(request: HttpRequest, error: HttpError) -> HttpResponse:
        log.info("bad_request", extra={"reason": str(error)})
        return problem(request, BadRequest())

    @api.exception_handler(MultiPartParserError)
    @api.exception_handler(SuspiciousOperation)
    def unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
        log.info("bad_request", extra={"reason": type(error).__name__})
        return problem(request, UnreadableForm())

    @api.exception_handler(IntegrityError)
    def taken(request: HttpRequest, error: IntegrityError) -> HttpResponse:
        # Services refuse doubles with a better sentence; this is the lost race behind them.
        log.info("unique_constraint", extra={"reason": str(error)})
        return problem(request, AlreadyExists())

    @api.exception_handler(Exception)
    def broken(request: HttpRequest, error: Exception) -> HttpResponse:
        reference = request_id_of(request)
        log.error("unhandled_error", exc_info=error, extra={"request_id": reference})
        return problem(request, Broken(reference=reference))


def _field_error(error: dict[str, Any]) -> FieldError:
    kind, context = error["type"], error.get("ctx") or {}
    if kind == "value_error":
        sentence = str(context.get("error") or error["msg"])
        return FieldError(_pointer(error["loc"]), "invalid_value", Text(sentence, sentence))
    words = _WORDS.get(kind)
    if words is None:
        words = Text(error["msg"], "القيمة غير صحيحة.")
    message = Text(_filled(words.en, context), _filled(words.ar, context))
    return FieldError(_pointer(error["loc"]), kind, message)


def _filled(sentence: str, context: dict[str, Any]) -> str:
    try:
        return sentence.format(**context)
    except (KeyError, IndexError, ValueError):
        return sentence


def _pointer(loc: tuple[Any, ...]) -> str:
    """ninja's ("body", "payload", "lines", 0) as "/lines/0"; query and path names stand alone."""
    kind, *rest = loc
    if kind == "body" and rest:
        rest = rest[1:]
    return "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in rest)
