from decimal import Decimal

from django.db import models
from django.db.models import Q

from alawael.catalog.models import Product, ProductKind, TaxCategory, Unit
from alawael.core.fields import MoneyField, QuantityField, Record
from alawael.core.money import ZERO
from alawael.ledger.models import JournalEntry
from alawael.parties.models import Party
from alawael.sales.statuses import InvoicePolicy, LineFigures, SalesBilling, SalesDelivery
from alawael.stock.models import Lot, Warehouse

NOTHING = Decimal(0)


class SalesOrderState(models.TextChoices):
    DRAFT = "draft"
    QUOTED = "quoted"
    PENDING_APPROVAL = "pending_approval"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    #: A quotation whose last day has passed.
    EXPIRED = "expired"


class ReservationPolicy(models.TextChoices):
    ON_CONFIRM = "on_confirm"
    MANUAL = "manual"


class CreditLimitAction(models.TextChoices):
    """What happens to an order that would take a customer beyond the credit limit."""

    REFUSE = "refuse"
    #: It waits for somebody who may approve.
    APPROVE = "approve"


class CogsTiming(models.TextChoices):
    """When goods that were delivered become cost of sales."""

    SHIPMENT = "shipment"
    INVOICE = "invoice"


class ShipmentState(models.TextChoices):
    DRAFT = "draft"
    #: Everything on it is reserved.
    READY = "ready"
    PICKED = "picked"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REVERSED = "reversed"


#: The goods are still here and planned for it.
SHIPMENT_OPEN = (
    ShipmentState.DRAFT,
    ShipmentState.READY,
    ShipmentState.PICKED,
    ShipmentState.PACKED,
)


class CustomerReturnState(models.TextChoices):
    DRAFT = "draft"
    APPROVED = "approved"
    RECEIVED = "received"
    INSPECTED = "inspected"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class ReturnSettlement(models.TextChoices):
    """What the customer gets for what came back."""

    UNDECIDED = "undecided"
    REFUND = "refund"
    REPLACE = "replace"
    #: Neither money nor goods; the reason is kept.
    NEITHER = "neither"


class SalesSettings(Record):
    """How the company sells: one row."""

    key = models.CharField(max_length=10, unique=True, default="main")
    invoice_policy = models.CharField(
        max_length=9,
        choices=[(policy.value, policy.value) for policy in InvoicePolicy],
        default=InvoicePolicy.DELIVERED.value,
    )
    reservation_policy = models.CharField(
        max_length=10, choices=ReservationPolicy, default=ReservationPolicy.ON_CONFIRM
    )
    credit_limit_action = models.CharField(
        max_length=7, choices=CreditLimitAction, default=CreditLimitAction.REFUSE
    )
    #: Orders above this total (riyals, with VAT) need somebody else's approval; null: none does.
    approve_above = MoneyField(null=True)
    #: So do discounts above this percentage of a line.
    approve_discount_above = QuantityField(null=True)
    quote_valid_days = models.PositiveIntegerField(default=30)
    needs_picking = models.BooleanField(default=False)
    needs_packing = models.BooleanField(default=False)
    #: How much more than ordered may be shipped, in percent.
    over_delivery_percent = QuantityField(default=NOTHING)
    cogs_timing = models.CharField(max_length=8, choices=CogsTiming, default=CogsTiming.SHIPMENT)
    #: An order that is delivered and billed closes by itself.
    closes_by_itself = models.BooleanField(default=True)
    #: Moves on whenever a credit limit was asked, so that two orders at once cannot both fit.
    limit_turn = models.PositiveBigIntegerField(default=0)


class SalesOrder(Record):
    """A promise to a customer. It never posts to the ledger."""

    #: Given when it leaves the draft: SO-000001.
    number = models.CharField(max_length=40, null=True, unique=True)
    state = models.CharField(max_length=16, choices=SalesOrderState, default=SalesOrderState.DRAFT)
    #: Blocks reserving and shipping, nothing else.
    on_hold = models.BooleanField(default=False)
    hold_reason = models.CharField(max_length=300, default="")
    customer = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    customer_name_en = models.CharField(max_length=200, default="")
    customer_name_ar = models.CharField(max_length=200, default="")
    #: Where it is shipped from.
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    #: The day of the prices.
    ordered_on = models.DateField()
    expires_on = models.DateField(null=True)
    promised_on = models.DateField(null=True)
    currency = models.CharField(max_length=3, default="SAR")
    #: Riyals for one unit of the currency.
    exchange_rate = QuantityField(default=Decimal(1))
    prices_include_vat = models.BooleanField(default=False)
    is_export = models.BooleanField(default=False)
    invoice_policy = models.CharField(
        max_length=9, choices=[(policy.value, policy.value) for policy in InvoicePolicy]
    )
    #: Which version of the promise this is; amending starts the next one.
    revision = models.PositiveIntegerField(default=1)
    #: The customer's own number for it.
    reference = models.CharField(max_length=120, default="")
    notes_en = models.TextField(default="")
    notes_ar = models.TextField(default="")
    #: Why it was lost, cancelled, rejected or closed early.
    reason = models.CharField(max_length=300, default="")
    #: Which rules asked for an approval: "amount", "discount", "credit_limit".
    approval_reasons = models.JSONField(default=list)

    net = MoneyField(default=ZERO)
    vat = MoneyField(default=ZERO)
    total = MoneyField(default=ZERO)
    #: In riyals.
    total_base = MoneyField(default=ZERO)
    #: The worst lines' progress, as `statuses` derives it; kept for lists.
    delivery_status = models.CharField(
        max_length=4,
        choices=[(status.value, status.value) for status in SalesDelivery],
        default=SalesDelivery.NONE.value,
    )
    billing_status = models.CharField(
        max_length=15,
        choices=[(status.value, status.value) for status in SalesBilling],
        default=SalesBilling.NOTHING_TO_BILL.value,
    )

    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    confirmed_at = models.DateTimeField(null=True)
    #: Who asked for the approval, and who gave it.
    submitted_by = models.UUIDField(null=True)
    approved_by = models.UUIDField(null=True)
    search_text = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["state", "ordered_on"], name="sales_orders_by_state"),
            models.Index(fields=["customer", "state"], name="sales_orders_of_a_customer"),
            models.Index(fields=["ordered_on", "id"], name="sales_orders_by_day"),
            models.Index(fields=["customer_name_en", "id"], name="sales_orders_by_customer"),
            models.Index(fields=["total_base", "id"], name="sales_orders_by_total"),
            models.Index(fields=["promised_on", "id"], name="sales_orders_by_promise"),
        ]
        constraints = [
            # A draft may have a number (a renewed quotation); whatever was promised has one.
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(number__isnull=False),
                name="promised_orders_are_numbered",
            ),
        ]

    @property
    def is_confirmed(self) -> bool:
        return self.state == SalesOrderState.CONFIRMED

    @property
    def is_editable(self) -> bool:
        return self.state in (SalesOrderState.DRAFT, SalesOrderState.QUOTED)


class SalesOrderLine(Record):
    """What was promised of one product, and how far it has come; counted in stock units."""

    order = models.ForeignKey(SalesOrder, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=ProductKind, default=ProductKind.GOODS)
    sku = models.CharField(max_length=80, default="")
    name_en = models.CharField(max_length=300, default="")
    name_ar = models.CharField(max_length=300, default="")
    #: As it was typed: so many of this unit.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit_en = models.CharField(max_length=60, default="")
    unit_ar = models.CharField(max_length=60, default="")
    quantity = QuantityField()
    #: One of the typed unit is numerator/denominator stock units, as it was when typed.
    numerator = models.PositiveBigIntegerField(default=1)
    denominator = models.PositiveBigIntegerField(default=1)
    stock_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit_price = QuantityField()
    #: Of the gross amount, in percent; 0 when an amount was typed.
    discount_percent = QuantityField(default=NOTHING)
    #: The amount off the whole line.
    discount = MoneyField(default=ZERO)
    tax_category = models.CharField(max_length=1, choices=TaxCategory)
    tax_rate = QuantityField()
    exemption_code = models.CharField(max_length=40, default="")
    exemption_reason_en = models.CharField(max_length=300, default="")
    exemption_reason_ar = models.CharField(max_length=300, default="")
    net = MoneyField(default=ZERO)
    vat = MoneyField(default=ZERO)
    promised_on = models.DateField(null=True)

    ordered = QuantityField()
    short_closed = QuantityField(default=NOTHING)
    short_close_reason = models.CharField(max_length=300, default="")
    shipped = QuantityField(default=NOTHING)
    returned_undecided = QuantityField(default=NOTHING)
    returned_refund = QuantityField(default=NOTHING)
    returned_replace = QuantityField(default=NOTHING)
    #: Came back for neither money nor goods: part of returned_refund, credited with nothing.
    waived = QuantityField(default=NOTHING)
    invoiced = QuantityField(default=NOTHING)
    #: Riyals that what is with the customer cost us, and the part already in cost of sales.
    cost_delivered = MoneyField(default=ZERO)
    cost_recognised = MoneyField(default=ZERO)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="one_order_line_per_place"),
            models.CheckConstraint(condition=Q(ordered__gt=0), name="order_lines_order_something"),
        ]
        indexes = [models.Index(fields=["product", "order"], name="order_lines_of_a_product")]

    @property
    def is_goods(self) -> bool:
        return self.kind == ProductKind.GOODS

    def figures(self, credited: Decimal = NOTHING) -> LineFigures:
        """The quantities that statuses are derived from; `credited` as invoicing says."""
        return LineFigures(
            ordered=self.ordered,
            short_closed=self.short_closed,
            shipped=self.shipped,
            returned_undecided=self.returned_undecided,
            returned_refund=self.returned_refund,
            returned_replace=self.returned_replace,
            invoiced=self.invoiced,
            credited=credited + self.waived,
            is_goods=self.is_goods,
        )

    @property
    def open_to_ship(self) -> Decimal:
        return max(self.figures().open_to_ship, NOTHING)


class Shipment(Record):
    """Goods on their way from a warehouse to a customer."""

    asked_by = ("order_id",)

    #: Given when it leaves the draft: SHP-000001.
    number = models.CharField(max_length=40, null=True, unique=True)
    state = models.CharField(max_length=9, choices=ShipmentState, default=ShipmentState.DRAFT)
    order = models.ForeignKey(SalesOrder, on_delete=models.PROTECT, related_name="shipments")
    customer = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    customer_name_en = models.CharField(max_length=200, default="")
    customer_name_ar = models.CharField(max_length=200, default="")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    planned_on = models.DateField(null=True)
    shipped_on = models.DateField(null=True)
    delivered_on = models.DateField(null=True)
    #: Who signed for it, or what shows that it arrived.
    delivery_proof = models.CharField(max_length=300, default="")
    carrier = models.CharField(max_length=120, default="")
    tracking_number = models.CharField(max_length=120, default="")
    #: What the carrier asks for it, in riyals; for information.
    freight_cost = MoneyField(default=ZERO)
    notes = models.TextField(default="")
    reason = models.CharField(max_length=300, default="")
    split_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    #: What the goods cost us, in riyals; fixed when shipped.
    value = MoneyField(default=ZERO)
    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    search_text = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["state", "planned_on"], name="shipments_by_state"),
            models.Index(fields=["customer", "state"], name="shipments_of_a_customer"),
            models.Index(fields=["shipped_on", "id"], name="shipments_by_day"),
            models.Index(fields=["planned_on", "id"], name="shipments_by_plan"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(number__isnull=False),
                name="ready_shipments_are_numbered",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in SHIPMENT_OPEN


class ShipmentLine(Record):
    asked_by = ("order_line_id",)

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    order_line = models.ForeignKey(
        SalesOrderLine, on_delete=models.PROTECT, related_name="shipment_lines"
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    #: In stock units: what is planned, then what was shipped.
    quantity = QuantityField()
    picked = QuantityField(default=NOTHING)
    #: What came back of it.
    returned = QuantityField(default=NOTHING)
    value = MoneyField(default=ZERO)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "position"], name="one_shipment_line_per_place"
            ),
        ]


class CustomerReturn(Record):
    """Goods that a customer sends back."""

    asked_by = ("order_id",)

    #: Given when it is approved: RET-000001.
    number = models.CharField(max_length=40, null=True, unique=True)
    state = models.CharField(
        max_length=9, choices=CustomerReturnState, default=CustomerReturnState.DRAFT
    )
    order = models.ForeignKey(SalesOrder, on_delete=models.PROTECT, related_name="returns")
    customer = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    customer_name_en = models.CharField(max_length=200, default="")
    customer_name_ar = models.CharField(max_length=200, default="")
    #: Where it comes back to.
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, default="")
    notes = models.TextField(default="")
    received_on = models.DateField(null=True)
    #: What the goods had cost us, in riyals; fixed when received.
    value = MoneyField(default=ZERO)
    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    search_text = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["state", "created_at"], name="customer_returns_by_state"),
            models.Index(fields=["customer", "state"], name="returns_of_a_customer"),
        ]


class CustomerReturnLine(Record):
    customer_return = models.ForeignKey(
        CustomerReturn, on_delete=models.CASCADE, related_name="lines"
    )
    position = models.PositiveIntegerField()
    shipment_line = models.ForeignKey(ShipmentLine, on_delete=models.PROTECT, related_name="+")
    order_line = models.ForeignKey(SalesOrderLine, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    #: Which lot came back; null: as it was shipped.
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    #: In stock units.
    quantity = QuantityField()
    reason = models.CharField(max_length=300, default="")
    restocked = QuantityField(default=NOTHING)
    scrapped = QuantityField(default=NOTHING)
    settlement = models.CharField(
        max_length=9, choices=ReturnSettlement, default=ReturnSettlement.UNDECIDED
    )
    settlement_reason = models.CharField(max_length=300, default="")
    #: How much of it a credit note has given back.
    credited = QuantityField(default=NOTHING)
    value = MoneyField(default=ZERO)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer_return", "position"], name="one_return_line_per_place"
            ),
        ]
