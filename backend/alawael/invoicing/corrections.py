"""What can happen to posted documents besides notes: charged more, given up, netted."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.claims import change
from alawael.core.clock import business_day
from alawael.core.errors import Refusal, Text
from alawael.core.money import ZERO, plain
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing import queries, services
from alawael.invoicing.document import InvoiceType, Kind, NoteReason
from alawael.invoicing.drafting import DraftLine
from alawael.invoicing.models import Bill, Invoice, InvoicingSettings, WriteOff
from alawael.invoicing.settling import open_in_riyals, settle, unsettle
from alawael.ledger import services as ledger
from alawael.ledger.books import Posting
from alawael.ledger.models import LedgerRole


class NotDebitable(Refusal):
    code = "invoice_not_debitable"
    message = Text(
        "Only a posted invoice can be charged more with a debit note.",
        "لا يمكن إصدار إشعار مدين إلا لفاتورة مرحّلة.",
    )


class WriteOffTooHigh(Refusal):
    code = "write_off_too_high"
    message = Text(
        "At most {limit} riyals of a document may be written off.",
        "لا يُسمح بشطب أكثر من {limit} ريال من المستند.",
    )


class WriteOffTakenBack(Refusal):
    code = "write_off_taken_back"
    message = Text("This write-off was taken back before.", "سبق التراجع عن هذا الشطب.")


class NotNettable(Refusal):
    code = "not_nettable"
    message = Text(
        "A credit note answers invoices of the same customer in the same currency.",
        "الإشعار الدائن يسدد فواتير العميل نفسه وبالعملة نفسها.",
    )


@unit_of_work
def debit_invoice(
    invoice: Invoice,
    lines: Sequence[DraftLine],
    *,
    reason: NoteReason,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
    notes_en: str = "",
    notes_ar: str = "",
) -> Invoice:
    """Charge more for an invoice, with a posted debit note: Dr AR / Cr REVENUE, Cr OUTPUT_VAT.

    The law's way to raise an invoice (VAT regulations, Articles 40 and 54). Raises NotDebitable.
    """
    if not invoice.is_posted or invoice.kind != Kind.INVOICE:
        raise NotDebitable()
    if expected_version is not None:
        change(invoice, expected_version=expected_version)
    return services.issue_document(
        Kind.DEBIT_NOTE,
        invoice.customer,
        lines,
        type=InvoiceType(invoice.type),
        original=invoice,
        reason=reason,
        currency=invoice.currency,
        exchange_rate=invoice.exchange_rate,
        prices_include_vat=invoice.prices_include_vat,
        is_export=invoice.is_export,
        source_type=invoice.source_type,
        source_id=invoice.source_id,
        source_number=invoice.source_number,
        notes_en=notes_en,
        notes_ar=notes_ar,
        by=by,
        at=at,
    )


@unit_of_work
def write_off(
    document: Invoice | Bill,
    amount: Decimal,
    *,
    reason: str,
    on: date,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> WriteOff:
    """Give up what will not be paid: Dr WRITE_OFF / Cr AR. The VAT stays due.

    The small rest of a bill that no supplier will ask for goes the other way: Dr AP / Cr WRITE_OFF.
    VAT on bad debts is relieved only under the conditions of Article 40(7), by hand. Raises
    WriteOffTooHigh above the company's limit, NotOpen and SettledTooHigh.
    """
    if expected_version is not None:
        change(document, expected_version=expected_version)
    amount_base = open_in_riyals(document, amount)
    _require_within_limit(document, amount_base)
    settle(document, amount, amount_base)
    entry = ledger.post(
        _given_up(document, amount_base),
        on=on,
        memo=reason,
        kind="write_off",
        source=document,
        source_number=document.number or "",
        by=by,
        at=at,
    )
    written = WriteOff.objects.create(
        invoice=document if isinstance(document, Invoice) else None,
        bill=document if isinstance(document, Bill) else None,
        amount=amount,
        amount_base=amount_base,
        reason=reason,
        written_off_on=on,
        entry=entry,
        created_at=at,
        created_by=by.actor_id,
    )
    facts = {"amount": amount, "reason": reason}
    audit.record(document, f"{_name(document)}.written_off", by=by, at=at, changes=facts)
    return written


@unit_of_work
def take_back_write_off(written: WriteOff, *, on: date, by: Actor, at: datetime) -> None:
    """It is paid after all: a mirror entry, and the document is open again.

    Raises WriteOffTakenBack and PeriodClosed.
    """
    won = WriteOff.objects.filter(pk=written.pk, taken_back_on=None).update(taken_back_on=on)
    if not won:
        raise WriteOffTakenBack()
    document = written.document
    unsettle(document, written.amount, written.amount_base)
    ledger.reverse(written.entry, on=on, memo=written.reason, source=document, by=by, at=at)
    facts = {"amount": written.amount}
    action = f"{_name(document)}.write_off_taken_back"
    audit.record(document, action, by=by, at=at, changes=facts)


@unit_of_work
def net(note: Invoice, invoice: Invoice, amount: Decimal, *, by: Actor, at: datetime) -> None:
    """Let what a credit note left open answer another invoice of the same customer.

    Both stand on AR, so nothing is posted unless their exchange rates differ. Raises NotNettable,
    NotOpen and SettledTooHigh.
    """
    same = (note.customer_id, note.currency) == (invoice.customer_id, invoice.currency)
    if not same or note.kind != Kind.CREDIT_NOTE or invoice.kind == Kind.CREDIT_NOTE:
        raise NotNettable()
    given, taken = open_in_riyals(note, amount), open_in_riyals(invoice, amount)
    settle(note, amount, given)
    settle(invoice, amount, taken)
    _book_difference(note, invoice, given - taken, by=by, at=at)
    facts = {"note": note.number, "amount": amount}
    audit.record(invoice, "invoice.netted", by=by, at=at, changes=facts)


@unit_of_work
def change_settings(
    settings: InvoicingSettings,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> InvoicingSettings:
    """Set the most that may be written off a document, in riyals; None means without limit."""
    differences = audit.difference(settings, changes)
    change(settings, expected_version=expected_version, **changes)
    audit.record(settings, "invoicing_settings.changed", by=by, at=at, changes=differences)
    return settings


def open_settings() -> None:
    """Make sure that the one row of settings exists."""
    if not InvoicingSettings.objects.exists():
        InvoicingSettings.objects.create()


def _name(document: Invoice | Bill) -> str:
    return "invoice" if isinstance(document, Invoice) else "bill"


def _given_up(document: Invoice | Bill, amount: Decimal) -> list[Posting]:
    """What is owed to us becomes a loss, what we owe becomes a gain."""
    if isinstance(document, Invoice):
        control, party_id = LedgerRole.AR, document.customer_id
        is_owed_to_us = document.kind != Kind.CREDIT_NOTE
    else:
        control, party_id, is_owed_to_us = LedgerRole.AP, document.supplier_id, document.is_note
    lost, gained = (amount, ZERO) if is_owed_to_us else (ZERO, amount)
    return [
        Posting(LedgerRole.WRITE_OFF, debit=lost, credit=gained),
        Posting(control, debit=gained, credit=lost, party_id=party_id),
    ]


def _require_within_limit(document: Invoice | Bill, amount_base: Decimal) -> None:
    limit = queries.write_off_limit()
    if limit is None:
        return
    before = queries.written_off(document)
    if before + amount_base > limit:
        raise WriteOffTooHigh(limit=plain(limit))


def _book_difference(
    note: Invoice, invoice: Invoice, difference: Decimal, *, by: Actor, at: datetime
) -> None:
    """Clearing `given` of one and `taken` of the other leaves the difference on AR."""
    if not difference:
        return
    gain, loss = max(difference, ZERO), max(-difference, ZERO)
    postings = [
        Posting(LedgerRole.AR, debit=gain, credit=loss, party_id=note.customer_id),
        Posting(LedgerRole.FX_GAIN_LOSS, debit=loss, credit=gain),
    ]
    ledger.post(
        postings,
        on=business_day(at),
        memo=f"{note.number}, {invoice.number}",
        kind="allocation",
        source=invoice,
        source_number=invoice.number or "",
        by=by,
        at=at,
    )
