"""Goods between warehouses: nothing is lost on the way, and no value is made or lost by it."""

from decimal import Decimal
from typing import Any

import pytest

from alawael.accounts.models import Role
from alawael.core.actors import SYSTEM
from alawael.core.claims import WrongState
from alawael.core.errors import Invalid
from alawael.core.unit_of_work import unit_of_work
from alawael.core.verify import verify
from alawael.ledger.models import AccountRole, JournalEntry, JournalLine, LedgerRole
from alawael.stock import queries, transfers, transit
from alawael.stock.models import (
    CostState,
    LocationType,
    StockBalance,
    StockSettings,
    StockTransfer,
    StockTransferLine,
    TransferState,
)
from alawael.stock.refusals import NotEnoughStock
from alawael.stock.transfer_drafting import TransferLine
from alawael.stock.transfers import (
    ApprovedByAuthor,
    LostBySender,
    MoreThanAsked,
    NeedsApproval,
    NotOneWarehouse,
)
from alawael.stock.transit import NothingToTransfer, NotThatMuchInTransit, Part
from testing.cast import NOON, ApiClient, a_user
from testing.catalog import a_product
from testing.races import at_once
from testing.stock import (
    TODAY,
    a_bin,
    a_lot,
    a_warehouse,
    goods_gone,
    goods_on_hand,
    kept,
    set_aside,
    stand,
)

BY: dict[str, Any] = {"by": SYSTEM, "at": NOON}
TODAY_BY: dict[str, Any] = {"on": TODAY, **BY}


@pytest.fixture
def lamp(shop):
    """Ten lamps in Riyadh that cost 10.00 each; a warehouse in Jeddah with none."""

    @unit_of_work
    def stocked():
        product = a_product()
        goods_on_hand(product, "10", cost="10", at=a_warehouse())
        a_warehouse("JED")
        return product

    return stocked()


def a_transfer(product, quantity="10", *, to="JED", **values):
    line = TransferLine(product.pk, Decimal(quantity), **values)
    return transfers.draft_transfer(a_warehouse(), a_warehouse(to), [line], **BY)


@unit_of_work
def on_its_way(product, quantity="10", **values):
    transfer = a_transfer(product, quantity, **values)
    transfers.reserve_transfer(transfer, **BY)
    return transfers.dispatch_transfer(transfer, **TODAY_BY)


def line_of(transfer):
    return StockTransferLine.objects.get(transfer=transfer)


def part(transfer, quantity, **values):
    return [Part(line_of(transfer).pk, Decimal(quantity), **values)]


def held(product, place):
    rows = StockBalance.objects.filter(product=product, location=place)
    return sum((row.on_hand for row in rows), Decimal(0))


def root(code):
    return queries.root_of(a_warehouse(code))


def booked(role):
    account = AccountRole.objects.get(role=role).account_id
    lines = JournalLine.objects.filter(account_id=account)
    return sum((line.amount for line in lines), Decimal(0))


def test_goods_travel_through_transit_with_their_value(lamp):
    transfer = a_transfer(lamp, "6")
    assert transfer.number is None

    transfers.reserve_transfer(transfer, **BY)
    assert (transfer.state, transfer.number) == (TransferState.RESERVED, "TRF-000001")
    assert stand(lamp).reserved == "6"

    transfers.dispatch_transfer(transfer, **TODAY_BY)
    transit = queries.virtual(LocationType.IN_TRANSIT)
    assert (held(lamp, root("RUH")), held(lamp, transit)) == (4, 6)
    assert stand(lamp).reserved == "0"
    assert booked(LedgerRole.IN_TRANSIT) == Decimal("60.00")

    transfer = transfers.receive_transfer(transfer, **TODAY_BY)
    assert transfer.state == TransferState.CLOSED
    assert (held(lamp, root("JED")), held(lamp, transit)) == (6, 0)
    assert booked(LedgerRole.IN_TRANSIT) == 0
    assert stand(lamp).value == "100.00"


def test_what_arrives_short_stays_in_transit_until_somebody_decides(lamp):
    transfer = on_its_way(lamp)

    transfer = transfers.receive_transfer(transfer, part(transfer, "6"), **TODAY_BY)
    assert transfer.state == TransferState.IN_TRANSIT
    with pytest.raises(NotThatMuchInTransit) as refused:
        transfers.receive_transfer(transfer, part(transfer, "5"), **TODAY_BY)
    assert (refused.value.facts["left"], refused.value.facts["wanted"]) == ("4", "5")

    transfer = transfers.return_transfer(transfer, part(transfer, "1"), **TODAY_BY)
    with pytest.raises(LostBySender):
        transfers.write_off_transfer(transfer, reason="Lost", **TODAY_BY)
    other = a_user("omar")
    transfer = transfers.write_off_transfer(
        transfer, reason="Broken in the lorry", on=TODAY, by=other, at=NOON
    )

    line = line_of(transfer)
    assert transfer.state == TransferState.CLOSED
    assert (line.received, line.returned, line.written_off, line.in_transit) == (6, 1, 3, 0)
    assert (held(lamp, root("RUH")), held(lamp, root("JED"))) == (1, 6)
    assert booked(LedgerRole.ADJUSTMENT) == Decimal("30.00")
    assert booked(LedgerRole.IN_TRANSIT) == 0
    assert stand(lamp).value == "70.00"


def test_a_cost_that_changes_on_the_way_changes_no_transfer(lamp):
    """The value that left arrives; a loss is booked at the cost of its day."""
    transfer = on_its_way(lamp, "3")
    goods_on_hand(lamp, "10", cost="20")  # the average is now 15.00

    transfer = transfers.receive_transfer(transfer, part(transfer, "1"), **TODAY_BY)
    assert booked(LedgerRole.IN_TRANSIT) == Decimal("20.00")
    StockSettings.objects.create(write_off_by_another=False)
    transfers.write_off_transfer(transfer, reason="Lost", **TODAY_BY)

    assert booked(LedgerRole.IN_TRANSIT) == 0
    assert booked(LedgerRole.ADJUSTMENT) == Decimal("30.00")
    # What the goods_on_hand of this test did not post is 300.00.
    assert booked(LedgerRole.INVENTORY) + 300 == CostState.objects.get(product=lamp).value


def test_one_step_within_a_warehouse(lamp):
    shelf = a_bin("RUH-A-01")
    transfer = a_transfer(lamp, "4", to="RUH", destination_location_id=shelf.pk)

    transfers.move_transfer(transfer, **TODAY_BY)

    assert (transfer.state, transfer.number) == (TransferState.CLOSED, "TRF-000001")
    assert (held(lamp, shelf), held(lamp, root("RUH"))) == (4, 6)
    assert not JournalEntry.objects.exists()
    with pytest.raises(NotOneWarehouse):
        transfers.move_transfer(a_transfer(lamp, "1"), **TODAY_BY)
    set_aside(lamp, "6")
    with pytest.raises(NotEnoughStock):
        transfers.move_transfer(
            a_transfer(
                lamp,
                "1",
                to="RUH",
                source_location_id=root("RUH").pk,
                destination_location_id=shelf.pk,
            ),
            **TODAY_BY,
        )


def test_quarantine_takes_goods_off_sale_and_gives_them_back(lamp):
    quality = queries.quality_of(a_warehouse())
    away = a_transfer(lamp, "4", to="RUH", destination_location_id=quality.pk)
    transfers.move_transfer(away, **TODAY_BY)
    assert queries.free([lamp.pk])[lamp.pk] == 6

    back = a_transfer(
        lamp,
        "4",
        to="RUH",
        source_location_id=quality.pk,
        destination_location_id=root("RUH").pk,
    )
    transfers.move_transfer(back, **TODAY_BY)
    assert queries.free([lamp.pk])[lamp.pk] == 10


def test_lots_are_chosen_at_dispatch_and_received_one_by_one(shop):
    milk = a_product("MILK")
    kept(milk, tracking="lot")
    old, new = a_lot(milk, "OLD"), a_lot(milk, "NEW")
    goods_on_hand(milk, "5", lot=old)
    goods_on_hand(milk, "5", lot=new)
    transfer = a_transfer(milk, "5")
    transfers.reserve_transfer(transfer, **BY)
    with pytest.raises(MoreThanAsked):
        transfers.dispatch_transfer(
            transfer,
            [*part(transfer, "5", lot_id=new.pk), *part(transfer, "1", lot_id=old.pk)],
            **TODAY_BY,
        )
    transfer = StockTransfer.objects.get()

    transfers.dispatch_transfer(
        transfer,
        [*part(transfer, "3", lot_id=new.pk), *part(transfer, "2", lot_id=old.pk)],
        **TODAY_BY,
    )
    with pytest.raises(NotThatMuchInTransit):
        transfers.receive_transfer(transfer, part(transfer, "3", lot_id=old.pk), **TODAY_BY)
    transfers.receive_transfer(transfer, part(transfer, "2", lot_id=old.pk), **TODAY_BY)
    transfers.receive_transfer(transfer, part(transfer, "1"), **TODAY_BY)

    there = StockBalance.objects.filter(location=root("JED"))
    assert {row.lot.code: row.on_hand for row in there} == {"OLD": 2, "NEW": 1}


def test_reserving_partly_sends_what_there_is(lamp):
    transfer = a_transfer(lamp, "15")
    with pytest.raises(NotEnoughStock):
        transfers.reserve_transfer(transfer, **BY)
    assert (transfer.state, transfer.number) == (TransferState.DRAFT, None)

    transfers.reserve_transfer(transfer, partly=True, **BY)
    goods_on_hand(lamp, "2")
    transfers.reserve_transfer(transfer, partly=True, **BY)
    transfers.dispatch_transfer(transfer, **TODAY_BY)

    assert line_of(transfer).dispatched == 12
    with pytest.raises(NothingToTransfer):
        transfers.reserve_transfer(a_transfer(lamp, "1"), partly=True, **BY)


def test_cancelling_gives_back_what_was_set_aside(lamp):
    transfer = a_transfer(lamp)
    transfers.reserve_transfer(transfer, **BY)

    transfers.cancel_transfer(transfer, **BY)

    assert stand(lamp).reserved == "0"
    sent = on_its_way(lamp)
    with pytest.raises(WrongState):
        transfers.cancel_transfer(sent, **BY)


def test_approval_by_a_second_person_where_the_company_asks_for_it(lamp):
    StockSettings.objects.create(transfer_needs_approval=True)
    transfer = a_transfer(lamp)

    with pytest.raises(NeedsApproval):
        transfers.reserve_transfer(transfer, **BY)
    with pytest.raises(ApprovedByAuthor):
        transfers.approve_transfer(transfer, **BY)
    transfers.approve_transfer(transfer, by=a_user("omar"), at=NOON)
    transfers.reserve_transfer(transfer, **BY)

    assert transfer.state == TransferState.RESERVED


def test_a_draft_names_every_wrong_line(lamp):
    elsewhere = a_bin("JED-A-01", warehouse=a_warehouse("JED"))
    lines = [
        TransferLine(lamp.pk, Decimal("1.5")),
        TransferLine(lamp.pk, Decimal(1), source_location_id=elsewhere.pk),
        TransferLine(elsewhere.pk, Decimal(1)),
        TransferLine(lamp.pk, Decimal(1), lot_id=lamp.pk),
    ]

    with pytest.raises(Invalid) as refused:
        transfers.draft_transfer(a_warehouse(), a_warehouse("JED"), lines, **BY)

    assert [error.pointer for error in refused.value.errors] == [
        "/lines/0/quantity",
        "/lines/1/source_location_id",
        "/lines/2/product_id",
        "/lines/3/lot_id",
    ]


def test_parallel_receipts_never_take_more_than_is_on_its_way(lamp):
    transfer = on_its_way(lamp)
    wanted = part(transfer, "3")

    results = at_once(lambda _: transfers.receive_transfer(transfer, wanted, **TODAY_BY), range(16))

    assert results.count("not_that_much_in_transit") == 13
    assert (line_of(transfer).received, line_of(transfer).in_transit) == (9, 1)
    assert held(lamp, root("JED")) == 9
    assert booked(LedgerRole.IN_TRANSIT) == Decimal("10.00")


def test_what_is_on_its_way_is_given_once_to_those_who_looked_before(lamp):
    transfer = on_its_way(lamp)
    copies = [line_of(transfer) for _ in range(16)]

    @unit_of_work
    def take(line):
        steps = {"in_transit": Decimal(-3), "received": Decimal(3)}
        transit.claim(line, steps, Decimal(-30), in_transit__gte=Decimal(3))
        return "taken"

    results = at_once(take, copies)

    assert (results.count("taken"), results.count("not_that_much_in_transit")) == (3, 13)
    assert (line_of(transfer).received, line_of(transfer).in_transit) == (9, 1)


def test_a_transfer_and_a_sale_do_not_take_the_same_pieces(lamp):
    def sell_or_send(sells):
        if sells:
            return goods_gone(lamp, "10")
        return on_its_way(lamp)

    results = at_once(sell_or_send, [True, False] * 4)

    assert len([result for result in results if not isinstance(result, str)]) == 1
    assert held(lamp, root("RUH")) == 0
    assert StockBalance.objects.filter(on_hand__lt=0).count() == 0


def test_what_transfers_prove(lamp):
    transfer = on_its_way(lamp)
    names = ("Goods in transit are those of open transfers", "Transfer numbers have no gap")
    assert [row.contradictions for row in verify() if row.name in names] == [[], []]

    StockTransferLine.objects.update(in_transit=7, transit_value=Decimal("70.00"), received=3)
    found = {row.name: row.contradictions for row in verify()}

    assert len(found[names[0]]) == 2
    StockTransfer.objects.filter(pk=transfer.pk).update(number="TRF-000007")
    assert [row.holds for row in verify() if row.name == names[1]] == [False]


def test_the_whole_way_through_the_api(as_amal, amal, lamp, django_assert_max_num_queries):
    drafted = as_amal.post(
        "/api/transfers",
        {
            "source_id": str(a_warehouse().pk),
            "destination_id": str(a_warehouse("JED").pk),
            "lines": [{"product_id": str(lamp.pk), "quantity": "4"}],
        },
    )
    assert drafted.status_code == 201, drafted.json()
    path = f"/api/transfers/{drafted.json()['id']}"
    assert as_amal.patch(path, {"reference": "For the fair"}).json()["reference"] == "For the fair"

    plan = as_amal.post(f"{path}/reserve?dry_run=true")
    assert plan.json() == {"stock": [], "journal": [], "warnings": []}
    assert as_amal.post(f"{path}/reserve").json()["lines"][0]["reserved"] == "4"
    plan = as_amal.post(f"{path}/dispatch?dry_run=true").json()
    assert [row["quantity"] for row in plan["stock"]] == ["-4", "4"]
    assert [row["debit"] for row in plan["journal"]] == ["40.00", "0.00"]
    sent = as_amal.post(f"{path}/dispatch").json()
    assert sent["lines"][0]["travelling"] == [{"lot_id": None, "lot_code": None, "quantity": "4"}]

    line = sent["lines"][0]["id"]
    assert sent["next_commands"] == ["receive", "return"]  # who sent it writes no loss off
    stale = as_amal.post(f"{path}/receive", headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
    some = {"parts": [{"line_id": line, "quantity": "1"}]}
    assert as_amal.post(f"{path}/receive", some).json()["state"] == "in_transit"
    assert as_amal.post(f"{path}/return", some).json()["lines"][0]["returned"] == "1"
    own = as_amal.post(f"{path}/write-off", {"reason": "Lost"})
    assert (own.status_code, own.json()["code"]) == (409, "written_off_by_sender")
    assert as_amal.post(f"{path}/receive").json()["state"] == "closed"

    with django_assert_max_num_queries(6):
        page = as_amal.get(f"/api/transfers?product_id={lamp.pk}&is_open=false&q=fair").json()
    assert [row["progress"]["received"] for row in page["items"]] == ["3"]
    reader = ApiClient(amal, "transfer:read")
    assert reader.post(f"{path}/cancel").status_code == 403


def test_who_is_limited_to_a_warehouse_acts_at_his_end_alone(as_amal, amal, lamp):
    source, destination = a_warehouse("RUH"), a_warehouse("JED")
    goods_on_hand(lamp, "10", at=source)
    at_jeddah = a_limited_client("jeddah", destination)
    wanted = {"source_id": source.pk, "lines": [{"product_id": lamp.pk, "quantity": "4"}]}
    elsewhere = {**wanted, "destination_id": a_warehouse("DMM").pk}

    assert at_jeddah.post("/api/transfers", elsewhere).json()["code"] == "not_your_warehouse"
    transfer = at_jeddah.post("/api/transfers", {**wanted, "destination_id": destination.pk}).json()
    assert "reserve" not in transfer["next_commands"]
    path = f"/api/transfers/{transfer['id']}"
    assert at_jeddah.post(f"{path}/reserve").json()["code"] == "not_your_warehouse"
    for verb in ("reserve", "dispatch"):
        assert as_amal.post(f"{path}/{verb}").status_code == 200
    assert a_limited_client("riyadh", source).post(f"{path}/receive").status_code == 403
    assert at_jeddah.post(f"{path}/receive").json()["state"] == "closed"


def a_limited_client(name: str, *warehouses: Any) -> ApiClient:
    """Somebody who may do everything, in these warehouses."""
    role = Role.objects.create(key=name, name_en=name, permissions=["*"], own_warehouses_only=True)
    user = a_user(name, role=role)
    user.warehouse_ids = [str(one.pk) for one in warehouses]
    user.save()
    return ApiClient(user)
