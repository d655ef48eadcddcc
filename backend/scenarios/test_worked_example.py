"""The worked example of the specification (domain 3.11): one product, from order to credit note."""

from decimal import Decimal

import pytest

D = Decimal


@pytest.mark.slow
def test_a_hundred_pieces_from_the_mill_to_the_customer_and_partly_back(company):
    basma, salem, waleed, fatimah = company.basma, company.salem, company.waleed, company.fatimah
    goods = company.goods("LAMP")
    mill, shop = company.supplier("Mill"), company.customer("Shop")
    house = company.riyadh["id"]

    # Order 100 at 10.00; 60 come, then 40.
    bought = basma.make(
        "/purchase-orders",
        supplier_id=mill["id"],
        warehouse_id=house,
        lines=[{"product_id": goods["id"], "quantity": "100", "unit_price": "10"}],
    )
    bought = basma.tell("purchase-orders", bought, "submit")
    ordered_line = bought["lines"][0]["id"]
    for quantity in ("60", "40"):
        receipt = waleed.make(
            "/receipts",
            order_id=bought["id"],
            lines=[{"order_line_id": ordered_line, "quantity": quantity}],
        )
        waleed.tell("receipts", receipt, "post")
    assert company.stock(goods) == (D(100), D("1000.00"))
    assert company.balances() == {"113001": D("1000.00"), "211002": D("-1000.00")}

    # Sell 50 at 20.00; 30 leave, 20 stay open. Invoice the 30.
    sold = salem.make(
        "/sales-orders",
        customer_id=shop["id"],
        warehouse_id=house,
        lines=[{"product_id": goods["id"], "quantity": "50", "unit_price": "20"}],
    )
    sold = salem.tell("sales-orders", sold, "confirm")
    line = sold["lines"][0]["id"]
    first = waleed.make(
        "/shipments", order_id=sold["id"], lines=[{"order_line_id": line, "quantity": "30"}]
    )
    for verb in ("make-ready", "ship"):
        waleed.tell("shipments", first, verb)
    assert company.stock(goods) == (D(70), D("700.00"))
    issued = fatimah.tell("sales-orders", sold, "invoice")
    invoice = fatimah.read(f"/invoices/{issued['id']}")
    assert (invoice["net"], invoice["vat"], invoice["total"]) == ("600.00", "90.00", "690.00")

    # The mill asks 10.50: of the 50.00 more, 35.00 stays with the 70 pieces, 15.00 is gone.
    bill = fatimah.tell(
        "purchase-orders",
        bought,
        "bills",
        supplier_number="M-1",
        issued_on=invoice["issued_on"],
        lines=[{"order_line_id": ordered_line, "quantity": "100", "unit_price": "10.50"}],
    )
    fatimah.tell("purchase-bills", bill, "match")
    company.manager.tell("purchase-bills", bill, "approve", reason="The new price list holds.")
    fatimah.tell("purchase-bills", bill, "post")
    assert company.stock(goods) == (D(70), D("735.00"))

    # The customer pays 690; the other 20 leave at 10.50.
    payment = fatimah.make(
        "/payments",
        kind="receipt",
        party_id=shop["id"],
        method="bank_transfer",
        account_id=company.bank,
        amount="690.00",
        paid_on=invoice["issued_on"],
    )
    fatimah.tell("payments", payment, "post", allocations=[{"document_id": invoice["id"]}])
    second = waleed.make("/shipments", order_id=sold["id"])
    for verb in ("make-ready", "ship"):
        waleed.tell("shipments", second, verb)
    assert company.stock(goods) == (D(50), D("525.00"))

    # 5 of the first 30 come back, at what they had cost; they are credited.
    first_line = waleed.read(f"/shipments/{first['id']}")["lines"][0]["id"]
    back = waleed.make(
        "/customer-returns",
        order_id=sold["id"],
        reason="Too bright",
        lines=[{"shipment_line_id": first_line, "quantity": "5"}],
    )
    company.manager.tell("customer-returns", back, "approve")
    back = waleed.tell("customer-returns", back, "receive")
    verdict = {"line_id": back["lines"][0]["id"], "settlement": "refund", "restocked": "5"}
    company.manager.tell("customer-returns", back, "inspect", lines=[verdict])
    company.manager.tell("customer-returns", back, "credit")
    assert company.stock(goods) == (D(55), D("575.00"))

    assert company.balances() == {
        "111003": D("690.00"),  # bank
        "112001": D("-115.00"),  # receivables: we owe the customer
        "113001": D("575.00"),  # stock
        "115001": D("157.50"),  # input VAT
        "211001": D("-1207.50"),  # payables
        "213001": D("-75.00"),  # output VAT
        "410001": D("-600.00"),  # sales
        "410004": D("100.00"),  # sales returns
        "510001": D("460.00"),  # cost of goods sold
        "510002": D("15.00"),  # price variance
    }
    debits = sum(amount for amount in company.balances().values() if amount > 0)
    assert debits == D("1997.50")
    assert company.contradictions() == []
