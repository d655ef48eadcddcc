"""Money before the supply is taxed when it comes, and taken off the final invoice (3.6.3)."""

from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing import queries as invoicing_queries
from alawael.invoicing import services as invoicing
from alawael.invoicing.advances import AdvanceDoesNotFit, AdvanceTooHigh, AdvanceUse
from alawael.invoicing.document import Kind, NoteReason
from alawael.invoicing.models import Invoice
from alawael.invoicing.paperwork import issued_document_of
from alawael.invoicing.printing.invoice import invoice_data
from alawael.invoicing.tests.test_post_invoice import booked, broken
from alawael.invoicing.vat import totals
from alawael.payments import advances, services
from alawael.payments.models import PaymentMethod, PaymentState
from alawael.payments.tests.test_payments import balances
from testing.cast import NOON
from testing.invoicing import MARCH, a_buyer, a_draft, a_line, an_invoice
from testing.payments import a_drafted_receipt, the_bank
from testing.races import at_once

pytestmark = pytest.mark.usefixtures("shop")


def an_advance(amount="115", **facts):
    payment = a_drafted_receipt(amount, **facts)
    return advances.post_advance(
        payment, name_en="Desk lamps", name_ar="مصابيح مكتب", by=SYSTEM, at=NOON
    )


def take_off(payment, amount=None):
    return [AdvanceUse(payment.advance_id, amount and Decimal(amount))]


def give_back(payment, amount):
    return advances.refund_advance(
        payment,
        Decimal(amount),
        method=PaymentMethod.BANK_TRANSFER,
        account=the_bank(),
        on=MARCH,
        by=SYSTEM,
        at=NOON,
    )


def test_the_worked_example():
    buyer = a_buyer()

    payment = an_advance("115", customer=buyer)

    advance = payment.advance
    assert (payment.number, advance.number) == ("RCT-000001", "ADV-000001")
    assert booked(advance) == {"BANK": 115, "CUSTOMER_ADVANCES": -100, "OUTPUT_VAT": -15}
    assert "386</cbc:InvoiceTypeCode>" in bytes(advance.issued.xml).decode()
    assert broken() == {}

    invoice = an_invoice(a_line("600"), customer=buyer, advances=take_off(payment))

    assert booked(invoice) == {
        "AR": 575,
        "CUSTOMER_ADVANCES": 100,
        "REVENUE": -600,
        "OUTPUT_VAT": -75,
    }
    assert (invoice.total, invoice.prepaid, invoice.open_amount) == (690, 115, 575)
    xml = bytes(invoice.issued.xml).decode()
    assert '<cbc:PrepaidAmount currencyID="SAR">115.00</cbc:PrepaidAmount>' in xml
    assert '<cbc:PayableAmount currencyID="SAR">575.00</cbc:PayableAmount>' in xml
    assert "ADV-000001" in xml
    document = issued_document_of(invoice, invoice.issued)
    printed = invoice_data(document, totals(document))
    assert (printed["advances"][0]["number"], printed["advances"][0]["vat"]) == (
        "ADV-000001", "15.00",
    )  # fmt: skip
    assert printed["totals"][-1]["amount"] == "575.00"
    assert broken() == {}


def test_the_vat_of_an_advance_is_declared_once():
    buyer = a_buyer()
    payment = an_advance(customer=buyer)
    an_invoice(a_line("600"), customer=buyer, advances=take_off(payment))

    found = invoicing_queries.vat_return(first=MARCH, last=MARCH)

    assert (found.sales[0].amount, found.sales[0].vat) == (600, 90)


def test_an_advance_is_used_up_in_parts_without_a_remainder():
    buyer = a_buyer()
    payment = an_advance("100", customer=buyer)

    for part in ("33.33", "33.33", None):
        an_invoice(a_line("600"), customer=buyer, advances=take_off(payment, part))

    assert "CUSTOMER_ADVANCES" not in balances()
    assert Invoice.objects.get(pk=payment.advance_id).advance_left == 0
    assert broken() == {}


def test_of_many_invoices_at_once_one_uses_the_advance():
    buyer = a_buyer()
    payment = an_advance(customer=buyer)

    @unit_of_work
    def all_drafts():
        return [
            a_draft(a_line("600"), customer=buyer, advances=take_off(payment)) for _ in range(6)
        ]

    def post(draft):
        return invoicing.post_invoice(draft, by=SYSTEM, at=NOON).number

    results = at_once(post, all_drafts())

    assert results.count("advance_too_high") == 5
    assert broken() == {}


def test_more_than_is_left_or_than_is_charged_is_not_taken_off():
    buyer = a_buyer()
    payment = an_advance("1150", customer=buyer)

    with pytest.raises(AdvanceTooHigh):
        a_draft(customer=buyer, advances=take_off(payment, "1150.01"))
    with pytest.raises(AdvanceDoesNotFit):
        an_invoice(a_line("600"), customer=buyer, advances=take_off(payment))


def test_an_unused_advance_is_given_back_with_its_vat():
    buyer = a_buyer()
    payment = an_advance(customer=buyer)

    back = give_back(payment, "57.50")

    note = Invoice.objects.get(kind=Kind.CREDIT_NOTE)
    assert booked(note) == {"BANK": Decimal("-57.50"), "CUSTOMER_ADVANCES": 50, "OUTPUT_VAT": 7.5}
    assert (back.number, balances()["BANK"]) == ("PAY-000001", Decimal("57.50"))
    with pytest.raises(services.AllocationTooHigh):
        give_back(payment, "57.51")
    assert broken() == {}


def test_a_bounced_advance_takes_its_tax_invoice_back_unless_it_was_used():
    buyer = a_buyer()

    def bounce(payment):
        return advances.take_back_advance(
            payment, to=PaymentState.BOUNCED, reason="No cover", on=MARCH, by=SYSTEM, at=NOON
        )

    cheque = {"customer": buyer, "method": PaymentMethod.CHEQUE}
    bounce(an_advance(**cheque))
    assert balances() == {}
    used = an_advance(**cheque)
    an_invoice(a_line("600"), customer=buyer, advances=take_off(used))
    with pytest.raises(advances.AdvanceUsed):
        bounce(used)
    assert broken() == {}


def test_crediting_the_final_invoice_gives_everything_back():
    buyer = a_buyer()
    invoice = an_invoice(
        a_line("600"), customer=buyer, advances=take_off(an_advance(customer=buyer))
    )

    note = invoicing.credit_invoice(invoice, None, reason=NoteReason.CANCELLED, by=SYSTEM, at=NOON)

    assert (note.total, note.open_amount, balances()["AR"]) == (690, 115, -115)
    assert broken() == {}
