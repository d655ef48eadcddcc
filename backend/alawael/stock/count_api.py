"""The routes of counts."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Status

from alawael.accounts.permissions import SignedInRequest, allows, may
from alawael.catalog import queries as catalog
from alawael.core.clock import business_day, now
from alawael.core.http import expected_version, with_etag
from alawael.core.paging import Listing
from alawael.core.schemas import PROBLEMS, Page
from alawael.core.search_text import matches
from alawael.stock import count_queries, counts, next_commands, queries
from alawael.stock.count_schemas import (
    CountApprovalIn,
    CountEntriesIn,
    CountIn,
    CountLineOut,
    CountLineQuery,
    CountLinesIn,
    CountOut,
    CountPostIn,
    CountQuery,
    CountReviewIn,
    CountRow,
    CountScheduleIn,
    CountScheduleQuery,
    CountScheduleRow,
)
from alawael.stock.models import Location, StockCount
from alawael.stock.previews import DryRun, do
from alawael.stock.schemas import CommandPreview

router = Router()

COUNTS = Listing(
    CountRow,
    sorts={"id": "id", "number": "number", "state": "state", "posted_on": "posted_on"},
    default_sort="-id",
    search=matches,
)
COUNT_LINES = Listing(
    CountLineOut,
    sorts={"id": "id", "sku": "product__sku_folded", "variance_value": "variance_value"},
    default_sort="id",
    search=lambda query: matches(query, "product__search_text"),
)
SCHEDULES = Listing(
    CountScheduleRow,
    sorts={"next_count_on": "next_count_on", "code": "code_folded"},
    default_sort="next_count_on",
    search=matches,
)
#: What a command answers: the count as it is now, or what would become of stock and books.
_ANSWERS: Any = {200: CountOut | CommandPreview, **PROBLEMS}


@router.get(
    "/counts",
    auth=may("count:read"),
    response={200: Page[CountRow], **PROBLEMS},
    operation_id="list_counts",
    summary="Stock counts, latest first",
)
def list_counts(
    request: SignedInRequest, query: Query[CountQuery]
) -> dict[str, Any] | HttpResponse:
    names = {"state", "warehouse_id", "location_id", "is_open", "is_scheduled"}
    rows = count_queries.filtered(
        count_queries.counts_for(request.user), **query.dict(include=names)
    )
    shown = partial(count_queries.with_what_may_be_seen, sees=_sees_books(request))
    return replace(COUNTS, complete=shown).page(request, rows, query)


@router.post(
    "/counts",
    auth=may("count:create"),
    response={201: CountOut, **PROBLEMS},
    operation_id="draft_count",
    summary="Plan a count",
)
def draft_count(
    request: SignedInRequest, response: HttpResponse, payload: CountIn
) -> Status[StockCount]:
    category = catalog.category(payload.category_id) if payload.category_id else None
    count = counts.draft_count(
        queries.location(payload.location_id),
        category=category,
        product_ids=payload.product_ids,
        notes=payload.notes,
        by=request.user,
        at=now(),
    )
    return Status(201, _answer(request, response, count.pk))


@router.get(
    "/counts/{count_id}",
    auth=may("count:read"),
    response={200: CountOut, **PROBLEMS},
    operation_id="read_count",
    summary="One count and how far it has come",
)
def read_count(request: SignedInRequest, response: HttpResponse, count_id: UUID) -> StockCount:
    return _answer(request, response, count_id)


@router.get(
    "/counts/{count_id}/lines",
    auth=may("count:read"),
    response={200: Page[CountLineOut], **PROBLEMS},
    operation_id="list_count_lines",
    summary="What is counted; while counting, the books are hidden from who may not approve",
)
def list_count_lines(
    request: SignedInRequest, count_id: UUID, query: Query[CountLineQuery]
) -> dict[str, Any] | HttpResponse:
    count = count_queries.count_for(request.user, count_id)
    is_hidden = count.is_blind and not _sees_books(request)
    wanted = query.dict(include={"is_counted", "differs", "location_id", "product_id"})
    if is_hidden:
        wanted["differs"] = None
        query.sort = None
    rows = count_queries.lines_of(count, **wanted)
    hide = count_queries.hide_books if is_hidden else None
    return replace(COUNT_LINES, complete=hide).page(request, rows, query)


@router.post(
    "/counts/{count_id}/start",
    auth=may("count:enter"),
    response=_ANSWERS,
    operation_id="start_count",
    summary="Begin to count",
)
def start_count(
    request: SignedInRequest, response: HttpResponse, count_id: UUID, query: Query[DryRun]
) -> Any:
    return _command(request, response, count_id, query, counts.start_count)


@router.post(
    "/counts/{count_id}/enter",
    auth=may("count:enter"),
    response={200: CountOut, **PROBLEMS},
    operation_id="enter_counts",
    summary="Enter what was counted, a first or a second time",
)
def enter_counts(
    request: SignedInRequest, response: HttpResponse, count_id: UUID, payload: CountEntriesIn
) -> StockCount:
    counts.enter_counts(
        count_queries.count_for(request.user, count_id),
        [counts.Entry(**entry.dict()) for entry in payload.entries],
        by=request.user,
        at=now(),
    )
    return _answer(request, response, count_id)


@router.post(
    "/counts/{count_id}/review",
    auth=may("count:enter"),
    response=_ANSWERS,
    operation_id="review_count",
    summary="End counting, or compare with the books again",
)
def review_count(
    request: SignedInRequest,
    response: HttpResponse,
    count_id: UUID,
    payload: CountReviewIn,
    query: Query[DryRun],
) -> Any:
    return _command(
        request, response, count_id, query, counts.review_count, uncounted=payload.uncounted
    )


@router.post(
    "/counts/{count_id}/recount",
    auth=may("count:enter"),
    response=_ANSWERS,
    operation_id="recount",
    summary="Have some lines counted a second time",
)
def recount(
    request: SignedInRequest,
    response: HttpResponse,
    count_id: UUID,
    payload: CountLinesIn,
    query: Query[DryRun],
) -> Any:
    return _command(request, response, count_id, query, counts.recount, line_ids=payload.line_ids)


@router.post(
    "/counts/{count_id}/approve",
    auth=may("count:approve"),
    response=_ANSWERS,
    operation_id="approve_count",
    summary="Stand behind differences that somebody else has counted",
)
def approve_count(
    request: SignedInRequest,
    response: HttpResponse,
    count_id: UUID,
    payload: CountApprovalIn,
    query: Query[DryRun],
) -> Any:
    return _command(
        request, response, count_id, query, counts.approve_count, line_ids=payload.line_ids
    )


@router.post(
    "/counts/{count_id}/post",
    auth=may("count:post"),
    response=_ANSWERS,
    operation_id="post_count",
    summary="Put the books right; with dry_run, show what that would do",
)
def post_count(
    request: SignedInRequest,
    response: HttpResponse,
    count_id: UUID,
    payload: CountPostIn,
    query: Query[DryRun],
) -> Any:
    return _command(
        request,
        response,
        count_id,
        query,
        counts.post_count,
        on=payload.on or business_day(now()),
        may_backdate=allows(request.permissions, "stock:backdate"),
    )


@router.post(
    "/counts/{count_id}/cancel",
    auth=may("count:cancel"),
    response=_ANSWERS,
    operation_id="cancel_count",
    summary="Give a count up; nothing is corrected",
)
def cancel_count(
    request: SignedInRequest, response: HttpResponse, count_id: UUID, query: Query[DryRun]
) -> Any:
    return _command(request, response, count_id, query, counts.cancel_count)


@router.get(
    "/count-schedules",
    auth=may("count:read"),
    response={200: Page[CountScheduleRow], **PROBLEMS},
    operation_id="list_count_schedules",
    summary="Places that are counted regularly, the next ones first",
)
def list_count_schedules(
    request: SignedInRequest, query: Query[CountScheduleQuery]
) -> dict[str, Any] | HttpResponse:
    rows = count_queries.scheduled_locations(
        on=business_day(now()), warehouse_id=query.warehouse_id, is_due=query.is_due
    )
    return SCHEDULES.page(request, rows, query)


@router.put(
    "/count-schedules/{location_id}",
    auth=may("count:edit"),
    response={200: CountScheduleRow, **PROBLEMS},
    operation_id="schedule_count",
    summary="Have a place counted every so many days, or no longer",
)
def schedule_count(
    request: SignedInRequest, response: HttpResponse, location_id: UUID, payload: CountScheduleIn
) -> Location:
    counts.schedule_count(
        queries.location(location_id),
        every_days=payload.every_days,
        next_on=payload.next_on,
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    location = queries.location(location_id)
    with_etag(response, location)
    return location


def _command(
    request: SignedInRequest,
    response: HttpResponse,
    count_id: UUID,
    query: DryRun,
    command: Callable[..., StockCount],
    **facts: Any,
) -> Any:
    count = count_queries.count_for(request.user, count_id)

    def run() -> StockCount:
        return command(
            count,
            expected_version=expected_version(request),
            by=request.user,
            at=now(),
            **facts,
        )

    return do(query, run, lambda: _answer(request, response, count_id))


def _answer(request: SignedInRequest, response: HttpResponse, count_id: UUID) -> StockCount:
    found = count_queries.count_for(request.user, count_id)
    count: Any = found  # what may be seen of it is noted on the object
    count_queries.with_what_may_be_seen([count], sees=_sees_books(request))
    limit = queries.stock_settings().count_approval_above
    count.to_approve = count_queries.lines_to_approve(count, limit)
    count.next_commands = next_commands.of_count(found, request, to_approve=count.to_approve)
    with_etag(response, found)
    return found


def _sees_books(request: SignedInRequest) -> bool:
    """Who counts should not know what is expected; who approves has to."""
    return allows(request.permissions, "count:approve")
