"""Balances, cost states and layers, computed again from what cannot be changed: the moves."""

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, Sum

from alawael.catalog import queries as catalog
from alawael.core.claims import insert_missing
from alawael.core.unit_of_work import unit_of_work
from alawael.stock import queries
from alawael.stock.balances import key_of
from alawael.stock.models import (
    NOTHING,
    CostingMethod,
    CostLayer,
    CostState,
    Reservation,
    ReservationState,
    StockBalance,
    StockMove,
    ValueAdjustment,
)
from alawael.stock.worth import Worth

CHUNK = 2000


class Place(NamedTuple):
    """What a balance is about."""

    product_id: UUID
    location_id: UUID
    lot_id: UUID | None

    @property
    def key(self) -> str:
        return key_of(*self)


@dataclass
class Standing:
    on_hand: Decimal = NOTHING
    reserved: Decimal = NOTHING


@dataclass(frozen=True)
class Difference:
    """A projection that does not say what the moves say."""

    product_id: UUID
    sentence: str


def differences() -> list[Difference]:
    """Every projection that is not what the moves say; [] when all is well. Writes nothing."""
    found = [*wrong_balances(), *_wrong_worths(_worths(None))]
    return sorted(found, key=lambda one: (one.product_id, one.sentence))


def rebuild() -> list[Difference]:
    """Put every wrong projection right, a product at a time; answers what was wrong.

    Safe beside people at work: a product that moves meanwhile is computed again.
    """
    found = differences()
    for product_id in sorted({one.product_id for one in found}):
        put_right(product_id)
    return found


@unit_of_work
def put_right(product_id: UUID) -> None:
    """Write the balances, cost state and layers of a product as its moves say."""
    known = {row.key: row for row in StockBalance.objects.filter(product_id=product_id)}
    standings = _standings([product_id])
    expected = {place.key: (place, standing) for place, standing in standings.items()}
    for key in sorted(known):
        place, standing = expected.pop(key, (None, Standing()))
        StockBalance.objects.filter(key=key).update(**_columns(standing))
    insert_missing(
        [
            StockBalance(key=key, **place._asdict(), **_columns(standing))
            for key, (place, standing) in sorted(expected.items())
        ]
    )
    _put_worth_right(product_id, _worths([product_id])[product_id])


def _standings(product_ids: Collection[UUID] | None) -> dict[Place, Standing]:
    found: dict[Place, Standing] = {}
    outside = queries.outside()
    for end, sign in (("destination_id", 1), ("source_id", -1)):
        rows = StockMove.objects.exclude(**{f"{end}__in": outside})
        for *place, quantity in _sums(rows, product_ids, "product_id", end, "lot_id"):
            found.setdefault(Place(*place), Standing()).on_hand += sign * quantity
    active = Reservation.objects.filter(state=ReservationState.ACTIVE)
    for *place, quantity in _sums(active, product_ids, "product_id", "location_id", "lot_id"):
        found.setdefault(Place(*place), Standing()).reserved += quantity
    return found


def _sums(rows: Any, product_ids: Collection[UUID] | None, *by: str) -> Iterable[tuple[Any, ...]]:
    if product_ids is not None:
        rows = rows.filter(product_id__in=product_ids)
    sums = rows.values_list(*by).annotate(sum=Sum("quantity")).order_by()
    return sums.iterator(chunk_size=CHUNK)  # type: ignore[no-any-return]


def _worths(product_ids: Collection[UUID] | None) -> dict[UUID, Worth]:
    """Every cost event again, in the order in which values were fixed."""
    outside = set(queries.outside())
    methods = _methods(product_ids)
    worths = {pk: _worth(methods[pk]) for pk in product_ids or ()}
    for sequence, product_id, *event in heapq.merge(_moves(product_ids), _adjustments(product_ids)):
        if (worth := worths.get(product_id)) is None:
            worth = worths[product_id] = _worth(methods.get(product_id))
        if len(event) == 3:
            amount, quantity, receipt = event
            worth.revalue(amount, quantity, receipt)
            continue
        quantity, value, source_id, destination_id, reversed_sequence = event
        if (source_id in outside) == (destination_id in outside):
            continue
        if source_id in outside:
            worth.receive(quantity, value, sequence)
        else:
            worth.issue(quantity, value, reversed_sequence)
    return worths


def _moves(product_ids: Collection[UUID] | None) -> Iterator[tuple[Any, ...]]:
    rows = StockMove.objects.all()
    if product_ids is not None:
        rows = rows.filter(product_id__in=product_ids)
    columns = (
        "sequence", "product_id", "quantity", "value", "source_id", "destination_id",
        "reverses__sequence",
    )  # fmt: skip
    return rows.order_by("sequence").values_list(*columns).iterator(chunk_size=CHUNK)


def _adjustments(product_ids: Collection[UUID] | None) -> Iterator[tuple[Any, ...]]:
    """Later facts about cost; what receipts settled (quantity 0) comes out of the moves again."""
    rows = ValueAdjustment.objects.filter(quantity__gt=NOTHING)
    if product_ids is not None:
        rows = rows.filter(product_id__in=product_ids)
    columns = ("sequence", "product_id", "amount", "amount_gone", "quantity", "move__sequence")
    for sequence, product_id, amount, gone, quantity, receipt in (
        rows.order_by("sequence").values_list(*columns).iterator(chunk_size=CHUNK)
    ):
        yield sequence, product_id, amount + gone, quantity, receipt


def _methods(product_ids: Collection[UUID] | None) -> dict[UUID, str]:
    if product_ids is not None:
        return {pk: item.costing for pk, item in queries.stock_items(product_ids).items()}
    return queries.costing_methods()


def _worth(method: str | None) -> Worth:
    return Worth(layers=[] if method == CostingMethod.FIFO else None)


def wrong_balances() -> Iterator[Difference]:
    """Balances that are not what moves and reservations say."""
    standings = _standings(None)
    expected = {place.key: (place, standing) for place, standing in standings.items()}
    places = {place.pk: place.code for place in queries.locations()}
    rows = StockBalance.objects.order_by("key").values_list(
        "key", "product_id", "location_id", "on_hand", "reserved", "available"
    )
    for key, product_id, location_id, on_hand, reserved, free in rows.iterator(chunk_size=CHUNK):
        _, is_so = expected.pop(key, (None, Standing()))
        shown = (on_hand, reserved, free)
        should = (is_so.on_hand, is_so.reserved, is_so.on_hand - is_so.reserved)
        if shown != should:
            yield _difference(
                product_id, f"{places.get(location_id)} shows {_three(shown)}, not {_three(should)}"
            )
    for place, is_so in expected.values():
        if is_so.on_hand or is_so.reserved:
            should = (is_so.on_hand, is_so.reserved, is_so.on_hand - is_so.reserved)
            yield _difference(
                place.product_id, f"{places.get(place.location_id)} lacks {_three(should)}"
            )


def _wrong_worths(worths: Mapping[UUID, Worth]) -> Iterator[Difference]:
    layers: dict[UUID, list[tuple[int, Decimal, Decimal]]] = {}
    kept = CostLayer.objects.order_by("sequence")
    columns = ("product_id", "sequence", "remaining", "value")
    for pk, sequence, remaining, value in kept.values_list(*columns).iterator(chunk_size=CHUNK):
        layers.setdefault(pk, []).append((sequence, remaining, value))
    expected = dict(worths)
    rows = CostState.objects.order_by("product_id").values_list(
        "product_id", "quantity", "value", "uncosted"
    )
    for pk, *shown in rows.iterator(chunk_size=CHUNK):
        is_so = expected.pop(pk, Worth())
        if tuple(shown) != (is_so.quantity, is_so.value, is_so.uncosted):
            yield _difference(
                pk, f"is worth {is_so.value} for {is_so.quantity}, not {shown[1]} for {shown[0]}"
            )
        should = [(one.sequence, one.remaining, one.value) for one in is_so.layers or []]
        if layers.pop(pk, []) != should:
            yield _difference(pk, "has other cost layers than its receipts left")
    for pk, is_so in expected.items():
        if is_so.quantity or is_so.value:
            yield _difference(pk, f"lacks its cost: {is_so.value} for {is_so.quantity}")
    for pk in layers:
        yield _difference(pk, "has cost layers, but no cost")


def _difference(product_id: UUID, what: str) -> Difference:
    return Difference(product_id, what)


def in_words(found: Iterable[Difference]) -> list[str]:
    """The differences as lines that name the product."""
    found = list(found)
    products = catalog.products_by_id({one.product_id for one in found})
    return [
        f"{products[one.product_id].sku if one.product_id in products else one.product_id}: "
        f"{one.sentence}."
        for one in found
    ]


def _three(figures: tuple[Decimal, Decimal, Decimal]) -> str:
    return "{:f} on hand, {:f} reserved, {:f} free".format(*(one.normalize() for one in figures))


def _columns(standing: Standing) -> Mapping[str, Decimal]:
    return {
        "on_hand": standing.on_hand,
        "reserved": standing.reserved,
        "available": standing.on_hand - standing.reserved,
    }


def _put_worth_right(product_id: UUID, worth: Worth) -> None:
    CostLayer.objects.filter(product_id=product_id).delete()
    CostLayer.objects.bulk_create(
        CostLayer(
            product_id=product_id,
            sequence=layer.sequence,
            quantity=layer.quantity,
            remaining=layer.remaining,
            value=layer.value,
        )
        for layer in worth.layers or []
    )
    columns = {
        "quantity": worth.quantity,
        "value": worth.value,
        "uncosted": worth.uncosted,
        "last_unit_cost": worth.last_unit_cost,
    }
    rows = CostState.objects.filter(product_id=product_id)
    if not rows.update(**columns, version=F("version") + 1):
        insert_missing([CostState(product_id=product_id, **columns)])
