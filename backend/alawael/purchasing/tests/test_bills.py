from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.errors import Invalid
from alawael.invoicing.bill_lines import BillDraftLine
from alawael.invoicing.bills import BillKnown, DebitLine, draft_debit_note
from alawael.invoicing.models import Bill
from alawael.ledger.models import Account, JournalEntry, LedgerRole
from alawael.purchasing import billing, orders, queries
from alawael.purchasing.models import PurchaseOrder
from testing.cast import NOON, a_user
from testing.purchasing import (
    MARCH,
    RENT,
    a_draft_bill,
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
    rules,
)
from testing.stock import goods_gone, stand


@pytest.fixture(autouse=True)
def buying(db):
    open_buying()


@pytest.fixture
def omar(buying):
    return a_user("omar")


def test_a_bill_that_agrees_clears_what_was_received(amal):
    order = an_order(a_wish(a_lamp()))
    received(order)

    bill = billed(order)

    assert entry_of(bill.entry) == {"GRNI": "1000.00", "INPUT_VAT": "150.00", "AP": "-1150.00"}
    assert balance_of(LedgerRole.GRNI) == "0.00"
    assert PurchaseOrder.objects.get().billing_progress == "full"
    assert queries.goods_received_not_billed() == []
    assert contradictions() == []


def test_a_dearer_bill_makes_what_is_left_dearer_and_the_rest_a_variance(amal, omar):
    """Domain rule 3.11: 100 x 10.50 for goods at 10.00, of which 70 are here."""
    lamp = a_lamp()
    order = an_order(a_wish(lamp))
    received(order, "60")
    received(order)
    goods_gone(lamp, "30")

    bill = billed(order, "10.50", approver=omar)

    assert entry_of(bill.entry) == {
        "GRNI": "1000.00", "INVENTORY": "35.00", "PRICE_VARIANCE": "15.00",
        "INPUT_VAT": "157.50", "AP": "-1207.50",
    }  # fmt: skip
    assert stand(lamp).value == "735.00"
    assert queries.open_grni() == 0


def test_what_differs_needs_somebody_elses_approval(amal, omar):
    order = an_order(a_wish(a_lamp()))
    received(order, "60")
    bill = a_draft_bill(order, "11", by=amal)

    check = billing.match_bill(bill, by=amal, at=NOON)

    assert [found["code"] for found in check.differences] == ["price", "quantity"]
    assert Bill.objects.get().state == "draft"
    with pytest.raises(billing.BillDiffers):
        billing.post_order_bill(bill, on=MARCH, by=amal, at=NOON)
    with pytest.raises(orders.ApproverIsAuthor):
        billing.approve_bill(bill, reason="Fine", by=amal, at=NOON)
    with pytest.raises(orders.ReasonMissing):
        billing.approve_bill(bill, reason="", by=omar, at=NOON)
    assert not JournalEntry.objects.filter(kind="bill").exists()
    billing.approve_bill(bill, reason="Agreed by phone", by=omar, at=NOON)
    billing.post_order_bill(bill, on=MARCH, by=amal, at=NOON)
    assert Bill.objects.get().state == "posted"


def test_differences_within_tolerance_match(amal):
    rules(price_percent=Decimal(5), quantity_percent=Decimal(10))
    order = an_order(a_wish(a_lamp()))
    received(order)

    check = billing.match_bill(a_draft_bill(order, "10.50", "105"), by=amal, at=NOON)

    assert (check.state, Bill.objects.get().state) == ("matched", "matched")


def test_a_bill_before_its_receipt_is_cleared_by_it(omar):
    lamp = a_lamp()
    order = an_order(a_wish(lamp))

    bill = billed(order, "10.50", approver=omar)
    assert entry_of(bill.entry)["GRNI"] == "1050.00"
    assert [row.value for row in queries.goods_received_not_billed()] == [-1050]
    receipt = received(order, "40")

    assert (receipt.value, stand(lamp).value) == (420, "420.00")
    assert balance_of(LedgerRole.GRNI) == "630.00"
    received(order)
    assert balance_of(LedgerRole.GRNI) == "0.00"
    assert contradictions() == []


def test_the_exchange_rate_has_its_own_account(omar):
    order = an_order(a_wish(a_lamp()), currency="USD", exchange_rate=Decimal("3.75"))
    received(order)

    bill = billed(order, exchange_rate=Decimal("3.80"))

    assert entry_of(bill.entry) == {
        "GRNI": "3750.00", "FX_GAIN_LOSS": "50.00", "INPUT_VAT": "570.00", "AP": "-4370.00",
    }  # fmt: skip


def test_services_and_expenses_cost_their_account(omar):
    rent = Account.objects.get(code=RENT)
    line = a_wish(None, "1", "500", name_en="Freight", account_id=rent.pk)
    order = an_order(line, a_wish(None, "1", "70", name_en="Without account"))

    with pytest.raises(Invalid) as refused:
        billed(order)
    assert refused.value.errors[0].pointer == "/lines/1/account_id"
    assert not Bill.objects.exists()
    bill = _bill_of_first_line(order)

    assert entry_of(bill.entry) == {RENT: "500.00", "INPUT_VAT": "75.00", "AP": "-575.00"}
    assert line_of(order).billed == 1


def _bill_of_first_line(order):
    line = line_of(order)
    wanted = BillDraftLine(Decimal(1), Decimal(500), name_en="Freight", source_line_id=line.pk)
    bill = billing.draft_bill(
        order, [wanted], supplier_number="S-9", issued_on=MARCH, by=SYSTEM, at=NOON
    )
    billing.match_bill(bill, by=SYSTEM, at=NOON)
    return billing.post_order_bill(bill, on=MARCH, by=SYSTEM, at=NOON)


def test_the_same_paper_and_more_than_is_open_are_refused(amal):
    order = an_order(a_wish(a_lamp()))
    received(order, "60")
    billed(order)

    with pytest.raises(billing.NothingToBill):
        a_draft_bill(order, supplier_number="S-2")
    with pytest.raises(BillKnown):
        a_draft_bill(order, "10", "1")


def test_a_wrong_bill_is_taken_back_with_what_it_did_to_the_stock(amal, omar):
    lamp = a_lamp()
    order = an_order(a_wish(lamp))
    received(order)
    bill = billed(order, "11", approver=omar)
    assert stand(lamp).value == "1100.00"

    billing.reverse_order_bill(bill, reason="Typing error", by=amal, at=NOON)

    assert (stand(lamp).value, line_of(order).billed) == ("1000.00", 0)
    assert balance_of(LedgerRole.GRNI) == "-1000.00"
    assert balance_of(LedgerRole.INVENTORY) == "1000.00"
    assert contradictions() == []
    assert billed(order).supplier_number == "S-1"


def test_goods_that_left_since_do_not_lose_value_twice(amal, omar):
    lamp = a_lamp()
    order = an_order(a_wish(lamp))
    received(order)
    bill = billed(order, "11", approver=omar)
    goods_gone(lamp, "100")

    billing.reverse_order_bill(bill, reason="Typing error", by=amal, at=NOON)

    # The goods left at 11.00 each, which the builder does not book.
    assert stand(lamp).value == "0.00"
    assert (balance_of(LedgerRole.INVENTORY), balance_of(LedgerRole.PRICE_VARIANCE)) == (
        "1100.00", "-100.00",
    )  # fmt: skip


def test_a_lower_price_afterwards_makes_the_goods_cheaper(amal):
    lamp = a_lamp()
    order = an_order(a_wish(lamp))
    received(order)
    bill = billed(order)
    goods_gone(lamp, "25")

    cheaper = [DebitLine(bill.lines.get().pk, Decimal(100), Decimal("0.40"))]
    note = draft_debit_note(
        bill, cheaper, supplier_number="CN-1", issued_on=MARCH, reason="Bonus", by=amal, at=NOON
    )
    billing.match_bill(note, by=amal, at=NOON)
    note = billing.post_order_bill(note, on=MARCH, by=amal, at=NOON)

    assert entry_of(note.entry) == {
        "INVENTORY": "-30.00", "PRICE_VARIANCE": "-10.00", "INPUT_VAT": "-6.00", "AP": "46.00",
    }  # fmt: skip
    assert (stand(lamp).value, line_of(order).debited) == ("720.00", 0)
