"""A shipment: planned, reserved, picked, shipped, and undone."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.claims import WrongState
from alawael.ledger.books import PeriodClosed
from alawael.ledger.models import AccountRole, JournalLine, LedgerRole, Period
from alawael.ledger.period_services import close_period
from alawael.sales import orders, shipments
from alawael.sales.holding import reserved_of
from alawael.sales.models import Shipment, ShipmentState
from alawael.sales.queries import shipment_lines
from alawael.stock.models import Lot
from alawael.stock.refusals import LotExpired, NotEnoughStock
from testing.cast import NOON
from testing.sales import (
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
from testing.stock import TODAY, a_lot, goods_on_hand, kept, stand

pytestmark = pytest.mark.usefixtures("store")


def balance(role):
    account = AccountRole.objects.get(role=role).account_id
    lines = JournalLine.objects.filter(account_id=account)
    return sum((line.debit - line.credit for line in lines), Decimal(0))


def reserved(order):
    line = line_of(order)
    return reserved_of([line.pk])[line.pk]


def do(verb, shipment, **how):
    return verb(Shipment.objects.get(pk=shipment.pk), **how, by=SYSTEM, at=NOON)


def planned(order, quantity):
    wanted = [shipments.PlannedLine(line_of(order).pk, Decimal(quantity))]
    return shipments.create_from_order(again(order), wanted, by=SYSTEM, at=NOON)


def test_shipping_a_part_leaves_the_rest_open():
    lamp = goods(on_hand="100", cost="10")
    order = an_order(ordered(lamp, "50"))

    shipment = shipped(order, "30")

    assert (shipment.number, shipment.value, shipment.entry.source_number) == (
        "SHP-000001", 300, "SHP-000001",
    )  # fmt: skip
    assert (line_of(order).shipped, line_of(order).open_to_ship) == (30, 20)
    assert (again(order).delivery_status, reserved(order)) == ("part", 20)
    assert stand(lamp).on_hand == "70"
    assert (balance(LedgerRole.COGS), balance(LedgerRole.INVENTORY)) == (300, -300)


def test_no_more_is_planned_than_is_open():
    order = an_order(ordered(goods(on_hand="10"), "10"))
    planned(order, "7")

    with pytest.raises(shipments.TooMuchToShip):
        planned(order, "4")
    open_for_sales(over_delivery_percent=Decimal(10))
    assert planned(order, "4").state == ShipmentState.DRAFT


def test_becoming_ready_needs_all_of_it_unless_part_will_do():
    lamp = goods(on_hand="6")
    order = an_order(ordered(lamp, "10"))
    shipment = planned(order, "10")

    with pytest.raises(NotEnoughStock):
        do(shipments.make_ready, shipment)
    assert (reserved(order), Shipment.objects.get().state) == (6, ShipmentState.DRAFT)
    do(shipments.make_ready, shipment, partly=True)

    (line,) = shipment_lines(shipment)
    assert (line.quantity, reserved(order), stand(lamp).reserved) == (6, 6, "6")


def test_what_is_not_picked_stays_open_on_the_order():
    open_for_sales(needs_picking=True, needs_packing=True)
    lamp = goods(on_hand="10")
    order = an_order(ordered(lamp, "10"))
    shipment = a_ready_shipment(order)
    (line,) = shipment_lines(shipment)

    with pytest.raises(WrongState):
        do(shipments.ship, shipment, on=TODAY)
    do(shipments.pick, shipment, picks=[shipments.Pick(line.pk, Decimal(8))])
    do(shipments.pack, shipment)
    do(shipments.ship, shipment, on=TODAY)

    assert (line_of(order).shipped, reserved(order)) == (8, 2)
    assert (stand(lamp).on_hand, stand(lamp).reserved) == ("2", "2")


def test_a_lot_is_picked_by_name_and_never_after_its_last_day():
    milk = goods("MILK-1")
    kept(milk, tracking="lot", has_expiry=True)
    old = a_lot(milk, "OLD", expires_on=TODAY)
    fresh = a_lot(milk, "FRESH", expires_on=TODAY + timedelta(days=9))
    goods_on_hand(milk, "5", lot=old)
    goods_on_hand(milk, "5", lot=fresh)
    order = an_order(ordered(milk, "4"))
    shipment = a_ready_shipment(order)
    (line,) = shipment_lines(shipment)

    Lot.objects.filter(pk=old.pk).update(expires_on=TODAY - timedelta(days=1))
    with pytest.raises(LotExpired):
        do(shipments.pick, shipment, picks=[shipments.Pick(line.pk, Decimal(4), lot_id=old.pk)])
    do(shipments.pick, shipment, picks=[shipments.Pick(line.pk, Decimal(3), lot_id=fresh.pk)])
    assert reserved(order) == 4
    do(shipments.ship, shipment, on=TODAY)

    assert stand(milk).on_hand == "7"
    assert fresh.balances.get(location__warehouse__isnull=False).on_hand == 2


def test_a_split_takes_its_reservations_along():
    order = an_order(ordered(goods(on_hand="10"), "10"))
    first = a_ready_shipment(order)
    (line,) = shipment_lines(first)

    second = do(shipments.split, first, parts=[(line.pk, Decimal(4))])
    for shipment in (first, second):
        do(shipments.make_ready, shipment)
        do(shipments.ship, shipment, on=TODAY)

    numbers = list(Shipment.objects.order_by("id").values_list("number", flat=True))
    assert numbers == ["SHP-000001", "SHP-000002"]
    assert (line_of(order).shipped, reserved(order)) == (10, 0)


def test_a_cancelled_shipment_gives_the_order_its_stock_back():
    lamp = goods(on_hand="10")
    order = an_order(ordered(lamp, "10"))
    shipment = a_ready_shipment(order, "6")

    do(shipments.cancel, shipment)

    assert (reserved(order), stand(lamp).reserved) == (10, "10")
    orders.release(again(order), by=SYSTEM, at=NOON)
    assert stand(lamp).reserved == "0"


def test_a_shipment_beyond_what_is_open_by_now_stays_here():
    lamp = goods(on_hand="10")
    order = an_order(ordered(lamp, "10"))
    shipment = a_ready_shipment(order)
    change = orders.LineChange(line_of(order).pk, quantity=Decimal(4))
    orders.amend(again(order), lines=[change], by=SYSTEM, at=NOON)

    with pytest.raises(shipments.TooMuchToShip):
        do(shipments.ship, shipment, on=TODAY)

    assert (stand(lamp).on_hand, line_of(order).shipped) == ("10", 0)


def test_a_closed_period_keeps_the_goods_here():
    lamp = goods(on_hand="10")
    shipment = a_ready_shipment(an_order(ordered(lamp, "1")))
    period = Period.objects.get(starts_on=date(2026, 3, 1))
    close_period(period, expected_version=None, by=SYSTEM, at=NOON)

    with pytest.raises(PeriodClosed):
        do(shipments.ship, shipment, on=TODAY)

    assert (stand(lamp).on_hand, Shipment.objects.get().state) == ("10", ShipmentState.READY)


def test_reversing_puts_stock_and_books_back():
    lamp = goods(on_hand="10", cost="10")
    order = an_order(ordered(lamp, "10"))
    shipment = shipped(order, "4")
    goods_on_hand(lamp, "6", cost="40")
    do(shipments.confirm_delivery, shipment, on=TODAY, proof="Signed by Huda")

    back = do(shipments.reverse, shipment, reason="Wrong address", on=TODAY)

    assert (back.state, back.delivery_proof) == (ShipmentState.REVERSED, "Signed by Huda")
    assert (stand(lamp).on_hand, stand(lamp).value) == ("16", "340.00")
    assert (balance(LedgerRole.COGS), balance(LedgerRole.INVENTORY)) == (0, 0)
    assert (line_of(order).shipped, again(order).delivery_status) == (0, "none")


def test_what_was_invoiced_is_not_reversed():
    order = an_order(ordered(goods(on_hand="10"), "10"))
    shipment = shipped(order, "4")
    invoiced(again(order))

    with pytest.raises(shipments.ShipmentInvoiced):
        do(shipments.reverse, shipment, reason="Wrong address", on=TODAY)

    assert line_of(order).shipped == 4


def test_an_arrival_is_not_before_the_departure():
    shipment = shipped(an_order(ordered(goods(on_hand="1"), "1")))

    with pytest.raises(shipments.DeliveredTooEarly):
        do(shipments.confirm_delivery, shipment, on=TODAY - timedelta(days=1))
