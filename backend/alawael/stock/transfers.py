"""What can happen to a transfer: drafted, approved, reserved, sent, received, given up.

What is on its way keeps the value that it left with, so a transfer makes neither profit nor loss.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.claims import move_state
from alawael.core.errors import NotFound, Refusal, Text
from alawael.core.money import ZERO, plain
from alawael.core.numbering import take_number
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.ledger import services as ledger
from alawael.ledger.books import Books, Posting
from alawael.ledger.models import LedgerRole
from alawael.stock import queries, reserving
from alawael.stock.models import (
    NOTHING,
    Location,
    LocationType,
    Reservation,
    StockMove,
    StockTransfer,
    StockTransferLine,
    TransferState,
    Warehouse,
)
from alawael.stock.moving import Movement, move
from alawael.stock.reserving import Want
from alawael.stock.transfer_drafting import TransferLine, fill_lines, search_text_of
from alawael.stock.transit import (
    NothingToTransfer,
    Part,
    Step,
    claim,
    claim_all,
    journeys_of,
    line_of,
    lines_of,
    lots_by_id,
    movements_of,
    named_place,
    places_by_id,
)

SERIES, PREFIX = "stock_transfer", "TRF"
KIND = "stock_transfer"


class NeedsApproval(Refusal):
    code = "transfer_needs_approval"
    message = Text(
        "This transfer must be approved first.", "يجب اعتماد هذا التحويل أولًا قبل متابعته."
    )


class ApprovedByAuthor(Refusal):
    code = "transfer_approved_by_author"
    message = Text(
        "Somebody else than the author has to approve a transfer.",
        "يجب أن يعتمد التحويل شخص غير من أنشأه.",
    )


class NotOneWarehouse(Refusal):
    code = "not_one_warehouse"
    message = Text(
        "Only goods that stay in their warehouse are moved in one step. Reserve and send these.",
        "لا تُنقل في خطوة واحدة إلا البضاعة الباقية في مستودعها. احجز هذه وأرسلها.",
    )


class MoreThanAsked(Refusal):
    code = "more_than_asked"
    message = Text(
        "The transfer asks for {asked} of {sku}; {wanted} were picked.",
        "المطلوب في التحويل من {sku} هو {asked} والمجهَّز {wanted}.",
    )


class LostBySender(Refusal):
    code = "written_off_by_sender"
    message = Text(
        "Whoever sent the goods cannot write them off. Somebody else has to.",
        "لا يجوز أن يشطب البضاعة من أرسلها. يجب أن يشطبها شخص آخر.",
    )


@unit_of_work
def draft_transfer(
    source: Warehouse,
    destination: Warehouse,
    lines: Sequence[TransferLine],
    *,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> StockTransfer:
    """Write down what is to go where. Nothing is set aside yet.

    `facts` are further columns (expected_on, reference, notes). Raises Invalid naming each wrong
    line.
    """
    transfer = StockTransfer(
        source=source, destination=destination, created_at=at, created_by=by.actor_id, **facts
    )
    drafted = fill_lines(transfer, lines)
    transfer.search_text = search_text_of(transfer, drafted)
    transfer.save(force_insert=True)
    StockTransferLine.objects.bulk_create(drafted)
    audit.record(
        transfer,
        "stock_transfer.drafted",
        by=by,
        at=at,
        changes={"source": source.code, "destination": destination.code, "lines": len(drafted)},
    )
    return transfer


@unit_of_work
def edit_transfer(
    transfer: StockTransfer,
    changes: Mapping[str, Any],
    *,
    lines: Sequence[TransferLine] | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> StockTransfer:
    """Change a draft; with `lines`, all its lines are replaced. Raises Invalid and WrongState."""
    differences = audit.difference(transfer, changes)
    move_state(
        transfer,
        frm=[TransferState.DRAFT],
        to=TransferState.DRAFT,
        expected_version=expected_version,
        **changes,
    )
    if lines is not None:
        StockTransferLine.objects.filter(transfer=transfer).delete()
        kept = fill_lines(transfer, lines)
        StockTransferLine.objects.bulk_create(kept)
    else:
        kept = lines_of(transfer)
    StockTransfer.objects.filter(pk=transfer.pk).update(search_text=search_text_of(transfer, kept))
    audit.record(transfer, "stock_transfer.edited", by=by, at=at, changes=differences)
    return transfer


@unit_of_work
def approve_transfer(
    transfer: StockTransfer, *, expected_version: int | None = None, by: Actor, at: datetime
) -> StockTransfer:
    """Let a transfer go ahead. Raises ApprovedByAuthor where the company wants two people."""
    if queries.stock_settings().transfer_needs_approval and by.actor_id == transfer.created_by:
        raise ApprovedByAuthor()
    move_state(
        transfer,
        frm=[TransferState.DRAFT],
        to=TransferState.APPROVED,
        expected_version=expected_version,
        approved_by=by.actor_id,
        **_numbered(transfer),
    )
    audit.record(transfer, "stock_transfer.approved", by=by, at=at)
    return transfer


@unit_of_work
def reserve_transfer(
    transfer: StockTransfer,
    *,
    partly: bool = False,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> StockTransfer:
    """Set the goods aside at the source; called again, what was missing then.

    Raises NotEnoughStock unless `partly`, then NothingToTransfer when there is nothing at all;
    and NeedsApproval.
    """
    if transfer.is_draft and queries.stock_settings().transfer_needs_approval:
        raise NeedsApproval()
    move_state(
        transfer,
        frm=[TransferState.DRAFT, TransferState.APPROVED, TransferState.RESERVED],
        to=TransferState.RESERVED,
        expected_version=expected_version,
        **_numbered(transfer),
    )
    lines = lines_of(transfer)
    _reserve_missing(transfer, lines, partly=partly, at=at)
    reserved = sum(
        (kept.quantity for some in _reserved(lines).values() for kept in some), start=NOTHING
    )
    if not reserved:
        raise NothingToTransfer()
    audit.record(transfer, "stock_transfer.reserved", by=by, at=at, changes={"quantity": reserved})
    return transfer


@unit_of_work
def dispatch_transfer(
    transfer: StockTransfer,
    picks: Sequence[Part] | None = None,
    *,
    on: date,
    may_backdate: bool = False,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> StockTransfer:
    """Send what is reserved on its way: it leaves the source and is in transit.

    `picks` say which lots and bins go for a line, and how much of it; lines without a pick go as
    they are reserved. What is not sent stays at home. Raises NotEnoughStock, NothingToTransfer,
    PeriodClosed and what `move` raises.
    """
    move_state(
        transfer,
        frm=[TransferState.RESERVED],
        to=TransferState.IN_TRANSIT,
        expected_version=expected_version,
        dispatched_on=on,
        dispatched_by=by.actor_id,
    )
    lines = lines_of(transfer)
    if picks:
        _reserve_as_picked(transfer, lines, picks, at=at)
    reserved = _reserved(lines)
    _require_no_more_than_asked(lines, reserved)
    transit = queries.virtual(LocationType.IN_TRANSIT)
    movements = _reserved_movements(lines, reserved, transit)
    moves = _move(transfer, movements, on=on, may_backdate=may_backdate, by=by, at=at)
    sent = _by_line(moves)
    for line in lines:
        quantity, value = sent[line.pk]
        if quantity:
            claim(line, {"dispatched": quantity, "in_transit": quantity}, value, dispatched=NOTHING)
    value = _value(moves)
    _post(transfer, LedgerRole.IN_TRANSIT, LedgerRole.INVENTORY, value, on=on, by=by, at=at)
    audit.record(
        transfer, "stock_transfer.dispatched", by=by, at=at, changes={"on": on, "value": value}
    )
    return transfer


@unit_of_work
def receive_transfer(
    transfer: StockTransfer,
    parts: Sequence[Part] | None = None,
    *,
    on: date,
    may_backdate: bool = False,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> StockTransfer:
    """Take in what has arrived (None: all of it); the rest stays in transit.

    `location_id` of a part is the bin it is put into. With the last piece the transfer is
    received and closed. Raises NotThatMuchInTransit, WrongState, PeriodClosed.
    """
    transfer = _on_its_way(transfer, expected_version)
    journeys = journeys_of(transfer, parts)
    root = queries.root_of(transfer.destination)
    places = places_by_id(transfer.destination_id, journeys)
    value = _bring(
        transfer,
        journeys,
        "received",
        lambda step: named_place(places, step) or step.line.destination_location or root,
        on=on,
        may_backdate=may_backdate,
        by=by,
        at=at,
    )
    _post(transfer, LedgerRole.INVENTORY, LedgerRole.IN_TRANSIT, value, on=on, by=by, at=at)
    audit.record(transfer, "stock_transfer.received", by=by, at=at, changes=_told(journeys, on=on))
    return _closed_when_done(transfer, by=by, at=at)


@unit_of_work
def return_transfer(
    transfer: StockTransfer,
    parts: Sequence[Part] | None = None,
    *,
    on: date,
    may_backdate: bool = False,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> StockTransfer:
    """Take back at the source what was sent (None: all that is still on its way).

    Without a `location_id` it goes where it came from. Raises what `receive_transfer` raises.
    """
    transfer = _on_its_way(transfer, expected_version)
    journeys = journeys_of(transfer, parts)
    places = places_by_id(transfer.source_id, journeys)
    value = _bring(
        transfer,
        journeys,
        "returned",
        lambda step: named_place(places, step) or step.origin,
        on=on,
        may_backdate=may_backdate,
        by=by,
        at=at,
    )
    _post(transfer, LedgerRole.INVENTORY, LedgerRole.IN_TRANSIT, value, on=on, by=by, at=at)
    audit.record(transfer, "stock_transfer.returned", by=by, at=at, changes=_told(journeys, on=on))
    return _closed_when_done(transfer, by=by, at=at)


@unit_of_work
def write_off_transfer(
    transfer: StockTransfer,
    parts: Sequence[Part] | None = None,
    *,
    reason: str,
    on: date,
    may_backdate: bool = False,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> StockTransfer:
    """Give up what was lost on the way (None: all that is still on its way).

    Raises LostBySender where the company wants two people, and what `receive_transfer` raises.
    """
    transfer = _on_its_way(transfer, expected_version)
    if queries.stock_settings().write_off_by_another and by.actor_id == transfer.dispatched_by:
        raise LostBySender()
    journeys = journeys_of(transfer, parts)
    gone = queries.virtual(LocationType.ADJUSTMENT)
    in_transit = claim_all(journeys, "written_off")
    movements = movements_of(journeys, lambda _: gone, values=False)
    moves = _move(transfer, movements, on=on, may_backdate=may_backdate, by=by, at=at)
    _post_loss(transfer, _value(moves), in_transit, reason, on=on, by=by, at=at)
    facts = {**_told(journeys, on=on), "reason": reason}
    audit.record(transfer, "stock_transfer.written_off", by=by, at=at, changes=facts)
    return _closed_when_done(transfer, by=by, at=at)


@unit_of_work
def move_transfer(
    transfer: StockTransfer,
    *,
    on: date,
    may_backdate: bool = False,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> StockTransfer:
    """Carry goods from one place of a warehouse to another, in one step.

    Raises NotOneWarehouse, NotEnoughStock and what `move` raises.
    """
    if not transfer.is_within:
        raise NotOneWarehouse()
    move_state(
        transfer,
        frm=[TransferState.DRAFT, TransferState.APPROVED],
        to=TransferState.CLOSED,
        expected_version=expected_version,
        dispatched_on=on,
        dispatched_by=by.actor_id,
        closed_at=at,
        **_numbered(transfer),
    )
    lines = lines_of(transfer)
    sellable = [
        line for line in lines if line.source_location is None or line.source_location.is_sellable
    ]
    _reserve_missing(transfer, sellable, partly=False, at=at)
    movements = _reserved_movements(sellable, _reserved(sellable), None)
    movements += _unreserved_movements(lines)
    moves = _move(transfer, movements, on=on, may_backdate=may_backdate, by=by, at=at)
    carried = _by_line(moves)
    for line in lines:
        quantity, _ = carried[line.pk]
        claim(line, {"dispatched": quantity, "received": quantity}, ZERO, dispatched=NOTHING)
    audit.record(transfer, "stock_transfer.moved", by=by, at=at, changes={"on": on})
    return transfer


@unit_of_work
def cancel_transfer(
    transfer: StockTransfer, *, expected_version: int | None = None, by: Actor, at: datetime
) -> StockTransfer:
    """Give a transfer up that has not left; what was set aside for it is free again."""
    move_state(
        transfer,
        frm=[TransferState.DRAFT, TransferState.APPROVED, TransferState.RESERVED],
        to=TransferState.CANCELLED,
        expected_version=expected_version,
        closed_at=at,
    )
    reserving.release_document(transfer.pk)
    audit.record(transfer, "stock_transfer.cancelled", by=by, at=at)
    return transfer


def _numbered(transfer: StockTransfer) -> dict[str, Any]:
    """The number, and that it can be searched for, unless the transfer has one."""
    if transfer.number is not None:
        return {}
    number = f"{PREFIX}-{take_number(SERIES):06d}"
    return {"number": number, "search_text": f"{searchable(number)} {transfer.search_text}"}


# Setting aside and sending


def _reserve_missing(
    transfer: StockTransfer, lines: Sequence[StockTransferLine], *, partly: bool, at: datetime
) -> None:
    reserved = _reserved(lines)
    wants = []
    for line in lines:
        missing = line.quantity - _sum(reserved.get(line.pk, ()))
        if missing > 0:
            wants.append(Want(line.product_id, missing, line.pk, line.lot, line.source_location))
    _reserve(transfer, wants, partly=partly, at=at)


def _reserve_as_picked(
    transfer: StockTransfer,
    lines: Sequence[StockTransferLine],
    picks: Sequence[Part],
    *,
    at: datetime,
) -> None:
    """Let go what was set aside for the picked lines, and set aside what was picked instead."""
    by_id = {line.pk: line for line in lines}
    places = places_by_id(transfer.source_id, picks)
    lots = lots_by_id(picks)
    wants = []
    for pick in picks:
        line = line_of(by_id, pick)
        lot = lots[pick.lot_id] if pick.lot_id else line.lot
        place = places[pick.location_id] if pick.location_id else line.source_location
        wants.append(Want(line.product_id, pick.quantity, line.pk, lot, place))
    for line_id in {pick.line_id for pick in picks}:
        reserving.release_line(line_id)
    _reserve(transfer, wants, partly=False, at=at)


def _reserve(transfer: StockTransfer, wants: Sequence[Want], *, partly: bool, at: datetime) -> None:
    if wants:
        reserving.reserve(
            wants,
            warehouse=transfer.source,
            document=transfer,
            number=transfer.number or "",
            at=at,
            partly=partly,
        )


def _reserved(lines: Sequence[StockTransferLine]) -> Mapping[UUID, list[Reservation]]:
    return reserving.reserved_of_lines([line.pk for line in lines]) if lines else {}


def _require_no_more_than_asked(
    lines: Sequence[StockTransferLine], reserved: Mapping[UUID, list[Reservation]]
) -> None:
    if not any(reserved.values()):
        raise NothingToTransfer()
    for line in lines:
        wanted = _sum(reserved.get(line.pk, ()))
        if wanted > line.quantity:
            raise MoreThanAsked(
                sku=line.product.sku, asked=plain(line.quantity), wanted=plain(wanted)
            )


def _reserved_movements(
    lines: Sequence[StockTransferLine],
    reserved: Mapping[UUID, list[Reservation]],
    destination: Location | None,
) -> list[Movement]:
    """The goods from where they are set aside to a place, or to that of their line."""
    return [
        Movement(
            product_id=line.product_id,
            quantity=kept.quantity,
            source=kept.location,
            destination=destination or _destination(line),
            lot=kept.lot,
            line_id=line.pk,
            reservation=kept,
        )
        for line in lines
        for kept in reserved.get(line.pk, ())
    ]


def _unreserved_movements(lines: Sequence[StockTransferLine]) -> list[Movement]:
    """Goods out of the quality area, where nothing can be set aside."""
    return [
        Movement(
            product_id=line.product_id,
            quantity=line.quantity,
            source=line.source_location,
            destination=_destination(line),
            lot=line.lot,
            line_id=line.pk,
        )
        for line in lines
        if line.source_location is not None and not line.source_location.is_sellable
    ]


def _move(
    transfer: StockTransfer,
    movements: Sequence[Movement],
    *,
    on: date,
    may_backdate: bool,
    by: Actor,
    at: datetime,
) -> list[StockMove]:
    return move(
        movements,
        document=transfer,
        number=transfer.number or "",
        on=on,
        may_backdate=may_backdate,
        by=by,
        at=at,
    )


def _destination(line: StockTransferLine) -> Location:
    """Within a warehouse, drafting asks for it."""
    if line.destination_location is None:
        raise ValueError("The line says nothing of where it goes.")
    return line.destination_location


# On the way


def _on_its_way(transfer: StockTransfer, expected_version: int | None) -> StockTransfer:
    """The transfer as it is now, claimed: who receives another line at once comes after."""
    rows = StockTransfer.objects.select_related("source", "destination")
    current = rows.filter(pk=transfer.pk).first()
    if current is None:
        raise NotFound()
    return move_state(
        current,
        frm=[TransferState.IN_TRANSIT],
        to=TransferState.IN_TRANSIT,
        expected_version=expected_version,
    )


def _bring(
    transfer: StockTransfer,
    journeys: Sequence[Step],
    outcome: str,
    place_of: Callable[[Step], Location],
    *,
    on: date,
    may_backdate: bool,
    by: Actor,
    at: datetime,
) -> Decimal:
    """Take goods from the way to a place at the value that they left with; answers it."""
    value = claim_all(journeys, outcome)
    movements = movements_of(journeys, place_of, values=True)
    _move(transfer, movements, on=on, may_backdate=may_backdate, by=by, at=at)
    return value


def _closed_when_done(transfer: StockTransfer, *, by: Actor, at: datetime) -> StockTransfer:
    lines = StockTransferLine.objects.filter(transfer=transfer)
    if lines.filter(in_transit__gt=0).exists():
        return transfer
    move_state(transfer, frm=[TransferState.IN_TRANSIT], to=TransferState.RECEIVED)
    move_state(transfer, frm=[TransferState.RECEIVED], to=TransferState.CLOSED, closed_at=at)
    audit.record(transfer, "stock_transfer.closed", by=by, at=at)
    return transfer


# The books


def _post(
    transfer: StockTransfer,
    debited: LedgerRole,
    credited: LedgerRole,
    value: Decimal,
    *,
    on: date,
    by: Actor,
    at: datetime,
) -> None:
    """Tell the ledger where the value went; nothing when both roles have the same account."""
    books = Books.open()
    books.require_open(on)
    if not value or books.role(debited).pk == books.role(credited).pk:
        return
    ledger.post(
        [Posting(debited, debit=value), Posting(credited, credit=value)],
        on=on,
        memo=f"{transfer.source.code} → {transfer.destination.code}",
        kind=KIND,
        source=transfer,
        source_number=transfer.number or "",
        by=by,
        at=at,
        books=books,
    )


def _post_loss(
    transfer: StockTransfer,
    cost: Decimal,
    in_transit: Decimal,
    reason: str,
    *,
    on: date,
    by: Actor,
    at: datetime,
) -> None:
    """The loss at today's cost; where that is not what left, the goods held take the difference."""
    books = Books.open()
    books.require_open(on)
    sides = {LedgerRole.ADJUSTMENT: cost, LedgerRole.IN_TRANSIT: -in_transit}
    if cost != in_transit:
        sides[LedgerRole.INVENTORY] = in_transit - cost
    postings = [
        Posting(role, debit=max(amount, ZERO), credit=max(-amount, ZERO))
        for role, amount in sides.items()
        if amount
    ]
    if postings:
        ledger.post(
            postings,
            on=on,
            memo=reason[:300],
            kind=KIND,
            source=transfer,
            source_number=transfer.number or "",
            by=by,
            at=at,
            books=books,
        )


# Small readings


def _sum(reservations: Iterable[Reservation]) -> Decimal:
    return sum((kept.quantity for kept in reservations), start=NOTHING)


def _value(moves: Iterable[StockMove]) -> Decimal:
    return sum((one.value for one in moves), start=ZERO)


def _by_line(moves: Iterable[StockMove]) -> dict[UUID, tuple[Decimal, Decimal]]:
    """Quantity and value of the moves of each line."""
    sums: dict[UUID, tuple[Decimal, Decimal]] = defaultdict(lambda: (NOTHING, ZERO))
    for one in moves:
        if one.line_id is not None:
            quantity, value = sums[one.line_id]
            sums[one.line_id] = (quantity + one.quantity, value + one.value)
    return sums


def _told(journeys: Sequence[Step], *, on: date) -> dict[str, Any]:
    """What a step says in the audit trail."""
    goods = [[step.line.product.sku, plain(step.quantity)] for step in journeys]
    return {"on": on, "lines": goods}
