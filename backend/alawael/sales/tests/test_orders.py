"""An order: from a draft to a promise, and what may still change then."""

from datetime import timedelta
from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.claims import WrongState
from alawael.core.errors import Invalid
from alawael.invoicing.document import Kind, NoteReason
from alawael.invoicing.models import Invoice
from alawael.invoicing.services import credit_invoice, issue_document
from alawael.ledger.models import LedgerRole
from alawael.sales import orders, shipments
from alawael.sales.credit import CreditLimitExceeded
from alawael.sales.holding import reserved_of
from alawael.sales.models import SalesOrder, SalesOrderState, Shipment
from testing.cast import NOON, a_user
from testing.catalog import a_price, a_price_list, a_service, a_unit
from testing.invoicing import a_buyer, a_line, an_invoice
from testing.sales import (
    a_draft_order,
    a_ready_shipment,
    again,
    an_order,
    goods,
    invoiced,
    line_of,
    open_for_sales,
    ordered,
    shipped,
)
from testing.stock import TODAY, stand

pytestmark = pytest.mark.usefixtures("store")


def reserved(order, position=1):
    line = line_of(order, position)
    return reserved_of([line.pk])[line.pk]


def do(verb, order, **how):
    return verb(again(order), **how, by=SYSTEM, at=NOON)


def test_a_draft_takes_units_prices_and_taxes_from_the_catalog():
    box = a_unit("box")
    lamp = goods(units=[{"unit_id": box.pk, "numerator": 12, "denominator": 1}])
    a_price(a_price_list(), lamp, "18", min_quantity=Decimal(24))

    order = a_draft_order(
        ordered(lamp, "2", unit_id=box.pk, discount_percent=Decimal(10)), ordered(lamp, "3")
    )

    boxed, single = line_of(order, 1), line_of(order, 2)
    assert (boxed.quantity, boxed.ordered, boxed.unit_price) == (2, 24, 216)
    assert (boxed.discount, boxed.net) == (Decimal("43.20"), Decimal("388.80"))
    assert (single.unit_price, single.tax_category) == (20, "S")
    assert (order.net, order.vat, order.number) == (Decimal("448.80"), Decimal("67.32"), None)


def test_a_discount_on_the_order_falls_on_lines_without_their_own():
    lamp, fruit = goods(), goods("DATES-1", tax_category="Z", exemption_code="VATEX-SA-35")

    order = a_draft_order(
        ordered(lamp, "10"),
        ordered(fruit, "10"),
        ordered(lamp, "1", discount=Decimal(5)),
        discount_percent=Decimal(10),
    )

    assert [line.discount for line in order.lines.order_by("position")] == [20, 20, 5]
    assert (order.net, order.vat) == (375, Decimal("29.25"))


def test_a_line_that_cannot_be_is_named():
    lamp = goods()
    lines = [ordered(lamp), ordered(lamp, "1.5"), ordered(lamp, "1", discount=Decimal(21))]

    with pytest.raises(Invalid) as refused:
        a_draft_order(*lines)
    assert [error.pointer for error in refused.value.errors] == ["/lines/1/quantity"]

    with pytest.raises(Invalid) as refused:
        a_draft_order(lines[0], lines[2])
    assert [error.code for error in refused.value.errors] == ["discount_too_high"]


def test_a_quote_expires_is_renewed_and_says_why_it_was_lost():
    quote = a_draft_order(ordered(goods()))
    do(orders.send_quote, quote, expires_on=TODAY)

    assert orders.expire_quotes(on=TODAY, at=NOON) == 0
    assert orders.expire_quotes(on=TODAY + timedelta(days=1), at=NOON) == 1
    do(orders.renew, quote)
    do(orders.send_quote, quote)
    with pytest.raises(orders.ReasonNeeded):
        do(orders.cancel, quote)
    lost = do(orders.cancel, quote, reason="Too expensive")

    assert (lost.number, lost.state, lost.reason) == ("SO-000001", "cancelled", "Too expensive")
    assert lost.expires_on == TODAY + timedelta(days=30)


def test_an_expired_quote_is_not_confirmed():
    quote = a_draft_order(ordered(goods()))
    do(orders.send_quote, quote, expires_on=TODAY)
    SalesOrder.objects.update(expires_on=TODAY - timedelta(days=1))

    with pytest.raises(orders.QuoteExpired):
        do(orders.confirm, quote)


def test_confirming_sets_aside_what_there_is():
    lamp, work = goods(on_hand="6"), a_service()

    order = an_order(ordered(lamp, "10"), ordered(work, "1"))

    assert (order.number, order.state) == ("SO-000001", SalesOrderState.CONFIRMED)
    assert (reserved(order), stand(lamp).reserved) == (6, "6")


def test_stock_is_set_aside_only_on_demand_when_the_company_wants_that():
    open_for_sales(reservation_policy="manual")
    lamp = goods(on_hand="6")
    order = an_order(ordered(lamp, "10"))
    assert reserved(order) == 0

    do(orders.reserve, order)
    assert reserved(order) == 6
    do(orders.release, order)
    assert stand(lamp).reserved == "0"


def test_the_credit_limit_refuses_with_its_figures():
    buyer, lamp = a_buyer(credit_limit=Decimal(700)), goods(on_hand="40")
    billed = an_order(ordered(lamp, "10"), customer=buyer)
    shipped(billed)
    invoiced(again(billed))
    an_order(ordered(lamp, "10"), customer=buyer)
    third = a_draft_order(ordered(lamp, "11"), customer=buyer)

    with pytest.raises(CreditLimitExceeded) as refused:
        do(orders.confirm, third)

    figures = {"limit": "700.00", "receivable": "230.00", "promised": "230.00", "order": "253.00"}
    assert refused.value.facts.items() >= figures.items()
    assert (again(third).state, again(third).number) == (SalesOrderState.DRAFT, None)
    assert stand(lamp).reserved == "10"


def test_the_credit_limit_is_looked_at_again_before_goods_leave():
    buyer, lamp = a_buyer(credit_limit=Decimal(700)), goods(on_hand="40")
    order = an_order(ordered(lamp, "20"), customer=buyer)
    shipment = a_ready_shipment(order)
    invoice = an_invoice(a_line("300"), customer=buyer)

    with pytest.raises(CreditLimitExceeded) as refused:
        shipments.ship(shipment, on=TODAY, by=SYSTEM, at=NOON)

    assert refused.value.facts.items() >= {"receivable": "345.00", "order": "460.00"}.items()
    credit_invoice(invoice, None, reason=NoteReason.CANCELLED, by=SYSTEM, at=NOON)
    left = shipments.ship(Shipment.objects.get(), on=TODAY, by=SYSTEM, at=NOON)
    assert left.state == "shipped"


def test_an_order_with_an_advance_is_not_called_off():
    order = an_order(ordered(goods(), "10"))
    advance = issue_document(
        Kind.ADVANCE,
        order.customer,
        [a_line("100")],
        money=LedgerRole.BANK,
        reference="so-000001",
        by=SYSTEM,
        at=NOON,
    )

    with pytest.raises(orders.OrderHasAdvance):
        do(orders.cancel, order, reason="Too late")

    Invoice.objects.filter(pk=advance.pk).update(consumed=advance.total)  # given back
    do(orders.cancel, order, reason="Too late")
    assert again(order).state == SalesOrderState.CANCELLED


def test_rules_ask_for_somebody_elses_approval():
    open_for_sales(
        approve_above=Decimal(1000),
        approve_discount_above=Decimal(5),
        credit_limit_action="approve",
    )
    lamp, author, other = goods(on_hand="10"), a_user("omar"), a_user("sara")
    lines = [ordered(lamp, "50", discount_percent=Decimal(6))]
    order = a_draft_order(*lines, customer=a_buyer(credit_limit=Decimal(5)), by=author)

    orders.confirm(order, by=author, at=NOON)

    assert order.state == SalesOrderState.PENDING_APPROVAL
    assert order.approval_reasons == ["amount", "discount", "credit_limit"]
    assert reserved(order) == 0
    with pytest.raises(orders.OwnOrder):
        orders.approve(again(order), by=author, at=NOON)
    orders.reject(again(order), reason="Too cheap", by=other, at=NOON)
    orders.confirm(again(order), by=author, at=NOON)
    orders.approve(again(order), by=other, at=NOON)
    assert (again(order).state, reserved(order)) == (SalesOrderState.CONFIRMED, 10)


def test_amending_keeps_what_was_shipped_and_invoiced():
    lamp, desk = goods(on_hand="10"), goods("DESK-1", on_hand="3")
    order = an_order(ordered(lamp, "10", discount=Decimal(10)))
    shipped(order, "4")
    invoiced(again(order))
    line = line_of(order)

    with pytest.raises(orders.AlreadyDelivered):
        do(orders.amend, order, lines=[orders.LineChange(line.pk, quantity=Decimal(3))])
    with pytest.raises(orders.PriceLocked):
        do(orders.amend, order, lines=[orders.LineChange(line.pk, unit_price=Decimal(19))])
    amended = do(
        orders.amend,
        order,
        lines=[orders.LineChange(line.pk, quantity=Decimal(5))],
        new_lines=[ordered(desk, "2")],
    )

    assert (amended.revision, amended.net) == (2, Decimal("135.00"))
    assert line_of(order).discount == 5
    assert (reserved(order, 1), reserved(order, 2)) == (1, 2)


def test_one_line_is_short_closed_and_the_order_ends():
    lamp, desk = goods(on_hand="10"), goods("DESK-1", on_hand="10")
    order = an_order(ordered(lamp, "5"), ordered(desk, "5"))
    do(orders.short_close, order, line_id=line_of(order).pk, reason="Not made any more")
    assert stand(lamp).reserved == "0"
    shipped(order, None)

    with pytest.raises(orders.StillUnbilled):
        do(orders.close, order)
    invoiced(again(order))
    closed = do(orders.close, order)

    assert (closed.state, closed.delivery_status, closed.billing_status) == (
        "closed", "full", "full",
    )  # fmt: skip
    assert do(orders.reopen, order).state == SalesOrderState.CONFIRMED


def test_closing_gives_up_the_rest_only_when_told():
    lamp = goods(on_hand="4")
    order = an_order(ordered(lamp, "10"))

    with pytest.raises(orders.StillOpen):
        do(orders.close, order)
    do(orders.close, order, accept_short_close=True, reason="Customer moved")

    assert (line_of(order).short_closed, stand(lamp).reserved) == (10, "0")


def test_an_order_is_cancelled_only_before_anything_followed():
    lamp = goods(on_hand="10")
    free, followed = an_order(ordered(lamp, "2")), an_order(ordered(lamp, "2"))
    shipped(followed, "1")

    do(orders.cancel, free, reason="Wrong customer")
    with pytest.raises(orders.OrderHasFollowers):
        do(orders.cancel, followed, reason="Wrong customer")

    assert (again(free).state, stand(lamp).reserved) == (SalesOrderState.CANCELLED, "1")


def test_an_order_on_hold_is_neither_reserved_nor_shipped():
    order = an_order(ordered(goods(on_hand="5"), "5"))
    do(orders.hold, order, reason="Unpaid bills")

    with pytest.raises(orders.OrderOnHold):
        shipped(again(order))
    with pytest.raises(orders.OrderOnHold):
        do(orders.reserve, order)
    do(orders.unhold, order)
    assert shipped(again(order)).state == "shipped"


def test_a_confirmed_order_is_amended_not_edited_but_its_notes_stay_open():
    order = an_order(ordered(goods(), "1"))

    with pytest.raises(orders.OrderNotEditable):
        do(orders.edit_order, order, changes={}, lines=[ordered(line_of(order).product, "2")])
    with pytest.raises(WrongState):
        do(orders.confirm, order)
    assert do(orders.edit_order, order, changes={"reference": "PO-7"}).reference == "PO-7"
