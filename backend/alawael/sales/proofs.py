"""What always holds about orders and their goods, proven on live data."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from alawael.core.models import Announcement
from alawael.core.verify import missing_numbers, proof
from alawael.invoicing.document import Kind
from alawael.invoicing.models import InvoiceLine, InvoiceState
from alawael.sales import queries
from alawael.sales.models import (
    SHIPMENT_OPEN,
    CustomerReturn,
    CustomerReturnLine,
    CustomerReturnState,
    ReturnSettlement,
    SalesOrder,
    SalesOrderLine,
    SalesOrderState,
    Shipment,
    ShipmentLine,
    ShipmentState,
)
from alawael.sales.progress import words_of
from alawael.stock.models import Reservation, ReservationState

NOTHING = Decimal(0)
BATCH = 500
SHIPPED = (ShipmentState.SHIPPED, ShipmentState.DELIVERED)
CAME = (CustomerReturnState.RECEIVED, CustomerReturnState.INSPECTED, CustomerReturnState.CLOSED)


@proof("Numbers of orders, shipments and returns have no gap")
def _numbers() -> Iterator[str]:
    for key, model in (
        ("sales_order", SalesOrder),
        ("shipment", Shipment),
        ("customer_return", CustomerReturn),
    ):
        numbers = model._default_manager.filter(number__isnull=False).values_list(
            "number", flat=True
        )
        yield from missing_numbers(key, (int(str(number).rpartition("-")[2]) for number in numbers))


@proof("Order lines count what their documents say")
def _quantities() -> Iterator[str]:
    shipped = _sums(
        ShipmentLine.objects.filter(shipment__state__in=SHIPPED), "order_line_id", "quantity"
    )
    back = CustomerReturnLine.objects.filter(customer_return__state__in=CAME)
    returned = {
        settlement: _sums(back.filter(settlement=settlement), "order_line_id", "quantity")
        for settlement in ReturnSettlement
    }
    for line in SalesOrderLine.objects.select_related("order").iterator(chunk_size=BATCH):
        refunded = returned[ReturnSettlement.REFUND][line.pk]
        waived = returned[ReturnSettlement.NEITHER][line.pk]
        expected = {
            "shipped": shipped[line.pk],
            "returned_undecided": returned[ReturnSettlement.UNDECIDED][line.pk],
            "returned_refund": refunded + waived,
            "waived": waived,
            "returned_replace": returned[ReturnSettlement.REPLACE][line.pk],
        }
        for name, quantity in expected.items():
            if getattr(line, name) != quantity:
                yield _differs(line, name, quantity)


@proof("Order lines count what was invoiced of them")
def _invoiced() -> Iterator[str]:
    lines = SalesOrderLine.objects.select_related("order", "stock_unit")
    some: list[SalesOrderLine] = []
    for line in lines.iterator(chunk_size=BATCH):
        some.append(line)
        if len(some) == BATCH:
            yield from _invoiced_differs(some)
            some = []
    yield from _invoiced_differs(some)


def _invoiced_differs(lines: list[SalesOrderLine]) -> Iterator[str]:
    known = {line.pk: line for line in lines}
    rows = InvoiceLine.objects.filter(
        source_line_id__in=list(known),
        invoice__kind=Kind.INVOICE,
        invoice__state=InvoiceState.POSTED,
    ).values_list("source_line_id", "unit_id", "quantity")
    found: dict[UUID, Decimal] = defaultdict(lambda: NOTHING)
    for line_id, unit_id, quantity in rows:
        if line_id is not None:
            found[line_id] += queries.in_stock_units(known[line_id], unit_id, quantity)
    for line in lines:
        if line.invoiced != found[line.pk]:
            yield _differs(line, "invoiced", found[line.pk])


@proof("No order line leaves its borders")
def _borders() -> Iterator[str]:
    for line in SalesOrderLine.objects.select_related("order").iterator(chunk_size=BATCH):
        figures = line.figures()
        if not 0 <= figures.returned <= line.shipped:
            yield f"{line.order.number} {line.sku}: {figures.returned} of {line.shipped} returned."
        if line.short_closed > line.ordered:
            yield f"{line.order.number} {line.sku}: more given up than ordered."


@proof("Stock is set aside only for open orders and shipments, and no more than they need")
def _reservations() -> Iterator[str]:
    yield from _held_too_much(
        SalesOrderLine._meta.label_lower,
        _held(SalesOrder),
        {
            line.pk: line.open_to_ship
            for line in SalesOrderLine.objects.filter(order__state=SalesOrderState.CONFIRMED)
        },
    )
    yield from _held_too_much(
        ShipmentLine._meta.label_lower,
        _held(Shipment),
        {
            line.pk: line.quantity
            for line in ShipmentLine.objects.filter(shipment__state__in=SHIPMENT_OPEN)
        },
    )


def _held(document: type[SalesOrder] | type[Shipment]) -> dict[UUID, Decimal]:
    rows = Reservation.objects.filter(
        state=ReservationState.ACTIVE, document_type=document._meta.label_lower
    )
    return _sums(rows, "line_id", "quantity")


def _held_too_much(
    kind: str, held: dict[UUID, Decimal], needed: dict[UUID, Decimal]
) -> Iterator[str]:
    for line_id, quantity in held.items():
        if quantity > needed.get(line_id, NOTHING):
            most = needed.get(line_id, NOTHING)
            yield f"{kind} {line_id} holds {quantity}, but needs no more than {most}."


@proof("The words in lists are what the quantities say")
def _words() -> Iterator[str]:
    # Notes that invoicing wrote by itself are heard of by announcement, a moment later.
    waiting = Announcement.objects.filter(topic="invoicing.posted", delivered_at=None).exists()
    for order in SalesOrder.objects.order_by("id").iterator(chunk_size=BATCH):
        if order.state in (SalesOrderState.CONFIRMED, SalesOrderState.CLOSED):
            delivery, billing = words_of(order, queries.order_lines(order))
            if delivery != order.delivery_status:
                yield f"{order.number}: the list says {order.delivery_status}, it is {delivery}."
            if billing != order.billing_status and not waiting:
                yield f"{order.number}: the list says {order.billing_status}, it is {billing}."


def _sums(rows: "QuerySet[Any]", key: str, value: str) -> dict[UUID, Decimal]:
    found: dict[UUID, Decimal] = defaultdict(lambda: NOTHING)
    for row in rows.order_by().values(key).annotate(sum=Sum(value)):
        found[row[key]] = row["sum"]
    return found


def _differs(line: SalesOrderLine, name: str, expected: Decimal) -> str:
    return f"{line.order.number} {line.sku}: {name} is {getattr(line, name)}, not {expected}."
