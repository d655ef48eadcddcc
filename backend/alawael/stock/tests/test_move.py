from datetime import date, timedelta
from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.unit_of_work import unit_of_work
from alawael.ledger.models import JournalEntry, LedgerRole
from alawael.stock import queries
from alawael.stock.models import (
    CostLayer,
    CostState,
    LocationType,
    ReservationState,
    StockMove,
    StockSettings,
    ValueAdjustment,
)
from alawael.stock.moving import Movement, move, reverse_moves
from alawael.stock.refusals import (
    LotExpired,
    LotNotKept,
    LotRequired,
    MoveReversed,
    NotEnoughStock,
    NotGoods,
    ReservationMismatch,
    SerialIsOnePiece,
    SerialOnHand,
    StockDateInFuture,
    StockFrozen,
)
from testing.cast import NOON
from testing.catalog import a_product, a_service
from testing.ledger import open_books
from testing.stock import (
    TODAY,
    Stand,
    a_bin,
    a_lot,
    a_warehouse,
    goods_gone,
    goods_on_hand,
    kept,
    moved,
    revalued,
    set_aside,
    stand,
)

CUSTOMER, SUPPLIER = LocationType.CUSTOMER, LocationType.SUPPLIER


def back(*moves, **values):
    document = moves[0].product
    return reverse_moves(
        moves, document=document, number="TEST-2", on=TODAY, by=SYSTEM, at=NOON, **values
    )


def test_the_stock_column_of_the_worked_example(db):
    """design/domain.md 3.11."""
    lamp = a_product()

    goods_on_hand(lamp, "60", cost="10")
    goods_on_hand(lamp, "40", cost="10")
    shipped = goods_gone(lamp, "30")
    assert (shipped.value, stand(lamp)) == (Decimal(300), Stand("70", "0", "700.00"))
    split = revalued(lamp, "50", quantity="100")
    assert (split.on_hand, split.gone) == (Decimal(35), Decimal(15))
    assert goods_gone(lamp, "20").value == Decimal(210)
    root = queries.root_of(a_warehouse())
    moved(lamp, "5", queries.virtual(CUSTOMER), root, value=Decimal(50))

    assert stand(lamp) == Stand("55", "0", "575.00")
    assert round(CostState.objects.get().average, 4) == Decimal("10.4545")
    moves = list(StockMove.objects.order_by("sequence").values_list("sequence", "unit_cost"))
    assert [sequence for sequence, _ in moves] == [1, 2, 3, 5, 6]  # 4 is the bill's difference
    assert moves[3][1] == Decimal("10.5")


def test_moves_are_answered_in_order_and_shift_every_place(db):
    with_all = unit_of_work(lambda: (a_product("B"), a_product("A"), a_bin("RUH-A-01")))
    lamp, desk, shelf = with_all()
    root = queries.root_of(a_warehouse())
    goods_on_hand(lamp, "10", cost="3")
    goods_on_hand(desk, "4", cost="7")

    moves = move(
        [
            Movement(lamp.pk, Decimal(6), root, shelf),
            Movement(lamp.pk, Decimal(5), shelf, queries.virtual(CUSTOMER)),
            Movement(desk.pk, Decimal(4), root, queries.virtual(CUSTOMER)),
        ],
        document=lamp,
        number="S-1",
        on=TODAY,
        by=SYSTEM,
        at=NOON,
    )

    assert [(row.product_id, row.value) for row in moves] == [
        (lamp.pk, Decimal(18)),
        (lamp.pk, Decimal(15)),
        (desk.pk, Decimal(28)),
    ]
    assert queries.moves_of(lamp)[-3:] == moves
    assert stand(lamp) == Stand("5", "0", "15.00")
    assert {row.location.code: row.on_hand for row in queries.balances().filter(product=lamp)} == {
        "RUH": Decimal(4),
        "RUH-A-01": Decimal(1),
    }
    assert stand(desk) == Stand("0", "0", "0.00")


def test_refuses_what_is_not_there_and_moves_nothing(db):
    lamp, desk = a_product("LAMP-1"), a_product("DESK-1")
    goods_on_hand(lamp, "5")
    set_aside(lamp, "2")
    root, out = queries.root_of(a_warehouse()), queries.virtual(CUSTOMER)

    with pytest.raises(NotEnoughStock, match="Only 3 of LAMP-1 are free in RUH; 4 are needed"):
        goods_gone(lamp, "4")
    with pytest.raises(NotEnoughStock) as refused:
        move(
            [
                Movement(lamp.pk, Decimal(1), root, out),
                Movement(desk.pk, Decimal("1.5"), root, out),
            ],
            document=lamp,
            number="S-1",
            on=TODAY,
            by=SYSTEM,
            at=NOON,
        )

    assert refused.value.facts == {
        "sku": "DESK-1", "wanted": "1.5", "free": "0", "location": "RUH",
    }  # fmt: skip
    assert "DESK-1" in refused.value.sentence("ar")
    assert stand(lamp) == Stand("5", "2", "25.00")
    assert StockMove.objects.count() == 1
    with pytest.raises(NotGoods):
        goods_on_hand(a_service())


def test_a_reservation_is_consumed_and_its_rest_stays(db):
    lamp = a_product()
    goods_on_hand(lamp, "5")
    [held] = set_aside(lamp, "4")

    goods_gone(lamp, "3", reservation=held)
    assert (held.quantity, stand(lamp)) == (Decimal(1), Stand("2", "1", "10.00"))
    with pytest.raises(ReservationMismatch):
        goods_gone(lamp, "2", reservation=held)
    assert stand(lamp) == Stand("2", "1", "10.00")
    goods_gone(lamp, "1", reservation=held)

    assert (held.state, stand(lamp)) == (ReservationState.CONSUMED, Stand("1", "0", "5.00"))


def test_days_are_neither_frozen_nor_still_to_come(db):
    lamp = a_product()
    goods_on_hand(lamp, "5")
    StockSettings.objects.create(frozen_until=TODAY)

    with pytest.raises(StockFrozen, match=TODAY.isoformat()):
        goods_gone(lamp)
    with pytest.raises(StockDateInFuture):
        goods_gone(lamp, on=TODAY + timedelta(days=1), may_backdate=True)
    assert goods_gone(lamp, on=date(2026, 1, 2), may_backdate=True).effective_on.month == 1


def test_lots_are_asked_for_and_expired_ones_stay_here(db):
    milk, lamp = a_product("MILK"), a_product("LAMP-1")
    kept(milk, tracking="lot", has_expiry=True)
    fresh = a_lot(milk, "NEW", expires_on=TODAY)
    old = a_lot(milk, "old", expires_on=TODAY - timedelta(days=1))
    assert a_lot(milk, "OLD ") == old
    goods_on_hand(milk, "5", lot=fresh)
    goods_on_hand(milk, "5", lot=old)

    with pytest.raises(LotRequired):
        goods_gone(milk)
    with pytest.raises(LotExpired, match="2026-03-30"):
        goods_gone(milk, lot=old)
    with pytest.raises(LotNotKept):
        goods_on_hand(lamp, lot=fresh)
    goods_gone(milk, lot=fresh)
    root = queries.root_of(a_warehouse())
    moved(milk, "5", root, queries.virtual(LocationType.ADJUSTMENT), lot=old)  # scrapped

    assert stand(milk) == Stand("4", "0", "20.00")


def test_a_serial_number_is_one_piece_in_one_place(db):
    phone = a_product("PHONE")
    kept(phone, tracking="serial")
    serial = a_lot(phone, "SN-1")

    with pytest.raises(SerialIsOnePiece):
        goods_on_hand(phone, "2", lot=serial)
    goods_on_hand(phone, "1", lot=serial)
    with pytest.raises(SerialOnHand):
        goods_on_hand(phone, "1", lot=serial, at=a_warehouse("JED"))
    goods_gone(phone, lot=serial)
    goods_on_hand(phone, "1", lot=serial, at=a_warehouse("JED"))  # it came back

    assert stand(phone) == Stand("1", "0", "5.00")


def test_a_reversal_goes_back_at_the_original_value_once(db):
    lamp = a_product()
    first = goods_on_hand(lamp, "10", cost="5")
    shipped = goods_gone(lamp, "4")
    goods_on_hand(lamp, "10", cost="8")

    [returned] = back(shipped)
    assert (returned.value, returned.reverses) == (Decimal(20), shipped)
    assert stand(lamp) == Stand("20", "0", "130.00")
    with pytest.raises(MoveReversed):
        back(shipped)
    back(first)
    assert stand(lamp) == Stand("10", "0", "80.00")
    goods_gone(lamp, "10")
    with pytest.raises(NotEnoughStock):
        back(goods_on_hand(lamp, "1"), goods_on_hand(a_product("X"), "1"), returned)


def test_first_in_first_out_keeps_its_layers(db):
    lamp = a_product()
    kept(lamp, costing="fifo")
    first = goods_on_hand(lamp, "10", cost="10")
    goods_on_hand(lamp, "10", cost="20")

    assert goods_gone(lamp, "12").value == Decimal(140)
    split = revalued(lamp, "10", quantity="10", move=first)
    assert (split.on_hand, split.gone) == (0, Decimal(10))
    revalued(lamp, "10", quantity="10")
    [layer] = CostLayer.objects.all()

    assert (layer.sequence, layer.remaining, layer.value) == (2, Decimal(8), Decimal(168))
    assert stand(lamp).value == "168.00"
    goods_gone(lamp, "8")
    assert not CostLayer.objects.exists()


def test_a_lenient_warehouse_issues_first_and_settles_with_the_next_receipt(db):
    open_books()
    lamp = a_product()
    a_warehouse(allows_negative=True)
    goods_on_hand(lamp, "1", cost="10")

    issued = goods_gone(lamp, "3")
    assert (issued.value, stand(lamp)) == (Decimal(30), Stand("-2", "0", "-20.00"))
    assert CostState.objects.get().uncosted == Decimal(2)
    goods_on_hand(lamp, "10", cost="12")

    assert stand(lamp) == Stand("8", "0", "96.00")
    [settled] = ValueAdjustment.objects.all()
    assert (settled.amount, settled.amount_gone) == (Decimal(-4), Decimal(4))
    [entry] = JournalEntry.objects.filter(kind="stock_settlement")
    sides = {line.account.roles.get().role: line.amount for line in entry.lines.all()}
    assert sides == {LedgerRole.COGS: Decimal(4), LedgerRole.INVENTORY: Decimal(-4)}
