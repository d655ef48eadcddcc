from decimal import Decimal

import pytest

from alawael.core.errors import Invalid
from alawael.invoicing.bills import DebitLine, draft_debit_note
from alawael.ledger.models import LedgerRole
from alawael.purchasing import billing, orders, queries, receipts, returns
from alawael.purchasing.models import PurchaseOrder, SupplierReturn, SupplierSettlement
from alawael.stock.refusals import NotEnoughStock
from testing.cast import NOON, a_user
from testing.purchasing import (
    MARCH,
    a_lamp,
    a_wish,
    an_order,
    balance_of,
    billed,
    contradictions,
    entry_of,
    line_of,
    open_buying,
    received,
    sent_back,
)
from testing.stock import goods_gone, goods_on_hand, kept, stand


@pytest.fixture(autouse=True)
def buying(db):
    open_buying()


def test_goods_go_back_before_they_are_billed():
    lamp = a_lamp()
    order = an_order(a_wish(lamp))
    receipt = received(order)

    gone_back = sent_back(receipt, "10")

    assert gone_back.number == "SR-000001"
    assert entry_of(gone_back.entry) == {"GRNI": "100.00", "INVENTORY": "-100.00"}
    assert (line_of(order).returned_refund, stand(lamp).value) == (10, "900.00")
    bill = billed(order)
    assert (bill.net, balance_of(LedgerRole.GRNI)) == (900, "0.00")
    assert contradictions() == []


def test_the_difference_to_todays_cost_is_a_variance():
    lamp = a_lamp()
    receipt = received(an_order(a_wish(lamp, "50", "10")))
    goods_on_hand(lamp, "50", cost="20")

    assert entry_of(sent_back(receipt, "10").entry) == {
        "GRNI": "100.00", "INVENTORY": "-150.00", "PRICE_VARIANCE": "50.00",
    }  # fmt: skip


def test_a_debit_note_clears_what_went_back_after_the_bill(amal):
    order = an_order(a_wish(a_lamp()))
    receipt = received(order)
    billed(order)
    gone_back = sent_back(receipt, "10")
    assert balance_of(LedgerRole.GRNI) == "100.00"

    note = returns.draft_note(gone_back, supplier_number="CN-7", issued_on=MARCH, by=amal, at=NOON)
    billing.match_bill(note, by=amal, at=NOON)
    note = billing.post_order_bill(note, on=MARCH, by=amal, at=NOON)

    assert entry_of(note.entry) == {"GRNI": "-100.00", "INPUT_VAT": "-15.00", "AP": "115.00"}
    assert (line_of(order).debited, balance_of(LedgerRole.GRNI)) == (10, "0.00")
    assert PurchaseOrder.objects.get().billing_progress == "full"
    with pytest.raises(returns.NothingToDebit):
        returns.draft_note(gone_back, supplier_number="X", issued_on=MARCH, by=amal, at=NOON)
    assert contradictions() == []


def test_replaced_goods_come_again_without_another_bill():
    lamp = a_lamp()
    order = an_order(a_wish(lamp))
    billed_receipt = received(order)
    billed(order)

    sent_back(billed_receipt, "10", SupplierSettlement.REPLACE)
    order = PurchaseOrder.objects.get()
    assert (order.receipt_progress, balance_of(LedgerRole.GRNI)) == ("part", "100.00")
    received(order)

    order = PurchaseOrder.objects.get()
    assert (order.receipt_progress, order.billing_progress) == ("full", "full")
    assert (line_of(order).received, stand(lamp).value) == (110, "1000.00")
    assert (balance_of(LedgerRole.GRNI), queries.goods_received_not_billed()) == ("0.00", [])
    assert contradictions() == []


def test_rejected_goods_go_back_from_the_quality_area(amal):
    lamp = a_lamp()
    kept(lamp, needs_inspection=True)
    receipt = received(an_order(a_wish(lamp)))
    line = receipt.lines.get()
    decision = receipts.Decision(line.pk, Decimal(90), Decimal(10))
    receipts.decide_receipt(receipt, [decision], by=amal, at=NOON)

    made = returns.draft_return(receipt, None, reason="Rejected", by=amal, at=NOON)
    returns.post_return(made, by=amal, at=NOON)

    assert (made.lines.get().quantity, made.lines.get().location.code) == (10, "RUH-QC")
    assert stand(lamp).on_hand == "90"


def test_not_more_goes_back_than_came(amal):
    lamp = a_lamp()
    order = an_order(a_wish(lamp))
    receipt = received(order)
    with pytest.raises(Invalid) as refused:
        sent_back(receipt, "101", post=False)
    assert [one.pointer for one in refused.value.errors] == ["/lines/0/quantity"]
    twice = [sent_back(receipt, "60", post=False) for _ in range(2)]
    returns.post_return(twice[0], by=amal, at=NOON)

    with pytest.raises(returns.TooMuchReturned):
        returns.post_return(twice[1], by=amal, at=NOON)

    assert (stand(lamp).on_hand, line_of(order).returned_refund) == ("40", 60)
    assert SupplierReturn.objects.get(pk=twice[1].pk).state == "draft"


def test_a_closed_order_gets_no_replacement(amal):
    order = an_order(a_wish(a_lamp()))
    receipt = received(order)
    orders.close_order(PurchaseOrder.objects.get(), by=amal, at=NOON)

    with pytest.raises(returns.OrderClosedForReplacement):
        sent_back(receipt, "10", SupplierSettlement.REPLACE)


def test_what_was_billed_and_never_came_is_given_back(amal):
    order = an_order(a_wish(a_lamp()))
    bill = billed(order, "10", approver=a_user("omar"))
    received(order, "90")
    orders.short_close_line(order, line_of(order).pk, reason="Lost", by=amal, at=NOON)

    lines = [DebitLine(bill.lines.get().pk, Decimal(10))]
    note = draft_debit_note(
        bill, lines, supplier_number="CN-1", issued_on=MARCH, reason="Lost", by=amal, at=NOON
    )
    billing.match_bill(note, by=amal, at=NOON)
    billing.post_order_bill(note, on=MARCH, by=amal, at=NOON)

    assert (balance_of(LedgerRole.GRNI), line_of(order).debited) == ("0.00", 10)
    order = PurchaseOrder.objects.get()
    assert (order.receipt_progress, order.billing_progress) == ("full", "full")
    assert contradictions() == []


def test_goods_already_sold_do_not_go_back():
    lamp = a_lamp()
    receipt = received(an_order(a_wish(lamp)))
    goods_gone(lamp, "95")

    with pytest.raises(NotEnoughStock):
        sent_back(receipt, "10")
