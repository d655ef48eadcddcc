"""When to order again, and how much, without asking twice for the same."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from alawael.catalog.models import Product, Unit
from alawael.core.actors import SYSTEM
from alawael.core.errors import Invalid
from alawael.core.unit_of_work import unit_of_work
from alawael.stock import reorder, reorder_api, transfers
from alawael.stock.models import ReorderPoint
from alawael.stock.reorder import ReorderPointExists
from alawael.stock.transfer_drafting import TransferLine
from testing.cast import NOON, ApiClient
from testing.catalog import a_product, a_service, a_unit
from testing.parties import a_customer, a_supplier
from testing.stock import TODAY, a_warehouse, goods_gone, goods_on_hand, set_aside

BY: dict[str, Any] = {"by": SYSTEM, "at": NOON}


def a_point(product, minimum="20", maximum="100", **values):
    facts = {
        "product_id": product.pk,
        "warehouse_id": a_warehouse().pk,
        "minimum": Decimal(minimum),
        "maximum": Decimal(maximum),
        **values,
    }
    return reorder.create_reorder_point(facts, **BY)


@pytest.fixture
def expectations(monkeypatch):
    """What purchasing would tell: {(product, warehouse): quantity} of incoming and requested."""
    incoming: dict[Any, Any] = {}
    requested: dict[Any, Any] = {}
    monkeypatch.setattr(reorder, "_incoming", [lambda products: incoming])
    monkeypatch.setattr(reorder, "_requested", [lambda products: requested])
    return incoming, requested


@pytest.mark.parametrize(
    ("expected", "requested", "multiple", "wanted"),
    [
        ("20", "0", "0", "0"),
        ("19", "0", "0", "81"),
        ("19", "0", "12", "84"),
        ("0", "0", "12", "108"),
        ("5", "15", "0", "0"),
        ("5", "10", "0", "85"),
        ("-10", "0", "50", "150"),
        ("19.5", "0", "0", "81"),
    ],
)
def test_what_is_suggested(expected, requested, multiple, wanted):
    point = ReorderPoint(minimum=Decimal(20), maximum=Decimal(100), multiple=Decimal(multiple))
    point.product = Product(unit=Unit(is_whole=True))

    assert reorder.suggested(point, Decimal(expected), Decimal(requested)) == Decimal(wanted)


def test_cover_is_whole_days_at_the_pace_of_the_last_90():
    assert reorder.days_of_cover(Decimal(30), Decimal(90)) == 30
    assert reorder.days_of_cover(Decimal(0), Decimal(90)) == 0
    assert reorder.days_of_cover(Decimal(30), Decimal(0)) is None


def test_a_point_stands_on_all_that_is_known(shop, expectations):
    incoming, requested = expectations

    @unit_of_work
    def stocked():
        lamp = a_product()
        goods_on_hand(lamp, "40", on=TODAY - timedelta(days=120))
        goods_on_hand(lamp, "50", at=a_warehouse("JED"))
        goods_gone(lamp, "9", on=TODAY - timedelta(days=100), may_backdate=True)
        goods_gone(lamp, "18")
        set_aside(lamp, "3")
        line = TransferLine(lamp.pk, Decimal(4))
        transfer = transfers.draft_transfer(a_warehouse("JED"), a_warehouse(), [line], **BY)
        transfers.reserve_transfer(transfer, **BY)
        transfers.dispatch_transfer(transfer, on=TODAY, **BY)
        return lamp, a_point(lamp)

    lamp, point = stocked()
    place = (lamp.pk, a_warehouse().pk)
    incoming[place] = Decimal(3)

    [stand] = reorder.replenishments([point], on=TODAY)
    figures = (stand.on_hand, stand.reserved, stand.free, stand.incoming, stand.issued)
    assert figures == (13, 3, 10, 7, 18)
    assert (stand.suggested, stand.days_of_cover) == (83, 50)

    requested[place] = Decimal(83)
    assert reorder.suggestions(on=TODAY) == []


def test_the_most_urgent_comes_first(
    shop, expectations, as_amal, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(reorder_api, "business_day", lambda _: TODAY)
    slow, fast, idle = (a_product(sku) for sku in ("SLOW", "FAST", "IDLE"))
    for product, gone in ((slow, "1"), (fast, "10")):
        goods_on_hand(product, "15")
        goods_gone(product, gone)
    for product in (idle, slow, fast):
        a_point(product)

    found = reorder.suggestions(on=TODAY)

    assert [row.point.product.sku for row in found] == ["FAST", "SLOW", "IDLE"]

    def board(**query):
        answer = as_amal.get("/api/stock/replenishment", query).json()
        return [row["sku"] for row in answer["items"]], answer["next"]

    with django_assert_max_num_queries(14):
        first, following = board(sort="days_of_cover", limit=2)
    assert first == ["FAST", "SLOW"]
    assert board(sort="days_of_cover", limit=2, after=following) == (["IDLE"], None)
    backwards, following = board(sort="-days_of_cover", limit=1, only_short=True)
    assert backwards == ["IDLE"]
    assert board(sort="-days_of_cover", limit=1, after=following)[0] == ["SLOW"]
    assert board(sort="days_of_cover", q="slow") == (["SLOW"], None)
    foreign = as_amal.get("/api/stock/replenishment", {"sort": "sku", "after": following})
    assert foreign.json()["errors"][0]["code"] == "unknown_cursor"


def test_reorder_points_are_refused_when_they_make_no_sense(shop):
    lamp = a_product()
    a_point(lamp)

    with pytest.raises(ReorderPointExists):
        a_point(lamp)
    with pytest.raises(Invalid) as refused:
        a_point(a_service(), "9", "8", supplier_id=a_customer().pk)
    assert [error.pointer for error in refused.value.errors] == [
        "/product_id",
        "/supplier_id",
        "/maximum",
    ]


def test_the_board_through_the_api(
    as_amal, amal, shop, expectations, django_assert_max_num_queries
):
    kilo = a_unit("kg")
    lamp, sand = a_product(), a_product("SAND", unit_id=kilo.pk)
    goods_on_hand(lamp, "500")
    body = {"warehouse_id": str(a_warehouse().pk), "minimum": "20", "maximum": "100"}
    supplier = str(a_supplier().pk)
    made = as_amal.post(
        "/api/reorder-points", {**body, "product_id": str(sand.pk), "supplier_id": supplier}
    )
    assert (made.status_code, made.json()["suggested"]) == (201, "100")
    as_amal.post("/api/reorder-points", {**body, "product_id": str(lamp.pk)})
    again = as_amal.post("/api/reorder-points", {**body, "product_id": str(lamp.pk)})
    assert again.json()["code"] == "reorder_point_exists"

    with django_assert_max_num_queries(8):
        board = as_amal.get("/api/stock/replenishment").json()["items"]
    assert [(row["sku"], row["free"], row["suggested"]) for row in board] == [
        ("LAMP-1", "500", "0"),
        ("SAND", "0", "100"),
    ]
    short = as_amal.get("/api/stock/replenishment?only_short=true&fields=sku,suggested").json()
    assert short["items"] == [{"sku": "SAND", "suggested": "100"}]

    path = f"/api/reorder-points/{made.json()['id']}"
    changed = as_amal.patch(path, {"minimum": "0"}, headers={"If-Match": '"1"'})
    assert (changed.json()["suggested"], changed.json()["maximum"]) == ("0", "100")
    assert as_amal.patch(path, {"maximum": "-1"}).status_code == 422
    assert ApiClient(amal, "stock:read").delete(path).status_code == 403
    assert as_amal.delete(path).status_code == 204
    assert as_amal.get(path).status_code == 404
