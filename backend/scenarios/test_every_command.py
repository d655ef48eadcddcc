"""Every command of trade that the other stories do not give: through the API, as people give it."""

from datetime import timedelta

import pytest

from alawael.core.clock import business_day, now
from alawael.sales.orders import expire_quotes
from scenarios.test_stories import an_order, opened_stock
from testing.cast import NOON

pytestmark = pytest.mark.slow
TODAY = NOON.date().isoformat()


def first_line(document):
    return document["lines"][0]["id"]


def a_purchase(company, goods, supplier, quantity="20", price="10"):
    order = company.amal.make(
        "/purchase-orders",
        supplier_id=supplier["id"],
        warehouse_id=company.riyadh["id"],
        lines=[{"product_id": goods["id"], "quantity": quantity, "unit_price": price}],
    )
    return company.amal.tell("purchase-orders", order, "submit")


def root_of(warehouse, colleague):
    """The place that is the whole warehouse."""
    return colleague.read(f"/locations?warehouse_id={warehouse['id']}&kind=root")["items"][0]["id"]


@pytest.fixture
def chairs(company):
    goods = company.goods("CHAIR")
    opened_stock(company, goods, "100", "60")
    return goods


def test_an_order_that_is_held_amended_and_given_up(company, chairs):
    salem, hotel = company.salem, company.customer("Hotel")
    orders = "sales-orders"

    order = an_order(company, hotel, chairs, "10", "100")
    order = salem.tell(orders, order, "send-quote")
    next_year = now() + timedelta(days=400)
    expire_quotes(on=business_day(next_year), at=next_year)
    order = salem.tell(orders, order, "renew")
    order = salem.tell(orders, order, "confirm")
    order = company.amal.tell(orders, order, "hold", reason="The customer asked us to wait.")
    assert order["on_hold"]
    order = company.amal.tell(orders, order, "unhold")
    order = salem.tell(orders, order, "release")
    assert order["lines"][0]["reserved"] == "0"
    order = salem.tell(orders, order, "reserve", partly=True)
    assert order["lines"][0]["reserved"] == "10"
    order = salem.tell(
        orders, order, "amend", lines=[{"line_id": first_line(order), "quantity": "12"}]
    )
    assert order["lines"][0]["quantity"] == "12"
    order = salem.tell(
        orders, order, "short-close", line_id=first_line(order), reason="No longer wanted"
    )
    order = salem.tell(orders, order, "close", accept_short_close=True)
    assert order["state"] == "closed"
    assert company.amal.tell(orders, order, "reopen")["state"] == "confirmed"
    assert company.contradictions() == []


def test_a_dear_order_waits_for_somebody_else(company, chairs):
    hotel = company.customer("Hotel")
    company.amal.change("/sales/settings", approve_above="500.00")

    order = an_order(company, hotel, chairs, "10", "100")
    order = company.salem.tell("sales-orders", order, "confirm")
    assert order["state"] == "pending_approval"
    order = company.manager.tell("sales-orders", order, "reject", reason="Ask for a deposit first")
    order = company.salem.tell("sales-orders", order, "confirm")
    assert company.manager.tell("sales-orders", order, "approve")["state"] == "confirmed"


def test_a_shipment_that_is_split_picked_and_taken_back(company, chairs):
    amal, hotel = company.amal, company.customer("Hotel")
    order = company.salem.tell(
        "sales-orders", an_order(company, hotel, chairs, "10", "100"), "confirm"
    )
    shipment = amal.make("/shipments", order_id=order["id"])
    shipment = amal.change(
        f"/shipments/{shipment['id']}", carrier="Najd Express", tracking_number="NX-1",
        freight_cost="25.00",
    )  # fmt: skip
    amal.tell(
        "shipments", shipment, "split", parts=[{"line_id": first_line(shipment), "quantity": "4"}]
    )
    for verb in ("make-ready", "pick", "pack", "ship"):
        shipment = amal.tell("shipments", shipment, verb)
    assert shipment["lines"][0]["quantity"] == "6"
    shipment = amal.tell("shipments", shipment, "reverse", reason="The lorry turned back")
    (other,) = (
        row
        for row in amal.read(f"/shipments?order_id={order['id']}")["items"]
        if row["state"] == "draft"
    )
    assert amal.tell("shipments", other, "cancel", reason="Not needed")["state"] == "cancelled"
    assert company.contradictions() == []


def test_returns_that_come_to_nothing_or_end(company, chairs):
    amal, hotel = company.amal, company.customer("Hotel")
    order = company.salem.tell(
        "sales-orders", an_order(company, hotel, chairs, "10", "100"), "confirm"
    )
    shipment = amal.make("/shipments", order_id=order["id"])
    for verb in ("make-ready", "ship"):
        shipment = amal.tell("shipments", shipment, verb)

    def a_return():
        sent = {"shipment_line_id": first_line(shipment), "quantity": "1", "reason": "Scratched"}
        return amal.make("/customer-returns", order_id=order["id"], lines=[sent])

    cancelled = amal.tell("customer-returns", a_return(), "cancel", reason="Kept after all")
    assert cancelled["state"] == "cancelled"
    back = amal.tell("customer-returns", a_return(), "approve")
    back = amal.tell("customer-returns", back, "receive")
    decided = [
        {
            "line_id": first_line(back),
            "settlement": "neither",
            "restocked": "1",
            "reason": "Goodwill",
        }
    ]
    back = amal.tell("customer-returns", back, "inspect", lines=decided)
    back = amal.tell("customer-returns", back, "close")
    assert amal.read(f"/customer-returns/{back['id']}")["state"] == "closed"


def test_a_wish_that_is_refused_ordered_or_given_up(company, chairs):
    waleed, manager, mill = company.waleed, company.manager, company.supplier("Mill")

    def a_wish():
        needed = {"product_id": chairs["id"], "quantity": "5", "supplier_id": mill["id"]}
        return waleed.make("/requisitions", warehouse_id=company.riyadh["id"], lines=[needed])

    wish = waleed.change(f"/requisitions/{a_wish()['id']}", notes="For the new hall")
    wish = waleed.tell("requisitions", wish, "submit")
    assert manager.tell("requisitions", wish, "reject", reason="Too many")["state"] == "draft"
    wish = waleed.tell("requisitions", a_wish(), "submit")
    assert (
        company.basma.tell("requisitions", wish, "cancel", reason="Found some")["state"]
        == "cancelled"
    )
    wish = manager.tell("requisitions", waleed.tell("requisitions", a_wish(), "submit"), "approve")
    company.basma.tell("requisitions", wish, "order", lines=[{"line_id": first_line(wish)}])
    wish = manager.tell("requisitions", waleed.tell("requisitions", a_wish(), "submit"), "approve")
    wish = company.basma.tell("requisitions", wish, "close", reason="The hall is not built")
    assert wish["state"] == "closed"


def test_an_enquiry_that_is_changed_and_closed(company, chairs):
    basma, mill = company.basma, company.supplier("Mill")
    enquiry = basma.make(
        "/enquiries",
        warehouse_id=company.riyadh["id"],
        supplier_ids=[mill["id"]],
        lines=[{"product_id": chairs["id"], "quantity": "5"}],
    )
    enquiry = basma.change(f"/enquiries/{enquiry['id']}", notes="Please with delivery")
    enquiry = basma.tell("enquiries", enquiry, "send")
    enquiry = basma.tell("enquiries", enquiry, "close", reason="Nobody answered")
    assert basma.read(f"/enquiries/{enquiry['id']}")["state"] == "cancelled"


def test_a_purchase_that_is_held_amended_and_given_up(company, chairs):
    basma, amal, mill = company.basma, company.amal, company.supplier("Mill")
    orders = "purchase-orders"
    company.amal.change("/purchasing/settings", approval_above="100.00")

    order = a_purchase(company, chairs, mill)
    assert order["state"] == "pending_approval"
    order = company.manager.tell(orders, order, "reject", reason="Ask for a discount")
    order = company.manager.tell(orders, amal.tell(orders, order, "submit"), "approve")
    order = basma.tell(orders, order, "send")
    order = amal.tell(orders, order, "hold", reason="The mill is closed")
    order = amal.tell(orders, order, "unhold")
    order = amal.tell(
        orders, order, "amend", lines=[{"line_id": first_line(order), "quantity": "8"}]
    )
    order = amal.tell(orders, order, "short-close", line_id=first_line(order), reason="Enough")
    order = amal.tell(
        orders, order, "close", reason="Nothing comes any more", short_close_rest=True
    )
    order = amal.tell(orders, order, "reopen")
    company.amal.change("/purchasing/settings", approval_above=None)
    given_up = amal.tell(
        orders, a_purchase(company, chairs, mill), "cancel", reason="Bought elsewhere"
    )
    assert given_up["state"] == "cancelled"


def test_receipts_that_are_changed_inspected_and_taken_back(company):
    amal, mill = company.amal, company.supplier("Mill")
    milk = company.goods("MILK")
    amal.change(f"/stock/items/{milk['id']}", needs_inspection=True)
    order = a_purchase(company, milk, mill)

    receipt = amal.make("/receipts", order_id=order["id"])
    receipt = amal.change(f"/receipts/{receipt['id']}", delivery_note="DN-5")
    assert amal.tell("receipts", receipt, "cancel")["state"] == "cancelled"
    receipt = amal.tell("receipts", amal.make("/receipts", order_id=order["id"]), "post")
    decided = [{"line_id": first_line(receipt), "accepted": "18", "rejected": "2"}]
    receipt = amal.tell("receipts", receipt, "decide", lines=decided)
    assert company.stock(milk)[0] > 0
    receipt = amal.tell("receipts", receipt, "reverse", reason="Counted at the wrong door")
    assert amal.read(f"/receipts/{receipt['id']}")["state"] == "reversed"
    assert company.contradictions() == []


def test_goods_for_the_supplier_and_the_note_about_them(company, chairs):
    amal, mill = company.amal, company.supplier("Mill")
    order = a_purchase(company, chairs, mill)
    receipt = amal.tell("receipts", amal.make("/receipts", order_id=order["id"]), "post")

    def a_return():
        sent = {"receipt_line_id": first_line(receipt), "quantity": "2"}
        return amal.make(
            "/supplier-returns", receipt_id=receipt["id"], reason="Cracked", lines=[sent]
        )

    assert amal.tell("supplier-returns", a_return(), "cancel")["state"] == "cancelled"
    bill = amal.tell("purchase-orders", order, "bills", supplier_number="M-1", issued_on=TODAY)
    amal.tell("purchase-bills", bill, "match")
    amal.tell("purchase-bills", bill, "post")
    back = amal.change(f"/supplier-returns/{a_return()['id']}", reason="Cracked on arrival")
    back = amal.tell("supplier-returns", back, "post")
    amal.tell("supplier-returns", back, "debit", supplier_number="M-1-R", issued_on=TODAY)
    assert amal.read(f"/supplier-returns/{back['id']}")["state"] == "posted"
    assert company.contradictions() == []


def test_bills_that_are_taken_back(company, chairs):
    amal, mill = company.amal, company.supplier("Mill")
    order = a_purchase(company, chairs, mill)
    amal.tell("receipts", amal.make("/receipts", order_id=order["id"]), "post")
    bill = amal.tell("purchase-orders", order, "bills", supplier_number="M-1", issued_on=TODAY)
    amal.tell("purchase-bills", bill, "match")
    bill = amal.tell("purchase-bills", bill, "post")
    amal.tell("purchase-bills", bill, "reverse", reason="Booked for the wrong month")

    direct = {"name_en": "Electricity", "quantity": "1", "unit_price": "100.00"}
    expense = amal.read("/accounts?is_group=false&q=rent")["items"][0]["id"]
    direct["account_id"] = expense
    told = {"supplier_id": mill["id"], "issued_on": TODAY, "lines": [direct]}
    bill = amal.make("/bills", supplier_number="E-1", **told)
    bill = amal.tell("bills", bill, "dispute", reason="That is not our meter")
    bill = amal.tell("bills", bill, "reopen")
    bill = amal.tell("bills", bill, "post")
    amal.tell("bills", bill, "reverse", reason="It was our neighbour's")
    assert company.contradictions() == []


def test_transfers_that_wait_move_get_lost_or_come_to_nothing(company, chairs):
    amal = company.amal
    jeddah = amal.make("/warehouses", code="JED", name_en="Jeddah", name_ar="جدة")

    def a_transfer(to=jeddah, **place):
        return company.waleed.make(
            "/transfers",
            source_id=company.riyadh["id"],
            destination_id=to["id"],
            lines=[{"product_id": chairs["id"], "quantity": "3", **place}],
        )

    assert amal.tell("transfers", a_transfer(), "cancel")["state"] == "cancelled"
    amal.change("/stock/settings", transfer_needs_approval=True)
    company.manager.tell("transfers", a_transfer(), "approve")
    amal.change("/stock/settings", transfer_needs_approval=False)
    shelf = amal.make(
        "/locations",
        parent_id=root_of(company.riyadh, amal),
        kind="bin",
        code="A-1",
        name_en="Shelf",
    )
    amal.tell("transfers", a_transfer(company.riyadh, destination_location_id=shelf["id"]), "move")
    lost = amal.tell("transfers", amal.tell("transfers", a_transfer(), "reserve"), "dispatch")
    lost = company.manager.tell("transfers", lost, "write-off", reason="Fell off the lorry")
    assert amal.read(f"/transfers/{lost['id']}")["lines"]
    assert company.contradictions() == []


def test_counts_that_are_doubted_or_dropped(company, chairs):
    amal = company.amal
    place = root_of(company.riyadh, amal)
    dropped = amal.make("/counts", location_id=place)
    assert amal.tell("counts", dropped, "cancel")["state"] == "cancelled"

    count = amal.tell("counts", amal.make("/counts", location_id=place), "start")
    (line,) = amal.read(f"/counts/{count['id']}/lines")["items"]
    for counted in ("90", "97"):
        entries = [{"line_id": line["id"], "quantity": counted}]
        count = company.waleed.tell("counts", count, "enter", entries=entries)
        count = amal.tell("counts", count, "review")
        if counted == "90":
            count = amal.tell("counts", count, "recount", line_ids=[line["id"]])
    count = company.manager.tell("counts", count, "approve")
    amal.tell("counts", count, "post")
    assert company.stock(chairs)[0] == 97


def test_a_cheque_that_clears_one_that_bounces_and_one_torn_up(company):
    fatimah, hotel = company.fatimah, company.customer("Hotel")

    def a_cheque():
        return fatimah.make(
            "/payments", kind="receipt", party_id=hotel["id"], method="cheque",
            account_id=company.bank, amount="50.00", paid_on=TODAY, reference="CH-1",
        )  # fmt: skip

    torn = fatimah.change(f"/payments/{a_cheque()['id']}", notes="Wrong name")
    assert fatimah.tell("payments", torn, "void")["state"] == "void"
    cleared = fatimah.tell("payments", fatimah.tell("payments", a_cheque(), "post"), "clear")
    assert cleared["cleared_on"]
    fatimah.tell(
        "payments", fatimah.tell("payments", a_cheque(), "post"), "bounce", reason="No funds"
    )
    assert company.contradictions() == []


def test_what_is_looked_up_by_its_id(company, chairs):
    amal = company.amal
    category = amal.make("/categories", name_en="Seats", name_ar="مقاعد")
    amal.change(f"/categories/{category['id']}", name_en="Chairs and seats")
    prices = amal.make("/price-lists", name_en="Hotels", name_ar="الفنادق")
    place = amal.read("/locations")["items"][0]
    point = amal.make(
        "/reorder-points", product_id=chairs["id"], warehouse_id=company.riyadh["id"],
        minimum="10", maximum="50",
    )  # fmt: skip
    discarded = amal.make(
        "/stock/adjustments", kind="loss", warehouse_id=company.riyadh["id"],
        reason="Broken", lines=[{"product_id": chairs["id"], "quantity": "1"}],
    )  # fmt: skip
    amal.tell("stock/adjustments", discarded, "discard")
    for path in (
        f"/categories/{category['id']}",
        f"/price-lists/{prices['id']}",
        f"/locations/{place['id']}",
        f"/warehouses/{company.riyadh['id']}",
        f"/reorder-points/{point['id']}",
        f"/roles/{amal.read('/roles')['items'][0]['id']}",
        f"/units/{amal.read('/units')['items'][0]['id']}",
        f"/periods/{amal.read('/periods')['items'][0]['id']}",
    ):
        assert amal.read(path)["id"] == path.rpartition("/")[2]
    for path in (
        "/warehouses", "/invoicing-settings", "/stock/settings", "/purchasing/settings",
    ):  # fmt: skip
        assert amal.read(path)


def test_a_credit_note_is_netted_with_an_open_invoice(company, chairs):
    amal, hotel = company.amal, company.customer("Hotel")

    def an_invoice(price):
        sold = {"product_id": chairs["id"], "quantity": "1", "unit_price": price}
        draft = amal.make("/invoices", customer_id=hotel["id"], type="standard", lines=[sold])
        return amal.tell("invoices", draft, "post")

    wrong, right = an_invoice("100.00"), an_invoice("40.00")
    paid = amal.make(
        "/payments", kind="receipt", party_id=hotel["id"], method="bank_transfer",
        account_id=company.bank, amount="115.00", paid_on=wrong["issued_on"],
    )  # fmt: skip
    amal.tell("payments", paid, "post", allocations=[{"document_id": wrong["id"]}])
    credit = amal.tell("invoices", wrong, "credit", reason="cancelled")
    netted = amal.tell("invoices", credit, "net", invoice_id=right["id"], amount="10.00")
    assert netted["open_amount"] == "105.00"


def test_a_colleague_begins(company):
    made = company.amal.make(
        "/users", email="nora@alawael.test", name_en="Nora", name_ar="نورة", roles=["sales"],
        password="a long phrase for a new colleague",
    )  # fmt: skip
    assert made["user"]["roles"] == ["sales"]
