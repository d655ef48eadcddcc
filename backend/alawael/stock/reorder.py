"""When to order again: how little a warehouse may come to, and what that suggests today."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from alawael.catalog import queries as catalog
from alawael.catalog.models import Product, ProductKind
from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.claims import change
from alawael.core.errors import FieldError, Invalid, Refusal, Text
from alawael.core.rows import existing
from alawael.core.unit_of_work import unit_of_work
from alawael.parties import queries as parties
from alawael.stock.models import (
    NOTHING,
    Location,
    LocationType,
    ReorderPoint,
    StockBalance,
    StockMove,
    StockTransferLine,
    TransferState,
    Warehouse,
)

#: A product and a warehouse.
Place = tuple[UUID, UUID]
#: Asked for some products, it answers quantities in stock units by product and warehouse.
Expectation = Callable[[Collection[UUID]], Mapping[Place, Decimal]]

#: Over how many days what goes out is averaged.
LOOKED_BACK = 90
#: The cover of what nobody takes, when points are sorted by it.
FOREVER = 10**9
BATCH = 500

_incoming: list[Expectation] = []
_requested: list[Expectation] = []


class ReorderPointExists(Refusal):
    code = "reorder_point_exists"
    message = Text(
        "{sku} has a reorder point in {warehouse} already. Change that one.",
        "للمنتج {sku} حد إعادة طلب في {warehouse} بالفعل. عدّله بدلًا من ذلك.",
    )


@dataclass(frozen=True)
class Replenishment:
    """How a reorder point stands, in stock units of its product."""

    point: ReorderPoint
    on_hand: Decimal
    reserved: Decimal
    #: What nobody has been promised.
    free: Decimal
    #: Ordered or on its way, not yet here.
    incoming: Decimal
    #: Asked for on open requisitions, not yet ordered.
    requested: Decimal
    #: What to order now; 0 when there is enough.
    suggested: Decimal
    #: What went to customers within the last `LOOKED_BACK` days.
    issued: Decimal
    #: For how many days what is free lasts at that pace; None when nothing goes out.
    days_of_cover: int | None


def register_incoming(expected: Expectation) -> Expectation:
    """Let a domain above tell what it expects to come in: `expected(product_ids)`."""
    _incoming.append(expected)
    return expected


def register_requested(expected: Expectation) -> Expectation:
    """Let a domain above tell what is requested but not yet ordered: `expected(product_ids)`."""
    _requested.append(expected)
    return expected


# Reorder points


@unit_of_work
def create_reorder_point(facts: Mapping[str, Any], *, by: Actor, at: datetime) -> ReorderPoint:
    """Watch a product in a warehouse. Raises Invalid and ReorderPointExists."""
    point = ReorderPoint(**facts)
    product, warehouse = _require_sound(point)
    if ReorderPoint.objects.filter(product=product, warehouse=warehouse).exists():
        raise ReorderPointExists(sku=product.sku, warehouse=warehouse.code)
    point.save(force_insert=True)
    audit.record(point, "reorder_point.created", by=by, at=at, changes=dict(facts))
    return point


@unit_of_work
def edit_reorder_point(
    point: ReorderPoint,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> ReorderPoint:
    """Change what a reorder point asks for. Its product and warehouse stay. Raises Invalid."""
    kept = {name: getattr(point, name) for name in ("product_id", "warehouse_id", *_FIELDS)}
    _require_sound(ReorderPoint(**{**kept, **changes}))
    differences = audit.difference(point, changes)
    change(point, expected_version=expected_version, **changes)
    audit.record(point, "reorder_point.edited", by=by, at=at, changes=differences)
    return point


@unit_of_work
def remove_reorder_point(
    point: ReorderPoint, *, expected_version: int | None = None, by: Actor, at: datetime
) -> None:
    """Watch the product no longer."""
    change(point, expected_version=expected_version)
    audit.record(point, "reorder_point.removed", by=by, at=at)
    ReorderPoint.objects.filter(pk=point.pk).delete()


_FIELDS = ("minimum", "maximum", "multiple", "supplier_id", "lead_time_days", "is_active")


def _require_sound(point: ReorderPoint) -> tuple[Product, Warehouse]:
    """The product and the warehouse; raises Invalid naming everything that is wrong."""
    product = catalog.products_by_id([point.product_id]).get(point.product_id)
    warehouse = Warehouse.objects.filter(pk=point.warehouse_id).first()
    errors = []
    if product is None or product.kind != ProductKind.GOODS:
        message = Text("Choose goods from the catalog.", "اختر بضاعة من دليل المنتجات.")
        errors.append(FieldError("/product_id", "not_goods", message))
    if warehouse is None:
        message = Text("There is no such warehouse.", "لا يوجد مستودع كهذا.")
        errors.append(FieldError("/warehouse_id", "unknown_warehouse", message))
    if point.supplier_id is not None:
        supplier = parties.parties_by_id([point.supplier_id]).get(point.supplier_id)
        if supplier is None or not supplier.is_supplier:
            message = Text("Choose a supplier.", "اختر موردًا.")
            errors.append(FieldError("/supplier_id", "not_a_supplier", message))
    if point.maximum < point.minimum:
        message = Text(
            "The maximum cannot be below the minimum.", "لا يمكن أن يقل الحد الأعلى عن الأدنى."
        )
        errors.append(FieldError("/maximum", "below_minimum", message))
    if errors or product is None or warehouse is None:
        raise Invalid(errors=errors)
    return product, warehouse


# Questions


def reorder_points(
    *,
    warehouse_id: UUID | None = None,
    product_id: UUID | None = None,
    supplier_id: UUID | None = None,
    is_active: bool | None = None,
) -> QuerySet[ReorderPoint]:
    """Reorder points with what they are about; None narrows nothing."""
    wanted = {
        "warehouse_id": warehouse_id,
        "product_id": product_id,
        "supplier_id": supplier_id,
        "is_active": is_active,
    }
    rows = ReorderPoint.objects.select_related("product__unit", "warehouse", "supplier")
    return rows.filter(**{name: value for name, value in wanted.items() if value is not None})


def reorder_point(point_id: UUID) -> ReorderPoint:
    """One reorder point; raises NotFound."""
    return existing(reorder_points().filter(pk=point_id))


def suggestions(
    *, on: date, warehouse_id: UUID | None = None, supplier_id: UUID | None = None
) -> list[Replenishment]:
    """What should be ordered now, the shortest cover first.

    What is free, comes in and is requested already is netted, so that an open requisition is not
    suggested a second time.
    """
    points = reorder_points(warehouse_id=warehouse_id, supplier_id=supplier_id, is_active=True)
    return sorted((row for row in _stands(points, on=on) if row.suggested > 0), key=_urgency)


def covers(points: QuerySet[ReorderPoint], *, on: date) -> dict[UUID, int]:
    """How many days what is free lasts, of each point; what nobody takes lasts longest."""
    return {row.point.pk: _cover(row) for row in _stands(points, on=on)}


def _stands(points: QuerySet[ReorderPoint], *, on: date) -> Iterator[Replenishment]:
    for some in _batches(points.order_by("id").iterator(chunk_size=BATCH)):
        yield from replenishments(some, on=on)


def replenishments(points: Sequence[ReorderPoint], *, on: date) -> list[Replenishment]:
    """How these reorder points stand, in the order given; a fixed number of queries."""
    products = {point.product_id for point in points}
    if not products:
        return []
    warehouse_of = _warehouses_by_location()
    free, on_hand, reserved = _held(products, warehouse_of)
    incoming = _asked(_incoming, products)
    _add(incoming, _in_transit(products))
    requested = _asked(_requested, products)
    issued = _issued(products, warehouse_of, on=on)

    def stands(point: ReorderPoint) -> Replenishment:
        place = (point.product_id, point.warehouse_id)
        return Replenishment(
            point=point,
            on_hand=on_hand[place],
            reserved=reserved[place],
            free=free[place],
            incoming=incoming[place],
            requested=requested[place],
            suggested=suggested(point, free[place] + incoming[place], requested[place]),
            issued=issued[place],
            days_of_cover=days_of_cover(free[place], issued[place]),
        )

    return [stands(point) for point in points]


def with_stand(points: Sequence[Any], *, on: date) -> None:
    """Add to the reorder points of a page how they stand."""
    for point, stand in zip(points, replenishments(points, on=on), strict=True):
        for name in _FIGURES:
            setattr(point, name, getattr(stand, name))


_FIGURES = (
    "on_hand",
    "reserved",
    "free",
    "incoming",
    "requested",
    "suggested",
    "issued",
    "days_of_cover",
)


def suggested(point: ReorderPoint, expected: Decimal, requested: Decimal) -> Decimal:
    """What to order when `expected` will be free and `requested` is asked for already."""
    if not point.is_active or expected + requested >= point.minimum:
        return NOTHING
    missing: Decimal = point.maximum - expected - requested
    step: Decimal = point.multiple or (Decimal(1) if point.product.unit.is_whole else NOTHING)
    if not step:
        return missing
    return (missing / step).to_integral_value(rounding=ROUND_CEILING) * step


def days_of_cover(free: Decimal, issued: Decimal) -> int | None:
    """For how many whole days `free` lasts when `issued` went out in `LOOKED_BACK` days."""
    return int(max(free, NOTHING) * LOOKED_BACK / issued) if issued > 0 else None


def _cover(row: Replenishment) -> int:
    return FOREVER if row.days_of_cover is None else row.days_of_cover


def _urgency(row: Replenishment) -> tuple[int, str, str]:
    return (
        _cover(row),
        row.point.product.sku_folded,
        row.point.warehouse.code_folded,
    )


def _warehouses_by_location() -> dict[UUID, UUID]:
    """Which warehouse each place to sell from belongs to."""
    rows = Location.objects.filter(type=LocationType.INTERNAL, warehouse__isnull=False)
    return {pk: warehouse for pk, warehouse in rows.values_list("pk", "warehouse_id") if warehouse}


def _held(
    products: Collection[UUID], warehouse_of: Mapping[UUID, UUID]
) -> tuple[dict[Place, Decimal], dict[Place, Decimal], dict[Place, Decimal]]:
    free, on_hand, reserved = _nothing(), _nothing(), _nothing()
    rows = (
        StockBalance.objects.filter(product_id__in=list(products))
        .values("product_id", "location_id")
        .annotate(free=Sum("available"), held=Sum("on_hand"), kept=Sum("reserved"))
        .order_by()
    )
    for row in rows:
        if warehouse := warehouse_of.get(row["location_id"]):
            place = (row["product_id"], warehouse)
            free[place] += row["free"]
            on_hand[place] += row["held"]
            reserved[place] += row["kept"]
    return free, on_hand, reserved


def _in_transit(products: Collection[UUID]) -> dict[Place, Decimal]:
    """What transfers will bring."""
    coming = _nothing()
    rows = StockTransferLine.objects.filter(
        product_id__in=list(products),
        in_transit__gt=0,
        transfer__state=TransferState.IN_TRANSIT,
    )
    for product, warehouse, quantity in rows.values_list(
        "product_id", "transfer__destination_id", "in_transit"
    ):
        coming[product, warehouse] += quantity
    return coming


def _issued(
    products: Collection[UUID], warehouse_of: Mapping[UUID, UUID], *, on: date
) -> dict[Place, Decimal]:
    """What went to customers lately."""
    gone = _nothing()
    customers = Location.objects.filter(type=LocationType.CUSTOMER).values_list("pk", flat=True)
    moves = StockMove.objects.filter(
        product_id__in=list(products),
        effective_on__gt=on - timedelta(days=LOOKED_BACK),
        effective_on__lte=on,
        destination_id__in=list(customers),
    )
    sums = moves.values("product_id", "source_id").annotate(sum=Sum("quantity")).order_by()
    for row in sums:
        if warehouse := warehouse_of.get(row["source_id"]):
            gone[row["product_id"], warehouse] += row["sum"]
    return gone


def _asked(sources: Iterable[Expectation], products: Collection[UUID]) -> dict[Place, Decimal]:
    total = _nothing()
    for expected in sources:
        _add(total, expected(products))
    return total


def _add(total: dict[Place, Decimal], more: Mapping[Place, Decimal]) -> None:
    for place, quantity in more.items():
        total[place] += quantity


def _nothing() -> dict[Place, Decimal]:
    return defaultdict(lambda: NOTHING)


def _batches(points: Iterator[ReorderPoint]) -> Iterator[list[ReorderPoint]]:
    some: list[ReorderPoint] = []
    for point in points:
        some.append(point)
        if len(some) == BATCH:
            yield some
            some = []
    yield some
