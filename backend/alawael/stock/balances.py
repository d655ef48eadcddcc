"""How much stands where: changed by conditional updates, never read and written back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import F

from alawael.core.claims import insert_missing
from alawael.core.fields import QuantityField
from alawael.stock.models import NOTHING, Location, Lot, StockBalance, Warehouse

CHUNK = 500


def key_of(product_id: UUID, location_id: UUID, lot_id: UUID | None) -> str:
    return f"{product_id.hex}:{location_id.hex}:{lot_id.hex if lot_id else '-'}"


@dataclass
class Shift:
    """By how much one balance changes."""

    product_id: UUID
    location: Location
    lot: Lot | None
    on_hand: Decimal = NOTHING
    reserved: Decimal = NOTHING

    @property
    def key(self) -> str:
        return key_of(self.product_id, self.location.pk, self.lot.pk if self.lot else None)

    @property
    def available(self) -> Decimal:
        return self.on_hand - self.reserved


class Shifts:
    """All changes of one command, added up for each balance."""

    def __init__(self) -> None:
        self._of: dict[str, Shift] = {}

    def add(
        self,
        product_id: UUID,
        location: Location,
        lot: Lot | None,
        *,
        on_hand: Decimal = NOTHING,
        reserved: Decimal = NOTHING,
    ) -> None:
        shift = Shift(product_id, location, lot)
        shift = self._of.setdefault(shift.key, shift)
        shift.on_hand += on_hand
        shift.reserved += reserved

    def apply(self) -> list[Shift]:
        """Write them in key order; answers those that found too little, and wrote nothing there.

        Call it inside the unit of the change, and let the unit fail when something is answered.
        """
        missing = set(self._of) - _existing(self._of)
        new: list[Shift] = []
        short: list[Shift] = []
        for key, shift in sorted(self._of.items()):
            if key in missing:
                (new if _can_begin_with(shift) else short).append(shift)
            elif not _claim(key, shift):
                short.append(shift)
        insert_missing([_row(shift) for shift in new])
        return short


def _existing(keys: Mapping[str, Shift]) -> set[str]:
    ordered = sorted(keys)
    found: set[str] = set()
    for start in range(0, len(ordered), CHUNK):
        rows = StockBalance.objects.filter(key__in=ordered[start : start + CHUNK])
        found.update(rows.values_list("key", flat=True))
    return found


def _claim(key: str, shift: Shift) -> bool:
    changes = _changes(shift)
    if not changes:  # what came in has left again within the same command
        return True
    # The product is in the key already; said once more, only its own answers become old.
    of_product = {"product_id": shift.product_id}
    enough = StockBalance.objects.filter(key=key, **_enough(shift)).filter(**of_product)
    if enough.update(**changes):
        return True
    if not _may_be_negative(shift):
        return False
    promised = {"reserved__gte": -shift.reserved} if shift.reserved < 0 else {}
    rows = StockBalance.objects.filter(key=key, **promised).filter(**of_product)
    return bool(rows.update(**changes))


def _enough(shift: Shift) -> dict[str, Decimal]:
    wanted = {
        "on_hand__gte": shift.on_hand,
        "reserved__gte": shift.reserved,
        "available__gte": shift.available,
    }
    return {name: -change for name, change in wanted.items() if change < 0}


def _changes(shift: Shift) -> dict[str, object]:
    return {
        name: F(name) + QuantityField.steps(change)
        for name, change in (
            ("on_hand", shift.on_hand),
            ("reserved", shift.reserved),
            ("available", shift.available),
        )
        if change
    }


def _can_begin_with(shift: Shift) -> bool:
    return shift.reserved == 0 and (shift.on_hand >= 0 or _may_be_negative(shift))


def _may_be_negative(shift: Shift) -> bool:
    """Goods that are not there may be issued, but never set aside."""
    return (
        shift.reserved <= 0
        and shift.location.warehouse_id is not None
        and Warehouse.objects.filter(pk=shift.location.warehouse_id, allows_negative=True).exists()
    )


def _row(shift: Shift) -> StockBalance:
    return StockBalance(
        key=shift.key,
        product_id=shift.product_id,
        location=shift.location,
        lot=shift.lot,
        on_hand=shift.on_hand,
        reserved=shift.reserved,
        available=shift.available,
    )


def available_at(shifts: Iterable[Shift]) -> dict[str, Decimal]:
    """What is free at these balances now, by key."""
    rows = StockBalance.objects.filter(key__in=[shift.key for shift in shifts])
    return dict(rows.values_list("key", "available"))
