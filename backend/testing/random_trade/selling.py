"""Orders of customers, shipments, invoices, and what comes back."""

from decimal import Decimal
from typing import Any

from alawael.invoicing import services as invoicing
from alawael.invoicing.document import NoteReason
from alawael.invoicing.models import Invoice
from alawael.sales import billing, orders, returns, shipments
from alawael.sales.drafting import OrderedLine
from alawael.sales.models import CustomerReturn, ReturnSettlement, SalesOrder, Shipment
from testing.random_trade.engine import Choices, World, a_line, command, some, who

REASON = "because it was chosen"


@command
def order_of_customer(world: World, choices: Choices) -> None:
    lines = [
        OrderedLine(world.goods(choices).pk, choices.quantity(), unit_price=choices.price())
        for _ in range(1 + choices.below(2))
    ]
    order = orders.create_order(
        choices.one_of(world.customers),
        lines,
        warehouse=world.place(choices),
        **who(world, choices),
    )
    if choices.usually():
        orders.confirm(order, **who(world, choices))


@command
def quote_or_confirm(world: World, choices: Choices) -> None:
    order = some(choices, SalesOrder, ("draft", "quoted"))
    verb = choices.one_of((orders.send_quote, orders.confirm, orders.approve))
    verb(order, **who(world, choices))


@command
def reserve_or_release(world: World, choices: Choices) -> None:
    order = some(choices, SalesOrder, ("confirmed",))
    verb = choices.one_of((orders.reserve, orders.reserve, orders.release))
    verb(order, **who(world, choices))


@command
def amend_sale(world: World, choices: Choices) -> None:
    order = some(choices, SalesOrder, ("confirmed",))
    change = orders.LineChange(a_line(choices, order).pk, quantity=choices.quantity())
    orders.amend(order, lines=[change], **who(world, choices))


@command
def short_close_sale(world: World, choices: Choices) -> None:
    order = some(choices, SalesOrder, ("confirmed",))
    orders.short_close(order, a_line(choices, order).pk, reason=REASON, **who(world, choices))


@command
def end_sale(world: World, choices: Choices) -> None:
    order = some(choices, SalesOrder, ("confirmed", "closed"))
    what = choices.below(3)
    if what == 0:
        orders.close(order, accept_short_close=choices.flag(), **who(world, choices))
    elif what == 1:
        orders.reopen(order, **who(world, choices))
    else:
        orders.cancel(order, reason=REASON, **who(world, choices))


@command
def hold_sale(world: World, choices: Choices) -> None:
    order = some(choices, SalesOrder, ("confirmed",))
    if choices.below(4) == 0:
        orders.hold(order, reason=REASON, **who(world, choices))
    else:
        orders.unhold(order, **who(world, choices))


@command
def plan_shipment(world: World, choices: Choices) -> None:
    order = some(choices, SalesOrder, ("confirmed",))
    lines = None
    if not choices.usually():
        lines = [shipments.PlannedLine(a_line(choices, order).pk, choices.quantity())]
    shipment = shipments.create_from_order(
        order, lines, only_reserved=lines is None and choices.usually(), **who(world, choices)
    )
    if choices.usually():
        shipments.make_ready(shipment, partly=choices.usually(), **who(world, choices))


@command
def split_shipment(world: World, choices: Choices) -> None:
    shipment = some(choices, Shipment, ("draft", "ready"))
    parts = [(a_line(choices, shipment).pk, choices.quantity())]
    shipments.split(shipment, parts, **who(world, choices))


@command
def pick_and_pack(world: World, choices: Choices) -> None:
    shipment = some(choices, Shipment, ("ready", "picked"))
    verb = choices.one_of((shipments.pick, shipments.pack, shipments.make_ready))
    verb(shipment, **who(world, choices))


@command
def ship(world: World, choices: Choices) -> None:
    shipment = some(choices, Shipment, ("ready", "picked", "packed"))
    shipments.ship(shipment, on=world.today, **who(world, choices))


@command
def plan_and_ship(world: World, choices: Choices) -> None:
    order = some(choices, SalesOrder, ("confirmed",))
    orders.reserve(order, **who(world, choices))
    order.refresh_from_db()
    shipment = shipments.create_from_order(order, only_reserved=True, **who(world, choices))
    shipments.make_ready(shipment, **who(world, choices))
    shipments.ship(shipment, on=world.today, **who(world, choices))


@command
def end_shipment(world: World, choices: Choices) -> None:
    what = choices.below(4)
    if what == 0:
        shipment = some(choices, Shipment, ("shipped", "delivered"))
        shipments.reverse(shipment, reason=REASON, on=world.today, **who(world, choices))
    elif what == 1:
        shipments.cancel(some(choices, Shipment, ("ready",)), **who(world, choices))
    else:
        shipment = some(choices, Shipment, ("shipped",))
        shipments.confirm_delivery(shipment, on=world.today, **who(world, choices))


@command
def invoice_sale(world: World, choices: Choices) -> None:
    if choices.flag():
        order = some(choices, SalesOrder, ("confirmed", "closed"))
        lines = None
        if choices.below(3) == 0:
            lines = [billing.BilledLine(a_line(choices, order).pk, choices.quantity())]
        billing.invoice_order(order, lines, **who(world, choices))
    else:
        shipment = some(choices, Shipment, ("shipped", "delivered"))
        billing.invoice_shipment(shipment, **who(world, choices))


@command
def credit_invoice(world: World, choices: Choices) -> None:
    invoice = some(choices, Invoice, ("posted",), kind="invoice")
    lines = None
    if choices.flag():
        lines = [invoicing.CreditLine(a_line(choices, invoice).pk, choices.quantity())]
    invoicing.credit_invoice(invoice, lines, reason=NoteReason.CANCELLED, **who(world, choices))


@command
def take_back(world: World, choices: Choices) -> None:
    shipment = some(choices, Shipment, ("shipped", "delivered"))
    wanted = [returns.ReturnedLine(a_line(choices, shipment).pk, choices.quantity())]
    document = returns.create_return(shipment.order, wanted, **who(world, choices))
    returns.approve(document, **who(world, choices))
    if choices.usually():
        returns.receive(document, on=world.today, **who(world, choices))


@command
def receive_return(world: World, choices: Choices) -> None:
    document = some(choices, CustomerReturn, ("approved",))
    returns.receive(document, on=world.today, **who(world, choices))


@command
def inspect_return(world: World, choices: Choices) -> None:
    document = some(choices, CustomerReturn, ("received",))
    verdicts = []
    for line in document.lines.all():
        scrapped = min(line.quantity, Decimal(choices.below(2)))
        settlement = choices.one_of(
            (ReturnSettlement.REFUND, ReturnSettlement.REPLACE, ReturnSettlement.NEITHER)
        )
        verdicts.append(
            returns.Verdict(line.pk, settlement, line.quantity - scrapped, scrapped, reason=REASON)
        )
    returns.inspect(document, verdicts, on=world.today, **who(world, choices))


@command
def end_return(world: World, choices: Choices) -> None:
    document = some(choices, CustomerReturn, ("inspected",))
    verbs: tuple[Any, ...] = (returns.credit, returns.credit, returns.close, returns.cancel)
    choices.one_of(verbs)(document, **who(world, choices))
