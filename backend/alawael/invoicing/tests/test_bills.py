"""What suppliers ask for: entered once, booked with its VAT, answered by notes, never edited."""

from datetime import date
from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.claims import WrongState
from alawael.core.errors import Invalid
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing import bills
from alawael.invoicing.bills import DebitLine
from alawael.invoicing.document import VatCategory
from alawael.invoicing.models import Bill, BillState, VatTreatment
from alawael.invoicing.settling import SettledTooHigh, settle
from alawael.invoicing.tests.test_post_invoice import broken
from alawael.ledger.books import Posting
from alawael.ledger.models import Account, JournalLine, LedgerRole
from testing.cast import NOON
from testing.invoicing import MARCH, RENT, a_bill, a_bill_line, a_recorded_bill
from testing.parties import a_customer, a_supplier
from testing.races import at_once

pytestmark = pytest.mark.usefixtures("shop")


def booked(bill):
    """Debits less credits by role; an account without a role under its code."""
    found: dict[str, Decimal] = {}
    for line in JournalLine.objects.filter(entry=bill.entry).select_related("account"):
        role = line.account.roles.first()
        name = role.role if role else line.account.code
        found[name] = found.get(name, Decimal(0)) + line.debit - line.credit
    return found


def give_back(bill, *lines, number="CR-1"):
    return bills.draft_debit_note(
        bill,
        list(lines) or None,
        supplier_number=number,
        issued_on=MARCH,
        reason="Wrong price",
        by=SYSTEM,
        at=NOON,
    )


def post(bill):
    return bills.post_expense_bill(bill, on=MARCH, by=SYSTEM, at=NOON)


def test_an_expense_is_booked_with_its_vat_and_gets_a_number():
    bill = a_bill(a_bill_line("100", "3"), a_bill_line("0.99"))

    assert (bill.number, bill.total, bill.payable) == ("BILL-000001", Decimal("346.14"), bill.total)
    assert booked(bill) == {
        RENT: Decimal("300.99"),
        "INPUT_VAT": Decimal("45.15"),
        "AP": -bill.total,
    }
    assert broken() == {}


def test_purchasing_says_what_a_matched_bill_costs():
    bill = a_recorded_bill(a_bill_line("10.50", "100", account_id=None))
    costs = [
        Posting(LedgerRole.GRNI, debit=Decimal(1000)),
        Posting(LedgerRole.INVENTORY, debit=Decimal(35)),
        Posting(LedgerRole.PRICE_VARIANCE, debit=Decimal(15)),
    ]

    def book(costs):
        return bills.post_bill(bill, costs, on=MARCH, by=SYSTEM, at=NOON)

    with pytest.raises(WrongState):
        book(costs)
    bills.mark_matched(bill, by=SYSTEM, at=NOON)
    with pytest.raises(bills.BillCostMismatch):
        book(costs[:2])
    book(costs)

    assert booked(bill) == {
        "GRNI": 1000,
        "INVENTORY": 35,
        "PRICE_VARIANCE": 15,
        "INPUT_VAT": Decimal("157.50"),
        "AP": Decimal("-1207.50"),
    }


def test_the_same_paper_is_entered_once_however_it_is_typed():
    supplier = a_supplier()
    first = a_recorded_bill(supplier=supplier, supplier_number="INV-7")

    with pytest.raises(bills.BillKnown):
        a_recorded_bill(supplier=supplier, supplier_number=" inv-7 ")
    bills.void_bill(first, by=SYSTEM, at=NOON)

    assert a_recorded_bill(supplier=supplier, supplier_number="inv-7").state == BillState.DRAFT


def test_a_disputed_bill_is_not_posted_until_that_is_settled():
    bill = a_recorded_bill()
    bills.mark_matched(bill, by=SYSTEM, at=NOON)
    bills.dispute_bill(bill, reason="Not delivered", by=SYSTEM, at=NOON)

    with pytest.raises(WrongState):
        post(bill)
    bills.settle_dispute(bill, by=SYSTEM, at=NOON)

    assert post(bill).number == "BILL-000001"


def test_a_note_answers_its_bill_and_goes_the_other_way():
    bill = a_bill(a_bill_line("10", "10"))
    line = bill.lines.get()
    note = give_back(bill, DebitLine(line.pk, Decimal(4)))

    post(note)

    bill.refresh_from_db()
    assert booked(note) == {RENT: -40, "INPUT_VAT": -6, "AP": 46}
    assert (note.number, bill.open_amount) == ("DBN-000001", 69)
    with pytest.raises(bills.BillCreditTooHigh):
        give_back(bill, DebitLine(line.pk, Decimal(7)), number="CR-2")
    assert broken() == {}


def test_of_many_notes_at_once_none_gives_back_too_much():
    # The second line keeps the limit of the whole bill far away: it is the first one's that counts.
    bill = a_bill(a_bill_line("10", "3"), a_bill_line("1000"))
    line = bill.lines.order_by("position")[0]
    notes = [give_back(bill, DebitLine(line.pk, Decimal(1)), number=f"CR-{n}") for n in range(8)]

    results = at_once(lambda note: post(Bill.objects.get(pk=note.pk)).number, notes)

    assert results.count("bill_credit_too_high") == 5
    bill.refresh_from_db()
    assert (bill.open_amount, bill.credited) == (1150, Decimal("34.50"))
    assert broken() == {}


def test_a_reversed_bill_leaves_the_books_and_its_paper_may_come_again():
    supplier = a_supplier()
    bill = a_bill(supplier=supplier, supplier_number="7")

    bills.reverse_bill(bill, on=MARCH, reason="Typed wrong", by=SYSTEM, at=NOON)

    assert bill.state == BillState.REVERSED
    assert a_bill(supplier=supplier, supplier_number="7").number == "BILL-000002"
    assert broken() == {}


def test_a_bill_that_was_paid_is_neither_paid_again_nor_reversed():
    bill = a_bill()
    unit_of_work(settle)(bill, Decimal(115), Decimal(115))

    with pytest.raises(SettledTooHigh):
        unit_of_work(settle)(bill, Decimal("0.01"), Decimal("0.01"))
    with pytest.raises(bills.BillAnswered):
        bills.reverse_bill(bill, on=MARCH, reason="x", by=SYSTEM, at=NOON)


def test_services_from_abroad_are_taxed_by_us_and_customs_asks_for_vat_alone():
    abroad = a_bill(vat_treatment=VatTreatment.REVERSE_CHARGE)
    customs = a_bill(
        a_bill_line("1000", is_tax_only=True, account_id=None), vat_treatment=VatTreatment.CUSTOMS
    )

    assert booked(abroad) == {RENT: 100, "INPUT_VAT": 15, "OUTPUT_VAT": -15, "AP": -100}
    assert booked(customs) == {"INPUT_VAT": 150, "AP": -150}


def test_a_foreign_bill_is_booked_in_riyals_line_by_line():
    line = a_bill_line("33.33", tax_category=VatCategory.OUT_OF_SCOPE)

    bill = a_bill(line, line, line, currency="USD", exchange_rate=Decimal("3.75"))

    assert (bill.total, bill.total_base) == (Decimal("99.99"), Decimal("374.97"))
    payable = JournalLine.objects.get(entry=bill.entry, account__roles__role=LedgerRole.AP)
    assert (payable.currency, payable.amount_currency) == ("USD", Decimal("-99.99"))


def test_a_bill_needs_a_supplier_an_account_and_a_day_that_has_come():
    with pytest.raises(bills.NotASupplier):
        a_recorded_bill(supplier=a_customer())
    with pytest.raises(Invalid) as refused:
        a_bill(a_bill_line(), a_bill_line(account_id=None))
    assert refused.value.errors[0].pointer == "/lines/1/account_id"
    payables = Account.objects.get(roles__role=LedgerRole.AP).pk
    with pytest.raises(Invalid):
        a_bill(a_bill_line(account_id=payables))
    with pytest.raises(bills.BillDateInFuture):
        bills.post_expense_bill(a_recorded_bill(), on=date(2026, 4, 1), by=SYSTEM, at=NOON)
