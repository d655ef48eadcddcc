"""Questions about promises to customers: what one may see, what is open, what hangs together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Prefetch, Q, QuerySet

from alawael.accounts.models import User
from alawael.core.money import round_quantity
from alawael.core.rows import existing
from alawael.core.sight import Sees, seen_by
from alawael.invoicing.document import Kind
from alawael.invoicing.models import Invoice, InvoiceLine, InvoiceState
from alawael.sales.models import (
    SHIPMENT_OPEN,
    CustomerReturn,
    CustomerReturnLine,
    SalesOrder,
    SalesOrderLine,
    SalesOrderState,
    SalesSettings,
    Shipment,
    ShipmentLine,
)
from alawael.sales.statuses import InvoicePolicy, SalesPayment, payment_of, payment_of_all
from alawael.stock import queries as stock
from alawael.stock import reorder
from alawael.stock.models import ReorderPoint

M = TypeVar("M", bound=Model)
NOTHING = Decimal(0)
#: How many lines a list of backorders looks through.
MOST_BACKORDERS = 2000


def sales_settings() -> SalesSettings:
    """How the company sells; the usual way before anybody chose."""
    return SalesSettings.objects.filter(key="main").first() or SalesSettings()


def orders_for(user: User) -> QuerySet[SalesOrder]:
    """Orders and quotations that this user may see."""
    return SalesOrder.objects.select_related("warehouse").prefetch_related("customer")


def order_for(user: User, order_id: UUID) -> SalesOrder:
    return existing(orders_for(user).filter(pk=order_id))


def shipments_for(user: User) -> QuerySet[Shipment]:
    return Shipment.objects.select_related("warehouse").prefetch_related("order", "customer")


def shipment_for(user: User, shipment_id: UUID) -> Shipment:
    return existing(shipments_for(user).filter(pk=shipment_id))


def returns_for(user: User) -> QuerySet[CustomerReturn]:
    return CustomerReturn.objects.select_related("warehouse").prefetch_related("order")


def return_for(user: User, return_id: UUID) -> CustomerReturn:
    return existing(returns_for(user).filter(pk=return_id))


def order_lines(order: SalesOrder) -> list[SalesOrderLine]:
    """The lines as they are now, in their order."""
    lines = SalesOrderLine.objects.filter(order=order).select_related("unit", "stock_unit")
    return list(lines.order_by("position"))


def shipment_lines(shipment: Shipment) -> list[ShipmentLine]:
    """With their order lines and products, each by key: other orders leave what is kept of it."""
    ordered = Prefetch("order_line", SalesOrderLine.objects.select_related("stock_unit"))
    lines = ShipmentLine.objects.filter(shipment=shipment).prefetch_related(ordered, "product")
    return list(lines.order_by("position"))


def return_lines(customer_return: CustomerReturn) -> list[CustomerReturnLine]:
    lines = CustomerReturnLine.objects.filter(customer_return=customer_return)
    chosen = lines.select_related("order_line__stock_unit", "shipment_line", "product", "lot")
    return list(chosen.order_by("position"))


def open_shipments(order: SalesOrder) -> list[Shipment]:
    """Its shipments that have not left yet."""
    rows = Shipment.objects.filter(order=order, state__in=SHIPMENT_OPEN)
    return list(rows.order_by("id"))


def planned_of(line_ids: Iterable[UUID]) -> dict[UUID, Decimal]:
    """What shipments that have not left yet plan to take of each order line."""
    lines = list(
        ShipmentLine.objects.filter(order_line_id__in=list(line_ids)).values_list(
            "shipment_id", "order_line_id", "quantity"
        )
    )
    open_ = _open_of(shipment_id for shipment_id, _, _ in lines)
    planned: dict[UUID, Decimal] = defaultdict(lambda: NOTHING)
    for shipment_id, line_id, quantity in lines:
        if shipment_id in open_:
            planned[line_id] += quantity
    return planned


def open_shipment_lines(order_line_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The lines of shipments that have not left yet, with the order line of each."""
    lines = list(
        ShipmentLine.objects.filter(order_line_id__in=list(order_line_ids)).values_list(
            "pk", "order_line_id", "shipment_id"
        )
    )
    open_ = _open_of(shipment_id for _, _, shipment_id in lines)
    return {pk: line_id for pk, line_id, shipment_id in lines if shipment_id in open_}


def _open_of(shipment_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these shipments have not left; by key, where a join would hang on all of them."""
    rows = Shipment.objects.filter(pk__in=set(shipment_ids), state__in=SHIPMENT_OPEN)
    return set(rows.values_list("pk", flat=True))


def credited_of(lines: Sequence[SalesOrderLine]) -> dict[UUID, Decimal]:
    """How much of each line credit notes took back, in stock units.

    A note that only lowers a price takes no quantity back.
    """
    credited: dict[UUID, Decimal] = {line.pk: NOTHING for line in lines}
    known = {line.pk: line for line in lines if line.invoiced > 0}
    if not known:
        return credited
    rows = InvoiceLine.objects.filter(source_line_id__in=list(known)).exclude(original_line=None)
    taken_back = list(rows.prefetch_related("original_line"))
    notes = _posted_notes(line.invoice_id for line in taken_back)
    for line in taken_back:
        original, source = line.original_line, line.source_line_id
        if original is None or source is None or line.invoice_id not in notes:
            continue
        if line.unit_price == original.unit_price:
            credited[source] += in_stock_units(known[source], line.unit_id, line.quantity)
    return credited


def _posted_notes(invoice_ids: Iterable[UUID]) -> set[UUID]:
    rows = Invoice.objects.filter(
        pk__in=set(invoice_ids), kind=Kind.CREDIT_NOTE, state=InvoiceState.POSTED
    )
    return set(rows.values_list("pk", flat=True))


def in_stock_units(line: SalesOrderLine, unit_id: UUID | None, quantity: Decimal) -> Decimal:
    """An invoiced quantity of an order line in stock units.

    An invoice keeps six decimals, so a third of a box comes back as the whole pieces it was.
    """
    if unit_id == line.stock_unit_id or unit_id != line.unit_id:
        return quantity
    exact = quantity * line.numerator / line.denominator
    return exact.quantize(Decimal(1)) if line.stock_unit.is_whole else round_quantity(exact)


def invoices_of(order: SalesOrder) -> QuerySet[Invoice]:
    """Posted invoices and notes that were made from an order."""
    return Invoice.objects.filter(
        source_type=SalesOrder._meta.label_lower, source_id=order.pk
    ).order_by("id")


def payments_of(order_ids: Iterable[UUID], *, today: date) -> dict[UUID, SalesPayment]:
    """How far the invoices of each order are paid."""
    rows = Invoice.objects.filter(
        source_type=SalesOrder._meta.label_lower,
        source_id__in=list(order_ids),
        kind=Kind.INVOICE,
        state=InvoiceState.POSTED,
    )
    found: dict[UUID, list[SalesPayment]] = defaultdict(list)
    for invoice in rows.only("source_id", "state", "total", "rounding", "settled", "due_on"):
        word = payment_of(
            payable=invoice.payable, settled=invoice.settled, due_on=invoice.due_on, today=today
        )
        if invoice.source_id is not None:
            found[invoice.source_id].append(word)
    return {order_id: payment_of_all(words) for order_id, words in found.items()}


def orders_filtered(
    rows: QuerySet[SalesOrder],
    *,
    ordered_from: date | None = None,
    ordered_to: date | None = None,
    **exact: Any,
) -> QuerySet[SalesOrder]:
    """Narrow a list of orders; None narrows nothing."""
    if ordered_from is not None:
        rows = rows.filter(ordered_on__gte=ordered_from)
    if ordered_to is not None:
        rows = rows.filter(ordered_on__lte=ordered_to)
    return narrowed(rows, **exact)


def shipments_filtered(
    rows: QuerySet[Shipment],
    *,
    shipped_from: date | None = None,
    shipped_to: date | None = None,
    **exact: Any,
) -> QuerySet[Shipment]:
    """Narrow a list of shipments; None narrows nothing."""
    if shipped_from is not None:
        rows = rows.filter(shipped_on__gte=shipped_from)
    if shipped_to is not None:
        rows = rows.filter(shipped_on__lte=shipped_to)
    return narrowed(rows, **exact)


def narrowed(rows: QuerySet[M], **exact: Any) -> QuerySet[M]:
    """The rows with these values; None narrows nothing."""
    return rows.filter(**{name: value for name, value in exact.items() if value is not None})


@dataclass(frozen=True)
class Backorder:
    """An order line that still lacks stock."""

    line: SalesOrderLine
    order: SalesOrder
    open: Decimal
    reserved: Decimal

    @property
    def missing(self) -> Decimal:
        return self.open - self.reserved


def open_lines(
    *, product_id: UUID | None = None, warehouse_id: UUID | None = None
) -> list[SalesOrderLine]:
    """Lines of confirmed orders with goods still to ship, the earliest promise first."""
    rows = _unshipped(product_id=product_id, warehouse_id=warehouse_id)
    return [line for line in rows[:MOST_BACKORDERS] if line.open_to_ship > 0]


def some_open_lines(
    *,
    product_id: UUID | None,
    warehouse_id: UUID | None,
    after: UUID | None,
    limit: int,
    sight: Sees | None = None,
) -> list[SalesOrderLine]:
    """So many of them behind the line `after`; also those that have nothing to ship any more."""
    rows = seen_by(sight, _unshipped(product_id=product_id, warehouse_id=warehouse_id))
    if after is not None:
        last = existing(SalesOrderLine.objects.filter(pk=after).select_related("order"))
        day = last.order.ordered_on
        rows = rows.filter(Q(order__ordered_on__gt=day) | Q(order__ordered_on=day, id__gt=last.pk))
    return list(rows[:limit])


def _unshipped(*, product_id: UUID | None, warehouse_id: UUID | None) -> QuerySet[SalesOrderLine]:
    rows = SalesOrderLine.objects.filter(
        order__state=SalesOrderState.CONFIRMED,
        order__delivery_status__in=["none", "part"],
        kind="goods",
    ).select_related("order")
    rows = narrowed(rows, product_id=product_id, order__warehouse_id=warehouse_id)
    return rows.order_by("order__ordered_on", "id")


def incoming(product_id: UUID, warehouse_id: UUID | None, *, on: date) -> Decimal:
    """What is expected to come in of a product: ordered from suppliers, or on its way to us."""
    houses = [warehouse_id] if warehouse_id else _warehouse_ids()
    # How a reorder point stands is what the warehouse expects; nobody has to watch it for that.
    points = [
        ReorderPoint(product_id=product_id, warehouse_id=house, is_active=False) for house in houses
    ]
    return sum((row.incoming for row in reorder.replenishments(points, on=on)), NOTHING)


def waiting_advances(order: SalesOrder) -> list[Invoice]:
    """Advances for this order, by link or by its number as their reference, that are not used up.

    What was given back, or taken off an invoice, does not wait any more.
    """
    rows = Invoice.objects.filter(
        customer_id=order.customer_id, kind=Kind.ADVANCE, state=InvoiceState.POSTED
    )
    return [
        advance
        for advance in rows.order_by("id")
        if advance.advance_left > 0
        and (advance.source_id == order.pk or _names(advance.reference, order))
    ]


def _names(reference: str, order: SalesOrder) -> bool:
    return order.number is not None and reference.strip().casefold() == order.number.casefold()


def _warehouse_ids() -> list[UUID]:
    return list(stock.warehouses(is_active=True).values_list("pk", flat=True))


def policy_of(order: SalesOrder) -> InvoicePolicy:
    return InvoicePolicy(order.invoice_policy)
