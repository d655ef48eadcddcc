"""How far an order has come, from its quantities alone."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from alawael.sales.statuses import (
    InvoicePolicy,
    LineFigures,
    SalesBilling,
    SalesDelivery,
    SalesPayment,
    billing_of,
    billing_of_all,
    delivery_of,
    delivery_of_all,
    payment_of,
    payment_of_all,
)

DELIVERED, ORDERED = InvoicePolicy.DELIVERED, InvoicePolicy.ORDERED


def figures(ordered, **quantities):
    exact: dict[str, Any] = {name: Decimal(value) for name, value in quantities.items()}
    return LineFigures(ordered=Decimal(ordered), **exact)


def test_two_of_ten_replaced_are_billed_as_ten():
    line = figures(10, shipped=12, returned_replace=2)

    assert (line.returned, line.to_bill(DELIVERED), line.open_to_ship) == (2, 10, 0)
    assert delivery_of(line) == SalesDelivery.FULL


def test_two_of_ten_refunded_and_credited_are_fully_billed():
    line = figures(10, shipped=10, invoiced=10, returned_refund=2, credited=2)

    assert (line.to_bill(DELIVERED), line.net_billed) == (8, 8)
    assert billing_of(line, DELIVERED) == SalesBilling.FULL


def test_ninety_billed_of_a_hundred_with_ten_returned_are_fully_billed():
    """erpnext#58825"""
    line = figures(100, shipped=100, invoiced=90, returned_refund=10)

    assert line.to_bill(DELIVERED) == 90
    assert billing_of(line, DELIVERED) == SalesBilling.FULL


def test_every_word_of_billing_has_its_case():
    assert billing_of(figures(5), DELIVERED) == SalesBilling.NOTHING_TO_BILL
    assert billing_of(figures(5), ORDERED) == SalesBilling.NONE
    assert billing_of(figures(5, shipped=5), DELIVERED) == SalesBilling.NONE
    assert billing_of(figures(5, shipped=5, invoiced=2), DELIVERED) == SalesBilling.PART
    over = figures(5, shipped=5, invoiced=5, returned_refund=1)
    assert billing_of(over, DELIVERED) == SalesBilling.OVER_BILLED


def test_a_service_is_billed_as_ordered_and_never_delivered():
    service = LineFigures(ordered=Decimal(1), is_goods=False)

    assert service.open_to_ship == 0
    assert billing_of(service, DELIVERED) == SalesBilling.NONE
    assert delivery_of_all([service, figures(3, shipped=3)]) == SalesDelivery.FULL


def test_a_document_shows_its_worst_line():
    lines = [figures(2, shipped=2, invoiced=2), figures(2, shipped=1)]

    assert delivery_of_all(lines) == SalesDelivery.PART
    assert billing_of_all(lines, DELIVERED) == SalesBilling.NONE
    assert delivery_of_all([figures(2, short_closed=2), lines[0]]) == SalesDelivery.FULL


def test_payment_is_the_worst_of_the_invoices():
    due, before, after = date(2026, 3, 31), date(2026, 3, 1), date(2026, 4, 1)

    def word(settled, today=before):
        return payment_of(payable=Decimal(100), settled=Decimal(settled), due_on=due, today=today)

    assert [word(100), word(0), word(40)] == [
        SalesPayment.PAID, SalesPayment.UNPAID, SalesPayment.PART_PAID,
    ]  # fmt: skip
    assert word(40, today=after) == SalesPayment.OVERDUE
    assert word(100, today=after) == SalesPayment.PAID
    assert payment_of_all([word(100), word(0), word(40)]) == SalesPayment.PART_PAID
    assert payment_of_all([]) == SalesPayment.NONE


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ship", "return", "refund", "replace", "short_close", "bill", "credit"]),
        st.integers(1, 12),
    ),
    max_size=30,
)


@given(st.integers(1, 20), STEPS, st.sampled_from(InvoicePolicy))
def test_no_legal_sequence_leaves_the_borders(ordered, steps, policy):
    """0 ≤ returned ≤ shipped, shipped − replaced ≤ target; what is full has nothing open."""
    now = dict.fromkeys(
        ("short_closed", "shipped", "returned_undecided", "returned_refund", "returned_replace",
         "invoiced", "credited"), 0,
    )  # fmt: skip
    for verb, wanted in steps:
        line = figures(ordered, **now)
        undecided = now["returned_undecided"]
        if verb == "ship":
            now["shipped"] += min(wanted, max(int(line.open_to_ship), 0))
        elif verb == "return":
            now["returned_undecided"] += min(wanted, now["shipped"] - int(line.returned))
        elif verb in ("refund", "replace"):
            decided = min(wanted, undecided)
            now["returned_undecided"] -= decided
            now[f"returned_{verb}"] += decided
        elif verb == "short_close":
            now["short_closed"] += min(wanted, max(int(line.open_to_ship), 0))
        elif verb == "bill":
            now["invoiced"] += min(wanted, max(int(line.open_to_bill(policy)), 0))
        else:
            now["credited"] += min(wanted, max(int(-line.open_to_bill(policy)), 0))

    line = figures(ordered, **now)
    assert 0 <= line.returned <= line.shipped
    assert line.shipped - line.returned_replace <= line.target
    assert line.net_billed >= 0
    assert (billing_of(line, policy) == SalesBilling.OVER_BILLED) == (line.open_to_bill(policy) < 0)
    if delivery_of(line) == SalesDelivery.FULL:
        assert line.open_to_ship <= 0
