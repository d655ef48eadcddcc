"""Documents as they are shown: with their lines, their relations and what may be done next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from alawael.accounts.permissions import allows
from alawael.core.money import round_money, round_quantity
from alawael.invoicing.bill_schemas import BILL_RIGHTS, next_bill_commands
from alawael.invoicing.models import Bill, BillKind, BillState
from alawael.purchasing import matching, queries, statuses
from alawael.purchasing.enquiries import compared
from alawael.purchasing.models import (
    BillAllocation,
    Enquiry,
    EnquiryState,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderState,
    Receipt,
    ReceiptLine,
    ReceiptState,
    Requisition,
    RequisitionState,
    SupplierReturn,
    SupplierReturnState,
)
from alawael.stock import queries as stock

#: What each command needs besides the right state.
ORDER_RIGHTS = {
    "submit": "purchase_order:submit",
    "approve": "purchase_order:approve",
    "reject": "purchase_order:approve",
    "send": "purchase_order:send",
    "receive": "receipt:create",
    "bill": "bill:create",
    "edit": "purchase_order:edit",
    "amend": "purchase_order:edit",
    "hold": "purchase_order:edit",
    "unhold": "purchase_order:edit",
    "short_close": "purchase_order:close",
    "close": "purchase_order:close",
    "reopen": "purchase_order:reopen",
    "cancel": "purchase_order:cancel",
    "discard": "purchase_order:delete",
}
REQUISITION_RIGHTS = {
    "submit": "requisition:submit",
    "approve": "requisition:approve",
    "reject": "requisition:approve",
    "order": "purchase_order:create",
    "enquire": "enquiry:create",
    "edit": "requisition:edit",
    "close": "requisition:close",
    "cancel": "requisition:cancel",
}
ENQUIRY_RIGHTS = {
    "send": "enquiry:send",
    "quote": "enquiry:edit",
    "award": "purchase_order:create",
    "edit": "enquiry:edit",
    "close": "enquiry:close",
}
RECEIPT_RIGHTS = {
    "post": "receipt:post",
    "decide": "receipt:post",
    "return": "supplier_return:create",
    "add_landed_cost": "receipt:adjust",
    "edit": "receipt:edit",
    "reverse": "receipt:reverse",
    "cancel": "receipt:edit",
}
RETURN_RIGHTS = {
    "post": "supplier_return:post",
    "debit": "bill:create",
    "edit": "supplier_return:edit",
    "cancel": "supplier_return:edit",
}


@dataclass(frozen=True)
class Reader:
    """Who asks, and what he or she may do."""

    user_id: UUID
    permissions: frozenset[str]

    def may(self, commands: Iterable[str], rights: dict[str, str]) -> list[str]:
        return [name for name in commands if allows(self.permissions, rights[name])]

    def is_none_of(self, *authors: UUID | None) -> bool:
        return self.user_id not in authors


@dataclass
class Sheet:
    """A row and what is reckoned for it; whatever is not named here is the row's own."""

    row: Any
    reckoned: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        reckoned = self.__dict__.get("reckoned", {})
        return reckoned[name] if name in reckoned else getattr(self.__dict__["row"], name)


def order_sheet(order: PurchaseOrder, *, today: date, reader: Reader) -> Sheet:
    lines = list(queries.lines_of(order))
    bills = list(Bill.objects.filter(source_id=order.pk).exclude(state=BillState.VOID))
    return Sheet(
        order,
        {
            "lines": [_order_line(line) for line in lines],
            "payment_progress": payment_progress(bills, today=today),
            "links": _links_of_order(order, lines, bills),
            "next_commands": reader.may(_order_commands(order, lines, reader), ORDER_RIGHTS),
        },
    )


def payment_progress(bills: Iterable[Bill], *, today: date) -> str:
    """How far an order's posted bills are paid: overdue, part_paid, unpaid, paid, or none."""
    posted = [bill for bill in bills if bill.is_posted and bill.kind == BillKind.BILL]
    open_ = [bill for bill in posted if bill.open_amount > 0]
    if not posted:
        return "none"
    if not open_:
        return "paid"
    if any(bill.due_on < today for bill in open_):
        return "overdue"
    return "part_paid" if any(bill.settled for bill in posted) else "unpaid"


def requisition_sheet(requisition: Requisition, *, reader: Reader) -> Sheet:
    made = PurchaseOrderLine.objects.filter(requisition_line__requisition_id=requisition.pk)
    orders = PurchaseOrder.objects.filter(pk__in=list(made.values_list("order_id", flat=True)))
    asked = Enquiry.objects.filter(lines__requisition_line__requisition_id=requisition.pk)
    commands = _requisition_commands(requisition, reader)
    return Sheet(
        requisition,
        {
            "links": [*_links(orders.order_by("id")), *_links(_once(asked.order_by("id")))],
            "next_commands": reader.may(commands, REQUISITION_RIGHTS),
        },
    )


def enquiry_sheet(enquiry: Enquiry, *, reader: Reader) -> Sheet:
    quotes = compared(enquiry)
    lines = sorted(enquiry.lines.all(), key=lambda line: line.position)
    wanted = [line.requisition_line_id for line in lines if line.requisition_line_id]
    wishes = queries.requisition_lines(wanted) if wanted else {}
    heads = sorted(enquiry.suppliers.all(), key=lambda head: head.position)
    return Sheet(
        enquiry,
        {
            "lines": [Sheet(line, {"quotes": quotes.get(line.pk, [])}) for line in lines],
            "suppliers": heads,
            "links": [
                *_links(_once(line.requisition for line in wishes.values())),
                *_links(enquiry.orders.order_by("id")),
            ],
            "next_commands": reader.may(_enquiry_commands(enquiry), ENQUIRY_RIGHTS),
        },
    )


def receipt_sheet(receipt: Receipt, *, reader: Reader) -> Sheet:
    lines = list(queries.receipt_lines(receipt))
    items = stock.stock_items(line.product_id for line in lines)
    paid = BillAllocation.objects.filter(receipt_line__in=[line.pk for line in lines])
    bills = Bill.objects.filter(pk__in=list(paid.values_list("bill_id", flat=True)))
    costs = list(queries.landed_costs_of(receipt))
    return Sheet(
        receipt,
        {
            "lines": [
                Sheet(
                    line,
                    {
                        "tracking": items[line.product_id].tracking,
                        "has_expiry": items[line.product_id].has_expiry,
                    },
                )
                for line in lines
            ],
            "landed_costs": costs,
            "links": [
                *_links([receipt.order]),
                *_links(receipt.returns.order_by("id")),
                *_links(bills.order_by("id")),
            ],
            "next_commands": reader.may(_receipt_commands(receipt, lines), RECEIPT_RIGHTS),
        },
    )


def return_sheet(sent_back: SupplierReturn, *, reader: Reader) -> Sheet:
    lines = list(
        sent_back.lines.select_related("receipt_line__order_line", "location").order_by("position")
    )
    rows = [line.receipt_line for line in lines]
    notes = BillAllocation.objects.filter(receipt_line__in=[row.pk for row in rows], is_debit=True)
    bills = Bill.objects.filter(pk__in=list(notes.values_list("bill_id", flat=True)))
    return Sheet(
        sent_back,
        {
            "lines": lines,
            "links": [
                *_links([sent_back.receipt, sent_back.order]),
                *_links(bills.order_by("id")),
            ],
            "next_commands": reader.may(_return_commands(sent_back, rows), RETURN_RIGHTS),
        },
    )


def bill_check_sheet(bill: Bill, *, reader: Reader) -> dict[str, Any]:
    """A bill beside order and receipts: as they are now, or as they were when it was settled."""
    check = queries.bill_check(bill.pk)
    rows, found = matching.compared(bill)
    differences: list[dict[str, Any]] = [one for row in rows for one in row.differences]
    if bill.state not in _UNSETTLED:
        # Others were billed and received since: what counts is what was judged.
        differences = check.differences if check else []
    rules = queries.purchasing_settings()
    receipts = _once(row.receipt for rows_ in found.received.values() for row in rows_)
    commands = _bill_commands(bill, differences, reader)
    return {
        "bill_id": bill.pk,
        "bill_version": bill.version,
        "bill_state": bill.state,
        "state": check.state if check else None,
        "differences": differences,
        "reason": check.reason if check else "",
        "approved_by": check.approved_by if check else None,
        "price_percent": rules.price_percent,
        "quantity_percent": rules.quantity_percent,
        "lines": [_matched_line(row, differences) for row in rows],
        "allocations": queries.allocations_of(bill.pk),
        "links": _links(sorted(receipts, key=lambda receipt: receipt.pk)),
        "next_commands": reader.may(commands, BILL_RIGHTS),
    }


# The parts of the above.


_UNSETTLED = frozenset({BillState.DRAFT, BillState.MATCHED, BillState.DISPUTED})


def _matched_line(
    row: matching.LineMatch, differences: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    line, ordered = row.line, row.ordered
    agreed = row.agreed
    unit = ordered.product.unit if ordered and ordered.product else line.unit
    return {
        "line_id": line.pk,
        "position": line.position,
        "sku": line.sku,
        "name_en": line.name_en,
        "name_ar": line.name_ar,
        "unit_en": unit.name_en if unit else "",
        "unit_ar": unit.name_ar if unit else "",
        "order_line_id": ordered.pk if ordered else None,
        "order_id": row.order.pk if row.order else None,
        "order_number": row.order.number if row.order else None,
        "is_goods": bool(ordered and ordered.is_goods),
        "ordered": ordered.quantity if ordered else None,
        "received": ordered.received - statuses.returned(ordered) if ordered else None,
        "billed_before": row.billed_before if ordered else None,
        "billed": row.quantity,
        "agreed_price": round_quantity(ordered.net / ordered.quantity) if ordered else None,
        "billed_price": round_quantity(line.net / row.quantity),
        "agreed_net": None if agreed is None else round_money(agreed),
        "billed_net": line.net,
        "differs": [one["code"] for one in differences if one["line_id"] == str(line.pk)],
    }


def _bill_commands(
    bill: Bill, differences: Sequence[Mapping[str, Any]], reader: Reader
) -> list[str]:
    """Like invoicing's, and whoever did not write a bill down may approve what differs."""
    commands = next_bill_commands(bill)
    may_judge = differences and reader.is_none_of(bill.created_by)
    return ["approve", *commands] if bill.is_draft and may_judge else commands


def _order_line(line: PurchaseOrderLine) -> Sheet:
    open_ = max(statuses.open_to_receive(line), queries.NOTHING)
    to_bill = statuses.to_bill(line) - statuses.net_billed(line)
    return Sheet(line, {"open_to_receive": open_, "open_to_bill": to_bill})


def _links_of_order(
    order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], bills: Sequence[Bill]
) -> list[dict[str, Any]]:
    wanted = [line.requisition_line_id for line in lines if line.requisition_line_id]
    wishes = queries.requisition_lines(wanted) if wanted else {}
    return [
        *_links(_once(line.requisition for line in wishes.values())),
        *_links([order.enquiry] if order.enquiry else []),
        *_links(order.receipts.order_by("id")),
        *_links(order.returns.order_by("id")),
        *_links(sorted(bills, key=lambda bill: bill.pk)),
    ]


def _links(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {"type": row._meta.label_lower, "id": row.pk, "number": row.number, "state": row.state}
        for row in rows
    ]


def _once(rows: Iterable[Any]) -> list[Any]:
    return list({row.pk: row for row in rows}.values())


def _order_commands(
    order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], reader: Reader
) -> list[str]:
    state = PurchaseOrderState(order.state)
    if state == PurchaseOrderState.DRAFT:
        return ["submit", "edit", "cancel" if order.number else "discard"]
    if state == PurchaseOrderState.PENDING_APPROVAL:
        may_judge = reader.is_none_of(order.created_by, order.submitted_by)
        return ["approve", "reject", "cancel"] if may_judge else ["cancel"]
    to_bill = any(statuses.to_bill(line) > statuses.net_billed(line) for line in lines)
    if state == PurchaseOrderState.CLOSED:
        return ["bill", "reopen"] if to_bill else ["reopen"]
    if state == PurchaseOrderState.CANCELLED:
        return []
    return _open_order_commands(order, lines, to_bill=to_bill)


def _open_order_commands(
    order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], *, to_bill: bool
) -> list[str]:
    to_receive = any(statuses.open_to_receive(line) > 0 for line in lines)
    is_untouched = not any(line.received or line.billed for line in lines)
    wanted = [
        ("unhold", order.on_hold),
        ("close", statuses.is_complete(lines)),
        ("send", order.state == PurchaseOrderState.APPROVED),
        ("receive", to_receive and not order.on_hold),
        ("bill", to_bill),
        ("amend", True),
        ("hold", not order.on_hold),
        ("short_close", to_receive),
        ("close", not statuses.is_complete(lines)),
        ("cancel", is_untouched),
    ]
    return [name for name, is_possible in wanted if is_possible]


def _requisition_commands(requisition: Requisition, reader: Reader) -> list[str]:
    state = RequisitionState(requisition.state)
    if state == RequisitionState.DRAFT:
        return ["submit", "edit", "cancel"]
    if state == RequisitionState.PENDING_APPROVAL:
        may_judge = reader.is_none_of(requisition.created_by, requisition.submitted_by)
        return ["approve", "reject", "cancel"] if may_judge else ["cancel"]
    if state == RequisitionState.APPROVED:
        is_ordered = any(line.ordered for line in requisition.lines.all())
        return ["order", "enquire", "close", *([] if is_ordered else ["cancel"])]
    return ["close"] if state == RequisitionState.ORDERED else []


def _enquiry_commands(enquiry: Enquiry) -> list[str]:
    if enquiry.state == EnquiryState.DRAFT:
        return ["send", "edit", "close"]
    if enquiry.state != EnquiryState.SENT:
        return []
    has_quotes = bool(enquiry.quotes.all())
    return ["award", "quote", "close"] if has_quotes else ["quote", "close"]


def _receipt_commands(receipt: Receipt, lines: Sequence[ReceiptLine]) -> list[str]:
    state = ReceiptState(receipt.state)
    if state == ReceiptState.DRAFT:
        return ["post", "edit", "cancel"]
    if not receipt.is_in:
        return []
    is_free = not any(line.returned or line.billed != line.ahead for line in lines)
    wanted = [
        ("decide", state == ReceiptState.INSPECTION),
        ("add_landed_cost", state == ReceiptState.POSTED),
        ("return", any(line.returned < line.quantity for line in lines)),
        ("reverse", is_free),
    ]
    return [name for name, is_possible in wanted if is_possible]


def _return_commands(sent_back: SupplierReturn, rows: Sequence[ReceiptLine]) -> list[str]:
    if sent_back.state == SupplierReturnState.DRAFT:
        return ["post", "edit", "cancel"]
    is_owed = any(row.open_quantity < 0 for row in rows)
    is_posted = sent_back.state == SupplierReturnState.POSTED
    return ["debit"] if is_posted and is_owed else []
