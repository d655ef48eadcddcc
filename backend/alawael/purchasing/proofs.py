"""What always holds about buying, proven on live data."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from alawael.core.verify import missing_numbers, proof
from alawael.purchasing import statuses
from alawael.purchasing.models import (
    BillAllocation,
    Enquiry,
    LandedCost,
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    ReceiptLine,
    ReceiptState,
    Requisition,
    SupplierReturn,
    SupplierReturnLine,
    SupplierReturnState,
    SupplierSettlement,
)
from alawael.purchasing.queries import grni_balance, open_grni

NOTHING = Decimal(0)
_NUMBERED: dict[str, Any] = {
    "requisition": Requisition,
    "enquiry": Enquiry,
    "purchase_order": PurchaseOrder,
    "goods_receipt": Receipt,
    "supplier_return": SupplierReturn,
    "landed_cost": LandedCost,
}


@proof("Numbers of purchasing documents have no gap")
def _numbers() -> Iterator[str]:
    for key, model in _NUMBERED.items():
        taken = [number for number in _numbers_of(model) if number]
        yield from missing_numbers(key, (int(number.rpartition("-")[2]) for number in taken))


@proof("Goods received, not yet billed, equal their account")
def _goods_received_not_billed() -> Iterator[str]:
    balance = grni_balance()
    if balance != (open_ := open_grni()):
        yield f"The account shows {balance}, the open receipts {open_}."


@proof("Lines of purchase orders count what their documents say")
def _counters() -> Iterator[str]:
    received, returned, billed = _received(), _returned(), _billed()
    for line in PurchaseOrderLine.objects.order_by("id").iterator(chunk_size=500):
        expected = {
            "received": received[line.pk],
            "returned_refund": returned[SupplierSettlement.REFUND, line.pk],
            "returned_replace": returned[SupplierSettlement.REPLACE, line.pk],
            "billed": billed[False, line.pk],
            "debited": billed[True, line.pk],
        }
        for name, quantity in expected.items():
            if getattr(line, name) != quantity:
                yield (
                    f"Line {line.pk} counts {getattr(line, name)} {name}, its documents {quantity}."
                )


@proof("No purchase order received or sent back more than there was")
def _bounds() -> Iterator[str]:
    for line in PurchaseOrderLine.objects.order_by("id").iterator(chunk_size=500):
        if not NOTHING <= statuses.returned(line) <= line.received:
            yield f"Line {line.pk}: {statuses.returned(line)} sent back of {line.received}."
        if min(line.ahead, line.ahead_value, line.debited, line.short_closed) < 0:
            yield f"Line {line.pk} has a counter below zero."


@proof("Purchase orders say what their lines say")
def _progress() -> Iterator[str]:
    orders = PurchaseOrder.objects.filter(number__isnull=False).prefetch_related("lines")
    for order in orders.order_by("id").iterator(chunk_size=200):
        lines = list(order.lines.all())
        told = (order.receipt_progress, order.billing_progress)
        true = (statuses.receipt_progress(lines), statuses.billing_progress(lines))
        if order.activity and told != true:
            yield f"{order.number} says {told}, its lines {true}."


def _numbers_of(model: Any) -> list[str | None]:
    return list(model.objects.values_list("number", flat=True))


def _received() -> dict[UUID, Decimal]:
    sums: dict[UUID, Decimal] = defaultdict(lambda: NOTHING)
    rows = ReceiptLine.objects.filter(
        receipt__state__in=[ReceiptState.POSTED, ReceiptState.INSPECTION]
    )
    for order_line, quantity in rows.values_list("order_line_id", "quantity").iterator():
        sums[order_line] += quantity
    return sums


def _returned() -> dict[tuple[str, UUID], Decimal]:
    sums: dict[tuple[str, UUID], Decimal] = defaultdict(lambda: NOTHING)
    rows = SupplierReturnLine.objects.filter(supplier_return__state=SupplierReturnState.POSTED)
    found = rows.values_list("settlement", "receipt_line__order_line_id", "quantity")
    for settlement, order_line, quantity in found.iterator():
        sums[settlement, order_line] += quantity
    return sums


def _billed() -> dict[tuple[bool, UUID], Decimal]:
    sums: dict[tuple[bool, UUID], Decimal] = defaultdict(lambda: NOTHING)
    rows = BillAllocation.objects.values_list("is_debit", "order_line_id", "quantity")
    for is_debit, order_line, quantity in rows.iterator():
        sums[is_debit, order_line] += quantity
    return sums
