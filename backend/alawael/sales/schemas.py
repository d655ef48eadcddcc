from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from ninja import Field

from alawael.core.schemas import Day, In, Moment, MoneyText, Out, QuantityText
from alawael.core.sight import SeenOnly
from alawael.invoicing.document import VatCategory
from alawael.invoicing.schemas import AdvanceUseIn
from alawael.sales.models import (
    CogsTiming,
    CreditLimitAction,
    CustomerReturnState,
    ReservationPolicy,
    ReturnSettlement,
    SalesOrderState,
    ShipmentState,
)
from alawael.sales.statuses import InvoicePolicy, SalesBilling, SalesDelivery, SalesPayment

MOST_LINES = 1000
SalesCurrency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["SAR"])]
SomeQuantity = Annotated[QuantityText, Field(gt=0)]
NoDebt = Annotated[QuantityText, Field(ge=0)]
SalesPercent = Annotated[QuantityText, Field(ge=0, le=100)]
SalesAmount = Annotated[MoneyText, Field(ge=0)]
SalesReason = Annotated[str, Field(min_length=1, max_length=300)]


class SalesOrderLineIn(In):
    """A line. What is left out is taken from the product and the price lists."""

    product_id: UUID
    unit_id: UUID | None = Field(None, description="Left out: the stock unit.")
    quantity: SomeQuantity = Field(examples=["12"])
    unit_price: NoDebt | None = Field(None, description="For one of the unit, as the order says.")
    discount: SalesAmount | None = Field(None, description="Off the whole line.")
    discount_percent: SalesPercent | None = Field(None, description="Wins over `discount`.")
    name_en: str | None = Field(None, max_length=300)
    name_ar: str | None = Field(None, max_length=300)
    tax_category: VatCategory | None = None
    tax_rate: SalesPercent | None = None
    exemption_code: str | None = Field(None, max_length=40)
    exemption_reason_en: str | None = Field(None, max_length=300)
    exemption_reason_ar: str | None = Field(None, max_length=300)


class SalesOrderIn(In):
    customer_id: UUID
    warehouse_id: UUID
    ordered_on: Day | None = Field(None, description="The day of the prices; left out: today.")
    expires_on: Day | None = None
    promised_on: Day | None = None
    currency: SalesCurrency = "SAR"
    exchange_rate: SomeQuantity = Decimal(1)
    prices_include_vat: bool = False
    is_export: bool = False
    invoice_policy: InvoicePolicy | None = Field(None, description="Left out: as the company does.")
    reference: str = Field("", max_length=120)
    notes_en: str = Field("", max_length=2000)
    notes_ar: str = Field("", max_length=2000)
    discount_percent: SalesPercent | None = Field(
        None, description="Off the whole order: off every line without a discount of its own."
    )
    lines: list[SalesOrderLineIn] = Field(min_length=1, max_length=MOST_LINES)


class SalesOrderChange(In):
    """Only what is sent changes; `lines` replaces all lines."""

    customer_id: UUID | None = None
    warehouse_id: UUID | None = None
    ordered_on: Day | None = None
    expires_on: Day | None = None
    promised_on: Day | None = None
    currency: SalesCurrency | None = None
    exchange_rate: SomeQuantity | None = None
    prices_include_vat: bool | None = None
    is_export: bool | None = None
    invoice_policy: InvoicePolicy | None = None
    reference: str | None = Field(None, max_length=120)
    notes_en: str | None = Field(None, max_length=2000)
    notes_ar: str | None = Field(None, max_length=2000)
    discount_percent: SalesPercent | None = Field(
        None, description="With `lines`: off every line without a discount of its own."
    )
    lines: list[SalesOrderLineIn] | None = Field(None, min_length=1, max_length=MOST_LINES)


class QuoteIn(In):
    expires_on: Day | None = Field(None, description="Left out: by the company's setting.")


class SalesReasonIn(In):
    reason: SalesReason


class SalesOptionalReasonIn(In):
    reason: str = Field("", max_length=300)


class ReserveSalesOrderIn(In):
    line_ids: list[UUID] | None = Field(None, max_length=MOST_LINES, description="Left out: all.")
    partly: bool = Field(True, description="Set aside what there is, even if it is not all.")


class ReleaseSalesOrderIn(In):
    line_ids: list[UUID] | None = Field(None, max_length=MOST_LINES, description="Left out: all.")


class AmendedLineIn(In):
    line_id: UUID
    quantity: SomeQuantity | None = Field(None, description="In the unit of the line.")
    unit_price: NoDebt | None = None
    discount: SalesAmount | None = None
    discount_percent: SalesPercent | None = None


class AmendSalesOrderIn(In):
    lines: list[AmendedLineIn] = Field([], max_length=MOST_LINES)
    new_lines: list[SalesOrderLineIn] = Field([], max_length=MOST_LINES)
    promised_on: Day | None = None
    reference: str | None = Field(None, max_length=120)


class ShortCloseSalesLineIn(In):
    line_id: UUID
    reason: SalesReason


class CloseSalesOrderIn(In):
    accept_short_close: bool = Field(False, description="Give up what is still to be shipped.")
    reason: str = Field("", max_length=300)


class SalesQuantityIn(In):
    """So many stock units of an order line."""

    order_line_id: UUID
    quantity: SomeQuantity


class InvoiceSalesOrderIn(In):
    lines: list[SalesQuantityIn] | None = Field(
        None, min_length=1, max_length=MOST_LINES, description="Left out: everything that is due."
    )
    advances: list[AdvanceUseIn] = Field(
        [], max_length=50, description="Advance invoices that are taken off it."
    )


class InvoiceShipmentIn(In):
    advances: list[AdvanceUseIn] = Field(
        [], max_length=50, description="Advance invoices that are taken off it."
    )


class SalesLinkOut(Out):
    """A document that hangs together with this one."""

    type: str = Field(examples=["shipment"])
    id: UUID
    number: str | None
    state: str


#: Those that whoever asks may open.
SalesLinks = Annotated[list[SalesLinkOut], SeenOnly("document_id")]


class SalesOrderRow(Out):
    """An order or quotation in a list."""

    id: UUID
    version: int
    number: str | None = Field(examples=["SO-000001"])
    state: SalesOrderState
    on_hold: bool
    customer_id: UUID
    customer_name_en: str
    customer_name_ar: str
    warehouse_id: UUID
    warehouse_code: str = Field(alias="warehouse.code")
    ordered_on: date
    expires_on: date | None
    promised_on: date | None
    currency: str
    net: MoneyText
    vat: MoneyText
    total: MoneyText
    total_base: MoneyText
    delivery_status: SalesDelivery
    billing_status: SalesBilling
    payment_status: SalesPayment
    revision: int
    reference: str


class SalesOrderLineOut(Out):
    """A line; all quantities but `quantity` are in stock units."""

    id: UUID
    version: int
    position: int
    product_id: UUID
    kind: str
    sku: str
    name_en: str
    name_ar: str
    unit_id: UUID
    unit_en: str
    unit_ar: str
    quantity: QuantityText = Field(description="As typed, in `unit_id`.")
    stock_unit_id: UUID
    unit_price: QuantityText
    discount_percent: QuantityText
    discount: MoneyText
    tax_category: VatCategory
    tax_rate: QuantityText
    exemption_code: str
    exemption_reason_en: str
    exemption_reason_ar: str
    net: MoneyText
    vat: MoneyText
    ordered: QuantityText
    short_closed: QuantityText
    short_close_reason: str
    reserved: QuantityText
    planned: QuantityText = Field(description="On shipments that have not left yet.")
    shipped: QuantityText
    returned: QuantityText
    returned_undecided: QuantityText
    returned_refund: QuantityText
    returned_replace: QuantityText
    invoiced: QuantityText
    credited: QuantityText
    open_to_ship: QuantityText
    open_to_bill: QuantityText = Field(description="Below zero: a credit note is due.")


class SalesOrderOut(SalesOrderRow):
    hold_reason: str
    exchange_rate: QuantityText
    prices_include_vat: bool
    is_export: bool
    invoice_policy: InvoicePolicy
    notes_en: str
    notes_ar: str
    reason: str
    approval_reasons: list[str] = Field(examples=[["amount", "credit_limit"]])
    created_at: Moment
    created_by: UUID
    confirmed_at: Moment | None
    submitted_by: UUID | None
    approved_by: UUID | None
    lines: list[SalesOrderLineOut]
    links: SalesLinks
    next_commands: list[str] = Field(description="What state and rights allow, best first.")


class SalesInvoiceOut(Out):
    """The invoice or note that was issued."""

    id: UUID
    number: str
    kind: str
    net: MoneyText
    vat: MoneyText
    total: MoneyText


class ShipmentLineIn(In):
    """So many stock units of an order line."""

    order_line_id: UUID
    quantity: SomeQuantity


class ShipmentIn(In):
    order_id: UUID
    lines: list[ShipmentLineIn] | None = Field(
        None, min_length=1, max_length=MOST_LINES, description="Left out: everything open."
    )
    only_reserved: bool = Field(False, description="Without lines: only what the order holds.")
    planned_on: Day | None = None
    carrier: str = Field("", max_length=120)
    notes: str = Field("", max_length=2000)


class ShipmentChange(In):
    planned_on: Day | None = None
    carrier: str | None = Field(None, max_length=120)
    tracking_number: str | None = Field(None, max_length=120)
    freight_cost: SalesAmount | None = None
    notes: str | None = Field(None, max_length=2000)


class ReadyShipmentIn(In):
    partly: bool = Field(False, description="What is short stays open on the order.")


class ShipmentPartIn(In):
    line_id: UUID
    quantity: SomeQuantity


class SplitShipmentIn(In):
    parts: list[ShipmentPartIn] = Field(min_length=1, max_length=MOST_LINES)


class PickIn(In):
    line_id: UUID
    quantity: SomeQuantity
    lot_id: UUID | None = None
    location_id: UUID | None = None


class PickShipmentIn(In):
    picks: list[PickIn] | None = Field(
        None, max_length=MOST_LINES, description="Left out: all, as it is reserved."
    )


class ShipIn(In):
    on: Day | None = Field(None, description="Left out: today.")


class ConfirmDeliveryIn(In):
    on: Day | None = Field(None, description="Left out: today.")
    proof: str = Field("", max_length=300)


class ReverseShipmentIn(In):
    reason: SalesReason
    on: Day | None = Field(None, description="Left out: today.")


class ShipmentRow(Out):
    """A shipment in a list."""

    id: UUID
    version: int
    number: str | None = Field(examples=["SHP-000001"])
    state: ShipmentState
    order_id: UUID
    order_number: str | None = Field(alias="order.number")
    customer_id: UUID
    customer_name_en: str
    customer_name_ar: str
    warehouse_id: UUID
    warehouse_code: str = Field(alias="warehouse.code")
    planned_on: date | None
    shipped_on: date | None
    delivered_on: date | None
    carrier: str
    tracking_number: str


class ShipmentPickOut(Out):
    """Where goods of a line stand that are set aside for it."""

    location_id: UUID
    location_code: str
    lot_id: UUID | None
    lot_code: str | None
    expires_on: date | None
    quantity: QuantityText


class ShipmentLineOut(Out):
    id: UUID
    position: int
    order_line_id: UUID
    product_id: UUID
    sku: str
    name_en: str
    name_ar: str
    stock_unit_id: UUID = Field(alias="stock_unit.pk")
    stock_unit_en: str = Field(alias="stock_unit.name_en")
    stock_unit_ar: str = Field(alias="stock_unit.name_ar")
    quantity: QuantityText
    picked: QuantityText
    returned: QuantityText
    picks: list[ShipmentPickOut]


class ShipmentOut(ShipmentRow):
    freight_cost: MoneyText
    notes: str
    reason: str
    delivery_proof: str
    entry_id: UUID | None
    created_at: Moment
    lines: list[ShipmentLineOut]
    links: SalesLinks
    next_commands: list[str]


class CustomerReturnLineIn(In):
    shipment_line_id: UUID
    quantity: SomeQuantity
    reason: str = Field("", max_length=300)
    lot_id: UUID | None = Field(None, description="Left out: as it was shipped.")


class CustomerReturnIn(In):
    order_id: UUID
    reason: str = Field("", max_length=300)
    notes: str = Field("", max_length=2000)
    lines: list[CustomerReturnLineIn] = Field(min_length=1, max_length=MOST_LINES)


class ReceiveReturnIn(In):
    on: Day | None = Field(None, description="Left out: today.")


class VerdictIn(In):
    line_id: UUID
    settlement: ReturnSettlement
    restocked: NoDebt = Decimal(0)
    scrapped: NoDebt = Decimal(0)
    reason: str = Field("", max_length=300, description="Needed for “neither”.")


class InspectReturnIn(In):
    lines: list[VerdictIn] = Field(min_length=1, max_length=MOST_LINES)
    location_id: UUID | None = Field(None, description="Where restocked goods go.")
    on: Day | None = Field(None, description="Left out: today.")


class CreditReturnIn(In):
    notes_en: str = Field("", max_length=2000)
    notes_ar: str = Field("", max_length=2000)


class CustomerReturnRow(Out):
    """A return in a list."""

    id: UUID
    version: int
    number: str | None = Field(examples=["RET-000001"])
    state: CustomerReturnState
    order_id: UUID
    order_number: str | None = Field(alias="order.number")
    customer_id: UUID
    customer_name_en: str
    customer_name_ar: str
    warehouse_id: UUID
    reason: str
    received_on: date | None
    created_at: Moment


class CustomerReturnLineOut(Out):
    id: UUID
    position: int
    shipment_line_id: UUID
    order_line_id: UUID
    product_id: UUID
    sku: str
    name_en: str
    name_ar: str
    stock_unit_id: UUID = Field(alias="stock_unit.pk")
    stock_unit_en: str = Field(alias="stock_unit.name_en")
    stock_unit_ar: str = Field(alias="stock_unit.name_ar")
    lot_id: UUID | None
    lot_code: str | None
    quantity: QuantityText
    reason: str
    restocked: QuantityText
    scrapped: QuantityText
    settlement: ReturnSettlement
    settlement_reason: str
    credited: QuantityText


class CustomerReturnOut(CustomerReturnRow):
    notes: str
    entry_id: UUID | None
    lines: list[CustomerReturnLineOut]
    links: SalesLinks
    next_commands: list[str]


class SalesSettingsOut(Out):
    version: int
    invoice_policy: InvoicePolicy
    reservation_policy: ReservationPolicy
    credit_limit_action: CreditLimitAction
    approve_above: MoneyText | None
    approve_discount_above: QuantityText | None
    quote_valid_days: int
    needs_picking: bool
    needs_packing: bool
    over_delivery_percent: QuantityText
    cogs_timing: CogsTiming
    closes_by_itself: bool


class SalesSettingsChange(In):
    """Only what is sent changes."""

    invoice_policy: InvoicePolicy | None = None
    reservation_policy: ReservationPolicy | None = None
    credit_limit_action: CreditLimitAction | None = None
    approve_above: SalesAmount | None = Field(None, description="null: no amount needs approval.")
    approve_discount_above: SalesPercent | None = Field(
        None, description="null: no discount needs approval."
    )
    quote_valid_days: int | None = Field(None, ge=0, le=3650)
    needs_picking: bool | None = None
    needs_packing: bool | None = None
    over_delivery_percent: SalesPercent | None = None
    cogs_timing: CogsTiming | None = None
    closes_by_itself: bool | None = None


class ArrivalOut(Out):
    """Goods that a document will bring, in stock units."""

    warehouse_id: UUID
    quantity: QuantityText
    on: date | None = Field(description="The promised day; null when nobody said.")
    document_type: str = Field(examples=["purchasing.purchaseorder"])
    document_id: UUID
    document_number: str = Field(examples=["PO-000001"])


class SalesAvailabilityOut(Out):
    """What can be promised of a product, in stock units."""

    product_id: UUID
    warehouse_id: UUID | None
    free: QuantityText
    incoming: QuantityText
    is_enough: bool = Field(description="Whether what is free covers the quantity.")
    available_on: date | None = Field(
        description="The earliest day for the whole quantity, after what confirmed orders still "
        "wait for; null when nobody knows."
    )
    arrivals: list[ArrivalOut] = Field(description="What comes next, the earliest first.")


class BackorderOut(Out):
    """An order line that lacks stock, in stock units."""

    order_id: UUID = Field(alias="order.pk")
    order_number: str | None = Field(alias="order.number")
    customer_id: UUID = Field(alias="order.customer_id")
    customer_name_en: str = Field(alias="order.customer_name_en")
    customer_name_ar: str = Field(alias="order.customer_name_ar")
    warehouse_id: UUID = Field(alias="order.warehouse_id")
    ordered_on: date = Field(alias="order.ordered_on")
    promised_on: date | None = Field(alias="order.promised_on")
    line_id: UUID = Field(alias="line.pk")
    product_id: UUID = Field(alias="line.product_id")
    sku: str = Field(alias="line.sku")
    name_en: str = Field(alias="line.name_en")
    name_ar: str = Field(alias="line.name_ar")
    open: QuantityText
    reserved: QuantityText
    missing: QuantityText
    free: QuantityText


class BackordersOut(Out):
    items: list[BackorderOut]
    next: UUID | None = Field(description="`after` for the next page; null on the last one.")


class CreditExposureOut(Out):
    """How much a customer owes and will owe, in riyals."""

    limit: MoneyText | None
    receivable: MoneyText
    promised: MoneyText
    total: MoneyText
    is_exceeded: bool
