"""What happens to one document leaves the kept sheets of others as they are."""

from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application

from alawael.cache import runtime
from alawael.cache.layer import CacheLayer
from alawael.cache.statistics import Statistics
from alawael.core.actors import SYSTEM
from alawael.payments.services import post_payment
from alawael.purchasing import billing as bills
from alawael.purchasing import orders as purchases
from alawael.purchasing import receipts
from alawael.sales import billing, orders, shipments
from config.cache_wiring import ProgramWiring
from testing.cast import NOON
from testing.invoicing import MARCH
from testing.payments import a_drafted_receipt, wishes
from testing.purchasing import a_draft_order as a_draft_purchase
from testing.purchasing import a_vendor, a_wish, open_buying
from testing.sales import a_draft_order, again, goods, open_for_sales, ordered, the_buyer
from testing.serving import ask, token_for
from testing.stock import TODAY

DJANGO = get_wsgi_application()
WIRING = ProgramWiring()
TOLD: dict[str, Any] = {"by": SYSTEM, "at": NOON}


@pytest.fixture
def app(db, tmp_path):
    return CacheLayer(
        DJANGO,
        stamps=runtime.stamps(),
        wiring=WIRING,
        count=Statistics(tmp_path / "count", [one.operation for one in WIRING.routes.values()]),
        most_bytes=8_000_000,
        lifetime=60.0,
    )


def a_sale(product):
    """From the order to the payment; after each command the sheets that there are."""
    order = a_draft_order(ordered(product, "2"), customer=the_buyer())
    sheets = [f"/api/sales-orders/{order.pk}"]
    yield "ordered", sheets
    orders.confirm(again(order), **TOLD)
    yield "confirmed", sheets
    shipment = shipments.create_from_order(again(order), **TOLD)
    sheets.append(f"/api/shipments/{shipment.pk}")
    yield "shipment drafted", sheets
    shipment = shipments.make_ready(shipment, **TOLD)
    yield "made ready", sheets
    shipment = shipments.ship(shipment, on=TODAY, **TOLD)
    yield "shipped", sheets
    invoice = billing.invoice_shipment(shipment, **TOLD)
    sheets.append(f"/api/invoices/{invoice.pk}")
    sheets.append(f"/api/payments/of-document/{invoice.pk}")
    yield "invoiced", sheets
    payment = a_drafted_receipt(str(invoice.total), customer=invoice.customer)
    sheets.append(f"/api/payments/{payment.pk}")
    yield "payment drafted", sheets
    post_payment(payment, wishes(invoice), **TOLD)
    yield "paid", sheets


def a_purchase(product):
    order = a_draft_purchase(a_wish(product), supplier=a_vendor())
    sheets = [f"/api/purchase-orders/{order.pk}"]
    yield "ordered", sheets
    order = purchases.submit_order(order, **TOLD)
    yield "approved", sheets
    receipt = receipts.draft_receipt(order, None, **TOLD)
    sheets.append(f"/api/receipts/{receipt.pk}")
    yield "receipt drafted", sheets
    receipts.post_receipt(receipt, **TOLD)
    yield "received", sheets
    told = {"supplier_number": str(order.number), "issued_on": MARCH, **TOLD}
    bill = bills.draft_bill(order, None, **told)
    sheets.append(f"/api/bills/{bill.pk}")
    yield "billed", sheets


def gone(app, sheets, token):
    return [sheet for sheet in sheets if ask(app, sheet, token).cache != "HIT"]


@pytest.mark.parametrize("story", [a_sale, a_purchase])
def test_one_document_leaves_the_sheets_of_others(app, amal, story):
    open_buying()
    open_for_sales()
    token, (lamp, desk) = (
        token_for(amal),
        (goods("LAMP-1", on_hand="50"), goods("DESK-1", on_hand="50")),
    )
    *_, (_, sheets) = story(lamp)
    gone(app, sheets, token)
    seen = {step: gone(app, sheets, token) for step, _ in story(desk)}
    assert seen == {step: [] for step in seen}
