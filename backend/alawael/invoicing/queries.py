"""Questions about invoices and bills: what one may see, what is open, what VAT is due."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from alawael.accounts.models import User
from alawael.core.money import ZERO
from alawael.core.rows import existing
from alawael.core.sight import Sees, seen_by
from alawael.invoicing.document import InvoiceType, Kind, VatCategory
from alawael.invoicing.models import (
    Bill,
    BillKind,
    BillLine,
    BillState,
    BillTax,
    Invoice,
    InvoiceAdvance,
    InvoiceLine,
    InvoiceState,
    InvoiceTax,
    InvoicingSettings,
    IssuedDocument,
    VatTreatment,
    WriteOff,
)
from alawael.ledger.models import AccountRole, JournalLine, LedgerRole
from alawael.parties.models import Party

#: The ageing buckets of receivables: days past due, up to and including.
BUCKETS: tuple[tuple[str, int | None], ...] = (
    ("current", 0),
    ("days_1_30", 30),
    ("days_31_60", 60),
    ("days_61_90", 90),
    ("days_over_90", None),
)


def invoices_for(user: User) -> QuerySet[Invoice]:
    """Invoices and notes that this user may see; names by their keys (decision 0020)."""
    return Invoice.objects.prefetch_related("customer", "original")


def invoice_for(user: User, invoice_id: UUID) -> Invoice:
    """One invoice; raises NotFound."""
    return existing(invoices_for(user).filter(pk=invoice_id))


def filtered(
    rows: QuerySet[Invoice],
    *,
    today: date,
    kind: Kind | None = None,
    type: InvoiceType | None = None,
    state: InvoiceState | None = None,
    customer_id: UUID | None = None,
    issued_from: date | None = None,
    issued_to: date | None = None,
    is_open: bool | None = None,
    is_overdue: bool | None = None,
) -> QuerySet[Invoice]:
    """Narrow a list of invoices; None narrows nothing."""
    exact = {"kind": kind, "type": type, "state": state, "customer_id": customer_id}
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    if issued_from is not None:
        rows = rows.filter(issued_on__gte=issued_from)
    if issued_to is not None:
        rows = rows.filter(issued_on__lte=issued_to)
    is_settled = Q(settled_base=F("total_base"))
    if is_open is not None:
        posted = rows.filter(state=InvoiceState.POSTED)
        rows = posted.exclude(is_settled) if is_open else posted.filter(is_settled)
    if is_overdue is not None:
        late = Q(kind=Kind.INVOICE, due_on__lt=today, state=InvoiceState.POSTED) & ~is_settled
        rows = rows.filter(late) if is_overdue else rows.exclude(late)
    return rows


def issued_document(invoice: Invoice) -> IssuedDocument:
    """The bytes of a posted invoice; raises NotFound for a draft."""
    return existing(IssuedDocument.objects.filter(invoice=invoice))


def open_documents() -> QuerySet[Invoice]:
    """Posted documents that are not fully answered, oldest due first."""
    return (
        Invoice.objects.filter(state=InvoiceState.POSTED)
        .exclude(settled_base=F("total_base"))
        .order_by("due_on", "id")
    )


def bills_for(user: User) -> QuerySet[Bill]:
    """Bills and notes of suppliers that this user may see."""
    return Bill.objects.prefetch_related("supplier", "original")


def bill_for(user: User, bill_id: UUID) -> Bill:
    """One bill; raises NotFound."""
    return existing(bills_for(user).filter(pk=bill_id))


def filtered_bills(
    rows: QuerySet[Bill],
    *,
    today: date,
    kind: BillKind | None = None,
    state: BillState | None = None,
    supplier_id: UUID | None = None,
    source_id: UUID | None = None,
    issued_from: date | None = None,
    issued_to: date | None = None,
    is_open: bool | None = None,
    is_overdue: bool | None = None,
) -> QuerySet[Bill]:
    """Narrow a list of bills; None narrows nothing."""
    exact = {"kind": kind, "state": state, "supplier_id": supplier_id, "source_id": source_id}
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    if issued_from is not None:
        rows = rows.filter(issued_on__gte=issued_from)
    if issued_to is not None:
        rows = rows.filter(issued_on__lte=issued_to)
    is_settled = Q(settled_base=F("total_base"))
    if is_open is not None:
        posted = rows.filter(state=BillState.POSTED)
        rows = posted.exclude(is_settled) if is_open else posted.filter(is_settled)
    if is_overdue is not None:
        late = Q(kind=BillKind.BILL, due_on__lt=today, state=BillState.POSTED) & ~is_settled
        rows = rows.filter(late) if is_overdue else rows.exclude(late)
    return rows


def open_bills() -> QuerySet[Bill]:
    """Posted bills and notes that are not fully answered, oldest due first."""
    return (
        Bill.objects.filter(state=BillState.POSTED)
        .exclude(settled_base=F("total_base"))
        .order_by("due_on", "id")
    )


def bills_of(source_id: UUID) -> QuerySet[Bill]:
    """The bills and notes made from a document, drafts too, in the order they were made."""
    return Bill.objects.filter(source_id=source_id).order_by("id")


def billed_of_lines(source_line_ids: Iterable[UUID]) -> dict[UUID, tuple[Decimal, Decimal]]:
    """What posted bills billed, and notes gave back, of lines of orders or receipts.

    (billed, debited) per line, in the unit of the bill line. A line never billed is left out.
    """
    sums = (
        BillLine.objects.filter(
            source_line_id__in=list(source_line_ids), bill__state=BillState.POSTED
        )
        .values("source_line_id", "bill__kind")
        .annotate(quantities=Sum("quantity"))
        .order_by()
    )
    found: dict[UUID, tuple[Decimal, Decimal]] = {}
    for row in sums:
        line = row["source_line_id"]
        if line is None:
            continue
        billed, debited = found.get(line, (Decimal(0), Decimal(0)))
        if row["bill__kind"] == BillKind.BILL:
            billed = row["quantities"]
        else:
            debited = row["quantities"]
        found[line] = billed, debited
    return found


@dataclass(frozen=True)
class AgeingRow:
    """What one party owes or is owed, in riyals, by how long it has been due."""

    party_id: UUID
    code: str
    name_en: str
    name_ar: str
    buckets: dict[str, Decimal]
    total: Decimal


def bucket_of(due_on: date, *, on: date) -> str:
    """The ageing bucket of something due on a day, seen from another day."""
    overdue = (on - due_on).days
    for name, limit in BUCKETS:
        if limit is None or overdue <= limit:
            return name
    raise AssertionError("the last bucket has no limit")


def receivables_ageing(
    *, on: date, party_id: UUID | None = None, sight: Sees | None = None
) -> list[AgeingRow]:
    """Open receivables per customer and age, as they stand now, seen from a day.

    A note that answers no invoice lowers the bucket of its own day. Largest debtor first. With
    `sight` only of those whom somebody sees.
    """
    rows = seen_by(sight, open_documents()).values(
        "kind", "due_on", "total_base", "settled_base", party=F("customer_id")
    )
    if party_id is not None:
        rows = rows.filter(customer_id=party_id)
    return _ageing(rows, notes=Kind.CREDIT_NOTE, on=on)


def payables_ageing(
    *, on: date, party_id: UUID | None = None, sight: Sees | None = None
) -> list[AgeingRow]:
    """Open payables per supplier and age, seen from a day; the largest creditor first.

    With `sight` only of those whom somebody sees.
    """
    rows = seen_by(sight, open_bills()).values(
        "kind", "due_on", "total_base", "settled_base", party=F("supplier_id")
    )
    if party_id is not None:
        rows = rows.filter(supplier_id=party_id)
    return _ageing(rows, notes=BillKind.DEBIT_NOTE, on=on)


def _ageing(rows: Iterable[Mapping[str, Any]], *, notes: str, on: date) -> list[AgeingRow]:
    amounts: dict[UUID, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(_names(), ZERO))
    for row in rows:
        party = row["party"]
        amount = row["total_base"] - row["settled_base"]
        signed = -amount if row["kind"] == notes else amount
        amounts[party][bucket_of(row["due_on"], on=on)] += signed
    # By their keys: a join would hang the answer on every party that there is (decision 0020).
    who = Party.objects.only("code", "name_en", "name_ar").in_bulk(list(amounts))
    ageing = [
        AgeingRow(
            party, who[party].code, who[party].name_en, who[party].name_ar,
            buckets=buckets, total=sum(buckets.values(), ZERO),
        )
        for party, buckets in amounts.items()
    ]  # fmt: skip
    return sorted(ageing, key=lambda row: (-row.total, row.code))


def open_total() -> Decimal:
    """Σ open invoices less open notes, in riyals: what the receivables account must show."""
    sums = (
        Invoice.objects.filter(state=InvoiceState.POSTED)
        .values("kind")
        .annotate(total_sum=Sum("total_base"), settled_sum=Sum("settled_base"))
    )
    by_kind = {row["kind"]: row["total_sum"] - row["settled_sum"] for row in sums}
    notes: Decimal = by_kind.pop(Kind.CREDIT_NOTE, ZERO)
    open_invoices: Decimal = _total(by_kind.values())
    return open_invoices - notes


def open_bills_total() -> Decimal:
    """Σ open bills less open notes, in riyals: what the payables account must show."""
    sums = (
        Bill.objects.filter(state=BillState.POSTED)
        .values("kind")
        .annotate(total_sum=Sum("total_base"), settled_sum=Sum("settled_base"))
    )
    by_kind = {row["kind"]: row["total_sum"] - row["settled_sum"] for row in sums}
    notes: Decimal = by_kind.pop(BillKind.DEBIT_NOTE, ZERO)
    bills: Decimal = _total(by_kind.values())
    return bills - notes


@dataclass(frozen=True)
class VatBox:
    """One box of the Saudi VAT return, in riyals. Adjustments are what notes took back."""

    box: str
    label_en: str
    label_ar: str
    amount: Decimal
    adjustment: Decimal
    vat: Decimal


_BOXES = (
    ("1", "Standard rated sales", "المبيعات الخاضعة للنسبة الأساسية"),
    ("2", "Private healthcare and education", "الرعاية الصحية الخاصة والتعليم الأهلي للمواطنين"),
    ("3", "Zero rated domestic sales", "المبيعات المحلية الخاضعة للنسبة الصفرية"),
    ("4", "Exports", "الصادرات"),
    ("5", "Exempt sales", "المبيعات المعفاة"),
)
_PURCHASE_BOXES = (
    ("7", "Standard rated domestic purchases", "المشتريات المحلية الخاضعة للنسبة الأساسية"),
    ("8", "Imports, VAT paid at customs", "الاستيرادات الخاضعة للضريبة والمدفوعة في الجمارك"),
    (
        "9",
        "Imports under the reverse charge mechanism",
        "الاستيرادات الخاضعة للضريبة بآلية الاحتساب العكسي",
    ),
    ("10", "Zero rated purchases", "المشتريات الخاضعة للنسبة الصفرية"),
    ("11", "Exempt purchases", "المشتريات المعفاة"),
)
#: ZATCA's exemption codes that belong into a box of their own.
_EXPORT_CODES = {"VATEX-SA-32", "VATEX-SA-33", *(f"VATEX-SA-34-{n}" for n in range(1, 6))}
_CITIZEN_CODES = {"VATEX-SA-EDU", "VATEX-SA-HEA"}


@dataclass(frozen=True)
class VatReturn:
    first: date
    last: date
    sales: list[VatBox]
    #: Box 6.
    total_amount: Decimal
    total_adjustment: Decimal
    total_vat: Decimal
    purchases: list[VatBox]
    #: Box 12.
    purchases_amount: Decimal
    purchases_adjustment: Decimal
    purchases_vat: Decimal
    #: Box 13: what we owe for these days; below zero is what we get back.
    net_vat_due: Decimal
    documents: int


@dataclass(frozen=True)
class Purchase:
    """Something bought without a bill, in riyals, for a box of the VAT return."""

    box: str
    amount: Decimal = ZERO
    adjustment: Decimal = ZERO
    vat: Decimal = ZERO


_bought_elsewhere: list[Callable[[date, date], Iterable[Purchase]]] = []


def also_bought(
    source: Callable[[date, date], Iterable[Purchase]],
) -> Callable[[date, date], Iterable[Purchase]]:
    """Register a domain above that knows of input VAT without a bill, such as on bank fees."""
    _bought_elsewhere.append(source)
    return source


def vat_return(*, first: date, last: date) -> VatReturn:
    """The VAT return of the documents issued, and the bills booked, from `first` to `last`.

    Boxes 1 to 13 of ZATCA's return; out-of-scope supplies are in none. What was declared with an
    advance is taken off the invoice that uses it up. Under the reverse charge the VAT that we
    declare is the VAT that we deduct, so box 9 shows the amount and no VAT due.
    """
    sales, purchases = _sales_boxes(first, last), _purchase_boxes(first, last)
    sales_vat = _total(box.vat for box in sales)
    purchases_vat = _total(box.vat for box in purchases)
    issued = Invoice.objects.filter(
        state=InvoiceState.POSTED, issued_on__gte=first, issued_on__lte=last
    )
    booked = Bill.objects.filter(state=BillState.POSTED, booked_on__gte=first, booked_on__lte=last)
    return VatReturn(
        first=first,
        last=last,
        sales=sales,
        total_amount=_total(box.amount for box in sales),
        total_adjustment=_total(box.adjustment for box in sales),
        total_vat=sales_vat,
        purchases=purchases,
        purchases_amount=_total(box.amount for box in purchases),
        purchases_adjustment=_total(box.adjustment for box in purchases),
        purchases_vat=purchases_vat,
        net_vat_due=sales_vat - purchases_vat,
        documents=issued.count() + booked.count(),
    )


def _sales_boxes(first: date, last: date) -> list[VatBox]:
    taxes = (
        InvoiceTax.objects.filter(
            invoice__state=InvoiceState.POSTED,
            invoice__issued_on__gte=first,
            invoice__issued_on__lte=last,
        )
        .values("invoice__kind", "category", "exemption_code")
        .annotate(taxable_sum=Sum("taxable_base"), vat_sum=Sum("vat_base"), documents=Count("id"))
    )
    amount: dict[str, Decimal] = defaultdict(lambda: ZERO)
    adjustment: dict[str, Decimal] = defaultdict(lambda: ZERO)
    vat: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for row in taxes:
        box = _box_of(row["category"], row["exemption_code"])
        if box is None:
            continue
        if row["invoice__kind"] == Kind.CREDIT_NOTE:
            adjustment[box] -= row["taxable_sum"]
            vat[box] -= row["vat_sum"]
        else:
            amount[box] += row["taxable_sum"]
            vat[box] += row["vat_sum"]
    for box, taxable, tax in _declared_before(first, last):
        amount[box] -= taxable
        vat[box] -= tax
    return [VatBox(box, en, ar, amount[box], adjustment[box], vat[box]) for box, en, ar in _BOXES]


def _declared_before(first: date, last: date) -> Iterator[tuple[str, Decimal, Decimal]]:
    """What the invoices of these days charge again that advances have declared: (box, …)."""
    used = (
        InvoiceAdvance.objects.filter(
            invoice__state=InvoiceState.POSTED,
            invoice__issued_on__gte=first,
            invoice__issued_on__lte=last,
        )
        .values("category", "exemption_code")
        .annotate(taxable_sum=Sum("taxable_base"), vat_sum=Sum("vat_base"))
    )
    for row in used:
        box = _box_of(row["category"], row["exemption_code"])
        if box is not None:
            yield box, row["taxable_sum"], row["vat_sum"]


def _purchase_boxes(first: date, last: date) -> list[VatBox]:
    taxes = (
        BillTax.objects.filter(
            bill__state=BillState.POSTED, bill__booked_on__gte=first, bill__booked_on__lte=last
        )
        .values("bill__kind", "bill__vat_treatment", "category")
        .annotate(taxable_sum=Sum("taxable_base"), vat_sum=Sum("vat_base"))
    )
    amount: dict[str, Decimal] = defaultdict(lambda: ZERO)
    adjustment: dict[str, Decimal] = defaultdict(lambda: ZERO)
    vat: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for row in taxes:
        box = _purchase_box_of(row["category"], row["bill__vat_treatment"])
        if box is None:
            continue
        is_note = row["bill__kind"] == BillKind.DEBIT_NOTE
        if is_note:
            adjustment[box] -= row["taxable_sum"]
        else:
            amount[box] += row["taxable_sum"]
        if row["bill__vat_treatment"] != VatTreatment.REVERSE_CHARGE:
            vat[box] += -row["vat_sum"] if is_note else row["vat_sum"]
    for source in _bought_elsewhere:
        for bought in source(first, last):
            amount[bought.box] += bought.amount
            adjustment[bought.box] += bought.adjustment
            vat[bought.box] += bought.vat
    return [
        VatBox(box, en, ar, amount[box], adjustment[box], vat[box])
        for box, en, ar in _PURCHASE_BOXES
    ]


def _purchase_box_of(category: str, treatment: str) -> str | None:
    if category == VatCategory.OUT_OF_SCOPE:
        return None
    if category == VatCategory.EXEMPT:
        return "11"
    if category == VatCategory.ZERO_RATED:
        return "10"
    return {VatTreatment.CUSTOMS: "8", VatTreatment.REVERSE_CHARGE: "9"}.get(
        VatTreatment(treatment), "7"
    )


def _box_of(category: str, exemption_code: str) -> str | None:
    if category == VatCategory.STANDARD:
        return "1"
    if category == VatCategory.EXEMPT:
        return "5"
    if category == VatCategory.OUT_OF_SCOPE:
        return None
    if exemption_code in _CITIZEN_CODES:
        return "2"
    return "4" if exemption_code in _EXPORT_CODES else "3"


#: What a party's statement is made of: what is owed either way, and what was paid in advance.
_STATEMENT_ROLES = (
    LedgerRole.AR,
    LedgerRole.AP,
    LedgerRole.CUSTOMER_ADVANCES,
    LedgerRole.SUPPLIER_ADVANCES,
)


@dataclass(frozen=True)
class StatementLine:
    on: date
    document_type: str
    document_id: UUID | None
    number: str
    #: The kind of the journal entry: invoice, credit_note, bill, receipt, payment …
    kind: str
    reference: str
    due_on: date | None
    debit: Decimal
    credit: Decimal
    balance: Decimal


@dataclass(frozen=True)
class StatementOfAccount:
    """A party's account over a period, in riyals, with what is open by age at its end.

    Debits are what the party owes more, credits what it owes less; below zero we owe the party.
    `buckets` are receivables less payables.
    """

    party_id: UUID
    first: date
    last: date
    opening: Decimal
    lines: list[StatementLine]
    closing: Decimal
    buckets: dict[str, Decimal]


def statement(*, party_id: UUID, first: date, last: date) -> StatementOfAccount:
    """Opening balance, everything that happened from `first` to `last`, closing balance, ageing.

    As customer, as supplier or as both, with payments: what the books hold for the party on
    receivables, payables and advances. What moves between those accounts alone is left out.
    """
    lines = _lines_of_party(party_id)
    before = lines.filter(date__lt=first).aggregate(debits=Sum("debit"), credits=Sum("credit"))
    opening = (before["debits"] or ZERO) - (before["credits"] or ZERO)
    within = lines.filter(date__gte=first, date__lte=last).select_related("entry")
    amounts: dict[UUID, Decimal] = defaultdict(lambda: ZERO)
    entries = {}
    for line in within.order_by("date", "place"):
        amounts[line.entry_id] += line.amount
        entries[line.entry_id] = line.entry
    facts = _facts_of({entry.source_id for entry in entries.values() if entry.source_id})
    balance, found = opening, []
    for pk, entry in entries.items():
        amount = amounts[pk]
        if not amount:
            continue
        balance += amount
        reference, due_on = facts.get(entry.source_id, ("", None))
        found.append(
            StatementLine(
                on=entry.date,
                document_type=entry.source_type,
                document_id=entry.source_id,
                number=entry.source_number,
                kind=entry.kind,
                reference=reference,
                due_on=due_on,
                debit=max(amount, ZERO),
                credit=max(-amount, ZERO),
                balance=balance,
            )
        )
    buckets = dict.fromkeys(_names(), ZERO)
    for row in receivables_ageing(on=last, party_id=party_id):
        buckets = {name: buckets[name] + row.buckets[name] for name in buckets}
    for row in payables_ageing(on=last, party_id=party_id):
        buckets = {name: buckets[name] - row.buckets[name] for name in buckets}
    return StatementOfAccount(party_id, first, last, opening, found, balance, buckets)


def _lines_of_party(party_id: UUID) -> QuerySet[JournalLine]:
    accounts = AccountRole.objects.filter(role__in=_STATEMENT_ROLES)
    kept = list(accounts.values_list("account_id", flat=True))
    return JournalLine.objects.filter(party_id=party_id, account_id__in=kept)


def _facts_of(ids: set[UUID]) -> dict[UUID | None, tuple[str, date]]:
    """Reference and due day of invoices and bills, by their id."""
    wanted = list(ids)
    invoices = Invoice.objects.filter(pk__in=wanted).values_list("pk", "reference", "due_on")
    bills = Bill.objects.filter(pk__in=wanted).values_list("pk", "supplier_number", "due_on")
    return {pk: (text, due_on) for pk, text, due_on in [*invoices, *bills]}


def corrections_of(invoice: Invoice) -> QuerySet[Invoice]:
    """The notes that correct an invoice, in the order they were made."""
    return Invoice.objects.filter(original=invoice).order_by("id")


def settings() -> InvoicingSettings:
    """How the company deals with what it is owed; raises NotFound before the installation."""
    return existing(InvoicingSettings.objects.order_by("id"))


def write_off_limit() -> Decimal | None:
    """The most that may be written off a document, in riyals; None: without limit."""
    found = InvoicingSettings.objects.order_by("id").first()
    return found.write_off_limit if found else None


def written_off(document: Invoice | Bill) -> Decimal:
    """What was given up of an invoice or bill, in riyals."""
    standing = document.write_offs.filter(taken_back_on=None)
    return _total(standing.values_list("amount_base", flat=True))


def write_off_for(user: User, invoice_id: UUID, write_off_id: UUID) -> WriteOff:
    """One write-off of an invoice; raises NotFound."""
    return _write_off(invoice_for(user, invoice_id), write_off_id)


def bill_write_off_for(user: User, bill_id: UUID, write_off_id: UUID) -> WriteOff:
    """One write-off of a bill; raises NotFound."""
    return _write_off(bill_for(user, bill_id), write_off_id)


def _write_off(document: Invoice | Bill, write_off_id: UUID) -> WriteOff:
    rows = document.write_offs.select_related("invoice", "bill", "entry")
    return existing(rows.filter(pk=write_off_id))


def open_advances(customer_id: UUID) -> QuerySet[Invoice]:
    """Advance invoices of a customer that no invoice has used up, oldest first."""
    return Invoice.objects.filter(
        customer_id=customer_id,
        kind=Kind.ADVANCE,
        state=InvoiceState.POSTED,
        consumed__lt=F("total"),
    ).order_by("issued_on", "id")


def advances_total() -> Decimal:
    """What unused advance invoices leave on the advances account, in riyals without VAT."""
    sums = Invoice.objects.filter(state=InvoiceState.POSTED, kind=Kind.ADVANCE)
    left: Decimal = sums.aggregate(left=Sum("advance_base"))["left"] or ZERO
    return left


def invoices_of(source_id: UUID) -> QuerySet[Invoice]:
    """The invoices and notes made from a document, drafts too, in the order they were made."""
    return Invoice.objects.filter(source_id=source_id).order_by("id")


def invoiced_of_lines(source_line_ids: Iterable[UUID]) -> dict[UUID, tuple[Decimal, Decimal]]:
    """What posted documents billed and took back of lines of orders or shipments.

    (invoiced, credited) per line, in the unit of the invoice line; debit notes change prices, not
    quantities, and a note that only lowers a price takes back no goods but does count as credited.
    A line never billed is left out.
    """
    sums = (
        InvoiceLine.objects.filter(
            source_line_id__in=list(source_line_ids),
            invoice__state=InvoiceState.POSTED,
            invoice__kind__in=[Kind.INVOICE, Kind.CREDIT_NOTE],
        )
        .values("source_line_id", "invoice__kind")
        .annotate(quantities=Sum("quantity"))
        .order_by()
    )
    found: dict[UUID, tuple[Decimal, Decimal]] = {}
    for row in sums:
        line = row["source_line_id"]
        if line is None:
            continue
        invoiced, credited = found.get(line, (Decimal(0), Decimal(0)))
        if row["invoice__kind"] == Kind.INVOICE:
            invoiced = row["quantities"]
        else:
            credited = row["quantities"]
        found[line] = invoiced, credited
    return found


def _names() -> list[str]:
    return [name for name, _ in BUCKETS]


def _total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
