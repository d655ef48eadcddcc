"""The routes of returns to suppliers."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Status

from alawael.accounts.permissions import SignedInRequest, allows, may
from alawael.core.clock import business_day, now
from alawael.core.http import expected_version, with_etag
from alawael.core.paging import Listing
from alawael.core.schemas import PROBLEMS, Page
from alawael.core.search_text import matches
from alawael.core.sight import COSTS
from alawael.invoicing import queries as invoicing
from alawael.invoicing.bill_schemas import BillOut
from alawael.invoicing.models import Bill
from alawael.purchasing import queries, returns
from alawael.purchasing.reading import Sheet, return_sheet
from alawael.purchasing.routes import PAGING, reader_of, shown
from alawael.purchasing.schemas import (
    SupplierNoteIn,
    SupplierReturnIn,
    SupplierReturnLineIn,
    SupplierReturnOut,
    SupplierReturnPatch,
    SupplierReturnQuery,
    SupplierReturnRow,
)
from alawael.stock.previews import DryRun, do, preview
from alawael.stock.schemas import CommandPreview

router = Router()

RETURNS = Listing(
    SupplierReturnRow,
    sorts={"id": "id", "number": "number", "returned_on": "returned_on", "value": "value"},
    default_sort="-returned_on",
    search=matches,
)
_ANSWERS: Any = {200: SupplierReturnOut | CommandPreview, **PROBLEMS}


@router.get(
    "/supplier-returns",
    auth=may("supplier_return:read"),
    response={200: Page[SupplierReturnRow], **PROBLEMS},
    operation_id="list_supplier_returns",
    summary="Returns to suppliers, latest first",
)
def list_supplier_returns(
    request: SignedInRequest, query: Query[SupplierReturnQuery]
) -> dict[str, Any] | HttpResponse:
    names = set(SupplierReturnQuery.model_fields) - PAGING
    rows = queries.filtered_supplier_returns(
        queries.supplier_returns_for(request.user), **query.dict(include=names)
    )
    return RETURNS.page(request, rows, query)


@router.post(
    "/supplier-returns",
    auth=may("supplier_return:create"),
    response={201: SupplierReturnOut, **PROBLEMS},
    operation_id="draft_supplier_return",
    summary="Write down what shall go back",
)
def draft_supplier_return(
    request: SignedInRequest, response: HttpResponse, payload: SupplierReturnIn
) -> Status[Sheet]:
    sent_back = returns.draft_return(
        queries.receipt_for(request.user, payload.receipt_id),
        None if payload.lines is None else _lines(payload.lines),
        **payload.dict(exclude={"receipt_id", "lines"}),
        by=request.user,
        at=now(),
    )
    return Status(201, _answer(request, response, sent_back.pk))


@router.get(
    "/supplier-returns/{return_id}",
    auth=may("supplier_return:read"),
    response={200: SupplierReturnOut, **PROBLEMS},
    operation_id="read_supplier_return",
    summary="One return with its lines and notes",
)
def read_supplier_return(
    request: SignedInRequest, response: HttpResponse, return_id: UUID
) -> Sheet:
    return _answer(request, response, return_id)


@router.patch(
    "/supplier-returns/{return_id}",
    auth=may("supplier_return:edit"),
    response={200: SupplierReturnOut, **PROBLEMS},
    operation_id="edit_supplier_return",
    summary="Change a draft",
)
def edit_supplier_return(
    request: SignedInRequest, response: HttpResponse, return_id: UUID, payload: SupplierReturnPatch
) -> Sheet:
    sent = payload.dict(exclude_unset=True)
    has_lines = sent.pop("lines", None) is not None
    returns.edit_return(
        queries.supplier_return_for(request.user, return_id),
        sent,
        lines=_lines(payload.lines) if has_lines else None,
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return _answer(request, response, return_id)


@router.post(
    "/supplier-returns/{return_id}/post",
    auth=may("supplier_return:post"),
    response=_ANSWERS,
    operation_id="post_supplier_return",
    summary="Send the goods back",
)
def post_supplier_return(
    request: SignedInRequest,
    response: HttpResponse,
    return_id: UUID,
    query: Query[DryRun],
) -> Any:
    return _do(
        request,
        response,
        return_id,
        query,
        returns.post_return,
        may_backdate=allows(request.permissions, "stock:backdate"),
    )


@router.post(
    "/supplier-returns/{return_id}/cancel",
    auth=may("supplier_return:edit"),
    response=_ANSWERS,
    operation_id="cancel_supplier_return",
    summary="Throw a draft away",
)
def cancel_supplier_return(
    request: SignedInRequest,
    response: HttpResponse,
    return_id: UUID,
    query: Query[DryRun],
) -> Any:
    return _do(request, response, return_id, query, returns.cancel_return)


@router.post(
    "/supplier-returns/{return_id}/debit",
    auth=may("bill:create", also=[COSTS]),
    response={201: BillOut, 200: CommandPreview, **PROBLEMS},
    operation_id="draft_note_of_return",
    summary="Draft the debit note for what was billed and went back",
)
def draft_note_of_return(
    request: SignedInRequest,
    response: HttpResponse,
    return_id: UUID,
    payload: SupplierNoteIn,
    query: Query[DryRun],
) -> Any:
    sent_back = queries.supplier_return_for(request.user, return_id)

    def draft() -> Bill:
        return returns.draft_note(
            sent_back,
            supplier_number=payload.supplier_number,
            issued_on=payload.issued_on or business_day(now()),
            by=request.user,
            at=now(),
        )

    if query.dry_run:
        return Status(200, preview(draft))
    note = invoicing.bill_for(request.user, draft().pk)
    with_etag(response, note)
    return Status(201, note)


def _lines(lines: Sequence[SupplierReturnLineIn]) -> list[returns.ReturnLineDraft]:
    return [returns.ReturnLineDraft(**line.dict()) for line in lines]


def _do(
    request: SignedInRequest,
    response: HttpResponse,
    return_id: UUID,
    query: DryRun,
    command: Callable[..., Any],
    **arguments: Any,
) -> Any:
    sent_back = queries.supplier_return_for(request.user, return_id)

    def act() -> Any:
        version = expected_version(request)
        return command(sent_back, expected_version=version, by=request.user, at=now(), **arguments)

    return do(query, act, lambda: _answer(request, response, return_id))


def _answer(request: SignedInRequest, response: HttpResponse, return_id: UUID) -> Sheet:
    sent_back = queries.supplier_return_for(request.user, return_id)
    return shown(response, sent_back, return_sheet(sent_back, reader=reader_of(request)))
