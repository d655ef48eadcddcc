"""What always holds about stock, proven on live data. Sums are made by the database."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.db.models import Q, Sum

from alawael.core.money import ZERO
from alawael.core.verify import missing_numbers, proof
from alawael.stock import count_proofs, rebuild, reports, transfer_proofs
from alawael.stock.adjusting import ADJUSTMENTS
from alawael.stock.costing import SERIES
from alawael.stock.models import (
    NOTHING,
    CostLayer,
    CostState,
    StockAdjustment,
    StockBalance,
    StockMove,
    ValueAdjustment,
)

__all__ = ["count_proofs", "transfer_proofs"]
CHUNK = 2000


@proof("Stock on hand and set aside is what moves and reservations say")
def _balances() -> Iterable[str]:
    return rebuild.in_words(rebuild.wrong_balances())


@proof("0 ≤ reserved ≤ on hand, where goods must be there before they leave")
def _reserved_is_there() -> Iterator[str]:
    below = StockBalance.objects.filter(Q(reserved__lt=NOTHING) | Q(available__lt=NOTHING))
    rows = below.select_related("product", "location__warehouse").order_by("key")
    for row in rows.iterator(chunk_size=CHUNK):
        house = row.location.warehouse
        may_be_negative = house is not None and house.allows_negative
        if row.reserved < 0 or (row.available < 0 and not may_be_negative):
            yield (
                f"{row.product.sku} in {row.location.code}: {row.reserved:f} reserved of "
                f"{row.on_hand:f}."
            )


@proof("Cost = Σ values that came in − went out + were adjusted")
def _costs() -> Iterator[str]:
    held = reports.held_by_product()
    rows = CostState.objects.select_related("product").order_by("product_id")
    for state in rows.iterator(chunk_size=CHUNK):
        quantity, value = held.pop(state.product_id, (NOTHING, ZERO))
        if (state.quantity, state.value) != (quantity, value):
            yield (
                f"{state.product.sku} is kept at {state.value} for {state.quantity:f}; its moves "
                f"say {value} for {quantity:f}."
            )
        if state.uncosted != max(-state.quantity, NOTHING):
            yield f"{state.product.sku} waits for the cost of {state.uncosted:f} pieces."
    for product_id, (quantity, value) in held.items():
        yield f"Product {product_id} lacks its cost: {value} for {quantity:f}."


@proof("The accounts of stock = Σ cost of what is held")
def _books() -> Iterator[str]:
    value = CostState.objects.aggregate(sum=Sum("value"))["sum"] or ZERO
    booked = reports.ledger_value()
    if value != booked:
        yield f"Stock is worth {value}, but its accounts show {booked}."


@proof("Layers of cost add up to what is held")
def _layers() -> Iterator[str]:
    sums = CostLayer.objects.values_list("product_id").annotate(
        left=Sum("remaining"), worth=Sum("value")
    )
    layers: dict[object, tuple[Decimal, Decimal]] = {
        pk: (left, worth) for pk, left, worth in sums.order_by()
    }
    states = CostState.objects.filter(product__stock_item__costing="fifo")
    for state in states.select_related("product").iterator(chunk_size=CHUNK):
        expected = (state.quantity, state.value) if state.quantity > 0 else (NOTHING, ZERO)
        found = layers.pop(state.product_id, (NOTHING, ZERO))
        if found != expected:
            yield f"{state.product.sku}: layers of {found[1]} for {found[0]:f}."
    for product_id in layers:
        yield f"Product {product_id} has layers of cost, but is not costed by them."


@proof("Moves and value adjustments share one sequence without a gap")
def _sequence() -> Iterator[str]:
    used = [
        *StockMove.objects.values_list("sequence", flat=True),
        *ValueAdjustment.objects.values_list("sequence", flat=True),
    ]
    yield from missing_numbers(SERIES, used)


@proof("Stock adjustment numbers have no gap")
def _adjustment_numbers() -> Iterator[str]:
    numbers = StockAdjustment.objects.exclude(number=None).values_list("number", flat=True)
    parts = (int(str(number).rpartition("-")[2]) for number in numbers)
    yield from missing_numbers(ADJUSTMENTS, parts)
