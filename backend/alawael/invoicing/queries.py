"""Questions about invoices: what one may see, what is open, how old it is, what VAT is due."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from alawael.accounts.models import User
from alawael.core.errors import NotFound
from alawael.core.money import ZERO
from alawael.invoicing.document import InvoiceType, Kind, VatCategory
from alawael.invoicing.models import (
    Invoice,
    InvoiceLine,
    InvoiceState,
    InvoiceTax,
    IssuedDocument,
)

#: The ageing buckets of receivables: days past due, up to and including.
BUCKETS: tuple[tuple[str, int | None], ...] = (
    ("current", 0),
    ("days_1_30", 30),
    ("days_31_60", 60),
    ("days_61_90", 90),
    ("days_over_90", None),
)


def invoices_for(user: User) -> QuerySet[Invoice]:
    """Invoices and notes that this user may see."""
    return Invoice.objects.select_related("customer", "original")


def invoice_for(user: User, invoice_id: UUID) -> Invoice:
    """One invoice; raises NotFound."""
    invoice = invoices_for(user).filter(pk=invoice_id).first()
    if invoice is None:
        raise NotFound()
    return invoice


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
    issued = IssuedDocument.objects.filter(invoice=invoice).first()
    if issued is None:
        raise NotFound()
    return issued


def open_documents() -> QuerySet[Invoice]:
    """Posted documents that are not fully answered, oldest due first."""
    return (
        Invoice.objects.filter(state=InvoiceState.POSTED)
        .exclude(settled_base=F("total_base"))
        .order_by("due_on", "id")
    )


@dataclass(frozen=True)
class AgeingRow:
    """What one customer owes, in riyals, by how long it has been due."""

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


def receivables_ageing(*, on: date, party_id: UUID | None = None) -> list[AgeingRow]:
    """Open receivables per customer and age, as they stand now, seen from a day.

    A note that answers no invoice lowers the bucket of its own day. Largest debtor first.
    """
    rows = open_documents().values(
        "customer_id", "customer__code", "customer__name_en", "customer__name_ar",
        "kind", "due_on", "total_base", "settled_base",
    )  # fmt: skip
    if party_id is not None:
        rows = rows.filter(customer_id=party_id)
    amounts: dict[UUID, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(_names(), ZERO))
    who: dict[UUID, tuple[str, str, str]] = {}
    for row in rows:
        party, is_note = row["customer_id"], row["kind"] == Kind.CREDIT_NOTE
        amount = row["total_base"] - row["settled_base"]
        amounts[party][bucket_of(row["due_on"], on=on)] += -amount if is_note else amount
        who[party] = (row["customer__code"], row["customer__name_en"], row["customer__name_ar"])
    ageing = [
        AgeingRow(party, *who[party], buckets=buckets, total=sum(buckets.values(), ZERO))
        for party, buckets in amounts.items()
    ]
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
#: ZATCA's exemption codes that belong into a box of their own.
_EXPORT_CODES = {"VATEX-SA-32", "VATEX-SA-33", *(f"VATEX-SA-34-{n}" for n in range(1, 6))}
_CITIZEN_CODES = {"VATEX-SA-EDU", "VATEX-SA-HEA"}


@dataclass(frozen=True)
class VatReturn:
    first: date
    last: date
    sales: list[VatBox]
    total_amount: Decimal
    total_adjustment: Decimal
    total_vat: Decimal
    documents: int


def vat_return(*, first: date, last: date) -> VatReturn:
    """Sales by box of the VAT return from the documents issued from `first` to `last`.

    Boxes 1 to 6 of ZATCA's return; purchases join with supplier bills. Out-of-scope supplies
    are in no box.
    """
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
    sales = [VatBox(box, en, ar, amount[box], adjustment[box], vat[box]) for box, en, ar in _BOXES]
    return VatReturn(
        first=first,
        last=last,
        sales=sales,
        total_amount=_total(box.amount for box in sales),
        total_adjustment=_total(box.adjustment for box in sales),
        total_vat=_total(box.vat for box in sales),
        documents=Invoice.objects.filter(
            state=InvoiceState.POSTED, issued_on__gte=first, issued_on__lte=last
        ).count(),
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


@dataclass(frozen=True)
class StatementLine:
    on: date
    document_id: UUID
    number: str
    kind: str
    reference: str
    due_on: date
    debit: Decimal
    credit: Decimal
    balance: Decimal


@dataclass(frozen=True)
class StatementOfAccount:
    """A customer's account over a period, in riyals, with what is open by age at its end."""

    party_id: UUID
    first: date
    last: date
    opening: Decimal
    lines: list[StatementLine]
    closing: Decimal
    buckets: dict[str, Decimal]


def statement(*, party_id: UUID, first: date, last: date) -> StatementOfAccount:
    """Opening balance, every document from `first` to `last`, closing balance and ageing."""
    documents = Invoice.objects.filter(state=InvoiceState.POSTED, customer_id=party_id)
    opening = ZERO
    before = documents.filter(issued_on__lt=first).values("kind")
    for row in before.annotate(total_sum=Sum("total_base")):
        opening += _signed(row["kind"], row["total_sum"])
    balance, lines = opening, []
    within = documents.filter(issued_on__gte=first, issued_on__lte=last)
    for document in within.order_by("issued_on", "counter"):
        amount = _signed(document.kind, document.total_base)
        balance += amount
        lines.append(
            StatementLine(
                on=document.issued_on,
                document_id=document.pk,
                number=document.number or "",
                kind=document.kind,
                reference=document.reference,
                due_on=document.due_on,
                debit=max(amount, ZERO),
                credit=max(-amount, ZERO),
                balance=balance,
            )
        )
    ageing = receivables_ageing(on=last, party_id=party_id)
    buckets = ageing[0].buckets if ageing else dict.fromkeys(_names(), ZERO)
    return StatementOfAccount(party_id, first, last, opening, lines, balance, buckets)


def corrections_of(invoice: Invoice) -> QuerySet[Invoice]:
    """The notes that correct an invoice, in the order they were made."""
    return Invoice.objects.filter(original=invoice).order_by("id")


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
        invoiced, credited = found.get(row["source_line_id"], (Decimal(0), Decimal(0)))
        if row["invoice__kind"] == Kind.INVOICE:
            invoiced = row["quantities"]
        else:
            credited = row["quantities"]
        found[row["source_line_id"]] = invoiced, credited
    return found


def _signed(kind: str, amount: Decimal) -> Decimal:
    return -amount if kind == Kind.CREDIT_NOTE else amount


def _names() -> list[str]:
    return [name for name, _ in BUCKETS]


def _total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
