"""The routes of warehouses, their places, and how products are kept."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Status

from alawael.accounts.permissions import SignedInRequest, may
from alawael.catalog import queries as catalog
from alawael.core.clock import now
from alawael.core.http import expected_version, with_etag
from alawael.core.paging import Listing
from alawael.core.schemas import PROBLEMS, Page
from alawael.core.search_text import matches
from alawael.stock import queries, services
from alawael.stock.models import Location, StockItem, StockSettings, Warehouse
from alawael.stock.schemas import (
    LocationIn,
    LocationOut,
    LocationPatch,
    LocationQuery,
    StockItemOut,
    StockItemPatch,
    StockSettingsOut,
    StockSettingsPatch,
    WarehouseIn,
    WarehouseOut,
    WarehousePatch,
    WarehouseQuery,
)

router = Router()

WAREHOUSES = Listing(
    WarehouseOut,
    sorts={"code": "code_folded", "name_en": "name_en", "name_ar": "name_ar", "id": "id"},
    default_sort="code",
    search=matches,
)
LOCATIONS = Listing(
    LocationOut, sorts={"code": "code_folded", "id": "id"}, default_sort="code", search=matches
)


@router.get(
    "/warehouses",
    auth=may("warehouse:read"),
    response={200: Page[WarehouseOut], **PROBLEMS},
    operation_id="list_warehouses",
    summary="Warehouses",
)
def list_warehouses(
    request: SignedInRequest, query: Query[WarehouseQuery]
) -> dict[str, Any] | HttpResponse:
    return WAREHOUSES.page(request, queries.warehouses(is_active=query.is_active), query)


@router.post(
    "/warehouses",
    auth=may("warehouse:create"),
    response={201: WarehouseOut, **PROBLEMS},
    operation_id="create_warehouse",
    summary="Open a warehouse with its root and its quality area",
)
def create_warehouse(
    request: SignedInRequest, response: HttpResponse, payload: WarehouseIn
) -> Status[Warehouse]:
    warehouse = services.create_warehouse(payload.dict(), by=request.user, at=now())
    with_etag(response, warehouse)
    return Status(201, warehouse)


@router.get(
    "/warehouses/{warehouse_id}",
    auth=may("warehouse:read"),
    response={200: WarehouseOut, **PROBLEMS},
    operation_id="read_warehouse",
    summary="Read a warehouse",
)
def read_warehouse(
    request: SignedInRequest, response: HttpResponse, warehouse_id: UUID
) -> Warehouse:
    warehouse = queries.warehouse(warehouse_id)
    with_etag(response, warehouse)
    return warehouse


@router.patch(
    "/warehouses/{warehouse_id}",
    auth=may("warehouse:edit"),
    response={200: WarehouseOut, **PROBLEMS},
    operation_id="update_warehouse",
    summary="Change a warehouse, or close it",
)
def update_warehouse(
    request: SignedInRequest, response: HttpResponse, warehouse_id: UUID, payload: WarehousePatch
) -> Warehouse:
    warehouse = services.update_warehouse(
        queries.warehouse(warehouse_id),
        payload.dict(exclude_unset=True),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, warehouse)
    return warehouse


@router.get(
    "/locations",
    auth=may("warehouse:read"),
    response={200: Page[LocationOut], **PROBLEMS},
    operation_id="list_locations",
    summary="Places in warehouses, and the places outside",
)
def list_locations(
    request: SignedInRequest, query: Query[LocationQuery]
) -> dict[str, Any] | HttpResponse:
    wanted = query.dict(include={"warehouse_id", "parent_id", "type", "kind", "is_active"})
    return LOCATIONS.page(request, queries.locations(**wanted), query)


@router.post(
    "/locations",
    auth=may("warehouse:create"),
    response={201: LocationOut, **PROBLEMS},
    operation_id="create_location",
    summary="Add a zone or a bin",
)
def create_location(
    request: SignedInRequest, response: HttpResponse, payload: LocationIn
) -> Status[Location]:
    values = payload.dict()
    location = services.create_location(
        queries.location(values.pop("parent_id")), values, by=request.user, at=now()
    )
    with_etag(response, location)
    return Status(201, location)


@router.get(
    "/locations/{location_id}",
    auth=may("warehouse:read"),
    response={200: LocationOut, **PROBLEMS},
    operation_id="read_location",
    summary="Read a place",
)
def read_location(request: SignedInRequest, response: HttpResponse, location_id: UUID) -> Location:
    location = queries.location(location_id)
    with_etag(response, location)
    return location


@router.patch(
    "/locations/{location_id}",
    auth=may("warehouse:edit"),
    response={200: LocationOut, **PROBLEMS},
    operation_id="update_location",
    summary="Change a zone or bin, or take it out of use",
)
def update_location(
    request: SignedInRequest, response: HttpResponse, location_id: UUID, payload: LocationPatch
) -> Location:
    location = services.update_location(
        queries.location(location_id),
        payload.dict(exclude_unset=True),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, location)
    return location


@router.get(
    "/stock/items/{product_id}",
    auth=may("stock:read"),
    response={200: StockItemOut, **PROBLEMS},
    operation_id="read_stock_item",
    summary="How a product is kept",
)
def read_stock_item(
    request: SignedInRequest, response: HttpResponse, product_id: UUID
) -> StockItem:
    item = queries.stock_item(catalog.product(product_id))
    with_etag(response, item)
    return item


@router.patch(
    "/stock/items/{product_id}",
    auth=may("stock:edit"),
    response={200: StockItemOut, **PROBLEMS},
    operation_id="update_stock_item",
    summary="Say how a product is costed, tracked and inspected",
)
def update_stock_item(
    request: SignedInRequest, response: HttpResponse, product_id: UUID, payload: StockItemPatch
) -> StockItem:
    item = services.keep_product(
        catalog.product(product_id),
        payload.dict(exclude_unset=True),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, item)
    return item


@router.get(
    "/stock/settings",
    auth=may("stock:read"),
    response={200: StockSettingsOut, **PROBLEMS},
    operation_id="read_stock_settings",
    summary="How the company keeps its stock",
)
def read_stock_settings(request: SignedInRequest, response: HttpResponse) -> StockSettings:
    settings = queries.stock_settings()
    with_etag(response, settings)
    return settings


@router.patch(
    "/stock/settings",
    auth=may("stock:manage"),
    response={200: StockSettingsOut, **PROBLEMS},
    operation_id="update_stock_settings",
    summary="Freeze stock up to a day, or say what needs a second pair of eyes",
)
def update_stock_settings(
    request: SignedInRequest, response: HttpResponse, payload: StockSettingsPatch
) -> StockSettings:
    settings = services.change_settings(
        payload.dict(exclude_unset=True),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, settings)
    return settings
