"""Two people, one piece: exactly one of them gets it."""

from decimal import Decimal
from uuid import uuid4

import pytest

from alawael.core.unit_of_work import StartAgain, unit_of_work
from alawael.stock import queries
from alawael.stock.balances import Shifts
from alawael.stock.costing import Costs
from alawael.stock.models import CostState, StockBalance, StockMove
from testing.catalog import a_product
from testing.races import MANY, at_once
from testing.stock import (
    Stand,
    a_lot,
    a_warehouse,
    goods_gone,
    goods_on_hand,
    kept,
    set_aside,
    stand,
)


def test_the_last_piece_is_set_aside_once(db):
    lamp = a_product()
    goods_on_hand(lamp, "1")

    results = at_once(lambda line: set_aside(lamp, "1", line_id=line), [uuid4()] * MANY)

    assert results.count("not_enough_stock") == MANY - 1
    assert stand(lamp) == Stand("1", "1", "5.00")


def test_a_balance_gives_no_more_than_is_free_to_those_who_did_not_look(db):
    lamp = a_product()
    goods_on_hand(lamp, "3")
    shelf = queries.root_of(a_warehouse())

    @unit_of_work
    def claim(_):
        shifts = Shifts()
        shifts.add(lamp.pk, shelf, None, reserved=Decimal(1))
        return "won" if not shifts.apply() else "too late"

    results = at_once(claim, range(16))

    assert (results.count("won"), results.count("too late")) == (3, 13)
    assert stand(lamp) == Stand("3", "3", "15.00")


def test_ten_pieces_go_ten_times(db):
    lamp = a_product()
    goods_on_hand(lamp, "10", cost="0.33")

    results = at_once(lambda _: goods_gone(lamp), range(MANY))

    assert results.count("not_enough_stock") == MANY - 10
    assert stand(lamp) == Stand("0", "0", "0.00")
    numbers = StockMove.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(numbers) == list(range(1, 12))


def test_the_first_receipts_of_a_product_share_its_rows(db):
    lamp = a_product()
    house = a_warehouse()

    at_once(lambda _: goods_on_hand(lamp, "2", cost="5", at=house), range(16))

    assert stand(lamp) == Stand("32", "0", "160.00")
    assert (StockBalance.objects.count(), CostState.objects.get().quantity) == (1, 32)


def test_a_worth_that_another_has_changed_meanwhile_is_not_written(db):
    lamp = a_product()
    goods_on_hand(lamp, "2", cost="5")
    first, second = Costs.of([lamp.pk]), Costs.of([lamp.pk])
    first[lamp.pk].receive(Decimal(2), Decimal(10), 2)
    second[lamp.pk].receive(Decimal(2), Decimal(99), 2)

    unit_of_work(first.write)(2)
    with pytest.raises(StartAgain):
        unit_of_work(second.write)(3)

    assert stand(lamp).value == "20.00"


def test_a_serial_number_arrives_in_one_place(db):
    phone = a_product("PHONE")
    kept(phone, tracking="serial")
    houses = [a_warehouse(code) for code in ("RUH", "JED", "DMM", "AHB")]
    a_lot(phone, "SN-1")

    results = at_once(
        lambda house: goods_on_hand(phone, "1", at=house, lot=a_lot(phone, "SN-1")), houses
    )

    assert results.count("serial_on_hand") == 3
    assert stand(phone).on_hand == "1"
