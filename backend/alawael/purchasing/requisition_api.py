"""The routes of purchase requisitions."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Status

from alawael.accounts.permissions import SignedInRequest, may
from alawael.core.clock import now
from alawael.core.http import expected_version
from alawael.core.paging import Listing
from alawael.core.schemas import PROBLEMS, Page
from alawael.core.search_text import matches
from alawael.purchasing import queries, requisitions
from alawael.purchasing.drafting import Wish
from alawael.purchasing.reading import Sheet, requisition_sheet
from alawael.purchasing.routes import PAGING, reader_of, shown
from alawael.purchasing.schemas import (
    OrderRequisitionIn,
    PurchasingReasonIn,
    RequisitionIn,
    RequisitionLineIn,
    RequisitionOut,
    RequisitionPatch,
    RequisitionQuery,
    RequisitionRow,
    RequisitionsIn,
)
from alawael.stock.previews import DryRun, do
from alawael.stock.schemas import CommandPreview

router = Router()

REQUISITIONS = Listing(
    RequisitionRow,
    sorts={"id": "id", "number": "number", "needed_on": "needed_on", "state": "state"},
    default_sort="-id",
    search=matches,
)
_ANSWERS: Any = {200: RequisitionOut | CommandPreview, **PROBLEMS}


@router.get(
    "/requisitions",
    auth=may("requisition:read"),
    response={200: Page[RequisitionRow], **PROBLEMS},
    operation_id="list_requisitions",
    summary="Purchase requisitions, latest first",
)
def list_requisitions(
    request: SignedInRequest, query: Query[RequisitionQuery]
) -> dict[str, Any] | HttpResponse:
    names = set(RequisitionQuery.model_fields) - PAGING
    rows = queries.filtered_requisitions(
        queries.requisitions_for(request.user), **query.dict(include=names)
    )
    return REQUISITIONS.page(request, rows, query)


@router.post(
    "/requisitions",
    auth=may("requisition:create"),
    response={201: RequisitionOut, **PROBLEMS},
    operation_id="draft_requisition",
    summary="Ask for goods",
)
def draft_requisition(
    request: SignedInRequest, response: HttpResponse, payload: RequisitionIn
) -> Status[Sheet]:
    requisition = requisitions.draft_requisition(
        _wishes(payload.lines), **payload.dict(exclude={"lines"}), by=request.user, at=now()
    )
    return Status(201, _answer(request, response, requisition.pk))


@router.post(
    "/requisitions/of-short-goods",
    auth=may("requisition:create"),
    response={201: list[RequisitionOut], **PROBLEMS},
    operation_id="draft_requisitions",
    summary="Ask for goods that run low: one requisition for each warehouse, or none",
)
def draft_requisitions(request: SignedInRequest, payload: RequisitionsIn) -> Status[list[Sheet]]:
    made = requisitions.draft_requisitions(
        [
            (line.warehouse_id, Wish(**line.dict(exclude={"warehouse_id"})))
            for line in payload.lines
        ],
        by=request.user,
        at=now(),
    )
    reader = reader_of(request)
    found = [queries.requisition_for(request.user, one.pk) for one in made]
    return Status(201, [requisition_sheet(one, reader=reader) for one in found])


@router.get(
    "/requisitions/{requisition_id}",
    auth=may("requisition:read"),
    response={200: RequisitionOut, **PROBLEMS},
    operation_id="read_requisition",
    summary="One requisition with its lines and orders",
)
def read_requisition(
    request: SignedInRequest, response: HttpResponse, requisition_id: UUID
) -> Sheet:
    return _answer(request, response, requisition_id)


@router.patch(
    "/requisitions/{requisition_id}",
    auth=may("requisition:edit"),
    response={200: RequisitionOut, **PROBLEMS},
    operation_id="edit_requisition",
    summary="Change a draft",
)
def edit_requisition(
    request: SignedInRequest,
    response: HttpResponse,
    requisition_id: UUID,
    payload: RequisitionPatch,
) -> Sheet:
    sent = payload.dict(exclude_unset=True)
    has_lines = sent.pop("lines", None) is not None
    requisitions.edit_requisition(
        queries.requisition_for(request.user, requisition_id),
        sent,
        lines=_wishes(payload.lines) if has_lines else None,
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return _answer(request, response, requisition_id)


@router.post(
    "/requisitions/{requisition_id}/submit",
    auth=may("requisition:submit"),
    response=_ANSWERS,
    operation_id="submit_requisition",
    summary="Number it and put it before somebody who approves",
)
def submit_requisition(
    request: SignedInRequest,
    response: HttpResponse,
    requisition_id: UUID,
    query: Query[DryRun],
) -> Any:
    return _do(request, response, requisition_id, query, requisitions.submit_requisition)


@router.post(
    "/requisitions/{requisition_id}/approve",
    auth=may("requisition:approve"),
    response=_ANSWERS,
    operation_id="approve_requisition",
    summary="Agree that it may be ordered",
)
def approve_requisition(
    request: SignedInRequest,
    response: HttpResponse,
    requisition_id: UUID,
    query: Query[DryRun],
) -> Any:
    return _do(request, response, requisition_id, query, requisitions.approve_requisition)


@router.post(
    "/requisitions/{requisition_id}/reject",
    auth=may("requisition:approve"),
    response=_ANSWERS,
    operation_id="reject_requisition",
    summary="Send it back to its author",
)
def reject_requisition(
    request: SignedInRequest,
    response: HttpResponse,
    requisition_id: UUID,
    payload: PurchasingReasonIn,
    query: Query[DryRun],
) -> Any:
    return _do(
        request,
        response,
        requisition_id,
        query,
        requisitions.reject_requisition,
        reason=payload.reason,
    )


@router.post(
    "/requisitions/{requisition_id}/close",
    auth=may("requisition:close"),
    response=_ANSWERS,
    operation_id="close_requisition",
    summary="Want the rest no longer",
)
def close_requisition(
    request: SignedInRequest,
    response: HttpResponse,
    requisition_id: UUID,
    payload: PurchasingReasonIn,
    query: Query[DryRun],
) -> Any:
    return _do(
        request,
        response,
        requisition_id,
        query,
        requisitions.close_requisition,
        reason=payload.reason,
    )


@router.post(
    "/requisitions/{requisition_id}/cancel",
    auth=may("requisition:cancel"),
    response=_ANSWERS,
    operation_id="cancel_requisition",
    summary="Call it off while nothing was ordered",
)
def cancel_requisition(
    request: SignedInRequest,
    response: HttpResponse,
    requisition_id: UUID,
    payload: PurchasingReasonIn,
    query: Query[DryRun],
) -> Any:
    return _do(
        request,
        response,
        requisition_id,
        query,
        requisitions.cancel_requisition,
        reason=payload.reason,
    )


@router.post(
    "/requisitions/{requisition_id}/order",
    auth=may("purchase_order:create"),
    response=_ANSWERS,
    operation_id="order_requisition",
    summary="Draft an order with each supplier for what is open",
)
def order_requisition(
    request: SignedInRequest,
    response: HttpResponse,
    requisition_id: UUID,
    payload: OrderRequisitionIn,
    query: Query[DryRun],
) -> Any:
    return _do(
        request,
        response,
        requisition_id,
        query,
        requisitions.order_requisition,
        choices=_choices(payload),
    )


def _wishes(lines: Sequence[RequisitionLineIn]) -> list[Wish]:
    return [Wish(**line.dict()) for line in lines]


def _choices(payload: OrderRequisitionIn) -> list[requisitions.LineChoice] | None:
    if payload.lines is None:
        return None
    return [requisitions.LineChoice(**line.dict()) for line in payload.lines]


def _do(
    request: SignedInRequest,
    response: HttpResponse,
    requisition_id: UUID,
    query: DryRun,
    command: Callable[..., Any],
    **arguments: Any,
) -> Any:
    requisition = queries.requisition_for(request.user, requisition_id)

    def act() -> Any:
        version = expected_version(request)
        return command(
            requisition, expected_version=version, by=request.user, at=now(), **arguments
        )

    return do(query, act, lambda: _answer(request, response, requisition_id))


def _answer(request: SignedInRequest, response: HttpResponse, requisition_id: UUID) -> Sheet:
    requisition = queries.requisition_for(request.user, requisition_id)
    return shown(response, requisition, requisition_sheet(requisition, reader=reader_of(request)))
