"""Money and what it answers: bank, receivables and advances add up after every step."""

from datetime import date
from decimal import Decimal

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.claims import WrongState
from alawael.core.errors import Invalid
from alawael.invoicing import services as invoicing
from alawael.invoicing.document import NoteReason
from alawael.invoicing.models import Invoice
from alawael.invoicing.settling import SettledTooHigh
from alawael.invoicing.tests.test_post_invoice import broken
from alawael.ledger.models import JournalLine
from alawael.payments import queries, services
from alawael.payments.models import (
    Allocation,
    Payment,
    PaymentKind,
    PaymentMethod,
    PaymentSide,
    PaymentState,
)
from alawael.payments.services import AllocationTooHigh, AllocationWish
from testing.cast import NOON
from testing.invoicing import MARCH, a_bill, a_buyer, a_line, an_invoice
from testing.parties import a_supplier
from testing.payments import (
    a_drafted_receipt,
    a_payment,
    a_receipt,
    posted,
    the_bank,
    wishes,
)
from testing.races import MANY, at_once

pytestmark = pytest.mark.usefixtures("shop")


def balances():
    """Debits less credits of what documents and payments touch, by role; only what is not 0."""
    found: dict[str, Decimal] = {}
    for line in JournalLine.objects.select_related("account"):
        role = line.account.roles.first()
        name = role.role if role else line.account.code
        found[name] = found.get(name, Decimal(0)) + line.debit - line.credit
    return {name: amount for name, amount in found.items() if amount}


def allocate(payment, *wanted):
    return services.allocate(payment, list(wanted), on=MARCH, by=SYSTEM, at=NOON)


def refund(payment, amount):
    return services.refund(
        payment,
        Decimal(amount),
        method=PaymentMethod.BANK_TRANSFER,
        account=the_bank(),
        on=MARCH,
        by=SYSTEM,
        at=NOON,
    )


def test_a_receipt_answers_several_invoices_and_the_rest_waits_as_an_advance():
    buyer = a_buyer()
    first, second = an_invoice(customer=buyer), an_invoice(a_line("50"), customer=buyer)

    receipt = a_receipt("200", first, second, customer=buyer)

    assert (receipt.number, receipt.unallocated) == ("RCT-000001", Decimal("27.50"))
    assert balances() == {
        "BANK": 200,
        "CUSTOMER_ADVANCES": Decimal("-27.50"),
        "REVENUE": -150,
        "OUTPUT_VAT": Decimal("-22.50"),
    }
    first.refresh_from_db()
    assert first.open_amount == 0
    assert broken() == {}


def test_what_waits_answers_a_later_invoice_and_can_be_taken_back():
    buyer = a_buyer()
    receipt = a_receipt("100", customer=buyer)
    invoice = an_invoice(customer=buyer)

    [allocation] = allocate(receipt, AllocationWish(invoice.pk))

    assert (allocation.amount, balances()["AR"]) == (100, 15)
    assert "CUSTOMER_ADVANCES" not in balances()
    assert broken() == {}
    services.unallocate(allocation, on=MARCH, by=SYSTEM, at=NOON)
    assert (balances()["AR"], balances()["CUSTOMER_ADVANCES"]) == (115, -100)
    assert broken() == {}
    with pytest.raises(services.AllocationRemoved):
        services.unallocate(allocation, on=MARCH, by=SYSTEM, at=NOON)


def test_what_is_named_first_is_answered_first():
    buyer = a_buyer()
    first, second, third = (an_invoice(customer=buyer) for _ in range(3))

    receipt = a_receipt("150", third, first, second, customer=buyer)

    answered = {one.invoice: one.amount for one in receipt.allocations.all()}
    assert answered == {third: 115, first: 35}
    with pytest.raises(services.NothingAllocated):
        allocate(receipt, *wishes(second))


def test_a_payment_to_a_supplier_mirrors_a_receipt():
    supplier = a_supplier()
    bill = a_bill(supplier=supplier)

    payment = a_payment("150", bill, supplier=supplier)

    assert (payment.number, payment.unallocated) == ("PAY-000001", 35)
    assert {name: balances()[name] for name in ("BANK", "SUPPLIER_ADVANCES")} == {
        "BANK": -150,
        "SUPPLIER_ADVANCES": 35,
    }
    assert "AP" not in balances()
    assert broken() == {}


def test_a_customer_gets_the_money_of_a_credit_note_back():
    buyer = a_buyer()
    invoice = an_invoice(customer=buyer)
    a_receipt("115", invoice, customer=buyer)
    paid = Invoice.objects.get(pk=invoice.pk)
    note = invoicing.credit_invoice(paid, None, reason=NoteReason.REFUNDED, by=SYSTEM, at=NOON)

    draft = services.draft_payment(
        buyer,
        kind=PaymentKind.PAYMENT,
        side=PaymentSide.CUSTOMER,
        method=PaymentMethod.BANK_TRANSFER,
        account=the_bank(),
        amount=Decimal(115),
        paid_on=MARCH,
        by=SYSTEM,
        at=NOON,
    )
    posted(draft, note)

    assert balances() == {"REVENUE": -100, "SALES_RETURNS": 100}
    assert broken() == {}


def test_what_exchange_rates_differ_by_is_a_gain_or_loss():
    buyer = a_buyer()
    dollars = {"customer": buyer, "currency": "USD"}
    invoice = an_invoice(**dollars, exchange_rate=Decimal("3.75"))

    receipt = a_receipt("100", invoice, **dollars, exchange_rate=Decimal("3.80"))
    a_receipt("15", invoice, **dollars, exchange_rate=Decimal("3.70"))

    assert balances()["FX_GAIN_LOSS"] == Decimal("-4.25")  # 5.00 gained, 0.75 lost
    assert "AR" not in balances()
    services.reverse_payment(receipt, reason="Wrong rate", on=MARCH, by=SYSTEM, at=NOON)
    assert balances()["FX_GAIN_LOSS"] == Decimal("0.75")
    assert broken() == {}


def test_a_payment_is_not_allocated_where_it_does_not_belong():
    buyer = a_buyer()
    theirs, dollars = an_invoice(), an_invoice(customer=buyer, currency="USD", exchange_rate=3)
    mine = an_invoice(customer=buyer)

    with pytest.raises(Invalid) as refused:
        a_receipt("100", theirs, dollars, customer=buyer)
    assert [error.code for error in refused.value.errors] == ["unknown_document", "other_currency"]
    receipt = a_receipt("200", customer=buyer)
    with pytest.raises(SettledTooHigh):
        allocate(receipt, AllocationWish(mine.pk, Decimal(116)))
    with pytest.raises(AllocationTooHigh):
        allocate(receipt, AllocationWish(mine.pk, Decimal(201)))
    assert broken() == {}


def test_of_many_allocations_at_once_none_goes_beyond_the_payment():
    buyer = a_buyer()
    receipt = a_receipt("50", customer=buyer)
    invoice = an_invoice(a_line("1000"), customer=buyer)

    def take(_):
        made = allocate(Payment.objects.get(pk=receipt.pk), AllocationWish(invoice.pk, Decimal(10)))
        return made[0].amount

    results = at_once(take, range(MANY))

    assert results.count(Decimal(10)) == 5
    assert results.count("allocation_too_high") == MANY - 5
    receipt.refresh_from_db()
    assert (receipt.unallocated, Allocation.objects.count()) == (0, 5)
    assert broken() == {}


def test_two_receipts_at_once_pay_an_invoice_once():
    buyer = a_buyer()
    invoice = an_invoice(customer=buyer)
    drafts = [a_drafted_receipt("115", customer=buyer) for _ in range(4)]

    def post(draft):
        wish = AllocationWish(invoice.pk, Decimal(115))
        return services.post_payment(draft, [wish], by=SYSTEM, at=NOON).number

    results = at_once(post, drafts)

    assert results.count("settled_too_high") == 3
    assert Payment.objects.exclude(number=None).count() == 1
    assert broken() == {}


def test_a_bounced_cheque_opens_its_invoice_again_and_costs_a_fee():
    buyer = a_buyer()
    invoice = an_invoice(customer=buyer)
    cheque = a_receipt("150", invoice, customer=buyer, method=PaymentMethod.CHEQUE)
    assert balances()["CHEQUES_IN_HAND"] == 150
    services.clear_cheque(cheque, on=MARCH, by=SYSTEM, at=NOON)

    services.bounce(cheque, reason="No cover", fee=Decimal(25), on=MARCH, by=SYSTEM, at=NOON)

    found = balances()
    assert (found["BANK"], found["AR"], found["BANK_CHARGES"]) == (-25, 115, 25)
    assert "CUSTOMER_ADVANCES" not in found
    invoice.refresh_from_db()
    assert invoice.open_amount == 115
    assert Payment.objects.get(pk=cheque.pk).state == PaymentState.BOUNCED
    assert broken() == {}


def test_a_transfer_does_not_bounce_and_a_refunded_payment_is_not_reversed():
    receipt = a_receipt("100")
    with pytest.raises(services.CannotBounce):
        services.bounce(receipt, reason="x", on=MARCH, by=SYSTEM, at=NOON)

    back = refund(receipt, "40")

    assert (back.number, balances()["CUSTOMER_ADVANCES"]) == ("PAY-000001", -60)
    with pytest.raises(services.PaymentRefunded):
        services.reverse_payment(receipt, reason="x", on=MARCH, by=SYSTEM, at=NOON)
    with pytest.raises(AllocationTooHigh):
        refund(receipt, "60.01")
    services.reverse_payment(back, reason="Typed wrong", on=MARCH, by=SYSTEM, at=NOON)
    services.reverse_payment(receipt, reason="Typed wrong", on=MARCH, by=SYSTEM, at=NOON)
    assert balances() == {}
    assert broken() == {}


def test_the_oldest_debt_is_proposed_first_but_an_exact_one_before_it():
    buyer = a_buyer()
    old = an_invoice(a_line("100"), customer=buyer, due_on=date(2026, 1, 1))
    exact = an_invoice(a_line("40"), customer=buyer, due_on=date(2026, 3, 1))

    def propose(amount):
        found = queries.suggestion(
            party_id=buyer.pk,
            kind=PaymentKind.RECEIPT,
            side=PaymentSide.CUSTOMER,
            currency="SAR",
            amount=Decimal(amount),
        )
        return [(proposal.document, proposal.amount) for proposal in found if proposal.amount]

    assert propose("130") == [(old, 115), (exact, 15)]
    assert propose("46") == [(exact, 46)]


def test_a_draft_is_edited_and_voided_and_moves_no_money():
    buyer = a_buyer()
    draft = a_drafted_receipt("10", customer=buyer)
    services.edit_payment(draft, {"amount": Decimal(12)}, by=SYSTEM, at=NOON)
    assert draft.amount_base == 12

    services.void_payment(draft, by=SYSTEM, at=NOON)

    assert balances() == {}
    with pytest.raises(services.PaymentNotDraft):
        posted(draft)
    with pytest.raises(WrongState):
        allocate(draft, *wishes(an_invoice(customer=buyer)))
    with pytest.raises(services.NoPaymentParty):
        a_drafted_receipt(customer=a_supplier())
    with pytest.raises(services.PaymentInFuture):
        posted(a_drafted_receipt(customer=buyer, paid_on=date(2026, 4, 1)))
