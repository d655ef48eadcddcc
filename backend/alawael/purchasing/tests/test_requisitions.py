from datetime import timedelta
from decimal import Decimal

import pytest

from alawael.core.claims import WrongState
from alawael.core.clock import business_day
from alawael.core.errors import Invalid
from alawael.purchasing import orders, queries, requisitions
from alawael.purchasing.drafting import Wish
from alawael.purchasing.models import PurchaseOrder, PurchaseOrderLine, Requisition
from alawael.stock import reorder
from testing.cast import NOON, a_user
from testing.purchasing import (
    a_lamp,
    a_vendor,
    a_wish,
    an_order,
    contradictions,
    line_of,
    open_buying,
    received,
)
from testing.stock import a_warehouse, goods_on_hand

TODAY = business_day(NOON)


@pytest.fixture(autouse=True)
def buying(db):
    open_buying()


@pytest.fixture
def omar(buying):
    return a_user("omar")


def approved(*lines, by, approver):
    requisition = requisitions.draft_requisition(
        list(lines), warehouse_id=a_warehouse().pk, by=by, at=NOON
    )
    requisitions.submit_requisition(requisition, by=by, at=NOON)
    return requisitions.approve_requisition(requisition, by=approver, at=NOON)


def fresh(requisition):
    return Requisition.objects.get(pk=requisition.pk)


def test_a_wish_needs_somebody_elses_approval(amal, omar):
    requisition = requisitions.draft_requisition([Wish(Decimal(5), a_lamp().pk)], by=amal, at=NOON)
    requisitions.submit_requisition(requisition, by=amal, at=NOON)
    assert (requisition.number, requisition.state) == ("PR-000001", "pending_approval")

    with pytest.raises(orders.ApproverIsAuthor):
        requisitions.approve_requisition(requisition, by=amal, at=NOON)
    requisitions.reject_requisition(requisition, reason="How many?", by=omar, at=NOON)

    assert (fresh(requisition).state, fresh(requisition).reason) == ("draft", "How many?")


def test_what_is_approved_becomes_an_order_for_each_supplier(amal, omar):
    lamp, shade = a_lamp(), a_lamp("SHADE")
    najd, hijaz = a_vendor("Najd"), a_vendor("Hijaz")
    an_order(a_wish(lamp, "1", "9.50"), supplier=najd)
    requisition = approved(
        Wish(Decimal(5), lamp.pk, supplier_id=najd.pk),
        Wish(Decimal(7), shade.pk, supplier_id=hijaz.pk),
        by=amal,
        approver=omar,
    )

    made = requisitions.order_requisition(requisition, by=amal, at=NOON)

    assert [(order.supplier.name_en, order.state) for order in made] == [
        ("Najd", "draft"), ("Hijaz", "draft"),
    ]  # fmt: skip
    assert [line_of(order).unit_price for order in made] == [Decimal("9.5"), 0]
    assert fresh(requisition).state == "ordered"
    # As it would be while only a part of it is ordered.
    Requisition.objects.filter(pk=requisition.pk).update(state="approved")
    with pytest.raises(requisitions.RequisitionOrdered):
        requisitions.cancel_requisition(fresh(requisition), reason="x", by=amal, at=NOON)


def test_a_wish_follows_its_orders(amal, omar):
    lamp, vendor = a_lamp(), a_vendor()
    requisition = approved(Wish(Decimal(5), lamp.pk, supplier_id=vendor.pk), by=amal, approver=omar)
    [order] = requisitions.order_requisition(requisition, by=amal, at=NOON)
    orders.cancel_order(order, reason="Too dear", by=amal, at=NOON)
    assert fresh(requisition).state == "approved"
    assert fresh(requisition).lines.get().ordered == 0

    [order] = requisitions.order_requisition(fresh(requisition), by=amal, at=NOON)
    orders.submit_order(order, by=amal, at=NOON)
    received(order)

    requisition = fresh(requisition)
    assert (requisition.state, requisition.lines.get().received) == ("closed", 5)
    with pytest.raises(WrongState):
        requisitions.order_requisition(requisition, by=amal, at=NOON)
    assert contradictions() == []


def test_nobody_orders_without_a_supplier(amal, omar):
    requisition = approved(Wish(Decimal(5), a_lamp().pk), by=amal, approver=omar)

    with pytest.raises(Invalid) as refused:
        requisitions.order_requisition(requisition, by=amal, at=NOON)

    assert refused.value.errors[0].pointer == "/lines/0/supplier_id"
    assert not PurchaseOrder.objects.exists()


def test_what_runs_low_is_asked_for_once(amal, omar):
    lamp, vendor, house = a_lamp(), a_vendor(), a_warehouse()
    point = {
        "product_id": lamp.pk, "warehouse_id": house.pk, "minimum": Decimal(10),
        "maximum": Decimal(50), "multiple": Decimal(12), "supplier_id": vendor.pk,
    }  # fmt: skip
    reorder.create_reorder_point(point, by=amal, at=NOON)
    goods_on_hand(lamp, "4")

    [asked] = requisitions.raise_requisitions(on=TODAY, by=amal, at=NOON)
    assert requisitions.raise_requisitions(on=TODAY, by=amal, at=NOON) == []

    assert (asked.state, asked.is_automatic) == ("pending_approval", True)
    assert asked.lines.get().quantity == 48
    requisitions.approve_requisition(asked, by=omar, at=NOON)
    requisitions.order_requisition(asked, by=amal, at=NOON)
    # Even while the order is a draft, nobody asks again.
    assert requisitions.raise_requisitions(on=TODAY + timedelta(1), by=amal, at=NOON) == []
    assert queries.incoming([lamp.pk]) == {(lamp.pk, house.pk): 48}
    assert PurchaseOrderLine.objects.get().quantity == 48
