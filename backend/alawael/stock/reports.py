"""What stock looked like and is worth: read from the moves, on any day."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from alawael.catalog.models import Product
from alawael.core.money import ZERO, round_quantity
from alawael.core.sight import Sees, seen_by
from alawael.ledger.models import AccountRole, JournalLine, LedgerRole
from alawael.stock import queries
from alawael.stock.models import (
    NOTHING,
    Location,
    LocationType,
    Lot,
    StockBalance,
    StockMove,
    ValueAdjustment,
)

#: Where the value of what is held stands in the books.
STOCK_ROLES = (LedgerRole.INVENTORY, LedgerRole.IN_TRANSIT)
MOST_TRACED = 500


@dataclass(frozen=True)
class Border:
    """A line around places: goods come in over it, and go out."""

    places: Collection[UUID]
    #: Whether those places are inside, or all the others.
    are_inside: bool

    @classmethod
    def of_company(cls) -> "Border":
        return cls(queries.outside(), are_inside=False)

    @classmethod
    def of_warehouses(cls, ids: Iterable[UUID]) -> "Border":
        inside = Location.objects.filter(warehouse_id__in=list(ids)).values_list("pk", flat=True)
        return cls(list(inside), are_inside=True)

    @property
    def incoming(self) -> Q:
        here = Q(destination_id__in=self.places) & ~Q(source_id__in=self.places)
        there = Q(source_id__in=self.places) & ~Q(destination_id__in=self.places)
        return here if self.are_inside else there

    @property
    def outgoing(self) -> Q:
        return Border(self.places, not self.are_inside).incoming

    def comes_in(self, move: StockMove) -> bool:
        return (move.destination_id in self.places) == self.are_inside


@dataclass(frozen=True)
class CardRow:
    """One event of a product, with what there was right after it."""

    sequence: int
    #: "move", or "value" when only the value changed.
    kind: str
    effective_on: date
    posted_at: datetime
    document_type: str
    document_id: UUID
    document_number: str
    source: Location | None
    destination: Location | None
    lot: Lot | None
    #: Signed: what came in, or (negative) went out.
    quantity: Decimal
    unit_cost: Decimal
    value: Decimal
    quantity_after: Decimal
    #: None within one warehouse: goods have one worth, wherever they stand.
    value_after: Decimal | None


@dataclass(frozen=True)
class StockCard:
    product: Product
    rows: list[CardRow]
    #: Pass it as `after` to read on; None when these were the oldest.
    next: int | None


def stock_card(
    product: Product, *, warehouses: Collection[UUID] | None, after: int | None, limit: int
) -> StockCard:
    """What happened to a product, latest first, with running quantity and value.

    In posting order, because that is the order in which values were fixed. In these warehouses,
    or (None) in the whole company.
    """
    is_whole = warehouses is None
    border = Border.of_company() if warehouses is None else Border.of_warehouses(warehouses)
    events = _events(product, border, after=after, limit=limit + 1)
    if is_whole:
        events += _values(product, after=after, limit=limit + 1)
    events.sort(key=lambda event: -event.sequence)
    more, events = len(events) > limit, events[:limit]
    quantity, value = _standing(product, border, before=after)
    rows = []
    for event in events:
        row = _card_row(event, border, quantity, value if is_whole else None)
        quantity, value = quantity - row.quantity, value - row.value
        rows.append(row)
    return StockCard(product, rows, rows[-1].sequence if more else None)


@dataclass(frozen=True)
class ValuedProduct:
    product: Product
    quantity: Decimal
    value: Decimal

    @property
    def unit_cost(self) -> Decimal:
        return round_quantity(self.value / self.quantity) if self.quantity > 0 else NOTHING


@dataclass(frozen=True)
class Valuation:
    on: date
    value: Decimal
    #: What the accounts of stock show on that day; equal, or the proof speaks.
    ledger_value: Decimal
    #: A page of the products, by SKU.
    rows: list[ValuedProduct]
    #: Behind which SKU the next page begins; None at the end.
    next: str | None


def valuation(on: date, *, after: str | None, limit: int) -> Valuation:
    """What was held at the end of a day, by effective date, and what it was worth.

    The totals are of everything; `after` is where the page before this one ended.
    """
    held = held_by_product(on=on)
    total = sum((value for _, value in held.values()), ZERO)
    behind = {"sku_folded__gt": after} if after else {}
    found = Product.objects.filter(**behind).select_related("unit").order_by("sku_folded")
    rows: list[ValuedProduct] = []
    for product in found.iterator(chunk_size=limit):
        if product.pk in held:
            rows.append(ValuedProduct(product, *held[product.pk]))
        if len(rows) > limit:
            break
    more, rows = len(rows) > limit, rows[:limit]
    end = rows[-1].product.sku_folded if more else None
    return Valuation(on, total, ledger_value(on=on), rows, end)


def held_by_product(*, on: date | None = None) -> dict[UUID, tuple[Decimal, Decimal]]:
    """Quantity and value of every product, added up from moves and adjustments.

    What is neither held nor worth anything is left out.
    """
    border = Border.of_company()
    until = {} if on is None else {"effective_on__lte": on}
    held: dict[UUID, list[Decimal]] = {}
    for side, sign in ((border.incoming, 1), (border.outgoing, -1)):
        rows = StockMove.objects.filter(side, **until).values_list("product_id")
        for pk, quantity, value in rows.annotate(q=Sum("quantity"), v=Sum("value")).order_by():
            standing = held.setdefault(pk, [NOTHING, ZERO])
            standing[0] += sign * quantity
            standing[1] += sign * value
    later = ValueAdjustment.objects.filter(**until).values_list("product_id")
    for pk, value in later.annotate(v=Sum("amount")).order_by():
        held.setdefault(pk, [NOTHING, ZERO])[1] += value
    return {pk: (quantity, value) for pk, (quantity, value) in held.items() if quantity or value}


def ledger_value(*, on: date | None = None) -> Decimal:
    """What the accounts of stock show: INVENTORY and IN_TRANSIT."""
    accounts = AccountRole.objects.filter(role__in=STOCK_ROLES).values_list("account_id", flat=True)
    lines = JournalLine.objects.filter(account_id__in=set(accounts))
    if on is not None:
        lines = lines.filter(date__lte=on)
    sums = lines.aggregate(debits=Sum("debit"), credits=Sum("credit"))
    balance: Decimal = (sums["debits"] or ZERO) - (sums["credits"] or ZERO)
    return balance


@dataclass(frozen=True)
class Availability:
    """What a warehouse can promise of a product."""

    product_id: UUID
    warehouse_id: UUID
    on_hand: Decimal
    reserved: Decimal
    free: Decimal


def availability(product_ids: Iterable[UUID], *, sight: Sees | None = None) -> list[Availability]:
    """Free now, by warehouse; places under quality control and goods on their way do not count."""
    found = StockBalance.objects.filter(
        product_id__in=set(product_ids), location__type=LocationType.INTERNAL
    )
    rows = seen_by(sight, found).values_list("product_id", "location__warehouse_id")
    sums = rows.annotate(on_hand_=Sum("on_hand"), reserved_=Sum("reserved"), free=Sum("available"))
    return [Availability(*row) for row in sums.order_by("product_id", "location__warehouse_id")]


@dataclass(frozen=True)
class LotTrace:
    """Where a lot came from, where it stands, and where it went: both ways."""

    lot: Lot
    came_from: list[StockMove]
    stands: list[StockBalance]
    went_to: list[StockMove]


def trace(lot: Lot, *, sight: Sees | None = None) -> LotTrace:
    """Every document that brought the lot in, and every one that took some of it out."""
    border = Border.of_company()
    moves = seen_by(sight, queries.moves().filter(lot=lot)).order_by("sequence")
    stands = seen_by(sight, queries.balances().filter(lot=lot)).exclude(on_hand=NOTHING)
    return LotTrace(
        lot=lot,
        came_from=list(moves.filter(border.incoming)[:MOST_TRACED]),
        stands=list(stands.order_by("key")),
        went_to=list(moves.filter(border.outgoing)[:MOST_TRACED]),
    )


def _events(product: Product, border: Border, *, after: int | None, limit: int) -> list[Any]:
    rows = queries.moves().filter(border.incoming | border.outgoing, product=product)
    return _latest(rows, after, limit)


def _values(product: Product, *, after: int | None, limit: int) -> list[Any]:
    rows = ValueAdjustment.objects.filter(product=product).exclude(amount=ZERO)
    return _latest(rows, after, limit)


def _latest(rows: "QuerySet[Any]", after: int | None, limit: int) -> list[Any]:
    if after is not None:
        rows = rows.filter(sequence__lt=after)
    return list(rows.order_by("-sequence")[:limit])


def _standing(product: Product, border: Border, *, before: int | None) -> tuple[Decimal, Decimal]:
    """Quantity and value before a sequence, or now."""
    until = {} if before is None else {"sequence__lt": before}
    quantity, value = NOTHING, ZERO
    for side, sign in ((border.incoming, 1), (border.outgoing, -1)):
        sums = StockMove.objects.filter(side, product=product, **until).aggregate(
            q=Sum("quantity"), v=Sum("value")
        )
        quantity += sign * (sums["q"] or NOTHING)
        value += sign * (sums["v"] or ZERO)
    later = ValueAdjustment.objects.filter(product=product, **until).aggregate(v=Sum("amount"))
    return quantity, value + (later["v"] or ZERO)


def _card_row(
    event: StockMove | ValueAdjustment,
    border: Border,
    quantity_after: Decimal,
    value_after: Decimal | None,
) -> CardRow:
    facts: dict[str, Any] = {
        name: getattr(event, name)
        for name in (
            "sequence", "effective_on", "posted_at", "document_type", "document_id",
            "document_number",
        )
    }  # fmt: skip
    if isinstance(event, ValueAdjustment):
        facts |= {"kind": "value", "source": None, "destination": None, "lot": None}
        facts |= {"quantity": NOTHING, "unit_cost": NOTHING, "value": event.amount}
    else:
        sign = 1 if border.comes_in(event) else -1
        facts |= {"kind": "move", "source": event.source, "destination": event.destination}
        facts |= {"lot": event.lot, "unit_cost": event.unit_cost}
        facts |= {"quantity": sign * event.quantity, "value": sign * event.value}
    return CardRow(**facts, quantity_after=quantity_after, value_after=value_after)
