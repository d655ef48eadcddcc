"""Stories of a trading company, told by the people in it. Each ends with books that hold."""

from decimal import Decimal

import pytest

pytestmark = pytest.mark.slow
D = Decimal


def opened_stock(company, goods, quantity, cost):
    """What was there when the company began to use the program."""
    opening = company.amal.make(
        "/stock/adjustments",
        kind="opening",
        warehouse_id=company.riyadh["id"],
        lines=[{"product_id": goods["id"], "quantity": quantity, "unit_cost": cost}],
    )
    company.amal.tell("stock/adjustments", opening, "post")


def an_order(company, customer, goods, quantity, price):
    return company.salem.make(
        "/sales-orders",
        customer_id=customer["id"],
        warehouse_id=company.riyadh["id"],
        lines=[{"product_id": goods["id"], "quantity": quantity, "unit_price": price}],
    )


def test_from_quotation_to_cash(company):
    salem, waleed, fatimah = company.salem, company.waleed, company.fatimah
    chair, hotel = company.goods("CHAIR"), company.customer("Hotel")
    opened_stock(company, chair, "40", "60")

    quote = an_order(company, hotel, chair, "25", "100")
    quote = salem.tell("sales-orders", quote, "send-quote")
    assert quote["state"] == "quoted"
    order = salem.tell("sales-orders", quote, "confirm")
    assert (order["state"], order["lines"][0]["reserved"]) == ("confirmed", "25")

    # Nobody else can be promised what this order holds.
    rival = an_order(company, company.customer("Rival"), chair, "20", "110")
    rival = salem.tell("sales-orders", rival, "confirm")
    assert rival["lines"][0]["reserved"] == "15"

    shipment = waleed.make("/shipments", order_id=order["id"])
    for verb in ("make-ready", "ship"):
        shipment = waleed.tell("shipments", shipment, verb)
    shipment = waleed.tell("shipments", shipment, "confirm-delivery", proof="Signed by Huda")
    assert shipment["state"] == "delivered"

    issued = fatimah.tell("shipments", shipment, "invoice")
    assert issued["total"] == "2875.00"
    invoice = fatimah.read(f"/invoices/{issued['id']}")
    for amount in ("2000.00", "875.00"):
        payment = fatimah.make(
            "/payments",
            kind="receipt",
            party_id=hotel["id"],
            method="bank_transfer",
            account_id=company.bank,
            amount=amount,
            paid_on=invoice["issued_on"],
        )
        fatimah.tell("payments", payment, "post", allocations=[{"document_id": invoice["id"]}])

    order = salem.read(f"/sales-orders/{order['id']}")
    words = (order["delivery_status"], order["billing_status"], order["payment_status"])
    assert words == ("full", "full", "paid")
    assert company.stock(chair) == (D(15), D("900.00"))
    assert company.contradictions() == []


def test_from_need_to_a_paid_supplier(company):
    basma, waleed, fatimah = company.basma, company.waleed, company.fatimah
    paper, mill = company.goods("PAPER"), company.supplier("Mill")

    wish = waleed.make(
        "/requisitions",
        warehouse_id=company.riyadh["id"],
        lines=[{"product_id": paper["id"], "quantity": "200", "supplier_id": mill["id"]}],
    )
    wish = waleed.tell("requisitions", wish, "submit")
    assert waleed.is_refused("requisitions", wish, "approve") == "forbidden"
    company.manager.tell("requisitions", wish, "approve")

    # Two suppliers are asked; the mill is cheaper.
    far = company.supplier("Far away")
    enquiry = basma.make(
        "/enquiries",
        warehouse_id=company.riyadh["id"],
        supplier_ids=[mill["id"], far["id"]],
        lines=[
            {
                "product_id": paper["id"],
                "quantity": "200",
                "requisition_line_id": wish["lines"][0]["id"],
            }
        ],
    )
    enquiry = basma.tell("enquiries", enquiry, "send")
    asked = enquiry["lines"][0]["id"]
    for supplier, price in ((mill, "4.50"), (far, "5")):
        prices = [{"line_id": asked, "price": price}]
        basma.tell("enquiries", enquiry, "quote", supplier_id=supplier["id"], prices=prices)
    company.manager.tell("enquiries", enquiry, "award", supplier_id=mill["id"])
    order = basma.read(f"/purchase-orders?supplier_id={mill['id']}")["items"][0]
    order = basma.tell("purchase-orders", order, "submit")
    assert order["net"] == "900.00"

    receipt = waleed.make("/receipts", order_id=order["id"])
    receipt = waleed.tell("receipts", receipt, "post")
    assert company.stock(paper) == (D(200), D("900.00"))

    bill = fatimah.tell(
        "purchase-orders", order, "bills", supplier_number="M-77", issued_on=receipt["received_on"]
    )
    assert fatimah.tell("purchase-bills", bill, "match")["state"] == "matched"
    bill = fatimah.tell("purchase-bills", bill, "post")
    assert bill["total"] == "1035.00"
    payment = fatimah.make(
        "/payments",
        kind="payment",
        party_id=mill["id"],
        method="bank_transfer",
        account_id=company.bank,
        amount="1035.00",
        paid_on=bill["issued_on"],
    )
    fatimah.tell("payments", payment, "post", allocations=[{"document_id": bill["id"]}])

    assert company.balances() == {
        "111003": D("-1035.00"),  # bank
        "113001": D("900.00"),  # stock
        "115001": D("135.00"),  # input VAT
    }
    wish = basma.read(f"/requisitions/{wish['id']}")
    assert (wish["lines"][0]["ordered"], wish["lines"][0]["received"]) == ("200", "200")
    assert company.contradictions() == []


def test_a_return_of_which_a_part_is_scrapped_and_all_is_refunded(company):
    salem, waleed, manager = company.salem, company.waleed, company.manager
    vase, shop = company.goods("VASE"), company.customer("Shop")
    opened_stock(company, vase, "10", "30")
    order = salem.tell("sales-orders", an_order(company, shop, vase, "10", "50"), "confirm")
    shipment = waleed.make("/shipments", order_id=order["id"])
    for verb in ("make-ready", "ship"):
        shipment = waleed.tell("shipments", shipment, verb)
    company.fatimah.tell("shipments", shipment, "invoice")

    back = waleed.make(
        "/customer-returns",
        order_id=order["id"],
        reason="Two are broken",
        lines=[{"shipment_line_id": shipment["lines"][0]["id"], "quantity": "4"}],
    )
    back = manager.tell("customer-returns", back, "approve")
    back = waleed.tell("customer-returns", back, "receive")
    # In quality it is ours, and nobody can be promised it.
    assert company.stock(vase) == (D(4), D("120.00"))
    free = salem.read(f"/stock/availability?product_ids={vase['id']}")
    assert sum(D(row["free"]) for row in free) == 0
    line = back["lines"][0]["id"]
    verdict = {"line_id": line, "settlement": "refund", "restocked": "2", "scrapped": "2"}
    manager.tell("customer-returns", back, "inspect", lines=[verdict])
    manager.tell("customer-returns", back, "credit")

    assert company.stock(vase) == (D(2), D("60.00"))
    balances = company.balances()
    assert balances["410004"] == D("200.00")  # sales returns
    assert balances["510003"] == D("60.00")  # what was scrapped
    assert balances["112001"] == D("345.00")  # 575.00 less 230.00
    order = salem.read(f"/sales-orders/{order['id']}")
    assert (order["delivery_status"], order["billing_status"]) == ("full", "full")
    assert company.contradictions() == []


def test_a_count_while_goods_move(company):
    salem, waleed, manager = company.salem, company.waleed, company.manager
    bolt = company.goods("BOLT")
    opened_stock(company, bolt, "100", "2")
    root = waleed.read(f"/locations?warehouse_id={company.riyadh['id']}&kind=root")["items"][0]

    count = waleed.make("/counts", location_id=root["id"])
    count = waleed.tell("counts", count, "start")
    line = waleed.read(f"/counts/{count['id']}/lines")["items"][0]
    entry = {"line_id": line["id"], "quantity": "97"}
    waleed.tell("counts", count, "enter", entries=[entry])

    # Ten leave between counting and posting: the difference stays three.
    order = salem.tell(
        "sales-orders", an_order(company, company.customer("Shop"), bolt, "10", "3"), "confirm"
    )
    shipment = waleed.make("/shipments", order_id=order["id"])
    for verb in ("make-ready", "ship"):
        waleed.tell("shipments", shipment, verb)
    manager.tell("counts", count, "review")
    manager.tell("counts", count, "post")

    assert company.stock(bolt) == (D(87), D("174.00"))
    assert company.balances()["510003"] == D("6.00")
    assert company.contradictions() == []


def test_the_end_of_a_year(company):
    fatimah = company.fatimah
    desk, shop = company.goods("DESK"), company.customer("Shop")
    opened_stock(company, desk, "5", "200")
    order = company.salem.tell("sales-orders", an_order(company, shop, desk, "5", "300"), "confirm")
    shipment = company.waleed.make("/shipments", order_id=order["id"])
    for verb in ("make-ready", "ship"):
        shipment = company.waleed.tell("shipments", shipment, verb)
    issued = fatimah.tell("shipments", shipment, "invoice")
    today = fatimah.read(f"/invoices/{issued['id']}")["issued_on"]
    year = fatimah.read("/fiscal-years")["items"][0]
    span = f"from={year['starts_on']}&to={year['ends_on']}"

    result = fatimah.read(f"/reports/profit-and-loss?{span}")
    assert result["profit"] == "500.00"
    tax = fatimah.read(f"/reports/vat-return?{span}")
    assert tax["net_vat_due"] == "225.00"
    sheet = fatimah.read(f"/reports/balance-sheet?on={year['ends_on']}")
    assert sheet["total_assets"] == "1725.00"

    # The month is closed: nothing is posted into it any more, and nothing is lost by trying.
    periods = fatimah.read(f"/periods?year={year['year']}")["items"]
    month = next(row for row in periods if row["starts_on"] <= today <= row["ends_on"])
    fatimah.tell("periods", month, "close")
    extra = an_order(company, shop, company.goods("EXTRA", kind="service"), "1", "10")
    extra = company.salem.tell("sales-orders", extra, "confirm")
    before = company.balances()
    assert fatimah.is_refused("sales-orders", extra, "invoice") == "period_closed"
    assert company.balances() == before
    assert company.contradictions() == []


def test_what_the_bank_takes_and_gives_by_itself(company):
    fatimah = company.fatimah
    statement = fatimah.upload(
        "/bank-statements",
        "january.csv",
        "date,amount,reference,description\n"
        "2026-01-05,-11.50,,MONTHLY FEE\n"
        "2026-01-31,7.25,,PROFIT\n"
        "2026-01-31,-2.00,,CARD\n",
        account_id=company.bank,
    )["statement"]
    fee, profit, card = statement["lines"]
    assert company.salem.is_refused("bank-lines", fee, "charge", kind="fee") == "forbidden"

    fatimah.tell("bank-lines", fee, "charge", kind="fee", has_vat=True)
    fatimah.tell("bank-lines", profit, "charge", kind="interest")
    booked = fatimah.tell("bank-lines", card, "charge", kind="fee")
    assert booked["charge"]["account_code"] == "710001"

    # The card was Basma's: it becomes a payment when she has brought the bill.
    fatimah.tell("bank-lines", card, "take-back-charge")
    statement = fatimah.read(f"/bank-statements/{statement['id']}")
    assert (statement["matched"], statement["line_count"]) == (2, 3)
    assert company.balances() == {
        "111003": D("-4.25"),  # bank
        "115001": D("1.50"),  # input VAT
        "420004": D("-7.25"),  # interest
        "710001": D("10.00"),  # bank charges
    }
    box = fatimah.read("/reports/vat-return?from=2026-01-01&to=2026-01-31")["purchases"][0]
    assert (box["amount"], box["vat"]) == ("10.00", "1.50")
    assert company.contradictions() == []
