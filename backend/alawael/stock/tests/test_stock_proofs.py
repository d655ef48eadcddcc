"""Each proof holds after real work, and speaks when a row is broken; rebuilding heals it."""

from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.unit_of_work import unit_of_work
from alawael.core.verify import verify
from alawael.stock import adjusting, queries, rebuild
from alawael.stock.models import CostLayer, CostState, LocationType, StockBalance, Warehouse
from testing.cast import NOON
from testing.catalog import a_product
from testing.ledger import open_books
from testing.stock import (
    TODAY,
    a_bin,
    a_warehouse,
    an_adjustment,
    goods_gone,
    goods_on_hand,
    kept,
    moved,
    revalued,
    set_aside,
    stand,
)

ON_HAND = "Stock on hand and set aside is what moves and reservations say"
COSTS = "Cost = Σ values that came in − went out + were adjusted"
LAYERS = "Layers of cost add up to what is held"
RESERVED = "0 ≤ reserved ≤ on hand, where goods must be there before they leave"
BOOKS = "The accounts of stock = Σ cost of what is held"
OURS = {ON_HAND, COSTS, LAYERS, RESERVED, BOOKS}


def broken():
    """The proofs of this domain that do not hold."""
    return {found.name for found in verify() if found.name in OURS and not found.holds}


@pytest.fixture
def worked(db):
    """Two products, opened, moved inside, lost, reserved and reversed; one of them by layers."""

    def work():
        open_books()
        a_warehouse(allows_negative=True)
        lamp, fan = a_product("LAMP-1"), a_product("FAN-1")
        kept(fan, costing="fifo")
        for product in (lamp, fan):
            an_adjustment("opening", product, "10", cost="3")
            an_adjustment("gain", product, "4", cost="5")
            an_adjustment("loss", product, "3")
            moved(product, "2", queries.root_of(a_warehouse()), a_bin(f"B-{product.sku}"))
            set_aside(product, "5")
        adjusting.reverse_adjustment(
            an_adjustment("gain", fan, "1", cost="9"), on=TODAY, reason="", by=SYSTEM, at=NOON
        )
        an_adjustment("loss", a_product("GONE"), "2")
        an_adjustment("gain", a_product("GONE-2"), "2", cost="4")
        return lamp, fan

    return unit_of_work(work)()


def test_everything_holds_after_work_and_a_rebuild_finds_nothing(worked):
    assert broken() == set()
    assert rebuild.differences() == []


def test_each_proof_sees_its_row_and_rebuilding_heals_it(worked):
    lamp, fan = worked
    before = stand(lamp), stand(fan)
    CostState.objects.filter(product=lamp).update(value=Decimal(1))
    assert broken() == {COSTS, BOOKS}
    StockBalance.objects.filter(product=lamp).delete()
    CostLayer.objects.filter(product=fan).update(remaining=Decimal(1))
    root = queries.root_of(a_warehouse())
    StockBalance.objects.filter(product=fan, location=root).update(
        on_hand=1, reserved=2, available=-1
    )
    assert {ON_HAND, LAYERS, COSTS} <= broken()
    Warehouse.objects.update(allows_negative=False)
    assert RESERVED in broken()

    said = "\n".join(rebuild.in_words(rebuild.rebuild()))
    assert "LAMP-1: RUH lacks" in said
    assert "FAN-1: has other cost layers" in said

    assert (stand(lamp), stand(fan)) == before
    assert broken() - {RESERVED} == set()


def test_a_rebuild_repeats_what_was_settled_and_revalued(db):
    def work():
        open_books()
        a_warehouse(allows_negative=True)
        lamp, fan = a_product("LAMP-1"), a_product("FAN-1")
        kept(fan, costing="fifo")
        outside = queries.virtual(LocationType.CUSTOMER)
        for product in (lamp, fan):
            first = goods_on_hand(product, "3", cost="10")
            goods_gone(product, "5")
            goods_on_hand(product, "10", cost="12")
            revalued(product, "7", quantity="10")
            revalued(product, "7", quantity="3", move=first)
            moved(product, "2", outside, first.destination, value=Decimal(9))
        return lamp, fan

    lamp, fan = unit_of_work(work)()

    assert rebuild.differences() == []
    for product in (lamp, fan):
        rebuild.put_right(product.pk)
    assert rebuild.differences() == []
