from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from alawael.stock import queries
from alawael.stock.models import ReservationState
from alawael.stock.refusals import NotEnoughStock
from alawael.stock.reserving import (
    hand_over,
    release,
    release_document,
    release_line,
    reserved_of_lines,
    split,
)
from testing.catalog import a_product
from testing.stock import (
    TODAY,
    Stand,
    a_bin,
    a_lot,
    a_warehouse,
    goods_on_hand,
    kept,
    set_aside,
    stand,
)


def test_the_fullest_bin_first_then_the_next(db):
    lamp = a_product()
    small, large = a_bin("RUH-A-01"), a_bin("RUH-A-02")
    goods_on_hand(lamp, "2", at=small)
    goods_on_hand(lamp, "5", at=large)
    goods_on_hand(lamp, "9", at=a_warehouse("JED"))

    picked = set_aside(lamp, "6")

    assert [(row.location, row.quantity) for row in picked] == [(large, 5), (small, 1)]
    assert stand(lamp) == Stand("16", "6", "80.00")
    assert queries.free([lamp.pk]) == {lamp.pk: Decimal(10)}
    assert queries.free([lamp.pk], a_warehouse()) == {lamp.pk: Decimal(1)}


def test_what_expires_first_goes_first_and_expired_never(db):
    milk = a_product("MILK")
    kept(milk, tracking="lot")
    days = {"later": 9, "soon": 2, "gone": -1}
    lots = {code: a_lot(milk, code, expires_on=TODAY + timedelta(days=days[code])) for code in days}
    lots["never"] = a_lot(milk, "never")
    for lot in lots.values():
        goods_on_hand(milk, "3", lot=lot)

    picked = set_aside(milk, "7")

    assert [row.lot.code for row in picked] == ["soon", "later", "never"]
    [named] = set_aside(milk, "1", lot=lots["never"])
    assert named.lot == lots["never"]
    with pytest.raises(NotEnoughStock):
        set_aside(milk, "1", lot=lots["gone"])


def test_all_or_nothing_unless_part_is_enough(db):
    lamp = a_product()
    goods_on_hand(lamp, "3")
    goods_on_hand(lamp, "5", at=queries.quality_of(a_warehouse()))

    with pytest.raises(NotEnoughStock, match="Only 3 of LAMP-1 are free in RUH; 4 are needed"):
        set_aside(lamp, "4")
    assert stand(lamp).reserved == "0"
    assert [row.quantity for row in set_aside(lamp, "4", partly=True)] == [Decimal(3)]
    assert set_aside(lamp, "4", partly=True) == []


def test_it_is_given_back_once(db):
    lamp = a_product()
    goods_on_hand(lamp, "9")
    line = uuid4()
    first = set_aside(lamp, "4", line_id=line)
    set_aside(lamp, "2", line_id=line)

    assert release_line(line, Decimal(3)) == Decimal(3)  # the newest 2, and 1 of the 4
    assert [row.quantity for row in reserved_of_lines([line])[line]] == [Decimal(3)]
    release(first)
    release(first)
    release_document(lamp.pk)

    assert stand(lamp) == Stand("9", "0", "45.00")
    assert release_line(line) == 0


def test_it_is_handed_over_without_becoming_free(db):
    lamp, desk = a_product("LAMP-1"), a_product("DESK-1")
    goods_on_hand(lamp, "9")
    line, shipped = uuid4(), uuid4()
    [held] = set_aside(lamp, "4", line_id=line)

    part, rest = split(held, Decimal(1))
    [moved] = hand_over([part], document=desk, number="SHP-1", line_ids={line: shipped})

    assert (moved.document_id, moved.document_number, moved.quantity) == (desk.pk, "SHP-1", 1)
    kept_back = reserved_of_lines([line, shipped])
    assert kept_back == {line: [rest], shipped: [held]}
    assert rest.state == ReservationState.ACTIVE
    assert stand(lamp) == Stand("9", "4", "45.00")
