"""The routes of suppliers' bills for orders; their other commands are invoicing's."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Status

from alawael.accounts.permissions import SignedInRequest, may
from alawael.core.clock import now
from alawael.core.http import expected_version, with_etag
from alawael.core.schemas import PROBLEMS
from alawael.core.sight import COSTS
from alawael.invoicing import queries as invoicing
from alawael.invoicing.bill_lines import BillDraftLine
from alawael.invoicing.bill_schemas import BillOut
from alawael.invoicing.models import Bill
from alawael.purchasing import billing, queries
from alawael.purchasing.reading import bill_check_sheet
from alawael.purchasing.routes import reader_of
from alawael.purchasing.schemas import (
    BillCheckOut,
    OrderBillIn,
    OrderBillLineIn,
    PostOrderBillIn,
    PurchasingReasonIn,
)
from alawael.stock.previews import DryRun, do
from alawael.stock.schemas import CommandPreview

router = Router()


@router.post(
    "/purchase-orders/{order_id}/bills",
    auth=may("bill:create", also=[COSTS]),
    response={201: BillOut, **PROBLEMS},
    operation_id="draft_bill_of_order",
    summary="Write down a supplier's bill for an order",
)
def draft_bill_of_order(
    request: SignedInRequest, response: HttpResponse, order_id: UUID, payload: OrderBillIn
) -> Status[Bill]:
    bill = billing.draft_bill(
        queries.order_for(request.user, order_id),
        None if payload.lines is None else _lines(payload.lines),
        **payload.dict(exclude={"lines"}),
        by=request.user,
        at=now(),
    )
    return Status(201, _answer(request, response, bill.pk))


@router.get(
    "/purchase-bills/{bill_id}/check",
    auth=may("bill:read", also=[COSTS]),
    response={200: BillCheckOut, **PROBLEMS},
    operation_id="read_bill_check",
    summary="How a bill compares to order and receipts, and what it paid for",
)
def read_bill_check(
    request: SignedInRequest, response: HttpResponse, bill_id: UUID
) -> dict[str, Any]:
    return _check(request, response, bill_id)


@router.post(
    "/purchase-bills/{bill_id}/match",
    auth=may("bill:match", also=[COSTS]),
    response={200: BillCheckOut | CommandPreview, **PROBLEMS},
    operation_id="match_bill",
    summary="Compare a bill with order and receipts",
)
def match_bill(
    request: SignedInRequest, response: HttpResponse, bill_id: UUID, query: Query[DryRun]
) -> Any:
    act = _command(request, bill_id, billing.match_bill)
    return do(query, act, lambda: _check(request, response, bill_id))


@router.post(
    "/purchase-bills/{bill_id}/approve",
    auth=may("bill:approve", also=[COSTS]),
    response={200: BillCheckOut | CommandPreview, **PROBLEMS},
    operation_id="approve_bill",
    summary="Accept a bill in spite of what differs",
)
def approve_bill(
    request: SignedInRequest,
    response: HttpResponse,
    bill_id: UUID,
    payload: PurchasingReasonIn,
    query: Query[DryRun],
) -> Any:
    act = _command(request, bill_id, billing.approve_bill, reason=payload.reason)
    return do(query, act, lambda: _check(request, response, bill_id))


@router.post(
    "/purchase-bills/{bill_id}/post",
    auth=may("bill:post", also=[COSTS]),
    response={200: BillOut | CommandPreview, **PROBLEMS},
    operation_id="post_order_bill",
    summary="Book a matched bill or note of an order",
)
def post_order_bill(
    request: SignedInRequest,
    response: HttpResponse,
    bill_id: UUID,
    payload: PostOrderBillIn,
    query: Query[DryRun],
) -> Any:
    bill = invoicing.bill_for(request.user, bill_id)
    on = payload.on or bill.issued_on
    act = _command(request, bill_id, billing.post_order_bill, on=on)
    return do(query, act, lambda: _answer(request, response, bill_id))


@router.post(
    "/purchase-bills/{bill_id}/reverse",
    auth=may("bill:reverse", also=[COSTS]),
    response={200: BillOut | CommandPreview, **PROBLEMS},
    operation_id="reverse_order_bill",
    summary="Take a wrongly posted bill out of books and orders",
)
def reverse_order_bill(
    request: SignedInRequest,
    response: HttpResponse,
    bill_id: UUID,
    payload: PurchasingReasonIn,
    query: Query[DryRun],
) -> Any:
    act = _command(request, bill_id, billing.reverse_order_bill, reason=payload.reason)
    return do(query, act, lambda: _answer(request, response, bill_id))


def _lines(lines: Sequence[OrderBillLineIn]) -> list[BillDraftLine]:
    return [
        BillDraftLine(**line.dict(exclude={"order_line_id"}), source_line_id=line.order_line_id)
        for line in lines
    ]


def _command(
    request: SignedInRequest, bill_id: UUID, command: Callable[..., Any], **arguments: Any
) -> Callable[[], Any]:
    bill = invoicing.bill_for(request.user, bill_id)
    version = expected_version(request)
    return lambda: command(bill, expected_version=version, by=request.user, at=now(), **arguments)


def _check(request: SignedInRequest, response: HttpResponse, bill_id: UUID) -> dict[str, Any]:
    bill = invoicing.bill_for(request.user, bill_id)
    with_etag(response, bill)
    return bill_check_sheet(bill, reader=reader_of(request))


def _answer(request: SignedInRequest, response: HttpResponse, bill_id: UUID) -> Bill:
    bill = invoicing.bill_for(request.user, bill_id)
    with_etag(response, bill)
    return bill
