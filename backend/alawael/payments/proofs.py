"""What always holds about payments, proven on live data."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from alawael.core.money import ZERO
from alawael.core.verify import missing_numbers, proof
from alawael.invoicing import queries as invoicing
from alawael.invoicing.document import RIYAL
from alawael.ledger.models import AccountRole, JournalLine, LedgerRole
from alawael.payments.matching import bank_amount
from alawael.payments.models import Allocation, BankLine, Payment, PaymentSide, PaymentState
from alawael.payments.queries import unallocated_total
from alawael.payments.services import SERIES


@proof("Payment numbers have no gap")
def _payment_numbers() -> Iterator[str]:
    for kind, (key, _) in SERIES.items():
        given = Payment.objects.filter(kind=kind, number__isnull=False)
        numbers = given.values_list("number", flat=True)
        yield from missing_numbers(key, (int(str(one).rpartition("-")[2]) for one in numbers))


@proof("Advances from customers equal what their payments leave unused")
def _customer_advances() -> Iterator[str]:
    balance = -_balance(LedgerRole.CUSTOMER_ADVANCES)
    expected = unallocated_total(PaymentSide.CUSTOMER) + invoicing.advances_total()
    if balance != expected:
        yield f"Advances from customers show {balance}, their payments leave {expected}."


@proof("Advances to suppliers equal what our payments leave unused")
def _supplier_advances() -> Iterator[str]:
    balance, expected = (
        _balance(LedgerRole.SUPPLIER_ADVANCES),
        -unallocated_total(PaymentSide.SUPPLIER),
    )
    if balance != expected:
        yield f"Advances to suppliers show {balance}, our payments leave {expected}."


@proof("No payment answers more than its amount")
def _payments_used() -> Iterator[str]:
    active = Allocation.objects.filter(is_active=True).values("payment_id")
    sums: dict[Any, tuple[Decimal, Decimal]] = {
        row["payment_id"]: (row["amounts"], row["bases"])
        for row in active.annotate(amounts=Sum("amount"), bases=Sum("payment_base")).order_by()
    }
    for payment in Payment.objects.filter(state=PaymentState.POSTED).iterator():
        amount, base = sums.pop(payment.pk, (ZERO, ZERO))
        if not ZERO <= payment.used <= payment.amount:
            yield f"{payment.number}: {payment.used} used of {payment.amount}."
        if payment.is_advance or payment.refunds_id:
            continue
        if payment.used != amount + payment.refunded:
            yield f"{payment.number}: {payment.used} used, {amount} allocated."
        if not payment.refunded and payment.used_base != base:
            yield f"{payment.number}: {payment.used_base} used in riyals, {base} allocated."
    for pk in sums:
        yield f"Payment {pk} answers documents and is not posted."


@proof("Documents are settled by at least what payments answer of them")
def _settled_by_payments() -> Iterator[str]:
    for name in ("invoice", "bill"):
        rows = Allocation.objects.filter(is_active=True, **{f"{name}__isnull": False})
        sums = rows.values(f"{name}__number", f"{name}__settled").annotate(amounts=Sum("amount"))
        for row in sums.order_by():
            if row["amounts"] > row[f"{name}__settled"]:
                yield f"{row[f'{name}__number']}: settled less than payments answer."


@proof("Matched lines of bank statements agree with their payments")
def _matches() -> Iterator[str]:
    matched = BankLine.objects.filter(payment__isnull=False)
    matched = matched.select_related("payment", "statement")
    count = 0
    for line in matched.iterator(chunk_size=500):
        count += 1
        payment = line.payment
        if payment is None:
            continue
        signed = bank_amount(payment, line.statement.currency)
        if not payment.is_matched or line.amount != signed:
            yield f"{payment.number} over {signed} is matched with a line over {line.amount}."
    if Payment.objects.filter(is_matched=True).count() != count:
        yield "Some payments are marked as matched without a line."


@proof("Bank lines that are no payment are booked for what the bank says")
def _charges() -> Iterator[str]:
    booked = BankLine.objects.filter(charge__isnull=False)
    for line in booked.select_related("charge__entry", "statement").iterator(chunk_size=500):
        charge = line.charge
        if charge is None:
            continue
        gross = charge.net + charge.vat
        if charge.entry.total != abs(gross) or charge.taken_back_on is not None:
            yield f"Line {line.pk}: {gross} booked, its entry shows {charge.entry.total}."
        if line.payment_id is not None:
            yield f"Line {line.pk} is both a payment and a charge."
        if line.statement.currency == RIYAL and line.amount != -gross:
            yield f"Line {line.pk}: {gross} booked, the bank says {line.amount}."


def _balance(role: LedgerRole) -> Decimal:
    """Debits less credits on the account of a role; 0 when it has none."""
    found = AccountRole.objects.filter(role=role).first()
    if found is None:
        return ZERO
    sums = JournalLine.objects.filter(account_id=found.account_id).aggregate(
        debits=Sum("debit"), credits=Sum("credit")
    )
    balance: Decimal = (sums["debits"] or ZERO) - (sums["credits"] or ZERO)
    return balance
