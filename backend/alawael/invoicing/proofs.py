"""What always holds about invoices, proven on live data."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from alawael.core.money import ZERO
from alawael.core.verify import missing_numbers, proof
from alawael.invoicing.bills import SERIES as BILL_SERIES
from alawael.invoicing.document import Kind
from alawael.invoicing.einvoice import FIRST_PREVIOUS_HASH, invoice_hash
from alawael.invoicing.models import (
    Bill,
    BillState,
    Invoice,
    InvoiceAdvance,
    InvoiceState,
    IssuedDocument,
)
from alawael.invoicing.queries import open_bills_total, open_total
from alawael.invoicing.services import SERIES
from alawael.ledger.models import AccountRole, JournalLine, LedgerRole


@proof("Invoice numbers have no gap")
def _numbers() -> Iterator[str]:
    for kind, (key, _) in SERIES.items():
        numbers = Invoice.objects.filter(kind=kind, number__isnull=False).values_list(
            "number", flat=True
        )
        yield from missing_numbers(key, (int(str(number).rpartition("-")[2]) for number in numbers))


@proof("Issued documents form one unbroken chain, byte for byte")
def _chain() -> Iterator[str]:
    previous, expected = FIRST_PREVIOUS_HASH, 0
    issued = IssuedDocument.objects.order_by("counter").select_related("invoice")
    for document in issued.iterator(chunk_size=200):
        expected += 1
        if document.counter != expected:
            yield f"Counter {expected} is missing."
            expected = document.counter
        if document.previous_hash != previous:
            yield f"{document.invoice.number} does not continue the document before it."
        if invoice_hash(bytes(document.xml)) != document.hash:
            yield f"The bytes of {document.invoice.number} were altered."
        previous = document.hash
    posted = Invoice.objects.filter(state=InvoiceState.POSTED).count()
    if posted != expected:
        yield f"{posted} posted documents, but {expected} were issued."


@proof("Receivables equal the open invoices")
def _receivables() -> Iterator[str]:
    balance, open_amount = _balance(LedgerRole.AR), open_total()
    if balance != open_amount:
        yield f"Receivables show {balance}, the open invoices {open_amount}."


@proof("Payables equal the open bills")
def _payables() -> Iterator[str]:
    balance, open_amount = -_balance(LedgerRole.AP), open_bills_total()
    if balance != open_amount:
        yield f"Payables show {balance}, the open bills {open_amount}."


@proof("Bill numbers have no gap")
def _bill_numbers() -> Iterator[str]:
    for kind, (key, _) in BILL_SERIES.items():
        numbers = Bill.objects.filter(kind=kind, number__isnull=False)
        yield from missing_numbers(
            key,
            (
                int(str(number).rpartition("-")[2])
                for number in numbers.values_list("number", flat=True)
            ),
        )


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


@proof("Every posted invoice is booked with its own amount")
def _booked() -> Iterator[str]:
    unbooked = Invoice.objects.filter(state=InvoiceState.POSTED, entry=None)
    for invoice in unbooked.exclude(total_base=ZERO)[:20]:
        yield f"{invoice.number} is not in the books."
    drafts = Invoice.objects.exclude(state=InvoiceState.POSTED).exclude(number=None)
    for invoice in drafts[:20]:
        yield f"{invoice.number} has a number but is not posted."


@proof("No invoice is settled or credited beyond its amount")
def _settled() -> Iterator[str]:
    for invoice in Invoice.objects.filter(state=InvoiceState.POSTED, kind=Kind.INVOICE).iterator():
        if not (ZERO <= invoice.settled <= invoice.payable and invoice.credited <= invoice.charged):
            yield f"{invoice.number}: settled {invoice.settled}, credited {invoice.credited}."


@proof("No bill is settled or given back beyond its amount")
def _bills_settled() -> Iterator[str]:
    for bill in Bill.objects.filter(state=BillState.POSTED).iterator():
        if not (ZERO <= bill.settled <= bill.payable and bill.credited <= bill.payable):
            yield f"{bill.number}: settled {bill.settled}, given back {bill.credited}."


@proof("No advance is used up beyond its amount")
def _advances_used() -> Iterator[str]:
    used: dict[Any, Decimal] = {}
    rows = InvoiceAdvance.objects.filter(invoice__state=InvoiceState.POSTED)
    for advance_id, taxable, vat in rows.values_list("advance_id", "taxable", "vat"):
        used[advance_id] = used.get(advance_id, ZERO) + taxable + vat
    notes = Invoice.objects.filter(state=InvoiceState.POSTED, kind=Kind.CREDIT_NOTE)
    for original_id, total in notes.filter(is_of_advance=True).values_list("original_id", "total"):
        used[original_id] = used.get(original_id, ZERO) + total
    for advance in Invoice.objects.filter(state=InvoiceState.POSTED, kind=Kind.ADVANCE):
        if not advance.consumed == used.get(advance.pk, ZERO) <= advance.total:
            yield f"{advance.number}: {advance.consumed} used of {advance.total}."
        if advance.consumed == advance.total and advance.advance_base:
            yield f"{advance.number} is used up and leaves {advance.advance_base}."
