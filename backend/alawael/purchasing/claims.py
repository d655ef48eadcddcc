"""Counters of order and receipt lines, moved by compare-and-set.

A unit of work reads the lines it needs, decides, and writes only if every counter still is what
it has read: one conditional update per line. On MongoDB the loser of two units runs again.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F

from alawael.core.errors import NotFound, VersionConflict
from alawael.core.groups import groups_of
from alawael.core.unit_of_work import on_rollback
from alawael.purchasing import statuses
from alawael.purchasing.models import PurchaseOrder, PurchaseOrderLine, Receipt, ReceiptLine

_OF_ORDERS = (
    "quantity", "short_closed", "received", "returned_refund", "returned_replace", "billed",
    "debited", "ahead", "ahead_value",
)  # fmt: skip
_OF_RECEIPTS = (
    "accepted", "rejected", "returned", "returned_value", "billed", "billed_value", "debited",
    "debited_value", "ahead", "ahead_value",
)  # fmt: skip


def order_lines(order_id: UUID) -> dict[UUID, PurchaseOrderLine]:
    """The lines of an order as they are now, in the order in which they are claimed."""
    rows = PurchaseOrderLine.objects.filter(order_id=order_id).select_related("product__unit")
    return {line.pk: line for line in rows.order_by("id")}


def receipt_lines(**wanted: Any) -> dict[UUID, ReceiptLine]:
    """Receipt lines as they are now, in the order in which they came and are claimed."""
    rows = ReceiptLine.objects.filter(**wanted).select_related(
        "order_line", "product", "receipt", "lot", "location"
    )
    return {line.pk: line for line in rows.order_by("id")}


def claim_order_line(line: PurchaseOrderLine, **added: Decimal) -> None:
    """Add to the counters of a line that this unit has read."""
    seen = {name: getattr(line, name) for name in _OF_ORDERS}
    changed = {name: seen[name] + amount for name, amount in added.items() if amount}
    if not changed:
        return
    rows = PurchaseOrderLine.objects.filter(**groups_of(line), pk=line.pk, **seen)
    if not rows.update(**changed):
        raise VersionConflict()
    for name, value in changed.items():
        setattr(line, name, value)


def claim_receipt_line(line: ReceiptLine, **added: Decimal) -> None:
    """Add to the counters and values of a receipt line that this unit has read."""
    seen = {name: getattr(line, name) for name in _OF_RECEIPTS}
    changed = {name: seen[name] + amount for name, amount in added.items() if amount}
    if not changed:
        return
    rows = ReceiptLine.objects.filter(**groups_of(line), pk=line.pk, **seen)
    if not rows.update(**changed):
        raise VersionConflict()
    for name, value in changed.items():
        setattr(line, name, value)


def note_progress(order: PurchaseOrder, lines: Iterable[PurchaseOrderLine]) -> None:
    """Let the order say what its lines say now, and make two documents of it at once collide.

    The version stays: whoever amends the order need not reload it because goods came in.
    """
    lines = list(lines)
    progress = {
        "receipt_progress": statuses.receipt_progress(lines),
        "billing_progress": statuses.billing_progress(lines),
    }
    updated = PurchaseOrder.objects.filter(pk=order.pk).update(
        activity=F("activity") + 1, **progress
    )
    if not updated:
        raise NotFound()
    follow(order, **progress)


def follow(record: PurchaseOrder | Receipt, **values: Any) -> None:
    """Let the object in memory follow its row; should the unit fail, back again."""
    before = {name: getattr(record, name) for name in values}
    on_rollback(lambda: _set(record, before))
    _set(record, values)


def _set(record: PurchaseOrder | Receipt, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)
