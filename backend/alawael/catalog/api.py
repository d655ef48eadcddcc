from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Field, Query, Router, Status

from alawael.accounts.permissions import SignedInRequest, may
from alawael.catalog import queries, services
from alawael.catalog.models import (
    PRICE_CURRENCY,
    Barcode,
    Category,
    PriceList,
    PriceListItem,
    Product,
    ProductKind,
    TaxCategory,
    Unit,
)
from alawael.catalog.schemas import (
    CategoryIn,
    CategoryMove,
    CategoryOut,
    CategoryPatch,
    CategoryTreeOut,
    PriceListIn,
    PriceListItemIn,
    PriceListItemOut,
    PriceListItemPatch,
    PriceListOut,
    PriceListPatch,
    PriceQuoteOut,
    ProductIn,
    ProductOut,
    ProductPatch,
    ScannedOut,
    UnitIn,
    UnitOut,
    UnitPatch,
)
from alawael.core.clock import business_day, now
from alawael.core.http import expected_version, with_etag
from alawael.core.paging import Listing, ListQuery
from alawael.core.schemas import PROBLEMS, Day, In, Page, QuantityText
from alawael.core.search_text import matches

router = Router()

UNITS = Listing(
    UnitOut,
    sorts={"code": "code_folded", "name_en": "name_en", "name_ar": "name_ar", "id": "id"},
    default_sort="code",
    search=matches,
)
CATEGORIES = Listing(
    CategoryOut,
    sorts={"name_en": "name_en", "name_ar": "name_ar", "path": "path", "id": "id"},
    default_sort="path",
    search=matches,
)
PRODUCTS = Listing(
    ProductOut,
    sorts={
        "sku": "sku_folded", "name_en": "name_en", "name_ar": "name_ar", "price": "price",
        "id": "id",
    },
    default_sort="sku",
    search=matches,
)  # fmt: skip
PRICE_LISTS = Listing(
    PriceListOut,
    sorts={"name_en": "name_en", "name_ar": "name_ar", "id": "id"},
    default_sort="-id",
    search=matches,
)
PRICES = Listing(
    PriceListItemOut,
    sorts={"id": "id", "price": "price", "min_quantity": "min_quantity"},
    default_sort="id",
)


class UnitQuery(ListQuery):
    is_active: bool | None = None


class CategoryQuery(ListQuery):
    is_active: bool | None = None
    parent_id: UUID | None = Field(None, description="Only the children of this category.")
    branch_id: UUID | None = Field(None, description="This category and all below it.")


class ProductQuery(ListQuery):
    is_active: bool | None = None
    category_id: UUID | None = Field(None, description="In this category or below it.")
    kind: ProductKind | None = None
    tax_category: TaxCategory | None = None
    unit_id: UUID | None = None


class PriceListQuery(ListQuery):
    is_active: bool | None = None
    currency: str | None = Field(None, max_length=3)
    party_id: UUID | None = None
    valid_on: Day | None = None


class PriceQuery(ListQuery):
    product_id: UUID | None = None


class QuoteQuery(In):
    product_id: UUID
    quantity: QuantityText = Field(Decimal(1), examples=["12"])
    unit_id: UUID | None = Field(None, description="Left out: the product's stock unit.")
    party_id: UUID | None = Field(None, description="The customer who asks.")
    on: Day | None = Field(None, description="Left out: today in Riyadh.")
    currency: str = Field(PRICE_CURRENCY, max_length=3)


@router.get(
    "/units",
    auth=may("unit:read"),
    response={200: Page[UnitOut], **PROBLEMS},
    operation_id="list_units",
    summary="List units of measure",
)
def list_units(request: SignedInRequest, query: Query[UnitQuery]) -> dict[str, Any] | HttpResponse:
    rows = queries.units_of_measure(is_active=query.is_active)
    return UNITS.page(request, rows, query)


@router.post(
    "/units",
    auth=may("unit:create"),
    response={201: UnitOut, **PROBLEMS},
    operation_id="create_unit",
    summary="Create a unit",
)
def create_unit(request: SignedInRequest, response: HttpResponse, payload: UnitIn) -> Status[Unit]:
    unit = services.create_unit(payload.dict(), by=request.user, at=now())
    with_etag(response, unit)
    return Status(201, unit)


@router.get(
    "/units/{unit_id}",
    auth=may("unit:read"),
    response={200: UnitOut, **PROBLEMS},
    operation_id="read_unit",
    summary="Read a unit",
)
def read_unit(request: SignedInRequest, response: HttpResponse, unit_id: UUID) -> Unit:
    unit = queries.unit(unit_id)
    with_etag(response, unit)
    return unit


@router.patch(
    "/units/{unit_id}",
    auth=may("unit:edit"),
    response={200: UnitOut, **PROBLEMS},
    operation_id="change_unit",
    summary="Change a unit",
)
def change_unit(
    request: SignedInRequest, response: HttpResponse, unit_id: UUID, payload: UnitPatch
) -> Unit:
    unit = services.update_unit(
        unit_id,
        payload.dict(exclude_unset=True),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, unit)
    return unit


@router.delete(
    "/units/{unit_id}",
    auth=may("unit:delete"),
    response={204: None, **PROBLEMS},
    operation_id="deactivate_unit",
    summary="Offer a unit no longer",
)
def deactivate_unit(request: SignedInRequest, unit_id: UUID) -> Status[None]:
    services.deactivate_unit(
        unit_id, expected_version=expected_version(request), by=request.user, at=now()
    )
    return Status(204, None)


@router.get(
    "/categories",
    auth=may("category:read"),
    response={200: Page[CategoryOut], **PROBLEMS},
    operation_id="list_categories",
    summary="List categories",
)
def list_categories(
    request: SignedInRequest, query: Query[CategoryQuery]
) -> dict[str, Any] | HttpResponse:
    rows = queries.categories(
        is_active=query.is_active, parent_id=query.parent_id, branch_id=query.branch_id
    )
    return CATEGORIES.page(request, rows, query)


@router.post(
    "/categories",
    auth=may("category:create"),
    response={201: CategoryOut, **PROBLEMS},
    operation_id="create_category",
    summary="Create a category",
)
def create_category(
    request: SignedInRequest, response: HttpResponse, payload: CategoryIn
) -> Status[Category]:
    category = services.create_category(payload.dict(), by=request.user, at=now())
    with_etag(response, category)
    return Status(201, category)


@router.get(
    "/categories/tree",
    auth=may("category:read"),
    response={200: CategoryTreeOut, **PROBLEMS},
    operation_id="read_category_tree",
    summary="Read the whole tree of categories, with their numbers of products",
)
def read_category_tree(request: SignedInRequest, is_active: bool | None = None) -> dict[str, Any]:
    return {"items": queries.category_tree(is_active=is_active)}


@router.get(
    "/categories/{category_id}",
    auth=may("category:read"),
    response={200: CategoryOut, **PROBLEMS},
    operation_id="read_category",
    summary="Read a category",
)
def read_category(request: SignedInRequest, response: HttpResponse, category_id: UUID) -> Category:
    category = queries.category(category_id)
    with_etag(response, category)
    return category


@router.patch(
    "/categories/{category_id}",
    auth=may("category:edit"),
    response={200: CategoryOut, **PROBLEMS},
    operation_id="change_category",
    summary="Change a category",
)
def change_category(
    request: SignedInRequest, response: HttpResponse, category_id: UUID, payload: CategoryPatch
) -> Category:
    category = services.update_category(
        category_id,
        payload.dict(exclude_unset=True),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, category)
    return category


@router.delete(
    "/categories/{category_id}",
    auth=may("category:delete"),
    response={204: None, **PROBLEMS},
    operation_id="deactivate_category",
    summary="Close a category",
)
def deactivate_category(request: SignedInRequest, category_id: UUID) -> Status[None]:
    services.deactivate_category(
        category_id, expected_version=expected_version(request), by=request.user, at=now()
    )
    return Status(204, None)


@router.post(
    "/categories/{category_id}/move",
    auth=may("category:edit"),
    response={200: CategoryOut, **PROBLEMS},
    operation_id="move_category",
    summary="Move a category with everything below it",
)
def move_category(
    request: SignedInRequest, response: HttpResponse, category_id: UUID, payload: CategoryMove
) -> Category:
    category = services.move_category(
        category_id,
        parent_id=payload.parent_id,
        position=payload.position,
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, category)
    return category


@router.get(
    "/products",
    auth=may("product:read"),
    response={200: Page[ProductOut], **PROBLEMS},
    operation_id="list_products",
    summary="List products",
)
def list_products(
    request: SignedInRequest, query: Query[ProductQuery]
) -> dict[str, Any] | HttpResponse:
    rows = queries.products(
        is_active=query.is_active,
        category_id=query.category_id,
        kind=query.kind,
        tax_category=query.tax_category,
        unit_id=query.unit_id,
    )
    return PRODUCTS.page(request, rows, query)


@router.post(
    "/products",
    auth=may("product:create"),
    response={201: ProductOut, **PROBLEMS},
    operation_id="create_product",
    summary="Create a product",
)
def create_product(
    request: SignedInRequest, response: HttpResponse, payload: ProductIn
) -> Status[Product]:
    product = services.create_product(payload.dict(), by=request.user, at=now())
    with_etag(response, product)
    return Status(201, product)


@router.get(
    "/products/by-barcode/{path:code}",
    auth=may("product:read"),
    response={200: ScannedOut, **PROBLEMS},
    operation_id="read_product_by_barcode",
    summary="Find what a scanner read",
)
def read_product_by_barcode(request: SignedInRequest, code: str) -> Barcode:
    return queries.barcode(code)


@router.get(
    "/products/{product_id}",
    auth=may("product:read"),
    response={200: ProductOut, **PROBLEMS},
    operation_id="read_product",
    summary="Read a product",
)
def read_product(request: SignedInRequest, response: HttpResponse, product_id: UUID) -> Product:
    product = queries.product(product_id)
    with_etag(response, product)
    return product


@router.patch(
    "/products/{product_id}",
    auth=may("product:edit"),
    response={200: ProductOut, **PROBLEMS},
    operation_id="change_product",
    summary="Change a product",
)
def change_product(
    request: SignedInRequest, response: HttpResponse, product_id: UUID, payload: ProductPatch
) -> Product:
    product = services.update_product(
        product_id,
        payload.dict(exclude_unset=True),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, product)
    return product


@router.delete(
    "/products/{product_id}",
    auth=may("product:delete"),
    response={204: None, **PROBLEMS},
    operation_id="deactivate_product",
    summary="Take a product out of trade",
)
def deactivate_product(request: SignedInRequest, product_id: UUID) -> Status[None]:
    services.deactivate_product(
        product_id, expected_version=expected_version(request), by=request.user, at=now()
    )
    return Status(204, None)


@router.get(
    "/price-lists",
    auth=may("price_list:read"),
    response={200: Page[PriceListOut], **PROBLEMS},
    operation_id="list_price_lists",
    summary="List price lists",
)
def list_price_lists(
    request: SignedInRequest, query: Query[PriceListQuery]
) -> dict[str, Any] | HttpResponse:
    rows = queries.price_lists(
        is_active=query.is_active,
        currency=query.currency,
        party_id=query.party_id,
        valid_on=query.valid_on,
    )
    return PRICE_LISTS.page(request, rows, query)


@router.post(
    "/price-lists",
    auth=may("price_list:create"),
    response={201: PriceListOut, **PROBLEMS},
    operation_id="create_price_list",
    summary="Create a price list",
)
def create_price_list(
    request: SignedInRequest, response: HttpResponse, payload: PriceListIn
) -> Status[PriceList]:
    price_list = services.create_price_list(payload.dict(), by=request.user, at=now())
    with_etag(response, price_list)
    return Status(201, price_list)


@router.get(
    "/price-lists/{price_list_id}",
    auth=may("price_list:read"),
    response={200: PriceListOut, **PROBLEMS},
    operation_id="read_price_list",
    summary="Read a price list",
)
def read_price_list(
    request: SignedInRequest, response: HttpResponse, price_list_id: UUID
) -> PriceList:
    price_list = queries.price_list(price_list_id)
    with_etag(response, price_list)
    return price_list


@router.patch(
    "/price-lists/{price_list_id}",
    auth=may("price_list:edit"),
    response={200: PriceListOut, **PROBLEMS},
    operation_id="change_price_list",
    summary="Change a price list",
)
def change_price_list(
    request: SignedInRequest, response: HttpResponse, price_list_id: UUID, payload: PriceListPatch
) -> PriceList:
    price_list = services.update_price_list(
        price_list_id,
        payload.dict(exclude_unset=True),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, price_list)
    return price_list


@router.delete(
    "/price-lists/{price_list_id}",
    auth=may("price_list:delete"),
    response={204: None, **PROBLEMS},
    operation_id="deactivate_price_list",
    summary="Take a price list out of use",
)
def deactivate_price_list(request: SignedInRequest, price_list_id: UUID) -> Status[None]:
    services.deactivate_price_list(
        price_list_id, expected_version=expected_version(request), by=request.user, at=now()
    )
    return Status(204, None)


@router.get(
    "/price-lists/{price_list_id}/items",
    auth=may("price_list:read"),
    response={200: Page[PriceListItemOut], **PROBLEMS},
    operation_id="list_prices",
    summary="List the prices of a price list",
)
def list_prices(
    request: SignedInRequest, price_list_id: UUID, query: Query[PriceQuery]
) -> dict[str, Any] | HttpResponse:
    rates = queries.price_list(price_list_id)
    rows = queries.price_list_items(price_list_id=rates.pk, product_id=query.product_id)
    return PRICES.page(request, rows, query)


@router.post(
    "/price-lists/{price_list_id}/items",
    auth=may("price_list:edit"),
    response={201: PriceListItemOut, **PROBLEMS},
    operation_id="add_price",
    summary="Put a price on a price list",
)
def add_price(
    request: SignedInRequest,
    response: HttpResponse,
    price_list_id: UUID,
    payload: PriceListItemIn,
) -> Status[PriceListItem]:
    item = services.add_price(price_list_id, payload.dict(), by=request.user, at=now())
    with_etag(response, item)
    return Status(201, item)


@router.patch(
    "/price-list-items/{item_id}",
    auth=may("price_list:edit"),
    response={200: PriceListItemOut, **PROBLEMS},
    operation_id="change_price",
    summary="Change a price on a price list",
)
def change_price(
    request: SignedInRequest, response: HttpResponse, item_id: UUID, payload: PriceListItemPatch
) -> PriceListItem:
    item = services.update_price(
        item_id,
        payload.dict(exclude_unset=True),
        expected_version=expected_version(request),
        by=request.user,
        at=now(),
    )
    with_etag(response, item)
    return item


@router.delete(
    "/price-list-items/{item_id}",
    auth=may("price_list:edit"),
    response={204: None, **PROBLEMS},
    operation_id="remove_price",
    summary="Strike a price off its price list",
)
def remove_price(request: SignedInRequest, item_id: UUID) -> Status[None]:
    services.remove_price(
        item_id, expected_version=expected_version(request), by=request.user, at=now()
    )
    return Status(204, None)


@router.get(
    "/prices/quote",
    auth=may("price_list:read"),
    response={200: PriceQuoteOut, **PROBLEMS},
    operation_id="quote_price",
    summary="Ask what a product costs this customer, and why",
)
def quote_price(request: SignedInRequest, query: Query[QuoteQuery]) -> queries.PriceQuote:
    product = queries.product(query.product_id)
    return queries.price_of(
        product,
        query.quantity,
        queries.unit(query.unit_id) if query.unit_id else product.unit,
        on=query.on or business_day(now()),
        party_id=query.party_id,
        currency=query.currency.upper(),
    )
