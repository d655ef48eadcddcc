"""The routes of enquiries (requests for quotation)."""

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
from alawael.purchasing import enquiries, queries
from alawael.purchasing.drafting import Wish
from alawael.purchasing.reading import Sheet, enquiry_sheet
from alawael.purchasing.routes import PAGING, reader_of, shown
from alawael.purchasing.schemas import (
    AwardEnquiryIn,
    EnquiryIn,
    EnquiryLineIn,
    EnquiryOut,
    EnquiryPatch,
    EnquiryQuery,
    EnquiryRow,
    PurchasingReasonIn,
    SupplierAnswerIn,
)
from alawael.stock.previews import DryRun, do
from alawael.stock.schemas import CommandPreview

router = Router()

ENQUIRIES = Listing(
    EnquiryRow,
    sorts={"id": "id", "number": "number", "answer_by": "answer_by", "state": "state"},
    default_sort="-id",
    search=matches,
)
_ANSWERS: Any = {200: EnquiryOut | CommandPreview, **PROBLEMS}


@router.get(
    "/enquiries",
    auth=may("enquiry:read"),
    response={200: Page[EnquiryRow], **PROBLEMS},
    operation_id="list_enquiries",
    summary="Enquiries, latest first",
)
def list_enquiries(
    request: SignedInRequest, query: Query[EnquiryQuery]
) -> dict[str, Any] | HttpResponse:
    names = set(EnquiryQuery.model_fields) - PAGING
    rows = queries.filtered_enquiries(
        queries.enquiries_for(request.user), **query.dict(include=names)
    )
    return ENQUIRIES.page(request, rows, query)


@router.post(
    "/enquiries",
    auth=may("enquiry:create"),
    response={201: EnquiryOut, **PROBLEMS},
    operation_id="draft_enquiry",
    summary="Write down what several suppliers shall quote",
)
def draft_enquiry(
    request: SignedInRequest, response: HttpResponse, payload: EnquiryIn
) -> Status[Sheet]:
    enquiry = enquiries.draft_enquiry(
        _wishes(payload.lines),
        payload.supplier_ids,
        **payload.dict(exclude={"lines", "supplier_ids"}),
        by=request.user,
        at=now(),
    )
    return Status(201, _answer(request, response, enquiry.pk))


@router.get(
    "/enquiries/{enquiry_id}",
    auth=may("enquiry:read"),
    response={200: EnquiryOut, **PROBLEMS},
    operation_id="read_enquiry",
    summary="One enquiry with the quotes side by side",
)
def read_enquiry(request: SignedInRequest, response: HttpResponse, enquiry_id: UUID) -> Sheet:
    return _answer(request, response, enquiry_id)


@router.patch(
    "/enquiries/{enquiry_id}",
    auth=may("enquiry:edit"),
    response={200: EnquiryOut, **PROBLEMS},
    operation_id="edit_enquiry",
    summary="Change a draft",
)
def edit_enquiry(
    request: SignedInRequest, response: HttpResponse, enquiry_id: UUID, payload: EnquiryPatch
) -> Sheet:
    sent = payload.dict(exclude_unset=True)
    has_lines = sent.pop("lines", None) is not None
    supplier_ids = sent.pop("supplier_ids", None)
    enquiries.edit_enquiry(
        queries.enquiry_for(request.user, enquiry_id),
        sent,
        lines=_wishes(payload.lines) if has_lines else None,
        supplier_ids=supplier_ids,
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return _answer(request, response, enquiry_id)


@router.post(
    "/enquiries/{enquiry_id}/send",
    auth=may("enquiry:send"),
    response=_ANSWERS,
    operation_id="send_enquiry",
    summary="Number it; the suppliers have it",
)
def send_enquiry(
    request: SignedInRequest,
    response: HttpResponse,
    enquiry_id: UUID,
    query: Query[DryRun],
) -> Any:
    return _do(request, response, enquiry_id, query, enquiries.send_enquiry)


@router.post(
    "/enquiries/{enquiry_id}/quote",
    auth=may("enquiry:edit"),
    response=_ANSWERS,
    operation_id="record_quote",
    summary="Enter what a supplier answered",
)
def record_quote(
    request: SignedInRequest,
    response: HttpResponse,
    enquiry_id: UUID,
    payload: SupplierAnswerIn,
    query: Query[DryRun],
) -> Any:
    return _do(request, response, enquiry_id, query, enquiries.record_quote, **_quote(payload))


@router.post(
    "/enquiries/{enquiry_id}/award",
    auth=may("purchase_order:create"),
    response=_ANSWERS,
    operation_id="award_enquiry",
    summary="Give lines to suppliers: one draft order each",
)
def award_enquiry(
    request: SignedInRequest,
    response: HttpResponse,
    enquiry_id: UUID,
    payload: AwardEnquiryIn,
    query: Query[DryRun],
) -> Any:
    return _do(request, response, enquiry_id, query, _award, payload=payload)


@router.post(
    "/enquiries/{enquiry_id}/close",
    auth=may("enquiry:close"),
    response=_ANSWERS,
    operation_id="close_enquiry",
    summary="End it, awarded as far as it was",
)
def close_enquiry(
    request: SignedInRequest,
    response: HttpResponse,
    enquiry_id: UUID,
    payload: PurchasingReasonIn,
    query: Query[DryRun],
) -> Any:
    return _do(request, response, enquiry_id, query, enquiries.close_enquiry, reason=payload.reason)


def _wishes(lines: Sequence[EnquiryLineIn]) -> list[Wish]:
    return [Wish(**line.dict()) for line in lines]


def _quote(payload: SupplierAnswerIn) -> dict[str, Any]:
    head = payload.dict(exclude={"prices", "supplier_id"}, exclude_unset=True, exclude_none=True)
    prices = [enquiries.QuotedPrice(**price.dict()) for price in payload.prices]
    return {"supplier_id": payload.supplier_id, "prices": prices, **head}


def _award(enquiry: Any, *, payload: AwardEnquiryIn, **arguments: Any) -> Any:
    """Line by line; without lines, everything that is left to one supplier."""
    awards = [enquiries.Award(**award.dict()) for award in payload.awards]
    if payload.supplier_id is not None and not awards:
        awards = [
            enquiries.Award(line.pk, payload.supplier_id)
            for line in enquiry.lines.all()
            if line.awarded_to_id is None
        ]
    return enquiries.award_enquiry(enquiry, awards, **arguments)


def _do(
    request: SignedInRequest,
    response: HttpResponse,
    enquiry_id: UUID,
    query: DryRun,
    command: Callable[..., Any],
    **arguments: Any,
) -> Any:
    enquiry = queries.enquiry_for(request.user, enquiry_id)

    def act() -> Any:
        version = expected_version(request)
        return command(enquiry, expected_version=version, by=request.user, at=now(), **arguments)

    return do(query, act, lambda: _answer(request, response, enquiry_id))


def _answer(request: SignedInRequest, response: HttpResponse, enquiry_id: UUID) -> Sheet:
    enquiry = queries.enquiry_for(request.user, enquiry_id)
    return shown(response, enquiry, enquiry_sheet(enquiry, reader=reader_of(request)))
