"""Stock set aside for orders. An order's own reservations and its open shipments' add up."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from alawael.sales import queries
from alawael.sales.models import SalesOrder, SalesOrderLine
from alawael.stock import reserving
from alawael.stock.reserving import Want

NOTHING = Decimal(0)


def held_of(line_ids: Iterable[UUID]) -> dict[UUID, Decimal]:
    """What is reserved for each of these lines (of orders or shipments) itself."""
    wanted = list(line_ids)
    held: dict[UUID, Decimal] = dict.fromkeys(wanted, NOTHING)
    for line_id, reservations in reserving.reserved_of_lines(wanted).items():
        held[line_id] = sum((each.quantity for each in reservations), NOTHING)
    return held


def reserved_of(line_ids: Iterable[UUID]) -> dict[UUID, Decimal]:
    """What is reserved for each order line, by itself or by shipments that have not left yet."""
    wanted = list(line_ids)
    shipping = queries.open_shipment_lines(wanted)
    held = held_of([*wanted, *shipping])
    reserved: dict[UUID, Decimal] = defaultdict(lambda: NOTHING)
    for line_id, quantity in held.items():
        reserved[shipping.get(line_id, line_id)] += quantity
    return reserved


def set_aside(
    order: SalesOrder, lines: Sequence[SalesOrderLine], *, partly: bool, at: datetime
) -> None:
    """Reserve what is open and not reserved yet. Raises NotEnoughStock unless `partly`."""
    goods = [line for line in lines if line.is_goods]
    reserved = reserved_of(line.pk for line in goods)
    wants = [
        Want(product_id=line.product_id, quantity=missing, line_id=line.pk)
        for line in goods
        if (missing := line.open_to_ship - reserved[line.pk]) > 0
    ]
    if wants:
        reserving.reserve(
            wants,
            warehouse=order.warehouse,
            document=order,
            number=order.number or "",
            at=at,
            partly=partly,
        )


def trim(lines: Iterable[SalesOrderLine]) -> None:
    """Give back what is reserved beyond what is open."""
    goods = [line for line in lines if line.is_goods]
    reserved = reserved_of(line.pk for line in goods)
    for line in goods:
        if (excess := reserved[line.pk] - line.open_to_ship) > 0:
            reserving.release_line(line.pk, excess)


def let_go(lines: Iterable[SalesOrderLine]) -> None:
    """Give back all that the order itself holds for these lines."""
    for line in lines:
        if line.is_goods:
            reserving.release_line(line.pk)
