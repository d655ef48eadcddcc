"""Same key and same body: the first answer again. Other body: refused.

The key is marked inside the very unit of work it guards, so a process that dies after its commit
can never lead to a second execution; at worst the repeated request learns that it was done.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse

from alawael.core.clock import now
from alawael.core.errors import Refusal, Text, one_error
from alawael.core.models import IdempotencyKey, IdempotencyState
from alawael.core.problems import problem
from alawael.core.unit_of_work import before_commit, forget_before_commit, unit_of_work

METHODS = ("POST", "PUT", "PATCH", "DELETE")
KEPT = timedelta(days=2)
LEASE = timedelta(seconds=60)
LONGEST_BODY = 1_000_000
_KEPT_HEADERS = ("Content-Type", "ETag", "Location", "Content-Language")


class KeyReused(Refusal):
    code = "idempotency_key_reused"
    status = 422
    message = Text(
        "This Idempotency-Key was used for another request. Use a new key.",
        "استُخدم مفتاح Idempotency-Key هذا لطلب آخر. استخدم مفتاحًا جديدًا.",
    )


class StillRunning(Refusal):
    code = "idempotency_in_progress"
    message = Text(
        "The first request with this key is still running. Wait a moment and repeat it.",
        "لا يزال الطلب الأول بهذا المفتاح قيد التنفيذ. انتظر قليلًا ثم أعد المحاولة.",
    )


class AnswerLost(Refusal):
    code = "idempotency_answer_lost"
    message = Text(
        "This was carried out, but its answer was lost. Load the record again.",
        "نُفّذ هذا الطلب لكن فُقد جوابه. أعد تحميل السجل.",
    )


class IdempotencyMiddleware:
    """Around every authenticated change that brings an Idempotency-Key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        owner: UUID | None = getattr(request, "actor_id", None)
        if key is None or owner is None or request.method not in METHODS:
            return self.get_response(request)
        try:
            _check(key)
            row, first = _claim(owner, key, _fingerprint(request))
        except Refusal as refusal:
            return problem(request, refusal)
        return self._carry_out(request, row) if first else _again(row)

    def _carry_out(self, request: HttpRequest, row: IdempotencyKey) -> HttpResponse:
        before_commit(lambda: _mark(row, state=IdempotencyState.COMMITTED))
        try:
            response = self.get_response(request)
        finally:
            forget_before_commit()
        if response.status_code >= 500 or response.streaming or _must_not_be_kept(response):
            _release(row)
        else:
            _keep(row, response)
        return response


def _must_not_be_kept(response: HttpResponse) -> bool:
    """It is too large, or it holds a secret that is shown once (a password, a token)."""
    secret = "no-store" in response.get("Cache-Control", "")
    return secret or len(response.content) > LONGEST_BODY


def _check(key: str) -> None:
    if not (1 <= len(key) <= 200 and key.isprintable()):
        raise one_error(
            "/Idempotency-Key",
            "invalid_key",
            Text("Use 1 to 200 printable characters.", "استخدم من 1 إلى 200 حرف مرئي."),
        )


def _fingerprint(request: HttpRequest) -> str:
    said = f"{request.method} {request.get_full_path()}\n{request.content_type}\n"
    if request.content_type == "multipart/form-data":
        # An upload is streamed, so its body is not read here; its length stands for it.
        said += request.headers.get("Content-Length", "")
        return hashlib.sha256(said.encode()).hexdigest()
    return hashlib.sha256(said.encode() + request.body).hexdigest()


def _claim(owner: UUID, key: str, fingerprint: str) -> tuple[IdempotencyKey, bool]:
    """The row of this key, and whether this request is the one to carry out."""
    try:
        return _create(owner, key, fingerprint), True
    except IntegrityError:
        row = IdempotencyKey.objects.get(owner=owner, key=key)
    if row.request_hash != fingerprint:
        raise KeyReused()
    if row.state == IdempotencyState.ANSWERED:
        return row, False
    if row.state == IdempotencyState.COMMITTED:
        raise AnswerLost()
    if not _take_over(row):
        raise StillRunning()
    return row, True


@unit_of_work
def _create(owner: UUID, key: str, fingerprint: str) -> IdempotencyKey:
    at = now()
    return IdempotencyKey.objects.create(
        owner=owner, key=key, request_hash=fingerprint, lease_until=at + LEASE, created_at=at
    )


@unit_of_work
def _take_over(row: IdempotencyKey) -> bool:
    """The first request died before it committed anything: its lease has run out."""
    at = now()
    return bool(
        IdempotencyKey.objects.filter(
            pk=row.pk, state=IdempotencyState.RUNNING, lease_until=row.lease_until
        )
        .filter(lease_until__lt=at)
        .update(lease_until=at + LEASE)
    )


def _mark(row: IdempotencyKey, **changes: Any) -> None:
    IdempotencyKey.objects.filter(pk=row.pk).update(**changes)


@unit_of_work
def _keep(row: IdempotencyKey, response: HttpResponse) -> None:
    _mark(
        row,
        state=IdempotencyState.ANSWERED,
        status=response.status_code,
        headers={name: response[name] for name in _KEPT_HEADERS if name in response},
        body=response.content.decode("utf-8", "replace"),
    )


@unit_of_work
def _release(row: IdempotencyKey) -> None:
    """The request failed on our side: it may be tried again, unless part of it was committed."""
    IdempotencyKey.objects.filter(pk=row.pk, state=IdempotencyState.RUNNING).delete()


def _again(row: IdempotencyKey) -> HttpResponse:
    response = HttpResponse(row.body, status=row.status)
    for name, value in row.headers.items():
        response[name] = value
    response["Idempotency-Replayed"] = "true"
    return response
