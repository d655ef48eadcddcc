"""What can happen to a shipment: planned, reserved, picked, shipped, delivered, reversed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.announcements import announce
from alawael.core.claims import WrongState, change, move_state
from alawael.core.clock import business_day
from alawael.core.errors import NotFound, Refusal, Text
from alawael.core.groups import groups_of
from alawael.core.money import ZERO, plain
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.sales import credit, holding, queries
from alawael.sales.costs import book_costs
from alawael.sales.models import (
    SalesOrder,
    SalesOrderLine,
    SalesSettings,
    Shipment,
    ShipmentLine,
    ShipmentState,
)
from alawael.sales.orders import NothingOpen, ReasonNeeded, require_off_hold
from alawael.sales.progress import follow
from alawael.sales.settings import next_number
from alawael.sales.statuses import InvoicePolicy
from alawael.stock import moving, reserving
from alawael.stock import queries as stock
from alawael.stock.models import LocationType, Reservation
from alawael.stock.moving import Movement
from alawael.stock.refusals import LotExpired, ReservationMismatch
from alawael.stock.reserving import Want

NOTHING = Decimal(0)
#: What may be noted on a shipment in any state.
NOTES = frozenset({"carrier", "tracking_number", "freight_cost", "notes", "planned_on"})


class OrderNotConfirmed(Refusal):
    code = "order_not_confirmed"
    message = Text(
        "Only a confirmed order is shipped. Confirm or reopen it first.",
        "لا يُشحن إلا أمر مؤكد. أكّد الأمر أو أعد فتحه أولًا.",
    )


class TooMuchToShip(Refusal):
    code = "too_much_to_ship"
    message = Text(
        "Only {open} of {line} are open to ship; {wanted} were asked for.",
        "المفتوح للشحن من {line} هو {open} والمطلوب {wanted}.",
    )


class NotAllOnShipment(Refusal):
    code = "not_on_shipment"
    message = Text(
        "Only {planned} of {line} are on this shipment; {wanted} were asked for.",
        "في هذه الشحنة {planned} من {line} والمطلوب {wanted}.",
    )


class NothingToSplit(Refusal):
    code = "nothing_to_split"
    message = Text(
        "Something must stay on each of the two shipments.", "يجب أن يبقى شيء في كل شحنة."
    )


class NothingPicked(Refusal):
    code = "nothing_picked"
    message = Text("Pick something first.", "التقط شيئًا أولًا.")


class DeliveredTooEarly(Refusal):
    code = "delivered_too_early"
    message = Text(
        "It left on {shipped} and cannot have arrived on {day}.",
        "خرجت الشحنة في {shipped} ولا يمكن أن تكون وصلت في {day}.",
    )


class ShipmentReturned(Refusal):
    code = "shipment_has_returns"
    message = Text(
        "Goods of this shipment came back by a return. Reverse nothing; return the rest as well.",
        "رجع جزء من هذه الشحنة بمرتجع. لا تعكسها، بل أرجع الباقي بمرتجع أيضًا.",
    )


class ShipmentInvoiced(Refusal):
    code = "shipment_invoiced"
    message = Text(
        "{line} has been invoiced. Credit the invoice first ({invoices}).",
        "تمت فوترة {line}. أصدر إشعارًا دائنًا للفاتورة أولًا ({invoices}).",
    )


@dataclass(frozen=True)
class PlannedLine:
    """So many stock units of an order line."""

    order_line_id: UUID
    quantity: Decimal


@dataclass(frozen=True)
class Pick:
    """What was taken for a shipment line; None: from where it is reserved."""

    line_id: UUID
    quantity: Decimal
    lot_id: UUID | None = None
    location_id: UUID | None = None

    @property
    def is_pinned(self) -> bool:
        return self.lot_id is not None or self.location_id is not None


@unit_of_work
def create_from_order(
    order: SalesOrder,
    lines: Sequence[PlannedLine] | None = None,
    *,
    only_reserved: bool = False,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> Shipment:
    """Plan a shipment of what is open on an order and not planned yet, or of less.

    With `only_reserved`, of no more than the order holds. Raises TooMuchToShip, OrderNotConfirmed
    and OrderOnHold.
    """
    order = _fresh(order)
    _require_shippable(order)
    planned = _planned(order, lines, only_reserved=only_reserved)
    shipment = Shipment(
        order=order,
        customer_id=order.customer_id,
        customer_name_en=order.customer_name_en,
        customer_name_ar=order.customer_name_ar,
        warehouse=order.warehouse,
        created_at=at,
        created_by=by.actor_id,
        **({"planned_on": order.promised_on} | facts),
    )
    shipment.search_text = _search_text(shipment, order)
    shipment.save(force_insert=True)
    ShipmentLine.objects.bulk_create(
        ShipmentLine(
            shipment=shipment,
            position=position,
            order_line=line,
            product_id=line.product_id,
            quantity=quantity,
        )
        for position, (line, quantity) in enumerate(planned, 1)
    )
    audit.record(shipment, "shipment.drafted", by=by, at=at, changes={"order": order.number})
    return shipment


@unit_of_work
def make_ready(
    shipment: Shipment,
    *,
    partly: bool = False,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Shipment:
    """Reserve everything on a shipment; what the order holds comes first. It gets its number.

    With `partly`, what is short leaves the shipment and stays open on the order. Raises
    NotEnoughStock.
    """
    order = _fresh(shipment.order)
    _require_shippable(order)
    _move_numbered(shipment, order, expected_version=expected_version)
    lines = queries.shipment_lines(shipment)
    _take_over(shipment, lines)
    held = holding.held_of(line.pk for line in lines)
    reserving.reserve(
        [
            Want(product_id=line.product_id, quantity=missing, line_id=line.pk)
            for line in lines
            if (missing := line.quantity - held[line.pk]) > 0
        ],
        warehouse=shipment.warehouse,
        document=shipment,
        number=shipment.number or "",
        at=at,
        partly=partly,
    )
    if partly:
        _leave_out_what_is_short(shipment, lines, at=at)
    audit.record(shipment, "shipment.ready", by=by, at=at, changes={"number": shipment.number})
    return shipment


@unit_of_work
def split(
    shipment: Shipment,
    parts: Sequence[tuple[UUID, Decimal]],
    *,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Shipment:
    """Move quantities of some lines to a new shipment, with what is reserved for them.

    Both are drafts afterwards. Raises NotAllOnShipment and NothingToSplit.
    """
    lines = {line.pk: line for line in queries.shipment_lines(shipment)}
    move_state(
        shipment,
        frm=[ShipmentState.DRAFT, ShipmentState.READY],
        to=ShipmentState.DRAFT,
        expected_version=expected_version,
    )
    other = _copy_head(shipment, by=by, at=at)
    for position, (line_id, quantity) in enumerate(parts, 1):
        _split_line(lines, line_id, quantity, other, position)
    if not parts or not any(line.quantity > 0 for line in lines.values()):
        raise NothingToSplit()
    ShipmentLine.objects.filter(shipment=shipment, quantity=NOTHING).delete()
    audit.record(shipment, "shipment.split", by=by, at=at, changes={"into": other.pk})
    return other


@unit_of_work
def pick(
    shipment: Shipment,
    picks: Sequence[Pick] | None = None,
    *,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Shipment:
    """Note what was taken from the shelves; all as reserved when `picks` is None.

    Naming a lot, serial number or place pins the reservation to it. What was not picked goes back
    to the order. Raises NotAllOnShipment, LotExpired and NotEnoughStock.
    """
    lines = queries.shipment_lines(shipment)
    move_state(
        shipment,
        frm=[ShipmentState.READY],
        to=ShipmentState.PICKED,
        expected_version=expected_version,
    )
    if picks is None:
        picks = [Pick(line.pk, line.quantity) for line in lines]
    by_line: dict[UUID, list[Pick]] = defaultdict(list)
    for each in picks:
        by_line[each.line_id].append(each)
    if not by_line.keys() <= {line.pk for line in lines}:
        raise NotFound()
    for line in lines:
        _pick_line(shipment, line, by_line[line.pk], at=at)
    if not any(line.picked for line in lines):
        raise NothingPicked()
    audit.record(shipment, "shipment.picked", by=by, at=at)
    return shipment


@unit_of_work
def pack(
    shipment: Shipment, *, expected_version: int | None = None, by: Actor, at: datetime
) -> Shipment:
    move_state(
        shipment,
        frm=[ShipmentState.PICKED],
        to=ShipmentState.PACKED,
        expected_version=expected_version,
    )
    audit.record(shipment, "shipment.packed", by=by, at=at)
    return shipment


@unit_of_work
def ship(
    shipment: Shipment,
    *,
    on: date,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
    may_backdate: bool = False,
) -> Shipment:
    """Let the goods leave: from stock to the customer, and their cost into the books.

    Dr COGS / Cr INVENTORY at issue cost. What was not picked stays open on the order. Raises
    OrderOnHold, CreditLimitExceeded, TooMuchToShip, PeriodClosed and what `move` raises.
    """
    settings = queries.sales_settings()
    order = _fresh(shipment.order)
    _require_shippable(order)
    credit.require_limit(order)
    lines = queries.shipment_lines(shipment)
    was_picked = shipment.state != ShipmentState.READY
    move_state(
        shipment,
        frm=_states_to_ship_from(settings),
        to=ShipmentState.SHIPPED,
        expected_version=expected_version,
        shipped_on=on,
    )
    if was_picked:
        lines = _only_what_was_picked(lines)
    order_lines = _claim_shipped(order, lines, settings)
    moves = moving.move(
        _movements_out(lines),
        document=shipment,
        number=shipment.number or "",
        on=on,
        by=by,
        at=at,
        may_backdate=may_backdate,
    )
    values = _values_of(moves)
    for line in lines:
        change(line, value=values[line.pk])
    entry = book_costs(
        order,
        order_lines,
        _by_order_line(lines, values),
        document=shipment,
        number=shipment.number or "",
        kind="shipment",
        on=on,
        by=by,
        at=at,
    )
    change(shipment, value=sum(values.values(), ZERO), entry=entry)
    audit.record(
        shipment, "shipment.shipped", by=by, at=at, changes={"value": [None, shipment.value]}
    )
    announce("sales.shipped", at=at, shipment=shipment.pk)
    follow(order, by=by, at=at)
    return shipment


@unit_of_work
def confirm_delivery(
    shipment: Shipment,
    *,
    on: date,
    proof: str = "",
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Shipment:
    """Note when it arrived, and who signed for it."""
    if shipment.shipped_on is not None and (on < shipment.shipped_on or on > business_day(at)):
        raise DeliveredTooEarly(shipped=shipment.shipped_on.isoformat(), day=on.isoformat())
    move_state(
        shipment,
        frm=[ShipmentState.SHIPPED],
        to=ShipmentState.DELIVERED,
        expected_version=expected_version,
        delivered_on=on,
        delivery_proof=proof,
    )
    audit.record(shipment, "shipment.delivered", by=by, at=at, changes={"on": on})
    return shipment


@unit_of_work
def reverse(
    shipment: Shipment,
    *,
    reason: str,
    on: date,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Shipment:
    """Undo a shipment whose goods are physically back: stock and books as they were before it.

    Opposite moves at the original cost; the order's lines are open again. Raises ShipmentReturned,
    ShipmentInvoiced, OrderNotConfirmed.
    """
    if not reason.strip():
        raise ReasonNeeded()
    order = _fresh(shipment.order)
    if not order.is_confirmed:
        raise OrderNotConfirmed()
    lines = queries.shipment_lines(shipment)
    move_state(
        shipment,
        frm=[ShipmentState.SHIPPED, ShipmentState.DELIVERED],
        to=ShipmentState.REVERSED,
        expected_version=expected_version,
        reason=reason,
    )
    if any(line.returned for line in lines):
        raise ShipmentReturned()
    order_lines = _give_back_shipped(order, lines)
    moving.reverse_moves(
        stock.moves_of(shipment),
        document=shipment,
        number=shipment.number or "",
        on=on,
        by=by,
        at=at,
    )
    values = {line.pk: -line.value for line in lines}
    book_costs(
        order,
        order_lines,
        _by_order_line(lines, values),
        document=shipment,
        number=shipment.number or "",
        kind="shipment_reversal",
        on=on,
        by=by,
        at=at,
    )
    audit.record(shipment, "shipment.reversed", by=by, at=at, changes={"reason": reason})
    follow(order, by=by, at=at)
    return shipment


@unit_of_work
def cancel(
    shipment: Shipment,
    *,
    reason: str = "",
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Shipment:
    """Give up a shipment that has not left; what it holds goes back to the order."""
    lines = queries.shipment_lines(shipment)
    move_state(
        shipment,
        frm=[
            ShipmentState.DRAFT,
            ShipmentState.READY,
            ShipmentState.PICKED,
            ShipmentState.PACKED,
        ],
        to=ShipmentState.CANCELLED,
        expected_version=expected_version,
        reason=reason,
    )
    order = _fresh(shipment.order)
    for line in lines:
        _hand_back(order, line, None)
    holding.trim(_order_lines_of(lines).values())
    audit.record(shipment, "shipment.cancelled", by=by, at=at, changes={"reason": reason})
    return shipment


@unit_of_work
def note(
    shipment: Shipment,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Shipment:
    """Carrier, tracking number and notes; they may change in every state."""
    if not NOTES.issuperset(changes):
        raise WrongState(state=shipment.state)
    differences = audit.difference(shipment, changes)
    change(shipment, expected_version=expected_version, **changes)
    Shipment.objects.filter(**groups_of(shipment), pk=shipment.pk).update(
        search_text=_search_text(shipment, shipment.order)
    )
    audit.record(shipment, "shipment.noted", by=by, at=at, changes=differences)
    return shipment


# The steps above, in the order they are taken.


def _fresh(order: SalesOrder) -> SalesOrder:
    """The order as this unit sees it; the one at hand was read before it."""
    return SalesOrder.objects.select_related("warehouse", "customer").get(pk=order.pk)


def _require_shippable(order: SalesOrder) -> None:
    if not order.is_confirmed:
        raise OrderNotConfirmed()
    require_off_hold(order)


def _planned(
    order: SalesOrder, lines: Sequence[PlannedLine] | None, *, only_reserved: bool
) -> list[tuple[SalesOrderLine, Decimal]]:
    known = {line.pk: line for line in queries.order_lines(order) if line.is_goods}
    taken = queries.planned_of(known)
    if lines is None:
        open_ = {pk: line.open_to_ship - taken[pk] for pk, line in known.items()}
        if only_reserved:
            held = holding.held_of(known)
            open_ = {pk: min(quantity, held[pk]) for pk, quantity in open_.items()}
        lines = [PlannedLine(pk, quantity) for pk, quantity in open_.items() if quantity > 0]
    if not lines:
        raise NothingOpen(line=order.number)
    tolerance = queries.sales_settings().over_delivery_percent
    planned = []
    for wanted in lines:
        line = known.get(wanted.order_line_id)
        if line is None:
            raise NotFound()
        _require_open(line, wanted.quantity, taken[line.pk], tolerance)
        taken[line.pk] += wanted.quantity
        planned.append((line, wanted.quantity))
    return planned


def _require_open(
    line: SalesOrderLine, wanted: Decimal, taken: Decimal, tolerance: Decimal
) -> None:
    most = line.figures().most_to_ship(tolerance) - taken
    if wanted > most:
        raise TooMuchToShip(line=line.sku, open=plain(max(most, NOTHING)), wanted=plain(wanted))


def _search_text(shipment: Shipment, order: SalesOrder) -> str:
    return searchable(
        shipment.number,
        order.number,
        order.reference,
        shipment.tracking_number,
        shipment.customer_name_en,
        shipment.customer_name_ar,
    )


def _move_numbered(shipment: Shipment, order: SalesOrder, *, expected_version: int | None) -> None:
    if shipment.state != ShipmentState.DRAFT:
        raise WrongState(state=shipment.state)
    number = shipment.number or next_number("shipment")
    move_state(
        shipment,
        frm=[ShipmentState.DRAFT],
        to=ShipmentState.READY,
        expected_version=expected_version,
        number=number,
        search_text=f"{_search_text(shipment, order)} {searchable(number)}",
    )


def _take_over(shipment: Shipment, lines: Sequence[ShipmentLine]) -> None:
    """Make the order's reservations the shipment's, as far as it needs them."""
    held = holding.held_of(line.pk for line in lines)
    offered = reserving.reserved_of_lines({line.order_line_id for line in lines})
    for line in lines:
        missing = line.quantity - held[line.pk]
        waiting = offered[line.order_line_id]
        while missing > 0 and waiting:
            part, rest = reserving.split(waiting[0], min(missing, waiting[0].quantity))
            missing -= part.quantity
            waiting[:1] = [rest] if rest else []
            _relabel(part, shipment, shipment.number, line.pk)


def _relabel(
    reservation: Reservation,
    document: Shipment | SalesOrder,
    number: str | None,
    line_id: UUID,
) -> None:
    reserving.hand_over(
        [reservation],
        document=document,
        number=number or "",
        line_ids={reservation.line_id: line_id},
    )


def _leave_out_what_is_short(
    shipment: Shipment, lines: Sequence[ShipmentLine], *, at: datetime
) -> None:
    held = holding.held_of(line.pk for line in lines)
    if not any(held.values()):
        first = lines[0]
        reserving.reserve(
            [Want(product_id=first.product_id, quantity=first.quantity, line_id=first.pk)],
            warehouse=shipment.warehouse,
            document=shipment,
            number=shipment.number or "",
            at=at,
        )
    for line in lines:
        if not held[line.pk]:
            ShipmentLine.objects.filter(pk=line.pk).delete()
        elif held[line.pk] < line.quantity:
            change(line, quantity=held[line.pk])


def _copy_head(shipment: Shipment, *, by: Actor, at: datetime) -> Shipment:
    other = Shipment(
        order=shipment.order,
        customer_id=shipment.customer_id,
        customer_name_en=shipment.customer_name_en,
        customer_name_ar=shipment.customer_name_ar,
        warehouse=shipment.warehouse,
        planned_on=shipment.planned_on,
        carrier=shipment.carrier,
        split_from=shipment,
        created_at=at,
        created_by=by.actor_id,
    )
    other.search_text = _search_text(other, shipment.order)
    other.save(force_insert=True)
    return other


def _split_line(
    lines: Mapping[UUID, ShipmentLine],
    line_id: UUID,
    quantity: Decimal,
    other: Shipment,
    position: int,
) -> None:
    line = lines.get(line_id)
    if line is None:
        raise NotFound()
    _require_on_shipment(line, quantity)
    stays = line.quantity - quantity
    moved = ShipmentLine(
        shipment=other,
        position=position,
        order_line_id=line.order_line_id,
        product_id=line.product_id,
        quantity=quantity,
    )
    moved.save(force_insert=True)
    for reservation in _beyond(line, stays):
        _relabel(reservation, other, other.number, moved.pk)
    change(line, quantity=stays)


def _require_on_shipment(line: ShipmentLine, quantity: Decimal) -> None:
    if quantity > line.quantity:
        raise NotAllOnShipment(
            line=line.order_line.sku, planned=plain(line.quantity), wanted=plain(quantity)
        )


def _beyond(line: ShipmentLine, stays: Decimal) -> list[Reservation]:
    """What is reserved for the line beyond a quantity, cut off as reservations of their own."""
    over = []
    for reservation in reserving.reserved_of_lines([line.pk])[line.pk]:
        if stays <= 0:
            over.append(reservation)
        elif reservation.quantity > stays:
            _, rest = reserving.split(reservation, stays)
            over += [rest] if rest else []
        stays -= reservation.quantity
    return over


def _pick_line(
    shipment: Shipment, line: ShipmentLine, picks: Sequence[Pick], *, at: datetime
) -> None:
    picked = sum((each.quantity for each in picks), NOTHING)
    _require_on_shipment(line, picked)
    if any(each.is_pinned for each in picks):
        reserving.release_line(line.pk)
        for each in picks:
            _pin(shipment, line, each, at=at)
        _set_aside_again(shipment.order, line, line.quantity - picked, at=at)
    else:
        _hand_back(shipment.order, line, picked)
    change(line, picked=picked)


def _pin(shipment: Shipment, line: ShipmentLine, each: Pick, *, at: datetime) -> None:
    lot = stock.lot(each.lot_id) if each.lot_id else None
    if lot is not None and lot.is_expired(business_day(at)):
        day = lot.expires_on.isoformat() if lot.expires_on else ""
        raise LotExpired(sku=line.product.sku, lot=lot.code, day=day)
    want = Want(
        product_id=line.product_id,
        quantity=each.quantity,
        line_id=line.pk,
        lot=lot,
        location=stock.location(each.location_id) if each.location_id else None,
    )
    reserving.reserve(
        [want],
        warehouse=shipment.warehouse,
        document=shipment,
        number=shipment.number or "",
        at=at,
    )


def _set_aside_again(
    order: SalesOrder, line: ShipmentLine, quantity: Decimal, *, at: datetime
) -> None:
    """Give the order what the pins left over, as far as there is stock beside them."""
    if quantity > 0:
        reserving.reserve(
            [Want(product_id=line.product_id, quantity=quantity, line_id=line.order_line_id)],
            warehouse=order.warehouse,
            document=order,
            number=order.number or "",
            at=at,
            partly=True,
        )


def _hand_back(order: SalesOrder, line: ShipmentLine, keep: Decimal | None) -> None:
    """Give the order what the line holds beyond `keep`; everything when that is None."""
    for reservation in _beyond(line, keep or NOTHING):
        _relabel(reservation, order, order.number, line.order_line_id)


def _states_to_ship_from(settings: SalesSettings) -> list[ShipmentState]:
    if settings.needs_packing:
        return [ShipmentState.PACKED]
    if settings.needs_picking:
        return [ShipmentState.PICKED, ShipmentState.PACKED]
    return [ShipmentState.READY, ShipmentState.PICKED, ShipmentState.PACKED]


def _only_what_was_picked(lines: Sequence[ShipmentLine]) -> list[ShipmentLine]:
    """The lines that leave; the others keep a quantity of nothing."""
    for line in lines:
        if line.picked != line.quantity:
            change(line, quantity=line.picked)
    return [line for line in lines if line.quantity > 0]


def _order_lines_of(lines: Iterable[ShipmentLine]) -> dict[UUID, SalesOrderLine]:
    ids = {line.order_line_id for line in lines}
    found = SalesOrderLine.objects.filter(pk__in=ids).select_related("stock_unit")
    return {line.pk: line for line in found}


def _claim_shipped(
    order: SalesOrder, lines: Sequence[ShipmentLine], settings: SalesSettings
) -> list[SalesOrderLine]:
    """Count what leaves as shipped; two shipments of the same goods cannot both."""
    order_lines = _order_lines_of(lines)
    leaving = _by_order_line(lines, {line.pk: line.quantity for line in lines})
    for pk, quantity in sorted(leaving.items()):
        line = order_lines[pk]
        _require_open(line, quantity, NOTHING, settings.over_delivery_percent)
        change(line, shipped=line.shipped + quantity)
    return list(order_lines.values())


def _movements_out(lines: Sequence[ShipmentLine]) -> list[Movement]:
    customer = stock.virtual(LocationType.CUSTOMER)
    held = reserving.reserved_of_lines(line.pk for line in lines)
    for line in lines:
        if sum((row.quantity for row in held[line.pk]), NOTHING) != line.quantity:
            raise ReservationMismatch(sku=line.product.sku)
    return [
        Movement(
            product_id=line.product_id,
            quantity=reservation.quantity,
            source=reservation.location,
            destination=customer,
            lot=reservation.lot,
            line_id=line.pk,
            reservation=reservation,
        )
        for line in lines
        for reservation in held[line.pk]
    ]


def _values_of(moves: Iterable[Any]) -> dict[UUID, Decimal]:
    values: dict[UUID, Decimal] = defaultdict(lambda: ZERO)
    for move in moves:
        values[move.line_id] += move.value
    return values


def _by_order_line(
    lines: Iterable[ShipmentLine], amounts: Mapping[UUID, Decimal]
) -> dict[UUID, Decimal]:
    found: dict[UUID, Decimal] = defaultdict(lambda: NOTHING)
    for line in lines:
        found[line.order_line_id] += amounts[line.pk]
    return found


def _give_back_shipped(order: SalesOrder, lines: Sequence[ShipmentLine]) -> list[SalesOrderLine]:
    """Take a shipment off what counts as shipped, unless it was billed."""
    order_lines = _order_lines_of(lines)
    credited = queries.credited_of(list(order_lines.values()))
    back = _by_order_line(lines, {line.pk: line.quantity for line in lines})
    for pk, quantity in sorted(back.items()):
        line = order_lines[pk]
        change(line, shipped=line.shipped - quantity)
        billed = line.figures(credited[pk])
        if queries.policy_of(order) == InvoicePolicy.DELIVERED and (
            billed.open_to_bill(InvoicePolicy.DELIVERED) < 0
        ):
            numbers = queries.invoices_of(order).values_list("number", flat=True)
            raise ShipmentInvoiced(line=line.sku, invoices=", ".join(map(str, numbers)))
    return list(order_lines.values())
