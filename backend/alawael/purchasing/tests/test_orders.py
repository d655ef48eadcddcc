from datetime import timedelta
from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.claims import WrongState
from alawael.core.errors import Invalid
from alawael.invoicing.bills import NotASupplier
from alawael.purchasing import orders
from alawael.purchasing.drafting import OrderLineDraft
from alawael.purchasing.models import PurchaseOrder, PurchaseOrderLine
from alawael.purchasing.preferences import add_supplier_product
from testing.cast import NOON, a_user
from testing.catalog import a_product, a_unit
from testing.parties import a_customer
from testing.purchasing import (
    a_draft_order,
    a_vendor,
    a_wish,
    an_order,
    billed,
    contradictions,
    line_of,
    open_buying,
    received,
    rules,
)


@pytest.fixture(autouse=True)
def buying(db):
    open_buying()


@pytest.fixture
def omar(buying):
    return a_user("omar")


def fresh(order):
    return PurchaseOrder.objects.get(pk=order.pk)


def test_a_small_order_is_approved_when_it_is_submitted(amal):
    rules(approval_above=Decimal(1150))

    order = an_order(by=amal)

    assert (order.state, order.number, order.total) == ("approved", "PO-000001", 1150)


def test_a_large_order_waits_for_somebody_else(amal, omar):
    rules(approval_above=Decimal(1000))
    order = an_order(by=amal)
    assert order.state == "pending_approval"

    with pytest.raises(orders.ApproverIsAuthor):
        orders.approve_order(order, by=amal, at=NOON)

    assert fresh(order).state == "pending_approval"
    orders.approve_order(fresh(order), by=omar, at=NOON)
    orders.send_order(fresh(order), by=amal, at=NOON)
    assert (fresh(order).state, fresh(order).approved_by) == ("sent", omar.pk)


def test_a_rejected_order_is_a_draft_with_its_number_and_the_reason(amal, omar):
    rules(approval_above=Decimal(0))
    order = an_order(by=amal)

    orders.reject_order(order, reason="Too many", by=omar, at=NOON)

    order = fresh(order)
    assert (order.state, order.number, order.reason) == ("draft", "PO-000001", "Too many")
    orders.edit_order(order, {}, lines=[a_wish(a_product("CHEAP"), "1", "5")], by=amal, at=NOON)
    assert orders.submit_order(fresh(order), by=amal, at=NOON).number == "PO-000001"


def test_units_prices_and_taxes_are_filled_in():
    box = a_unit("box")
    lamp = a_product(units=[{"unit_id": box.pk, "numerator": 12}])
    vendor = a_vendor()
    for minimum, price in (("0", "10"), ("10", "9")):
        facts = {
            "supplier_id": vendor.pk, "product_id": lamp.pk, "unit_id": box.pk,
            "supplier_sku": "NL-7", "price": Decimal(price), "min_quantity": Decimal(minimum),
            "lead_time_days": 7,
        }  # fmt: skip
        add_supplier_product(facts, by=SYSTEM, at=NOON)

    order = a_draft_order(
        OrderLineDraft(Decimal(2), lamp.pk, unit_id=box.pk),
        OrderLineDraft(Decimal(120), lamp.pk),
        supplier=vendor,
    )

    boxes, pieces = line_of(order, 1), line_of(order, 2)
    assert (boxes.quantity, boxes.unit_price, boxes.supplier_sku) == (24, 10, "NL-7")
    assert boxes.expected_on == order.ordered_on + timedelta(days=7)
    assert (pieces.quantity, pieces.unit_price) == (120, Decimal("0.75"))
    assert (order.net, order.vat, order.total) == (110, Decimal("16.50"), Decimal("126.50"))


def test_wrong_lines_are_named_by_their_place():
    with pytest.raises(Invalid) as refused:
        a_draft_order(
            a_wish(a_product(), "1.5"), a_wish(None), a_wish(a_product("NEW"), price=None)
        )

    assert [error.pointer for error in refused.value.errors] == [
        "/lines/0/quantity", "/lines/1/name_en", "/lines/2/unit_price",
    ]  # fmt: skip
    with pytest.raises(NotASupplier):
        a_draft_order(supplier=a_customer())
    assert not PurchaseOrder.objects.exists()


def test_an_order_is_never_amended_below_what_came(amal):
    order = an_order()
    received(order, "60")
    line = line_of(order)

    with pytest.raises(orders.BelowReceived):
        orders.amend_order(
            fresh(order), [orders.LineAmendment(line.pk, Decimal(59))], by=amal, at=NOON
        )
    assert (fresh(order).revision, line_of(order).quantity) == (0, 100)

    orders.amend_order(
        fresh(order),
        [orders.LineAmendment(line.pk, Decimal(60))],
        [a_wish(a_product("SHADE"), "5", "2")],
        by=amal,
        at=NOON,
    )
    order = fresh(order)
    assert (order.revision, order.state, order.net) == (1, "approved", 610)
    assert (order.receipt_progress, line_of(order).quantity) == ("part", 60)


def test_an_order_that_outgrew_its_approval_waits_again_and_can_be_taken_back(amal, omar):
    rules(approval_above=Decimal(1000), growth_percent=Decimal(10))
    order = an_order(by=amal)
    orders.approve_order(order, by=omar, at=NOON)
    orders.send_order(fresh(order), by=amal, at=NOON)
    line = line_of(order)

    orders.amend_order(
        fresh(order), [orders.LineAmendment(line.pk, Decimal(110))], by=amal, at=NOON
    )
    assert fresh(order).state == "sent"
    added = [a_wish(a_product("SHADE"), "5", "2")]
    orders.amend_order(
        fresh(order), [orders.LineAmendment(line.pk, Decimal(150))], added, by=amal, at=NOON
    )
    assert fresh(order).state == "pending_approval"

    orders.reject_order(fresh(order), reason="Not now", by=omar, at=NOON)

    order = fresh(order)
    assert (order.state, order.net, order.total) == ("sent", 1100, 1265)
    assert PurchaseOrderLine.objects.get(order=order).quantity == 110


def test_the_rest_of_a_line_is_closed_with_a_reason(amal):
    order = an_order()
    received(order, "60")

    with pytest.raises(orders.ReasonMissing):
        orders.short_close_line(fresh(order), line_of(order).pk, reason=" ", by=amal, at=NOON)
    orders.short_close_line(fresh(order), line_of(order).pk, reason="Sold out", by=amal, at=NOON)

    assert (line_of(order).short_closed, fresh(order).receipt_progress) == (40, "full")
    orders.close_order(fresh(order), by=amal, at=NOON)
    assert fresh(order).state == "closed"


def test_an_order_is_closed_only_when_nothing_is_open_or_nobody_waits_for_it(amal):
    order = an_order()
    received(order, "60")

    with pytest.raises(orders.StillOpen):
        orders.close_order(fresh(order), by=amal, at=NOON)
    assert (fresh(order).state, line_of(order).short_closed) == ("approved", 0)
    orders.close_order(fresh(order), reason="Enough", short_close_rest=True, by=amal, at=NOON)

    assert (fresh(order).state, line_of(order).short_closed) == ("closed", 40)
    orders.reopen_order(fresh(order), by=amal, at=NOON)
    assert fresh(order).state == "sent"


def test_an_order_is_cancelled_while_nothing_came_or_was_billed(amal, omar):
    untouched, received_one, billed_one = (an_order(a_wish(a_product(sku))) for sku in "ABC")
    received(received_one, "1")
    billed(billed_one, "10", approver=omar)

    orders.cancel_order(untouched, reason="Wrong", by=amal, at=NOON)

    assert fresh(untouched).state == "cancelled"
    for order in (received_one, billed_one):
        with pytest.raises(orders.OrderInUse):
            orders.cancel_order(fresh(order), reason="Wrong", by=amal, at=NOON)
        assert fresh(order).state == "approved"
    assert contradictions() == []


def test_a_draft_without_number_is_thrown_away_and_a_numbered_one_is_not(amal, omar):
    orders.discard_order(a_draft_order(), by=amal, at=NOON)
    assert not PurchaseOrder.objects.exists()

    order = an_order(a_wish(a_product("OTHER")))
    with pytest.raises(WrongState):
        orders.edit_order(order, {"reference": "X"}, by=amal, at=NOON)
    with pytest.raises(orders.NumberedOrder):
        orders.discard_order(order, by=amal, at=NOON)
