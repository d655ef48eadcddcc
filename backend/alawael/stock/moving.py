"""Goods from one place to another: the only way in which stock changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import models

from alawael.catalog import queries as catalog
from alawael.catalog.models import Product, ProductKind
from alawael.core.actors import Actor
from alawael.core.claims import insert_missing
from alawael.core.clock import business_day
from alawael.core.money import ZERO, plain, round_quantity
from alawael.core.numbering import take_numbers
from alawael.core.unit_of_work import unit_of_work
from alawael.stock import queries
from alawael.stock.balances import Shift, Shifts, available_at
from alawael.stock.costing import SERIES, Costs, settle
from alawael.stock.models import (
    NOTHING,
    Location,
    LocationType,
    Lot,
    Reservation,
    StockBalance,
    StockItem,
    StockMove,
    Tracking,
)
from alawael.stock.refusals import (
    LotExpired,
    LotNotKept,
    LotRequired,
    MoveReversed,
    NotEnoughStock,
    NotGoods,
    PlaceClosed,
    ReservationMismatch,
    SerialIsOnePiece,
    SerialOnHand,
    StockDateInFuture,
    StockFrozen,
)
from alawael.stock.reserving import consume
from alawael.stock.worth import Worth

ONE = Decimal(1)


@dataclass(frozen=True)
class Movement:
    """A quantity (in the stock unit, above zero) that shall go from one place to another.

    `value` is riyals for all of it, for goods that come in at a known cost. Without one, goods
    leave at what they cost now, come in at today's average, and carry their value along inside.
    """

    product_id: UUID
    quantity: Decimal
    source: Location
    destination: Location
    lot: Lot | None = None
    value: Decimal | None = None
    line_id: UUID | None = None
    #: What was set aside for it; consumed, and the rest of it stays set aside.
    reservation: Reservation | None = None
    reverses: StockMove | None = None

    @property
    def comes_in(self) -> bool:
        return self.destination.holds_stock and not self.source.holds_stock

    @property
    def goes_out(self) -> bool:
        return self.source.holds_stock and not self.destination.holds_stock


@unit_of_work
def move(
    movements: Sequence[Movement],
    *,
    document: models.Model,
    number: str,
    on: date,
    by: Actor,
    at: datetime,
    may_backdate: bool = False,
) -> list[StockMove]:
    """Move goods and fix what they are worth; all of it, or nothing. Moves come in the order given.

    Σ value of the moves is what the document posts to the ledger. What a receipt finds out about
    goods issued before it is posted here, to COGS. Raises NotEnoughStock, NotGoods, LotRequired,
    LotNotKept, LotExpired, SerialIsOnePiece, SerialOnHand, PlaceClosed, ReservationMismatch,
    StockDateInFuture, and StockFrozen unless `may_backdate`.
    """
    if not movements:
        return []
    _require_day(on, at=at, may_backdate=may_backdate)
    products = catalog.products_by_id({movement.product_id for movement in movements})
    items = queries.stock_items(products)
    for movement in movements:
        _require_sound(movement, products[movement.product_id], items[movement.product_id], on=on)
    _require_serials_once(movements, products)
    consume((row.reservation, row.quantity) for row in movements if row.reservation)
    _shift_balances(movements, products)
    costs = Costs.of(products, items)
    # Only now, because everybody who moves anything waits for these numbers: what is refused for
    # want of goods never takes one.
    first = take_numbers(SERIES, len(movements))
    values, gone = _fix_values(movements, costs, first)
    moves = [
        StockMove(
            sequence=sequence,
            product_id=movement.product_id,
            lot=movement.lot,
            source=movement.source,
            destination=movement.destination,
            quantity=movement.quantity,
            unit_cost=round_quantity(value / movement.quantity),
            value=value,
            effective_on=on,
            posted_at=at,
            posted_by=by.actor_id,
            document_type=document._meta.label_lower,
            document_id=document.pk,
            document_number=number,
            line_id=movement.line_id,
            reverses=movement.reverses,
        )
        for sequence, (movement, value) in enumerate(
            zip(movements, values, strict=True), start=first
        )
    ]
    insert_missing(moves)
    settle(gone, document=document, number=number, on=on, by=by, at=at)
    return moves


@unit_of_work
def reverse_moves(
    moves: Sequence[StockMove],
    *,
    document: models.Model,
    number: str,
    on: date,
    by: Actor,
    at: datetime,
    may_backdate: bool = False,
) -> list[StockMove]:
    """Move goods back where they came from, at their original value.

    Raises NotEnoughStock when they are not there any more, and MoveReversed.
    """
    if StockMove.objects.filter(reverses__in=[row.pk for row in moves]).exists():
        raise MoveReversed()
    back = [
        Movement(
            product_id=row.product_id,
            quantity=row.quantity,
            source=row.destination,
            destination=row.source,
            lot=row.lot,
            value=row.value,
            line_id=row.line_id,
            reverses=row,
        )
        for row in moves
    ]
    return move(
        back, document=document, number=number, on=on, by=by, at=at, may_backdate=may_backdate
    )


def _require_day(on: date, *, at: datetime, may_backdate: bool) -> None:
    if on > business_day(at):
        raise StockDateInFuture(day=on.isoformat())
    frozen_until = queries.stock_settings().frozen_until
    if frozen_until is not None and on <= frozen_until and not may_backdate:
        raise StockFrozen(day=frozen_until.isoformat())


def _require_sound(movement: Movement, product: Product, item: StockItem, *, on: date) -> None:
    if movement.quantity <= 0 or movement.source.pk == movement.destination.pk:
        raise ValueError("A movement takes more than nothing, from one place to another.")
    if product.kind != ProductKind.GOODS:
        raise NotGoods(sku=product.sku)
    if not movement.destination.is_active:
        raise PlaceClosed(location=movement.destination.code)
    _require_lot(movement, product, item, on=on)
    held = movement.reservation
    if held and (held.product_id, held.location_id, held.lot_id) != (
        movement.product_id,
        movement.source.pk,
        movement.lot.pk if movement.lot else None,
    ):
        raise ReservationMismatch(sku=product.sku)


def _require_lot(movement: Movement, product: Product, item: StockItem, *, on: date) -> None:
    lot = movement.lot
    if lot is None:
        if item.tracking != Tracking.NONE:
            raise LotRequired(sku=product.sku)
        return
    if item.tracking == Tracking.NONE or lot.product_id != product.pk:
        raise LotNotKept(sku=product.sku, lot=lot.code)
    if lot.is_serial and movement.quantity != ONE:
        raise SerialIsOnePiece(sku=product.sku, lot=lot.code, wanted=plain(movement.quantity))
    to_customer = movement.destination.type == LocationType.CUSTOMER
    if to_customer and lot.is_expired(on) and movement.reverses is None:
        day = lot.expires_on.isoformat() if lot.expires_on else ""
        raise LotExpired(sku=product.sku, lot=lot.code, day=day)


def _require_serials_once(movements: Sequence[Movement], products: Mapping[UUID, Product]) -> None:
    """A serial number comes in only when it is nowhere: one piece stands in one place."""
    arriving: dict[UUID, Lot] = {}
    for movement in movements:
        lot = movement.lot
        if lot is None or not lot.is_serial or not movement.comes_in:
            continue
        if lot.pk in arriving:
            raise SerialOnHand(sku=products[lot.product_id].sku, lot=lot.code)
        arriving[lot.pk] = lot
    if not arriving:
        return
    # Two receipts of one number at once both write what its product costs, so one starts again.
    there = StockBalance.objects.filter(lot_id__in=list(arriving), on_hand__gt=NOTHING).first()
    if there is not None and there.lot_id is not None:
        lot = arriving[there.lot_id]
        raise SerialOnHand(sku=products[lot.product_id].sku, lot=lot.code)


def _shift_balances(movements: Iterable[Movement], products: Mapping[UUID, Product]) -> None:
    shifts = Shifts()
    for movement in movements:
        what = (movement.product_id, movement.source, movement.lot)
        if movement.source.holds_stock:
            reserved = -movement.quantity if movement.reservation else NOTHING
            shifts.add(*what, on_hand=-movement.quantity, reserved=reserved)
        if movement.destination.holds_stock:
            shifts.add(
                movement.product_id, movement.destination, movement.lot, on_hand=movement.quantity
            )
    if short := shifts.apply():
        raise _not_enough(short, products)


def _not_enough(short: Sequence[Shift], products: Mapping[UUID, Product]) -> NotEnoughStock:
    free = available_at(short)
    first = short[0]
    return NotEnoughStock(
        sku=products[first.product_id].sku,
        wanted=plain(-first.on_hand),
        free=plain(free.get(first.key, NOTHING)),
        location=first.location.code,
    )


def _fix_values(
    movements: Sequence[Movement], costs: Costs, first: int
) -> tuple[list[Decimal], dict[UUID, Decimal]]:
    """The value of every movement, and what is gone besides, by product."""
    changed, gone, values = set(), dict[UUID, Decimal](), []
    for sequence, movement in enumerate(movements, start=first):
        worth = costs[movement.product_id]
        value, besides = _fix_value(movement, worth, sequence)
        values.append(value)
        gone[movement.product_id] = gone.get(movement.product_id, ZERO) + besides
        if movement.comes_in or movement.goes_out:
            changed.add(movement.product_id)
    costs.write(first + len(movements) - 1, changed)
    return values, gone


def _fix_value(movement: Movement, worth: Worth, sequence: int) -> tuple[Decimal, Decimal]:
    if movement.comes_in:
        value = worth.at_average(movement.quantity) if movement.value is None else movement.value
        return value, worth.receive(movement.quantity, value, sequence)
    if movement.goes_out:
        layer = movement.reverses.sequence if movement.reverses else None
        return worth.issue(movement.quantity, movement.value, layer)
    if movement.value is not None:
        return movement.value, ZERO
    return worth.value_of(movement.quantity), ZERO
