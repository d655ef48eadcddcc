"""What follows when quantities of an order have moved: its two words for lists, and its end."""

from datetime import datetime
from uuid import UUID

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.claims import move_state
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing.models import Invoice
from alawael.sales import holding, queries
from alawael.sales.models import SalesOrder, SalesOrderLine, SalesOrderState
from alawael.sales.statuses import (
    InvoicePolicy,
    SalesBilling,
    SalesDelivery,
    billing_of_all,
    delivery_of_all,
)


def words_of(order: SalesOrder, lines: list[SalesOrderLine]) -> tuple[SalesDelivery, SalesBilling]:
    """How far the order is delivered and billed, from its quantities."""
    credited = queries.credited_of(lines)
    figures = [line.figures(credited[line.pk]) for line in lines]
    return delivery_of_all(figures), billing_of_all(figures, InvoicePolicy(order.invoice_policy))


def note_progress(order: SalesOrder) -> None:
    """Keep the words that lists show and filter by; no version moves, for no fact has changed."""
    delivery, billing = words_of(order, queries.order_lines(order))
    SalesOrder.objects.filter(pk=order.pk).update(
        delivery_status=delivery.value, billing_status=billing.value
    )
    order.delivery_status, order.billing_status = delivery.value, billing.value


@unit_of_work
def hear_of_invoice(invoice_id: UUID | str) -> None:
    """Note the progress of the order that an invoice or note belongs to, if there is one."""
    invoice = Invoice.objects.filter(pk=invoice_id).first()
    if invoice is None or invoice.source_id is None:
        return
    if invoice.source_type != SalesOrder._meta.label_lower:
        return
    order = SalesOrder.objects.filter(pk=invoice.source_id).first()
    if order is not None:
        note_progress(order)


def is_done(order: SalesOrder) -> bool:
    """Whether nothing is left to ship or to bill, and no credit note is due."""
    lines = queries.order_lines(order)
    credited = queries.credited_of(lines)
    policy = InvoicePolicy(order.invoice_policy)
    return all(
        line.open_to_ship <= 0
        and line.returned_undecided == 0
        and line.figures(credited[line.pk]).open_to_bill(policy) == 0
        for line in lines
    )


def follow(order: SalesOrder, *, by: Actor, at: datetime) -> None:
    """Note the progress, and close an order that is done if the company wants that."""
    note_progress(order)
    if not order.is_confirmed or not queries.sales_settings().closes_by_itself:
        return
    if is_done(order) and not queries.open_shipments(order):
        move_state(order, frm=[SalesOrderState.CONFIRMED], to=SalesOrderState.CLOSED)
        holding.let_go(queries.order_lines(order))
        audit.record(order, "sales_order.closed", by=by, at=at, changes={"by_itself": True})
