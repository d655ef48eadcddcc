from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from ninja import Field

from alawael.core.paging import ListQuery
from alawael.core.schemas import (
    CostMoney,
    CostQuantity,
    Day,
    In,
    Links,
    Moment,
    MoneyText,
    Out,
    Patch,
    QuantityText,
)
from alawael.invoicing.document import VatCategory
from alawael.purchasing.models import (
    BillCheckState,
    BillingProgress,
    CostSplit,
    EnquiryState,
    PurchaseOrderState,
    ReceiptProgress,
    ReceiptState,
    RequisitionState,
    SupplierReturnState,
    SupplierSettlement,
)

MOST_LINES = 500
PurchaseCurrency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["SAR"])]
PurchaseQuantity = Annotated[QuantityText, Field(gt=0)]
PurchasePrice = Annotated[QuantityText, Field(ge=0)]
PurchasePercent = Annotated[QuantityText, Field(ge=0, le=100)]
PurchaseReason = Annotated[str, Field(min_length=1, max_length=300)]


def _rows(related: Any) -> list[Any]:
    """Related rows, whether of a row itself or of its sheet (reading.py)."""
    return related if isinstance(related, list) else list(related.all())


class PurchasingReasonIn(In):
    reason: PurchaseReason


class PurchasingSettingsIn(In):
    """Only what is sent changes."""

    approval_above: MoneyText | None = Field(
        None, description="Orders above this total (riyals) need approval; null: none do."
    )
    growth_percent: PurchasePercent = Decimal(0)
    over_receipt_percent: PurchasePercent = Decimal(0)
    price_percent: PurchasePercent = Decimal(0)
    quantity_percent: PurchasePercent = Decimal(0)


class PurchasingSettingsPatch(Patch, PurchasingSettingsIn):
    pass


class PurchasingSettingsOut(Out):
    version: int
    approval_above: MoneyText | None
    growth_percent: QuantityText
    over_receipt_percent: QuantityText
    price_percent: QuantityText
    quantity_percent: QuantityText


# Supplier products


class SupplierProductIn(In):
    supplier_id: UUID
    product_id: UUID
    supplier_sku: str = Field("", max_length=80)
    unit_id: UUID | None = Field(None, description="Left out: the product's stock unit.")
    min_quantity: PurchasePrice = Field(Decimal(0), description="The price holds from here on.")
    price: PurchasePrice = Field(description="For one unit, without VAT.")
    currency: PurchaseCurrency = "SAR"
    lead_time_days: int = Field(0, ge=0, le=3650)
    is_preferred: bool = False
    is_active: bool = True


class SupplierProductPatch(Patch):
    supplier_sku: str = Field("", max_length=80)
    unit_id: UUID | None = None
    min_quantity: PurchasePrice = Decimal(0)
    price: PurchasePrice = Decimal(0)
    currency: PurchaseCurrency = "SAR"
    lead_time_days: int = Field(0, ge=0, le=3650)
    is_preferred: bool = False
    is_active: bool = True


class SupplierProductOut(Out):
    id: UUID
    version: int
    supplier_id: UUID
    supplier_name_en: str = Field(alias="supplier.name_en")
    supplier_name_ar: str = Field(alias="supplier.name_ar")
    product_id: UUID
    sku: str = Field(alias="product.sku")
    name_en: str = Field(alias="product.name_en")
    name_ar: str = Field(alias="product.name_ar")
    supplier_sku: str
    unit_id: UUID
    unit_en: str = Field(alias="unit.name_en")
    unit_ar: str = Field(alias="unit.name_ar")
    min_quantity: QuantityText
    price: CostQuantity
    currency: str
    lead_time_days: int
    is_preferred: bool
    is_active: bool


class SupplierProductQuery(ListQuery):
    supplier_id: UUID | None = None
    product_id: UUID | None = None
    is_active: bool | None = None


# Requisitions


class RequisitionLineIn(In):
    product_id: UUID | None = None
    name_en: str | None = Field(None, max_length=300)
    name_ar: str | None = Field(None, max_length=300)
    unit_id: UUID | None = None
    quantity: PurchaseQuantity
    supplier_id: UUID | None = Field(None, description="Whom to ask first.")


class RequisitionIn(In):
    warehouse_id: UUID | None = None
    needed_on: Day | None = None
    notes: str = Field("", max_length=2000)
    lines: list[RequisitionLineIn] = Field(min_length=1, max_length=MOST_LINES)


class ShortGoodsIn(In):
    """Goods that run low somewhere, and how much of them to ask for."""

    product_id: UUID
    warehouse_id: UUID
    quantity: PurchaseQuantity
    supplier_id: UUID | None = Field(None, description="Whom to ask first.")


class RequisitionsIn(In):
    lines: list[ShortGoodsIn] = Field(min_length=1, max_length=MOST_LINES)


class RequisitionPatch(Patch):
    warehouse_id: UUID | None = None
    needed_on: Day | None = None
    notes: str = Field("", max_length=2000)
    lines: list[RequisitionLineIn] = Field([], min_length=1, max_length=MOST_LINES)


class RequisitionLineOut(Out):
    id: UUID
    position: int
    product_id: UUID | None
    sku: str
    name_en: str
    name_ar: str
    unit_id: UUID | None
    typed_quantity: QuantityText = Field(description="As it was entered, in the unit.")
    quantity: QuantityText = Field(description="In stock units, as are the next two.")
    ordered: QuantityText
    received: QuantityText
    supplier_id: UUID | None


class RequisitionRow(Out):
    id: UUID
    version: int
    number: str | None = Field(examples=["PR-000001"])
    state: RequisitionState
    warehouse_id: UUID | None
    warehouse_code: str | None = Field(None, alias="warehouse.code")
    needed_on: date | None
    is_automatic: bool
    created_at: Moment
    created_by: UUID
    created_by_name: str
    line_count: int
    ordered_percent: int = Field(description="How much of what is asked for is ordered, 0 to 100.")

    @staticmethod
    def resolve_line_count(requisition: Any) -> int:
        return len(requisition.lines.all())

    @staticmethod
    def resolve_ordered_percent(requisition: Any) -> int:
        lines = requisition.lines.all()
        if not lines:
            return 0
        shares = [min(Decimal(1), line.ordered / line.quantity) for line in lines]
        return int(sum(shares, Decimal(0)) / len(lines) * 100)


class RequisitionOut(RequisitionRow):
    notes: str
    reason: str
    submitted_by: UUID | None
    approved_by: UUID | None
    lines: list[RequisitionLineOut]
    links: Links
    next_commands: list[str] = Field(description="What state and rights allow, best first.")

    @staticmethod
    def resolve_lines(requisition: Any) -> list[Any]:
        return sorted(requisition.lines.all(), key=lambda line: line.position)


class RequisitionChoiceIn(In):
    line_id: UUID
    supplier_id: UUID | None = None


class OrderRequisitionIn(In):
    lines: list[RequisitionChoiceIn] | None = Field(
        None, min_length=1, max_length=MOST_LINES, description="Left out: everything open."
    )


class RequisitionQuery(ListQuery):
    state: RequisitionState | None = None
    warehouse_id: UUID | None = None
    product_id: UUID | None = None
    is_automatic: bool | None = None
    needed_from: Day | None = None
    needed_to: Day | None = None


# Enquiries


class EnquiryLineIn(In):
    product_id: UUID | None = None
    name_en: str | None = Field(None, max_length=300)
    name_ar: str | None = Field(None, max_length=300)
    unit_id: UUID | None = None
    quantity: PurchaseQuantity
    requisition_line_id: UUID | None = None


class EnquiryIn(In):
    warehouse_id: UUID | None = None
    answer_by: Day | None = None
    needed_on: Day | None = None
    notes: str = Field("", max_length=2000)
    lines: list[EnquiryLineIn] = Field(min_length=1, max_length=MOST_LINES)
    supplier_ids: list[UUID] = Field(min_length=1, max_length=50)


class EnquiryPatch(Patch):
    warehouse_id: UUID | None = None
    answer_by: Day | None = None
    needed_on: Day | None = None
    notes: str = Field("", max_length=2000)
    lines: list[EnquiryLineIn] = Field([], min_length=1, max_length=MOST_LINES)
    supplier_ids: list[UUID] = Field([], min_length=1, max_length=50)


class QuotedPriceIn(In):
    line_id: UUID
    price: PurchasePrice | None = Field(description="Without VAT; null takes the price away.")
    lead_time_days: int | None = Field(None, ge=0, le=3650)
    note: str = Field("", max_length=300)


class SupplierAnswerIn(In):
    """What a supplier answered; for each line its price."""

    supplier_id: UUID
    reference: str | None = Field(None, max_length=120)
    valid_until: Day | None = None
    currency: PurchaseCurrency | None = None
    exchange_rate: PurchaseQuantity | None = None
    has_declined: bool = False
    prices: list[QuotedPriceIn] = Field([], max_length=MOST_LINES)


class EnquiryAwardIn(In):
    line_id: UUID
    supplier_id: UUID


class AwardEnquiryIn(In):
    """Line by line, or everything that is left to one supplier."""

    awards: list[EnquiryAwardIn] = Field([], max_length=MOST_LINES)
    supplier_id: UUID | None = None


class ComparedQuoteOut(Out):
    supplier_id: UUID
    price: CostQuantity
    currency: str
    total: CostMoney
    total_base: CostMoney = Field(description="In riyals, without VAT.")
    lead_time_days: int | None
    note: str
    is_cheapest: bool
    is_fastest: bool


class EnquiryLineOut(Out):
    id: UUID
    position: int
    product_id: UUID | None
    sku: str
    name_en: str
    name_ar: str
    unit_id: UUID | None
    quantity: QuantityText = Field(alias="typed_quantity")
    requisition_line_id: UUID | None
    awarded_to_id: UUID | None
    quotes: list[ComparedQuoteOut]


class EnquirySupplierOut(Out):
    supplier_id: UUID
    name_en: str = Field(alias="supplier.name_en")
    name_ar: str = Field(alias="supplier.name_ar")
    has_declined: bool
    quoted_on: date | None
    reference: str
    valid_until: date | None
    currency: str
    exchange_rate: QuantityText


class EnquiryRow(Out):
    id: UUID
    version: int
    number: str | None = Field(examples=["RFQ-000001"])
    state: EnquiryState
    warehouse_id: UUID | None
    answer_by: date | None
    needed_on: date | None
    created_at: Moment
    line_count: int
    supplier_count: int
    answer_count: int

    @staticmethod
    def resolve_line_count(enquiry: Any) -> int:
        return len(_rows(enquiry.lines))

    @staticmethod
    def resolve_supplier_count(enquiry: Any) -> int:
        return len(_rows(enquiry.suppliers))

    @staticmethod
    def resolve_answer_count(enquiry: Any) -> int:
        return len([head for head in _rows(enquiry.suppliers) if head.quoted_on])


class EnquiryOut(EnquiryRow):
    notes: str
    reason: str
    lines: list[EnquiryLineOut]
    suppliers: list[EnquirySupplierOut]
    links: Links
    next_commands: list[str] = Field(description="What state and rights allow, best first.")


class EnquiryQuery(ListQuery):
    state: EnquiryState | None = None
    warehouse_id: UUID | None = None
    supplier_id: UUID | None = None
    answer_from: Day | None = None
    answer_to: Day | None = None


# Orders


class PurchaseOrderLineIn(In):
    """A line. What is left out is taken from the product and the supplier's prices."""

    product_id: UUID | None = None
    name_en: str | None = Field(None, max_length=300)
    name_ar: str | None = Field(None, max_length=300)
    supplier_sku: str | None = Field(None, max_length=80)
    unit_id: UUID | None = Field(None, description="Left out: the product's stock unit.")
    quantity: PurchaseQuantity
    unit_price: PurchasePrice | None = Field(None, description="For one unit, without VAT.")
    discount: Annotated[MoneyText, Field(ge=0)] = Field(
        Decimal(0), description="Off the whole line."
    )
    tax_category: VatCategory | None = None
    tax_rate: PurchasePercent | None = None
    account_id: UUID | None = Field(None, description="What a service or an expense costs.")
    expected_on: Day | None = None


class PurchaseOrderIn(In):
    supplier_id: UUID
    warehouse_id: UUID | None = None
    ordered_on: Day | None = None
    expected_on: Day | None = None
    currency: PurchaseCurrency | None = Field(None, description="Left out: the supplier's.")
    exchange_rate: PurchaseQuantity = Decimal(1)
    reference: str = Field("", max_length=120)
    notes_en: str = Field("", max_length=2000)
    notes_ar: str = Field("", max_length=2000)
    lines: list[PurchaseOrderLineIn] = Field(min_length=1, max_length=MOST_LINES)


class PurchaseOrderChange(Patch):
    supplier_id: UUID | None = None
    warehouse_id: UUID | None = None
    ordered_on: Day = date(2026, 1, 1)
    expected_on: Day | None = None
    currency: PurchaseCurrency = "SAR"
    exchange_rate: PurchaseQuantity = Decimal(1)
    reference: str = Field("", max_length=120)
    notes_en: str = Field("", max_length=2000)
    notes_ar: str = Field("", max_length=2000)
    lines: list[PurchaseOrderLineIn] = Field([], min_length=1, max_length=MOST_LINES)


class PurchaseLineAmendmentIn(In):
    line_id: UUID
    quantity: PurchaseQuantity | None = Field(None, description="In the unit of the line.")
    unit_price: PurchasePrice | None = None
    discount: MoneyText | None = None
    expected_on: Day | None = None


class AmendPurchaseOrderIn(In):
    lines: list[PurchaseLineAmendmentIn] = Field([], max_length=MOST_LINES)
    new_lines: list[PurchaseOrderLineIn] = Field([], max_length=MOST_LINES)
    expected_on: Day | None = None
    reference: str | None = Field(None, max_length=120)
    notes_en: str | None = Field(None, max_length=2000)
    notes_ar: str | None = Field(None, max_length=2000)


class ShortClosePurchaseLineIn(In):
    line_id: UUID
    reason: PurchaseReason


class ClosePurchaseOrderIn(In):
    reason: str = Field("", max_length=300)
    short_close_rest: bool = Field(False, description="Wait no longer for what is open.")


class PurchaseOrderLineOut(Out):
    id: UUID
    position: int
    product_id: UUID | None
    is_goods: bool
    account_id: UUID | None
    sku: str
    supplier_sku: str
    name_en: str
    name_ar: str
    unit_id: UUID | None
    unit_en: str
    unit_ar: str
    typed_quantity: QuantityText = Field(description="As it was entered, in the unit.")
    unit_price: CostQuantity
    discount: CostMoney
    tax_category: VatCategory
    tax_rate: QuantityText
    net: CostMoney
    vat: CostMoney
    expected_on: date | None
    requisition_line_id: UUID | None
    quantity: QuantityText = Field(description="In stock units, as are all that follow.")
    short_closed: QuantityText
    received: QuantityText
    returned_refund: QuantityText
    returned_replace: QuantityText
    billed: QuantityText
    debited: QuantityText
    open_to_receive: QuantityText
    open_to_bill: QuantityText


class PurchaseOrderRow(Out):
    id: UUID
    version: int
    number: str | None = Field(examples=["PO-000001"])
    state: PurchaseOrderState
    on_hold: bool
    supplier_id: UUID
    supplier_name_en: str
    supplier_name_ar: str
    warehouse_id: UUID | None
    warehouse_code: str | None = Field(None, alias="warehouse.code")
    ordered_on: date
    expected_on: date | None
    currency: str
    net: CostMoney
    total: CostMoney
    total_base: CostMoney = Field(description="In riyals.")
    reference: str
    revision: int
    receipt_progress: ReceiptProgress
    billing_progress: BillingProgress


class PurchaseOrderOut(PurchaseOrderRow):
    reason: str
    exchange_rate: QuantityText
    vat: CostMoney
    notes_en: str
    notes_ar: str
    enquiry_id: UUID | None
    created_at: Moment
    created_by: UUID
    submitted_by: UUID | None
    approved_by: UUID | None
    sent_at: Moment | None
    payment_progress: str = Field(examples=["unpaid"], description="From its bills; or none.")
    lines: list[PurchaseOrderLineOut]
    links: Links
    next_commands: list[str] = Field(description="What state and rights allow, best first.")


class PurchaseOrderQuery(ListQuery):
    state: PurchaseOrderState | None = None
    supplier_id: UUID | None = None
    warehouse_id: UUID | None = None
    ordered_from: Day | None = None
    ordered_to: Day | None = None
    expected_from: Day | None = None
    expected_to: Day | None = None
    receipt_progress: ReceiptProgress | None = None
    billing_progress: BillingProgress | None = None
    is_to_receive: bool | None = Field(None, description="Open, and not everything came.")
    is_late: bool | None = Field(None, description="To receive, and past its expected day.")
    on_hold: bool | None = None


# Receipts


class ReceiptLineIn(In):
    order_line_id: UUID
    quantity: PurchaseQuantity
    unit_id: UUID | None = Field(None, description="Left out: the unit of the order line.")
    lot_code: str = Field("", max_length=80, description="The lot or serial number.")
    expires_on: Day | None = None
    location_id: UUID | None = Field(None, description="Left out: the warehouse itself.")


class ReceiptIn(In):
    order_id: UUID
    warehouse_id: UUID | None = Field(None, description="Left out: the order's.")
    received_on: Day | None = Field(None, description="Left out: today.")
    exchange_rate: PurchaseQuantity | None = Field(None, description="Left out: the order's.")
    delivery_note: str = Field("", max_length=120)
    notes: str = Field("", max_length=2000)
    lines: list[ReceiptLineIn] | None = Field(
        None, min_length=1, max_length=MOST_LINES, description="Left out: everything open."
    )


class ReceiptPatch(Patch):
    warehouse_id: UUID = UUID(int=0)
    received_on: Day = date(2026, 1, 1)
    exchange_rate: PurchaseQuantity = Decimal(1)
    delivery_note: str = Field("", max_length=120)
    notes: str = Field("", max_length=2000)
    lines: list[ReceiptLineIn] = Field([], min_length=1, max_length=MOST_LINES)


class InspectionIn(In):
    line_id: UUID
    accepted: Annotated[QuantityText, Field(ge=0)]
    rejected: Annotated[QuantityText, Field(ge=0)] = Decimal(0)


class DecideReceiptIn(In):
    """In stock units; a line that is left out is accepted wholly."""

    lines: list[InspectionIn] = Field([], max_length=MOST_LINES)


class LandedCostIn(In):
    amount: Annotated[MoneyText, Field(gt=0)] = Field(description="In riyals.")
    split: CostSplit = CostSplit.VALUE
    description: str = Field("", max_length=300)
    on: Day | None = Field(None, description="Left out: today.")


class LandedCostOut(Out):
    id: UUID
    number: str
    description: str
    split: CostSplit
    amount: CostMoney
    posted_on: date
    on_hand: CostMoney = Field(description="The part on goods that were still here.")
    gone: CostMoney

    @staticmethod
    def resolve_on_hand(cost: Any) -> Decimal:
        return sum((line.on_hand for line in cost.lines.all()), Decimal(0))

    @staticmethod
    def resolve_gone(cost: Any) -> Decimal:
        return sum((line.gone for line in cost.lines.all()), Decimal(0))


class ReceiptLineOut(Out):
    id: UUID
    position: int
    order_line_id: UUID
    product_id: UUID
    sku: str = Field(alias="order_line.sku")
    name_en: str = Field(alias="order_line.name_en")
    name_ar: str = Field(alias="order_line.name_ar")
    unit_id: UUID
    unit_en: str = Field(alias="unit.name_en")
    unit_ar: str = Field(alias="unit.name_ar")
    typed_quantity: QuantityText
    quantity: QuantityText = Field(description="In stock units, as are those that follow.")
    lot_code: str
    expires_on: date | None
    location_id: UUID | None
    location_code: str | None = Field(None, alias="location.code")
    is_inspected: bool
    accepted: QuantityText
    rejected: QuantityText
    returned: QuantityText
    billed: QuantityText
    value: CostMoney = Field(description="What it came in for, in riyals.")
    tracking: str = Field(examples=["lot"], description="Whether a lot or serial is asked for.")
    has_expiry: bool


class ReceiptRow(Out):
    id: UUID
    version: int
    number: str | None = Field(examples=["GR-000001"])
    state: ReceiptState
    order_id: UUID
    order_number: str | None = Field(None, alias="order.number")
    supplier_id: UUID
    supplier_name_en: str
    supplier_name_ar: str
    warehouse_id: UUID
    warehouse_code: str = Field(alias="warehouse.code")
    received_on: date
    delivery_note: str
    value: CostMoney = Field(description="In riyals.")


class ReceiptOut(ReceiptRow):
    exchange_rate: QuantityText
    notes: str
    reason: str
    entry_id: UUID | None
    reversal_entry_id: UUID | None
    created_at: Moment
    created_by: UUID
    posted_at: Moment | None
    posted_by: UUID | None
    lines: list[ReceiptLineOut]
    landed_costs: list[LandedCostOut]
    links: Links
    next_commands: list[str] = Field(description="What state and rights allow, best first.")


class ReceiptQuery(ListQuery):
    state: ReceiptState | None = None
    supplier_id: UUID | None = None
    warehouse_id: UUID | None = None
    order_id: UUID | None = None
    received_from: Day | None = None
    received_to: Day | None = None


# Returns


class SupplierReturnLineIn(In):
    receipt_line_id: UUID
    quantity: PurchaseQuantity = Field(description="In stock units.")
    settlement: SupplierSettlement = SupplierSettlement.REFUND
    location_id: UUID | None = Field(None, description="Left out: where the receipt put it.")


class SupplierReturnIn(In):
    receipt_id: UUID
    reason: PurchaseReason
    returned_on: Day | None = Field(None, description="Left out: today.")
    notes: str = Field("", max_length=2000)
    lines: list[SupplierReturnLineIn] | None = Field(
        None, min_length=1, max_length=MOST_LINES, description="Left out: what was rejected."
    )


class SupplierReturnPatch(Patch):
    reason: PurchaseReason = "…"
    returned_on: Day = date(2026, 1, 1)
    notes: str = Field("", max_length=2000)
    lines: list[SupplierReturnLineIn] = Field([], min_length=1, max_length=MOST_LINES)


class SupplierReturnLineOut(Out):
    id: UUID
    position: int
    receipt_line_id: UUID
    product_id: UUID = Field(alias="receipt_line.product_id")
    sku: str = Field(alias="receipt_line.order_line.sku")
    name_en: str = Field(alias="receipt_line.order_line.name_en")
    name_ar: str = Field(alias="receipt_line.order_line.name_ar")
    lot_code: str = Field(alias="receipt_line.lot_code")
    quantity: QuantityText
    settlement: SupplierSettlement
    location_id: UUID | None
    value: CostMoney


class SupplierReturnRow(Out):
    id: UUID
    version: int
    number: str | None = Field(examples=["SR-000001"])
    state: SupplierReturnState
    receipt_id: UUID
    receipt_number: str | None = Field(None, alias="receipt.number")
    order_id: UUID
    order_number: str | None = Field(None, alias="order.number")
    supplier_id: UUID
    supplier_name_en: str
    supplier_name_ar: str
    warehouse_id: UUID
    warehouse_code: str = Field(alias="warehouse.code")
    returned_on: date
    reason: str
    value: CostMoney


class SupplierReturnOut(SupplierReturnRow):
    notes: str
    entry_id: UUID | None
    created_at: Moment
    created_by: UUID
    posted_by: UUID | None
    lines: list[SupplierReturnLineOut]
    links: Links
    next_commands: list[str] = Field(description="What state and rights allow, best first.")


class SupplierReturnQuery(ListQuery):
    state: SupplierReturnState | None = None
    supplier_id: UUID | None = None
    warehouse_id: UUID | None = None
    order_id: UUID | None = None
    returned_from: Day | None = None
    returned_to: Day | None = None


class SupplierNoteIn(In):
    """The paper of the note that answers a return."""

    supplier_number: Annotated[str, Field(min_length=1, max_length=60)]
    issued_on: Day | None = Field(None, description="Left out: today.")


# Bills of orders


class OrderBillLineIn(In):
    """A line of the supplier's paper; `order_line_id` may also name a receipt line."""

    order_line_id: UUID | None = None
    quantity: PurchaseQuantity
    unit_price: PurchasePrice
    product_id: UUID | None = None
    name_en: str | None = Field(None, max_length=300)
    name_ar: str | None = Field(None, max_length=300)
    unit_id: UUID | None = None
    discount: Annotated[MoneyText, Field(ge=0)] = Decimal(0)
    tax_category: VatCategory | None = None
    tax_rate: PurchasePercent | None = None
    account_id: UUID | None = None


class OrderBillIn(In):
    supplier_number: Annotated[str, Field(min_length=1, max_length=60)]
    issued_on: Day
    due_on: Day | None = None
    exchange_rate: PurchaseQuantity | None = Field(None, description="Left out: the order's.")
    reference: str | None = Field(None, max_length=120)
    notes: str | None = Field(None, max_length=2000)
    lines: list[OrderBillLineIn] | None = Field(
        None,
        min_length=1,
        max_length=MOST_LINES,
        description="Left out: what came and is not billed, as it was ordered.",
    )


class PostOrderBillIn(In):
    on: Day | None = Field(None, description="The day in the books; left out: the bill's own.")


class BillDifferenceOut(Out):
    line_id: UUID
    position: int
    code: str = Field(examples=["price"])
    message_en: str
    message_ar: str


class BillAllocationOut(Out):
    """What a posted bill line paid for; riyals, and stock units."""

    bill_line_id: UUID
    order_line_id: UUID
    receipt_line_id: UUID | None
    quantity: QuantityText
    amount: MoneyText
    cost: MoneyText
    on_hand: MoneyText
    gone: MoneyText
    exchange: MoneyText


class BillMatchLineOut(Out):
    """A bill line beside what was ordered and received; quantities in stock units."""

    line_id: UUID
    position: int
    sku: str
    name_en: str
    name_ar: str
    unit_en: str
    unit_ar: str
    order_line_id: UUID | None = Field(description="Null: it stands on no order.")
    order_id: UUID | None
    order_number: str | None
    is_goods: bool
    ordered: QuantityText | None
    received: QuantityText | None = Field(description="Came and stayed.")
    billed_before: QuantityText | None = Field(description="By other bills, less what they gave.")
    billed: QuantityText
    agreed_price: QuantityText | None
    billed_price: QuantityText
    agreed_net: MoneyText | None = Field(description="For the billed quantity.")
    billed_net: MoneyText
    differs: list[str] = Field(examples=[["price", "quantity"]])


class BillCheckOut(Out):
    """How a bill compares to order and receipts; until it is posted, as they are now."""

    bill_id: UUID
    bill_version: int
    bill_state: str
    state: BillCheckState | None = Field(description="Null before it was matched.")
    differences: list[BillDifferenceOut]
    reason: str
    approved_by: UUID | None
    price_percent: QuantityText
    quantity_percent: QuantityText
    lines: list[BillMatchLineOut]
    allocations: list[BillAllocationOut]
    links: Links = Field(description="The receipts of what is billed.")
    next_commands: list[str] = Field(examples=[["match", "edit", "void"]])


# Reports


class UnbilledLineOut(Out):
    supplier_id: UUID
    supplier_name_en: str
    supplier_name_ar: str
    order_id: UUID
    order_number: str
    receipt_id: UUID | None
    receipt_number: str | None
    received_on: date | None
    sku: str
    name_en: str
    name_ar: str
    quantity: QuantityText
    value: MoneyText


class GoodsReceivedNotBilledOut(Out):
    """Below zero: billed before it came, or the supplier owes a note."""

    rows: list[UnbilledLineOut]
    total: MoneyText
    ledger_balance: MoneyText = Field(description="What the account shows; equals the total.")
