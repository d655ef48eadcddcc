from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from alawael.catalog.models import Product
from alawael.core.append_only import AppendOnly, AppendOnlyManager
from alawael.core.fields import MoneyField, QuantityField, Record, Row
from alawael.core.money import ZERO

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

    #: "product:location:lot", because a unique index over an absent lot differs by engine.
    key = models.CharField(max_length=120, unique=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="balances")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="balances")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="balances")
    on_hand = QuantityField(default=NOTHING)
    reserved = QuantityField(default=NOTHING)
    #: on_hand − reserved, stored so that one conditional update can claim it.
    available = QuantityField(default=NOTHING)
    last_sequence = models.PositiveBigIntegerField(default=0)

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
        return self.value / self.quantity if self.quantity > 0 else self.last_unit_cost


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


class StockSettings(Record):
    """How the company keeps its stock: one row."""

    key = models.CharField(max_length=10, unique=True, default="main")
    #: Nothing is moved on or before this day, except by who may back-date.
    frozen_until = models.DateField(null=True)
    #: Variances of a count above this value (riyals) need somebody else's approval; null: never.
    count_approval_above = MoneyField(null=True)
