"""The routes that only read stock: balances, moves, cards, value, lots."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router

from alawael.accounts.permissions import SignedInRequest, may
from alawael.catalog import queries as catalog
from alawael.core.clock import business_day, now
from alawael.core.errors import Text, one_error
from alawael.core.paging import Listing
from alawael.core.schemas import PROBLEMS, Page
from alawael.core.search_text import matches
from alawael.core.sight import COSTS
from alawael.stock import queries, reports
from alawael.stock.reports import Availability, LotTrace, StockCard, Valuation
from alawael.stock.schemas import (
    AvailabilityOut,
    AvailabilityQuery,
    LotOut,
    LotQuery,
    LotTraceOut,
    StockBalanceOut,
    StockBalanceQuery,
    StockCardOut,
    StockCardQuery,
    StockMoveOut,
    StockMoveQuery,
    ValuationOut,
    ValuationQuery,
)

router = Router()

BALANCES = Listing(
    StockBalanceOut,
    sorts={
        "id": "id", "sku": "product__sku_folded", "location": "location__code_folded",
        "expires_on": "lot__expires_on",
    },
    default_sort="id",
    search=lambda words: matches(words, "product__search_text"),
)  # fmt: skip
MOVES = Listing(
    StockMoveOut,
    sorts={"sequence": "sequence", "effective_on": "effective_on"},
    default_sort="-sequence",
    search=lambda words: matches(words, "product__search_text"),
)
LOTS = Listing(
    LotOut,
    sorts={"id": "id", "code": "code_folded", "expires_on": "expires_on"},
    default_sort="-id",
    search=matches,
)
MOST_ASKED = 200


@router.get(
    "/stock/balances",
    auth=may("stock:read"),
    response={200: Page[StockBalanceOut], **PROBLEMS},
    operation_id="list_stock_balances",
    summary="How much stands where",
)
def list_stock_balances(
    request: SignedInRequest, query: Query[StockBalanceQuery]
) -> dict[str, Any] | HttpResponse:
    names = {
        "product_id", "warehouse_id", "location_id", "lot_id", "type", "expiring_before",
        "include_empty",
    }  # fmt: skip
    return BALANCES.page(request, queries.balances_where(**query.dict(include=names)), query)


@router.get(
    "/stock/moves",
    auth=may("stock:read"),
    response={200: Page[StockMoveOut], **PROBLEMS},
    operation_id="list_stock_moves",
    summary="What went from where to where, latest first",
)
def list_stock_moves(
    request: SignedInRequest, query: Query[StockMoveQuery]
) -> dict[str, Any] | HttpResponse:
    names = {
        "product_id", "location_id", "warehouse_id", "lot_id", "document_id", "first_on",
        "last_on",
    }  # fmt: skip
    return MOVES.page(request, queries.moves_where(**query.dict(include=names)), query)


@router.get(
    "/stock/products/{product_id}/card",
    auth=may("stock:read"),
    response={200: StockCardOut, **PROBLEMS},
    operation_id="read_stock_card",
    summary="What happened to a product, with running quantity and value",
)
def read_stock_card(
    request: SignedInRequest, product_id: UUID, query: Query[StockCardQuery]
) -> StockCard:
    asked = [queries.warehouse(query.warehouse_id).pk] if query.warehouse_id else None
    warehouses = request.sight.warehouses if asked is None else asked
    product = catalog.product(product_id)
    return reports.stock_card(product, warehouses=warehouses, after=query.after, limit=query.limit)


@router.get(
    "/stock/valuation",
    auth=may("report:read", whole_company="warehouses", also=[COSTS]),
    response={200: ValuationOut, **PROBLEMS},
    operation_id="read_stock_valuation",
    summary="What stock was worth at the end of a day, beside what the books show",
)
def read_stock_valuation(request: SignedInRequest, query: Query[ValuationQuery]) -> Valuation:
    on = query.on or business_day(now())
    return reports.valuation(on, after=query.after, limit=query.limit)


@router.get(
    "/stock/availability",
    auth=may("stock:read"),
    response={200: list[AvailabilityOut], **PROBLEMS},
    operation_id="read_stock_availability",
    summary="What each warehouse can promise now",
)
def read_stock_availability(
    request: SignedInRequest, query: Query[AvailabilityQuery]
) -> list[Availability]:
    return reports.availability(_ids(query.product_ids), sight=request.sight)


@router.get(
    "/stock/lots",
    auth=may("stock:read"),
    response={200: Page[LotOut], **PROBLEMS},
    operation_id="list_lots",
    summary="Lots and serial numbers",
)
def list_lots(request: SignedInRequest, query: Query[LotQuery]) -> dict[str, Any] | HttpResponse:
    rows = queries.lots(product_id=query.product_id, expiring_before=query.expiring_before)
    return LOTS.page(request, rows, query)


@router.get(
    "/stock/lots/{lot_id}/trace",
    auth=may("stock:read"),
    response={200: LotTraceOut, **PROBLEMS},
    operation_id="trace_lot",
    summary="Where a lot came from, where it stands, where it went",
)
def trace_lot(request: SignedInRequest, lot_id: UUID) -> LotTrace:
    return reports.trace(queries.lot(lot_id), sight=request.sight)


def _ids(text: str) -> list[UUID]:
    try:
        ids = [UUID(part.strip()) for part in text.split(",") if part.strip()]
    except ValueError:
        ids = []
    if not 0 < len(ids) <= MOST_ASKED:
        raise one_error(
            "/product_ids",
            "wrong_ids",
            Text(
                f"Send the ids of 1 to {MOST_ASKED} products, separated by commas.",
                f"أرسل معرّفات 1 إلى {MOST_ASKED} من المنتجات مفصولة بفواصل.",
            ),
        )
    return ids
