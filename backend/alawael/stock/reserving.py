"""Stock set aside for a line of a document, and given back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F

from alawael.catalog import queries as catalog
from alawael.core.claims import change
from alawael.core.clock import business_day
from alawael.core.money import plain
from alawael.core.unit_of_work import StartAgain, unit_of_work
from alawael.stock import queries
from alawael.stock.balances import Shifts
from alawael.stock.models import (
    NOTHING,
    Location,
    LocationType,
    Lot,
    Reservation,
    ReservationState,
    StockBalance,
    Warehouse,
)
from alawael.stock.refusals import NotEnoughStock, ReservationMismatch


@dataclass(frozen=True)
class Want:
    """So much of a product for one line; of this lot or from this place when it is named."""

    product_id: UUID
    quantity: Decimal
    line_id: UUID
    lot: Lot | None = None
    location: Location | None = None

    def fits(self, balance: StockBalance) -> bool:
        return (
            balance.product_id == self.product_id
            and (self.lot is None or balance.lot_id == self.lot.pk)
            and (self.location is None or balance.location_id == self.location.pk)
        )


@unit_of_work
def reserve(
    wants: Sequence[Want],
    *,
    warehouse: Warehouse,
    document: models.Model,
    number: str,
    at: datetime,
    partly: bool = False,
) -> dict[UUID, list[Reservation]]:
    """Set stock of a warehouse aside: what expires first goes first, then the fullest bin.

    Answers the new reservations of every line that was asked for, in the order in which they
    should be picked. Expired lots are never taken. Raises NotEnoughStock when a line cannot be
    covered wholly, unless `partly`; then nothing is set aside.
    """
    shelves = _shelves({want.product_id for want in wants}, warehouse, on=business_day(at))
    left = {balance.pk: balance.available for balance in shelves}
    made: dict[UUID, list[Reservation]] = {want.line_id: [] for want in wants}
    shifts = Shifts()
    for want in wants:
        for balance, taken in _picked(want, shelves, left, warehouse, partly=partly):
            shifts.add(want.product_id, balance.location, balance.lot, reserved=taken)
            made[want.line_id].append(
                Reservation(
                    product_id=want.product_id,
                    location=balance.location,
                    lot=balance.lot,
                    quantity=taken,
                    line_id=want.line_id,
                    created_at=at,
                    **_label(document, number),
                )
            )
    if shifts.apply():
        # Somebody took it after this unit looked.
        raise StartAgain()
    Reservation.objects.bulk_create([row for rows in made.values() for row in rows])
    return made


@unit_of_work
def release(reservations: Iterable[Reservation]) -> None:
    """Give back what is set aside; what was consumed or given back before is left alone."""
    _release(Reservation.objects.filter(pk__in=[row.pk for row in reservations]))


@unit_of_work
def release_line(line_id: UUID, quantity: Decimal | None = None) -> Decimal:
    """Give back what a line has set aside, or only so much, the newest first.

    Answers what was given back; that may be less than was asked for.
    """
    if quantity is None:
        return _release(Reservation.objects.filter(line_id=line_id))
    given = NOTHING
    for reservation in queries.reservations(line_id=line_id).order_by("-id"):
        part = min(quantity - given, reservation.quantity)
        if part <= 0:
            break
        if part == reservation.quantity:
            _release(Reservation.objects.filter(pk=reservation.pk))
        else:
            change(reservation, quantity=reservation.quantity - part)
            _give_back([(reservation, part)])
        given += part
    return given


@unit_of_work
def release_document(document_id: UUID) -> None:
    """Give back everything that a document has set aside."""
    _release(Reservation.objects.filter(document_id=document_id))


@unit_of_work
def hand_over(
    reservations: Iterable[Reservation],
    *,
    document: models.Model,
    number: str,
    line_ids: Mapping[UUID, UUID],
) -> list[Reservation]:
    """Make reservations those of another document: an order's become the shipment's, and back.

    `line_ids` tells for each line of today which line they are for now. Nothing becomes free in
    between. Raises VersionConflict when one of them was changed meanwhile.
    """
    return [
        change(row, line_id=line_ids[row.line_id], **_label(document, number))
        for row in reservations
    ]


@unit_of_work
def split(reservation: Reservation, quantity: Decimal) -> tuple[Reservation, Reservation | None]:
    """Make two of one reservation: the first of `quantity`, the other of the rest (None if none).

    Raises ReservationMismatch when it holds less.
    """
    rest = reservation.quantity - quantity
    if rest < 0 or quantity <= 0 or reservation.state != ReservationState.ACTIVE:
        raise ReservationMismatch(sku=reservation.product.sku)
    if rest == 0:
        return reservation, None
    change(reservation, quantity=quantity)
    kept = (
        "product_id", "location", "lot", "document_type", "document_id", "document_number",
        "line_id", "created_at",
    )  # fmt: skip
    other = Reservation(quantity=rest, **{name: getattr(reservation, name) for name in kept})
    other.save(force_insert=True)
    return reservation, other


def reserved_of_lines(line_ids: Iterable[UUID]) -> dict[UUID, list[Reservation]]:
    """What is set aside for each line now, with places and lots; [] where nothing is."""
    found: dict[UUID, list[Reservation]] = {line_id: [] for line_id in line_ids}
    for row in queries.reservations(line_id__in=list(found)).order_by("id"):
        found[row.line_id].append(row)
    return found


def consume(parts: Iterable[tuple[Reservation, Decimal]]) -> None:
    """Take quantities off reservations, because the goods themselves leave; balances are the
    mover's. Raises ReservationMismatch when one holds less, VersionConflict when it was changed."""
    wanted: dict[UUID, tuple[Reservation, Decimal]] = {}
    for reservation, quantity in parts:
        _, before = wanted.get(reservation.pk, (reservation, NOTHING))
        wanted[reservation.pk] = (reservation, before + quantity)
    for _, (reservation, quantity) in sorted(wanted.items()):
        left = reservation.quantity - quantity
        if left < 0 or reservation.state != ReservationState.ACTIVE:
            raise ReservationMismatch(sku=reservation.product.sku)
        changes: dict[str, Any] = (
            {"quantity": left} if left else {"state": ReservationState.CONSUMED}
        )
        change(reservation, **changes)


def _shelves(product_ids: Iterable[UUID], warehouse: Warehouse, *, on: date) -> list[StockBalance]:
    """Where goods can be taken from, in the order in which they should be."""
    rows = queries.balances().filter(
        product_id__in=list(product_ids),
        location__warehouse=warehouse,
        location__type=LocationType.INTERNAL,
        location__is_active=True,
        available__gt=NOTHING,
    )
    good = [row for row in rows if not (row.lot and row.lot.is_expired(on))]
    return sorted(good, key=_first_out)


def _first_out(balance: StockBalance) -> tuple[Any, ...]:
    lot = balance.lot
    return (
        (lot and lot.expires_on) or date.max,
        str(lot.pk) if lot else "",
        -balance.available,
        balance.location.code_folded,
    )


def _picked(
    want: Want,
    shelves: Sequence[StockBalance],
    left: dict[UUID, Decimal],
    warehouse: Warehouse,
    *,
    partly: bool,
) -> list[tuple[StockBalance, Decimal]]:
    picked, missing = [], want.quantity
    for balance in shelves:
        taken = min(missing, left[balance.pk]) if want.fits(balance) else NOTHING
        if taken > 0:
            left[balance.pk] -= taken
            missing -= taken
            picked.append((balance, taken))
    if missing > 0 and not partly:
        product = catalog.products_by_id([want.product_id])[want.product_id]
        raise NotEnoughStock(
            sku=product.sku,
            wanted=plain(want.quantity),
            free=plain(want.quantity - missing),
            location=want.location.code if want.location else warehouse.code,
        )
    return picked


def _label(document: models.Model, number: str) -> dict[str, Any]:
    return {
        "document_type": document._meta.label_lower,
        "document_id": document.pk,
        "document_number": number,
    }


def _release(rows: "models.QuerySet[Reservation]") -> Decimal:
    active = list(rows.filter(state=ReservationState.ACTIVE).select_related("location", "lot"))
    if not active:
        return NOTHING
    still = Reservation.objects.filter(
        pk__in=[row.pk for row in active],
        line_id__in=sorted({row.line_id for row in active}),
        state=ReservationState.ACTIVE,
    )
    if still.update(state=ReservationState.RELEASED, version=F("version") + 1) != len(active):
        raise StartAgain()
    return _give_back([(row, row.quantity) for row in active])


def _give_back(parts: Sequence[tuple[Reservation, Decimal]]) -> Decimal:
    shifts = Shifts()
    for row, quantity in parts:
        shifts.add(row.product_id, row.location, row.lot, reserved=-quantity)
    if short := shifts.apply():
        raise RuntimeError(f"Less is reserved at {short[0].key} than reservations say.")
    return sum((quantity for _, quantity in parts), NOTHING)
