"""What always holds about counts."""

from collections.abc import Iterator
from decimal import Decimal

from alawael.core.verify import missing_numbers, proof
from alawael.stock.count_queries import COUNT_DOCUMENT
from alawael.stock.counts import SERIES
from alawael.stock.models import NOTHING, CountState, StockCount, StockCountLine, StockMove


@proof("Count numbers have no gap")
def _numbers() -> Iterator[str]:
    numbers = StockCount.objects.filter(number__isnull=False).values_list("number", flat=True)
    yield from missing_numbers(SERIES, (int(str(number).rpartition("-")[2]) for number in numbers))


@proof("A posted count moved its differences, and nothing else")
def _corrections() -> Iterator[str]:
    moved: dict[object, Decimal] = {}
    moves = StockMove.objects.filter(document_type=COUNT_DOCUMENT).select_related("destination")
    for one in moves.iterator(chunk_size=2000):
        sign = 1 if one.destination.holds_stock else -1
        moved[one.line_id] = moved.get(one.line_id, NOTHING) + sign * one.quantity
    lines = StockCountLine.objects.filter(count__state=CountState.POSTED, counted__isnull=False)
    rows = lines.order_by("id").values_list("id", "count__number", "variance")
    for line_id, number, variance in rows.iterator(chunk_size=2000):
        if moved.pop(line_id, NOTHING) != variance:
            yield f"{number}: a line that differs by {variance} was corrected by something else."
    if moved:
        yield f"{len(moved)} corrections belong to no posted count."
