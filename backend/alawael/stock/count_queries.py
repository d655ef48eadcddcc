"""Questions about counts: what stands where, what the books held at a moment, what is due."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from alawael.accounts.models import User
from alawael.catalog import queries as catalog
from alawael.core.money import ZERO
from alawael.core.rows import existing
from alawael.stock.balances import key_of
from alawael.stock.models import (
    NOTHING,
    OPEN_COUNTS,
    CountState,
    Location,
    LocationKind,
    StockBalance,
    StockCount,
    StockCountLine,
    StockMove,
)

#: How many keys one query looks for at most.
CHUNK = 500
#: As the moves of counts name their document.
COUNT_DOCUMENT = StockCount._meta.label_lower


def counts_for(user: User) -> QuerySet[StockCount]:
    """Counts that this user may see."""
    return StockCount.objects.select_related("location__warehouse", "category")


def count_for(user: User, count_id: UUID) -> StockCount:
    """One count; raises NotFound."""
    return existing(counts_for(user).filter(pk=count_id))


def filtered(
    rows: QuerySet[StockCount],
    *,
    state: CountState | None = None,
    warehouse_id: UUID | None = None,
    location_id: UUID | None = None,
    is_open: bool | None = None,
    is_scheduled: bool | None = None,
) -> QuerySet[StockCount]:
    """Narrow a list of counts; None narrows nothing."""
    exact: dict[str, Any] = {
        "state": state,
        "location__warehouse_id": warehouse_id,
        "location_id": location_id,
        "is_scheduled": is_scheduled,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    if is_open is not None:
        still = Q(state__in=list(OPEN_COUNTS))
        rows = rows.filter(still) if is_open else rows.exclude(still)
    return rows


def lines_of(
    count: StockCount,
    *,
    is_counted: bool | None = None,
    differs: bool | None = None,
    location_id: UUID | None = None,
    product_id: UUID | None = None,
) -> QuerySet[StockCountLine]:
    """The lines of a count with what they name; None narrows nothing."""
    rows = StockCountLine.objects.filter(count=count).select_related(
        "product__unit", "location", "lot"
    )
    exact = {"location_id": location_id, "product_id": product_id}
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    if is_counted is not None:
        rows = rows.filter(counted__isnull=not is_counted)
    if differs is not None:
        rows = rows.filter(variance__isnull=False)
        rows = rows.exclude(variance=NOTHING) if differs else rows.filter(variance=NOTHING)
    return rows


@dataclass
class CountFigures:
    """How far a count has come."""

    lines: int = 0
    counted: int = 0
    differing: int = 0
    #: Riyals found less riyals missing.
    variance_value: Decimal = ZERO


def with_figures(counts: Sequence[Any]) -> None:
    """Add to the counts of a page how far they have come."""
    rows = StockCountLine.objects.filter(count_id__in=[count.pk for count in counts])
    counted = rows.filter(counted__isnull=False)
    differing = counted.exclude(variance=NOTHING)
    figures: dict[UUID, CountFigures] = defaultdict(CountFigures)
    for name, some in (("lines", rows), ("counted", counted), ("differing", differing)):
        sums = some.values("count_id").annotate(n=Count("id"), sum=Sum("variance_value"))
        for row in sums.order_by() if counts else ():
            of = figures[row["count_id"]]
            setattr(of, name, row["n"])
            of.variance_value = row["sum"] or ZERO
    for count in counts:
        count.figures = figures[count.pk]


def lines_to_approve(count: StockCount, limit: Decimal | None) -> int:
    """How many differences still need a second person."""
    if limit is None or count.state != CountState.REVIEW:
        return 0
    large = Q(variance_value__gt=limit) | Q(variance_value__lt=-limit)
    rows = StockCountLine.objects.filter(large, count=count)
    return sum(1 for line in rows if needs_approval(line, limit))


def needs_approval(line: StockCountLine, limit: Decimal | None) -> bool:
    """Whether a difference is too large for one person's word; no limit, no need."""
    return (
        limit is not None
        and bool(line.variance)
        and abs(line.variance_value) > limit
        and not line.is_confirmed
    )


def with_what_may_be_seen(counts: Sequence[Any], *, sees: bool) -> None:
    """Add figures to counts, without what the books say where the caller must not know it yet."""
    with_figures(counts)
    for count in counts:
        count.shows_book = sees or not count.is_blind
        if not count.shows_book:
            count.figures.differing = count.figures.variance_value = None


def hide_books(lines: Sequence[Any]) -> None:
    """Take from lines what the books say."""
    for line in lines:
        line.book = line.variance = line.variance_value = None


# Where, and how much


def branch_of(location: Location) -> list[Location]:
    """A place and everything below it; a warehouse's root stands for all of the warehouse."""
    if location.kind == LocationKind.ROOT:
        rows = Location.objects.filter(warehouse=location.warehouse)
        return list(rows.order_by("code_folded"))
    found, above = [location], [location.pk]
    while above:
        below = list(Location.objects.filter(parent_id__in=above).order_by("code_folded"))
        found += below
        above = [place.pk for place in below]
    return found


def balances_to_count(count: StockCount, places: Sequence[Location]) -> list[StockBalance]:
    """What the books say stands in these places, of the products that are counted."""
    rows = StockBalance.objects.filter(location_id__in=[place.pk for place in places])
    rows = rows.exclude(on_hand=NOTHING)
    if count.product_ids:
        rows = rows.filter(product_id__in=[UUID(pk) for pk in count.product_ids])
    if count.category_id is not None:
        inside = catalog.categories(branch_id=count.category_id).values_list("pk", flat=True)
        rows = rows.filter(product__category_id__in=list(inside))
    rows = rows.select_related("product__unit", "location", "lot")
    return sorted(rows, key=_in_walking_order)


def _in_walking_order(balance: StockBalance) -> tuple[str, str, str]:
    lot = balance.lot.code if balance.lot else ""
    return (balance.location.code_folded, balance.product.sku_folded, lot)


def last_sequence() -> int:
    """The newest stock move; every older one is already in the balances."""
    return StockMove.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def sequence_at(moment: datetime | None, *, latest: int) -> int:
    """The newest stock move at a moment; None means now."""
    if moment is None:
        return latest
    earlier = StockMove.objects.filter(posted_at__lte=moment).order_by("-sequence")
    return earlier.values_list("sequence", flat=True).first() or 0


def books_at(wanted: Sequence[tuple[StockCountLine, int]]) -> list[Decimal]:
    """What the books held for each line at its move, in the order given.

    What counts have corrected since is held to have been there: it was, only the books were wrong.
    """
    keys = [key_of(line.product_id, line.location_id, line.lot_id) for line, _ in wanted]
    held = _on_hand(keys)
    later = _later_moves({line.product_id for line, _ in wanted}, [since for _, since in wanted])
    books = []
    for key, (_, since) in zip(keys, wanted, strict=True):
        moved = sum(
            (step for sequence, step in later.get(key, ()) if sequence > since), start=NOTHING
        )
        books.append(held.get(key, NOTHING) - moved)
    return books


def _on_hand(keys: Sequence[str]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for some in _in_chunks(sorted(set(keys))):
        rows = StockBalance.objects.filter(key__in=some)
        found.update(rows.values_list("key", "on_hand"))
    return found


def _later_moves(
    products: Iterable[UUID], since: Sequence[int]
) -> dict[str, list[tuple[int, Decimal]]]:
    """By how much moves after the oldest of these changed each balance, with their sequence."""
    steps: dict[str, list[tuple[int, Decimal]]] = defaultdict(list)
    for some in _in_chunks(sorted(products)):
        moves = StockMove.objects.filter(product_id__in=some, sequence__gt=min(since))
        for one in moves.exclude(document_type=COUNT_DOCUMENT):
            into = key_of(one.product_id, one.destination_id, one.lot_id)
            out_of = key_of(one.product_id, one.source_id, one.lot_id)
            steps[into].append((one.sequence, one.quantity))
            steps[out_of].append((one.sequence, -one.quantity))
    return steps


# What is due


def due_locations(*, on: date) -> QuerySet[Location]:
    """Places in use whose day to be counted has come, or that were never counted."""
    has_come = Q(next_count_on__lte=on) | Q(next_count_on__isnull=True)
    rows = Location.objects.filter(has_come, is_active=True, count_every_days__isnull=False)
    return rows.order_by("next_count_on", "id")


def open_counts_of(location_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these places are being counted as a whole."""
    rows = StockCount.objects.filter(
        location_id__in=list(location_ids), state__in=list(OPEN_COUNTS), category__isnull=True
    )
    return {count.location_id for count in rows if count.is_of_everything}


def scheduled_locations(
    *, on: date, warehouse_id: UUID | None = None, is_due: bool | None = None
) -> QuerySet[Location]:
    """Places that are counted regularly; None narrows nothing."""
    rows = due_locations(on=on) if is_due else Location.objects.all()
    rows = rows.filter(count_every_days__isnull=False).select_related("warehouse")
    if is_due is False:
        rows = rows.filter(next_count_on__gt=on)
    return rows if warehouse_id is None else rows.filter(warehouse_id=warehouse_id)


def _in_chunks(keys: Sequence[Any]) -> Iterator[list[Any]]:
    return (list(keys[start : start + CHUNK]) for start in range(0, len(keys), CHUNK))
