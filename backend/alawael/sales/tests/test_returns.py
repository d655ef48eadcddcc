"""Goods that come back: at what they had cost, and never more than left."""

from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.claims import WrongState
from alawael.invoicing.document import NoteReason
from alawael.invoicing.services import CreditLine, credit_invoice
from alawael.ledger.models import AccountRole, JournalLine, LedgerRole
from alawael.sales import orders, returns
from alawael.sales.models import CustomerReturn, ReturnSettlement, SalesOrderState
from alawael.sales.queries import return_lines, shipment_lines
from alawael.sales.shipments import ShipmentReturned, reverse
from alawael.stock.queries import free
from testing.cast import NOON
from testing.sales import (
    again,
    an_order,
    came_back,
    goods,
    inspected,
    invoiced,
    line_of,
    ordered,
    shipped,
)
from testing.stock import TODAY, a_lot, goods_on_hand, kept, stand

pytestmark = pytest.mark.usefixtures("store")


def balance(role):
    account = AccountRole.objects.get(role=role).account_id
    lines = JournalLine.objects.filter(account_id=account)
    return sum((line.debit - line.credit for line in lines), Decimal(0))


def fresh(document):
    return CustomerReturn.objects.get(pk=document.pk)


def test_goods_come_back_into_quality_at_what_they_had_cost():
    lamp = goods(on_hand="10", cost="10")
    order = an_order(ordered(lamp, "3"))
    shipment = shipped(order)
    goods_on_hand(lamp, "3", cost="30")

    document = came_back(shipment, "2")

    assert (document.number, document.value) == ("RET-000001", 20)
    assert (balance(LedgerRole.COGS), balance(LedgerRole.INVENTORY)) == (10, -10)
    assert (stand(lamp).on_hand, stand(lamp).value) == ("12", "180.00")
    assert free([lamp.pk])[lamp.pk] == 10
    assert (line_of(order).returned_undecided, again(order).billing_status) == (2, "none")


def test_no_more_comes_back_than_left():
    shipment = shipped(an_order(ordered(goods(on_hand="3"), "3")))
    came_back(shipment, "2")

    with pytest.raises(returns.TooMuchReturned):
        came_back(shipment, "2")
    with pytest.raises(ShipmentReturned):
        reverse(shipment, reason="Wrong address", on=TODAY, by=SYSTEM, at=NOON)


def test_nothing_comes_back_of_a_shipment_that_was_reversed():
    shipment = shipped(an_order(ordered(goods(on_hand="3"), "3")))
    (line,) = shipment_lines(shipment)
    wanted = [returns.ReturnedLine(line.pk, Decimal(1))]
    document = returns.create_return(shipment.order, wanted, by=SYSTEM, at=NOON)
    returns.approve(document, by=SYSTEM, at=NOON)
    reverse(shipment, reason="Wrong address", on=TODAY, by=SYSTEM, at=NOON)

    with pytest.raises(WrongState):
        returns.receive(fresh(document), on=TODAY, by=SYSTEM, at=NOON)


def test_refunded_goods_are_restocked_and_credited():
    lamp = goods(on_hand="10", cost="10")
    order = an_order(ordered(lamp, "10"))
    shipment = shipped(order)
    invoice = invoiced(again(order))
    document = inspected(came_back(shipment, "2"), ReturnSettlement.REFUND)
    assert (again(order).billing_status, free([lamp.pk])[lamp.pk]) == ("over_billed", 2)

    (note,) = returns.credit(fresh(document), by=SYSTEM, at=NOON)

    assert (note.original, note.net, note.total) == (invoice, 40, 46)
    assert again(order).billing_status == "full"
    with pytest.raises(returns.NothingToGiveBack):
        returns.credit(fresh(document), by=SYSTEM, at=NOON)
    assert returns.close(fresh(document), by=SYSTEM, at=NOON).state == "closed"


def test_replaced_goods_open_a_closed_order_again():
    lamp = goods(on_hand="12", cost="10")
    order = an_order(ordered(lamp, "10"))
    shipment = shipped(order)
    invoiced(again(order))
    orders.close(again(order), by=SYSTEM, at=NOON)

    inspected(came_back(shipment, "2"), ReturnSettlement.REPLACE, scrapped="1")

    assert (again(order).state, line_of(order).open_to_ship) == (SalesOrderState.CONFIRMED, 2)
    assert balance(LedgerRole.ADJUSTMENT) == 10
    shipped(again(order))
    assert (again(order).delivery_status, again(order).billing_status) == ("full", "full")
    assert stand(lamp).on_hand == "1"


def test_goods_sent_back_for_nothing_leave_the_bill_as_it_is():
    order = an_order(ordered(goods(on_hand="10"), "10"))
    shipment = shipped(order)
    invoiced(again(order))

    inspected(came_back(shipment, "2"), ReturnSettlement.NEITHER)

    assert (line_of(order).returned_refund, again(order).billing_status) == (2, "full")


def test_every_line_needs_a_whole_verdict():
    document = came_back(shipped(an_order(ordered(goods(on_hand="3"), "3"))), "2")
    (line,) = return_lines(document)
    half = returns.Verdict(line.pk, ReturnSettlement.REFUND, restocked=Decimal(1))

    for verdicts in ([], [half]):
        with pytest.raises(returns.NotAllInspected):
            returns.inspect(fresh(document), verdicts, on=TODAY, by=SYSTEM, at=NOON)

    assert fresh(document).state == "received"


def test_the_lot_that_left_is_the_lot_that_comes_back():
    milk = goods("MILK-1")
    kept(milk, tracking="lot")
    first, second = a_lot(milk, "A"), a_lot(milk, "B")
    goods_on_hand(milk, "2", cost="10", lot=first)
    goods_on_hand(milk, "3", cost="10", lot=second)
    shipment = shipped(an_order(ordered(milk, "5")))
    (line,) = shipment_lines(shipment)

    def back(quantity, lot):
        wanted = [returns.ReturnedLine(line.pk, Decimal(quantity), lot_id=lot.pk)]
        document = returns.create_return(shipment.order, wanted, by=SYSTEM, at=NOON)
        returns.approve(document, by=SYSTEM, at=NOON)
        return returns.receive(document, on=TODAY, by=SYSTEM, at=NOON)

    with pytest.raises(returns.TooMuchReturned):
        back("3", first)
    assert inspected(back("2", first), ReturnSettlement.REFUND).value == 20


def test_a_note_from_the_invoices_page_is_not_given_twice_nor_does_it_bar_a_later_refund():
    lamp = goods(on_hand="10", cost="10")
    order = an_order(ordered(lamp, "10"))
    shipment = shipped(order)
    wrong = invoiced(again(order))
    credit_invoice(wrong, None, reason=NoteReason.DETAILS_CHANGED, by=SYSTEM, at=NOON)
    right = invoiced(again(order))

    document = inspected(came_back(shipment, "2"), ReturnSettlement.REFUND)
    (note,) = returns.credit(fresh(document), by=SYSTEM, at=NOON)
    assert (note.original, note.net) == (right, 40)

    # Somebody credits two more by hand, and then their goods come back as well.
    (line,) = right.lines.all()
    by_hand = [CreditLine(line.pk, Decimal(2))]
    credit_invoice(right, by_hand, reason=NoteReason.REFUNDED, by=SYSTEM, at=NOON)
    document = inspected(came_back(shipment, "2"), ReturnSettlement.REFUND)
    with pytest.raises(returns.NothingToGiveBack):
        returns.credit(fresh(document), by=SYSTEM, at=NOON)
