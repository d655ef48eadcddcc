"""Goods that appear or vanish without a purchase or a sale: opening stock, gain, loss, scrap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects

from alawael.catalog import queries as catalog
from alawael.catalog import units
from alawael.catalog.models import Product, ProductKind
from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.claims import move_state
from alawael.core.errors import FieldError, Invalid, NotFound, Refusal, Text
from alawael.core.money import ZERO, round_money
from alawael.core.numbering import take_number
from alawael.core.rows import existing
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.ledger import services as ledger
from alawael.ledger.books import Books, Posting
from alawael.ledger.models import JournalEntry, LedgerRole
from alawael.stock import queries
from alawael.stock.lots import find_or_make_lot
from alawael.stock.models import (
    Location,
    LocationType,
    Lot,
    StockAdjustment,
    StockAdjustmentKind,
    StockAdjustmentLine,
    StockAdjustmentState,
    Warehouse,
)
from alawael.stock.moving import Movement, move, reverse_moves

ADJUSTMENTS = "stock_adjustment"


class AdjustmentNotReversible(Refusal):
    code = "stock_adjustment_not_reversible"
    message = Text(
        "Only a posted adjustment that is no reversal itself can be reversed.",
        "لا تُعكس إلا تسوية مرحّلة ليست عكسًا لغيرها.",
    )


class AdjustmentNeedsReason(Refusal):
    code = "stock_adjustment_needs_reason"
    message = Text(
        "Say why the goods appeared or vanished, then post.",
        "اذكر سبب الزيادة أو النقص ثم رحّل.",
    )


@dataclass(frozen=True)
class AdjustmentLine:
    """So much of a product, in any of its units, in one place of the warehouse.

    `location_id` None is the warehouse itself. Goods that come in may name a lot by its code,
    which is made when it is new.
    """

    product_id: UUID
    quantity: Decimal
    unit_id: UUID | None = None
    location_id: UUID | None = None
    lot_id: UUID | None = None
    lot_code: str = ""
    expires_on: date | None = None
    #: Riyals for one stock unit; opening stock needs one, a gain without one takes the average.
    unit_cost: Decimal | None = None


def adjustments() -> QuerySet[StockAdjustment]:
    """Adjustments with their warehouse."""
    return StockAdjustment.objects.select_related("warehouse")


def adjustment(adjustment_id: UUID) -> StockAdjustment:
    """Raises NotFound."""
    return existing(adjustments().filter(pk=adjustment_id))


def lines_of(adjustment: StockAdjustment) -> QuerySet[StockAdjustmentLine]:
    """The lines with product, place, lot and unit, as they were typed."""
    rows = adjustment.lines.select_related("product", "location__warehouse", "lot", "unit")
    return rows.order_by("position")


def reversal_of(adjustment: StockAdjustment) -> UUID | None:
    """The document that reversed it, if any."""
    if adjustment.state != StockAdjustmentState.REVERSED:
        return None
    rows = StockAdjustment.objects.filter(reverses=adjustment)
    return rows.values_list("pk", flat=True).first()


@unit_of_work
def draft_adjustment(
    kind: StockAdjustmentKind,
    warehouse: Warehouse,
    lines: Sequence[AdjustmentLine],
    *,
    on: date,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> StockAdjustment:
    """Write down what appeared or vanished; nothing moves yet.

    `facts` are further columns (reason, notes). Raises Invalid naming each wrong line.
    """
    adjustment = StockAdjustment(
        kind=kind,
        warehouse=warehouse,
        effective_on=on,
        created_at=at,
        created_by=by.actor_id,
        **facts,
    )
    drafted = _filled(adjustment, lines, at=at)
    adjustment.search_text = _words(adjustment, drafted)
    adjustment.save(force_insert=True)
    StockAdjustmentLine.objects.bulk_create(drafted)
    audit.record(adjustment, "stock_adjustment.drafted", by=by, at=at, changes={"kind": kind})
    return adjustment


@unit_of_work
def edit_adjustment(
    adjustment: StockAdjustment,
    changes: Mapping[str, Any],
    *,
    lines: Sequence[AdjustmentLine] | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> StockAdjustment:
    """Change a draft; with `lines`, all its lines are replaced."""
    differences = audit.difference(adjustment, changes)
    _stay_draft(adjustment, expected_version, **changes)
    if lines is not None:
        drafted = _filled(adjustment, lines, at=at)
        StockAdjustmentLine.objects.filter(adjustment=adjustment).delete()
        StockAdjustmentLine.objects.bulk_create(drafted)
    words = _words(adjustment, list(lines_of(adjustment)))
    StockAdjustment.objects.filter(pk=adjustment.pk).update(search_text=words)
    audit.record(adjustment, "stock_adjustment.edited", by=by, at=at, changes=differences)
    return adjustment


@unit_of_work
def discard_adjustment(
    adjustment: StockAdjustment, *, expected_version: int | None = None, by: Actor, at: datetime
) -> StockAdjustment:
    """Throw a draft away. It never had a number, so none is lost."""
    move_state(
        adjustment,
        frm=[StockAdjustmentState.DRAFT],
        to=StockAdjustmentState.VOID,
        expected_version=expected_version,
    )
    audit.record(adjustment, "stock_adjustment.discarded", by=by, at=at)
    return adjustment


@unit_of_work
def post_adjustment(
    adjustment: StockAdjustment,
    *,
    expected_version: int | None = None,
    may_backdate: bool = False,
    by: Actor,
    at: datetime,
) -> StockAdjustment:
    """Move the goods and tell the books: the number, the values and the entry are fixed.

    Opening stock is credited to OPENING_BALANCE; what appears or vanishes later is booked to
    ADJUSTMENT. Raises what `move` and `ledger.post` raise, and AdjustmentNeedsReason.
    """
    if adjustment.kind != StockAdjustmentKind.OPENING and not adjustment.reason:
        raise AdjustmentNeedsReason()
    move_state(
        adjustment,
        frm=[StockAdjustmentState.DRAFT],
        to=StockAdjustmentState.POSTED,
        expected_version=expected_version,
        posted_at=at,
        posted_by=by.actor_id,
    )
    lines = list(lines_of(adjustment))
    number = _take_number()
    moves = move(
        _movements(adjustment, lines),
        document=adjustment,
        number=number,
        on=adjustment.effective_on,
        may_backdate=may_backdate,
        by=by,
        at=at,
    )
    for line, made in zip(lines, moves, strict=True):
        StockAdjustmentLine.objects.filter(pk=line.pk).update(value=made.value)
    value = sum((made.value for made in moves), ZERO)
    value = value if adjustment.brings_in else -value
    entry = _book(adjustment, number, value, by=by, at=at)
    _number(adjustment, number, value, entry)
    facts = {"number": [None, number], "value": [None, value], "reason": adjustment.reason}
    audit.record(adjustment, "stock_adjustment.posted", by=by, at=at, changes=facts)
    return adjustment


@unit_of_work
def reverse_adjustment(
    adjustment: StockAdjustment,
    *,
    on: date,
    reason: str,
    expected_version: int | None = None,
    may_backdate: bool = False,
    by: Actor,
    at: datetime,
) -> StockAdjustment:
    """Take a posted adjustment back with a new one: opposite moves at their original value.

    Answers the new document; both point to each other. Raises AdjustmentNotReversible, and
    NotEnoughStock when goods that it brought in are not there any more.
    """
    if adjustment.state != StockAdjustmentState.POSTED or adjustment.reverses_id is not None:
        raise AdjustmentNotReversible()
    move_state(
        adjustment,
        frm=[StockAdjustmentState.POSTED],
        to=StockAdjustmentState.REVERSED,
        expected_version=expected_version,
    )
    mirror = _mirror(adjustment, on=on, reason=reason, by=by, at=at)
    number = _take_number()
    reverse_moves(
        queries.moves_of(adjustment),
        document=mirror,
        number=number,
        on=on,
        may_backdate=may_backdate,
        by=by,
        at=at,
    )
    entry = None
    if adjustment.entry is not None:
        entry = ledger.reverse(
            adjustment.entry,
            on=on,
            memo=f"{number}: {reason}" if reason else number,
            source=mirror,
            source_number=number,
            by=by,
            at=at,
        )
    _number(mirror, number, -adjustment.value, entry)
    facts = {"by_number": number, "reason": reason}
    audit.record(adjustment, "stock_adjustment.reversed", by=by, at=at, changes=facts)
    return mirror


def _filled(
    adjustment: StockAdjustment, lines: Sequence[AdjustmentLine], *, at: datetime
) -> list[StockAdjustmentLine]:
    if not lines:
        raise Invalid(errors=[FieldError("/lines", "missing", _NO_LINES)])
    products = catalog.products_by_id({line.product_id for line in lines})
    prefetch_related_objects(list(products.values()), "units__unit")
    lots = Lot.objects.in_bulk([line.lot_id for line in lines if line.lot_id])
    places = {place.pk: place for place in queries.locations(warehouse_id=adjustment.warehouse_id)}
    root = queries.root_of(adjustment.warehouse)
    errors: list[FieldError] = []
    filled = []
    for index, line in enumerate(lines):
        product = products.get(line.product_id)
        place = places.get(line.location_id) if line.location_id else root
        faults = list(_faults(adjustment, line, product, place, lots))
        errors += [FieldError(f"/lines/{index}/{name}", code, text) for name, code, text in faults]
        if faults or product is None or place is None:
            continue
        try:
            filled.append(_line(adjustment, index, line, product, place, lots, at=at))
        except Refusal as refusal:
            text = Text(refusal.sentence("en"), refusal.sentence("ar"))
            errors.append(FieldError(f"/lines/{index}", refusal.code, text))
    if errors:
        raise Invalid(errors=errors)
    return filled


_NO_LINES = Text("Add at least one line.", "أضف سطرًا واحدًا على الأقل.")
_NO_GOODS = Text("Choose goods from the catalog.", "اختر بضاعة من دليل المنتجات.")
_NOT_HERE = Text("Choose a place in this warehouse.", "اختر موقعًا داخل هذا المستودع.")
_NO_LOT = Text("This product has no such lot.", "لا توجد لهذا المنتج تشغيلة كهذه.")
_NO_QUANTITY = Text("Enter a quantity above zero.", "أدخل كمية أكبر من صفر.")
_NO_COST = Text(
    "Enter what one piece of the opening stock cost.", "أدخل تكلفة الوحدة للرصيد الافتتاحي."
)
_COST_IS_KNOWN = Text(
    "Goods leave at what they cost now; leave this empty.",
    "تخرج البضاعة بتكلفتها الحالية، اترك هذا الحقل فارغًا.",
)
_NEGATIVE_COST = Text("A cost is not below zero.", "لا تقل التكلفة عن صفر.")


def _faults(
    adjustment: StockAdjustment,
    line: AdjustmentLine,
    product: Product | None,
    place: Location | None,
    lots: Mapping[UUID, Lot],
) -> Any:
    if product is None or product.kind != ProductKind.GOODS:
        yield "product_id", "not_goods", _NO_GOODS
    if place is None or not place.is_active:
        yield "location_id", "not_in_warehouse", _NOT_HERE
    if line.quantity <= 0:
        yield "quantity", "not_positive", _NO_QUANTITY
    if line.lot_id and (line.lot_id not in lots or lots[line.lot_id].product_id != line.product_id):
        yield "lot_id", "unknown_lot", _NO_LOT
    if line.unit_cost is None:
        if adjustment.kind == StockAdjustmentKind.OPENING:
            yield "unit_cost", "missing", _NO_COST
    elif not adjustment.brings_in:
        yield "unit_cost", "not_wanted", _COST_IS_KNOWN
    elif line.unit_cost < 0:
        yield "unit_cost", "negative", _NEGATIVE_COST


def _line(
    adjustment: StockAdjustment,
    index: int,
    line: AdjustmentLine,
    product: Product,
    place: Location,
    lots: Mapping[UUID, Lot],
    *,
    at: datetime,
) -> StockAdjustmentLine:
    typed = units.measures(product).get(line.unit_id or product.unit_id)
    if typed is None:
        raise units.NoSuchUnit(sku=product.sku, unit_en="", unit_ar="")
    quantity = units.convert(line.quantity, typed, units.Measure(product.unit))
    lot = lots[line.lot_id] if line.lot_id else _lot_by_code(adjustment, line, product, at=at)
    return StockAdjustmentLine(
        adjustment=adjustment,
        position=index + 1,
        product=product,
        location=place,
        lot=lot,
        unit=typed.unit,
        quantity=line.quantity,
        stock_quantity=quantity,
        unit_cost=line.unit_cost,
    )


def _lot_by_code(
    adjustment: StockAdjustment, line: AdjustmentLine, product: Product, *, at: datetime
) -> Lot | None:
    if not line.lot_code:
        return None
    if adjustment.brings_in:
        return find_or_make_lot(product, line.lot_code, expires_on=line.expires_on, at=at)
    found = queries.lot_by_code(product, line.lot_code)
    if found is None:
        raise NotFound()
    return found


def _stay_draft(adjustment: StockAdjustment, expected_version: int | None, **changes: Any) -> None:
    draft = StockAdjustmentState.DRAFT
    move_state(adjustment, frm=[draft], to=draft, expected_version=expected_version, **changes)


def _words(adjustment: StockAdjustment, lines: Sequence[StockAdjustmentLine]) -> str:
    skus = [line.product.sku for line in lines[:20]]
    return searchable(adjustment.number, adjustment.reason, adjustment.warehouse.code, *skus)


def _movements(adjustment: StockAdjustment, lines: Sequence[StockAdjustmentLine]) -> list[Movement]:
    outside = queries.virtual(LocationType.ADJUSTMENT)
    return [
        Movement(
            product_id=line.product_id,
            quantity=line.stock_quantity,
            source=outside if adjustment.brings_in else line.location,
            destination=line.location if adjustment.brings_in else outside,
            lot=line.lot,
            value=None
            if line.unit_cost is None
            else round_money(line.unit_cost * line.stock_quantity),
            line_id=line.pk,
        )
        for line in lines
    ]


def _take_number() -> str:
    return f"ADJ-{take_number(ADJUSTMENTS):06d}"


def _book(
    adjustment: StockAdjustment, number: str, value: Decimal, *, by: Actor, at: datetime
) -> JournalEntry | None:
    """Goods against where they came from; nothing when they are worth nothing."""
    books = Books.open()
    books.require_open(adjustment.effective_on)
    if not value:
        return None
    is_opening = adjustment.kind == StockAdjustmentKind.OPENING
    other = LedgerRole.OPENING_BALANCE if is_opening else LedgerRole.ADJUSTMENT
    stock = LedgerRole.INVENTORY
    debited, credited = (stock, other) if value > 0 else (other, stock)
    return ledger.post(
        [Posting(debited, debit=abs(value)), Posting(credited, credit=abs(value))],
        on=adjustment.effective_on,
        memo=adjustment.reason or number,
        kind="stock_adjustment",
        source=adjustment,
        source_number=number,
        books=books,
        by=by,
        at=at,
    )


def _number(
    adjustment: StockAdjustment, number: str, value: Decimal, entry: JournalEntry | None
) -> None:
    """Fix number, value and entry on a document whose state this unit has claimed."""
    words = f"{searchable(number)} {adjustment.search_text}"
    move_state(
        adjustment,
        frm=[StockAdjustmentState.POSTED],
        to=StockAdjustmentState.POSTED,
        number=number,
        value=value,
        entry=entry,
        search_text=words,
    )


def _mirror(
    original: StockAdjustment, *, on: date, reason: str, by: Actor, at: datetime
) -> StockAdjustment:
    mirror = StockAdjustment(
        kind=original.kind,
        state=StockAdjustmentState.POSTED,
        warehouse=original.warehouse,
        effective_on=on,
        reason=reason,
        reverses=original,
        created_at=at,
        created_by=by.actor_id,
        posted_at=at,
        posted_by=by.actor_id,
        search_text=original.search_text,
    )
    mirror.save(force_insert=True)
    copied = (
        "position", "product", "location", "lot", "unit", "quantity", "stock_quantity",
        "unit_cost", "value",
    )  # fmt: skip
    StockAdjustmentLine.objects.bulk_create(
        StockAdjustmentLine(adjustment=mirror, **{name: getattr(line, name) for name in copied})
        for line in lines_of(original)
    )
    return mirror
