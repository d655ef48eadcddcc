"""Pure arithmetic of order lines; the examples of domain rule 3.10, seen from the buyer."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from alawael.purchasing import statuses
from alawael.purchasing.models import BillingProgress, ReceiptProgress


@dataclass
class Line:
    quantity: Decimal = Decimal(10)
    short_closed: Decimal = Decimal(0)
    received: Decimal = Decimal(0)
    returned_refund: Decimal = Decimal(0)
    returned_replace: Decimal = Decimal(0)
    billed: Decimal = Decimal(0)
    debited: Decimal = Decimal(0)
    is_goods: bool = True


def a_line(is_goods=True, **quantities):
    return Line(**{name: Decimal(value) for name, value in quantities.items()}, is_goods=is_goods)


@pytest.mark.parametrize(
    ("line", "receipt", "billing"),
    [
        (a_line(), "none", "nothing_to_bill"),
        (a_line(received=4), "part", "none"),
        (a_line(received=10, billed=4), "full", "part"),
        (a_line(received=10, billed=10), "full", "full"),
        (a_line(received=4, short_closed=6), "full", "none"),
        # 10 came, 2 went back for others, 2 came again: 12 received, 10 to pay for.
        (a_line(received=10, returned_replace=2, billed=10), "part", "over_billed"),
        (a_line(received=12, returned_replace=2, billed=10), "full", "full"),
        # 10 came and were billed, 2 went back for money.
        (a_line(received=10, returned_refund=2, billed=10), "full", "over_billed"),
        (a_line(received=10, returned_refund=2, billed=10, debited=2), "full", "full"),
        # erpnext#58825 from the other side: 100 came, 90 billed, 10 went back.
        (a_line(quantity=100, received=100, returned_refund=10, billed=90), "full", "full"),
        (a_line(billed=10), "none", "over_billed"),
        (a_line(is_goods=False), None, "none"),
        (a_line(is_goods=False, billed=10), None, "full"),
    ],
)
def test_statuses_follow_from_quantities(line, receipt, billing):
    assert (statuses.receipt_of(line), statuses.billing_of(line)) == (receipt, billing)


def test_an_order_is_as_far_as_its_lines():
    full, part, none = a_line(received=10, billed=10), a_line(received=4), a_line()

    assert statuses.receipt_progress([full, part]) == ReceiptProgress.PART
    assert statuses.receipt_progress([none, none]) == ReceiptProgress.NONE
    assert statuses.receipt_progress([full]) == ReceiptProgress.FULL
    assert statuses.billing_progress([full, none]) == BillingProgress.FULL
    assert statuses.billing_progress([full, part]) == BillingProgress.PART
    assert statuses.billing_progress([full, a_line(billed=1)]) == BillingProgress.OVER_BILLED
    assert (statuses.is_complete([full]), statuses.is_complete([full, none])) == (True, False)


def test_a_tolerance_is_of_what_was_ordered():
    line = a_line(quantity=100, received=100)

    assert statuses.most_receivable(line, Decimal(5)) == 5
    assert statuses.most_receivable(a_line(quantity=100), Decimal(0)) == 100
