"""What can happen to a count: drafted, started, entered, reviewed, approved, posted.

What was counted is compared with what the books held at that very moment, so goods may come and
go while people count. What other counts have corrected since is part of what the books hold, so
one difference is never corrected twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from alawael.catalog import queries as catalog
from alawael.catalog.models import Category, Product, ProductKind
from alawael.core import audit
from alawael.core.actors import SYSTEM, Actor
from alawael.core.claims import change, insert_missing, move_state
from alawael.core.errors import FieldError, Invalid, NotFound, Refusal, Text, one_error
from alawael.core.money import ZERO, plain, round_money
from alawael.core.numbering import take_number
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.ledger import services as ledger
from alawael.ledger.books import Books, Posting
from alawael.ledger.models import LedgerRole
from alawael.stock import count_queries, queries
from alawael.stock.balances import key_of
from alawael.stock.lots import find_or_make_lot
from alawael.stock.models import (
    NOTHING,
    OPEN_COUNTS,
    CountState,
    Location,
    LocationType,
    Lot,
    StockCount,
    StockCountLine,
    StockMove,
)
from alawael.stock.moving import Movement, move

SERIES, PREFIX = "stock_count", "CNT"
KIND = "stock_count"
#: How many refused lines a sentence names.
MOST_NAMED = 5


class Uncounted(StrEnum):
    """What becomes of lines that nobody has counted."""

    SKIP = "skip"
    ZERO = "zero"


class NotCountable(Refusal):
    code = "not_countable"
    message = Text(
        "Nothing stands in {location}. Choose a warehouse, a zone or a bin.",
        "لا توضع بضاعة في {location}. اختر مستودعًا أو منطقة أو رفًا.",
    )


class NotAllCounted(Refusal):
    code = "not_all_counted"
    message = Text(
        "{number} lines are not counted yet. Count them, leave them out, or take them as zero.",
        "لم يُعدّ {number} من البنود بعد. عدّها أو استبعدها أو اعتبرها صفرًا.",
    )


class NothingCounted(Refusal):
    code = "nothing_counted"
    message = Text("Nothing has been counted yet.", "لم يُعدّ أي شيء بعد.")


class CountOutdated(Refusal):
    code = "count_outdated"
    message = Text(
        "Another count has corrected {skus} meanwhile. Review this one again.",
        "صحّح جرد آخر {skus} في هذه الأثناء. راجع هذا الجرد من جديد.",
    )


class NeedsSecondPerson(Refusal):
    code = "count_needs_approval"
    message = Text(
        "The difference of {skus} is large. Somebody other than the counter has to approve it, "
        "or count it again.",
        "الفرق في {skus} كبير. يجب أن يعتمده شخص غير من عدّه أو أن يُعدّ مرة ثانية.",
    )


class ApprovedByCounter(Refusal):
    code = "count_approved_by_counter"
    message = Text(
        "You have counted {skus} yourself. Somebody else has to approve it.",
        "أنت من عدّ {skus}. يجب أن يعتمده شخص آخر.",
    )


@dataclass(frozen=True)
class Entry:
    """A figure from the shelf, for a line of the count or for something found beside it."""

    quantity: Decimal
    line_id: UUID | None = None
    product_id: UUID | None = None
    location_id: UUID | None = None
    lot_code: str | None = None
    expires_on: date | None = None
    #: When it was counted, if that was before it is entered.
    counted_at: datetime | None = None


@unit_of_work
def draft_count(
    location: Location,
    *,
    category: Category | None = None,
    product_ids: Collection[UUID] = (),
    notes: str = "",
    is_scheduled: bool = False,
    by: Actor,
    at: datetime,
) -> StockCount:
    """Plan to count a branch of a warehouse: all of it, a category or some products.

    Raises NotCountable, and Invalid for products that are no goods.
    """
    if location.warehouse_id is None or not location.holds_stock:
        raise NotCountable(location=location.code)
    products = catalog.products_by_id(product_ids)
    if any(not _is_goods(products.get(pk)) for pk in product_ids):
        raise one_error("/product_ids", "not_goods", _NOT_GOODS)
    count = StockCount(
        location=location,
        category=category,
        product_ids=[str(pk) for pk in products],
        notes=notes,
        is_scheduled=is_scheduled,
        created_at=at,
        created_by=by.actor_id,
        search_text=searchable(location.code, location.name_en, location.name_ar),
    )
    count.save(force_insert=True)
    audit.record(count, "stock_count.drafted", by=by, at=at, changes={"location": location.code})
    return count


@unit_of_work
def start_count(
    count: StockCount, *, expected_version: int | None = None, by: Actor, at: datetime
) -> StockCount:
    """Begin to count: a line for everything that the books say is there."""
    number = f"{PREFIX}-{take_number(SERIES):06d}"
    move_state(
        count,
        frm=[CountState.DRAFT],
        to=CountState.COUNTING,
        expected_version=expected_version,
        number=number,
        search_text=f"{searchable(number)} {count.search_text}",
        snapshot_sequence=count_queries.last_sequence(),
        started_at=at,
    )
    lines = _lines_to_count(count)
    StockCountLine.objects.bulk_create(lines)
    audit.record(count, "stock_count.started", by=by, at=at, changes={"lines": len(lines)})
    return count


@unit_of_work
def enter_counts(
    count: StockCount, entries: Sequence[Entry], *, by: Actor, at: datetime
) -> StockCount:
    """Write down what was counted; a line that has a figure keeps it as its first count.

    Raises WrongState, Invalid naming each entry that fits nothing, and what making a lot raises.
    """
    count = _claimed(count, CountState.COUNTING)
    lines = _lines_of_entries(count, entries, at=at)
    sequence = count_queries.last_sequence()
    sequences = [count_queries.sequence_at(entry.counted_at, latest=sequence) for entry in entries]
    books = count_queries.books_at(list(zip(lines, sequences, strict=True)))
    told = []
    for line, entry, counted_sequence, book in zip(lines, entries, sequences, books, strict=True):
        _write(
            line,
            first_counted=line.counted,
            first_counted_by=line.counted_by,
            first_counted_by_name=line.counted_by_name,
            counted=entry.quantity,
            counted_at=min(entry.counted_at or at, at),
            counted_by=by.actor_id,
            counted_by_name=by.actor_name,
            counted_sequence=counted_sequence,
            book=book,
            variance=entry.quantity - book,
            needs_recount=False,
            approved_by=None,
        )
        told.append([line.product.sku, line.location.code, plain(entry.quantity)])
    audit.record(count, "stock_count.entered", by=by, at=at, changes={"lines": told})
    return count


@unit_of_work
def review_count(
    count: StockCount,
    *,
    uncounted: Uncounted | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> StockCount:
    """End counting, or look again: the differences and what they are worth.

    Raises NotAllCounted unless it is said what becomes of lines without a figure (those left out
    stay as they are), and NothingCounted.
    """
    move_state(
        count,
        frm=[CountState.COUNTING, CountState.REVIEW],
        to=CountState.REVIEW,
        expected_version=expected_version,
    )
    missing = list(_lines(count).filter(counted__isnull=True))
    missing += list(_lines(count).filter(counted__isnull=False, needs_recount=True))
    if missing and uncounted is None:
        raise NotAllCounted(number=len(missing))
    if missing and uncounted == Uncounted.ZERO:
        _count_as_zero([line for line in missing if not line.is_counted], by=by, at=at)
    lines = _counted(count)
    if not lines:
        raise NothingCounted()
    _reckon(lines)
    audit.record(
        count,
        "stock_count.reviewed",
        by=by,
        at=at,
        changes={"counted": len(lines), "differing": sum(1 for line in lines if line.variance)},
    )
    return count


@unit_of_work
def recount(
    count: StockCount,
    line_ids: Collection[UUID],
    *,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> StockCount:
    """Send people back to count some lines a second time. Raises Invalid for a foreign line."""
    move_state(
        count,
        frm=[CountState.REVIEW],
        to=CountState.COUNTING,
        expected_version=expected_version,
    )
    for line in _named(count, line_ids):
        _write(line, needs_recount=True, approved_by=None)
    audit.record(count, "stock_count.recount", by=by, at=at, changes={"lines": len(line_ids)})
    return count


@unit_of_work
def approve_count(
    count: StockCount,
    line_ids: Collection[UUID] | None = None,
    *,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> StockCount:
    """Stand behind differences (None: all of them) that somebody else has counted.

    Raises ApprovedByCounter.
    """
    move_state(
        count,
        frm=[CountState.REVIEW],
        to=CountState.REVIEW,
        expected_version=expected_version,
    )
    lines = _counted(count) if line_ids is None else _named(count, line_ids)
    differing = [line for line in lines if line.variance]
    own = [line for line in differing if by.actor_id == line.counted_by]
    if own:
        raise ApprovedByCounter(skus=_skus(own))
    for line in differing:
        _write(line, approved_by=by.actor_id)
    skus = [line.product.sku for line in differing]
    audit.record(count, "stock_count.approved", by=by, at=at, changes={"lines": skus})
    return count


@unit_of_work
def post_count(
    count: StockCount,
    *,
    on: date,
    may_backdate: bool = False,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> StockCount:
    """Put the books right: differences are moved, at today's cost; the rest is kept as proof.

    Raises CountOutdated when another count has corrected the same goods since the review,
    NeedsSecondPerson, NotEnoughStock for missing goods that are set aside, PeriodClosed, and what
    `move` raises.
    """
    move_state(
        count,
        frm=[CountState.REVIEW],
        to=CountState.POSTED,
        expected_version=expected_version,
        posted_on=on,
        posted_at=at,
        posted_by=by.actor_id,
    )
    lines = _counted(count)
    _require_current(lines)
    _require_approved(lines)
    moves = _correct(count, lines, on=on, may_backdate=may_backdate, by=by, at=at)
    gained, lost = _sums(moves)
    StockCount.objects.filter(pk=count.pk).update(gained=gained, lost=lost)
    count.gained, count.lost = gained, lost
    _post(count, gained, lost, on=on, by=by, at=at)
    _plan_next(count, on=on)
    audit.record(
        count,
        "stock_count.posted",
        by=by,
        at=at,
        changes={"on": on, "lines": len(moves), "gained": gained, "lost": lost},
    )
    return count


@unit_of_work
def cancel_count(
    count: StockCount, *, expected_version: int | None = None, by: Actor, at: datetime
) -> StockCount:
    """Give a count up; nothing is corrected."""
    move_state(
        count,
        frm=list(OPEN_COUNTS),
        to=CountState.CANCELLED,
        expected_version=expected_version,
    )
    audit.record(count, "stock_count.cancelled", by=by, at=at)
    return count


@unit_of_work
def schedule_count(
    location: Location,
    *,
    every_days: int | None,
    next_on: date | None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Location:
    """Have a place counted every so many days, the first time on `next_on`; None ends it."""
    if location.warehouse_id is None or not location.holds_stock:
        raise NotCountable(location=location.code)
    changes = {
        "count_every_days": every_days,
        "next_count_on": next_on if every_days is not None else None,
    }
    differences = audit.difference(location, changes)
    change(location, expected_version=expected_version, **changes)
    audit.record(location, "location.count_scheduled", by=by, at=at, changes=differences)
    return location


@unit_of_work
def draft_due_counts(*, on: date, at: datetime) -> list[StockCount]:
    """Draft a count of every place whose day has come, unless one of it is open."""
    due = list(count_queries.due_locations(on=on))
    open_of = count_queries.open_counts_of(location.pk for location in due)
    return [
        draft_count(location, is_scheduled=True, by=SYSTEM, at=at)
        for location in due
        if location.pk not in open_of
    ]


# Lines


def _lines_to_count(count: StockCount) -> list[StockCountLine]:
    """A line for every balance, and for every product that was asked for and is not there."""
    places = count_queries.branch_of(count.location)
    balances = count_queries.balances_to_count(count, places)
    lines = [_a_line(count, balance.product, balance.location, balance.lot) for balance in balances]
    there = {balance.product_id for balance in balances}
    absent = catalog.products_by_id(UUID(pk) for pk in count.product_ids if UUID(pk) not in there)
    items = queries.stock_items(absent)
    lines += [
        _a_line(count, product, count.location, None)
        for pk, product in absent.items()
        if items[pk].tracking == "none"
    ]
    return lines


def _a_line(
    count: StockCount, product: Product, location: Location, lot: Lot | None
) -> StockCountLine:
    key = key_of(product.pk, location.pk, lot.pk if lot else None)
    return StockCountLine(
        count=count, key=f"{count.pk.hex}:{key}", product=product, location=location, lot=lot
    )


_NOT_GOODS = Text("Choose goods from the catalog.", "اختر بضاعة من دليل المنتجات.")
_NO_LINE = Text(
    "Name a line of this count, or what was found and where.",
    "حدد بندًا من هذا الجرد أو البضاعة التي وُجدت ومكانها.",
)
_NOT_BELOW = Text("This place is not part of the count.", "هذا الموقع ليس ضمن الجرد.")
_TWICE = Text("This line is entered twice.", "أُدخل هذا البند مرتين.")
_NOT_WHOLE = Text("Enter a whole number.", "أدخل عددًا صحيحًا.")
_NEGATIVE = Text("Enter 0 or more.", "أدخل صفرًا أو أكثر.")


def _lines_of_entries(
    count: StockCount, entries: Sequence[Entry], *, at: datetime
) -> list[StockCountLine]:
    """The line of each entry; new ones for what was found. Raises Invalid."""
    known = _lines(count)
    by_id = known.in_bulk([entry.line_id for entry in entries if entry.line_id])
    found = _found(count, entries, at=at)
    keys = [line.key for line in found.values()]
    by_key = {line.key: line for line in known.filter(key__in=keys)} if keys else {}
    errors: list[FieldError] = []
    lines: list[StockCountLine] = []
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        new = found.get(index)
        line = by_id.get(entry.line_id) if entry.line_id else new and by_key.get(new.key, new)
        if line is None:
            errors.append(FieldError(f"/entries/{index}/line_id", "unknown_line", _NO_LINE))
            continue
        if line.key in seen:
            errors.append(FieldError(f"/entries/{index}", "entered_twice", _TWICE))
        seen.add(line.key)
        errors += _wrong_quantity(index, entry.quantity, line.product)
        lines.append(line)
    if errors:
        raise Invalid(errors=errors)
    insert_missing([line for line in lines if line._state.adding])
    return lines


def _found(
    count: StockCount, entries: Sequence[Entry], *, at: datetime
) -> dict[int, StockCountLine]:
    """Unsaved lines for what entries name by product and place."""
    wanted = {
        index: entry
        for index, entry in enumerate(entries)
        if entry.line_id is None and entry.product_id is not None
    }
    if not wanted:
        return {}
    products = catalog.products_by_id(
        entry.product_id for entry in wanted.values() if entry.product_id
    )
    places = {place.pk: place for place in count_queries.branch_of(count.location)}
    errors: list[FieldError] = []
    lines = {}
    for index, entry in wanted.items():
        product = products.get(entry.product_id) if entry.product_id else None
        place = places.get(entry.location_id or count.location_id)
        if product is None or not _is_goods(product):
            errors.append(FieldError(f"/entries/{index}/product_id", "not_goods", _NOT_GOODS))
        elif place is None:
            errors.append(FieldError(f"/entries/{index}/location_id", "not_counted", _NOT_BELOW))
        else:
            lot = (
                find_or_make_lot(product, entry.lot_code, expires_on=entry.expires_on, at=at)
                if entry.lot_code
                else None
            )
            lines[index] = _a_line(count, product, place, lot)
    if errors:
        raise Invalid(errors=errors)
    return lines


def _wrong_quantity(index: int, quantity: Decimal, product: Product) -> list[FieldError]:
    if quantity < 0:
        return [FieldError(f"/entries/{index}/quantity", "negative", _NEGATIVE)]
    if product.unit.is_whole and quantity != int(quantity):
        return [FieldError(f"/entries/{index}/quantity", "not_whole", _NOT_WHOLE)]
    return []


def _is_goods(product: Product | None) -> bool:
    return product is not None and product.kind == ProductKind.GOODS


def _lines(count: StockCount) -> Any:
    rows = StockCountLine.objects.filter(count=count)
    return rows.select_related("product__unit", "location", "lot").order_by("id")


def _counted(count: StockCount) -> list[StockCountLine]:
    return list(_lines(count).filter(counted__isnull=False))


def _named(count: StockCount, line_ids: Collection[UUID]) -> list[StockCountLine]:
    lines = list(_lines(count).filter(pk__in=list(line_ids), counted__isnull=False))
    if len(lines) != len(set(line_ids)):
        raise one_error("/line_ids", "unknown_line", _NO_LINE)
    return lines


def _claimed(count: StockCount, state: CountState) -> StockCount:
    """The count as it is now, claimed: who ends the counting at once comes after."""
    current = StockCount.objects.select_related("location").filter(pk=count.pk).first()
    if current is None:
        raise NotFound()
    return move_state(current, frm=[state], to=state)


def _write(line: StockCountLine, **changes: Any) -> None:
    """Change a line of a count that this unit has claimed."""
    StockCountLine.objects.filter(pk=line.pk).update(**changes)
    for name, value in changes.items():
        setattr(line, name, value)


# What differs, and what that is worth


def _count_as_zero(lines: Sequence[StockCountLine], *, by: Actor, at: datetime) -> None:
    sequence = count_queries.last_sequence()
    books = count_queries.books_at([(line, sequence) for line in lines])
    for line, book in zip(lines, books, strict=True):
        _write(
            line,
            counted=NOTHING,
            counted_at=at,
            counted_by=by.actor_id,
            counted_by_name=by.actor_name,
            counted_sequence=sequence,
            book=book,
            variance=-book,
        )


def _reckon(lines: Sequence[StockCountLine]) -> None:
    """Compare every line with the books again, and value what differs."""
    costs = queries.cost_of(line.product_id for line in lines)
    for line, book in zip(lines, _books_of(lines), strict=True):
        counted = line.counted or NOTHING
        variance = counted - book
        fixed = {
            "book": book,
            "variance": variance,
            "variance_value": round_money(variance * costs[line.product_id].average),
        }
        if fixed != {name: getattr(line, name) for name in fixed}:
            approved = {} if variance == line.variance else {"approved_by": None}
            _write(line, **fixed, **approved)


def _books_of(lines: Sequence[StockCountLine]) -> list[Decimal]:
    return count_queries.books_at([(line, line.counted_sequence or 0) for line in lines])


def _require_current(lines: Sequence[StockCountLine]) -> None:
    outdated = [
        line for line, book in zip(lines, _books_of(lines), strict=True) if book != line.book
    ]
    if outdated:
        raise CountOutdated(skus=_skus(outdated))


def _require_approved(lines: Sequence[StockCountLine]) -> None:
    limit = queries.stock_settings().count_approval_above
    large = [line for line in lines if count_queries.needs_approval(line, limit)]
    if large:
        raise NeedsSecondPerson(skus=_skus(large))


def _skus(lines: Sequence[StockCountLine]) -> str:
    skus = sorted({line.product.sku for line in lines})
    named = ", ".join(skus[:MOST_NAMED])
    return f"{named} …" if len(skus) > MOST_NAMED else named


# Putting the books right


def _correct(
    count: StockCount,
    lines: Sequence[StockCountLine],
    *,
    on: date,
    may_backdate: bool,
    by: Actor,
    at: datetime,
) -> list[StockMove]:
    outside = queries.virtual(LocationType.ADJUSTMENT)
    movements = [
        Movement(
            product_id=line.product_id,
            quantity=abs(line.variance),
            source=line.location if line.variance < 0 else outside,
            destination=outside if line.variance < 0 else line.location,
            lot=line.lot,
            line_id=line.pk,
        )
        for line in lines
        if line.variance
    ]
    return move(
        movements,
        document=count,
        number=count.number or "",
        on=on,
        may_backdate=may_backdate,
        by=by,
        at=at,
    )


def _sums(moves: Sequence[StockMove]) -> tuple[Decimal, Decimal]:
    """Riyals found, and riyals missing."""
    gained = sum((one.value for one in moves if one.destination.holds_stock), start=ZERO)
    lost = sum((one.value for one in moves if one.source.holds_stock), start=ZERO)
    return gained, lost


def _post(
    count: StockCount, gained: Decimal, lost: Decimal, *, on: date, by: Actor, at: datetime
) -> None:
    books = Books.open()
    books.require_open(on)
    postings = []
    if gained:
        postings += [
            Posting(LedgerRole.INVENTORY, debit=gained),
            Posting(LedgerRole.ADJUSTMENT, credit=gained),
        ]
    if lost:
        postings += [
            Posting(LedgerRole.ADJUSTMENT, debit=lost),
            Posting(LedgerRole.INVENTORY, credit=lost),
        ]
    if postings:
        ledger.post(
            postings,
            on=on,
            memo=count.location.code,
            kind=KIND,
            source=count,
            source_number=count.number or "",
            by=by,
            at=at,
            books=books,
        )


def _plan_next(count: StockCount, *, on: date) -> None:
    """What was counted as a whole is due again so many days later."""
    if not count.is_of_everything:
        return
    for place in count_queries.branch_of(count.location):
        if place.count_every_days is not None:
            change(place, next_count_on=on + timedelta(days=place.count_every_days))
