from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from ninja import Field

from alawael.accounts.permissions import allows
from alawael.core.schemas import Day, In, Links, Moment, MoneyText, Out, Patch, QuantityText
from alawael.invoicing.document import InvoiceType, Kind, NoteReason, VatCategory
from alawael.invoicing.models import EInvoiceState, InvoiceState
from alawael.stock.schemas import CommandPreview

MOST_LINES = 1000
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["SAR"])]
NotNegative = Annotated[MoneyText, Field(ge=0)]
#: What each command needs besides the right state.
INVOICE_RIGHTS = {
    "post": "invoice:post",
    "discard": "invoice:delete",
    "pay": "payment:create",
    "net": "payment:allocate",
    "credit": "invoice:credit",
    "debit": "invoice:credit",
    "write_off": "invoice:write_off",
}


class InvoiceLineIn(In):
    """A line. What is left out is taken from the product."""

    product_id: UUID | None = None
    name_en: str | None = Field(None, max_length=300)
    name_ar: str | None = Field(None, max_length=300)
    sku: str | None = Field(None, max_length=80)
    unit_id: UUID | None = None
    quantity: Annotated[QuantityText, Field(gt=0)] = Field(examples=["12"])
    unit_price: Annotated[QuantityText, Field(ge=0)] | None = Field(None, examples=["8.5"])
    discount: NotNegative = Decimal("0.00")
    tax_category: VatCategory | None = None
    tax_rate: Annotated[QuantityText, Field(ge=0, le=100)] | None = None
    exemption_code: str | None = Field(None, max_length=40)
    exemption_reason_en: str | None = Field(None, max_length=300)
    exemption_reason_ar: str | None = Field(None, max_length=300)


class AdvanceUseIn(In):
    advance_id: UUID
    amount: Annotated[MoneyText, Field(gt=0)] | None = Field(
        None, description="VAT included. Left out: all that is left of the advance."
    )


class InvoiceIn(In):
    customer_id: UUID
    type: InvoiceType | None = Field(None, description="Left out: decided by the customer.")
    supplied_on: Day | None = None
    due_on: Day | None = Field(None, description="Left out: by the customer's payment terms.")
    currency: Currency = "SAR"
    exchange_rate: Annotated[QuantityText, Field(gt=0)] = Decimal(1)
    prices_include_vat: bool = False
    is_export: bool = False
    reference: str = Field("", max_length=120)
    notes_en: str = Field("", max_length=2000)
    notes_ar: str = Field("", max_length=2000)
    lines: list[InvoiceLineIn] = Field(min_length=1, max_length=MOST_LINES)
    advances: list[AdvanceUseIn] = Field([], max_length=50)


class InvoiceChange(In):
    """Only what is sent changes; `lines` replaces all lines."""

    customer_id: UUID | None = None
    type: InvoiceType | None = None
    supplied_on: Day | None = None
    due_on: Day | None = None
    currency: Currency | None = None
    exchange_rate: Annotated[QuantityText, Field(gt=0)] | None = None
    prices_include_vat: bool | None = None
    is_export: bool | None = None
    reference: str | None = Field(None, max_length=120)
    notes_en: str | None = Field(None, max_length=2000)
    notes_ar: str | None = Field(None, max_length=2000)
    lines: list[InvoiceLineIn] | None = Field(None, min_length=1, max_length=MOST_LINES)
    advances: list[AdvanceUseIn] | None = Field(None, max_length=50)


class CreditLineIn(In):
    line_id: UUID
    quantity: Annotated[QuantityText, Field(gt=0)] = Field(examples=["2"])
    unit_price: Annotated[QuantityText, Field(ge=0)] | None = Field(
        None, description="Only when less than the invoiced price is given back."
    )


class CreditIn(In):
    reason: NoteReason
    lines: list[CreditLineIn] | None = Field(
        None, max_length=MOST_LINES, description="Left out: everything that is left."
    )
    notes_en: str = Field("", max_length=2000)
    notes_ar: str = Field("", max_length=2000)


class InvoiceDebitIn(In):
    """What is charged in addition."""

    reason: NoteReason
    lines: list[InvoiceLineIn] = Field(min_length=1, max_length=MOST_LINES)
    notes_en: str = Field("", max_length=2000)
    notes_ar: str = Field("", max_length=2000)


class WriteOffIn(In):
    amount: Annotated[MoneyText, Field(gt=0)] | None = Field(
        None, description="Left out: all that is open."
    )
    reason: str = Field(min_length=1, max_length=300)
    on: Day | None = Field(None, description="Left out: today.")


class NetIn(In):
    invoice_id: UUID = Field(description="The invoice that the note answers.")
    amount: Annotated[MoneyText, Field(gt=0)]


class InvoicingSettingsPatch(Patch):
    write_off_limit: NotNegative | None = Field(
        None, description="Riyals, all write-offs of a document together; null: without limit."
    )


class InvoicingSettingsOut(Out):
    id: UUID
    version: int
    write_off_limit: MoneyText | None


class InvoiceRow(Out):
    """An invoice or note in a list."""

    id: UUID
    version: int
    kind: Kind
    type: InvoiceType
    state: InvoiceState
    number: str | None = Field(examples=["INV-000001"])
    external_number: str | None
    customer_id: UUID
    customer_name_en: str
    customer_name_ar: str
    issued_on: date
    due_on: date
    currency: str
    net: MoneyText
    vat: MoneyText
    total: MoneyText
    total_base: MoneyText
    open_amount: MoneyText
    payment_state: str = Field(examples=["unpaid"])
    reference: str

    @staticmethod
    def resolve_payment_state(invoice: Any) -> str:
        return payment_state(invoice)


class InvoiceLineOut(Out):
    id: UUID
    position: int
    product_id: UUID | None
    sku: str
    name_en: str
    name_ar: str
    unit_id: UUID | None
    unit_en: str
    unit_ar: str
    quantity: QuantityText
    unit_price: QuantityText
    discount: MoneyText
    tax_category: VatCategory
    tax_rate: QuantityText
    exemption_code: str
    exemption_reason_en: str
    exemption_reason_ar: str
    net: MoneyText
    vat: MoneyText
    credited: QuantityText
    source_line_id: UUID | None


class InvoiceTaxOut(Out):
    category: VatCategory
    rate: QuantityText
    taxable: MoneyText
    vat: MoneyText


class InvoiceAdvanceOut(Out):
    """What of an advance invoice is taken off."""

    advance_id: UUID
    number: str | None = Field(alias="advance.number")
    category: VatCategory
    rate: QuantityText
    taxable: MoneyText
    vat: MoneyText


class WriteOffOut(Out):
    id: UUID
    amount: MoneyText
    reason: str
    written_off_on: date
    taken_back_on: date | None


class WriteOffBackIn(In):
    on: Day | None = Field(None, description="Left out: today.")


class CorrectionOut(Out):
    id: UUID
    kind: Kind
    state: InvoiceState
    number: str | None
    issued_on: date
    total: MoneyText


class InvoiceOut(InvoiceRow):
    counter: int | None
    uuid: UUID | None
    issued_at: Moment | None
    supplied_on: date | None
    exchange_rate: QuantityText
    prices_include_vat: bool
    is_export: bool
    is_imported: bool
    einvoice_state: EInvoiceState
    notes_en: str
    notes_ar: str
    rounding: MoneyText
    settled: MoneyText
    credited: MoneyText
    prepaid: MoneyText
    payable: MoneyText
    consumed: MoneyText = Field(description="Of an advance: what invoices have used up.")
    advances: list[InvoiceAdvanceOut]
    write_offs: list[WriteOffOut]
    reason: str
    original_id: UUID | None
    original_number: str | None = Field(None, alias="original.number")
    entry_id: UUID | None
    source_type: str = Field(examples=["sales.salesorder"])
    source_id: UUID | None
    source_number: str
    created_at: Moment
    lines: list[InvoiceLineOut]
    taxes: list[InvoiceTaxOut]
    corrections: list[CorrectionOut]
    qr: str | None = None
    links: Links
    next_commands: list[str] = Field(examples=[["pay", "credit"]])

    @staticmethod
    def resolve_lines(invoice: Any) -> list[Any]:
        return list(invoice.lines.order_by("position"))

    @staticmethod
    def resolve_advances(invoice: Any) -> list[Any]:
        return list(invoice.advances.prefetch_related("advance").order_by("id"))

    @staticmethod
    def resolve_write_offs(invoice: Any) -> list[Any]:
        return list(invoice.write_offs.order_by("id"))

    @staticmethod
    def resolve_taxes(invoice: Any) -> list[Any]:
        return list(invoice.taxes.order_by("category", "-rate"))

    @staticmethod
    def resolve_corrections(invoice: Any) -> list[Any]:
        return list(invoice.corrections.order_by("id"))

    @staticmethod
    def resolve_links(invoice: Any) -> list[dict[str, Any]]:
        return invoice_links(invoice)

    @staticmethod
    def resolve_next_commands(invoice: Any, context: Any) -> list[str]:
        return permitted(next_invoice_commands(invoice), INVOICE_RIGHTS, context)

    @staticmethod
    def resolve_qr(invoice: Any) -> str | None:
        return invoice.issued.qr if invoice.is_posted else None


class PostingPreview(CommandPreview):
    """What a command would do, and the document that it would issue."""

    number: str = Field(description="The number that it would take now.")
    net: MoneyText
    vat: MoneyText
    total: MoneyText


class AgeingBuckets(Out):
    current: MoneyText
    days_1_30: MoneyText
    days_31_60: MoneyText
    days_61_90: MoneyText
    days_over_90: MoneyText


class AgeingRowOut(Out):
    party_id: UUID
    code: str
    name_en: str
    name_ar: str
    buckets: AgeingBuckets
    total: MoneyText


class AgeingOut(Out):
    on: date
    rows: list[AgeingRowOut]
    buckets: AgeingBuckets
    total: MoneyText


class VatBoxOut(Out):
    box: str
    label_en: str
    label_ar: str
    amount: MoneyText
    adjustment: MoneyText
    vat: MoneyText


class VatReturnOut(Out):
    first: date
    last: date
    sales: list[VatBoxOut]
    total_amount: MoneyText
    total_adjustment: MoneyText
    total_vat: MoneyText
    purchases: list[VatBoxOut]
    purchases_amount: MoneyText
    purchases_adjustment: MoneyText
    purchases_vat: MoneyText
    net_vat_due: MoneyText = Field(description="Below zero: what we get back.")
    documents: int


class StatementLineOut(Out):
    on: date
    document_type: str = Field(examples=["invoicing.invoice"])
    document_id: UUID | None
    number: str
    kind: str = Field(examples=["invoice"], description="The kind of the journal entry.")
    reference: str
    due_on: date | None
    debit: MoneyText
    credit: MoneyText
    balance: MoneyText


class StatementOut(Out):
    party_id: UUID
    first: date
    last: date
    opening: MoneyText
    lines: list[StatementLineOut]
    closing: MoneyText
    buckets: AgeingBuckets


def payment_state(invoice: Any) -> str:
    """One word for how far an invoice is answered; "overdue" is for the reader's day to decide."""
    if invoice.state != InvoiceState.POSTED:
        return "none"
    if invoice.credited and invoice.credited >= invoice.charged:
        return "credited"
    if invoice.settled >= invoice.payable:
        return "paid"
    return "part_paid" if invoice.settled else "unpaid"


def invoice_links(invoice: Any) -> list[dict[str, Any]]:
    """What it was made from, then what it corrects, then what corrects it."""
    links = []
    if invoice.source_id is not None:
        link = {"type": invoice.source_type, "id": invoice.source_id}
        links.append({**link, "number": invoice.source_number})
    related = [invoice.original] if invoice.original else []
    for other in [*related, *invoice.corrections.order_by("id")]:
        link = {"type": "invoicing.invoice", "id": other.pk, "number": other.number}
        links.append({**link, "state": other.state})
    return links


def next_invoice_commands(invoice: Any) -> list[str]:
    """What the state allows, the sensible one first."""
    if invoice.is_draft:
        return ["post", "discard"]
    if not invoice.is_posted or invoice.kind == Kind.ADVANCE:
        return []
    is_open = invoice.open_amount > 0
    if invoice.kind == Kind.CREDIT_NOTE:
        return ["net"] if is_open else []
    commands = ["pay"] if is_open else []
    if invoice.kind == Kind.INVOICE:
        if invoice.credited < invoice.charged:
            commands.append("credit")
        commands.append("debit")
    return [*commands, "write_off"] if is_open else commands


def permitted(commands: Iterable[str], rights: Mapping[str, str], context: Any) -> list[str]:
    """Those commands that the person who asks may give."""
    held = context["request"].permissions
    return [name for name in commands if allows(held, rights[name])]
