"""The routes of transfers."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Status

from alawael.accounts.permissions import SignedInRequest, allows, may, require
from alawael.core.clock import business_day, now
from alawael.core.http import expected_version, with_etag
from alawael.core.paging import Listing
from alawael.core.schemas import PROBLEMS, Page
from alawael.core.search_text import matches
from alawael.stock import next_commands, queries, transfer_queries, transfers
from alawael.stock.models import StockTransfer, Warehouse
from alawael.stock.previews import DryRun, do
from alawael.stock.refusals import NotYourWarehouse
from alawael.stock.schemas import CommandPreview
from alawael.stock.transfer_drafting import TransferLine
from alawael.stock.transfer_schemas import (
    TransferChange,
    TransferIn,
    TransferLineIn,
    TransferLoss,
    TransferMove,
    TransferOut,
    TransferPart,
    TransferQuery,
    TransferReservation,
    TransferRow,
    TransferStep,
)
from alawael.stock.transit import Part

router = Router()

TRANSFERS = Listing(
    TransferRow,
    sorts={
        "id": "id",
        "number": "number",
        "state": "state",
        "expected_on": "expected_on",
        "dispatched_on": "dispatched_on",
    },
    default_sort="-id",
    search=matches,
    complete=transfer_queries.with_progress,
)
#: What a command answers: the transfer as it is now, or what would become of stock and books.
_ANSWERS: Any = {200: TransferOut | CommandPreview, **PROBLEMS}


@router.get(
    "/transfers",
    auth=may("transfer:read"),
    response={200: Page[TransferRow], **PROBLEMS},
    operation_id="list_transfers",
    summary="Stock transfers, latest first",
)
def list_transfers(
    request: SignedInRequest, query: Query[TransferQuery]
) -> dict[str, Any] | HttpResponse:
    names = {"state", "source_id", "destination_id", "warehouse_id", "product_id", "is_open"}
    rows = transfer_queries.filtered(
        transfer_queries.transfers_for(request.user), **query.dict(include=names)
    )
    return TRANSFERS.page(request, rows, query)


@router.post(
    "/transfers",
    auth=may("transfer:create"),
    response={201: TransferOut, **PROBLEMS},
    operation_id="draft_transfer",
    summary="Draft a transfer",
)
def draft_transfer(
    request: SignedInRequest, response: HttpResponse, payload: TransferIn
) -> Status[StockTransfer]:
    source = queries.warehouse(payload.source_id)
    destination = queries.warehouse(payload.destination_id)
    _must_be_at_one_of(request, source, destination)
    transfer = transfers.draft_transfer(
        source,
        destination,
        _lines(payload.lines),
        **payload.dict(exclude={"source_id", "destination_id", "lines"}),
        by=request.user,
        at=now(),
    )
    return Status(201, _answer(request, response, transfer.pk))


@router.get(
    "/transfers/{transfer_id}",
    auth=may("transfer:read"),
    response={200: TransferOut, **PROBLEMS},
    operation_id="read_transfer",
    summary="One transfer with its lines and what is on its way",
)
def read_transfer(
    request: SignedInRequest, response: HttpResponse, transfer_id: UUID
) -> StockTransfer:
    return _answer(request, response, transfer_id)


@router.patch(
    "/transfers/{transfer_id}",
    auth=may("transfer:edit"),
    response={200: TransferOut, **PROBLEMS},
    operation_id="edit_transfer",
    summary="Change a draft",
)
def edit_transfer(
    request: SignedInRequest, response: HttpResponse, transfer_id: UUID, payload: TransferChange
) -> StockTransfer:
    transfers.edit_transfer(
        transfer_queries.transfer_for(request.user, transfer_id),
        payload.dict(exclude={"lines"}, exclude_unset=True),
        lines=None if payload.lines is None else _lines(payload.lines),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return _answer(request, response, transfer_id)


@router.post(
    "/transfers/{transfer_id}/approve",
    auth=may("transfer:approve"),
    response=_ANSWERS,
    operation_id="approve_transfer",
    summary="Let a transfer go ahead",
)
def approve_transfer(
    request: SignedInRequest, response: HttpResponse, transfer_id: UUID, query: Query[DryRun]
) -> Any:
    return _command(request, response, transfer_id, query, transfers.approve_transfer)


@router.post(
    "/transfers/{transfer_id}/reserve",
    auth=may("transfer:move"),
    response=_ANSWERS,
    operation_id="reserve_transfer",
    summary="Set the goods aside at the source",
)
def reserve_transfer(
    request: SignedInRequest,
    response: HttpResponse,
    transfer_id: UUID,
    payload: TransferReservation,
    query: Query[DryRun],
) -> Any:
    return _command(
        request, response, transfer_id, query, transfers.reserve_transfer, partly=payload.partly
    )


@router.post(
    "/transfers/{transfer_id}/dispatch",
    auth=may("transfer:move"),
    response=_ANSWERS,
    operation_id="dispatch_transfer",
    summary="Send what is reserved on its way",
)
def dispatch_transfer(
    request: SignedInRequest,
    response: HttpResponse,
    transfer_id: UUID,
    payload: TransferStep,
    query: Query[DryRun],
) -> Any:
    return _command(
        request,
        response,
        transfer_id,
        query,
        transfers.dispatch_transfer,
        picks=_parts(payload.parts),
        **_day(request, payload),
    )


@router.post(
    "/transfers/{transfer_id}/receive",
    auth=may("transfer:move"),
    response=_ANSWERS,
    operation_id="receive_transfer",
    summary="Take in what has arrived; the rest stays in transit",
)
def receive_transfer(
    request: SignedInRequest,
    response: HttpResponse,
    transfer_id: UUID,
    payload: TransferStep,
    query: Query[DryRun],
) -> Any:
    return _command(
        request,
        response,
        transfer_id,
        query,
        transfers.receive_transfer,
        parts=_parts(payload.parts),
        **_day(request, payload),
    )


@router.post(
    "/transfers/{transfer_id}/return",
    auth=may("transfer:move"),
    response=_ANSWERS,
    operation_id="return_transfer",
    summary="Take goods that are on their way back to the source",
)
def return_transfer(
    request: SignedInRequest,
    response: HttpResponse,
    transfer_id: UUID,
    payload: TransferStep,
    query: Query[DryRun],
) -> Any:
    return _command(
        request,
        response,
        transfer_id,
        query,
        transfers.return_transfer,
        parts=_parts(payload.parts),
        **_day(request, payload),
    )


@router.post(
    "/transfers/{transfer_id}/write-off",
    auth=may("transfer:write_off"),
    response=_ANSWERS,
    operation_id="write_off_transfer",
    summary="Give up what was lost on the way",
)
def write_off_transfer(
    request: SignedInRequest,
    response: HttpResponse,
    transfer_id: UUID,
    payload: TransferLoss,
    query: Query[DryRun],
) -> Any:
    return _command(
        request,
        response,
        transfer_id,
        query,
        transfers.write_off_transfer,
        parts=_parts(payload.parts),
        reason=payload.reason,
        **_day(request, payload),
    )


@router.post(
    "/transfers/{transfer_id}/move",
    auth=may("transfer:move"),
    response=_ANSWERS,
    operation_id="move_transfer",
    summary="Carry goods from bin to bin of one warehouse, in one step",
)
def move_transfer(
    request: SignedInRequest,
    response: HttpResponse,
    transfer_id: UUID,
    payload: TransferMove,
    query: Query[DryRun],
) -> Any:
    if transfer_queries.leaves_quality(transfer_queries.transfer_for(request.user, transfer_id)):
        require(request, "transfer:approve")
    return _command(
        request, response, transfer_id, query, transfers.move_transfer, **_day(request, payload)
    )


@router.post(
    "/transfers/{transfer_id}/cancel",
    auth=may("transfer:cancel"),
    response=_ANSWERS,
    operation_id="cancel_transfer",
    summary="Give up a transfer that has not left",
)
def cancel_transfer(
    request: SignedInRequest, response: HttpResponse, transfer_id: UUID, query: Query[DryRun]
) -> Any:
    return _command(request, response, transfer_id, query, transfers.cancel_transfer)


def _command(
    request: SignedInRequest,
    response: HttpResponse,
    transfer_id: UUID,
    query: DryRun,
    command: Callable[..., StockTransfer],
    **facts: Any,
) -> Any:
    transfer = transfer_queries.transfer_for(request.user, transfer_id)
    end = next_commands.TRANSFER_ENDS.get(command.__name__.removesuffix("_transfer"))
    if end is not None:
        _must_be_at_one_of(request, getattr(transfer, end))

    def run() -> StockTransfer:
        return command(
            transfer,
            expected_version=expected_version(request),
            by=request.user,
            at=now(),
            **facts,
        )

    return do(query, run, lambda: _answer(request, response, transfer_id))


def _must_be_at_one_of(request: SignedInRequest, *warehouses: Warehouse) -> None:
    """Raise NotYourWarehouse where somebody is limited to own warehouses and none of these is."""
    if not any(request.sight.sees_warehouse(one.pk) for one in warehouses):
        raise NotYourWarehouse(warehouse=warehouses[0].code)


def _answer(request: SignedInRequest, response: HttpResponse, transfer_id: UUID) -> StockTransfer:
    transfer = transfer_queries.transfer_for(request.user, transfer_id)
    rules = queries.stock_settings()
    shown: Any = transfer  # what may be done next is noted on the object
    shown.next_commands = next_commands.of_transfer(
        transfer,
        request,
        needs_approval=rules.transfer_needs_approval,
        loss_by_another=rules.write_off_by_another,
    )
    with_etag(response, transfer)
    return transfer


def _day(request: SignedInRequest, payload: TransferStep | TransferMove) -> dict[str, Any]:
    """The day that is meant, and whether the caller may choose one in the frozen past."""
    return {
        "on": payload.on or business_day(now()),
        "may_backdate": allows(request.permissions, "stock:backdate"),
    }


def _lines(lines: Sequence[TransferLineIn]) -> list[TransferLine]:
    return [TransferLine(**line.dict()) for line in lines]


def _parts(parts: Sequence[TransferPart] | None) -> list[Part] | None:
    return None if parts is None else [Part(**part.dict()) for part in parts]
