"""The routes of goods receipts."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Status

from alawael.accounts.permissions import SignedInRequest, allows, may
from alawael.core.clock import business_day, now
from alawael.core.http import expected_version, language_of
from alawael.core.paging import Listing
from alawael.core.problems import as_problem_error
from alawael.core.schemas import PROBLEMS, Page
from alawael.core.search_text import matches
from alawael.purchasing import landed_cost, queries, receipts
from alawael.purchasing.doubts import doubts_about
from alawael.purchasing.reading import Sheet, receipt_sheet
from alawael.purchasing.routes import PAGING, reader_of, shown
from alawael.purchasing.schemas import (
    DecideReceiptIn,
    LandedCostIn,
    PurchasingReasonIn,
    ReceiptIn,
    ReceiptLineIn,
    ReceiptOut,
    ReceiptPatch,
    ReceiptQuery,
    ReceiptRow,
)
from alawael.stock.previews import DryRun, do
from alawael.stock.schemas import CommandPreview

router = Router()

RECEIPTS = Listing(
    ReceiptRow,
    sorts={"id": "id", "number": "number", "received_on": "received_on", "value": "value"},
    default_sort="-received_on",
    search=matches,
)
_ANSWERS: Any = {200: ReceiptOut | CommandPreview, **PROBLEMS}


@router.get(
    "/receipts",
    auth=may("receipt:read"),
    response={200: Page[ReceiptRow], **PROBLEMS},
    operation_id="list_receipts",
    summary="Goods receipts, latest first",
)
def list_receipts(
    request: SignedInRequest, query: Query[ReceiptQuery]
) -> dict[str, Any] | HttpResponse:
    names = set(ReceiptQuery.model_fields) - PAGING
    rows = queries.filtered_receipts(
        queries.receipts_for(request.user), **query.dict(include=names)
    )
    return RECEIPTS.page(request, rows, query)


@router.post(
    "/receipts",
    auth=may("receipt:create"),
    response={201: ReceiptOut, **PROBLEMS},
    operation_id="draft_receipt",
    summary="Write down what came of an order",
)
def draft_receipt(
    request: SignedInRequest, response: HttpResponse, payload: ReceiptIn
) -> Status[Sheet]:
    receipt = receipts.draft_receipt(
        queries.order_for(request.user, payload.order_id),
        None if payload.lines is None else _lines(payload.lines),
        **payload.dict(exclude={"order_id", "lines"}),
        by=request.user,
        at=now(),
    )
    return Status(201, _answer(request, response, receipt.pk))


@router.get(
    "/receipts/{receipt_id}",
    auth=may("receipt:read"),
    response={200: ReceiptOut, **PROBLEMS},
    operation_id="read_receipt",
    summary="One receipt with its lines, landed costs and documents",
)
def read_receipt(request: SignedInRequest, response: HttpResponse, receipt_id: UUID) -> Sheet:
    return _answer(request, response, receipt_id)


@router.patch(
    "/receipts/{receipt_id}",
    auth=may("receipt:edit"),
    response={200: ReceiptOut, **PROBLEMS},
    operation_id="edit_receipt",
    summary="Change a draft",
)
def edit_receipt(
    request: SignedInRequest, response: HttpResponse, receipt_id: UUID, payload: ReceiptPatch
) -> Sheet:
    sent = payload.dict(exclude_unset=True)
    has_lines = sent.pop("lines", None) is not None
    receipts.edit_receipt(
        queries.receipt_for(request.user, receipt_id),
        sent,
        lines=_lines(payload.lines) if has_lines else None,
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return _answer(request, response, receipt_id)


@router.post(
    "/receipts/{receipt_id}/post",
    auth=may("receipt:post"),
    response=_ANSWERS,
    operation_id="post_receipt",
    summary="Take the goods in",
)
def post_receipt(
    request: SignedInRequest,
    response: HttpResponse,
    receipt_id: UUID,
    query: Query[DryRun],
) -> Any:
    answer = _do(
        request,
        response,
        receipt_id,
        query,
        receipts.post_receipt,
        may_backdate=_may_backdate(request),
    )
    return answer | {"warnings": _warnings(request, receipt_id)} if query.dry_run else answer


@router.post(
    "/receipts/{receipt_id}/decide",
    auth=may("receipt:post"),
    response=_ANSWERS,
    operation_id="decide_receipt",
    summary="Say what the inspection found",
)
def decide_receipt(
    request: SignedInRequest,
    response: HttpResponse,
    receipt_id: UUID,
    payload: DecideReceiptIn,
    query: Query[DryRun],
) -> Any:
    return _do(
        request, response, receipt_id, query, receipts.decide_receipt, decisions=_decisions(payload)
    )


@router.post(
    "/receipts/{receipt_id}/reverse",
    auth=may("receipt:reverse"),
    response=_ANSWERS,
    operation_id="reverse_receipt",
    summary="Undo a wrong receipt, dated today",
)
def reverse_receipt(
    request: SignedInRequest,
    response: HttpResponse,
    receipt_id: UUID,
    payload: PurchasingReasonIn,
    query: Query[DryRun],
) -> Any:
    return _do(
        request, response, receipt_id, query, receipts.reverse_receipt, reason=payload.reason
    )


@router.post(
    "/receipts/{receipt_id}/cancel",
    auth=may("receipt:edit"),
    response=_ANSWERS,
    operation_id="cancel_receipt",
    summary="Throw a draft away",
)
def cancel_receipt(
    request: SignedInRequest,
    response: HttpResponse,
    receipt_id: UUID,
    query: Query[DryRun],
) -> Any:
    return _do(request, response, receipt_id, query, receipts.cancel_receipt)


@router.post(
    "/receipts/{receipt_id}/add-landed-cost",
    auth=may("receipt:adjust"),
    response=_ANSWERS,
    operation_id="add_landed_cost",
    summary="Put freight or duty onto its goods",
)
def add_landed_cost(
    request: SignedInRequest,
    response: HttpResponse,
    receipt_id: UUID,
    payload: LandedCostIn,
    query: Query[DryRun],
) -> Any:
    return _do(request, response, receipt_id, query, _add_landed_cost, payload=payload)


def _lines(lines: Sequence[ReceiptLineIn]) -> list[receipts.ReceiptLineDraft]:
    return [receipts.ReceiptLineDraft(**line.dict()) for line in lines]


def _decisions(payload: DecideReceiptIn) -> list[receipts.Decision]:
    return [receipts.Decision(**line.dict()) for line in payload.lines]


def _may_backdate(request: SignedInRequest) -> bool:
    return allows(request.permissions, "stock:backdate")


def _warnings(request: SignedInRequest, receipt_id: UUID) -> list[dict[str, str]]:
    receipt = queries.receipt_for(request.user, receipt_id)
    doubts = doubts_about(receipt, on=business_day(now()))
    return [as_problem_error(doubt, language_of(request)) for doubt in doubts]


def _add_landed_cost(
    receipt: Any, *, payload: LandedCostIn, expected_version: int | None, **arguments: Any
) -> Any:
    facts = payload.dict(exclude={"on"})
    on = payload.on or business_day(arguments["at"])
    return landed_cost.add_landed_cost(
        receipt, **facts, on=on, expected_version=expected_version, **arguments
    )


def _do(
    request: SignedInRequest,
    response: HttpResponse,
    receipt_id: UUID,
    query: DryRun,
    command: Callable[..., Any],
    **arguments: Any,
) -> Any:
    receipt = queries.receipt_for(request.user, receipt_id)

    def act() -> Any:
        version = expected_version(request)
        return command(receipt, expected_version=version, by=request.user, at=now(), **arguments)

    return do(query, act, lambda: _answer(request, response, receipt_id))


def _answer(request: SignedInRequest, response: HttpResponse, receipt_id: UUID) -> Sheet:
    receipt = queries.receipt_for(request.user, receipt_id)
    return shown(response, receipt, receipt_sheet(receipt, reader=reader_of(request)))
