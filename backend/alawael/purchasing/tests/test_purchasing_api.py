import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alawael.core.unit_of_work import unit_of_work
from alawael.ledger.models import JournalEntry
from alawael.purchasing.models import PurchaseOrder, Receipt
from testing.parties import a_customer
from testing.purchasing import (
    a_draft_order,
    a_draft_receipt,
    a_lamp,
    a_vendor,
    a_wish,
    an_order,
    billed,
    open_buying,
    received,
    sent_back,
)
from testing.stock import a_warehouse, stand


@pytest.fixture(autouse=True)
def buying(db):
    open_buying()


def a_payload(lamp, **values):
    line = {"product_id": str(lamp.pk), "quantity": "100", "unit_price": "10"}
    return {
        "supplier_id": str(a_vendor().pk), "warehouse_id": str(a_warehouse().pk),
        "lines": [line], **values,
    }  # fmt: skip


def test_goods_are_ordered_received_billed_and_the_order_is_closed(as_amal):
    lamp = a_lamp()
    draft = as_amal.post("/api/purchase-orders", a_payload(lamp))
    assert (draft.status_code, draft.json()["next_commands"][0]) == (201, "submit")
    path = f"/api/purchase-orders/{draft.json()['id']}"
    order = as_amal.post(f"{path}/submit", HTTP_IF_MATCH=draft["ETag"]).json()
    assert (order["number"], order["next_commands"][:2]) == ("PO-000001", ["send", "receive"])

    receipt = as_amal.post("/api/receipts", {"order_id": order["id"]}).json()
    assert receipt["next_commands"] == ["post", "edit", "cancel"]
    preview = as_amal.post(f"/api/receipts/{receipt['id']}/post?dry_run=true").json()
    assert [(row["quantity"], row["value"]) for row in preview["stock"]] == [("100", "1000.00")]
    assert [row["debit"] for row in preview["journal"]] == ["1000.00", "0.00"]
    assert (stand(lamp).on_hand, JournalEntry.objects.count()) == ("0", 0)
    receipt = as_amal.post(f"/api/receipts/{receipt['id']}/post").json()
    assert (receipt["number"], receipt["links"][0]["number"]) == ("GR-000001", "PO-000001")

    paper = {"supplier_number": "S-1", "issued_on": "2026-03-31"}
    bill = as_amal.post(f"{path}/bills", paper).json()
    assert as_amal.post(f"/api/purchase-bills/{bill['id']}/match").json()["state"] == "matched"
    bill = as_amal.post(f"/api/purchase-bills/{bill['id']}/post").json()
    assert (bill["state"], bill["total"]) == ("posted", "1150.00")
    check = as_amal.get(f"/api/purchase-bills/{bill['id']}/check").json()
    assert [row["cost"] for row in check["allocations"]] == ["1000.00"]

    order = as_amal.get(path).json()
    assert (order["receipt_progress"], order["billing_progress"], order["payment_progress"]) == (
        "full", "full", "overdue",
    )  # fmt: skip
    assert (order["next_commands"][0], len(order["links"])) == ("close", 2)
    assert as_amal.post(f"{path}/close", {}).json()["state"] == "closed"
    pdf = as_amal.get(f"{path}/pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert pdf["Content-Disposition"] == 'inline; filename="PO-000001.pdf"'


def test_a_bill_stands_beside_order_and_receipt_until_somebody_else_approves(
    as_amal, signed_in_with
):
    order = an_order(a_wish(a_lamp(), "100", "10"))
    received(order, "60")
    paper = {"supplier_number": "S-1", "issued_on": "2026-03-31"}
    bill = as_amal.post(f"/api/purchase-orders/{order.pk}/bills", paper).json()
    dear = {**bill["lines"][0], "unit_price": "11", "quantity": "70"}
    fields = ("product_id", "unit_id", "quantity", "unit_price", "source_line_id")
    changed = {"lines": [{name: dear[name] for name in fields}]}
    assert as_amal.patch(f"/api/bills/{bill['id']}", changed).json()["net"] == "770.00"

    path = f"/api/purchase-bills/{bill['id']}"
    check = as_amal.get(f"{path}/check").json()
    line = check["lines"][0]
    names = ("ordered", "received", "billed_before", "billed", "agreed_price", "billed_price")
    assert [line[name] for name in names] == ["100", "60", "0", "70", "10", "11"]
    assert (line["agreed_net"], line["billed_net"]) == ("700.00", "770.00")
    assert (line["differs"], line["order_number"]) == (["price", "quantity"], "PO-000001")
    assert [link["number"] for link in check["links"]] == ["GR-000001"]
    assert check["next_commands"] == ["match", "edit", "void"]
    assert as_amal.post(f"{path}/match").json()["state"] == "differs"

    boss = signed_in_with("bill:read", "bill:approve", "bill:post", "cost:read")
    assert boss.get(f"{path}/check").json()["next_commands"] == ["approve"]
    said = boss.post(f"{path}/approve", {"reason": "Copper is dear"}).json()
    assert (said["state"], said["next_commands"]) == ("approved", ["post"])
    boss.post(f"{path}/post")
    check = boss.get(f"{path}/check").json()
    line = check["lines"][0]
    assert (line["billed_before"], line["differs"]) == ("0", ["price", "quantity"])
    assert check["next_commands"] == []


def test_what_runs_low_is_asked_for_at_once_or_not_at_all(as_amal):
    lamp, vendor = a_lamp(), a_vendor()
    here, there = a_warehouse(), a_warehouse(code="JED")
    short = [
        {"product_id": str(lamp.pk), "warehouse_id": str(where.pk), "quantity": "5",
         "supplier_id": str(whom.pk)}
        for where, whom in ((here, vendor), (there, vendor), (here, a_customer()))
    ]  # fmt: skip

    refused = as_amal.post("/api/requisitions/of-short-goods", {"lines": short})
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/lines/2/supplier_id"]
    assert as_amal.get("/api/requisitions?count=true").json()["total"] == 0

    made = as_amal.post("/api/requisitions/of-short-goods", {"lines": short[:2]})
    assert made.status_code == 201
    assert {one["warehouse_id"] for one in made.json()} == {str(here.pk), str(there.pk)}
    assert [one["next_commands"][0] for one in made.json()] == ["submit", "submit"]


def test_a_wish_is_quoted_ordered_and_sent_back(as_amal, signed_in_with):
    lamp, vendor = a_lamp(), a_vendor()
    wish = {"product_id": str(lamp.pk), "quantity": "5"}
    asked = {"warehouse_id": str(a_warehouse().pk), "lines": [wish]}
    requisition = as_amal.post("/api/requisitions", asked).json()
    path = f"/api/requisitions/{requisition['id']}"
    assert as_amal.post(f"{path}/submit").json()["next_commands"] == ["cancel"]
    assert as_amal.post(f"{path}/approve").json()["code"] == "approver_is_author"
    boss = signed_in_with("requisition:read", "requisition:approve")
    assert boss.get(path).json()["next_commands"] == ["approve", "reject"]
    line = boss.post(f"{path}/approve").json()["lines"][0]

    enquiry = as_amal.post(
        "/api/enquiries",
        {
            "warehouse_id": str(a_warehouse().pk),
            "lines": [{**wish, "requisition_line_id": line["id"]}],
            "supplier_ids": [str(vendor.pk)],
        },
    ).json()
    where = f"/api/enquiries/{enquiry['id']}"
    as_amal.post(f"{where}/send")
    price = {"line_id": enquiry["lines"][0]["id"], "price": "8", "lead_time_days": 3}
    answer = {"supplier_id": str(vendor.pk), "prices": [price]}
    quoted = as_amal.post(f"{where}/quote", answer).json()
    assert quoted["lines"][0]["quotes"][0]["total_base"] == "40.00"
    awarded = as_amal.post(f"{where}/award", {"supplier_id": str(vendor.pk)}).json()
    assert (awarded["state"], len(awarded["links"])) == ("awarded", 2)
    assert as_amal.get(path).json()["state"] == "ordered"

    order = PurchaseOrder.objects.get()
    as_amal.post(f"/api/purchase-orders/{order.pk}/submit")
    receipt = as_amal.post("/api/receipts", {"order_id": str(order.pk)}).json()
    receipt = as_amal.post(f"/api/receipts/{receipt['id']}/post").json()
    assert receipt["next_commands"] == ["add_landed_cost", "return", "reverse"]
    cost = {"amount": "10", "split": "quantity"}
    receipt = as_amal.post(f"/api/receipts/{receipt['id']}/add-landed-cost", cost).json()
    assert receipt["landed_costs"][0]["on_hand"] == "10.00"
    back = {
        "receipt_id": receipt["id"], "reason": "Broken",
        "lines": [{"receipt_line_id": receipt["lines"][0]["id"], "quantity": "1"}],
    }  # fmt: skip
    gone = as_amal.post("/api/supplier-returns", back).json()
    gone = as_amal.post(f"/api/supplier-returns/{gone['id']}/post").json()
    assert (gone["number"], gone["value"]) == ("SR-000001", "8.00")


def test_settings_prices_and_the_open_account(as_amal):
    lamp, vendor = a_lamp(), a_vendor()
    changed = as_amal.patch("/api/purchasing/settings", {"approval_above": "500"}).json()
    assert (changed["approval_above"], changed["price_percent"]) == ("500.00", "0")
    price = {
        "supplier_id": str(vendor.pk), "product_id": str(lamp.pk), "price": "9",
        "supplier_sku": "NL-1",
    }  # fmt: skip
    row = as_amal.post("/api/supplier-products", price)
    assert (row.status_code, row.json()["unit_en"]) == (201, "Piece")
    twin = as_amal.post("/api/supplier-products", price)
    assert (twin.status_code, twin.json()["code"]) == (409, "supplier_price_exists")
    path = f"/api/supplier-products/{row.json()['id']}"
    assert as_amal.patch(path, {"price": "8.5"}).json()["price"] == "8.5"
    assert as_amal.delete(path).status_code == 204

    received(an_order(a_wish(lamp, "40", "10")))
    report = as_amal.get("/api/reports/goods-received-not-billed").json()
    assert (report["total"], report["ledger_balance"]) == ("400.00", "400.00")
    assert report["rows"][0]["receipt_number"] == "GR-000001"


def test_every_step_needs_its_permission(signed_in_with, stranger):
    order = a_draft_order()
    path = f"/api/purchase-orders/{order.pk}"
    reader = signed_in_with("purchase_order:read")

    assert reader.get(path).json()["next_commands"] == []
    for command in ("submit", "approve", "send", "unhold", "reopen"):
        assert reader.post(f"{path}/{command}").status_code == 403
    assert reader.post("/api/receipts", {"order_id": str(order.pk)}).status_code == 403
    assert reader.patch("/api/purchasing/settings", {}).status_code == 403
    assert stranger.get(path).status_code == 401


def test_who_does_not_see_prices_does_not_write_lines_without_them(signed_in_with):
    path = f"/api/purchase-orders/{a_draft_order().pk}"
    blind = signed_in_with("purchase_order:read", "purchase_order:edit")

    assert blind.patch(path, {"reference": "Q-7"}).json()["lines"][0]["unit_price"] is None
    refused = blind.patch(path, {"lines": [{"quantity": "3", "name_en": "Lamp"}]})
    assert (refused.status_code, refused.json()["facts"]["permission"]) == (403, "cost:read")


def test_an_older_version_and_wrong_values_are_refused(as_amal):
    draft = a_draft_order()
    path = f"/api/purchase-orders/{draft.pk}"
    assert as_amal.patch(path, {"reference": "Q-1"}).json()["reference"] == "Q-1"

    stale = as_amal.post(f"{path}/submit", HTTP_IF_MATCH='"1"')

    assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
    wrong = as_amal.patch(path, {"lines": [{"quantity": "0", "name_en": "x"}]})
    assert wrong.status_code == 422
    assert as_amal.post(f"{path}/cancel", {"reason": ""}).status_code == 422
    assert PurchaseOrder.objects.get().state == "draft"


@unit_of_work
def company_that_buys():
    lamp = a_lamp()
    first = an_order(a_wish(lamp), expected_on="2026-03-01")
    receipt = received(first, "60")
    sent_back(receipt, "1")
    late = an_order(a_wish(lamp), expected_on="2026-03-01")
    a_draft_receipt(late)
    return first, late


def test_lists_are_filtered_searched_and_cheap(as_amal):
    first, late = company_that_buys()
    billed(first)

    def ids(path):
        return [row["id"] for row in as_amal.get(f"/api/{path}").json()["items"]]

    assert len(ids("purchase-orders")) == 2
    assert ids("purchase-orders?q=PO-000002") == [str(late.pk)]
    assert ids("purchase-orders?receipt_progress=none") == [str(late.pk)]
    assert set(ids("purchase-orders?is_late=true")) == {str(first.pk), str(late.pk)}
    assert ids("purchase-orders?billing_progress=full") == [str(first.pk)]
    assert len(ids(f"receipts?order_id={first.pk}&state=posted")) == 1
    assert len(ids("supplier-returns?q=SR-000001")) == 1
    paths = (
        "purchase-orders?sort=-total", "receipts?sort=-value", "supplier-returns", "requisitions",
        "enquiries", "supplier-products",
    )  # fmt: skip
    for path in paths:
        with CaptureQueriesContext(connection) as asked:
            assert as_amal.get(f"/api/{path}").status_code == 200
        # Two of them say who asks.
        assert len(asked) <= 6 + 2, path
    assert Receipt.objects.count() == 2
