"""Many at once: one wins, the others are told why, and the figures add up."""

from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.unit_of_work import unit_of_work
from alawael.core.verify import verify
from alawael.sales import billing, orders, shipments
from alawael.sales.holding import reserved_of
from alawael.sales.models import SalesOrder, Shipment
from alawael.stock import transfers
from alawael.stock.transfer_drafting import TransferLine
from testing.cast import NOON
from testing.invoicing import a_buyer
from testing.races import MANY, at_once
from testing.sales import (
    a_draft_order,
    a_ready_shipment,
    again,
    an_order,
    goods,
    line_of,
    open_for_sales,
    ordered,
    the_buyer,
)
from testing.stock import TODAY, a_warehouse, stand

pytestmark = pytest.mark.usefixtures("store")


def broken():
    found = {finding.name: finding.contradictions for finding in verify() if not finding.holds}
    # Goods of these tests came in without a receipt, so the books do not know of them.
    return {name: said for name, said in found.items() if "accounts of stock" not in name}


def test_many_shipments_of_one_order_ship_it_once():
    lamp = goods(on_hand="20")
    order = an_order(ordered(lamp, "10"))

    @unit_of_work
    def deliver(_):
        shipment = shipments.create_from_order(order, by=SYSTEM, at=NOON)
        shipments.make_ready(shipment, by=SYSTEM, at=NOON)
        return shipments.ship(shipment, on=TODAY, by=SYSTEM, at=NOON).state

    results = at_once(deliver, range(MANY))

    assert (results.count("shipped"), results.count("nothing_open")) == (1, MANY - 1)
    assert (line_of(order).shipped, stand(lamp).on_hand) == (10, "10")
    assert broken() == {}


def test_many_clicks_ship_a_shipment_once():
    lamp = goods(on_hand="10")
    shipment = a_ready_shipment(an_order(ordered(lamp, "4")))
    copies = [Shipment.objects.select_related("order").get(pk=shipment.pk) for _ in range(MANY)]

    results = at_once(lambda copy: shipments.ship(copy, on=TODAY, by=SYSTEM, at=NOON).state, copies)

    # The shipment itself says no, before its order, its reservations or the stock have to.
    assert (results.count("shipped"), results.count("version_conflict")) == (1, MANY - 1)
    assert stand(lamp).on_hand == "6"


def test_two_clicks_confirm_an_order_once():
    lamp = goods(on_hand="10")
    order = a_draft_order(ordered(lamp, "4"))

    results = at_once(
        lambda copy: orders.confirm(copy, by=SYSTEM, at=NOON).state,
        [again(order), again(order)],
    )

    assert sorted(results) == ["confirmed", "version_conflict"]
    assert (again(order).number, stand(lamp).reserved) == ("SO-000001", "4")


def test_of_many_orders_one_gets_the_last_piece():
    lamp = goods(on_hand="1")

    @unit_of_work
    def drafts():
        buyer = the_buyer()
        return [a_draft_order(ordered(lamp, "1"), customer=buyer) for _ in range(MANY)]

    rivals = [again(order) for order in drafts()]
    at_once(lambda order: orders.confirm(order, by=SYSTEM, at=NOON).state, rivals)

    lines = [line_of(order).pk for order in SalesOrder.objects.all()]
    reserved = reserved_of(lines)
    assert sorted(reserved[line] for line in lines) == [0] * (MANY - 1) + [1]
    assert (stand(lamp).reserved, broken()) == ("1", {})


def test_of_two_orders_one_fits_into_the_credit_limit():
    lamp, buyer = goods(), a_buyer(credit_limit=Decimal(300))
    drafts = [again(a_draft_order(ordered(lamp, "10"), customer=buyer)) for _ in range(2)]
    # Quoted orders have their numbers, so that they do not meet over these.
    rivals = [orders.send_quote(draft, by=SYSTEM, at=NOON) for draft in drafts]

    results = at_once(lambda order: orders.confirm(order, by=SYSTEM, at=NOON).state, rivals)

    assert sorted(results) == ["confirmed", "credit_limit_exceeded"]


def test_an_order_is_billed_once_however_many_ask():
    open_for_sales(invoice_policy="ordered")
    order = an_order(ordered(goods(), "10"))

    results = at_once(
        lambda copy: billing.invoice_order(copy, by=SYSTEM, at=NOON).number,
        [again(order) for _ in range(8)],
    )

    assert results.count("INV-000001") == 1
    assert (line_of(order).invoiced, broken()) == (10, {})


def test_a_shipment_and_a_transfer_do_not_take_the_same_pieces():
    lamp = goods(on_hand="10")
    source, destination = a_warehouse(), a_warehouse("JED")
    order = a_draft_order(ordered(lamp, "10"))

    @unit_of_work
    def deliver(_):
        mine = again(order)
        orders.confirm(mine, by=SYSTEM, at=NOON)
        shipment = shipments.create_from_order(mine, by=SYSTEM, at=NOON)
        shipments.make_ready(shipment, by=SYSTEM, at=NOON)
        return shipments.ship(shipment, on=TODAY, by=SYSTEM, at=NOON).state

    @unit_of_work
    def send(_):
        lines = [TransferLine(lamp.pk, Decimal(10))]
        transfer = transfers.draft_transfer(source, destination, lines, by=SYSTEM, at=NOON)
        transfers.reserve_transfer(transfer, by=SYSTEM, at=NOON)
        return transfers.dispatch_transfer(transfer, on=TODAY, by=SYSTEM, at=NOON).state

    results = at_once(lambda rival: (deliver if rival % 2 else send)(rival), range(8))

    assert results.count("shipped") + results.count("in_transit") == 1
    assert stand(lamp).on_hand == ("0" if "shipped" in results else "10")
    assert broken() == {}
