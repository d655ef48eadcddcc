"""Builders for stock: a warehouse, bins, goods on hand, and documents that move them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from alawael.catalog.models import Product
from alawael.core.actors import SYSTEM
from alawael.core.clock import business_day
from alawael.core.errors import Text
from alawael.core.unit_of_work import unit_of_work
from alawael.stock import queries
from alawael.stock.adjusting import AdjustmentLine, draft_adjustment, post_adjustment
from alawael.stock.costing import revalue
from alawael.stock.lots import find_or_make_lot
from alawael.stock.models import (
    CostState,
    Location,
    LocationKind,
    LocationType,
    Lot,
    Reservation,
    StockAdjustment,
    StockAdjustmentKind,
    StockBalance,
    StockItem,
    StockMove,
    Warehouse,
)
from alawael.stock.moving import Movement, move
from alawael.stock.places import a_location, folded, open_stock
from alawael.stock.reserving import Want, reserve
from testing.cast import NOON

TODAY = business_day(NOON)


@unit_of_work
def a_warehouse(code: str = "RUH", **values: Any) -> Warehouse:
    """An active warehouse with its root and quality area; the one with this code if it is there.

    The places outside and the number series are made along the way.
    """
    open_stock()
    found = Warehouse.objects.filter(code_folded=folded(code)).first()
    if found is not None:
        return found
    named = {"name_en": f"Warehouse {code}", "name_ar": f"مستودع {code}", **values}
    warehouse = Warehouse(code=code, code_folded=folded(code), search_text=code.lower(), **named)
    warehouse.save(force_insert=True)
    name = Text(warehouse.name_en, warehouse.name_ar)
    root = a_location(
        kind=LocationKind.ROOT, type=LocationType.INTERNAL, code=code, name=name,
        warehouse=warehouse,
    )  # fmt: skip
    root.save(force_insert=True)
    a_location(
        kind=LocationKind.ZONE, type=LocationType.QUALITY, code=f"{code}-QC", name=name,
        warehouse=warehouse, parent=root,
    ).save(force_insert=True)  # fmt: skip
    return warehouse


@unit_of_work
def a_bin(code: str = "RUH-A-01", *, warehouse: Warehouse | None = None) -> Location:
    """A bin directly below the root of a warehouse."""
    house = warehouse or a_warehouse()
    made = a_location(
        kind=LocationKind.BIN, type=LocationType.INTERNAL, code=code, name=Text(code, code),
        warehouse=house, parent=queries.root_of(house),
    )  # fmt: skip
    made.save(force_insert=True)
    return made


@unit_of_work
def kept(product: Product, **values: Any) -> StockItem:
    """Say how a product is kept: `kept(milk, tracking="lot", has_expiry=True)`."""
    item = StockItem(product=product, **values)
    item.save(force_insert=True)
    return item


def a_lot(product: Product, code: str = "LOT-1", *, expires_on: date | None = None) -> Lot:
    return find_or_make_lot(product, code, expires_on=expires_on, at=NOON)


@unit_of_work
def goods_on_hand(
    product: Product,
    quantity: str = "10",
    *,
    cost: str = "5",
    at: Location | Warehouse | None = None,
    lot: Lot | None = None,
    on: date = TODAY,
) -> StockMove:
    """Goods received from a supplier at so many riyals each, in the root of RUH unless told.

    Nothing is posted to the ledger: proofs about the books need real documents.
    """
    place = at if isinstance(at, Location) else queries.root_of(at or a_warehouse())
    return moved(
        product, quantity, queries.virtual(LocationType.SUPPLIER), place,
        value=Decimal(quantity) * Decimal(cost), lot=lot, on=on,
    )  # fmt: skip


@unit_of_work
def goods_gone(
    product: Product, quantity: str = "1", *, frm: Location | None = None, **values: Any
) -> StockMove:
    """Goods that left to a customer."""
    place = frm or queries.root_of(a_warehouse())
    return moved(product, quantity, place, queries.virtual(LocationType.CUSTOMER), **values)


@unit_of_work
def moved(
    product: Product,
    quantity: str,
    source: Location,
    destination: Location,
    *,
    on: date = TODAY,
    may_backdate: bool = False,
    document: Any = None,
    number: str = "TEST-1",
    **values: Any,
) -> StockMove:
    """One move of a document; a product stands in for the document when none is named."""
    movement = Movement(product.pk, Decimal(quantity), source, destination, **values)
    [made] = move(
        [movement], document=document or product, number=number, on=on, by=SYSTEM, at=NOON,
        may_backdate=may_backdate,
    )  # fmt: skip
    return made


def an_adjustment(
    kind: str,
    product: Product,
    quantity: str = "1",
    *,
    cost: str | None = None,
    warehouse: Warehouse | None = None,
    on: date = TODAY,
    **values: Any,
) -> StockAdjustment:
    """A posted adjustment of one line; the books must be open."""
    line = AdjustmentLine(
        product.pk, Decimal(quantity), unit_cost=None if cost is None else Decimal(cost), **values
    )
    drafted = draft_adjustment(
        StockAdjustmentKind(kind), warehouse or a_warehouse(), [line], on=on, reason="Found so",
        by=SYSTEM, at=NOON,
    )  # fmt: skip
    return post_adjustment(drafted, by=SYSTEM, at=NOON)


def set_aside(
    product: Product, quantity: str = "1", *, line_id: UUID | None = None, **values: Any
) -> list[Reservation]:
    """A reservation in RUH for a line (the product itself when none is named)."""
    line = line_id or product.pk
    wants = [Want(product.pk, Decimal(quantity), line, lot=values.pop("lot", None))]
    house = values.pop("warehouse", None) or a_warehouse()
    return reserve(
        wants, warehouse=house, document=product, number="SO-1", at=NOON, **values
    )[line]  # fmt: skip


def revalued(product: Product, amount: str, *, quantity: str, **values: Any) -> Any:
    return revalue(
        product.pk, Decimal(amount), quantity=Decimal(quantity), document=product,
        number="BILL-1", on=TODAY, by=SYSTEM, at=NOON, **values,
    )  # fmt: skip


@dataclass(frozen=True)
class Stand:
    """What there is of a product, over all places, as plain text for short asserts."""

    on_hand: str
    reserved: str
    value: str


def stand(product: Product) -> Stand:
    rows = list(StockBalance.objects.filter(product=product))
    cost = CostState.objects.filter(product=product).first() or CostState(product=product)
    return Stand(
        f"{sum((row.on_hand for row in rows), Decimal(0)):f}".rstrip("0").rstrip(".") or "0",
        f"{sum((row.reserved for row in rows), Decimal(0)):f}".rstrip("0").rstrip(".") or "0",
        f"{cost.value:.2f}",
    )
