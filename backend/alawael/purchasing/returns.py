"""Goods that go back to their supplier, for money or for other goods (domain 3.5).

Dr GRNI at what they came in for / Cr INVENTORY at what they cost now; the difference is a price
variance. A debit note then clears GRNI against the supplier.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.announcements import announce
from alawael.core.claims import move_state
from alawael.core.clock import business_day
from alawael.core.errors import FieldError, Invalid, Refusal, Text
from alawael.core.groups import groups_of
from alawael.core.money import ZERO, plain
from alawael.core.numbering import take_number
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing.bills import DebitLine, draft_debit_note
from alawael.invoicing.models import Bill, BillKind, BillState
from alawael.ledger import services as ledger
from alawael.ledger.books import Books, Posting
from alawael.ledger.models import JournalEntry, LedgerRole
from alawael.purchasing import claims
from alawael.purchasing.models import (
    BillAllocation,
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    ReceiptLine,
    ReceiptState,
    SupplierReturn,
    SupplierReturnLine,
    SupplierReturnState,
    SupplierSettlement,
)
from alawael.purchasing.orders import require_reason
from alawael.purchasing.wishes import settle_wishes
from alawael.stock import queries as stock
from alawael.stock.models import Location, LocationType
from alawael.stock.moving import Movement, move
from alawael.stock.worth import share

SERIES = "supplier_return"
NOTHING = Decimal(0)


class ReceiptNotPosted(Refusal):
    code = "receipt_not_posted"
    message = Text(
        "Only goods of a posted receipt can go back to the supplier.",
        "لا تُرجع إلى المورد إلا بضاعة سند استلام مرحّل.",
    )


class TooMuchReturned(Refusal):
    code = "too_much_returned"
    message = Text(
        "Only {left} of “{line}” is left to send back; {wanted} were entered.",
        "المتبقي للإرجاع من «{line}» هو {left} والمدخل {wanted}.",
    )


class NothingToReturn(Refusal):
    code = "nothing_to_return"
    message = Text(
        "Everything of this receipt has gone back.", "تم إرجاع كل ما في سند الاستلام هذا."
    )


class OrderClosedForReplacement(Refusal):
    code = "order_closed_for_replacement"
    message = Text(
        "{number} is closed. Reopen it before asking for other goods, or ask for the money.",
        "أمر الشراء {number} مقفل. أعد فتحه قبل طلب البديل، أو اطلب استرداد القيمة.",
    )


class NothingToDebit(Refusal):
    code = "nothing_to_debit"
    message = Text(
        "No bill has been posted for what went back, so the supplier owes nothing for it.",
        "لم تُرحّل فاتورة لما أُرجع، فلا شيء مستحق على المورد.",
    )


@dataclass(frozen=True)
class ReturnLineDraft:
    """How much of a receipt line goes back, in stock units, and what we want for it."""

    receipt_line_id: UUID
    quantity: Decimal
    settlement: SupplierSettlement = SupplierSettlement.REFUND
    location_id: UUID | None = None


@unit_of_work
def draft_return(
    receipt: Receipt,
    lines: Sequence[ReturnLineDraft] | None,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> SupplierReturn:
    """Write down what shall go back; `lines=None` takes what the inspection has rejected.

    `facts` are columns of SupplierReturn (returned_on, notes). Raises ReceiptNotPosted,
    NothingToReturn, ReasonMissing, and Invalid naming each wrong line.
    """
    require_reason(reason)
    if not receipt.is_in:
        raise ReceiptNotPosted()
    given = {name: value for name, value in facts.items() if value is not None}
    sent_back = SupplierReturn(
        receipt=receipt,
        order_id=receipt.order_id,
        supplier_id=receipt.supplier_id,
        supplier_name_en=receipt.supplier_name_en,
        supplier_name_ar=receipt.supplier_name_ar,
        warehouse_id=receipt.warehouse_id,
        reason=reason,
        created_at=at,
        created_by=by.actor_id,
        **{"returned_on": business_day(at), **given},
    )
    filled = _fill(sent_back, claims.receipt_lines(receipt_id=receipt.pk), lines)
    sent_back.search_text = _search_text(sent_back, receipt, None)
    sent_back.save(force_insert=True)
    SupplierReturnLine.objects.bulk_create(filled)
    changes = {"receipt": receipt.number, "reason": reason}
    audit.record(sent_back, "supplier_return.drafted", by=by, at=at, changes=changes)
    return sent_back


@unit_of_work
def edit_return(
    sent_back: SupplierReturn,
    changes: Mapping[str, Any],
    *,
    lines: Sequence[ReturnLineDraft] | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> SupplierReturn:
    """Change a draft; with `lines`, all its lines are replaced."""
    differences = audit.difference(sent_back, changes)
    move_state(
        sent_back,
        frm=[SupplierReturnState.DRAFT],
        to=SupplierReturnState.DRAFT,
        expected_version=expected_version,
        **changes,
    )
    if lines is not None:
        SupplierReturnLine.objects.filter(supplier_return=sent_back).delete()
        received = claims.receipt_lines(receipt_id=sent_back.receipt_id)
        SupplierReturnLine.objects.bulk_create(_fill(sent_back, received, lines))
    audit.record(sent_back, "supplier_return.edited", by=by, at=at, changes=differences)
    return sent_back


@unit_of_work
def cancel_return(
    sent_back: SupplierReturn, *, expected_version: int | None = None, by: Actor, at: datetime
) -> SupplierReturn:
    """Throw a draft away; nothing went back."""
    move_state(
        sent_back,
        frm=[SupplierReturnState.DRAFT],
        to=SupplierReturnState.CANCELLED,
        expected_version=expected_version,
    )
    audit.record(sent_back, "supplier_return.cancelled", by=by, at=at)
    return sent_back


@unit_of_work
def post_return(
    sent_back: SupplierReturn,
    *,
    expected_version: int | None = None,
    may_backdate: bool = False,
    books: Books | None = None,
    by: Actor,
    at: datetime,
) -> SupplierReturn:
    """Send the goods back. Dr GRNI at receipt cost / Cr INVENTORY at cost / ± PRICE_VARIANCE.

    For a replacement the order line is open again, and what was billed of it waits for the new
    goods. Raises TooMuchReturned, ReceiptNotPosted, OrderClosedForReplacement, and what moving
    goods and posting raise.
    """
    order = PurchaseOrder.objects.get(pk=sent_back.order_id)
    received = claims.receipt_lines(receipt_id=sent_back.receipt_id)
    lines = list(sent_back.lines.select_related("location").order_by("position"))
    if not lines:
        raise NothingToReturn()
    order_lines = claims.order_lines(order.pk)
    places = _places_of(sent_back, lines, received)
    for line in sorted(lines, key=lambda line: line.receipt_line_id):
        row = received[line.receipt_line_id]
        _require_returnable(order, line, row)
        _claim(line, row, order_lines[row.order_line_id])
    number = f"SR-{take_number(SERIES):06d}"
    moves = move(
        [_movement(line, received[line.receipt_line_id], places[line.pk]) for line in lines],
        document=sent_back,
        number=number,
        on=sent_back.returned_on,
        may_backdate=may_backdate,
        by=by,
        at=at,
    )
    for line, moved in zip(lines, moves, strict=True):
        SupplierReturnLine.objects.filter(**groups_of(line), pk=line.pk).update(
            value=line.value, stock_value=moved.value, location=places[line.pk]
        )
    value = sum((line.value for line in lines), ZERO)
    given_up = sum((moved.value for moved in moves), ZERO)
    entry = _book(sent_back, number, value, given_up, books=books, by=by, at=at)
    move_state(
        sent_back,
        frm=[SupplierReturnState.DRAFT],
        to=SupplierReturnState.POSTED,
        expected_version=expected_version,
        number=number,
        value=value,
        entry=entry,
        posted_by=by.actor_id,
        search_text=_search_text(sent_back, sent_back.receipt, number),
    )
    claims.note_progress(order, order_lines.values())
    settle_wishes(order_lines.values(), by=by, at=at)
    changes = {"number": [None, number], "value": value}
    audit.record(sent_back, "supplier_return.posted", by=by, at=at, changes=changes)
    announce("purchasing.returned", at=at, supplier_return=sent_back.pk)
    return sent_back


@unit_of_work
def draft_note(
    sent_back: SupplierReturn,
    *,
    supplier_number: str,
    issued_on: date,
    by: Actor,
    at: datetime,
) -> Bill:
    """A debit note for what went back and was billed, at the price of the bill that it was on.

    Posted like a bill (billing.py). When several bills paid for the goods, it answers the latest
    one; the rest needs a note of its own. Raises NothingToDebit.
    """
    if sent_back.state != SupplierReturnState.POSTED:
        raise NothingToDebit()
    refunded = _refunded(sent_back)
    allocations = BillAllocation.objects.filter(receipt_line_id__in=list(refunded), is_debit=False)
    paid = list(allocations.order_by("-id"))
    posted = Bill.objects.filter(
        pk__in=[allocation.bill_id for allocation in paid],
        state=BillState.POSTED,
        kind=BillKind.BILL,
    )
    bill = posted.order_by("-id").first()
    if bill is None:
        raise NothingToDebit()
    lines = _debit_lines(bill, [row for row in paid if row.bill_id == bill.pk], refunded)
    if not lines:
        raise NothingToDebit()
    return draft_debit_note(
        bill,
        lines,
        supplier_number=supplier_number,
        issued_on=issued_on,
        reason=sent_back.reason,
        reference=sent_back.number,
        by=by,
        at=at,
    )


# The steps above, in the order they are taken.


def _fill(
    sent_back: SupplierReturn,
    received: Mapping[UUID, ReceiptLine],
    lines: Sequence[ReturnLineDraft] | None,
) -> list[SupplierReturnLine]:
    wanted = _rejected(received) if lines is None else list(lines)
    if not wanted:
        raise NothingToReturn()
    places = _known_places(sent_back, wanted)
    errors = []
    filled = []
    for index, line in enumerate(wanted):
        where = f"/lines/{index}"
        if line.receipt_line_id not in received:
            say = Text("This line is not on the receipt.", "هذا البند ليس في سند الاستلام.")
            errors.append(FieldError(f"{where}/receipt_line_id", "unknown_line", say))
        if line.quantity <= 0:
            say = Text("Enter more than 0.", "أدخل أكثر من صفر.")
            errors.append(FieldError(f"{where}/quantity", "not_positive", say))
        elif line.receipt_line_id in received:
            row = received[line.receipt_line_id]
            left = row.quantity - row.returned
            if line.quantity > left:
                errors.append(FieldError(f"{where}/quantity", "too_much", _too_much(left)))
        if line.location_id and line.location_id not in places:
            say = Text("Choose a place in this warehouse.", "اختر موقعًا في هذا المستودع.")
            errors.append(FieldError(f"{where}/location_id", "unknown_location", say))
        filled.append(
            SupplierReturnLine(
                supplier_return=sent_back,
                position=index + 1,
                receipt_line_id=line.receipt_line_id,
                quantity=line.quantity,
                settlement=line.settlement,
                location_id=line.location_id,
            )
        )
    if errors:
        raise Invalid(errors=errors)
    return filled


def _too_much(left: Decimal) -> Text:
    amount = plain(left)
    return Text(f"Only {amount} is left to send back.", f"المتبقي للإرجاع هو {amount}.")


def _rejected(received: Mapping[UUID, ReceiptLine]) -> list[ReturnLineDraft]:
    return [
        ReturnLineDraft(row.pk, row.rejected - row.returned)
        for row in received.values()
        if row.rejected > row.returned
    ]


def _known_places(sent_back: SupplierReturn, lines: Sequence[ReturnLineDraft]) -> set[UUID]:
    wanted = {line.location_id for line in lines if line.location_id}
    if not wanted:
        return set()
    rows = stock.locations(warehouse_id=sent_back.warehouse_id).filter(
        pk__in=list(wanted), type__in=[LocationType.INTERNAL, LocationType.QUALITY]
    )
    return set(rows.values_list("pk", flat=True))


def _search_text(sent_back: SupplierReturn, receipt: Receipt, number: str | None) -> str:
    return searchable(
        number, receipt.number, sent_back.supplier_name_en, sent_back.supplier_name_ar
    )


def _places_of(
    sent_back: SupplierReturn,
    lines: Sequence[SupplierReturnLine],
    received: Mapping[UUID, ReceiptLine],
) -> dict[UUID, Location]:
    """Where each line is taken from: as said, else the quality area or where the receipt put it."""
    root, quality = stock.root_of(sent_back.warehouse), stock.quality_of(sent_back.warehouse)
    found = {}
    for line in lines:
        row = received[line.receipt_line_id]
        in_quality = row.quantity if row.receipt.state == ReceiptState.INSPECTION else row.rejected
        waits = row.is_inspected and in_quality - row.returned >= line.quantity
        found[line.pk] = line.location or (quality if waits else row.location or root)
    return found


def _require_returnable(order: PurchaseOrder, line: SupplierReturnLine, row: ReceiptLine) -> None:
    if not row.receipt.is_in:
        raise ReceiptNotPosted()
    left = row.quantity - row.returned
    if line.quantity > left:
        name = row.order_line.name_en or row.order_line.name_ar
        raise TooMuchReturned(line=name, left=plain(left), wanted=plain(line.quantity))
    if line.settlement == SupplierSettlement.REPLACE and not order.is_open:
        raise OrderClosedForReplacement(number=order.number or "")


def _claim(line: SupplierReturnLine, row: ReceiptLine, ordered: PurchaseOrderLine) -> None:
    """Take the quantity and its value off the receipt line, and note it on the order line."""
    left = row.quantity - row.returned
    line.value = share(row.value - row.returned_value, line.quantity, left)
    claims.claim_receipt_line(row, returned=line.quantity, returned_value=line.value)
    if line.settlement == SupplierSettlement.REFUND:
        claims.claim_order_line(ordered, returned_refund=line.quantity)
        return
    # What was billed of it is not paid back: it pays for the goods that come instead.
    billed, value = max(-row.open_quantity, NOTHING), -row.open_value
    billed = min(billed, line.quantity)
    if billed:
        value = share(value, billed, -row.open_quantity)
        claims.claim_receipt_line(row, billed=-billed, billed_value=-value)
    claims.claim_order_line(
        ordered,
        returned_replace=line.quantity,
        ahead=billed,
        ahead_value=value if billed else ZERO,
    )


def _movement(line: SupplierReturnLine, row: ReceiptLine, place: Location) -> Movement:
    return Movement(
        product_id=row.product_id,
        quantity=line.quantity,
        source=place,
        destination=stock.virtual(LocationType.SUPPLIER),
        lot=row.lot,
        line_id=line.pk,
    )


def _book(
    sent_back: SupplierReturn,
    number: str,
    value: Decimal,
    given_up: Decimal,
    *,
    books: Books | None,
    by: Actor,
    at: datetime,
) -> JournalEntry | None:
    books = books or Books.open()
    amounts = [
        (LedgerRole.GRNI, value),
        (LedgerRole.INVENTORY, -given_up),
        (LedgerRole.PRICE_VARIANCE, given_up - value),
    ]
    postings = [
        Posting(
            role,
            debit=max(amount, ZERO),
            credit=max(-amount, ZERO),
            party_id=sent_back.supplier_id,
        )
        for role, amount in amounts
        if amount
    ]
    if not postings:
        books.require_open(sent_back.returned_on)
        return None
    return ledger.post(
        postings,
        on=sent_back.returned_on,
        memo=sent_back.supplier_name_en or sent_back.supplier_name_ar,
        kind="supplier_return",
        source=sent_back,
        source_number=number,
        by=by,
        at=at,
        books=books,
    )


def _refunded(sent_back: SupplierReturn) -> dict[UUID, Decimal]:
    """What went back for money of each receipt line, as far as it was billed and not debited."""
    found: dict[UUID, Decimal] = {}
    rows = claims.receipt_lines(receipt_id=sent_back.receipt_id)
    for line in sent_back.lines.filter(settlement=SupplierSettlement.REFUND).order_by("position"):
        owed = max(-rows[line.receipt_line_id].open_quantity, NOTHING)
        found[line.receipt_line_id] = min(
            found.get(line.receipt_line_id, NOTHING) + line.quantity, owed
        )
    return {pk: quantity for pk, quantity in found.items() if quantity > 0}


def _debit_lines(
    bill: Bill, paid: Sequence[BillAllocation], refunded: Mapping[UUID, Decimal]
) -> list[DebitLine]:
    """How much of which bill line is given back, in the bill line's own unit."""
    wanted: dict[UUID, Decimal] = {}
    left = dict(refunded)
    counted: dict[UUID, Decimal] = {}
    for allocation in BillAllocation.objects.filter(bill_id=bill.pk):
        counted[allocation.bill_line_id] = (
            counted.get(allocation.bill_line_id, NOTHING) + allocation.quantity
        )
    for allocation in paid:
        if allocation.receipt_line_id is None:
            continue
        taken = min(left.get(allocation.receipt_line_id, NOTHING), allocation.quantity)
        if taken > 0:
            left[allocation.receipt_line_id] -= taken
            before = wanted.get(allocation.bill_line_id, NOTHING)
            wanted[allocation.bill_line_id] = before + taken
    lines = {line.pk: line for line in bill.lines.all()}
    return [
        DebitLine(pk, lines[pk].quantity * quantity / counted[pk])
        for pk, quantity in wanted.items()
    ]
