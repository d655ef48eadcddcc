"""Bank statements beside the books: taken in once, matched once, never beyond the amount."""

from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.invoicing.tests.test_post_invoice import broken
from alawael.payments import bank, matching, services
from alawael.payments.models import BankLine, Payment, PaymentMethod
from alawael.payments.services import AllocationWish
from alawael.payments.tests.test_payments import balances
from alawael.payments.tests.test_statement_files import CSV, MT940
from testing.cast import NOON
from testing.invoicing import MARCH, a_buyer, a_line, an_invoice
from testing.payments import a_receipt, the_bank
from testing.races import at_once

pytestmark = pytest.mark.usefixtures("shop")


def take_in(text=MT940):
    return bank.import_statement(
        the_bank(), text.encode(), file_name="march.sta", by=SYSTEM, at=NOON
    )


def match(line, payment):
    return bank.match_bank(line, payment, by=SYSTEM, at=NOON)


def test_the_same_file_or_an_overlapping_one_adds_nothing():
    first = take_in()
    again = take_in()
    longer = take_in(MT940.replace(":62F:", ":61:2603070307C1,00NTRFX//Y\n:62F:"))

    assert (first.is_new, again.is_new, again.statement) == (True, False, first.statement)
    assert (longer.is_new, longer.lines_known) == (True, 2)
    assert BankLine.objects.count() == 3


def test_the_likeliest_payment_is_proposed_first():
    take_in()
    line = BankLine.objects.get(amount=Decimal(690))
    buyer = a_buyer()
    plain = a_receipt("690", customer=a_buyer(vat_number="", name_en="Noor Gifts", name_ar="نور"))
    named = a_receipt("690", customer=buyer, reference="INV-000001")
    a_receipt("691", customer=buyer)

    found = matching.proposals_for(line, matching.candidates_for(line))

    assert [proposal.payment for proposal in found] == [named, plain]
    assert found[0].reasons == ["amount", "reference", "party"]


def test_a_match_is_made_once_and_guards_the_payment():
    take_in()
    line = BankLine.objects.get(amount=Decimal(690))
    receipt, other = a_receipt("690"), a_receipt("12", customer=a_buyer(vat_number=""))
    with pytest.raises(bank.AmountsDiffer):
        match(line, other)

    results = at_once(lambda copy: match(copy, receipt).pk, [line] * 4)

    assert len([result for result in results if result == line.pk]) == 1
    with pytest.raises(services.PaymentMatched):
        services.reverse_payment(
            Payment.objects.get(pk=receipt.pk), reason="x", on=MARCH, by=SYSTEM, at=NOON
        )
    assert broken() == {}
    bank.unmatch(line, by=SYSTEM, at=NOON)
    services.reverse_payment(receipt, reason="x", on=MARCH, by=SYSTEM, at=NOON)
    assert broken() == {}


def test_the_bank_clears_a_cheque_that_it_confirms():
    take_in()
    cheque = a_receipt("690", method=PaymentMethod.CHEQUE)

    match(BankLine.objects.get(amount=Decimal(690)), cheque)

    assert balances() == {"BANK": 690, "CUSTOMER_ADVANCES": -690}


def test_a_payment_is_made_from_a_line():
    buyer = a_buyer()
    invoice = an_invoice(a_line("600"), customer=buyer)
    take_in(CSV.replace("1,690", "690"))

    payment = bank.pay_from_line(
        BankLine.objects.get(amount=Decimal(690)),
        buyer,
        [AllocationWish(invoice.pk)],
        by=SYSTEM,
        at=NOON,
    )

    assert (payment.number, payment.reference, payment.amount) == (
        "RCT-000001", "INV-000001", Decimal(690),
    )  # fmt: skip
    assert Payment.objects.get().is_matched
    assert "AR" not in balances()
    with pytest.raises(bank.LineMatched):
        bank.pay_from_line(BankLine.objects.get(amount=Decimal(690)), buyer, by=SYSTEM, at=NOON)
    assert broken() == {}
