"""Requisitions follow the orders that were made from them: how much is ordered, how much came."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.claims import move_state
from alawael.purchasing.models import (
    PurchaseOrderLine,
    PurchaseOrderState,
    Requisition,
    RequisitionLine,
    RequisitionState,
)

NOTHING = Decimal(0)
_FOLLOWING = (RequisitionState.APPROVED, RequisitionState.ORDERED, RequisitionState.CLOSED)


def settle_wishes(lines: Iterable[PurchaseOrderLine], *, by: Actor, at: datetime) -> None:
    """Reckon the requisition lines behind some order lines anew, and the states that follow.

    Approved while something is not ordered, ordered when everything is, closed when it came in.
    Call it in the unit that changed the order lines.
    """
    wished = {line.requisition_line_id for line in lines if line.requisition_line_id}
    if not wished:
        return
    holders = RequisitionLine.objects.filter(pk__in=list(wished))
    ids = sorted(set(holders.values_list("requisition_id", flat=True)))
    for requisition in Requisition.objects.filter(pk__in=ids).order_by("id"):
        _settle(requisition, by=by, at=at)


def _settle(requisition: Requisition, *, by: Actor, at: datetime) -> None:
    lines = list(requisition.lines.order_by("id"))
    ordered, received = _made_from(line.pk for line in lines)
    for line in lines:
        line.ordered, line.received = ordered[line.pk], received[line.pk]
        RequisitionLine.objects.filter(pk=line.pk).update(
            ordered=line.ordered, received=line.received
        )
    state = _state_of(requisition, lines)
    # Also without a new state the version moves on: two orders from one wish must collide.
    move_state(requisition, frm=[requisition.state], to=state)
    audit.record(
        requisition,
        "requisition.followed",
        by=by,
        at=at,
        changes={"state": state, "ordered": [line.ordered for line in lines]},
    )


def _state_of(requisition: Requisition, lines: list[RequisitionLine]) -> str:
    if requisition.state not in _FOLLOWING:
        return requisition.state
    if any(line.open_to_order > 0 for line in lines):
        # Closed by hand with a rest that nobody wants any more stays closed.
        is_closed_by_hand = requisition.state == RequisitionState.CLOSED and requisition.reason
        return RequisitionState.CLOSED if is_closed_by_hand else RequisitionState.APPROVED
    if all(line.received >= line.quantity for line in lines):
        return RequisitionState.CLOSED
    if requisition.state == RequisitionState.CLOSED and requisition.reason:
        return RequisitionState.CLOSED
    return RequisitionState.ORDERED


def _made_from(ids: Iterable[UUID]) -> tuple[dict[UUID, Decimal], dict[UUID, Decimal]]:
    ordered: dict[UUID, Decimal] = defaultdict(lambda: NOTHING)
    received: dict[UUID, Decimal] = defaultdict(lambda: NOTHING)
    rows = PurchaseOrderLine.objects.filter(requisition_line_id__in=list(ids)).exclude(
        order__state=PurchaseOrderState.CANCELLED
    )
    for line in rows:
        if line.requisition_line_id is not None:
            ordered[line.requisition_line_id] += line.quantity - line.short_closed
            received[line.requisition_line_id] += line.received - line.returned_replace
    return ordered, received
