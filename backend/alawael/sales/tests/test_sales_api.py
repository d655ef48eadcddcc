"""Orders, shipments and returns as the web app meets them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alawael.core.clock import business_day, now
from alawael.core.unit_of_work import unit_of_work
from alawael.sales.models import SalesOrder, Shipment
from alawael.stock.models import StockMove
from testing.parties import our_company
from testing.purchasing import a_wish, open_orders
from testing.purchasing import an_order as a_purchase
from testing.sales import (
    a_draft_order,
    again,
    an_order,
    goods,
    line_of,
    ordered,
    shipped,
    the_buyer,
)
from testing.stock import a_warehouse, stand

pytestmark = pytest.mark.usefixtures("store")


def a_payload(product, **values):
    return {
        "customer_id": str(the_buyer().pk),
        "warehouse_id": str(a_warehouse().pk),
        "lines": [{"product_id": str(product.pk), "quantity": "10"}],
        **values,
    }


def test_an_order_is_sold_shipped_billed_sent_back_and_credited(as_amal):
    lamp = goods(on_hand="10", cost="10")
    draft = as_amal.post("/api/sales-orders", a_payload(lamp))
    assert (draft.status_code, draft.json()["next_commands"][0]) == (201, "confirm")
    path = f"/api/sales-orders/{draft.json()['id']}"

    order = as_amal.post(f"{path}/confirm", HTTP_IF_MATCH=draft["ETag"]).json()
    assert (order["number"], order["lines"][0]["reserved"]) == ("SO-000001", "10")
    assert order["next_commands"][0] == "create_shipment"

    shipment = as_amal.post("/api/shipments", {"order_id": order["id"]}).json()
    shipping = f"/api/shipments/{shipment['id']}"
    ready = as_amal.post(f"{shipping}/make-ready").json()
    assert ready["lines"][0]["picks"][0]["location_code"] == "RUH"
    assert as_amal.get(f"{shipping}/pick-list").content.startswith(b"%PDF-")
    left = as_amal.post(f"{shipping}/ship").json()
    assert (left["state"], left["next_commands"][0]) == ("shipped", "confirm_delivery")
    assert as_amal.get(f"{shipping}/delivery-slip").content.startswith(b"%PDF-")

    invoice = as_amal.post(f"{path}/invoice").json()
    assert (invoice["number"], invoice["total"]) == ("INV-000001", "230.00")

    back = as_amal.post(
        "/api/customer-returns",
        {
            "order_id": order["id"],
            "lines": [{"shipment_line_id": left["lines"][0]["id"], "quantity": "2"}],
        },
    ).json()
    returning = f"/api/customer-returns/{back['id']}"
    as_amal.post(f"{returning}/approve")
    as_amal.post(f"{returning}/receive")
    verdict = {"line_id": back["lines"][0]["id"], "settlement": "refund", "restocked": "2"}
    seen = as_amal.post(f"{returning}/inspect", {"lines": [verdict]}).json()
    assert seen["next_commands"] == ["credit", "close"]
    assert [note["total"] for note in as_amal.post(f"{returning}/credit").json()] == ["46.00"]

    order = as_amal.get(path).json()
    assert (order["delivery_status"], order["billing_status"], order["payment_status"]) == (
        "full", "full", "part_paid",
    )  # fmt: skip
    assert [(link["type"], link["number"]) for link in order["links"]] == [
        ("shipment", "SHP-000001"), ("invoice", "INV-000001"), ("credit_note", "CN-000001"),
        ("customer_return", "RET-000001"),
    ]  # fmt: skip


def test_a_preview_shows_stock_and_books_and_changes_nothing(as_amal):
    lamp = goods(on_hand="10", cost="10")
    order = an_order(ordered(lamp, "4"))
    shipment = as_amal.post("/api/shipments", {"order_id": str(order.pk)}).json()
    as_amal.post(f"/api/shipments/{shipment['id']}/make-ready")
    moved = StockMove.objects.count()

    shown = as_amal.post(f"/api/shipments/{shipment['id']}/ship?dry_run=true").json()

    assert [(row["quantity"], row["value"]) for row in shown["stock"]] == [("-4", "-40.00")]
    assert [(row["debit"], row["credit"]) for row in shown["journal"]] == [
        ("40.00", "0.00"), ("0.00", "40.00"),
    ]  # fmt: skip
    assert (StockMove.objects.count(), Shipment.objects.get().state) == (moved, "ready")


def test_a_quote_is_sent_edited_printed_and_lost(as_amal):
    quote = as_amal.post("/api/sales-orders", a_payload(goods())).json()
    path = f"/api/sales-orders/{quote['id']}"
    as_amal.post(f"{path}/send-quote", {"expires_on": "2190-01-01"})

    changed = as_amal.patch(path, {"reference": "PO-7", "lines": a_payload(goods("L-2"))["lines"]})

    assert (changed.json()["revision"], changed.json()["lines"][0]["sku"]) == (2, "L-2")
    assert as_amal.get(f"{path}/pdf").content.startswith(b"%PDF-")
    assert as_amal.post(f"{path}/cancel").json()["code"] == "reason_needed"
    assert as_amal.post(f"{path}/cancel", {"reason": "Price"}).json()["next_commands"] == []


def test_lists_are_filtered_and_searched_with_few_queries(as_amal):
    @unit_of_work
    def several():
        lamp = goods(on_hand="10")
        drafts = [a_draft_order(ordered(lamp, "1"), reference="طلبية الأمل") for _ in range(3)]
        return drafts, an_order(ordered(lamp, "5"))

    drafts, order = several()
    shipped(order, "2")

    def ids(query):
        return [item["id"] for item in as_amal.get(f"/api/sales-orders?{query}").json()["items"]]

    assert ids("state=confirmed") == ids("delivery_status=part") == [str(order.pk)]
    assert ids("q=SO-000001") == ids("billing_status=none") == [str(order.pk)]
    assert set(ids("q=الامل")) == {str(draft.pk) for draft in drafts}
    assert ids("ordered_from=2190-01-01") == []
    for path in ("sales-orders", "shipments", "customer-returns"):
        with CaptureQueriesContext(connection) as asked:
            as_amal.get(f"/api/{path}?count=true")
        assert len(asked) <= 6
    with CaptureQueriesContext(connection) as asked:
        as_amal.get(f"/api/sales-orders/{order.pk}")
    assert len(asked) <= 14


def test_availability_and_backorders_say_what_is_missing(as_amal):
    lamp = goods(on_hand="6")
    house = a_warehouse()

    def available(quantity):
        path = f"/api/sales/availability?product_id={lamp.pk}&warehouse_id={house.pk}"
        return as_amal.get(f"{path}&quantity={quantity}").json()

    assert (available(6)["is_enough"], available(7)["available_on"]) == (True, None)
    an_order(ordered(lamp, "10"))

    (missing,) = as_amal.get("/api/sales/backorders").json()["items"]
    assert (missing["open"], missing["reserved"], missing["missing"], missing["free"]) == (
        "10", "6", "4", "0",
    )  # fmt: skip
    assert available(1)["free"] == "0"

    for quantity in (1, 2):
        an_order(ordered(lamp, str(quantity)))
    pages, after = [], ""
    while after is not None:
        page = as_amal.get(f"/api/sales/backorders?limit=2{after and f'&after={after}'}").json()
        pages.append([row["missing"] for row in page["items"]])
        after = page["next"]
    assert pages == [["4", "1"], ["2"]]


def test_availability_knows_the_day_when_enough_has_come(as_amal):
    open_orders()
    lamp, today = goods(on_hand="6"), business_day(now())
    soon, late = today + timedelta(days=3), today + timedelta(days=9)
    an_order(ordered(lamp, "8"))  # six are here, two wait for what comes first
    bought = [a_purchase(a_wish(lamp, "5"), expected_on=day) for day in (late, soon)]

    def available(quantity):
        path = f"/api/sales/availability?product_id={lamp.pk}&warehouse_id={a_warehouse().pk}"
        return as_amal.get(f"{path}&quantity={quantity}").json()

    days = [available(quantity)["available_on"] for quantity in (0, 3, 4, 8, 9)]
    assert days == [str(today), str(soon), str(late), str(late), None]
    coming = [(row["on"], row["document_number"]) for row in available(1)["arrivals"]]
    assert coming == [(str(soon), bought[1].number), (str(late), bought[0].number)]


def test_every_step_needs_its_permission(signed_in_with, stranger):
    order = an_order(ordered(goods(on_hand="1"), "1"))
    path = f"/api/sales-orders/{order.pk}"
    reader = signed_in_with("sales_order:read")

    assert reader.get(path).json()["next_commands"] == []
    for refused in (
        reader.post("/api/sales-orders", a_payload(goods("L-2"))),
        reader.post(f"{path}/close"),
        reader.post(f"{path}/invoice"),
        reader.post("/api/shipments", {"order_id": str(order.pk)}),
        reader.get("/api/customer-returns"),
        reader.patch("/api/sales/settings", {"needs_picking": True}),
    ):
        assert refused.status_code == 403
    assert stranger.get(path).status_code == 401


def test_a_stale_version_changes_nothing(as_amal):
    lamp = goods(on_hand="5")
    order = an_order(ordered(lamp, "5"))

    stale = as_amal.post(f"/api/sales-orders/{order.pk}/release", {}, HTTP_IF_MATCH='"1"')

    assert (stale.status_code, stand(lamp).reserved) == (412, "5")
    assert as_amal.post(f"/api/sales-orders/{order.pk}/confirm").status_code == 409


def test_settings_are_read_and_changed(as_amal):
    changed = as_amal.patch(
        "/api/sales/settings", {"invoice_policy": "ordered", "approve_above": "1000"}
    )

    assert changed.json()["approve_above"] == "1000.00"
    assert as_amal.get("/api/sales/settings").json()["invoice_policy"] == "ordered"
    order = as_amal.post("/api/sales-orders", a_payload(goods())).json()
    assert order["invoice_policy"] == "ordered"
    our_company()


def test_what_a_customer_owes_is_shown(as_amal):
    order = an_order(ordered(goods(on_hand="5"), "5"))

    shown = as_amal.get(f"/api/sales/credit-exposure?customer_id={order.customer_id}").json()

    assert (shown["promised"], shown["receivable"], shown["limit"]) == ("115.00", "0.00", None)
    assert SalesOrder.objects.get().total == 115
    assert line_of(again(order)).ordered == 5
