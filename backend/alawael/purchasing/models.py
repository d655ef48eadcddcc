from decimal import Decimal

from django.db import models
from django.db.models import Q

from alawael.core.fields import MoneyField, QuantityField, Record, Row
from alawael.core.money import ZERO
from alawael.invoicing.document import RIYAL, VatCategory

NOTHING = Decimal(0)


class RequisitionState(models.TextChoices):
    DRAFT = "draft"
    PENDING_APPROVAL = "pending_approval"
    APPROVED = "approved"
    #: Everything asked for stands on orders; follows from the lines.
    ORDERED = "ordered"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class EnquiryState(models.TextChoices):
    DRAFT = "draft"
    SENT = "sent"
    #: Every line went to a supplier, or the rest was left out on purpose.
    AWARDED = "awarded"
    CANCELLED = "cancelled"


class PurchaseOrderState(models.TextChoices):
    DRAFT = "draft"
    PENDING_APPROVAL = "pending_approval"
    APPROVED = "approved"
    SENT = "sent"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class ReceiptProgress(models.TextChoices):
    """How much of an order has come in."""

    NONE = "none"
    PART = "part"
    FULL = "full"


class BillingProgress(models.TextChoices):
    """How much of what has to be paid for is on bills."""

    NOTHING_TO_BILL = "nothing_to_bill"
    NONE = "none"
    PART = "part"
    FULL = "full"
    OVER_BILLED = "over_billed"


class ReceiptState(models.TextChoices):
    DRAFT = "draft"
    #: Came in, and waits in the quality area for a decision.
    INSPECTION = "inspection"
    POSTED = "posted"
    REVERSED = "reversed"
    CANCELLED = "cancelled"


class SupplierReturnState(models.TextChoices):
    DRAFT = "draft"
    POSTED = "posted"
    CANCELLED = "cancelled"


class SupplierSettlement(models.TextChoices):
    """What we want from the supplier for goods that go back."""

    REFUND = "refund"
    REPLACE = "replace"


class CostSplit(models.TextChoices):
    """By what a landed cost is spread over the lines of a receipt."""

    QUANTITY = "quantity"
    VALUE = "value"
    WEIGHT = "weight"
    VOLUME = "volume"


class BillCheckState(models.TextChoices):
    MATCHED = "matched"
    #: Differs from order or receipt by more than is tolerated; somebody has to agree.
    DIFFERS = "differs"
    APPROVED = "approved"


#: Orders that goods may come in for and bills be posted for.
OPEN_ORDERS = frozenset({PurchaseOrderState.APPROVED, PurchaseOrderState.SENT})


def _categories() -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in VatCategory]


class PurchasingSettings(Record):
    """How the company buys: one row."""

    key = models.CharField(max_length=10, unique=True, default="main")
    #: Orders above this total (riyals, with VAT) need somebody else's approval; null: none do.
    approval_above = MoneyField(null=True)
    #: By how many percent an approved order may grow without another approval.
    growth_percent = QuantityField(default=NOTHING)
    #: How many percent more than ordered may come in.
    over_receipt_percent = QuantityField(default=NOTHING)
    #: By how many percent a bill's price may lie above the order's, and still match.
    price_percent = QuantityField(default=NOTHING)
    #: How many percent more than received a bill may claim, and still match.
    quantity_percent = QuantityField(default=NOTHING)


class SupplierProduct(Record):
    """What a supplier calls a product, and what it costs there from a quantity on."""

    supplier = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+")
    supplier_sku = models.CharField(max_length=80, default="")
    #: What the price and the minimum are for.
    unit = models.ForeignKey("catalog.Unit", on_delete=models.PROTECT, related_name="+")
    min_quantity = QuantityField(default=NOTHING)
    #: For one unit, without VAT.
    price = QuantityField()
    currency = models.CharField(max_length=3, default=RIYAL)
    lead_time_days = models.PositiveIntegerField(default=0)
    #: The supplier that the product is bought from when nobody says otherwise.
    is_preferred = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    search_text = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "product", "unit", "currency", "min_quantity"],
                name="one_supplier_price_per_quantity",
            )
        ]
        indexes = [models.Index(fields=["product", "supplier"], name="suppliers_of_a_product")]


class Requisition(Record):
    """Somebody needs goods; who buys turns it into orders."""

    number = models.CharField(max_length=40, null=True, unique=True)
    state = models.CharField(
        max_length=16, choices=RequisitionState, default=RequisitionState.DRAFT
    )
    warehouse = models.ForeignKey(
        "stock.Warehouse", on_delete=models.PROTECT, null=True, related_name="+"
    )
    needed_on = models.DateField(null=True)
    #: Made by the daily reorder job.
    is_automatic = models.BooleanField(default=False)
    notes = models.TextField(default="")
    #: Why it was rejected, closed or cancelled.
    reason = models.CharField(max_length=300, default="")
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    created_by_name = models.CharField(max_length=200, default="")
    submitted_by = models.UUIDField(null=True)
    approved_by = models.UUIDField(null=True)
    search_text = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="requisitions_by_state")]


class RequisitionLine(Row):
    requisition = models.ForeignKey(Requisition, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey(
        "catalog.Product", on_delete=models.PROTECT, null=True, related_name="+"
    )
    sku = models.CharField(max_length=80, default="")
    name_en = models.CharField(max_length=300, default="")
    name_ar = models.CharField(max_length=300, default="")
    unit = models.ForeignKey("catalog.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    #: As it was typed, in `unit`; and in the product's stock unit.
    typed_quantity = QuantityField()
    quantity = QuantityField()
    #: Whom to ask first.
    supplier = models.ForeignKey(
        "parties.Party", on_delete=models.PROTECT, null=True, related_name="+"
    )
    #: Projections of the order lines made from it, in stock units.
    ordered = QuantityField(default=NOTHING)
    received = QuantityField(default=NOTHING)

    class Meta:
        indexes = [models.Index(fields=["product", "requisition"], name="requisitioned_products")]

    @property
    def open_to_order(self) -> Decimal:
        open_: Decimal = max(NOTHING, self.quantity - self.ordered)
        return open_


class Enquiry(Record):
    """A request for quotation to several suppliers at once."""

    number = models.CharField(max_length=40, null=True, unique=True)
    state = models.CharField(max_length=12, choices=EnquiryState, default=EnquiryState.DRAFT)
    warehouse = models.ForeignKey(
        "stock.Warehouse", on_delete=models.PROTECT, null=True, related_name="+"
    )
    #: Until when suppliers should answer.
    answer_by = models.DateField(null=True)
    needed_on = models.DateField(null=True)
    notes = models.TextField(default="")
    reason = models.CharField(max_length=300, default="")
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    search_text = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="enquiries_by_state")]


class EnquiryLine(Row):
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey(
        "catalog.Product", on_delete=models.PROTECT, null=True, related_name="+"
    )
    sku = models.CharField(max_length=80, default="")
    name_en = models.CharField(max_length=300, default="")
    name_ar = models.CharField(max_length=300, default="")
    unit = models.ForeignKey("catalog.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    typed_quantity = QuantityField()
    requisition_line = models.ForeignKey(
        RequisitionLine, on_delete=models.PROTECT, null=True, related_name="+"
    )
    awarded_to = models.ForeignKey(
        "parties.Party", on_delete=models.PROTECT, null=True, related_name="+"
    )


class EnquirySupplier(Row):
    """A supplier who was asked, and the head of the answer."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="suppliers")
    supplier = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    has_declined = models.BooleanField(default=False)
    quoted_on = models.DateField(null=True)
    #: The number on the supplier's quotation.
    reference = models.CharField(max_length=120, default="")
    valid_until = models.DateField(null=True)
    currency = models.CharField(max_length=3, default=RIYAL)
    exchange_rate = QuantityField(default=Decimal(1))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enquiry", "supplier"], name="asked_once_per_enquiry")
        ]


class SupplierQuote(Row):
    """What one supplier wants for one line."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="quotes")
    line = models.ForeignKey(EnquiryLine, on_delete=models.CASCADE, related_name="quotes")
    supplier = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    #: For one unit of the line, without VAT, in the currency of the supplier's answer.
    price = QuantityField()
    lead_time_days = models.PositiveIntegerField(null=True)
    note = models.CharField(max_length=300, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "supplier"], name="one_quote_per_line")
        ]


class PurchaseOrder(Record):
    """What we order from a supplier. It moves no goods and posts nothing itself."""

    number = models.CharField(max_length=40, null=True, unique=True)
    state = models.CharField(
        max_length=16, choices=PurchaseOrderState, default=PurchaseOrderState.DRAFT
    )
    #: Blocks receipts only.
    on_hold = models.BooleanField(default=False)
    #: Why it was held, rejected, closed or cancelled last.
    reason = models.CharField(max_length=300, default="")
    supplier = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    supplier_name_en = models.CharField(max_length=200, default="")
    supplier_name_ar = models.CharField(max_length=200, default="")
    #: Where the goods shall go; orders of services have none.
    warehouse = models.ForeignKey(
        "stock.Warehouse", on_delete=models.PROTECT, null=True, related_name="+"
    )
    ordered_on = models.DateField()
    expected_on = models.DateField(null=True)
    currency = models.CharField(max_length=3, default=RIYAL)
    #: Riyals for one unit of the currency.
    exchange_rate = QuantityField(default=Decimal(1))
    #: The number on the supplier's quotation or confirmation.
    reference = models.CharField(max_length=120, default="")
    notes_en = models.TextField(default="")
    notes_ar = models.TextField(default="")
    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, null=True, related_name="orders")
    #: How often it was amended after its approval.
    revision = models.PositiveIntegerField(default=0)

    #: In the order's currency.
    net = MoneyField(default=ZERO)
    vat = MoneyField(default=ZERO)
    total = MoneyField(default=ZERO)
    #: In riyals; and what was approved last.
    total_base = MoneyField(default=ZERO)
    approved_total_base = MoneyField(default=ZERO)
    #: What was approved, while an amendment waits for its own approval; a rejection restores it.
    before_amendment = models.JSONField(null=True)

    #: Projections of the lines (statuses.py), kept so that lists can filter by them.
    receipt_progress = models.CharField(
        max_length=4, choices=ReceiptProgress, default=ReceiptProgress.NONE
    )
    billing_progress = models.CharField(
        max_length=16, choices=BillingProgress, default=BillingProgress.NOTHING_TO_BILL
    )
    #: Moves on with every document of the order, so that two of them at once collide.
    activity = models.PositiveIntegerField(default=0)

    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    submitted_by = models.UUIDField(null=True)
    approved_by = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)
    search_text = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["ordered_on", "id"], name="purchase_orders_by_day"),
            models.Index(fields=["supplier", "ordered_on"], name="orders_of_a_supplier"),
            models.Index(fields=["state", "ordered_on"], name="purchase_orders_by_state"),
            models.Index(fields=["expected_on", "id"], name="purchase_orders_by_expected"),
            models.Index(fields=["total_base", "id"], name="purchase_orders_by_total"),
            models.Index(fields=["supplier_name_en", "id"], name="purchase_orders_by_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(number__isnull=False),
                name="submitted_orders_are_numbered",
            ),
        ]

    @property
    def is_draft(self) -> bool:
        return self.state == PurchaseOrderState.DRAFT

    @property
    def is_open(self) -> bool:
        """Whether goods may come in and bills be posted for it."""
        return self.state in OPEN_ORDERS


class PurchaseOrderLine(Row):
    """Goods, or an expense in words. Counters are in stock units and only move by claims."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey(
        "catalog.Product", on_delete=models.PROTECT, null=True, related_name="+"
    )
    #: Goods come in by receipts; services and expenses are only billed.
    is_goods = models.BooleanField(default=False)
    #: What a bill for a service or an expense debits.
    account = models.ForeignKey(
        "ledger.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    sku = models.CharField(max_length=80, default="")
    supplier_sku = models.CharField(max_length=80, default="")
    name_en = models.CharField(max_length=300, default="")
    name_ar = models.CharField(max_length=300, default="")
    unit = models.ForeignKey("catalog.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    unit_en = models.CharField(max_length=60, default="")
    unit_ar = models.CharField(max_length=60, default="")
    #: As it was typed, in `unit`.
    typed_quantity = QuantityField()
    #: For one `unit`, without VAT.
    unit_price = QuantityField()
    discount = MoneyField(default=ZERO)
    tax_category = models.CharField(max_length=1, choices=_categories())
    tax_rate = QuantityField()
    net = MoneyField(default=ZERO)
    vat = MoneyField(default=ZERO)
    expected_on = models.DateField(null=True)
    requisition_line = models.ForeignKey(
        RequisitionLine, on_delete=models.PROTECT, null=True, related_name="order_lines"
    )

    #: Ordered, in stock units.
    quantity = QuantityField()
    short_closed = QuantityField(default=NOTHING)
    received = QuantityField(default=NOTHING)
    returned_refund = QuantityField(default=NOTHING)
    returned_replace = QuantityField(default=NOTHING)
    billed = QuantityField(default=NOTHING)
    debited = QuantityField(default=NOTHING)
    #: Billed, but not received yet; and what the ledger holds for it, in riyals.
    ahead = QuantityField(default=NOTHING)
    ahead_value = MoneyField(default=ZERO)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "position"], name="one_order_line_per_position"
            )
        ]
        indexes = [
            models.Index(fields=["product", "order"], name="purchase_lines_of_a_product"),
        ]

    @property
    def factor(self) -> Decimal:
        """Stock units in one typed unit, for display."""
        return self.quantity / self.typed_quantity if self.typed_quantity else Decimal(1)


class Receipt(Record):
    """Goods of one order that came in."""

    asked_by = ("order_id",)

    number = models.CharField(max_length=40, null=True, unique=True)
    state = models.CharField(max_length=10, choices=ReceiptState, default=ReceiptState.DRAFT)
    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="receipts")
    supplier = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    supplier_name_en = models.CharField(max_length=200, default="")
    supplier_name_ar = models.CharField(max_length=200, default="")
    warehouse = models.ForeignKey("stock.Warehouse", on_delete=models.PROTECT, related_name="+")
    received_on = models.DateField()
    #: Of the day of receipt; the goods come in at the order's price times this.
    exchange_rate = QuantityField(default=Decimal(1))
    #: The number on the supplier's delivery note.
    delivery_note = models.CharField(max_length=120, default="")
    notes = models.TextField(default="")
    #: Why it was reversed or cancelled.
    reason = models.CharField(max_length=300, default="")
    #: In riyals.
    value = MoneyField(default=ZERO)
    entry = models.ForeignKey(
        "ledger.JournalEntry", on_delete=models.PROTECT, null=True, related_name="+"
    )
    reversal_entry = models.ForeignKey(
        "ledger.JournalEntry", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    posted_at = models.DateTimeField(null=True)
    posted_by = models.UUIDField(null=True)
    search_text = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["received_on", "id"], name="receipts_by_day"),
            models.Index(fields=["state", "received_on"], name="receipts_by_state"),
            models.Index(fields=["supplier", "received_on"], name="receipts_of_a_supplier"),
        ]

    @property
    def is_in(self) -> bool:
        """Whether its goods are in our books."""
        return self.state in (ReceiptState.POSTED, ReceiptState.INSPECTION)


class ReceiptLine(Row):
    """Counters are in stock units, values in riyals; both only move by claims."""

    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    order_line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, related_name="receipt_lines"
    )
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("catalog.Unit", on_delete=models.PROTECT, related_name="+")
    typed_quantity = QuantityField()
    quantity = QuantityField()
    lot_code = models.CharField(max_length=80, default="")
    expires_on = models.DateField(null=True)
    lot = models.ForeignKey("stock.Lot", on_delete=models.PROTECT, null=True, related_name="+")
    #: Where it went, or shall go once it was inspected; null: the warehouse itself.
    location = models.ForeignKey(
        "stock.Location", on_delete=models.PROTECT, null=True, related_name="+"
    )
    #: Went to the quality area first.
    is_inspected = models.BooleanField(default=False)
    accepted = QuantityField(default=NOTHING)
    rejected = QuantityField(default=NOTHING)
    #: What the goods came in for, and how each later document took from it.
    value = MoneyField(default=ZERO)
    returned = QuantityField(default=NOTHING)
    returned_value = MoneyField(default=ZERO)
    billed = QuantityField(default=NOTHING)
    billed_value = MoneyField(default=ZERO)
    debited = QuantityField(default=NOTHING)
    debited_value = MoneyField(default=ZERO)
    #: The part that had been billed before it came; included in `billed`.
    ahead = QuantityField(default=NOTHING)
    ahead_value = MoneyField(default=ZERO)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["receipt", "position"], name="one_receipt_line_per_position"
            )
        ]

    @property
    def open_quantity(self) -> Decimal:
        """Not billed yet; below zero when the supplier owes a debit note."""
        open_: Decimal = self.quantity - self.returned - self.billed + self.debited
        return open_

    @property
    def open_value(self) -> Decimal:
        """What the account of goods received, not yet invoiced, holds for it; in riyals."""
        open_: Decimal = self.value - self.returned_value - self.billed_value + self.debited_value
        return open_


class SupplierReturn(Record):
    """Goods of one receipt that go back to the supplier."""

    asked_by = ("order_id", "receipt_id")

    number = models.CharField(max_length=40, null=True, unique=True)
    state = models.CharField(
        max_length=10, choices=SupplierReturnState, default=SupplierReturnState.DRAFT
    )
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="returns")
    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="returns")
    supplier = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    supplier_name_en = models.CharField(max_length=200, default="")
    supplier_name_ar = models.CharField(max_length=200, default="")
    warehouse = models.ForeignKey("stock.Warehouse", on_delete=models.PROTECT, related_name="+")
    returned_on = models.DateField()
    reason = models.CharField(max_length=300, default="")
    notes = models.TextField(default="")
    #: At receipt cost, in riyals.
    value = MoneyField(default=ZERO)
    entry = models.ForeignKey(
        "ledger.JournalEntry", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    posted_by = models.UUIDField(null=True)
    search_text = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["returned_on", "id"], name="supplier_returns_by_day"),
            models.Index(fields=["state", "returned_on"], name="supplier_returns_by_state"),
        ]


class SupplierReturnLine(Row):
    supplier_return = models.ForeignKey(
        SupplierReturn, on_delete=models.CASCADE, related_name="lines"
    )
    position = models.PositiveIntegerField()
    receipt_line = models.ForeignKey(
        ReceiptLine, on_delete=models.PROTECT, related_name="return_lines"
    )
    #: In stock units.
    quantity = QuantityField()
    settlement = models.CharField(max_length=8, choices=SupplierSettlement)
    #: Where it is taken from; null: where the receipt left it.
    location = models.ForeignKey(
        "stock.Location", on_delete=models.PROTECT, null=True, related_name="+"
    )
    #: At receipt cost, and what the stock gave up for it; in riyals.
    value = MoneyField(default=ZERO)
    stock_value = MoneyField(default=ZERO)


class LandedCost(Record):
    """Freight, duty and the like, put onto the goods of a receipt."""

    asked_by = ("receipt_id",)

    number = models.CharField(max_length=40, unique=True)
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="landed_costs")
    description = models.CharField(max_length=300, default="")
    split = models.CharField(max_length=8, choices=CostSplit)
    #: In riyals.
    amount = MoneyField()
    posted_on = models.DateField()
    entry = models.ForeignKey(
        "ledger.JournalEntry", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    created_by = models.UUIDField()


class LandedCostLine(Row):
    landed_cost = models.ForeignKey(LandedCost, on_delete=models.CASCADE, related_name="lines")
    receipt_line = models.ForeignKey(ReceiptLine, on_delete=models.PROTECT, related_name="+")
    amount = MoneyField()
    #: The part on goods that are still here, and on goods that are gone.
    on_hand = MoneyField()
    gone = MoneyField()


class BillCheck(Record):
    """How a supplier's bill compares to what was ordered and received."""

    bill_id = models.UUIDField(unique=True)
    state = models.CharField(max_length=10, choices=BillCheckState)
    #: What differs, a sentence in each language and the line it is about.
    differences = models.JSONField(default=list)
    checked_at = models.DateTimeField()
    checked_by = models.UUIDField()
    approved_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=300, default="")


class BillAllocation(Row):
    """Which part of a posted bill line paid for which receipt line; gone once it is reversed."""

    asked_by = ("bill_id", "receipt_line_id")

    bill_id = models.UUIDField()
    bill_line_id = models.UUIDField()
    #: Takes back: of a debit note.
    is_debit = models.BooleanField(default=False)
    order_line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, related_name="allocations"
    )
    #: Null: billed ahead of its receipt, or no goods.
    receipt_line = models.ForeignKey(
        ReceiptLine, on_delete=models.PROTECT, null=True, related_name="allocations"
    )
    #: In stock units.
    quantity = QuantityField()
    #: What the bill says without VAT, and what the goods came in for; in riyals.
    amount = MoneyField()
    cost = MoneyField()
    #: How the difference was split; in riyals.
    on_hand = MoneyField(default=ZERO)
    gone = MoneyField(default=ZERO)
    exchange = MoneyField(default=ZERO)

    class Meta:
        indexes = [
            models.Index(fields=["bill_id"], name="allocations_of_a_bill"),
        ]
