from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet, Sum

from alawael.catalog.models import Product
from alawael.core.rows import existing
from alawael.core.sight import Sees, seen_by
from alawael.stock.models import (
    NOTHING,
    CostState,
    Location,
    LocationKind,
    LocationType,
    Lot,
    Reservation,
    ReservationState,
    StockBalance,
    StockItem,
    StockMove,
    StockSettings,
    ValueAdjustment,
    Warehouse,
)

#: How many keys one query looks for at most.
CHUNK = 500


def warehouses(*, is_active: bool | None = None) -> QuerySet[Warehouse]:
    found = Warehouse.objects.all()
    return found if is_active is None else found.filter(is_active=is_active)


def warehouse(warehouse_id: UUID) -> Warehouse:
    """Raises NotFound."""
    return existing(Warehouse.objects.filter(pk=warehouse_id))


def locations(
    *,
    warehouse_id: UUID | None = None,
    parent_id: UUID | None = None,
    type: str | None = None,
    kind: str | None = None,
    is_active: bool | None = None,
) -> QuerySet[Location]:
    """Locations with their warehouse."""
    wanted = {
        "warehouse_id": warehouse_id, "parent_id": parent_id, "type": type, "kind": kind,
        "is_active": is_active,
    }  # fmt: skip
    return Location.objects.filter(**_given(wanted)).select_related("warehouse")


def location(location_id: UUID) -> Location:
    """Raises NotFound."""
    return existing(locations().filter(pk=location_id))


def root_of(warehouse: Warehouse) -> Location:
    """The location that the warehouse itself is: goods stand there when no bin is named."""
    return existing(locations(warehouse_id=warehouse.pk, kind=LocationKind.ROOT))


def quality_of(warehouse: Warehouse) -> Location:
    """Where goods of the warehouse wait for a decision."""
    return existing(
        locations(warehouse_id=warehouse.pk, type=LocationType.QUALITY).order_by("code")
    )


def virtual(type: LocationType) -> Location:
    """The one location of no warehouse of a type: supplier, customer, adjustment, in transit."""
    return existing(Location.objects.filter(kind=LocationKind.VIRTUAL, type=type))


def outside() -> list[UUID]:
    """The locations where nothing is held: goods come from there and go there."""
    types = (LocationType.SUPPLIER, LocationType.CUSTOMER, LocationType.ADJUSTMENT)
    rows = Location.objects.filter(kind=LocationKind.VIRTUAL, type__in=types)
    return list(rows.values_list("pk", flat=True))


def stock_settings() -> StockSettings:
    """How the company keeps its stock; unsaved until somebody changes it."""
    return StockSettings.objects.filter(key="main").first() or StockSettings()


def stock_item(product: Product) -> StockItem:
    """How a product is kept; an unsaved default when nobody said."""
    return stock_items([product.pk])[product.pk]


def stock_items(product_ids: Iterable[UUID]) -> dict[UUID, StockItem]:
    """How each product is kept, for every id that was asked for."""
    ids = set(product_ids)
    found = {
        item.product_id: item
        for some in _in_chunks(ids)
        for item in StockItem.objects.filter(product_id__in=some)
    }
    return {pk: found.get(pk) or StockItem(product_id=pk) for pk in ids}


def costing_methods() -> dict[UUID, str]:
    """How products are costed, for those that somebody said anything about."""
    return dict(StockItem.objects.values_list("product_id", "costing"))


def free(
    product_ids: Iterable[UUID], warehouse: Warehouse | None = None, *, sight: Sees | None = None
) -> dict[UUID, Decimal]:
    """What can still be promised of each product: on hand in sellable places, not set aside.

    With `sight` only in the warehouses that somebody sees.
    """
    ids = set(product_ids)
    found = dict.fromkeys(ids, NOTHING)
    for some in _in_chunks(ids):
        rows = StockBalance.objects.filter(
            product_id__in=some, location__type=LocationType.INTERNAL
        )
        rows = seen_by(sight, rows)
        if warehouse is not None:
            rows = rows.filter(location__warehouse=warehouse)
        sums = rows.values_list("product_id").annotate(sum=Sum("available")).order_by()
        found.update({pk: sum or NOTHING for pk, sum in sums})
    return found


def on_hand(product_ids: Iterable[UUID]) -> dict[UUID, Decimal]:
    """What is held of each product, anywhere."""
    ids = set(product_ids)
    found = dict.fromkeys(ids, NOTHING)
    for some in _in_chunks(ids):
        rows = StockBalance.objects.filter(product_id__in=some)
        sums = rows.values_list("product_id").annotate(sum=Sum("on_hand")).order_by()
        found.update({pk: sum or NOTHING for pk, sum in sums})
    return found


def cost_of(product_ids: Iterable[UUID]) -> dict[UUID, CostState]:
    """What each product is worth; an unsaved, empty state when it was never held."""
    ids = set(product_ids)
    found = {
        state.product_id: state
        for some in _in_chunks(ids)
        for state in CostState.objects.filter(product_id__in=some)
    }
    return {pk: found.get(pk) or CostState(product_id=pk) for pk in ids}


def balances() -> QuerySet[StockBalance]:
    """Balances with product, location, warehouse and lot."""
    return StockBalance.objects.select_related("product", "location__warehouse", "lot")


def balances_where(
    *,
    expiring_before: date | None = None,
    include_empty: bool = False,
    warehouse_id: UUID | None = None,
    type: str | None = None,
    **wanted: Any,
) -> QuerySet[StockBalance]:
    """Balances of a product, place or lot; empty ones only when they are asked for."""
    paths = {"location__warehouse_id": warehouse_id, "location__type": type, **wanted}
    found = balances().filter(**_given(paths))
    if expiring_before is not None:
        found = found.filter(lot__expires_on__lt=expiring_before)
    return found if include_empty else found.exclude(on_hand=NOTHING)


def moves_where(
    *,
    location_id: UUID | None = None,
    warehouse_id: UUID | None = None,
    first_on: date | None = None,
    last_on: date | None = None,
    **wanted: Any,
) -> QuerySet[StockMove]:
    """Moves of a product, lot or document; from or to a place; within days."""
    span = {"effective_on__gte": first_on, "effective_on__lte": last_on}
    found = moves().filter(**_given({**wanted, **span}))
    if location_id is not None:
        found = found.filter(Q(source_id=location_id) | Q(destination_id=location_id))
    if warehouse_id is not None:
        inside = list(locations(warehouse_id=warehouse_id).values_list("pk", flat=True))
        found = found.filter(Q(source_id__in=inside) | Q(destination_id__in=inside))
    return found


def moves() -> QuerySet[StockMove]:
    """Moves with product, places and lot."""
    return StockMove.objects.select_related("product", "source", "destination", "lot")


def moves_of(document: Model) -> list[StockMove]:
    """What a document moved, in the order of posting."""
    rows = moves().filter(document_type=document._meta.label_lower, document_id=document.pk)
    return list(rows.order_by("sequence"))


def adjustments_of(document: Model) -> list[ValueAdjustment]:
    """The values that a document changed without moving anything."""
    rows = ValueAdjustment.objects.filter(
        document_type=document._meta.label_lower, document_id=document.pk
    )
    return list(rows.order_by("sequence"))


def lots(*, product_id: UUID | None = None, expiring_before: date | None = None) -> QuerySet[Lot]:
    wanted = {"product_id": product_id, "expires_on__lt": expiring_before}
    return Lot.objects.filter(**_given(wanted)).select_related("product")


def lot(lot_id: UUID) -> Lot:
    """Raises NotFound."""
    return existing(lots().filter(pk=lot_id))


def lot_by_code(product: Product, code: str) -> Lot | None:
    return lots(product_id=product.pk).filter(code_folded=code.strip().casefold()).first()


def reservations(**wanted: object) -> QuerySet[Reservation]:
    """What is set aside now, with its place and lot."""
    rows = Reservation.objects.filter(state=ReservationState.ACTIVE, **wanted)
    return rows.select_related("location", "lot")


def _given(wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if value is not None}


def _in_chunks(keys: Collection[UUID]) -> Iterable[list[UUID]]:
    ordered = sorted(keys)
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))
