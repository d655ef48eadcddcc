"""Builders for sales: a shop that keeps stock, orders, shipments and returns."""

from decimal import Decimal
from typing import Any

from alawael.catalog.models import Product
from alawael.core.actors import SYSTEM, Actor
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing.models import Invoice
from alawael.parties.models import Party
from alawael.sales import billing, orders, returns, shipments
from alawael.sales.drafting import OrderedLine
from alawael.sales.models import (
    CustomerReturn,
    ReturnSettlement,
    SalesOrder,
    SalesOrderLine,
    SalesSettings,
    Shipment,
)
from alawael.sales.queries import order_lines, return_lines, shipment_lines
from alawael.sales.settings import edit_sales_settings, open_sales
from testing.cast import NOON
from testing.catalog import a_product
from testing.invoicing import a_buyer
from testing.stock import TODAY, a_warehouse, goods_on_hand


@unit_of_work
def open_for_sales(**settings: Any) -> SalesSettings:
    """Number series, settings and a warehouse."""
    open_sales()
    a_warehouse()
    return edit_sales_settings(settings, by=SYSTEM, at=NOON)


def goods(sku: str = "LAMP-1", *, on_hand: str = "0", cost: str = "10", **values: Any) -> Product:
    """Goods at 20 riyals, so many of which are in RUH."""
    product = a_product(sku, **{"price": Decimal(20), **values})
    if Decimal(on_hand):
        goods_on_hand(product, on_hand, cost=cost)
    return product


def ordered(product: Product, quantity: str = "10", **values: Any) -> OrderedLine:
    return OrderedLine(product_id=product.pk, quantity=Decimal(quantity), **values)


def the_buyer() -> Party:
    """A registered business; the same one every time."""
    return Party.objects.order_by("id").first() or a_buyer()


@unit_of_work
def a_draft_order(
    *lines: OrderedLine, customer: Party | None = None, by: Actor = SYSTEM, **facts: Any
) -> SalesOrder:
    return orders.create_order(
        customer or the_buyer(), lines, warehouse=a_warehouse(), by=by, at=NOON, **facts
    )


@unit_of_work
def an_order(
    *lines: OrderedLine, customer: Party | None = None, by: Actor = SYSTEM, **facts: Any
) -> SalesOrder:
    """A confirmed order, as it is in the database."""
    order = a_draft_order(*lines, customer=customer, by=by, **facts)
    orders.confirm(order, by=by, at=NOON)
    return again(order)


def again(order: SalesOrder) -> SalesOrder:
    return SalesOrder.objects.select_related("customer", "warehouse").get(pk=order.pk)


def line_of(order: SalesOrder, position: int = 1) -> SalesOrderLine:
    return order_lines(order)[position - 1]


@unit_of_work
def a_ready_shipment(order: SalesOrder, quantity: str | None = None) -> Shipment:
    """Of everything open, or of so many of the first line."""
    wanted = None
    if quantity is not None:
        wanted = [shipments.PlannedLine(line_of(order).pk, Decimal(quantity))]
    shipment = shipments.create_from_order(order, wanted, by=SYSTEM, at=NOON)
    return shipments.make_ready(shipment, by=SYSTEM, at=NOON)


@unit_of_work
def shipped(order: SalesOrder, quantity: str | None = None) -> Shipment:
    shipment = a_ready_shipment(order, quantity)
    return shipments.ship(shipment, on=TODAY, by=SYSTEM, at=NOON)


def invoiced(order: SalesOrder, quantity: str | None = None) -> Invoice:
    wanted = None
    if quantity is not None:
        wanted = [billing.BilledLine(line_of(order).pk, Decimal(quantity))]
    return billing.invoice_order(order, wanted, by=SYSTEM, at=NOON)


@unit_of_work
def came_back(shipment: Shipment, quantity: str) -> CustomerReturn:
    """A received return of so many of a shipment's first line."""
    (line, *_) = shipment_lines(shipment)
    wanted = [returns.ReturnedLine(line.pk, Decimal(quantity), reason="Broken")]
    document = returns.create_return(shipment.order, wanted, by=SYSTEM, at=NOON)
    returns.approve(document, by=SYSTEM, at=NOON)
    return returns.receive(document, on=TODAY, by=SYSTEM, at=NOON)


def inspected(
    document: CustomerReturn, settlement: ReturnSettlement, *, scrapped: str = "0"
) -> CustomerReturn:
    """The return, decided on: all lines alike, restocked but for what is scrapped."""
    verdicts = [
        returns.Verdict(
            line.pk,
            settlement,
            restocked=line.quantity - Decimal(scrapped),
            scrapped=Decimal(scrapped),
            reason="Seen by the shop",
        )
        for line in return_lines(document)
    ]
    return returns.inspect(document, verdicts, on=TODAY, by=SYSTEM, at=NOON)
