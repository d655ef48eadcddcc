"""The routes of reorder points."""

from dataclasses import replace
from functools import partial
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
from alawael.stock import reorder
from alawael.stock.reorder_schemas import (
    ReorderPointIn,
    ReorderPointPatch,
    ReplenishmentOut,
    ReplenishmentQuery,
)

router = Router()

BOARD = Listing(
    ReplenishmentOut,
    sorts={
        "id": "id",
        "sku": "product__sku_folded",
        "name_en": "product__name_en",
        "name_ar": "product__name_ar",
        "warehouse": "warehouse__code_folded",
    },
    default_sort="sku",
    search=lambda query: matches(query, "product__search_text"),
)


@router.get(
    "/stock/replenishment",
    auth=may("stock:read"),
    response={200: Page[ReplenishmentOut], **PROBLEMS},
    operation_id="list_replenishment",
    summary="Reorder points: what is free, comes in, is requested, and what to order now",
)
def list_replenishment(
    request: SignedInRequest, query: Query[ReplenishmentQuery]
) -> dict[str, Any] | HttpResponse:
    today = business_day(now())
    rows = reorder.reorder_points(
        **query.dict(include={"warehouse_id", "product_id", "supplier_id", "is_active"})
    )
    if query.only_short:
        short = reorder.suggestions(
            on=today, warehouse_id=query.warehouse_id, supplier_id=query.supplier_id
        )
        rows = rows.filter(pk__in=[row.point.pk for row in short])
    board = replace(
        BOARD,
        complete=partial(reorder.with_stand, on=today),
        reckoned={"days_of_cover": partial(reorder.covers, on=today)},
    )
    return board.page(request, rows, query)


@router.post(
    "/reorder-points",
    auth=may("stock:edit"),
    response={201: ReplenishmentOut, **PROBLEMS},
    operation_id="create_reorder_point",
    summary="Watch a product in a warehouse",
)
def create_reorder_point(
    request: SignedInRequest, response: HttpResponse, payload: ReorderPointIn
) -> Status[Any]:
    point = reorder.create_reorder_point(payload.dict(), by=request.user, at=now())
    return Status(201, _answer(response, point.pk))


@router.get(
    "/reorder-points/{point_id}",
    auth=may("stock:read"),
    response={200: ReplenishmentOut, **PROBLEMS},
    operation_id="read_reorder_point",
    summary="One reorder point and how it stands",
)
def read_reorder_point(request: SignedInRequest, response: HttpResponse, point_id: UUID) -> Any:
    return _answer(response, point_id)


@router.patch(
    "/reorder-points/{point_id}",
    auth=may("stock:edit"),
    response={200: ReplenishmentOut, **PROBLEMS},
    operation_id="edit_reorder_point",
    summary="Change when and how much is reordered",
)
def edit_reorder_point(
    request: SignedInRequest, response: HttpResponse, point_id: UUID, payload: ReorderPointPatch
) -> Any:
    reorder.edit_reorder_point(
        reorder.reorder_point(point_id),
        payload.dict(exclude_unset=True),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return _answer(response, point_id)


@router.delete(
    "/reorder-points/{point_id}",
    auth=may("stock:edit"),
    response={204: None, **PROBLEMS},
    operation_id="remove_reorder_point",
    summary="Watch a product no longer",
)
def remove_reorder_point(request: SignedInRequest, point_id: UUID) -> Status[None]:
    reorder.remove_reorder_point(
        reorder.reorder_point(point_id),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    return Status(204, None)


def _answer(response: HttpResponse, point_id: UUID) -> Any:
    point = reorder.reorder_point(point_id)
    reorder.with_stand([point], on=business_day(now()))
    with_etag(response, point)
    return point
