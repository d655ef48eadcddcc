"""When goods come: what other domains expect, and what transfers bring, day by day.

Stock knows nothing of purchase orders; whoever expects goods registers and is asked (as with the
reorder points in reorder.py).
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from alawael.stock.models import NOTHING, StockTransfer, StockTransferLine, TransferState


@dataclass(frozen=True)
class Arrival:
    """Goods that a document will bring into a warehouse."""

    product_id: UUID
    warehouse_id: UUID
    #: In stock units.
    quantity: Decimal
    #: The day that was promised; None when nobody said.
    on: date | None
    document_type: str
    document_id: UUID
    document_number: str


#: Asked for some products, it answers what is on its way to us.
Source = Callable[[Collection[UUID]], Iterable[Arrival]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Let a domain above tell what it expects to come in."""
    _sources.append(source)
    return source


def arrivals(
    product_ids: Collection[UUID], *, warehouse_id: UUID | None = None, today: date
) -> list[Arrival]:
    """What will come in, the earliest first; what has no day comes last.

    A promised day that has passed counts as today: it may come any moment. Goods between two
    warehouses are an arrival only where one warehouse is asked about; the company has them.
    """
    found = [row for source in _sources for row in source(product_ids)]
    if warehouse_id is not None:
        found += _in_transit(product_ids)
        found = [row for row in found if row.warehouse_id == warehouse_id]
    return sorted(found, key=lambda row: (_day(row, today), row.document_number))


def available_on(
    wanted: Decimal, free: Decimal, coming: Iterable[Arrival], *, today: date
) -> date | None:
    """The first day on which so much is free; None when nobody knows."""
    if free >= wanted:
        return today
    for row in coming:
        free += row.quantity
        if free >= wanted:
            return _day(row, today) if row.on is not None else None
    return None


def _day(row: Arrival, today: date) -> date:
    return date.max if row.on is None else max(row.on, today)


def _in_transit(product_ids: Collection[UUID]) -> list[Arrival]:
    # Two look-ups instead of a join, which costs MongoDB more.
    lines = StockTransferLine.objects.filter(product_id__in=list(product_ids))
    rows = list(
        lines.filter(in_transit__gt=NOTHING).values_list("transfer_id", "product_id", "in_transit")
    )
    under_way = StockTransfer.objects.filter(state=TransferState.IN_TRANSIT)
    transfers = under_way.in_bulk(list({transfer for transfer, _, _ in rows}))
    return [
        Arrival(
            product_id=product,
            warehouse_id=transfers[transfer].destination_id,
            quantity=quantity,
            on=transfers[transfer].expected_on,
            document_type=StockTransfer._meta.label_lower,
            document_id=transfer,
            document_number=transfers[transfer].number or "",
        )
        for transfer, product, quantity in rows
        if transfer in transfers
    ]
