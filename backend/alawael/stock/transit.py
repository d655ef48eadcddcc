"""Goods on their way: what is still in transit of a transfer, lot by lot, and at what value."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import F

from alawael.core.errors import FieldError, Invalid, Refusal, Text
from alawael.core.fields import MoneyField, QuantityField
from alawael.core.money import ZERO, plain
from alawael.stock import queries
from alawael.stock.models import (
    NOTHING,
    Location,
    LocationType,
    Lot,
    StockTransfer,
    StockTransferLine,
)
from alawael.stock.moving import Movement
from alawael.stock.transfer_drafting import NO_SUCH_LOT, NOT_THERE
from alawael.stock.worth import share

#: Where goods of a warehouse can stand.
_IN_A_WAREHOUSE = frozenset({LocationType.INTERNAL, LocationType.QUALITY})


class NothingToTransfer(Refusal):
    code = "nothing_to_transfer"
    message = Text(
        "Nothing of this transfer is set aside. Reserve it first.",
        "لم يُحجز شيء من هذا التحويل. احجز البضاعة أولًا.",
    )


class NotThatMuchInTransit(Refusal):
    code = "not_that_much_in_transit"
    message = Text(
        "Only {left} of {sku} are still on their way; {wanted} were entered.",
        "المتبقي في الطريق من {sku} هو {left} والمُدخل {wanted}.",
    )


@dataclass(frozen=True)
class Part:
    """So much of a line, in stock units, and of which lot; at the ends of the way also where."""

    line_id: UUID
    quantity: Decimal
    lot_id: UUID | None = None
    location_id: UUID | None = None


@dataclass(frozen=True)
class Step:
    """A quantity of one line and lot that ends its journey, with its share of the value."""

    line: StockTransferLine
    quantity: Decimal
    value: Decimal
    lot: Lot | None
    #: Where it was taken from.
    origin: Location
    location_id: UUID | None


def lines_of(transfer: StockTransfer) -> list[StockTransferLine]:
    """The lines of a transfer in their order, with what they name."""
    rows = StockTransferLine.objects.filter(transfer=transfer).order_by("position")
    return list(rows.select_related("product", "lot", "source_location", "destination_location"))


def journeys_of(transfer: StockTransfer, parts: Sequence[Part] | None) -> list[Step]:
    """What the parts are, lot by lot in the order in which they were sent."""
    lines = {line.pk: line for line in lines_of(transfer)}
    if parts is None:
        parts = [Part(line.pk, line.in_transit) for line in lines.values() if line.in_transit]
    wanted: dict[UUID, Decimal] = defaultdict(Decimal)
    for part in parts:
        wanted[line_of(lines, part).pk] += part.quantity
    for line_id, quantity in wanted.items():
        if quantity > lines[line_id].in_transit:
            raise _too_much(lines[line_id], lines[line_id].in_transit, quantity)
    sent = travelling(transfer, wanted)
    steps: list[Step] = []
    for part in parts:
        steps += _steps(lines[part.line_id], part, sent[part.line_id])
    return steps


@dataclass
class Travelling:
    """What of one lot, sent from one place, is still on its way."""

    lot: Lot | None
    origin: Location
    quantity: Decimal


def travelling(transfer: StockTransfer, line_ids: Collection[UUID]) -> dict[UUID, list[Travelling]]:
    """What is on its way, read from the moves: those that went out, less those that came in."""
    transit = queries.virtual(LocationType.IN_TRANSIT)
    moves = queries.moves_of(transfer)
    found: dict[UUID, list[Travelling]] = defaultdict(list)
    legs = [(one.line_id, one) for one in moves if one.line_id and one.line_id in line_ids]
    for line_id, one in legs:
        if one.destination_id == transit.pk:
            found[line_id].append(Travelling(one.lot, one.source, one.quantity))
    for line_id, one in legs:
        left = one.quantity if one.source_id == transit.pk else NOTHING
        for sent in found[line_id]:
            if sent.lot == one.lot:
                taken = min(left, sent.quantity)
                sent.quantity, left = sent.quantity - taken, left - taken
    return found


def _steps(line: StockTransferLine, part: Part, travelling: Sequence[Travelling]) -> list[Step]:
    left = part.quantity
    steps = []
    for sent in travelling:
        if part.lot_id is not None and (sent.lot is None or sent.lot.pk != part.lot_id):
            continue
        taken = min(left, sent.quantity)
        if taken:
            # The line in hand follows, so that the last piece takes what is left of the value.
            value = share(line.transit_value, taken, line.in_transit)
            line.in_transit, line.transit_value = (
                line.in_transit - taken,
                line.transit_value - value,
            )
            sent.quantity, left = sent.quantity - taken, left - taken
            steps.append(Step(line, taken, value, sent.lot, sent.origin, part.location_id))
    if left:
        raise _too_much(line, part.quantity - left, part.quantity)
    return steps


def _too_much(line: StockTransferLine, left: Decimal, wanted: Decimal) -> NotThatMuchInTransit:
    return NotThatMuchInTransit(sku=line.product.sku, left=plain(left), wanted=plain(wanted))


def movements_of(
    journeys: Sequence[Step], place_of: Callable[[Step], Location], *, values: bool
) -> list[Movement]:
    transit = queries.virtual(LocationType.IN_TRANSIT)
    return [
        Movement(
            product_id=step.line.product_id,
            quantity=step.quantity,
            source=transit,
            destination=place_of(step),
            lot=step.lot,
            value=step.value if values else None,
            line_id=step.line.pk,
        )
        for step in journeys
    ]


def claim_all(journeys: Sequence[Step], outcome: str) -> Decimal:
    """Take what ends its journey off the lines; answers its value in the books."""
    if not journeys:
        raise NothingToTransfer()
    ended: dict[UUID, tuple[StockTransferLine, Decimal, Decimal]] = {}
    for step in journeys:
        _, quantity, value = ended.get(step.line.pk, (step.line, NOTHING, ZERO))
        ended[step.line.pk] = (step.line, quantity + step.quantity, value + step.value)
    for pk in sorted(ended):
        line, quantity, value = ended[pk]
        claim(
            line,
            {"in_transit": -quantity, outcome: quantity},
            -value,
            in_transit__gte=quantity,
        )
    return sum((value for _, _, value in ended.values()), start=ZERO)


def claim(
    line: StockTransferLine, steps: Mapping[str, Decimal], value: Decimal, **still: Decimal
) -> None:
    """Add to the line's quantities if it is `still` as it was read; only one of two wins."""
    won = StockTransferLine.objects.filter(pk=line.pk, **still).update(
        transit_value=F("transit_value") + MoneyField.steps(value),
        **{name: F(name) + QuantityField.steps(step) for name, step in steps.items()},
    )
    if not won:
        raise _too_much(line, NOTHING, max(steps.values()))


def line_of(lines: Mapping[UUID, StockTransferLine], part: Part) -> StockTransferLine:
    line = lines.get(part.line_id)
    if line is None:
        raise Invalid(errors=[FieldError("/lines", "unknown_line", _NO_SUCH_LINE)])
    return line


_NO_SUCH_LINE = Text("The transfer has no such line.", "لا يحتوي التحويل على هذا البند.")


def named_place(places: Mapping[UUID, Location], step: Step) -> Location | None:
    return places[step.location_id] if step.location_id else None


def places_by_id(
    warehouse_id: UUID, parts: Iterable[Part] | Iterable[Step]
) -> dict[UUID, Location]:
    """The places that parts name; raises Invalid unless all are in use in the warehouse."""
    wanted = {part.location_id for part in parts if part.location_id}
    if not wanted:
        return {}
    places = Location.objects.filter(
        warehouse=warehouse_id, is_active=True, type__in=list(_IN_A_WAREHOUSE)
    )
    found = places.in_bulk(list(wanted))
    if len(found) != len(wanted):
        code, message = NOT_THERE
        raise Invalid(errors=[FieldError("/lines", code, message)])
    return found


def lots_by_id(parts: Iterable[Part]) -> dict[UUID, Lot]:
    wanted = {part.lot_id for part in parts if part.lot_id}
    found = Lot.objects.in_bulk(list(wanted)) if wanted else {}
    if len(found) != len(wanted):
        code, message = NO_SUCH_LOT
        raise Invalid(errors=[FieldError("/lines", code, message)])
    return found
