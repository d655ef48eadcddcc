"""What can happen to an invoice: drafted, edited, discarded, posted, credited. Never un-posted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F, Model

from alawael.catalog.models import Product
from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.announcements import announce
from alawael.core.claims import change, move_state
from alawael.core.clock import business_day
from alawael.core.errors import FieldError, Invalid, Refusal, Text
from alawael.core.fields import MoneyField, QuantityField
from alawael.core.groups import groups_of
from alawael.core.money import ZERO, plain, round_money
from alawael.core.numbering import open_series, take_number
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing import einvoice, requirements
from alawael.invoicing.advances import (
    AdvanceUse,
    advances_of,
    claim_advances,
    give_back_advance,
    require_fitting,
    rewrite_advances,
    use_advances,
)
from alawael.invoicing.bills import open_bill_series
from alawael.invoicing.booking import postings_of
from alawael.invoicing.document import (
    InvoiceDocument,
    InvoiceType,
    Kind,
    NoteReason,
    PartyDetails,
)
from alawael.invoicing.drafting import DraftLine, fill_lines, invoice_type_for
from alawael.invoicing.models import (
    EInvoiceChain,
    EInvoiceState,
    Invoice,
    InvoiceAdvance,
    InvoiceLine,
    InvoiceState,
    InvoiceTax,
    IssuedDocument,
)
from alawael.invoicing.paperwork import details_of, document_of, frozen_parties
from alawael.invoicing.qr import document_qr
from alawael.invoicing.vat import Totals, totals
from alawael.ledger import services as ledger
from alawael.ledger.books import Books, Posting
from alawael.ledger.models import Account, JournalEntry, LedgerRole
from alawael.parties import queries as parties
from alawael.parties.models import BankAccount, Company, EInvoicePhase, Party

CHAIN = "main"
SERIES = {
    Kind.INVOICE: ("invoice", "INV"),
    Kind.CREDIT_NOTE: ("credit_note", "CN"),
    Kind.DEBIT_NOTE: ("debit_note", "DN"),
    Kind.ADVANCE: ("advance", "ADV"),
}


class IncompleteInvoice(Invalid):
    code = "invoice_incomplete"
    status = 409
    title = Text("The invoice is not complete", "الفاتورة غير مكتملة")
    message = Text(
        "Complete what is marked, then post again.", "أكمل الحقول المحددة ثم أعد الترحيل."
    )


class NotADraft(Refusal):
    code = "invoice_not_draft"
    message = Text(
        "A posted invoice is never edited or deleted. Credit it and issue a new one.",
        "لا تُعدَّل الفاتورة المرحّلة ولا تُحذف. أصدر إشعارًا دائنًا ثم فاتورة جديدة.",
    )


class NotCreditable(Refusal):
    code = "invoice_not_creditable"
    message = Text(
        "Only a posted invoice can be credited.", "لا يمكن إصدار إشعار دائن إلا لفاتورة مرحّلة."
    )


class CreditTooHigh(Refusal):
    code = "credit_too_high"
    message = Text(
        "Only {left} of “{line}” is left to credit; {wanted} was asked for.",
        "المتبقي للإرجاع من «{line}» هو {left} والمطلوب {wanted}.",
    )


class NoteWithoutReason(Refusal):
    code = "note_without_reason"
    message = Text(
        "A note needs one of the five reasons of the law.",
        "يحتاج الإشعار إلى أحد الأسباب الخمسة في النظام.",
    )


class NothingToCredit(Refusal):
    code = "nothing_to_credit"
    message = Text(
        "Everything on this invoice has been credited.", "تم إرجاع كل ما في هذه الفاتورة."
    )


class NotACustomer(Refusal):
    code = "not_a_customer"
    message = Text(
        "{name} is not an active customer. Mark the party as a customer first.",
        "{name} ليس عميلًا نشطًا. عرّف الطرف كعميل أولًا.",
    )


@dataclass(frozen=True)
class CreditLine:
    """How much of which line is taken back; with a lower price when only the price was wrong."""

    line_id: UUID
    quantity: Decimal
    unit_price: Decimal | None = None


@dataclass
class Desk:
    """What posting many documents needs again and again, looked up once per unit of work."""

    company: Company
    books: Books

    @classmethod
    def open(cls) -> "Desk":
        return cls(parties.company(), Books.open())

    @cached_property
    def account_to_pay(self) -> BankAccount | None:
        return parties.main_own_account()


def open_invoice_series() -> None:
    """The series and the chain that posting takes its numbers from."""
    for key, _ in SERIES.values():
        open_series(key)
    open_bill_series()
    if not EInvoiceChain.objects.filter(key=CHAIN).exists():
        EInvoiceChain.objects.create(key=CHAIN, last_hash=einvoice.FIRST_PREVIOUS_HASH)


@unit_of_work
def draft_invoice(
    customer: Party,
    lines: Sequence[DraftLine],
    *,
    by: Actor,
    at: datetime,
    source: Model | None = None,
    source_number: str = "",
    advances: Sequence[AdvanceUse] = (),
    **facts: Any,
) -> Invoice:
    """Write down an invoice that has no number and no effect yet.

    `source` is the document that is billed, `advances` what of earlier advance invoices is taken
    off what is due. `facts` are columns of Invoice (type, due_on,
    supplied_on, reference, currency …); blanks are filled from the customer and, on a line, from
    its product. Raises Invalid naming each wrong line, NotACustomer, and what `use_advances`
    raises.
    """
    facts |= _link_to(source, source_number)
    invoice = _new_document(Kind.INVOICE, customer, by=by, at=at, **facts)
    drafted = fill_lines(invoice, customer, lines, None)
    used = use_advances(invoice, advances)
    _insert(invoice, drafted, _reckoned(invoice, drafted, used), used)
    audit.record(invoice, "invoice.drafted", by=by, at=at, changes={"total": [None, invoice.total]})
    return invoice


@unit_of_work
def edit_draft(
    invoice: Invoice,
    changes: Mapping[str, Any],
    *,
    lines: Sequence[DraftLine] | None = None,
    customer: Party | None = None,
    advances: Sequence[AdvanceUse] | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Invoice:
    """Change a draft; `lines` and `advances` replace all of theirs."""
    _require_draft(invoice)
    differences = audit.difference(invoice, changes)
    change(invoice, expected_version=expected_version, **changes)
    if customer is not None:
        _name_customer(invoice, customer)
    if lines is not None:
        InvoiceLine.objects.filter(invoice=invoice).delete()
        kept = fill_lines(invoice, invoice.customer, lines, None)
    else:
        kept = list(invoice.lines.order_by("position"))
    if advances is not None:
        invoice.advances.all().delete()
        InvoiceAdvance.objects.bulk_create(use_advances(invoice, advances))
    used = advances_of(invoice)
    sums = _reckoned(invoice, kept, used)
    _rewrite(invoice, kept, sums, used, has_new_lines=lines is not None)
    audit.record(invoice, "invoice.edited", by=by, at=at, changes=differences)
    return invoice


@unit_of_work
def discard_draft(
    invoice: Invoice, *, expected_version: int | None = None, by: Actor, at: datetime
) -> Invoice:
    """Throw a draft away. It never had a number, so none is lost."""
    _require_draft(invoice)
    move_state(
        invoice,
        frm=[InvoiceState.DRAFT],
        to=InvoiceState.VOID,
        expected_version=expected_version,
    )
    audit.record(invoice, "invoice.discarded", by=by, at=at)
    return invoice


@unit_of_work
def post_invoice(
    invoice: Invoice,
    *,
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
    issued_at: datetime | None = None,
    desk: Desk | None = None,
) -> Invoice:
    """Issue a draft: number, counter, bytes and hash are fixed, and the ledger is told.

    The issue moment is the server's clock (`at`), never chosen; `issued_at` is only for documents
    that an earlier system issued (`is_imported`). Raises IncompleteInvoice naming every missing
    value, PeriodClosed, NotADraft or VersionConflict; then nothing has changed.
    """
    _require_draft(invoice)
    lines = list(invoice.lines.order_by("position"))
    return _post(
        invoice,
        lines,
        advances_of(invoice),
        by=by,
        at=at,
        expected_version=expected_version,
        issued_at=issued_at,
        desk=desk or Desk.open(),
    )


@unit_of_work
def issue_document(
    kind: Kind,
    customer: Party,
    lines: Sequence[DraftLine],
    *,
    by: Actor,
    at: datetime,
    issued_at: datetime | None = None,
    products: Mapping[UUID, Product] | None = None,
    desk: Desk | None = None,
    source: Model | None = None,
    source_number: str = "",
    advances: Sequence[AdvanceUse] = (),
    money: Account | LedgerRole | None = None,
    **facts: Any,
) -> Invoice:
    """Draft and post in one step, writing every row once; what orders and imports use.

    `source` is the document that is billed. A note needs a `reason` among the `facts`, and an
    `original` unless that is unknown. `money` is where the money of an advance went, or came from
    that is given back. Raises what `draft_invoice` and `post_invoice` raise.
    """
    facts |= _link_to(source, source_number)
    document = _new_document(kind, customer, by=by, at=at, **facts)
    if document.is_note and not document.reason:
        raise NoteWithoutReason()
    drafted = fill_lines(document, customer, lines, products)
    return _post(
        document,
        drafted,
        use_advances(document, advances),
        is_new=True,
        by=by,
        at=at,
        issued_at=issued_at,
        desk=desk or Desk.open(),
        money=money,
    )


@unit_of_work
def credit_invoice(
    invoice: Invoice,
    lines: Sequence[CreditLine] | None,
    *,
    reason: NoteReason,
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
    issued_at: datetime | None = None,
    desk: Desk | None = None,
    **facts: Any,
) -> Invoice:
    """Take back an invoice, wholly (`lines=None`) or in part, with a posted credit note.

    The law's way to correct an invoice (VAT regulations, Articles 40 and 54). `facts` are further
    columns of the note (notes_en, reference …). Raises CreditTooHigh when more would be credited
    than was invoiced, NotCreditable and NothingToCredit.
    """
    if not invoice.is_posted or invoice.kind != Kind.INVOICE:
        raise NotCreditable()
    originals = {line.pk: line for line in invoice.lines.order_by("position")}
    wanted = _everything_left(originals) if lines is None else list(lines)
    if not wanted:
        raise NothingToCredit()
    if expected_version is not None:
        change(invoice, expected_version=expected_version)
    note = _new_note(invoice, reason, by=by, at=at, issued_at=issued_at, **facts)
    note_lines = [
        _credit_line(note, position, originals, credit) for position, credit in enumerate(wanted, 1)
    ]
    return _post(
        note,
        note_lines,
        [],
        is_new=True,
        by=by,
        at=at,
        issued_at=issued_at,
        desk=desk or Desk.open(),
    )


# The steps above, in the order they are taken.


def _require_draft(invoice: Invoice) -> None:
    if not invoice.is_draft:
        raise NotADraft()


def _name_customer(invoice: Invoice, customer: Party) -> None:
    if not customer.is_customer or not (customer.is_active or invoice.is_note):
        raise NotACustomer(name=customer.name_en or customer.name_ar)
    invoice.customer = customer
    invoice.customer_name_en = customer.name_en
    invoice.customer_name_ar = customer.name_ar


def _new_document(kind: Kind, customer: Party, *, by: Actor, at: datetime, **facts: Any) -> Invoice:
    """An unsaved draft; what `facts` leave out follows the day and the customer."""
    today = business_day(at)
    usual = {
        "type": invoice_type_for(customer),
        "supplied_on": today,
        "due_on": today + timedelta(days=customer.payment_terms_days),
    }
    given = {name: value for name, value in facts.items() if value is not None}
    document = Invoice(
        kind=kind, issued_on=today, created_at=at, created_by=by.actor_id, **(usual | given)
    )
    original = document.original
    document.is_of_advance = kind == Kind.ADVANCE or bool(original and original.is_of_advance)
    _name_customer(document, customer)
    return document


def _link_to(source: Model | None, number: str) -> dict[str, Any]:
    """The columns that name the document which is billed; none when there is none."""
    if source is None:
        return {}
    return {
        "source_type": source._meta.label_lower,
        "source_id": source.pk,
        "source_number": number or getattr(source, "number", None) or "",
    }


def _reckoned(
    invoice: Invoice, lines: Sequence[InvoiceLine], used: Sequence[InvoiceAdvance]
) -> Totals:
    nobody = PartyDetails()
    return totals(
        document_of(
            invoice,
            lines,
            seller=nobody,
            buyer=nobody,
            issued_at=invoice.created_at,
            advances=used,
        )
    )


def _insert(
    invoice: Invoice, lines: list[InvoiceLine], sums: Totals, used: list[InvoiceAdvance]
) -> None:
    _note_sums(invoice, lines, sums, used)
    invoice.save(force_insert=True)
    InvoiceLine.objects.bulk_create(lines)
    if used:
        InvoiceAdvance.objects.bulk_create(used)


def _rewrite(
    invoice: Invoice,
    lines: list[InvoiceLine],
    sums: Totals,
    used: list[InvoiceAdvance],
    *,
    has_new_lines: bool,
) -> None:
    _note_sums(invoice, lines, sums, used)
    kept = groups_of(invoice, {"customer": invoice.customer})
    Invoice.objects.filter(**kept, pk=invoice.pk).update(
        customer=invoice.customer,
        customer_name_en=invoice.customer_name_en,
        customer_name_ar=invoice.customer_name_ar,
        search_text=invoice.search_text,
        **_sums(sums, used),
    )
    if has_new_lines:
        InvoiceLine.objects.bulk_create(lines)
        return
    for line in lines:
        InvoiceLine.objects.filter(**groups_of(line), pk=line.pk).update(
            net=line.net, vat=line.vat, revenue=line.revenue
        )


def _note_sums(
    invoice: Invoice, lines: Sequence[InvoiceLine], sums: Totals, used: Sequence[InvoiceAdvance]
) -> None:
    """Write the figures into the objects, which are saved next."""
    for line, amounts in zip(lines, sums.lines, strict=True):
        line.invoice, line.net, line.vat = invoice, amounts.net, amounts.vat
        line.revenue = _revenue(invoice, amounts.net)
    for name, value in _sums(sums, used).items():
        setattr(invoice, name, value)
    invoice.search_text = _search_text(invoice, invoice.number or "")


def _revenue(invoice: Invoice, net: Decimal) -> Decimal:
    if invoice.is_of_advance:
        return ZERO
    in_riyals = round_money(net * invoice.exchange_rate)
    return -in_riyals if invoice.kind == Kind.CREDIT_NOTE else in_riyals


def _post(
    invoice: Invoice,
    lines: list[InvoiceLine],
    used: list[InvoiceAdvance],
    *,
    is_new: bool = False,
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
    issued_at: datetime | None,
    desk: Desk,
    money: Account | LedgerRole | None = None,
) -> Invoice:
    moment = issued_at if invoice.is_imported and issued_at else at
    claim_advances(used)
    document = document_of(
        invoice,
        lines,
        seller=details_of(desk.company),
        buyer=details_of(invoice.customer, in_full=True),
        issued_at=moment,
        advances=used,
    )
    if not invoice.is_imported and (missing := requirements.problems(document)):
        raise IncompleteInvoice(errors=missing)
    sums = totals(document)
    require_fitting(used, sums)
    for name, value in _sums(sums, used).items():
        setattr(invoice, name, value)
    if invoice.original is not None and invoice.kind == Kind.CREDIT_NOTE:
        _answer_original(invoice, invoice.original, sums)
    if invoice.kind == Kind.ADVANCE:
        invoice.settled, invoice.settled_base = invoice.payable, invoice.total_base
        invoice.advance_base = sums.taxable_sar
    number = _take_number(Kind(invoice.kind))
    postings = postings_of(invoice, sums, money)
    entry = _book(invoice, number, document, postings, desk, by=by, at=at)
    counter, previous_hash = _take_place()
    document = replace(
        document, number=number, counter=counter, previous_hash=previous_hash, uuid=uuid4()
    )
    fixed = {
        "number": number,
        "counter": counter,
        "uuid": document.uuid,
        "issued_at": moment,
        "issued_on": business_day(moment),
        "posted_by": by.actor_id,
        "einvoice_state": _einvoice_state(invoice, desk),
        "entry": entry,
    }
    if is_new:
        _insert_posted(invoice, lines, sums, used, fixed)
    else:
        _move_to_posted(invoice, sums, used, fixed, expected_version)
    _write_taxes(invoice, sums)
    _issue(invoice, document, sums, desk)
    changes = {"number": [None, number], "total": [None, invoice.total]}
    audit.record(invoice, f"{invoice.kind}.posted", by=by, at=at, changes=changes)
    announce("invoicing.posted", at=at, invoice=invoice.pk)
    return invoice


def _insert_posted(
    invoice: Invoice,
    lines: list[InvoiceLine],
    sums: Totals,
    used: list[InvoiceAdvance],
    fixed: Mapping[str, Any],
) -> None:
    for name, value in {**fixed, "state": InvoiceState.POSTED}.items():
        setattr(invoice, name, value)
    for line in lines:
        line.sold_on = invoice.issued_on
    _insert(invoice, lines, sums, used)


def _move_to_posted(
    invoice: Invoice,
    sums: Totals,
    used: list[InvoiceAdvance],
    fixed: Mapping[str, Any],
    expected_version: int | None,
) -> None:
    move_state(
        invoice,
        frm=[InvoiceState.DRAFT],
        to=InvoiceState.POSTED,
        expected_version=expected_version,
        **fixed,
        search_text=_search_text(invoice, fixed["number"]),
        **_sums(sums, used),
    )
    rewrite_advances(used)
    InvoiceLine.objects.filter(invoice=invoice).update(sold_on=invoice.issued_on)


def _einvoice_state(invoice: Invoice, desk: Desk) -> EInvoiceState:
    if desk.company.einvoice_phase == EInvoicePhase.INTEGRATION and not invoice.is_imported:
        return EInvoiceState.PENDING
    return EInvoiceState.NOT_REQUIRED


def _sums(sums: Totals, used: Sequence[InvoiceAdvance]) -> dict[str, Decimal]:
    prepaid_vat_base = sum((advance.vat_base for advance in used), ZERO)
    prepaid_base = prepaid_vat_base + sum((advance.taxable_base for advance in used), ZERO)
    return {
        "net": sums.taxable,
        "vat": sums.vat,
        "total": sums.total,
        "rounding": sums.rounding,
        "prepaid": sums.prepaid,
        "prepaid_base": prepaid_base,
        "prepaid_vat_base": prepaid_vat_base,
        "net_base": sums.taxable_sar,
        "total_base": sums.total_sar + sums.rounding_sar - prepaid_base,
    }


def _search_text(invoice: Invoice, number: str) -> str:
    return searchable(
        number,
        invoice.external_number,
        invoice.reference,
        invoice.customer_name_en,
        invoice.customer_name_ar,
    )


def _book(
    invoice: Invoice,
    number: str,
    document: InvoiceDocument,
    postings: Sequence[Posting],
    desk: Desk,
    *,
    by: Actor,
    at: datetime,
) -> JournalEntry | None:
    """Tell the ledger; a document of nothing has no entry."""
    if not postings:
        desk.books.require_open(business_day(document.issued_at))
        return None
    return ledger.post(
        postings,
        on=business_day(document.issued_at),
        memo=invoice.customer_name_en or invoice.customer_name_ar,
        kind=str(invoice.kind),
        source=invoice,
        source_number=number,
        by=by,
        at=at,
        books=desk.books,
    )


def _take_number(kind: Kind) -> str:
    key, prefix = SERIES[kind]
    return f"{prefix}-{take_number(key):06d}"


def _take_place() -> tuple[int, str]:
    """The counter (ICV) and the hash of the document before: the last row that posting touches."""
    EInvoiceChain.objects.filter(key=CHAIN).update(counter=F("counter") + 1)
    chain = EInvoiceChain.objects.get(key=CHAIN)
    return chain.counter, chain.last_hash


def _issue(invoice: Invoice, document: InvoiceDocument, sums: Totals, desk: Desk) -> None:
    xml = einvoice.invoice_xml(document, sums)
    digest = einvoice.invoice_hash(xml)
    EInvoiceChain.objects.filter(key=CHAIN).update(last_hash=digest)
    IssuedDocument.objects.create(
        invoice=invoice,
        counter=document.counter,
        xml=xml,
        hash=digest,
        previous_hash=document.previous_hash,
        qr=document_qr(document, sums),
        parties=frozen_parties(document, desk.account_to_pay if _asks_for_money(invoice) else None),
    )


def _asks_for_money(invoice: Invoice) -> bool:
    """Not a note that gives back, nor what was paid before; an earlier system printed its own."""
    is_charge = invoice.kind in (Kind.INVOICE, Kind.DEBIT_NOTE)
    return is_charge and invoice.payable > 0 and not invoice.is_imported


def _write_taxes(invoice: Invoice, sums: Totals) -> None:
    InvoiceTax.objects.bulk_create(
        InvoiceTax(
            invoice=invoice,
            category=subtotal.category,
            rate=subtotal.rate,
            exemption_code=subtotal.exemption_code,
            taxable=subtotal.taxable,
            vat=subtotal.vat,
            taxable_base=subtotal.taxable_sar,
            vat_base=subtotal.vat_sar,
        )
        for subtotal in sums.subtotals
    )


def _everything_left(originals: Mapping[UUID, InvoiceLine]) -> list[CreditLine]:
    return [
        CreditLine(line.pk, line.quantity - line.credited)
        for line in originals.values()
        if line.quantity > line.credited
    ]


def _new_note(
    invoice: Invoice,
    reason: NoteReason,
    *,
    by: Actor,
    at: datetime,
    issued_at: datetime | None,
    **facts: Any,
) -> Invoice:
    """An unsaved note. It is due at once, and reckoned at the exchange rate of its original."""
    return _new_document(
        Kind.CREDIT_NOTE,
        invoice.customer,
        by=by,
        at=at,
        type=InvoiceType(invoice.type),
        original=invoice,
        reason=reason,
        due_on=business_day(issued_at or at),
        currency=invoice.currency,
        exchange_rate=invoice.exchange_rate,
        prices_include_vat=invoice.prices_include_vat,
        is_export=invoice.is_export,
        source_type=invoice.source_type,
        source_id=invoice.source_id,
        source_number=invoice.source_number,
        **facts,
    )


def _credit_line(
    note: Invoice, position: int, originals: Mapping[UUID, InvoiceLine], credit: CreditLine
) -> InvoiceLine:
    original = originals.get(credit.line_id)
    pointer = f"/lines/{position - 1}"
    if original is None:
        raise Invalid(
            errors=[
                FieldError(
                    f"{pointer}/line_id",
                    "unknown_line",
                    Text("This line is not on the invoice.", "هذا البند ليس في الفاتورة."),
                )
            ]
        )
    _claim_credit(original, credit.quantity)
    share = credit.quantity / original.quantity
    price = original.unit_price if credit.unit_price is None else credit.unit_price
    if price > original.unit_price:
        raise Invalid(
            errors=[
                FieldError(
                    f"{pointer}/unit_price",
                    "price_too_high",
                    Text(
                        "A credit note cannot give back more than was charged.",
                        "لا يمكن أن يعيد الإشعار الدائن أكثر مما حُمّل.",
                    ),
                )
            ]
        )
    full_price = price == original.unit_price
    return InvoiceLine(
        position=position,
        product_id=original.product_id,
        sku=original.sku,
        name_en=original.name_en,
        name_ar=original.name_ar,
        unit_id=original.unit_id,
        unit_en=original.unit_en,
        unit_ar=original.unit_ar,
        quantity=credit.quantity,
        unit_price=price,
        discount=round_money(original.discount * share) if full_price else ZERO,
        tax_category=original.tax_category,
        tax_rate=original.tax_rate,
        exemption_code=original.exemption_code,
        exemption_reason_en=original.exemption_reason_en,
        exemption_reason_ar=original.exemption_reason_ar,
        original_line=original,
        source_line_id=original.source_line_id,
    )


def _claim_credit(original: InvoiceLine, quantity: Decimal) -> None:
    """Take a quantity off what may still be credited; two notes at once cannot take it twice."""
    room = original.quantity - quantity
    rows = InvoiceLine.objects.filter(**groups_of(original), pk=original.pk, credited__lte=room)
    won = rows.update(credited=F("credited") + QuantityField.steps(quantity))
    if not won:
        left = InvoiceLine.objects.values_list("credited", flat=True).get(pk=original.pk)
        raise CreditTooHigh(
            line=original.name_en or original.name_ar,
            left=plain(original.quantity - left),
            wanted=plain(quantity),
        )


def _answer_original(note: Invoice, original: Invoice, sums: Totals) -> None:
    if original.kind == Kind.ADVANCE:
        give_back_advance(original, sums.total, sums.taxable_sar)
        note.settled, note.settled_base = note.payable, note.total_base
    else:
        _settle_with_original(note, original, sums)


def _settle_with_original(note: Invoice, original: Invoice, sums: Totals) -> None:
    """Let the note answer its invoice as far as that is open; the rest stays the customer's."""
    invoice = Invoice.objects.get(pk=original.pk)
    amount, amount_base = sums.total + sums.rounding, sums.total_sar + sums.rounding_sar
    taken = min(amount, invoice.open_amount)
    open_base = invoice.total_base - invoice.settled_base
    taken_base = open_base if taken == invoice.open_amount else min(amount_base, open_base)
    won = Invoice.objects.filter(
        **groups_of(invoice),
        pk=invoice.pk,
        settled=invoice.settled,
        credited__lte=invoice.charged - amount,
    ).update(
        settled=F("settled") + MoneyField.steps(taken),
        settled_base=F("settled_base") + MoneyField.steps(taken_base),
        credited=F("credited") + MoneyField.steps(amount),
    )
    if not won:
        raise CreditTooHigh(
            line=invoice.number or "",
            left=plain(invoice.charged - invoice.credited),
            wanted=plain(amount),
        )
    note.settled, note.settled_base = taken, taken_base
