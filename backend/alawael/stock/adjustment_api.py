"""The routes of stock adjustments."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Status

from alawael.accounts.permissions import SignedInRequest, may
from alawael.core.clock import business_day, now
from alawael.core.http import expected_version, with_etag
from alawael.core.paging import Listing
from alawael.core.schemas import PROBLEMS, Page
from alawael.core.search_text import matches
from alawael.stock import adjusting, next_commands, queries
from alawael.stock.adjusting import AdjustmentLine
from alawael.stock.models import StockAdjustment
from alawael.stock.previews import preview
from alawael.stock.rights import may_backdate
from alawael.stock.schemas import (
    AdjustmentIn,
    AdjustmentLineIn,
    AdjustmentOut,
    AdjustmentPatch,
    AdjustmentQuery,
    AdjustmentReversal,
    AdjustmentRow,
    CommandPreview,
)

router = Router()

ADJUSTMENTS = Listing(
    AdjustmentRow,
    sorts={"id": "id", "number": "number", "effective_on": "effective_on"},
    default_sort="-id",
    search=matches,
)
#: What a command answers: the document as it is now, or what would become of stock and books.
_ANSWERS: Any = {200: AdjustmentOut | CommandPreview, **PROBLEMS}


@router.get(
    "/stock/adjustments",
    auth=may("stock:read"),
    response={200: Page[AdjustmentRow], **PROBLEMS},
    operation_id="list_stock_adjustments",
    summary="Goods that appeared or vanished, latest first",
)
def list_stock_adjustments(
    request: SignedInRequest, query: Query[AdjustmentQuery]
) -> dict[str, Any] | HttpResponse:
    wanted = query.dict(include={"kind", "state", "warehouse_id"})
    given = {name: value for name, value in wanted.items() if value is not None}
    return ADJUSTMENTS.page(request, adjusting.adjustments().filter(**given), query)


@router.post(
    "/stock/adjustments",
    auth=may("stock:create"),
    response={201: AdjustmentOut, **PROBLEMS},
    operation_id="draft_stock_adjustment",
    summary="Write down what appeared or vanished; nothing moves yet",
)
def draft_stock_adjustment(
    request: SignedInRequest, response: HttpResponse, payload: AdjustmentIn
) -> Status[StockAdjustment]:
    at = now()
    adjustment = adjusting.draft_adjustment(
        payload.kind,
        queries.warehouse(payload.warehouse_id),
        _lines(payload.lines),
        on=payload.effective_on or business_day(at),
        reason=payload.reason,
        notes=payload.notes,
        by=request.user,
        at=at,
    )
    return Status(201, _answer(request, response, adjustment))


@router.get(
    "/stock/adjustments/{adjustment_id}",
    auth=may("stock:read"),
    response={200: AdjustmentOut, **PROBLEMS},
    operation_id="read_stock_adjustment",
    summary="Read an adjustment",
)
def read_stock_adjustment(
    request: SignedInRequest, response: HttpResponse, adjustment_id: UUID
) -> StockAdjustment:
    return _answer(request, response, adjusting.adjustment(adjustment_id))


@router.patch(
    "/stock/adjustments/{adjustment_id}",
    auth=may("stock:edit"),
    response={200: AdjustmentOut, **PROBLEMS},
    operation_id="edit_stock_adjustment",
    summary="Change a draft",
)
def edit_stock_adjustment(
    request: SignedInRequest, response: HttpResponse, adjustment_id: UUID, payload: AdjustmentPatch
) -> StockAdjustment:
    changes = payload.dict(exclude_unset=True, exclude={"lines"})
    has_lines = "lines" in payload.model_fields_set
    adjustment = adjusting.edit_adjustment(
        adjusting.adjustment(adjustment_id),
        changes,
        lines=_lines(payload.lines) if has_lines else None,
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return _answer(request, response, adjustment)


@router.post(
    "/stock/adjustments/{adjustment_id}/discard",
    auth=may("stock:edit"),
    response={200: AdjustmentOut, **PROBLEMS},
    operation_id="discard_stock_adjustment",
    summary="Throw a draft away",
)
def discard_stock_adjustment(
    request: SignedInRequest, response: HttpResponse, adjustment_id: UUID
) -> StockAdjustment:
    adjustment = adjusting.discard_adjustment(
        adjusting.adjustment(adjustment_id),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return _answer(request, response, adjustment)


@router.post(
    "/stock/adjustments/{adjustment_id}/post",
    auth=may("stock:adjust"),
    response=_ANSWERS,
    operation_id="post_stock_adjustment",
    summary="Move the goods and tell the books",
)
def post_stock_adjustment(
    request: SignedInRequest, response: HttpResponse, adjustment_id: UUID, dry_run: bool = False
) -> StockAdjustment | dict[str, Any]:
    adjustment = adjusting.adjustment(adjustment_id)
    return _command(
        request,
        response,
        lambda: adjusting.post_adjustment(
            adjustment,
            expected_version=expected_version(request),
            may_backdate=may_backdate(request),
            by=request.user,
            at=now(),
        ),
        dry_run=dry_run,
    )


@router.post(
    "/stock/adjustments/{adjustment_id}/reverse",
    auth=may("stock:reverse"),
    response=_ANSWERS,
    operation_id="reverse_stock_adjustment",
    summary="Take a posted adjustment back; answers the new document",
)
def reverse_stock_adjustment(
    request: SignedInRequest,
    response: HttpResponse,
    adjustment_id: UUID,
    payload: AdjustmentReversal,
    dry_run: bool = False,
) -> StockAdjustment | dict[str, Any]:
    adjustment, at = adjusting.adjustment(adjustment_id), now()
    return _command(
        request,
        response,
        lambda: adjusting.reverse_adjustment(
            adjustment,
            on=payload.on or business_day(at),
            reason=payload.reason,
            expected_version=expected_version(request),
            may_backdate=may_backdate(request),
            by=request.user,
            at=at,
        ),
        dry_run=dry_run,
    )


def _command(
    request: SignedInRequest,
    response: HttpResponse,
    carry_out: Callable[[], StockAdjustment],
    *,
    dry_run: bool,
) -> StockAdjustment | dict[str, Any]:
    return preview(carry_out) if dry_run else _answer(request, response, carry_out())


def _answer(
    request: SignedInRequest, response: HttpResponse, adjustment: StockAdjustment
) -> StockAdjustment:
    shown: Any = adjustment  # what may be done next is noted on the object
    shown.next_commands = next_commands.of_adjustment(adjustment, request)
    with_etag(response, adjustment)
    return adjustment


def _lines(lines: list[AdjustmentLineIn]) -> list[AdjustmentLine]:
    return [AdjustmentLine(**line.dict()) for line in lines]
