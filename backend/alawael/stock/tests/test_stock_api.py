from datetime import timedelta
from decimal import Decimal

import pytest

from alawael.catalog.models import Product
from alawael.core.unit_of_work import unit_of_work
from alawael.ledger.models import AccountRole, LedgerRole
from alawael.stock import queries
from alawael.stock.models import StockAdjustment
from testing.catalog import a_product, a_unit
from testing.ledger import open_books
from testing.stock import TODAY, a_lot, a_warehouse, goods_gone, goods_on_hand, kept, stand


@pytest.fixture
def books(db):
    unit_of_work(open_books)()


def test_a_warehouse_is_opened_with_its_places_and_closed_when_empty(as_amal, books):
    a_warehouse()  # the places outside
    made = as_amal.post("/api/warehouses", {"code": "JED", "name_ar": "جدة"}).json()
    places = as_amal.get(f"/api/locations?warehouse_id={made['id']}").json()["items"]
    assert [(place["code"], place["kind"], place["type"]) for place in places] == [
        ("JED", "root", "internal"),
        ("JED-QC", "zone", "quality"),
    ]

    root = places[0]["id"]
    wanted = {"parent_id": root, "code": "JED-A-01", "count_every_days": 30}
    shelf = as_amal.post("/api/locations", wanted)
    assert shelf.status_code == 201
    assert as_amal.post("/api/locations", {**wanted, "code": "jed-a-01"}).json()["code"] == (
        "place_code_taken"
    )
    path = f"/api/warehouses/{made['id']}"
    goods_on_hand(a_product(), "1", at=a_warehouse("JED"))
    assert as_amal.patch(path, {"is_active": False}).json()["code"] == "place_not_empty"
    assert as_amal.patch(path, {"name_en": "Jeddah"}, HTTP_IF_MATCH='"1"').json()["version"] == 2
    assert as_amal.patch(path, {"name_en": "J"}, HTTP_IF_MATCH='"1"').status_code == 412
    closed = as_amal.patch(f"/api/locations/{shelf.json()['id']}", {"is_active": False})
    assert closed.json()["is_active"] is False

    goods_gone(Product.objects.get(), "1", frm=queries.root_of(a_warehouse("JED")))
    for active in (False, True):  # the quality area goes with its house; the shelf stays closed
        assert as_amal.patch(path, {"is_active": active}).status_code == 200
        places = as_amal.get(f"/api/locations?warehouse_id={made['id']}").json()["items"]
        assert {place["code"]: place["is_active"] for place in places} == {
            "JED": active, "JED-QC": active, "JED-A-01": False,
        }  # fmt: skip


def test_how_a_product_is_kept_changes_while_nothing_is_held(as_amal, books):
    lamp = a_product()
    path = f"/api/stock/items/{lamp.pk}"
    assert as_amal.get(path).json()["costing"] == "moving_average"

    assert as_amal.patch(path, {"has_expiry": True}).json()["errors"][0]["pointer"] == "/has_expiry"
    assert as_amal.patch(path, {"costing": "fifo"}).json()["costing"] == "fifo"
    goods_on_hand(lamp, "1")
    assert as_amal.patch(path, {"tracking": "lot"}).json()["code"] == "product_still_held"
    assert as_amal.patch(path, {"weight_kg": "1.25"}).json()["weight_kg"] == "1.25"
    goods_gone(lamp, "1")
    assert as_amal.patch(path, {"tracking": "lot"}).json()["tracking"] == "lot"
    settings = as_amal.patch("/api/stock/settings", {"frozen_until": "2026-03-31"})
    assert settings.json()["frozen_until"] == "2026-03-31"


def test_opening_stock_is_rehearsed_posted_and_reversed(as_amal, books):
    a_warehouse()
    lamp = a_product(units=[{"unit_id": a_unit("box").pk, "numerator": 12, "denominator": 1}])
    line = {"product_id": str(lamp.pk), "quantity": "2", "unit_id": str(a_unit("box").pk)}
    draft = {"kind": "opening", "warehouse_id": str(a_warehouse().pk), "lines": [line]}
    draft["effective_on"] = TODAY.isoformat()
    refused = as_amal.post("/api/stock/adjustments", draft).json()
    assert refused["errors"][0]["pointer"] == "/lines/0/unit_cost"

    line["unit_cost"] = "2.5"
    made = as_amal.post("/api/stock/adjustments", draft).json()
    path = f"/api/stock/adjustments/{made['id']}"
    shown = as_amal.post(f"{path}/post?dry_run=true").json()
    assert [(row["location_code"], row["quantity"], row["value"]) for row in shown["stock"]] == [
        ("RUH", "24", "60.00")
    ]
    assert [(row["debit"], row["credit"]) for row in shown["journal"]] == [
        ("60.00", "0.00"),
        ("0.00", "60.00"),
    ]
    assert StockAdjustment.objects.get().is_draft

    posted = as_amal.post(f"{path}/post").json()
    assert (posted["number"], posted["value"]) == ("ADJ-000001", "60.00")
    assert posted["lines"][0]["value"] == "60.00"
    assert (made["next_commands"][0], posted["next_commands"]) == ("post", ["reverse"])
    assert as_amal.post(f"{path}/post").json()["code"] == "wrong_state"
    reversal = as_amal.post(f"{path}/reverse", {"reason": "Typed twice"}).json()
    assert (reversal["number"], reversal["value"]) == ("ADJ-000002", "-60.00")
    assert as_amal.get(path).json()["reversed_by_id"] == reversal["id"]
    assert stand(lamp).value == "0.00"
    rows = as_amal.get("/api/stock/adjustments?state=posted").json()["items"]
    assert [row["number"] for row in rows] == ["ADJ-000002"]


def test_scrap_needs_a_reason_and_is_booked_to_adjustments(as_amal, books):
    lamp = a_product()
    goods_on_hand(lamp, "10", cost="3")
    line = {"product_id": str(lamp.pk), "quantity": "4"}
    draft = {"kind": "scrap", "warehouse_id": str(a_warehouse().pk), "lines": [line]}
    path = f"/api/stock/adjustments/{as_amal.post('/api/stock/adjustments', draft).json()['id']}"

    refused = as_amal.post(f"{path}/post").json()
    assert refused["code"] == "stock_adjustment_needs_reason"
    as_amal.patch(path, {"reason": "Broken", "effective_on": TODAY.isoformat()})
    assert as_amal.post(f"{path}/post").json()["value"] == "-12.00"

    assert stand(lamp).value == "18.00"
    inventory = AccountRole.objects.get(role=LedgerRole.INVENTORY).account
    assert [line.amount for line in inventory.lines.all()] == [Decimal(-12)]


def test_the_reports_agree_with_each_other(as_amal, books, django_assert_max_num_queries):
    milk = a_product("MILK")
    kept(milk, tracking="lot")
    lot = a_lot(milk, "L1", expires_on=TODAY + timedelta(days=5))
    goods_on_hand(milk, "10", cost="2", lot=lot, on=TODAY - timedelta(days=3))
    goods_gone(milk, "4", lot=lot)
    goods_on_hand(milk, "5", cost="4", lot=lot)

    with django_assert_max_num_queries(11):
        card = as_amal.get(f"/api/stock/products/{milk.pk}/card?limit=2").json()
    assert [
        (row["quantity"], row["value"], row["quantity_after"], row["value_after"])
        for row in card["items"]
    ] == [("5", "20.00", "11", "32.00"), ("-4", "-8.00", "6", "12.00")]
    rest = as_amal.get(f"/api/stock/products/{milk.pk}/card?after={card['next']}").json()
    assert [row["quantity_after"] for row in rest["items"]] == ["10"]
    then = as_amal.get(f"/api/stock/valuation?on={TODAY - timedelta(days=1)}").json()
    assert (then["value"], then["items"][0]["quantity"]) == ("20.00", "10")
    with django_assert_max_num_queries(9):
        now = as_amal.get(f"/api/stock/valuation?on={TODAY}").json()
    assert now["value"] == "32.00"
    first = as_amal.get("/api/stock/valuation?limit=1").json()
    sku = first["items"][0]["product"]["sku"].casefold()
    second = as_amal.get(f"/api/stock/valuation?limit=1&after={sku}").json()
    assert [*first["items"], *second["items"]] == now["items"][:2]
    assert (first["value"], second["next"]) == (second["value"], None)

    trace = as_amal.get(f"/api/stock/lots/{lot.pk}/trace").json()
    assert [len(trace[way]) for way in ("came_from", "stands", "went_to")] == [2, 1, 1]
    soon = f"expiring_before={TODAY + timedelta(days=9)}"
    with django_assert_max_num_queries(6):
        balances = as_amal.get(f"/api/stock/balances?{soon}&sort=sku").json()["items"]
    assert [(row["on_hand"], row["lot"]["code"]) for row in balances] == [("11", "L1")]
    assert as_amal.get(f"/api/stock/lots?{soon}").json()["items"][0]["code"] == "L1"
    with django_assert_max_num_queries(6):
        moves = as_amal.get(f"/api/stock/moves?product_id={milk.pk}&first_on={TODAY}").json()
    assert [row["quantity"] for row in moves["items"]] == ["5", "4"]
    house = a_warehouse()
    inside = as_amal.get(f"/api/stock/products/{milk.pk}/card?warehouse_id={house.pk}").json()
    assert [row["quantity_after"] for row in inside["items"]] == ["11", "6", "10"]
    free = as_amal.get(f"/api/stock/availability?product_ids={milk.pk}").json()
    assert [(row["warehouse_id"], row["free"]) for row in free] == [(str(house.pk), "11")]


def test_a_reader_may_not_adjust(signed_in_with, books):
    reader = signed_in_with("stock:read", "warehouse:read")

    assert reader.get("/api/stock/balances").status_code == 200
    for path in ("/api/stock/adjustments", "/api/warehouses", "/api/locations"):
        assert reader.post(path).status_code == 403
