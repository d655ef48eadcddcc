"""The money steps of a whole trade, to the halala; goods are told in the scenarios."""

from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.invoicing import bills, queries
from alawael.invoicing import services as invoicing
from alawael.invoicing.document import NoteReason
from alawael.invoicing.models import Invoice
from alawael.invoicing.services import CreditLine
from alawael.invoicing.tests.test_post_invoice import broken
from alawael.ledger.books import Posting
from alawael.ledger.models import LedgerRole
from alawael.payments.tests.test_payments import balances
from testing.cast import NOON
from testing.invoicing import MARCH, a_bill_line, a_buyer, a_line, a_recorded_bill, an_invoice
from testing.payments import a_receipt

pytestmark = pytest.mark.usefixtures("shop")


def test_sell_bill_pay_and_credit():
    buyer = a_buyer()
    invoice = an_invoice(a_line("20", "30"), customer=buyer)
    bill = a_recorded_bill(a_bill_line("10.50", "100", account_id=None))
    bills.mark_matched(bill, by=SYSTEM, at=NOON)
    # The goods of it are purchasing's; here all of it is the cost of a service.
    costs = [Posting(LedgerRole.PRICE_VARIANCE, debit=Decimal(1050))]
    bills.post_bill(bill, costs, on=MARCH, by=SYSTEM, at=NOON)
    a_receipt("690", invoice, customer=buyer)
    paid = Invoice.objects.get(pk=invoice.pk)
    back = [CreditLine(paid.lines.get().pk, Decimal(5))]
    invoicing.credit_invoice(paid, back, reason=NoteReason.REFUNDED, by=SYSTEM, at=NOON)

    assert balances() == {
        "BANK": 690,
        "AR": -115,
        "AP": Decimal("-1207.50"),
        "REVENUE": -600,
        "SALES_RETURNS": 100,
        "OUTPUT_VAT": -75,
        "INPUT_VAT": Decimal("157.50"),
        "PRICE_VARIANCE": 1050,
    }
    account = queries.statement(party_id=buyer.pk, first=MARCH, last=MARCH)
    told = [(line.kind, line.debit - line.credit) for line in account.lines]
    assert told == [("invoice", 690), ("receipt", -690), ("credit_note", -115)]
    assert account.closing == -115
    assert queries.vat_return(first=MARCH, last=MARCH).net_vat_due == Decimal("-82.50")
    assert broken() == {}
