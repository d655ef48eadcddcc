"""Around every request: its id, one log line, and a problem document for what nobody caught."""

import logging
import time
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse

from alawael.core.http import request_id_of
from alawael.core.problems import BadRequest, Broken, problem

log = logging.getLogger("alawael.request")


class RequestMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        reference = request_id_of(request)
        response = self.get_response(request)
        response["X-Request-Id"] = reference
        if not response.streaming and "Content-Length" not in response:
            response["Content-Length"] = str(len(response.content))
        log.info(
            "request",
            extra={
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - began) * 1000, 1),
                "request_id": reference,
                "user": str(getattr(request, "actor_id", None) or ""),
            },
        )
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse:
        if isinstance(error, SuspiciousOperation | RequestDataTooBig):
            return problem(request, BadRequest())
        reference = request_id_of(request)
        log.error("unhandled_error", exc_info=error, extra={"request_id": reference})
        return problem(request, Broken(reference=reference))
