"""A later fact about what received goods cost, put onto what is still here of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import models

from alawael.core.actors import Actor
from alawael.core.money import ZERO, round_money
from alawael.purchasing.models import ReceiptLine
from alawael.stock import queries as stock
from alawael.stock.costing import revalue
from alawael.stock.models import CostingMethod, StockMove

NOTHING = Decimal(0)


@dataclass
class Share:
    """So many riyals more (or less) for a quantity of a receipt line; the split is filled in."""

    row: ReceiptLine
    quantity: Decimal
    difference: Decimal
    on_hand: Decimal = ZERO
    gone: Decimal = ZERO


def spread(
    shares: Sequence[Share],
    *,
    document: models.Model,
    number: str,
    on: date,
    by: Actor,
    at: datetime,
) -> None:
    """Split each difference into what falls on goods still here, and on goods that are gone.

    First in, first out asks every receipt what is left of it; the average asks all shares of a
    product together, because its pieces cannot be told apart (domain 3.11: 70 of 100 held).
    """
    products = sorted({share.row.product_id for share in shares})
    items = stock.stock_items(products)
    for product_id in products:
        of_product = [share for share in shares if share.row.product_id == product_id]
        is_fifo = items[product_id].costing == CostingMethod.FIFO
        for some in [[share] for share in of_product] if is_fifo else [of_product]:
            difference = sum((share.difference for share in some), ZERO)
            if not difference:
                continue
            split = revalue(
                product_id,
                difference,
                quantity=sum((share.quantity for share in some), NOTHING),
                move=_move_of(some[0].row) if is_fifo else None,
                document=document,
                number=number,
                on=on,
                by=by,
                at=at,
            )
            _distribute(some, difference, split.on_hand)


def part_of(amount: Decimal, whole: Decimal, left: Decimal, taken: Decimal) -> Decimal:
    """What falls on `taken` of the `left` of a whole, so that all parts add up to the amount."""

    def up_to(quantity: Decimal) -> Decimal:
        return round_money(amount * quantity / whole)

    return up_to(whole - left + taken) - up_to(whole - left)


def _distribute(shares: Sequence[Share], difference: Decimal, on_hand: Decimal) -> None:
    left = difference
    for share in shares:
        share.on_hand = part_of(on_hand, difference, left, share.difference)
        share.gone = share.difference - share.on_hand
        left -= share.difference


def _move_of(row: ReceiptLine) -> StockMove | None:
    """The move that brought a receipt line's goods."""
    return StockMove.objects.filter(line_id=row.pk, reverses=None).order_by("sequence").first()
