from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from ninja import Field

from alawael.accounts.permissions import allows
from alawael.core.money import ZERO
from alawael.core.schemas import Day, In, Links, Moment, MoneyText, Out, QuantityText
from alawael.invoicing.document import VatCategory
from alawael.invoicing.models import Bill, Invoice
from alawael.ledger.models import LedgerRole
from alawael.parties.schemas import BankAccountOut
from alawael.payments.models import (
    BOUNCING,
    ChargeKind,
    Payment,
    PaymentKind,
    PaymentMethod,
    PaymentSide,
    PaymentState,
    StatementFormat,
)
from alawael.payments.queries import suggest_parties

MOST_ALLOCATIONS = 500
Amount = Annotated[MoneyText, Field(gt=0)]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["SAR"])]


class PaymentIn(In):
    kind: PaymentKind
    side: PaymentSide | None = Field(
        None, description="Left out: receipts come from customers, payments go to suppliers."
    )
    party_id: UUID
    method: PaymentMethod
    account_id: UUID = Field(description="The bank or cash account.")
    amount: Amount = Field(examples=["690.00"])
    paid_on: Day
    currency: CurrencyCode = "SAR"
    exchange_rate: Annotated[QuantityText, Field(gt=0)] = Decimal(1)
    bank_account_id: UUID | None = Field(
        None, description="The account of the party that it is sent to."
    )
    reference: str = Field("", max_length=120)
    notes: str = Field("", max_length=2000)


class PaymentChange(In):
    """Only what is sent changes."""

    party_id: UUID | None = None
    method: PaymentMethod | None = None
    account_id: UUID | None = None
    bank_account_id: UUID | None = None
    amount: Amount | None = None
    paid_on: Day | None = None
    currency: CurrencyCode | None = None
    exchange_rate: Annotated[QuantityText, Field(gt=0)] | None = None
    reference: str | None = Field(None, max_length=120)
    notes: str | None = Field(None, max_length=2000)


class AllocationIn(In):
    document_id: UUID = Field(description="The invoice or bill that is answered.")
    amount: Amount | None = Field(None, description="Left out: as much as possible.")


class PostPaymentIn(In):
    allocations: list[AllocationIn] = Field([], max_length=MOST_ALLOCATIONS)


class AllocateIn(In):
    allocations: list[AllocationIn] = Field(min_length=1, max_length=MOST_ALLOCATIONS)
    on: Day | None = Field(None, description="Left out: today.")


class PostAdvanceIn(In):
    """What the money is for: the line of the advance tax invoice."""

    name_en: str = Field("", max_length=300)
    name_ar: str = Field(min_length=1, max_length=300)
    tax_category: VatCategory = VatCategory.STANDARD
    tax_rate: Annotated[QuantityText, Field(ge=0, le=100)] | None = None
    exemption_code: str | None = Field(None, max_length=40)
    exemption_reason_en: str | None = Field(None, max_length=300)
    exemption_reason_ar: str | None = Field(None, max_length=300)


class RefundIn(In):
    amount: Amount
    method: PaymentMethod
    account_id: UUID
    on: Day | None = Field(None, description="Left out: today.")
    reference: str = Field("", max_length=120)


class PaymentDayIn(In):
    on: Day | None = Field(None, description="Left out: today.")


class TakeBackIn(PaymentDayIn):
    reason: str = Field(min_length=1, max_length=300)


class BounceIn(TakeBackIn):
    fee: Annotated[MoneyText, Field(ge=0)] = Field(ZERO, description="Riyals.")


class PaymentRow(Out):
    """A receipt or payment in a list."""

    id: UUID
    version: int
    kind: PaymentKind
    side: PaymentSide
    state: PaymentState
    method: PaymentMethod
    number: str | None = Field(examples=["RCT-000001"])
    party_id: UUID
    party_name_en: str
    party_name_ar: str
    account_id: UUID
    account_code: str = Field(alias="account.code")
    account_name_en: str = Field(alias="account.name_en")
    account_name_ar: str = Field(alias="account.name_ar")
    paid_on: date
    currency: str
    amount: MoneyText
    amount_base: MoneyText
    unallocated: MoneyText
    allocation_state: str = Field(examples=["part"])
    is_advance: bool
    is_matched: bool
    reference: str


class AllocationOut(Out):
    id: UUID
    payment_id: UUID
    payment_number: str | None = Field(alias="payment.number")
    payment_kind: PaymentKind = Field(alias="payment.kind")
    paid_on: date = Field(alias="payment.paid_on")
    document_type: str = Field(examples=["invoicing.invoice"])
    document_id: UUID
    document_number: str | None
    amount: MoneyText
    document_base: MoneyText
    payment_base: MoneyText
    difference: MoneyText = Field(description="Riyals gained (or, below zero, lost) by the rates.")
    is_active: bool
    allocated_on: date
    removed_on: date | None
    next_commands: list[str] = Field(examples=[["unallocate"]])

    @staticmethod
    def resolve_next_commands(allocation: Any, context: Any) -> list[str]:
        can = allocation.is_active and allocation.payment.is_posted
        return _allowed(["unallocate"] if can else [], context)

    @staticmethod
    def resolve_document_type(allocation: Any) -> str:
        return "invoicing.invoice" if allocation.invoice_id else "invoicing.bill"

    @staticmethod
    def resolve_document_id(allocation: Any) -> UUID:
        found: UUID = allocation.invoice_id or allocation.bill_id
        return found

    @staticmethod
    def resolve_document_number(allocation: Any) -> str | None:
        document = allocation.invoice or allocation.bill
        return document.number if document else None

    @staticmethod
    def resolve_difference(allocation: Any) -> Decimal:
        gained: Decimal = allocation.payment_base - allocation.document_base
        return gained if allocation.payment.is_receipt else -gained


class PaymentOut(PaymentRow):
    exchange_rate: QuantityText
    used: MoneyText
    refunded: MoneyText
    advance_id: UUID | None
    advance_number: str | None = Field(None, alias="advance.number")
    advance_left: MoneyText | None = None
    refunds_id: UUID | None
    cleared_on: date | None
    bank_account: BankAccountOut | None
    notes: str
    reason: str
    entry_id: UUID | None
    bank_statement_id: UUID | None = Field(None, alias="bank_line.statement_id")
    created_at: Moment
    posted_at: Moment | None
    allocations: list[AllocationOut]
    links: Links
    next_commands: list[str] = Field(description="What state and rights allow, best first.")

    @staticmethod
    def resolve_allocations(payment: Any) -> list[Any]:
        return list(payment.allocations.prefetch_related("invoice", "bill").order_by("id"))

    @staticmethod
    def resolve_advance_left(payment: Any) -> Decimal | None:
        return payment.advance.advance_left if payment.advance else None

    @staticmethod
    def resolve_links(payment: Any) -> list[dict[str, Any]]:
        return payment_links(payment)

    @staticmethod
    def resolve_next_commands(payment: Any, context: Any) -> list[str]:
        return _allowed(next_payment_commands(payment), context)


class ProposalOut(Out):
    """A document that a payment may answer, and how much of it is proposed."""

    document_type: str = Field(examples=["invoicing.invoice"])
    document_id: UUID
    kind: str
    number: str | None
    reference: str
    issued_on: date
    due_on: date
    currency: str
    total: MoneyText
    open_amount: MoneyText
    amount: MoneyText


class SuggestionOut(Out):
    proposals: list[ProposalOut]
    left: MoneyText = Field(description="What would wait as an advance.")


class MoneyAccountOut(Out):
    id: UUID
    code: str
    name_en: str
    name_ar: str
    currency: str | None
    role: LedgerRole | None = Field(description="`CASH` or `BANK`: where such money usually goes.")


class BankChargeOut(Out):
    """What a bank took or gave by itself, in riyals; below zero it gave."""

    id: UUID
    kind: ChargeKind
    account_code: str = Field(alias="account.code")
    account_name_en: str = Field(alias="account.name_en")
    account_name_ar: str = Field(alias="account.name_ar")
    net: MoneyText
    vat: MoneyText
    entry_id: UUID


class SuggestedPartyOut(Out):
    id: UUID
    code: str
    name_en: str
    name_ar: str


class BankLineOut(Out):
    id: UUID
    version: int
    position: int
    booked_on: date
    amount: MoneyText = Field(description="Above zero came in, below zero went out.")
    reference: str
    text: str
    counterparty: str
    counterparty_iban: str = Field(
        alias="masked_iban", description="Masked.", examples=["SA•••• 7519"]
    )
    suggested_party: SuggestedPartyOut | None = Field(
        None, description="The party whose bank account that is."
    )
    payment_id: UUID | None
    payment_number: str | None = Field(None, alias="payment.number")
    party_name_en: str | None = Field(None, alias="payment.party_name_en")
    party_name_ar: str | None = Field(None, alias="payment.party_name_ar")
    charge: BankChargeOut | None = Field(description="A fee or interest that it was booked as.")


class BankStatementRow(Out):
    id: UUID
    version: int
    format: StatementFormat
    file_name: str
    reference: str
    account_id: UUID
    account_code: str = Field(alias="account.code")
    account_name_en: str = Field(alias="account.name_en")
    account_name_ar: str = Field(alias="account.name_ar")
    currency: str
    starts_on: date | None
    ends_on: date | None
    opening: MoneyText | None
    closing: MoneyText | None
    line_count: int
    matched: int = Field(description="How many of its lines the books have.")
    created_at: Moment


class BankStatementOut(BankStatementRow):
    lines: list[BankLineOut]

    @staticmethod
    def resolve_lines(statement: Any) -> list[Any]:
        rows = statement.lines.select_related("payment", "charge__account")
        lines = list(rows.order_by("position"))
        suggest_parties(lines)
        return lines


class ImportedStatementOut(Out):
    statement: BankStatementOut
    is_new: bool = Field(description="False when this file was taken in before.")
    lines_known: int = Field(description="Lines that an earlier statement had already.")


class MatchIn(In):
    payment_id: UUID


class MatchProposalOut(Out):
    """A payment that a bank line may be; the likeliest first."""

    payment: PaymentRow
    score: int = Field(description="0 to 100.")
    reasons: list[str] = Field(examples=[["amount", "reference", "party", "day"]])


class LinePaymentIn(In):
    """The payment that a bank line tells of, to be posted and matched at once."""

    party_id: UUID
    side: PaymentSide | None = None
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER
    exchange_rate: Annotated[QuantityText, Field(gt=0)] = Decimal(1)
    allocations: list[AllocationIn] = Field([], max_length=MOST_ALLOCATIONS)


class ChargeIn(In):
    """A bank line of no party, booked as a fee or as interest."""

    kind: ChargeKind
    has_vat: bool = Field(False, description="The amount includes 15 % VAT.")
    account_id: UUID | None = Field(
        None,
        description="Where it goes; otherwise the account of `BANK_CHARGES` or `BANK_INTEREST`.",
    )
    exchange_rate: Annotated[QuantityText, Field(gt=0)] = Decimal(1)


def payment_links(payment: Payment) -> list[dict[str, Any]]:
    """Its advance invoice, what it refunds, what refunds it, and the documents that it answers."""
    documents: list[Invoice | Bill | None] = [payment.advance]
    active = payment.allocations.filter(is_active=True).prefetch_related("invoice", "bill")
    documents += [one.invoice or one.bill for one in active.order_by("id")]
    payments = [payment.refunds] if payment.refunds else []
    found = [*documents, *payments, *payment.refunded_by.order_by("id")]
    return [
        {
            "type": document._meta.label_lower,
            "id": document.pk,
            "number": document.number,
            "state": document.state,
        }
        for document in found
        if document is not None
    ]


def next_payment_commands(payment: Payment) -> list[str]:
    """What the state allows, the sensible one first."""
    if payment.is_draft:
        can_be_advance = payment.is_receipt and payment.side == PaymentSide.CUSTOMER
        return ["post", *(["post_advance"] if can_be_advance else []), "edit", "void"]
    if not payment.is_posted:
        return []
    commands = ["allocate"] if payment.unallocated else []
    is_cheque = payment.is_receipt and payment.method == PaymentMethod.CHEQUE
    if is_cheque and payment.cleared_on is None:
        commands.append("clear")
    has_rest = payment.advance.advance_left if payment.advance else payment.unallocated
    if has_rest and payment.refunds_id is None:
        commands.append("refund")
    # What gave an advance back has a credit note, which stays.
    is_kept = payment.refunds is not None and payment.refunds.is_advance
    if payment.is_matched or payment.refunded or is_kept:
        return commands
    return [*commands, *(["bounce"] if payment.method in BOUNCING else []), "reverse"]


#: What the caller needs to hold for each command.
RIGHTS = {
    "post": "payment:post",
    "post_advance": "payment:post",
    "edit": "payment:edit",
    "void": "payment:delete",
    "allocate": "payment:allocate",
    "unallocate": "payment:allocate",
    "clear": "payment:match",
    "refund": "payment:post",
    "bounce": "payment:reverse",
    "reverse": "payment:reverse",
}


def _allowed(commands: list[str], context: Any) -> list[str]:
    held = context["request"].permissions
    return [name for name in commands if allows(held, RIGHTS[name])]
