from datetime import date
from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.errors import Invalid
from alawael.ledger.models import JournalEntry, LedgerRole
from alawael.purchasing import orders, receipts
from alawael.purchasing.models import PurchaseOrder, Receipt, ReceiptLine
from alawael.stock import queries as stock
from alawael.stock.lots import ExpiryRequired
from alawael.stock.models import StockItem, StockMove
from alawael.stock.refusals import LotRequired, NotEnoughStock, SerialOnHand
from testing.cast import NOON
from testing.catalog import a_product, a_unit
from testing.purchasing import (
    a_draft_receipt,
    a_wish,
    an_order,
    balance_of,
    billed,
    contradictions,
    entry_of,
    line_of,
    open_buying,
    received,
    rules,
)
from testing.stock import a_bin, a_lot, a_warehouse, goods_gone, kept, stand


@pytest.fixture(autouse=True)
def buying(db):
    open_buying()


def fresh(receipt):
    return Receipt.objects.get(pk=receipt.pk)


def test_goods_come_in_at_the_price_of_the_order():
    lamp = a_product()
    order = an_order(a_wish(lamp))

    first = received(order, "60")

    assert (first.number, first.state) == ("GR-000001", "posted")
    assert entry_of(first.entry) == {"INVENTORY": "600.00", "GRNI": "-600.00"}
    assert (stand(lamp).on_hand, stand(lamp).value) == ("60", "600.00")
    assert PurchaseOrder.objects.get().receipt_progress == "part"
    received(order)
    assert (line_of(order).received, stand(lamp).value) == (100, "1000.00")
    order.refresh_from_db()
    assert (order.receipt_progress, order.billing_progress) == ("full", "none")
    assert contradictions() == []


def test_parts_add_up_to_the_whole_to_the_halala():
    lamp = a_product()
    order = an_order(a_wish(lamp, "3", "33.33", discount=Decimal("0.01")))

    for _ in range(3):
        received(order, "1")

    assert order.net == Decimal("99.98")
    assert stand(lamp).value == "99.98"


def test_more_than_the_order_is_refused_beyond_a_tolerance():
    order = an_order()
    too_much = a_draft_receipt(order, "106")
    rules(over_receipt_percent=Decimal(5))

    with pytest.raises(receipts.TooMuchReceived):
        receipts.post_receipt(too_much, by=SYSTEM, at=NOON)

    assert (fresh(too_much).state, line_of(order).received) == ("draft", 0)
    assert not StockMove.objects.exists()
    assert not JournalEntry.objects.exists()
    received(order, "105")
    assert line_of(order).received == 105


def test_a_held_or_closed_order_takes_no_goods(amal):
    order = an_order()
    draft = a_draft_receipt(order)
    orders.hold_order(order, reason="Price dispute", by=amal, at=NOON)

    with pytest.raises(receipts.OrderOnHold, match="Price dispute"):
        receipts.post_receipt(draft, by=amal, at=NOON)
    orders.unhold_order(PurchaseOrder.objects.get(), by=amal, at=NOON)
    orders.close_order(
        PurchaseOrder.objects.get(), reason="x", short_close_rest=True, by=amal, at=NOON
    )
    with pytest.raises(receipts.OrderNotOpen):
        receipts.post_receipt(fresh(draft), by=amal, at=NOON)


def test_lots_and_serials_are_asked_for(amal):
    milk, phone = a_product("MILK"), a_product("PHONE")
    kept(milk, tracking="lot", has_expiry=True)
    kept(phone, tracking="serial")
    order = an_order(a_wish(milk, "10"))

    with pytest.raises(LotRequired):
        received(order, "5")
    with pytest.raises(ExpiryRequired):
        received(order, "5", lot_code="L-1")
    received(order, "5", lot_code="L-1", expires_on=date(2026, 9, 30))
    assert ReceiptLine.objects.get(lot__isnull=False).lot.expires_on == date(2026, 9, 30)

    order = an_order(a_wish(phone, "2"))
    received(order, "1", lot_code="SN-1")
    with pytest.raises(SerialOnHand):
        received(order, "1", lot_code="sn-1")


def test_who_receives_an_expired_lot_is_told_before_and_not_kept_from_it(as_amal):
    milk, tea = a_product("MILK"), a_product("TEA")
    kept(milk, tracking="lot", has_expiry=True)
    kept(tea, tracking="lot")
    a_lot(milk, "OLD", expires_on=date(2026, 3, 30))
    a_lot(tea, "PLAIN")
    StockItem.objects.filter(product=tea).update(has_expiry=True)
    order = an_order(a_wish(milk, "10"), a_wish(tea, "10"))
    of_milk, of_tea = str(line_of(order).pk), str(line_of(order, 2).pk)
    lots = [
        (of_milk, "GOOD", "2099-01-01"), (of_milk, "old", None), (of_milk, "BAD", "2026-03-01"),
        (of_tea, "PLAIN", None),
    ]  # fmt: skip
    lines = [
        {"order_line_id": line, "quantity": "1", "lot_code": lot, "expires_on": day}
        for line, lot, day in lots
    ]
    draft = as_amal.post("/api/receipts", {"order_id": str(order.pk), "lines": lines}).json()

    told = as_amal.post(f"/api/receipts/{draft['id']}/post?dry_run=true").json()["warnings"]

    assert [(one["pointer"], one["code"]) for one in told] == [
        ("/lines/1/expires_on", "expired"),
        ("/lines/2/expires_on", "expired"),
        ("/lines/3/expires_on", "no_expiry"),
    ]
    assert "Lot old of MILK expired on 2026-03-30" in told[0]["message"]
    arabic = as_amal.post(
        f"/api/receipts/{draft['id']}/post?dry_run=true", HTTP_ACCEPT_LANGUAGE="ar"
    ).json()["warnings"]
    assert "انتهت صلاحية التشغيلة BAD" in arabic[1]["message"]
    posted = as_amal.post(f"/api/receipts/{draft['id']}/post").json()
    assert (posted["state"], len(posted["lines"])) == ("posted", 4)


def test_inspected_goods_are_sellable_only_once_they_are_accepted(amal):
    lamp = a_product()
    kept(lamp, needs_inspection=True)
    shelf = a_bin()
    order = an_order(a_wish(lamp))
    receipt = received(order, "100", location_id=shelf.pk)
    assert (receipt.state, stock.free([lamp.pk])[lamp.pk]) == ("inspection", 0)
    line = receipt.lines.get()

    with pytest.raises(receipts.WrongDecision):
        receipts.decide_receipt(
            fresh(receipt), [receipts.Decision(line.pk, Decimal(90), Decimal(9))], by=amal, at=NOON
        )
    receipts.decide_receipt(
        fresh(receipt), [receipts.Decision(line.pk, Decimal(90), Decimal(10))], by=amal, at=NOON
    )

    assert (fresh(receipt).state, stock.free([lamp.pk])[lamp.pk]) == ("posted", 90)
    assert JournalEntry.objects.count() == 1
    assert stand(lamp).value == "1000.00"
    receipts.reverse_receipt(fresh(receipt), reason="Wrong order", by=amal, at=NOON)
    assert stand(lamp).on_hand == "0"
    assert contradictions() == []


def test_a_wrong_receipt_goes_back_as_it_came(amal):
    lamp = a_product()
    order = an_order(a_wish(lamp))
    receipt = received(order, "60")

    receipts.reverse_receipt(receipt, reason="Other order", by=amal, at=NOON)

    receipt = fresh(receipt)
    assert (receipt.state, line_of(order).received) == ("reversed", 0)
    assert entry_of(receipt.reversal_entry) == {"INVENTORY": "-600.00", "GRNI": "600.00"}
    assert (stand(lamp).on_hand, stand(lamp).value) == ("0", "0.00")
    assert contradictions() == []


def test_goods_that_are_gone_or_billed_are_not_reversed(amal):
    lamp = a_product()
    order = an_order(a_wish(lamp))
    first, second = received(order, "60"), received(order, "40")
    billed(order, "10", "60")

    with pytest.raises(receipts.ReceiptBilled):
        receipts.reverse_receipt(first, reason="x", by=amal, at=NOON)
    goods_gone(lamp, "70")
    with pytest.raises(NotEnoughStock):
        receipts.reverse_receipt(second, reason="x", by=amal, at=NOON)

    assert {row.state for row in Receipt.objects.all()} == {"posted"}
    assert line_of(order).received == 100


def test_boxes_are_received_as_pieces_at_the_rate_of_the_day():
    box = a_unit("box")
    lamp = a_product(units=[{"unit_id": box.pk, "numerator": 12}])
    order = an_order(
        a_wish(lamp, "2", "12", unit_id=box.pk), currency="USD", exchange_rate=Decimal("3.75")
    )

    receipt = received(order, "1", unit_id=box.pk, exchange_rate=Decimal("3.80"))

    assert (receipt.lines.get().quantity, receipt.value) == (12, Decimal("45.60"))
    assert stand(lamp).on_hand == "12"


def test_a_line_of_another_order_or_place_is_refused():
    order, other = an_order(), an_order(a_wish(a_product("OTHER")))
    elsewhere = stock.root_of(a_warehouse("JED"))
    with pytest.raises(Invalid) as refused:
        receipts.draft_receipt(
            order,
            [receipts.ReceiptLineDraft(line_of(other).pk, Decimal(1))],
            by=SYSTEM,
            at=NOON,
        )
    assert refused.value.errors[0].pointer == "/lines/0/order_line_id"
    with pytest.raises(Invalid) as refused:
        a_draft_receipt(order, "1", location_id=elsewhere.pk)
    assert refused.value.errors[0].pointer == "/lines/0/location_id"
    assert balance_of(LedgerRole.GRNI) == "0.00"
