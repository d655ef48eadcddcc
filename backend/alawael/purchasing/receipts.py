"""What can happen to a goods receipt: drafted, posted, inspected, reversed (domain 3.5).

Goods come in at the order's net price times the exchange rate of the day, or, as far as they were
billed before they came, at what the bill says. Dr INVENTORY / Cr GRNI.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from alawael.catalog.models import Product
from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.announcements import announce
from alawael.core.claims import move_state
from alawael.core.clock import business_day
from alawael.core.errors import FieldError, Invalid, Refusal, Text
from alawael.core.groups import groups_of
from alawael.core.money import ZERO, plain, round_money
from alawael.core.numbering import take_number
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.ledger import services as ledger
from alawael.ledger.books import Books, Posting
from alawael.ledger.models import JournalEntry, LedgerRole
from alawael.purchasing import claims, queries, statuses
from alawael.purchasing.drafting import counted
from alawael.purchasing.models import (
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    ReceiptLine,
    ReceiptState,
)
from alawael.purchasing.orders import WarehouseMissing, require_reason
from alawael.purchasing.wishes import settle_wishes
from alawael.stock import queries as stock
from alawael.stock.lots import find_or_make_lot
from alawael.stock.models import Location, LocationType, Lot, StockItem, StockMove, Warehouse
from alawael.stock.moving import Movement, move, reverse_moves
from alawael.stock.worth import share

SERIES = "goods_receipt"
NOTHING = Decimal(0)


class OrderNotOpen(Refusal):
    code = "order_not_open"
    message = Text(
        "{number} is not open for receipts. It has to be approved, and not closed or cancelled.",
        "أمر الشراء {number} غير مفتوح للاستلام. يجب أن يكون معتمدًا وغير مقفل أو ملغى.",
    )


class OrderOnHold(Refusal):
    code = "order_on_hold"
    message = Text(
        "{number} is on hold: {reason}. Release it first.",
        "أمر الشراء {number} معلّق: {reason}. ارفع التعليق أولًا.",
    )


class TooMuchReceived(Refusal):
    code = "too_much_received"
    message = Text(
        "At most {most} of “{line}” may still come in; {wanted} were entered.",
        "أقصى ما يمكن استلامه من «{line}» هو {most} والمدخل {wanted}.",
    )


class NothingToReceive(Refusal):
    code = "nothing_to_receive"
    message = Text("Nothing of this order is left to come.", "لم يبقَ في هذا الأمر ما يُستلم.")


class ReceiptBilled(Refusal):
    code = "receipt_billed"
    message = Text(
        "“{line}” has been billed or sent back. Return the goods to the supplier instead.",
        "تمت فوترة «{line}» أو إرجاعه. أرجع البضاعة إلى المورد بدلًا من ذلك.",
    )


class ReceiptHasCosts(Refusal):
    code = "receipt_has_costs"
    message = Text(
        "Landed cost {number} lies on these goods. They cannot be taken back any more.",
        "حُمّلت على هذه البضاعة تكلفة الاستيراد {number}، فلا يمكن عكس استلامها.",
    )


class WrongDecision(Refusal):
    code = "wrong_decision"
    message = Text(
        "Accepted and rejected of “{line}” must be {quantity} together.",
        "مجموع المقبول والمرفوض من «{line}» يجب أن يساوي {quantity}.",
    )


@dataclass(frozen=True)
class ReceiptLineDraft:
    """What came of one order line, in its unit unless another one is named."""

    order_line_id: UUID
    quantity: Decimal
    unit_id: UUID | None = None
    lot_code: str = ""
    expires_on: date | None = None
    location_id: UUID | None = None


@dataclass(frozen=True)
class Decision:
    """What the inspection found, in stock units."""

    line_id: UUID
    accepted: Decimal
    rejected: Decimal


@unit_of_work
def draft_receipt(
    order: PurchaseOrder,
    lines: Sequence[ReceiptLineDraft] | None,
    *,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> Receipt:
    """Write down what came of an order; `lines=None` takes everything that is still open.

    `facts` are columns of Receipt (warehouse_id, received_on, exchange_rate, delivery_note …).
    Raises OrderNotOpen, NothingToReceive, WarehouseMissing, and Invalid naming each wrong line.
    """
    _require_open(order)
    given = {name: value for name, value in facts.items() if value is not None}
    usual = {
        "warehouse_id": order.warehouse_id,
        "received_on": business_day(at),
        "exchange_rate": order.exchange_rate,
    }
    receipt = Receipt(
        order=order,
        supplier_id=order.supplier_id,
        supplier_name_en=order.supplier_name_en,
        supplier_name_ar=order.supplier_name_ar,
        created_at=at,
        created_by=by.actor_id,
        **(usual | given),
    )
    if receipt.warehouse_id is None:
        raise WarehouseMissing()
    filled = _fill(receipt, claims.order_lines(order.pk), lines)
    receipt.search_text = _search_text(receipt, None)
    receipt.save(force_insert=True)
    ReceiptLine.objects.bulk_create(filled)
    audit.record(receipt, "receipt.drafted", by=by, at=at, changes={"order": order.number})
    return receipt


@unit_of_work
def edit_receipt(
    receipt: Receipt,
    changes: Mapping[str, Any],
    *,
    lines: Sequence[ReceiptLineDraft] | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Receipt:
    """Change a draft; with `lines`, all its lines are replaced."""
    differences = audit.difference(receipt, changes)
    move_state(
        receipt,
        frm=[ReceiptState.DRAFT],
        to=ReceiptState.DRAFT,
        expected_version=expected_version,
        **changes,
    )
    if lines is not None:
        ReceiptLine.objects.filter(receipt=receipt).delete()
        filled = _fill(receipt, claims.order_lines(receipt.order_id), lines)
        ReceiptLine.objects.bulk_create(filled)
    elif "warehouse_id" in changes:
        # The places that were chosen are in the other warehouse.
        ReceiptLine.objects.filter(receipt=receipt).update(location=None)
    text = _search_text(receipt, None)
    Receipt.objects.filter(**groups_of(receipt), pk=receipt.pk).update(search_text=text)
    audit.record(receipt, "receipt.edited", by=by, at=at, changes=differences)
    return receipt


@unit_of_work
def cancel_receipt(
    receipt: Receipt, *, expected_version: int | None = None, by: Actor, at: datetime
) -> Receipt:
    """Throw a draft away; nothing came in."""
    move_state(
        receipt,
        frm=[ReceiptState.DRAFT],
        to=ReceiptState.CANCELLED,
        expected_version=expected_version,
    )
    audit.record(receipt, "receipt.cancelled", by=by, at=at)
    return receipt


@unit_of_work
def post_receipt(
    receipt: Receipt,
    *,
    expected_version: int | None = None,
    may_backdate: bool = False,
    books: Books | None = None,
    by: Actor,
    at: datetime,
) -> Receipt:
    """Take the goods in: into the warehouse, or into its quality area when they are inspected.

    Dr INVENTORY / Cr GRNI. Raises OrderNotOpen, OrderOnHold, TooMuchReceived, NothingToReceive, and
    what moving goods and posting raise (LotRequired, SerialOnHand, PeriodClosed …).
    """
    order = PurchaseOrder.objects.get(pk=receipt.order_id)
    _require_open(order)
    lines = list(claims.receipt_lines(receipt_id=receipt.pk).values())
    if not lines:
        raise NothingToReceive()
    items = stock.stock_items(line.product_id for line in lines)
    order_lines = claims.order_lines(order.pk)
    _claim_quantities(receipt, order, order_lines, lines)
    for line in lines:
        line.is_inspected = items[line.product_id].needs_inspection
        line.lot = _lot(line, items[line.product_id], at=at)
    value = sum((line.value for line in lines), ZERO)
    waits = any(line.is_inspected for line in lines)
    number = f"GR-{take_number(SERIES):06d}"
    _bring_in(receipt, number, lines, may_backdate=may_backdate, by=by, at=at)
    entry = _book(receipt, number, value, books=books, by=by, at=at)
    move_state(
        receipt,
        frm=[ReceiptState.DRAFT],
        to=ReceiptState.INSPECTION if waits else ReceiptState.POSTED,
        expected_version=expected_version,
        number=number,
        value=value,
        entry=entry,
        posted_at=at,
        posted_by=by.actor_id,
        search_text=_search_text(receipt, number),
    )
    _write_posted(lines)
    claims.note_progress(order, order_lines.values())
    settle_wishes(order_lines.values(), by=by, at=at)
    changes = {"number": [None, number], "value": value}
    audit.record(receipt, "receipt.posted", by=by, at=at, changes=changes)
    announce("purchasing.received", at=at, receipt=receipt.pk, order=order.pk)
    return receipt


@unit_of_work
def decide_receipt(
    receipt: Receipt,
    decisions: Sequence[Decision],
    *,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Receipt:
    """Say what the inspection found: what is accepted becomes free to sell, the rest stays aside.

    Every inspected line needs its decision; a line that none is given for is accepted wholly.
    Rejected goods wait in the quality area for their return. Raises WrongDecision.
    """
    move_state(
        receipt,
        frm=[ReceiptState.INSPECTION],
        to=ReceiptState.POSTED,
        expected_version=expected_version,
    )
    lines = claims.receipt_lines(receipt_id=receipt.pk, is_inspected=True)
    said = {decision.line_id: decision for decision in decisions}
    if unknown := sorted(said.keys() - lines.keys()):
        where = [decision.line_id for decision in decisions].index(unknown[0])
        message = Text("This line is not inspected here.", "هذا البند ليس تحت الفحص هنا.")
        raise Invalid(errors=[FieldError(f"/lines/{where}/line_id", "unknown_line", message)])
    accepted = []
    for line in lines.values():
        decision = said.get(line.pk) or Decision(line.pk, line.quantity - line.returned, NOTHING)
        _require_right(line, decision)
        claims.claim_receipt_line(line, accepted=decision.accepted, rejected=decision.rejected)
        if decision.accepted:
            accepted.append((line, decision.accepted))
    _release(receipt, accepted, by=by, at=at)
    facts = [[line.product.sku, line.accepted, line.rejected] for line in lines.values()]
    audit.record(receipt, "receipt.decided", by=by, at=at, changes={"lines": facts})
    announce("purchasing.inspected", at=at, receipt=receipt.pk)
    return receipt


@unit_of_work
def reverse_receipt(
    receipt: Receipt,
    *,
    reason: str,
    expected_version: int | None = None,
    may_backdate: bool = False,
    by: Actor,
    at: datetime,
) -> Receipt:
    """Undo a receipt that was wrong, dated today: the goods and the entry go back as they came.

    Raises NotEnoughStock when the goods are not here any more, ReceiptBilled, ReceiptHasCosts.
    """
    require_reason(reason)
    on = business_day(at)
    move_state(
        receipt,
        frm=[ReceiptState.POSTED, ReceiptState.INSPECTION],
        to=ReceiptState.REVERSED,
        expected_version=expected_version,
        reason=reason,
    )
    if costs := queries.landed_costs_of(receipt).first():
        raise ReceiptHasCosts(number=costs.number)
    order = PurchaseOrder.objects.get(pk=receipt.order_id)
    order_lines = claims.order_lines(order.pk)
    for line in claims.receipt_lines(receipt_id=receipt.pk).values():
        _give_back(line, order_lines[line.order_line_id])
    # What was accepted goes back to where it was inspected first, then all of it to the supplier.
    moves = stock.moves_of(receipt)
    inward = [row for row in moves if row.source.type == LocationType.SUPPLIER]
    inside = [row for row in moves if row.source.type != LocationType.SUPPLIER]
    number = receipt.number or ""
    for some in (inside, inward):
        if some:
            _move_back(receipt, some, number, on=on, may_backdate=may_backdate, by=by, at=at)
    if receipt.entry is not None:
        entry = ledger.reverse(
            receipt.entry, on=on, memo=reason, source=receipt, source_number=number, by=by, at=at
        )
        Receipt.objects.filter(**groups_of(receipt), pk=receipt.pk).update(reversal_entry=entry)
        claims.follow(receipt, reversal_entry=entry)
    claims.note_progress(order, order_lines.values())
    settle_wishes(order_lines.values(), by=by, at=at)
    audit.record(receipt, "receipt.reversed", by=by, at=at, changes={"reason": reason})
    announce("purchasing.receipt_reversed", at=at, receipt=receipt.pk)
    return receipt


# The steps above, in the order they are taken.


def _require_open(order: PurchaseOrder) -> None:
    if not order.is_open:
        raise OrderNotOpen(number=order.number or "")
    if order.on_hold:
        raise OrderOnHold(number=order.number or "", reason=order.reason)


def _search_text(receipt: Receipt, number: str | None) -> str:
    return searchable(
        number,
        receipt.delivery_note,
        receipt.order.number,
        receipt.supplier_name_en,
        receipt.supplier_name_ar,
    )


def _fill(
    receipt: Receipt,
    order_lines: Mapping[UUID, PurchaseOrderLine],
    lines: Sequence[ReceiptLineDraft] | None,
) -> list[ReceiptLine]:
    wanted = _everything_open(order_lines) if lines is None else list(lines)
    if not wanted:
        raise NothingToReceive()
    products = queries.products_with_units(
        line.product_id for line in order_lines.values() if line.product_id
    )
    places = _places(receipt, wanted)
    return [
        _fill_line(receipt, index, line, order_lines, products, places)
        for index, line in enumerate(wanted)
    ]


def _everything_open(order_lines: Mapping[UUID, PurchaseOrderLine]) -> list[ReceiptLineDraft]:
    return [
        ReceiptLineDraft(
            line.pk, statuses.open_to_receive(line), line.product.unit_id if line.product else None
        )
        for line in sorted(order_lines.values(), key=lambda line: line.position)
        if statuses.open_to_receive(line) > 0
    ]


def _places(receipt: Receipt, lines: Sequence[ReceiptLineDraft]) -> dict[UUID, Location]:
    wanted = {line.location_id for line in lines if line.location_id}
    if not wanted:
        return {}
    rows = stock.locations(warehouse_id=receipt.warehouse_id, type=LocationType.INTERNAL)
    return {place.pk: place for place in rows.filter(pk__in=list(wanted))}


def _fill_line(
    receipt: Receipt,
    index: int,
    line: ReceiptLineDraft,
    order_lines: Mapping[UUID, PurchaseOrderLine],
    products: Mapping[UUID, Product],
    places: Mapping[UUID, Location],
) -> ReceiptLine:
    ordered = order_lines.get(line.order_line_id)
    where = f"/lines/{index}"
    if ordered is None or not ordered.is_goods or ordered.product_id is None:
        message = Text("This is no line of goods on the order.", "ليس هذا بند بضاعة في الأمر.")
        raise Invalid(errors=[FieldError(f"{where}/order_line_id", "unknown_line", message)])
    if line.location_id and line.location_id not in places:
        message = Text(
            "Choose a place in the warehouse of the receipt.", "اختر موقعًا في مستودع الاستلام."
        )
        raise Invalid(errors=[FieldError(f"{where}/location_id", "unknown_location", message)])
    product = products[ordered.product_id]
    unit = _unit(product, line.unit_id or ordered.unit_id, where)
    return ReceiptLine(
        receipt=receipt,
        position=index + 1,
        order_line=ordered,
        product=product,
        unit=unit,
        typed_quantity=line.quantity,
        quantity=counted(line.quantity, product, unit, pointer=f"{where}/quantity"),
        lot_code=line.lot_code,
        expires_on=line.expires_on,
        location=places.get(line.location_id) if line.location_id else None,
    )


def _unit(product: Product, unit_id: UUID | None, where: str) -> Any:
    known = {product.unit_id: product.unit}
    known |= {further.unit_id: further.unit for further in product.units.all()}
    unit = known.get(unit_id or product.unit_id)
    if unit is None:
        message = Text("The product is not kept in this unit.", "لا يُعامل المنتج بهذه الوحدة.")
        raise Invalid(errors=[FieldError(f"{where}/unit_id", "no_such_unit", message)])
    return unit


def _claim_quantities(
    receipt: Receipt,
    order: PurchaseOrder,
    order_lines: Mapping[UUID, PurchaseOrderLine],
    lines: Sequence[ReceiptLine],
) -> None:
    """Take what came off what is open, and fix what each line came in for."""
    over = queries.purchasing_settings().over_receipt_percent
    for line in sorted(lines, key=lambda line: (line.order_line_id, line.position)):
        ordered = order_lines[line.order_line_id]
        most = statuses.most_receivable(ordered, over)
        if line.quantity > most:
            raise TooMuchReceived(
                line=ordered.name_en or ordered.name_ar or ordered.sku,
                most=plain(max(most, NOTHING)),
                wanted=plain(line.quantity),
            )
        line.ahead = min(line.quantity, ordered.ahead)
        line.ahead_value = share(ordered.ahead_value, line.ahead, ordered.ahead)
        line.billed, line.billed_value = line.ahead, line.ahead_value
        unbilled = order_cost(ordered, receipt.exchange_rate, line.quantity - line.ahead)
        line.value = line.ahead_value + unbilled
        claims.claim_order_line(
            ordered,
            received=line.quantity,
            ahead=-line.ahead,
            ahead_value=-line.ahead_value,
        )


def order_cost(line: PurchaseOrderLine, rate: Decimal, quantity: Decimal) -> Decimal:
    """What the next `quantity` stock units of an order line cost, in riyals.

    As the difference of two running totals, so that parts add up to the whole to the halala.
    """

    def up_to(so_far: Decimal) -> Decimal:
        return round_money(line.net * rate * so_far / line.quantity)

    return up_to(line.received + quantity) - up_to(line.received)


def _lot(line: ReceiptLine, item: StockItem, *, at: datetime) -> Lot | None:
    if not line.lot_code:
        return None
    return find_or_make_lot(line.product, line.lot_code, expires_on=line.expires_on, at=at)


def _bring_in(
    receipt: Receipt,
    number: str,
    lines: Sequence[ReceiptLine],
    *,
    may_backdate: bool,
    by: Actor,
    at: datetime,
) -> list[StockMove]:
    root = stock.root_of(_warehouse(receipt))
    supplier = stock.virtual(LocationType.SUPPLIER)
    inspected = any(line.is_inspected for line in lines)
    quality = stock.quality_of(_warehouse(receipt)) if inspected else root
    movements = [
        Movement(
            product_id=line.product_id,
            quantity=line.quantity,
            source=supplier,
            destination=quality if line.is_inspected else (line.location or root),
            lot=line.lot,
            value=line.value,
            line_id=line.pk,
        )
        for line in lines
    ]
    return move(
        movements,
        document=receipt,
        number=number,
        on=receipt.received_on,
        may_backdate=may_backdate,
        by=by,
        at=at,
    )


def _warehouse(receipt: Receipt) -> Warehouse:
    return receipt.warehouse


def _book(
    receipt: Receipt, number: str, value: Decimal, *, books: Books | None, by: Actor, at: datetime
) -> JournalEntry | None:
    """Dr INVENTORY / Cr GRNI; goods that cost nothing have no entry."""
    books = books or Books.open()
    if not value:
        books.require_open(receipt.received_on)
        return None
    return ledger.post(
        [
            Posting(LedgerRole.INVENTORY, debit=value),
            Posting(LedgerRole.GRNI, credit=value, party_id=receipt.supplier_id),
        ],
        on=receipt.received_on,
        memo=receipt.supplier_name_en or receipt.supplier_name_ar,
        kind="goods_receipt",
        source=receipt,
        source_number=number,
        by=by,
        at=at,
        books=books,
    )


def _write_posted(lines: Sequence[ReceiptLine]) -> None:
    for line in lines:
        ReceiptLine.objects.filter(**groups_of(line), pk=line.pk).update(
            lot=line.lot,
            is_inspected=line.is_inspected,
            value=line.value,
            billed=line.billed,
            billed_value=line.billed_value,
            ahead=line.ahead,
            ahead_value=line.ahead_value,
        )


def _require_right(line: ReceiptLine, decision: Decision) -> None:
    waiting = line.quantity - line.returned
    amounts = (decision.accepted, decision.rejected)
    if min(amounts) < 0 or sum(amounts, NOTHING) != waiting:
        raise WrongDecision(
            line=line.order_line.name_en or line.order_line.name_ar, quantity=plain(waiting)
        )


def _release(
    receipt: Receipt,
    accepted: Sequence[tuple[ReceiptLine, Decimal]],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """From the quality area to where the goods shall stand, worth what they were."""
    warehouse = _warehouse(receipt)
    root, quality = stock.root_of(warehouse), stock.quality_of(warehouse)
    movements = [
        Movement(
            product_id=line.product_id,
            quantity=quantity,
            source=quality,
            destination=line.location or root,
            lot=line.lot,
            line_id=line.pk,
        )
        for line, quantity in accepted
    ]
    move(
        movements, document=receipt, number=receipt.number or "", on=business_day(at), by=by, at=at
    )


def _give_back(line: ReceiptLine, ordered: PurchaseOrderLine) -> None:
    """The order line is open again; what had been billed ahead is ahead again."""
    if line.returned or line.debited or line.billed != line.ahead:
        raise ReceiptBilled(line=ordered.name_en or ordered.name_ar or ordered.sku)
    claims.claim_order_line(
        ordered, received=-line.quantity, ahead=line.ahead, ahead_value=line.ahead_value
    )


def _move_back(
    receipt: Receipt,
    moves: Sequence[StockMove],
    number: str,
    *,
    on: date,
    may_backdate: bool,
    by: Actor,
    at: datetime,
) -> None:
    reverse_moves(
        moves, document=receipt, number=number, on=on, may_backdate=may_backdate, by=by, at=at
    )
