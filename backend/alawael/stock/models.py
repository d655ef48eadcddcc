from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from alawael.catalog.models import Category, Product, Unit
from alawael.core.append_only import AppendOnly, AppendOnlyManager
from alawael.core.fields import MoneyField, QuantityField, Record, Row
from alawael.core.money import ZERO
from alawael.parties.models import Party

NOTHING = Decimal(0)


class LocationType(models.TextChoices):
    """What standing there means for goods."""

    INTERNAL = "internal"
    #: Received or returned, waiting for a decision; ours, but never reservable.
    QUALITY = "quality"
    IN_TRANSIT = "in_transit"
    # Where goods come from and go to; nothing is held there.
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    ADJUSTMENT = "adjustment"


#: Goods there are ours and have value.
HELD = frozenset({LocationType.INTERNAL, LocationType.QUALITY, LocationType.IN_TRANSIT})


class LocationKind(models.TextChoices):
    """Where it stands in the tree of a warehouse."""

    ROOT = "root"
    ZONE = "zone"
    BIN = "bin"
    #: Of no warehouse: supplier, customer, adjustment, in transit.
    VIRTUAL = "virtual"


class CostingMethod(models.TextChoices):
    MOVING_AVERAGE = "moving_average"
    FIFO = "fifo"


class Tracking(models.TextChoices):
    NONE = "none"
    LOT = "lot"
    SERIAL = "serial"


class ReservationState(models.TextChoices):
    ACTIVE = "active"
    CONSUMED = "consumed"
    RELEASED = "released"


class Warehouse(Record):
    """A place with a roof: zones and bins in it, and one quality area."""

    code = models.CharField(max_length=20)
    code_folded = models.CharField(max_length=40, unique=True)
    name_en = models.CharField(max_length=120, default="")
    name_ar = models.CharField(max_length=120, default="")
    address_en = models.CharField(max_length=300, default="")
    address_ar = models.CharField(max_length=300, default="")
    #: Goods may be issued before their receipt was entered; the next receipt settles the cost.
    allows_negative = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    search_text = models.TextField(default="")


class Location(Record):
    """Where goods can stand. Every stock change is a move between two locations."""

    warehouse = models.ForeignKey(
        Warehouse, on_delete=models.PROTECT, null=True, related_name="locations"
    )
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    kind = models.CharField(max_length=8, choices=LocationKind)
    type = models.CharField(max_length=12, choices=LocationType)
    #: "RUH-A-01", unique as it is compared.
    code = models.CharField(max_length=60)
    code_folded = models.CharField(max_length=120, unique=True)
    name_en = models.CharField(max_length=120, default="")
    name_ar = models.CharField(max_length=120, default="")
    is_active = models.BooleanField(default=True)
    #: Closed because its warehouse was, so that it opens with it again.
    closed_with_warehouse = models.BooleanField(default=False)
    #: How often it is counted, in days; null: only when somebody asks.
    count_every_days = models.PositiveIntegerField(null=True)
    next_count_on = models.DateField(null=True)
    search_text = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["warehouse", "type"], name="locations_of_a_warehouse")]

    @property
    def holds_stock(self) -> bool:
        return self.type in HELD

    @property
    def is_sellable(self) -> bool:
        """Whether goods there can be set aside for somebody."""
        return self.type == LocationType.INTERNAL


class StockItem(Record):
    """How a product is kept; goods without such a row are kept the usual way."""

    product = models.OneToOneField(Product, on_delete=models.PROTECT, related_name="stock_item")
    costing = models.CharField(
        max_length=16, choices=CostingMethod, default=CostingMethod.MOVING_AVERAGE
    )
    tracking = models.CharField(max_length=8, choices=Tracking, default=Tracking.NONE)
    has_expiry = models.BooleanField(default=False)
    needs_inspection = models.BooleanField(default=False)
    #: For one stock unit; landed cost may be split by them.
    weight_kg = QuantityField(default=NOTHING)
    volume_m3 = QuantityField(default=NOTHING)


class Lot(Record):
    """Goods that were made together, or a single piece with a serial number."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="lots")
    code = models.CharField(max_length=80)
    #: The code as it is compared.
    code_folded = models.CharField(max_length=160)
    is_serial = models.BooleanField(default=False)
    expires_on = models.DateField(null=True)
    search_text = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "code_folded"], name="one_lot_per_code")
        ]
        indexes = [models.Index(fields=["expires_on"], name="lots_by_expiry")]

    def is_expired(self, on: date) -> bool:
        """Good up to and including its last day."""
        return self.expires_on is not None and self.expires_on < on


class StockMove(AppendOnly):
    """A quantity that went from one location to another, with its value. Never changed."""

    #: Posting order over all products; values were fixed in this order.
    sequence = models.PositiveBigIntegerField(unique=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="moves")
    source = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    #: In the product's stock unit, above zero.
    quantity = QuantityField()
    #: Riyals for one stock unit, and for all of them; fixed at posting.
    unit_cost = QuantityField()
    value = MoneyField()
    effective_on = models.DateField()
    posted_at = models.DateTimeField()
    posted_by = models.UUIDField()
    #: The document that moved it, as in the audit trail ("sales.shipment").
    document_type = models.CharField(max_length=60)
    document_id = models.UUIDField()
    document_number = models.CharField(max_length=60, default="")
    line_id = models.UUIDField(null=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversed_by"
    )

    objects = AppendOnlyManager["StockMove"]()

    class Meta(AppendOnly.Meta):
        indexes = [
            models.Index(fields=["product", "sequence"], name="moves_of_a_product"),
            models.Index(fields=["product", "effective_on"], name="moves_of_a_product_by_day"),
            models.Index(fields=["document_type", "document_id"], name="moves_of_a_document"),
            models.Index(fields=["lot", "sequence"], name="moves_of_a_lot"),
            models.Index(fields=["source", "sequence"], name="moves_out_of_a_location"),
            models.Index(fields=["destination", "sequence"], name="moves_into_a_location"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="moves_move_something"),
        ]


class ValueAdjustment(AppendOnly):
    """A later fact about what goods on hand cost: a bill's price difference, landed cost."""

    #: Shares the order of the moves.
    sequence = models.PositiveBigIntegerField(unique=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    #: Riyals added to (or, negative, taken off) the value on hand.
    amount = MoneyField()
    #: The part of the fact that fell on goods no longer here; it went to an expense account.
    amount_gone = MoneyField(default=ZERO)
    #: The pieces that the fact is about; 0 when a receipt settled goods issued before it.
    quantity = QuantityField(default=NOTHING)
    #: The receipt of these pieces, when it is known.
    move = models.ForeignKey(StockMove, on_delete=models.PROTECT, null=True, related_name="+")
    effective_on = models.DateField()
    posted_at = models.DateTimeField()
    posted_by = models.UUIDField()
    document_type = models.CharField(max_length=60)
    document_id = models.UUIDField()
    document_number = models.CharField(max_length=60, default="")

    objects = AppendOnlyManager["ValueAdjustment"]()

    class Meta(AppendOnly.Meta):
        indexes = [
            models.Index(fields=["product", "sequence"], name="adjustments_of_a_product"),
            models.Index(fields=["document_type", "document_id"], name="adjustments_of_a_document"),
        ]


class StockBalance(Row):
    """How much of a product (and lot) stands in a location: a projection of the moves."""

    asked_by = ("product_id",)

    #: "product:location:lot", because a unique index over an absent lot differs by engine.
    key = models.CharField(max_length=120, unique=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="balances")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="balances")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="balances")
    on_hand = QuantityField(default=NOTHING)
    reserved = QuantityField(default=NOTHING)
    #: on_hand − reserved, stored so that one conditional update can claim it.
    available = QuantityField(default=NOTHING)

    class Meta:
        indexes = [
            models.Index(fields=["product", "location"], name="balances_of_a_product"),
            models.Index(fields=["location", "product"], name="balances_of_a_location"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(reserved__gte=0), name="reserved_is_not_negative"),
            models.CheckConstraint(
                condition=Q(available=F("on_hand") - F("reserved")),
                name="available_is_what_is_not_reserved",
            ),
        ]


class CostState(Row):
    """What all held pieces of a product are worth: a projection of moves and adjustments."""

    product = models.OneToOneField(Product, on_delete=models.PROTECT, related_name="cost")
    quantity = QuantityField(default=NOTHING)
    value = MoneyField(default=ZERO)
    #: What one stock unit cost last; the cost of goods issued before their receipt.
    last_unit_cost = QuantityField(default=NOTHING)
    #: Issued beyond what was held, still waiting for a receipt to say what it cost.
    uncosted = QuantityField(default=NOTHING)
    last_sequence = models.PositiveBigIntegerField(default=0)
    #: Every change moves it on; whoever read an older one must read again.
    version = models.PositiveBigIntegerField(default=1)

    @property
    def average(self) -> Decimal:
        """Riyals for one stock unit; what it cost last when nothing is held."""
        if self.quantity > 0:
            average: Decimal = self.value / self.quantity
            return average
        last: Decimal = self.last_unit_cost
        return last


class CostLayer(Row):
    """Goods of one receipt that are still here, for products costed first in, first out."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="cost_layers")
    sequence = models.PositiveBigIntegerField(unique=True)
    quantity = QuantityField()
    remaining = QuantityField()
    #: Of what remains.
    value = MoneyField()

    class Meta:
        indexes = [models.Index(fields=["product", "sequence"], name="layers_of_a_product")]


class Reservation(Record):
    """Stock set aside for one line of one document."""

    asked_by = ("line_id",)

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    quantity = QuantityField()
    state = models.CharField(
        max_length=8, choices=ReservationState, default=ReservationState.ACTIVE
    )
    document_type = models.CharField(max_length=60)
    document_id = models.UUIDField()
    document_number = models.CharField(max_length=60, default="")
    #: The line of the order, transfer … that it is for.
    line_id = models.UUIDField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["line_id", "state"], name="reservations_of_a_line"),
            models.Index(fields=["document_id", "state"], name="reservations_of_a_document"),
            models.Index(fields=["product", "location", "state"], name="reservations_of_stock"),
        ]


class StockAdjustmentKind(models.TextChoices):
    """Why stock is put right without anybody having bought or sold."""

    #: What was there when the program took over; against OPENING_BALANCE.
    OPENING = "opening"
    GAIN = "gain"
    LOSS = "loss"
    SCRAP = "scrap"


class StockAdjustmentState(models.TextChoices):
    DRAFT = "draft"
    POSTED = "posted"
    REVERSED = "reversed"
    #: A draft that was thrown away.
    VOID = "void"


class StockAdjustment(Record):
    """Goods that appear or vanish for a reason. Never edited once posted: it is reversed."""

    kind = models.CharField(max_length=8, choices=StockAdjustmentKind)
    state = models.CharField(
        max_length=8, choices=StockAdjustmentState, default=StockAdjustmentState.DRAFT
    )
    #: Given at posting.
    number = models.CharField(max_length=20, null=True, unique=True)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    #: The day that it counts for.
    effective_on = models.DateField()
    reason = models.CharField(max_length=300, default="")
    notes = models.TextField(default="")
    #: Riyals that it put onto (or, negative, took off) the value of stock.
    value = MoneyField(default=ZERO)
    entry = models.ForeignKey(
        "ledger.JournalEntry", on_delete=models.PROTECT, null=True, related_name="+"
    )
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversed_by"
    )
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    posted_at = models.DateTimeField(null=True)
    posted_by = models.UUIDField(null=True)
    search_text = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["effective_on", "id"], name="stock_adjustments_by_day")]

    @property
    def is_draft(self) -> bool:
        return self.state == StockAdjustmentState.DRAFT

    @property
    def brings_in(self) -> bool:
        return self.kind in (StockAdjustmentKind.OPENING, StockAdjustmentKind.GAIN)


class StockAdjustmentLine(Row):
    """So much of a product in one place, as it was typed and in stock units."""

    adjustment = models.ForeignKey(StockAdjustment, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("catalog.Unit", on_delete=models.PROTECT, related_name="+")
    #: As typed, in that unit.
    quantity = QuantityField()
    #: In the stock unit.
    stock_quantity = QuantityField()
    #: Riyals for one stock unit that comes in; null takes today's average.
    unit_cost = QuantityField(null=True)
    #: Riyals for the whole line; fixed at posting.
    value = MoneyField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["adjustment", "position"], name="one_stock_adjustment_line_per_position"
            ),
            models.CheckConstraint(
                condition=Q(stock_quantity__gt=0), name="stock_adjustments_move_something"
            ),
        ]


class StockSettings(Record):
    """How the company keeps its stock: one row."""

    key = models.CharField(max_length=10, unique=True, default="main")
    #: Nothing is moved on or before this day, except by who may back-date.
    frozen_until = models.DateField(null=True)
    #: Variances of a count above this value (riyals) need somebody else's approval; null: never.
    count_approval_above = MoneyField(null=True)
    #: A transfer is approved by somebody else than who drafted it before it is reserved.
    transfer_needs_approval = models.BooleanField(default=False)
    #: What was lost on the way is written off by somebody else than who sent it.
    write_off_by_another = models.BooleanField(default=True)


class TransferState(models.TextChoices):
    DRAFT = "draft"
    APPROVED = "approved"
    RESERVED = "reserved"
    IN_TRANSIT = "in_transit"
    #: Nothing of it is on its way any more.
    RECEIVED = "received"
    CLOSED = "closed"
    CANCELLED = "cancelled"


#: What a transfer can still become something else from.
OPEN_TRANSFERS = frozenset(
    {
        TransferState.DRAFT,
        TransferState.APPROVED,
        TransferState.RESERVED,
        TransferState.IN_TRANSIT,
    }
)


class StockTransfer(Record):
    """Goods that go from one warehouse to another, or from one place to another within one."""

    state = models.CharField(max_length=10, choices=TransferState, default=TransferState.DRAFT)
    #: Given when it leaves the draft.
    number = models.CharField(max_length=20, null=True, unique=True)
    source = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    expected_on = models.DateField(null=True)
    reference = models.CharField(max_length=120, default="")
    notes = models.TextField(default="")
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    approved_by = models.UUIDField(null=True)
    dispatched_on = models.DateField(null=True)
    dispatched_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    search_text = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["state", "id"], name="transfers_by_state"),
            models.Index(fields=["source", "id"], name="transfers_from_a_warehouse"),
            models.Index(fields=["destination", "id"], name="transfers_to_a_warehouse"),
        ]

    @property
    def is_draft(self) -> bool:
        return self.state == TransferState.DRAFT

    @property
    def is_within(self) -> bool:
        """Whether it stays under one roof, so that it needs no journey."""
        return self.source_id == self.destination_id


class StockTransferLine(Row):
    """One product of a transfer, and how far it has come. Quantities are in stock units."""

    transfer = models.ForeignKey(StockTransfer, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    #: Null: whatever expires first.
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    #: As it was typed.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit_quantity = QuantityField()
    quantity = QuantityField()
    #: Null: wherever in the warehouse it is free; and, at the other end, the warehouse itself.
    source_location = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, related_name="+"
    )
    destination_location = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, related_name="+"
    )
    dispatched = QuantityField(default=NOTHING)
    received = QuantityField(default=NOTHING)
    returned = QuantityField(default=NOTHING)
    written_off = QuantityField(default=NOTHING)
    #: dispatched − received − returned − written off, stored so that one update can claim it.
    in_transit = QuantityField(default=NOTHING)
    #: Riyals that what is in transit stands for in the books.
    transit_value = MoneyField(default=ZERO)

    class Meta:
        indexes = [
            models.Index(fields=["transfer", "position"], name="lines_of_a_transfer"),
            models.Index(fields=["product", "in_transit"], name="transfer_lines_on_their_way"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="transfer_lines_ask_for_something"
            ),
            models.CheckConstraint(
                condition=Q(in_transit__gte=0), name="no_less_than_nothing_is_in_transit"
            ),
            models.CheckConstraint(
                condition=Q(
                    dispatched=F("in_transit") + F("received") + F("returned") + F("written_off")
                ),
                name="what_was_dispatched_is_somewhere",
            ),
        ]


class CountState(models.TextChoices):
    DRAFT = "draft"
    COUNTING = "counting"
    REVIEW = "review"
    POSTED = "posted"
    CANCELLED = "cancelled"


OPEN_COUNTS = frozenset({CountState.DRAFT, CountState.COUNTING, CountState.REVIEW})


class StockCount(Record):
    """What is really there: counted, compared with the books, and put right."""

    state = models.CharField(max_length=9, choices=CountState, default=CountState.DRAFT)
    #: Given when counting starts.
    number = models.CharField(max_length=20, null=True, unique=True)
    #: The branch that is counted: a warehouse's root, a zone or a bin.
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    #: Only this branch of the catalog; null: everything that stands there.
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, related_name="+")
    #: Only these products; empty: no such limit.
    product_ids = models.JSONField(default=list)
    #: Drafted because the location's day had come.
    is_scheduled = models.BooleanField(default=False)
    notes = models.TextField(default="")
    #: The last stock move when counting started.
    snapshot_sequence = models.PositiveBigIntegerField(null=True)
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    started_at = models.DateTimeField(null=True)
    posted_on = models.DateField(null=True)
    posted_at = models.DateTimeField(null=True)
    posted_by = models.UUIDField(null=True)
    #: Riyals found and riyals missing, once posted.
    gained = MoneyField(default=ZERO)
    lost = MoneyField(default=ZERO)
    search_text = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["state", "id"], name="counts_by_state"),
            models.Index(fields=["location", "state"], name="counts_of_a_location"),
        ]

    @property
    def is_draft(self) -> bool:
        return self.state == CountState.DRAFT

    @property
    def is_blind(self) -> bool:
        """Whether counters should not yet see what the books expect."""
        return self.state in (CountState.DRAFT, CountState.COUNTING)

    @property
    def is_of_everything(self) -> bool:
        return self.category_id is None and not self.product_ids


class StockCountLine(Row):
    """A product (and lot) in one location, as it was counted; kept when nothing differs."""

    count = models.ForeignKey(StockCount, on_delete=models.PROTECT, related_name="lines")
    #: "count:product:location:lot", because a unique index over an absent lot differs by engine.
    key = models.CharField(max_length=160, unique=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    #: In the product's stock unit; null until somebody has counted.
    counted = QuantityField(null=True)
    counted_at = models.DateTimeField(null=True)
    counted_by = models.UUIDField(null=True)
    counted_by_name = models.CharField(max_length=200, default="")
    #: The last stock move that the counter could have seen.
    counted_sequence = models.PositiveBigIntegerField(null=True)
    #: The count before this one, when it was counted twice.
    first_counted = QuantityField(null=True)
    first_counted_by = models.UUIDField(null=True)
    first_counted_by_name = models.CharField(max_length=200, default="")
    needs_recount = models.BooleanField(default=False)
    #: What the books held at `counted_sequence`, with what other counts have corrected since.
    book = QuantityField(null=True)
    #: counted − book, and riyals at the cost of the day; fixed by the review.
    variance = QuantityField(null=True)
    variance_value = MoneyField(default=ZERO)
    approved_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["count", "id"], name="lines_of_a_count")]

    @property
    def is_counted(self) -> bool:
        return self.counted is not None

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody other than the counter stands behind the figure."""
        was_counted_again = (
            self.first_counted is not None
            and self.first_counted == self.counted
            and self.first_counted_by != self.counted_by
        )
        return self.approved_by is not None or was_counted_again


class ReorderPoint(Record):
    """How little of a product a warehouse may come to before more is ordered."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="reorder_points")
    warehouse = models.ForeignKey(
        Warehouse, on_delete=models.PROTECT, related_name="reorder_points"
    )
    #: In the product's stock unit.
    minimum = QuantityField()
    #: What is ordered up to.
    maximum = QuantityField()
    #: Suppliers send whole packs: orders are a multiple of it; 0 for any quantity.
    multiple = QuantityField(default=NOTHING)
    supplier = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+")
    lead_time_days = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "warehouse"], name="one_reorder_point_per_warehouse"
            ),
            models.CheckConstraint(
                condition=Q(minimum__gte=0, maximum__gte=F("minimum"), multiple__gte=0),
                name="reorder_up_to_more_than_the_minimum",
            ),
        ]
        indexes = [models.Index(fields=["warehouse", "id"], name="reorder_points_of_a_warehouse")]
