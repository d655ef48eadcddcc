"""What happens when everybody buys at once."""

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.unit_of_work import unit_of_work
from alawael.purchasing import billing, receipts, returns
from alawael.purchasing.models import Receipt, SupplierReturn
from testing.cast import NOON
from testing.purchasing import (
    MARCH,
    a_draft_bill,
    a_draft_receipt,
    a_lamp,
    a_wish,
    an_order,
    contradictions,
    line_of,
    open_buying,
    received,
    sent_back,
)
from testing.races import MANY, at_once
from testing.stock import stand


@pytest.fixture(autouse=True)
def buying(db):
    open_buying()


@unit_of_work
def drafts(order, count, quantity):
    return [a_draft_receipt(order, quantity) for _ in range(count)]


def test_many_receipts_never_take_in_more_than_was_ordered():
    lamp = a_lamp()
    order = an_order(a_wish(lamp, "100"))
    papers = [Receipt.objects.get(pk=row.pk) for row in drafts(order, MANY, "10")]

    results = at_once(lambda row: receipts.post_receipt(row, by=SYSTEM, at=NOON), papers)

    assert results.count("too_much_received") == MANY - 10
    assert (line_of(order).received, stand(lamp).value) == (100, "1000.00")
    assert contradictions() == []


def test_one_receipt_is_posted_once():
    order = an_order(a_wish(a_lamp(), "100"))
    draft = a_draft_receipt(order, "10")
    copies = [Receipt.objects.get(pk=draft.pk) for _ in range(4)]

    results = at_once(lambda row: receipts.post_receipt(row, by=SYSTEM, at=NOON), copies)

    assert results.count("version_conflict") == 3
    assert line_of(order).received == 10


def test_bills_and_returns_at_once_leave_the_account_right():
    lamp = a_lamp()
    order = an_order(a_wish(lamp, "100"))
    receipt = received(order)
    bill = a_draft_bill(order)
    billing.match_bill(bill, by=SYSTEM, at=NOON)
    gone = [sent_back(receipt, "30", post=False) for _ in range(4)]

    def act(row):
        if isinstance(row, SupplierReturn):
            return returns.post_return(row, by=SYSTEM, at=NOON)
        return billing.post_order_bill(row, on=MARCH, by=SYSTEM, at=NOON)

    results = at_once(act, [bill, *gone])

    assert results.count("too_much_returned") == 1
    assert set(filter(lambda r: isinstance(r, str), results)) <= {
        "too_much_returned", "bill_differs",
    }  # fmt: skip
    assert (line_of(order).returned_refund, stand(lamp).on_hand) == (90, "10")
    assert contradictions() == []
