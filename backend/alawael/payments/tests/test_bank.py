"""Bank statements beside the books: taken in once, matched once, never beyond the amount."""

from datetime import date
from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.errors import Invalid
from alawael.invoicing.queries import vat_return
from alawael.invoicing.tests.test_post_invoice import broken
from alawael.ledger.models import Account, AccountRole, JournalEntry
from alawael.ledger.services import BelongsToDocument, reverse_by_hand
from alawael.payments import bank, charges, matching, services
from alawael.payments.models import BankCharge, BankLine, ChargeKind, Payment, PaymentMethod
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

    assert (results.count(line.pk), results.count("bank_line_matched")) == (1, 3)
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


def of_the_bank(amount, text="SERVICE FEE"):
    """A line that belongs to nobody, in a statement of its own."""
    day = f"date,amount,reference,description\n2026-03-05,{amount},,{text}\n"
    statement = take_in(day).statement
    return statement.lines.get()


def charge(line, **values):
    return charges.book_charge(line, by=SYSTEM, at=NOON, **values)


def box_7():
    march = vat_return(first=date(2026, 3, 1), last=date(2026, 3, 31))
    box = march.purchases[0]
    return (box.amount, box.adjustment, box.vat, march.net_vat_due)


def test_a_fee_is_booked_with_its_vat_and_taken_back():
    line = of_the_bank("-11.50")

    booked = charge(line, kind=ChargeKind.FEE, has_vat=True)

    assert balances() == {
        "BANK": Decimal("-11.50"),
        "BANK_CHARGES": 10,
        "INPUT_VAT": Decimal("1.50"),
    }
    assert (booked.charge.net, booked.charge.vat) == (Decimal(10), Decimal("1.50"))
    assert box_7() == (10, 0, Decimal("1.50"), Decimal("-1.50"))
    assert broken() == {}
    with pytest.raises(bank.LineMatched):
        bank.pay_from_line(line, a_buyer(), by=SYSTEM, at=NOON)

    charges.take_back_charge(line, by=SYSTEM, at=NOON)

    assert set(balances().values()) <= {0}
    assert box_7() == (10, -10, 0, 0)
    assert BankLine.objects.get().charge is None
    assert broken() == {}
    with pytest.raises(charges.LineNotCharged):
        charges.take_back_charge(line, by=SYSTEM, at=NOON)
    with pytest.raises(BelongsToDocument):
        reverse_by_hand(booked.charge.entry, on=MARCH, memo="", by=SYSTEM, at=NOON)


def test_interest_and_a_fee_that_is_given_back_come_in():
    charge(of_the_bank("7.25", "PROFIT"), kind=ChargeKind.INTEREST)
    charge(of_the_bank("2.30", "FEE REVERSED"), kind=ChargeKind.FEE, has_vat=True)

    assert balances() == {
        "BANK": Decimal("9.55"), "BANK_INTEREST": Decimal("-7.25"),
        "BANK_CHARGES": -2, "INPUT_VAT": Decimal("-0.30"),
    }  # fmt: skip
    assert broken() == {}


def test_a_charge_goes_where_it_may_and_once():
    line = of_the_bank("-11.50")
    loans = Account.objects.get(code="710002")

    with pytest.raises(Invalid):
        charge(line, kind=ChargeKind.INTEREST, has_vat=True)
    with pytest.raises(Invalid):
        charge(line, kind=ChargeKind.FEE, account=AccountRole.objects.get(role="AP").account)
    results = at_once(lambda _: charge(line, kind="interest", account=loans).pk, range(4))

    assert (results.count(line.pk), results.count("bank_line_matched")) == (1, 3)
    assert JournalEntry.objects.get().total == Decimal("11.50")
    assert BankCharge.objects.get().account == loans


def test_a_fee_is_booked_and_taken_back_through_the_api(as_amal):
    line = of_the_bank("-11.50")
    path = f"/api/bank-lines/{line.pk}"

    shown = as_amal.post(f"{path}/charge?dry_run=true", {"kind": "fee", "has_vat": True})
    booked = as_amal.post(f"{path}/charge", {"kind": "fee", "has_vat": True})
    statement = as_amal.get(f"/api/bank-statements/{line.statement_id}").json()
    undone = as_amal.post(f"{path}/take-back-charge")

    assert len(shown.json()["journal"]) == 3
    assert booked.json()["charge"]["vat"] == "1.50"
    assert (statement["matched"], statement["lines"][0]["charge"]["account_code"]) == (1, "710001")
    assert undone.json()["charge"] is None
    again = as_amal.post(f"{path}/take-back-charge")
    assert (again.status_code, again.json()["code"]) == (409, "bank_line_not_charged")
