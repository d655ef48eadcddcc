"""Questions about transfers: which there are, how far each has come, what is on its way."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from alawael.accounts.models import User
from alawael.core.money import ZERO
from alawael.core.rows import existing
from alawael.stock import reserving
from alawael.stock.models import (
    NOTHING,
    OPEN_TRANSFERS,
    StockTransfer,
    StockTransferLine,
    TransferState,
)
from alawael.stock.transit import Travelling, travelling


def transfers_for(user: User) -> QuerySet[StockTransfer]:
    """Transfers that this user may see."""
    return StockTransfer.objects.select_related("source", "destination")


def transfer_for(user: User, transfer_id: UUID) -> StockTransfer:
    """One transfer; raises NotFound."""
    return existing(transfers_for(user).filter(pk=transfer_id))


def filtered(
    rows: QuerySet[StockTransfer],
    *,
    state: TransferState | None = None,
    source_id: UUID | None = None,
    destination_id: UUID | None = None,
    warehouse_id: UUID | None = None,
    product_id: UUID | None = None,
    is_open: bool | None = None,
) -> QuerySet[StockTransfer]:
    """Narrow a list of transfers; None narrows nothing. A warehouse is meant at either end."""
    exact = {"state": state, "source_id": source_id, "destination_id": destination_id}
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    if warehouse_id is not None:
        rows = rows.filter(Q(source_id=warehouse_id) | Q(destination_id=warehouse_id))
    if product_id is not None:
        lines = StockTransferLine.objects.filter(product_id=product_id)
        rows = rows.filter(pk__in=list(lines.values_list("transfer_id", flat=True)))
    if is_open is not None:
        still = Q(state__in=list(OPEN_TRANSFERS))
        rows = rows.filter(still) if is_open else rows.exclude(still)
    return rows


@dataclass
class Progress:
    """How far a transfer has come, over all its lines, in stock units."""

    lines: int = 0
    quantity: Decimal = NOTHING
    dispatched: Decimal = NOTHING
    in_transit: Decimal = NOTHING
    received: Decimal = NOTHING
    transit_value: Decimal = ZERO


def progress_of(transfers: Iterable[StockTransfer]) -> dict[UUID, Progress]:
    """How far each transfer has come."""
    progress: dict[UUID, Progress] = defaultdict(Progress)
    ids = [transfer.pk for transfer in transfers]
    lines = StockTransferLine.objects.filter(transfer_id__in=ids) if ids else ()
    for line in lines:
        of = progress[line.transfer_id]
        of.lines += 1
        of.quantity += line.quantity
        of.dispatched += line.dispatched
        of.in_transit += line.in_transit
        of.received += line.received
        of.transit_value += line.transit_value
    return progress


def with_progress(transfers: Sequence[Any]) -> None:
    """Add to the transfers of a page how far they have come."""
    progress = progress_of(transfers)
    for transfer in transfers:
        transfer.progress = progress[transfer.pk]


@dataclass(frozen=True)
class LineStand:
    """A line with what is set aside for it and what of it is on its way, lot by lot."""

    line: StockTransferLine
    reserved: Decimal
    travelling: list[Travelling]


def lines_of(transfer: StockTransfer) -> list[LineStand]:
    """The lines of a transfer in their order, and how each stands."""
    lines = list(
        StockTransferLine.objects.filter(transfer=transfer)
        .select_related("product__unit", "unit", "lot", "source_location", "destination_location")
        .order_by("position")
    )
    reserved = reserving.reserved_of_lines([line.pk for line in lines])
    is_on_its_way = transfer.state == TransferState.IN_TRANSIT
    on_its_way = travelling(transfer, {line.pk for line in lines}) if is_on_its_way else {}
    return [
        LineStand(
            line,
            sum((kept.quantity for kept in reserved[line.pk]), start=NOTHING),
            [sent for sent in on_its_way.get(line.pk, []) if sent.quantity],
        )
        for line in lines
    ]


def leaves_quality(transfer: StockTransfer) -> bool:
    """Whether it would let goods out of a quality area."""
    lines = StockTransferLine.objects.filter(transfer=transfer).select_related("source_location")
    return any(line.source_location and not line.source_location.is_sellable for line in lines)
