"""Suppliers' bills as the API speaks of them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from ninja import Field

from alawael.core.schemas import Day, In, Links, Moment, MoneyText, Out, QuantityText
from alawael.invoicing.document import VatCategory
from alawael.invoicing.models import Bill, BillKind, BillState, VatTreatment
from alawael.invoicing.schemas import MOST_LINES, Currency, NotNegative, WriteOffOut, permitted

#: What each command needs besides the right state.
BILL_RIGHTS = {
    "post": "bill:post",
    "match": "bill:match",
    "approve": "bill:approve",
    "edit": "bill:edit",
    "dispute": "bill:edit",
    "settle_dispute": "bill:edit",
    "reopen": "bill:edit",
    "void": "bill:delete",
    "pay": "payment:create",
    "debit": "bill:create",
    "reverse": "bill:reverse",
    "write_off": "bill:write_off",
}

Positive = Annotated[QuantityText, Field(gt=0)]


class BillLineIn(In):
    """A line as it stands on the supplier's paper."""

    product_id: UUID | None = None
    name_en: str | None = Field(None, max_length=300)
    name_ar: str | None = Field(None, max_length=300)
    unit_id: UUID | None = None
    quantity: Positive = Field(examples=["12"])
    unit_price: Annotated[QuantityText, Field(ge=0)] = Field(examples=["8.5"])
    discount: NotNegative = Decimal("0.00")
    tax_category: VatCategory | None = None
    tax_rate: Annotated[QuantityText, Field(ge=0, le=100)] | None = None
    is_tax_only: bool = Field(False, description="Only the VAT is owed, as on a customs bill.")
    account_id: UUID | None = Field(None, description="What it is spent on.")
    source_line_id: UUID | None = Field(None, description="The line of the receipt or order.")


class BillIn(In):
    supplier_id: UUID
    kind: BillKind = BillKind.BILL
    supplier_number: str = Field(min_length=1, max_length=60, examples=["INV-2026-118"])
    issued_on: Day = Field(description="The day on the supplier's paper.")
    due_on: Day | None = Field(None, description="Left out: by the supplier's payment terms.")
    currency: Currency = "SAR"
    exchange_rate: Positive = Decimal(1)
    prices_include_vat: bool = False
    vat_treatment: VatTreatment = VatTreatment.DOMESTIC
    rounding: MoneyText = Decimal("0.00")
    reference: str = Field("", max_length=120)
    notes: str = Field("", max_length=2000)
    lines: list[BillLineIn] = Field(min_length=1, max_length=MOST_LINES)


class BillChange(In):
    """Only what is sent changes; `lines` replaces all lines."""

    supplier_id: UUID | None = None
    supplier_number: str | None = Field(None, min_length=1, max_length=60)
    issued_on: Day | None = None
    due_on: Day | None = None
    currency: Currency | None = None
    exchange_rate: Positive | None = None
    prices_include_vat: bool | None = None
    vat_treatment: VatTreatment | None = None
    rounding: MoneyText | None = None
    reference: str | None = Field(None, max_length=120)
    notes: str | None = Field(None, max_length=2000)
    lines: list[BillLineIn] | None = Field(None, min_length=1, max_length=MOST_LINES)


class PostBillIn(In):
    on: Day | None = Field(None, description="Left out: the day on the supplier's paper.")


class BillReasonIn(In):
    reason: str = Field(min_length=1, max_length=300)


class ReverseBillIn(BillReasonIn):
    on: Day | None = Field(None, description="Left out: today.")


class DebitLineIn(In):
    line_id: UUID
    quantity: Positive = Field(examples=["2"])
    unit_price: Annotated[QuantityText, Field(ge=0)] | None = Field(
        None, description="Only when less than the billed price is given back."
    )


class DebitNoteIn(BillReasonIn):
    supplier_number: str = Field(min_length=1, max_length=60)
    issued_on: Day
    lines: list[DebitLineIn] | None = Field(
        None, max_length=MOST_LINES, description="Left out: everything that is left."
    )


class BillRow(Out):
    """A bill or note of a supplier in a list."""

    id: UUID
    version: int
    kind: BillKind
    state: BillState
    number: str | None = Field(examples=["BILL-000001"])
    supplier_number: str
    supplier_id: UUID
    supplier_name_en: str
    supplier_name_ar: str
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
    source_type: str
    source_id: UUID | None
    source_number: str

    @staticmethod
    def resolve_payment_state(bill: Any) -> str:
        return bill_payment_state(bill)


class BillLineOut(Out):
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
    is_tax_only: bool
    net: MoneyText
    vat: MoneyText
    net_base: MoneyText
    account_id: UUID | None
    account_code: str | None = Field(None, alias="account.code")
    account_name_en: str | None = Field(None, alias="account.name_en")
    account_name_ar: str | None = Field(None, alias="account.name_ar")
    source_line_id: UUID | None
    credited: QuantityText


class BillTaxOut(Out):
    category: VatCategory
    rate: QuantityText
    taxable: MoneyText
    vat: MoneyText


class BillOut(BillRow):
    booked_on: date | None
    exchange_rate: QuantityText
    prices_include_vat: bool
    vat_treatment: VatTreatment
    rounding: MoneyText
    net_base: MoneyText
    settled: MoneyText
    credited: MoneyText
    notes: str
    reason: str
    original_id: UUID | None
    original_number: str | None = Field(None, alias="original.number")
    entry_id: UUID | None
    created_at: Moment
    posted_at: Moment | None
    lines: list[BillLineOut]
    taxes: list[BillTaxOut]
    write_offs: list[WriteOffOut]
    links: Links
    next_commands: list[str] = Field(examples=[["post", "void"]])

    @staticmethod
    def resolve_lines(bill: Any) -> list[Any]:
        return list(bill.lines.select_related("account").order_by("position"))

    @staticmethod
    def resolve_taxes(bill: Any) -> list[Any]:
        return list(bill.taxes.order_by("category", "-rate"))

    @staticmethod
    def resolve_write_offs(bill: Any) -> list[Any]:
        return list(bill.write_offs.order_by("id"))

    @staticmethod
    def resolve_links(bill: Any) -> list[dict[str, Any]]:
        return bill_links(bill)

    @staticmethod
    def resolve_next_commands(bill: Any, context: Any) -> list[str]:
        return permitted(next_bill_commands(bill), BILL_RIGHTS, context)


def bill_payment_state(bill: Bill) -> str:
    """One word for how far a bill is answered; "overdue" is for the reader's day to decide."""
    if not bill.is_posted:
        return "none"
    if bill.credited and bill.credited >= bill.payable:
        return "credited"
    if bill.settled >= bill.payable:
        return "paid"
    return "part_paid" if bill.settled else "unpaid"


def bill_links(bill: Bill) -> list[dict[str, Any]]:
    """What it was made from, then what it corrects, then what corrects it."""
    links = []
    if bill.source_id is not None:
        links.append({"type": bill.source_type, "id": bill.source_id, "number": bill.source_number})
    related = [bill.original] if bill.original else []
    for other in [*related, *bill.corrections.order_by("id")]:
        links.append(
            {"type": "invoicing.bill", "id": other.pk, "number": other.number, "state": other.state}
        )
    return links


def next_bill_commands(bill: Bill) -> list[str]:
    """What the state allows, the sensible one first."""
    is_free = not bill.is_of_an_order
    if bill.state == BillState.DRAFT:
        # A note answers lines of its bill; another amount is another note.
        edit = [] if bill.is_note else ["edit"]
        return ["post", *edit, "dispute", "void"] if is_free else ["match", *edit, "void"]
    if bill.state == BillState.MATCHED:
        return ["post", "dispute", "reopen"]
    if bill.state == BillState.DISPUTED:
        return ["settle_dispute", "reopen"]
    if bill.state != BillState.POSTED:
        return []
    is_open = bill.open_amount > 0
    commands = ["pay"] if is_open and not bill.is_note else []
    if not bill.is_note and bill.credited < bill.payable:
        commands.append("debit")
    if not bill.settled and not bill.credited:
        commands.append("reverse")
    return [*commands, "write_off"] if is_open and not bill.is_note else commands
