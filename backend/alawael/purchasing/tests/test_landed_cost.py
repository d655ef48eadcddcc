from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from alawael.core.models import AuditEvent
from alawael.ledger.models import LedgerRole
from alawael.purchasing import landed_cost, receipts
from alawael.purchasing.models import CostSplit, LandedCost
from testing.cast import NOON
from testing.purchasing import (
    a_lamp,
    a_wish,
    an_order,
    balance_of,
    contradictions,
    entry_of,
    open_buying,
    received,
)
from testing.stock import goods_gone, kept, stand

MARCH = date(2026, 3, 31)


@pytest.fixture
def buying(db):
    open_buying()


def freight(receipt, amount="100", split=CostSplit.VALUE, **values):
    return landed_cost.add_landed_cost(
        receipt, amount=Decimal(amount), split=split, description="Freight", on=MARCH,
        at=NOON, **values,
    )  # fmt: skip


def test_freight_lies_on_what_is_here_and_is_a_cost_of_what_is_gone(buying, amal):
    lamp = a_lamp()
    receipt = received(an_order(a_wish(lamp)))
    goods_gone(lamp, "30")

    cost = freight(receipt, by=amal)

    assert cost.number == "LC-000001"
    told = AuditEvent.objects.get(record_id=receipt.pk, action="receipt.landed_cost_added")
    assert (told.changes["landed_cost"], told.changes["amount"]) == ("LC-000001", "100")
    assert entry_of(cost.entry) == {
        "INVENTORY": "70.00", "COGS": "30.00", "LANDED_COST": "-100.00",
    }  # fmt: skip
    assert stand(lamp).value == "770.00"
    assert balance_of(LedgerRole.LANDED_COST) == "-100.00"
    with pytest.raises(receipts.ReceiptHasCosts):
        receipts.reverse_receipt(receipt, reason="x", by=amal, at=NOON)
    assert contradictions() == []


def test_it_is_split_by_what_one_likes(buying, amal):
    lamp, safe = a_lamp(), a_lamp("SAFE")
    kept(lamp, weight_kg=Decimal(1))
    kept(safe, weight_kg=Decimal(99))
    receipt = received(an_order(a_wish(lamp, "10", "10"), a_wish(safe, "10", "30")))

    for split in (CostSplit.QUANTITY, CostSplit.VALUE, CostSplit.WEIGHT):
        freight(receipt, split=split, by=amal)

    shares = [
        [f"{line.amount:f}" for line in cost.lines.order_by("id")]
        for cost in LandedCost.objects.order_by("id")
    ]
    assert shares == [["50.00", "50.00"], ["25.00", "75.00"], ["1.00", "99.00"]]
    with pytest.raises(landed_cost.NothingToSplitBy):
        freight(receipt, split=CostSplit.VOLUME, by=amal)


def test_shares_add_up_to_the_halala():
    keys = [UUID(int=number) for number in range(3)]

    shares = landed_cost.split_amount(Decimal("100.00"), dict.fromkeys(keys, Decimal(1)))

    assert list(shares.values()) == [Decimal("33.33"), Decimal("33.34"), Decimal("33.33")]
    assert landed_cost.split_amount(Decimal(1), dict.fromkeys(keys, Decimal(0))) == {}
