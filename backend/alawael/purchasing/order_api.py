"""The routes of purchase orders."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Status

from alawael.accounts.permissions import SignedInRequest, may, require
from alawael.core.clock import business_day, now
from alawael.core.http import expected_version
from alawael.core.paging import Listing
from alawael.core.schemas import PROBLEMS, Page, file_answer
from alawael.core.search_text import matches
from alawael.core.sight import COSTS
from alawael.parties import queries as parties
from alawael.purchasing import orders, queries
from alawael.purchasing.drafting import OrderLineDraft
from alawael.purchasing.models import PurchaseOrder
from alawael.purchasing.printing import purchase_order_pdf
from alawael.purchasing.reading import Sheet, order_sheet
from alawael.purchasing.routes import PAGING, reader_of, shown
from alawael.purchasing.schemas import (
    AmendPurchaseOrderIn,
    ClosePurchaseOrderIn,
    PurchaseOrderChange,
    PurchaseOrderIn,
    PurchaseOrderLineIn,
    PurchaseOrderOut,
    PurchaseOrderQuery,
    PurchaseOrderRow,
    PurchasingReasonIn,
    ShortClosePurchaseLineIn,
)
from alawael.stock.previews import DryRun, do
from alawael.stock.schemas import CommandPreview

router = Router()

ORDERS = Listing(
    PurchaseOrderRow,
    sorts={
        "id": "id",
        "number": "number",
        "ordered_on": "ordered_on",
        "expected_on": "expected_on",
        "total": "total_base",
        "supplier": "supplier_name_en",
    },
    default_sort="-ordered_on",
    search=matches,
)
#: What a command answers: the order as it is now, or what would become of stock and books.
_ANSWERS: Any = {200: PurchaseOrderOut | CommandPreview, **PROBLEMS}


@router.get(
    "/purchase-orders",
    auth=may("purchase_order:read"),
    response={200: Page[PurchaseOrderRow], **PROBLEMS},
    operation_id="list_purchase_orders",
    summary="Purchase orders, latest first",
)
def list_purchase_orders(
    request: SignedInRequest, query: Query[PurchaseOrderQuery]
) -> dict[str, Any] | HttpResponse:
    names = set(PurchaseOrderQuery.model_fields) - PAGING
    rows = queries.filtered_orders(
        queries.orders_for(request.user), today=business_day(now()), **query.dict(include=names)
    )
    return ORDERS.page(request, rows, query)


@router.post(
    "/purchase-orders",
    auth=may("purchase_order:create"),
    response={201: PurchaseOrderOut, **PROBLEMS},
    operation_id="draft_purchase_order",
    summary="Draft a purchase order",
)
def draft_purchase_order(
    request: SignedInRequest, response: HttpResponse, payload: PurchaseOrderIn
) -> Status[Sheet]:
    order = orders.draft_order(
        parties.party(payload.supplier_id),
        _lines(payload.lines),
        **payload.dict(exclude={"supplier_id", "lines"}),
        by=request.user,
        at=now(),
    )
    return Status(201, _answer(request, response, order.pk))


@router.get(
    "/purchase-orders/{order_id}",
    auth=may("purchase_order:read"),
    response={200: PurchaseOrderOut, **PROBLEMS},
    operation_id="read_purchase_order",
    summary="One purchase order with its lines, documents and next commands",
)
def read_purchase_order(request: SignedInRequest, response: HttpResponse, order_id: UUID) -> Sheet:
    return _answer(request, response, order_id)


@router.patch(
    "/purchase-orders/{order_id}",
    auth=may("purchase_order:edit"),
    response={200: PurchaseOrderOut, **PROBLEMS},
    operation_id="edit_purchase_order",
    summary="Change a draft",
)
def edit_purchase_order(
    request: SignedInRequest, response: HttpResponse, order_id: UUID, payload: PurchaseOrderChange
) -> Sheet:
    sent = payload.dict(exclude_unset=True)
    supplier_id = sent.pop("supplier_id", None)
    has_lines = sent.pop("lines", None) is not None
    if has_lines:
        # New lines replace the old ones, and who does not see their prices cannot send them again.
        require(request, COSTS)
    orders.edit_order(
        queries.order_for(request.user, order_id),
        sent,
        lines=_lines(payload.lines) if has_lines else None,
        supplier=parties.party(supplier_id) if supplier_id else None,
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return _answer(request, response, order_id)


@router.delete(
    "/purchase-orders/{order_id}",
    auth=may("purchase_order:delete"),
    response={204: None, **PROBLEMS},
    operation_id="discard_purchase_order",
    summary="Throw a draft away that has no number",
)
def discard_purchase_order(request: SignedInRequest, order_id: UUID) -> Status[None]:
    orders.discard_order(
        queries.order_for(request.user, order_id),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return Status(204, None)


@router.get(
    "/purchase-orders/{order_id}/pdf",
    auth=may("purchase_order:read", also=[COSTS]),
    response=PROBLEMS,
    operation_id="print_purchase_order",
    openapi_extra=file_answer("application/pdf"),
    summary="The order as PDF, for the supplier",
)
def print_purchase_order(request: SignedInRequest, order_id: UUID) -> HttpResponse:
    order = queries.order_for(request.user, order_id)
    company, moment = parties.company(), order.sent_at or now()
    lines = list(queries.lines_of(order))
    pdf = purchase_order_pdf(order, lines, company=company, made_at=moment)
    response = HttpResponse(pdf, "application/pdf")
    name = order.number or "purchase-order"
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@router.post(
    "/purchase-orders/{order_id}/submit",
    auth=may("purchase_order:submit"),
    response=_ANSWERS,
    operation_id="submit_purchase_order",
    summary="Number it; above the limit somebody else approves it",
)
def submit_purchase_order(
    request: SignedInRequest, response: HttpResponse, order_id: UUID, query: Query[DryRun]
) -> Any:
    return _do(request, response, order_id, query, orders.submit_order)


@router.post(
    "/purchase-orders/{order_id}/approve",
    auth=may("purchase_order:approve"),
    response=_ANSWERS,
    operation_id="approve_purchase_order",
    summary="Agree to what somebody else submitted or amended",
)
def approve_purchase_order(
    request: SignedInRequest, response: HttpResponse, order_id: UUID, query: Query[DryRun]
) -> Any:
    return _do(request, response, order_id, query, orders.approve_order)


@router.post(
    "/purchase-orders/{order_id}/reject",
    auth=may("purchase_order:approve"),
    response=_ANSWERS,
    operation_id="reject_purchase_order",
    summary="Send it back; an amendment is taken back",
)
def reject_purchase_order(
    request: SignedInRequest,
    response: HttpResponse,
    order_id: UUID,
    payload: PurchasingReasonIn,
    query: Query[DryRun],
) -> Any:
    return _do(request, response, order_id, query, orders.reject_order, reason=payload.reason)


@router.post(
    "/purchase-orders/{order_id}/send",
    auth=may("purchase_order:send"),
    response=_ANSWERS,
    operation_id="send_purchase_order",
    summary="Note that the supplier has it",
)
def send_purchase_order(
    request: SignedInRequest, response: HttpResponse, order_id: UUID, query: Query[DryRun]
) -> Any:
    return _do(request, response, order_id, query, orders.send_order)


@router.post(
    "/purchase-orders/{order_id}/amend",
    auth=may("purchase_order:edit"),
    response=_ANSWERS,
    operation_id="amend_purchase_order",
    summary="Change an approved order as a new revision",
)
def amend_purchase_order(
    request: SignedInRequest,
    response: HttpResponse,
    order_id: UUID,
    payload: AmendPurchaseOrderIn,
    query: Query[DryRun],
) -> Any:
    return _do(
        request,
        response,
        order_id,
        query,
        orders.amend_order,
        amendments=[orders.LineAmendment(**line.dict()) for line in payload.lines],
        added=_lines(payload.new_lines),
        **payload.dict(exclude={"lines", "new_lines"}, exclude_unset=True, exclude_none=True),
    )


@router.post(
    "/purchase-orders/{order_id}/short-close",
    auth=may("purchase_order:close"),
    response=_ANSWERS,
    operation_id="short_close_purchase_line",
    summary="Wait no longer for the rest of a line",
)
def short_close_purchase_line(
    request: SignedInRequest,
    response: HttpResponse,
    order_id: UUID,
    payload: ShortClosePurchaseLineIn,
    query: Query[DryRun],
) -> Any:
    return _do(request, response, order_id, query, orders.short_close_line, **payload.dict())


@router.post(
    "/purchase-orders/{order_id}/close",
    auth=may("purchase_order:close"),
    response=_ANSWERS,
    operation_id="close_purchase_order",
    summary="End it: everything came, or nobody waits for the rest",
)
def close_purchase_order(
    request: SignedInRequest,
    response: HttpResponse,
    order_id: UUID,
    payload: ClosePurchaseOrderIn,
    query: Query[DryRun],
) -> Any:
    return _do(request, response, order_id, query, orders.close_order, **payload.dict())


@router.post(
    "/purchase-orders/{order_id}/reopen",
    auth=may("purchase_order:reopen"),
    response=_ANSWERS,
    operation_id="reopen_purchase_order",
    summary="Let goods come in again for a closed order",
)
def reopen_purchase_order(
    request: SignedInRequest, response: HttpResponse, order_id: UUID, query: Query[DryRun]
) -> Any:
    return _do(request, response, order_id, query, orders.reopen_order)


@router.post(
    "/purchase-orders/{order_id}/cancel",
    auth=may("purchase_order:cancel"),
    response=_ANSWERS,
    operation_id="cancel_purchase_order",
    summary="Call it off while nothing came in or was billed",
)
def cancel_purchase_order(
    request: SignedInRequest,
    response: HttpResponse,
    order_id: UUID,
    payload: PurchasingReasonIn,
    query: Query[DryRun],
) -> Any:
    return _do(request, response, order_id, query, orders.cancel_order, reason=payload.reason)


@router.post(
    "/purchase-orders/{order_id}/hold",
    auth=may("purchase_order:edit"),
    response=_ANSWERS,
    operation_id="hold_purchase_order",
    summary="Let nothing come in for now",
)
def hold_purchase_order(
    request: SignedInRequest,
    response: HttpResponse,
    order_id: UUID,
    payload: PurchasingReasonIn,
    query: Query[DryRun],
) -> Any:
    return _do(request, response, order_id, query, orders.hold_order, reason=payload.reason)


@router.post(
    "/purchase-orders/{order_id}/unhold",
    auth=may("purchase_order:edit"),
    response=_ANSWERS,
    operation_id="unhold_purchase_order",
    summary="Let goods come in again",
)
def unhold_purchase_order(
    request: SignedInRequest, response: HttpResponse, order_id: UUID, query: Query[DryRun]
) -> Any:
    return _do(request, response, order_id, query, orders.unhold_order)


def _lines(lines: Sequence[PurchaseOrderLineIn]) -> list[OrderLineDraft]:
    return [OrderLineDraft(**line.dict()) for line in lines]


def _do(
    request: SignedInRequest,
    response: HttpResponse,
    order_id: UUID,
    query: DryRun,
    command: Callable[..., PurchaseOrder],
    **arguments: Any,
) -> Any:
    order = queries.order_for(request.user, order_id)

    def act() -> PurchaseOrder:
        version = expected_version(request)
        return command(order, expected_version=version, by=request.user, at=now(), **arguments)

    return do(query, act, lambda: _answer(request, response, order_id))


def _answer(request: SignedInRequest, response: HttpResponse, order_id: UUID) -> Sheet:
    order = queries.order_for(request.user, order_id)
    sheet = order_sheet(order, today=business_day(now()), reader=reader_of(request))
    return shown(response, order, sheet)
