"""What can happen to goods that come back: approved, received, inspected, credited, closed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.claims import WrongState, change, move_state
from alawael.core.errors import NotFound, Refusal, Text
from alawael.core.money import ZERO, plain, round_money, round_quantity
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing import services as invoicing
from alawael.invoicing.document import Kind, NoteReason
from alawael.invoicing.models import Invoice, InvoiceLine, InvoiceState
from alawael.invoicing.services import CreditLine
from alawael.ledger import services as ledger
from alawael.ledger.books import Posting
from alawael.ledger.models import LedgerRole
from alawael.sales import queries
from alawael.sales.costs import book_costs
from alawael.sales.models import (
    CustomerReturn,
    CustomerReturnLine,
    CustomerReturnState,
    ReturnSettlement,
    SalesOrder,
    SalesOrderLine,
    SalesOrderState,
    ShipmentLine,
    ShipmentState,
)
from alawael.sales.orders import ReasonNeeded
from alawael.sales.progress import follow
from alawael.sales.settings import next_number
from alawael.stock import moving
from alawael.stock import queries as stock
from alawael.stock.models import Location, LocationType, Lot, StockMove
from alawael.stock.moving import Movement

NOTHING = Decimal(0)
WITH_CUSTOMER = (ShipmentState.SHIPPED, ShipmentState.DELIVERED)


class NothingReturned(Refusal):
    code = "nothing_returned"
    message = Text("Say what comes back.", "حدد ما يُرجع.")


class TooMuchReturned(Refusal):
    code = "too_much_returned"
    message = Text(
        "Only {left} of {line} are with the customer; {wanted} were entered.",
        "الموجود لدى العميل من {line} هو {left} والمدخل {wanted}.",
    )


class NotAllInspected(Refusal):
    code = "not_all_inspected"
    message = Text(
        "{quantity} of {line} came back: say how many are restocked and how many scrapped, and "
        "what the customer gets.",
        "رجع {quantity} من {line}: حدد كم يُعاد للمخزون وكم يُتلف، وما يحصل عليه العميل.",
    )


class NothingToGiveBack(Refusal):
    code = "nothing_to_credit_on_return"
    message = Text(
        "Nothing of this return has been invoiced and not been credited yet.",
        "لا يوجد في هذا المرتجع ما فُوتر ولم يصدر به إشعار دائن.",
    )


@dataclass(frozen=True)
class ReturnedLine:
    """So many stock units of a shipment line."""

    shipment_line_id: UUID
    quantity: Decimal
    reason: str = ""
    lot_id: UUID | None = None


@dataclass(frozen=True)
class Verdict:
    """What becomes of a line that came back: its goods, and what the customer gets."""

    line_id: UUID
    settlement: ReturnSettlement
    restocked: Decimal = NOTHING
    scrapped: Decimal = NOTHING
    reason: str = ""


@unit_of_work
def create_return(
    order: SalesOrder,
    lines: Sequence[ReturnedLine],
    *,
    reason: str = "",
    by: Actor,
    at: datetime,
    **facts: Any,
) -> CustomerReturn:
    """Write down what a customer wants to send back. Raises TooMuchReturned."""
    if not lines:
        raise NothingReturned()
    shipped = _shipped_lines(order, lines)
    document = CustomerReturn(
        order=order,
        customer_id=order.customer_id,
        customer_name_en=order.customer_name_en,
        customer_name_ar=order.customer_name_ar,
        warehouse_id=order.warehouse_id,
        reason=reason,
        created_at=at,
        created_by=by.actor_id,
        **facts,
    )
    document.search_text = _search_text(document, order)
    document.save(force_insert=True)
    for position, wanted in enumerate(lines, 1):
        line = shipped[wanted.shipment_line_id]
        _require_there(line, wanted.quantity)
        CustomerReturnLine.objects.create(
            customer_return=document,
            position=position,
            shipment_line=line,
            order_line_id=line.order_line_id,
            product_id=line.product_id,
            lot_id=wanted.lot_id,
            quantity=wanted.quantity,
            reason=wanted.reason,
        )
    audit.record(document, "customer_return.drafted", by=by, at=at, changes={"reason": reason})
    return document


@unit_of_work
def approve(
    document: CustomerReturn, *, expected_version: int | None = None, by: Actor, at: datetime
) -> CustomerReturn:
    """Let the goods come; the return gets its number."""
    if document.state != CustomerReturnState.DRAFT:
        raise WrongState(state=document.state)
    number = next_number("customer_return")
    move_state(
        document,
        frm=[CustomerReturnState.DRAFT],
        to=CustomerReturnState.APPROVED,
        expected_version=expected_version,
        number=number,
        search_text=f"{document.search_text} {searchable(number)}",
    )
    audit.record(document, "customer_return.approved", by=by, at=at, changes={"number": number})
    return document


@unit_of_work
def receive(
    document: CustomerReturn,
    *,
    on: date,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> CustomerReturn:
    """Take the goods in, into quality, at what they cost when they left.

    Dr INVENTORY / Cr COGS. Raises TooMuchReturned when others returned them meanwhile.
    """
    lines = queries.return_lines(document)
    order = SalesOrder.objects.get(pk=document.order_id)
    move_state(
        document,
        frm=[CustomerReturnState.APPROVED],
        to=CustomerReturnState.RECEIVED,
        expected_version=expected_version,
        received_on=on,
    )
    order_lines = _claim_returned(lines)
    movements = _movements_back(document, lines)
    moves = moving.move(
        movements, document=document, number=document.number or "", on=on, by=by, at=at
    )
    values: dict[UUID, Decimal] = defaultdict(lambda: ZERO)
    for move in moves:
        if move.line_id is not None:
            values[move.line_id] += move.value
    delivered: dict[UUID, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        change(line, value=values[line.pk])
        delivered[line.order_line_id] -= line.value
    entry = book_costs(
        order,
        list(order_lines.values()),
        delivered,
        document=document,
        number=document.number or "",
        kind="customer_return",
        on=on,
        by=by,
        at=at,
    )
    change(document, value=sum(values.values(), ZERO), entry=entry)
    audit.record(document, "customer_return.received", by=by, at=at, changes={"on": on})
    follow(order, by=by, at=at)
    return document


@unit_of_work
def inspect(
    document: CustomerReturn,
    verdicts: Sequence[Verdict],
    *,
    on: date,
    location: Location | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> CustomerReturn:
    """Decide on every line: restock or scrap its goods; replace, refund, or neither.

    Restocked goods go to `location`, or where the warehouse keeps what has no bin. Scrap is Dr
    ADJUSTMENT / Cr INVENTORY. What is replaced opens the order line (and the order) again. Raises
    NotAllInspected, and ReasonNeeded for "neither".
    """
    lines = {line.pk: line for line in queries.return_lines(document)}
    move_state(
        document,
        frm=[CustomerReturnState.RECEIVED],
        to=CustomerReturnState.INSPECTED,
        expected_version=expected_version,
    )
    decided = {verdict.line_id: verdict for verdict in verdicts}
    if decided.keys() - lines.keys():
        raise NotFound()
    for line in lines.values():
        _decide(line, decided.get(line.pk))
    order = SalesOrder.objects.get(pk=document.order_id)
    _settle(order, list(lines.values()), by=by, at=at)
    shelf = location or stock.root_of(document.warehouse)
    _move_inspected(document, list(lines.values()), shelf, on=on, by=by, at=at)
    audit.record(document, "customer_return.inspected", by=by, at=at)
    follow(order, by=by, at=at)
    return document


@unit_of_work
def credit(
    document: CustomerReturn,
    *,
    notes_en: str = "",
    notes_ar: str = "",
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> list[Invoice]:
    """Give back what was invoiced of the refunded lines, with a credit note per invoice.

    Raises NothingToGiveBack when nothing of them was invoiced, or all of it was credited.
    """
    if document.state not in (CustomerReturnState.INSPECTED, CustomerReturnState.CLOSED):
        raise WrongState(state=document.state)
    change(document, expected_version=expected_version)
    wanted: dict[Invoice, list[CreditLine]] = defaultdict(list)
    given: dict[UUID, Decimal] = defaultdict(lambda: NOTHING)
    for line in queries.return_lines(document):
        if line.settlement == ReturnSettlement.REFUND:
            _credit_line(line, wanted, given)
    if not wanted:
        raise NothingToGiveBack()
    notes = [
        invoicing.credit_invoice(
            invoice,
            lines,
            reason=NoteReason.REFUNDED,
            notes_en=notes_en,
            notes_ar=notes_ar,
            by=by,
            at=at,
        )
        for invoice, lines in wanted.items()
    ]
    numbers = [note.number for note in notes]
    audit.record(document, "customer_return.credited", by=by, at=at, changes={"notes": numbers})
    follow(SalesOrder.objects.get(pk=document.order_id), by=by, at=at)
    return notes


@unit_of_work
def close(
    document: CustomerReturn, *, expected_version: int | None = None, by: Actor, at: datetime
) -> CustomerReturn:
    move_state(
        document,
        frm=[CustomerReturnState.INSPECTED],
        to=CustomerReturnState.CLOSED,
        expected_version=expected_version,
    )
    audit.record(document, "customer_return.closed", by=by, at=at)
    return document


@unit_of_work
def cancel(
    document: CustomerReturn,
    *,
    reason: str = "",
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> CustomerReturn:
    """Call off a return before the goods have come."""
    move_state(
        document,
        frm=[CustomerReturnState.DRAFT, CustomerReturnState.APPROVED],
        to=CustomerReturnState.CANCELLED,
        expected_version=expected_version,
    )
    audit.record(document, "customer_return.cancelled", by=by, at=at, changes={"reason": reason})
    return document


# The steps above, in the order they are taken.


def _shipped_lines(order: SalesOrder, lines: Sequence[ReturnedLine]) -> dict[UUID, ShipmentLine]:
    wanted = {line.shipment_line_id for line in lines}
    found = ShipmentLine.objects.filter(
        pk__in=wanted,
        shipment__order=order,
        shipment__state__in=WITH_CUSTOMER,
    ).select_related("order_line")
    known = {line.pk: line for line in found}
    if known.keys() != wanted:
        raise NotFound()
    return known


def _require_there(line: ShipmentLine, quantity: Decimal) -> None:
    left = line.quantity - line.returned
    if quantity > left:
        raise TooMuchReturned(line=line.order_line.sku, left=plain(left), wanted=plain(quantity))


def _search_text(document: CustomerReturn, order: SalesOrder) -> str:
    return searchable(
        order.number, document.reason, document.customer_name_en, document.customer_name_ar
    )


def _claim_returned(lines: Sequence[CustomerReturnLine]) -> dict[UUID, SalesOrderLine]:
    """Count what comes back as returned, on the shipment and on the order, never more than left."""
    shipped = ShipmentLine.objects.select_related("order_line", "shipment").in_bulk(
        [line.shipment_line_id for line in lines]
    )
    ordered = SalesOrderLine.objects.select_related("stock_unit").in_bulk(
        [line.order_line_id for line in lines]
    )
    for line in lines:
        from_shipment, from_order = shipped[line.shipment_line_id], ordered[line.order_line_id]
        if from_shipment.shipment.state not in WITH_CUSTOMER:
            raise WrongState(state=from_shipment.shipment.state)
        _require_there(from_shipment, line.quantity)
        change(from_shipment, returned=from_shipment.returned + line.quantity)
        change(from_order, returned_undecided=from_order.returned_undecided + line.quantity)
    return ordered


def _movements_back(
    document: CustomerReturn, lines: Sequence[CustomerReturnLine]
) -> list[Movement]:
    """From the customer into quality, each at the value it left with."""
    quality = stock.quality_of(document.warehouse)
    customer = stock.virtual(LocationType.CUSTOMER)
    movements = []
    left = _Shipped([line.shipment_line_id for line in lines])
    for line in lines:
        for lot, quantity, value in left.take(line):
            movements.append(
                Movement(
                    product_id=line.product_id,
                    quantity=quantity,
                    source=customer,
                    destination=quality,
                    lot=lot,
                    value=value,
                    line_id=line.pk,
                )
            )
    return movements


@dataclass
class _Left:
    """Goods of one lot that went out for a shipment line, and what has come back of them."""

    lot: Lot | None
    quantity: Decimal = NOTHING
    value: Decimal = ZERO
    returned: Decimal = NOTHING

    def worth(self, quantity: Decimal) -> Decimal:
        """What the first so many of them cost; parts add up to the whole."""
        return round_money(self.value * quantity / self.quantity)


class _Shipped:
    """What went out for shipment lines, by lot, less what came back before."""

    def __init__(self, shipment_line_ids: Sequence[UUID]) -> None:
        self._by_line: dict[UUID, list[_Left]] = defaultdict(list)
        earlier = CustomerReturnLine.objects.filter(shipment_line_id__in=shipment_line_ids)
        back = dict(earlier.values_list("pk", "shipment_line_id"))
        moves = StockMove.objects.filter(line_id__in=[*shipment_line_ids, *back]).select_related(
            "lot", "source"
        )
        for move in moves.order_by("sequence"):
            if move.line_id in self._ids(shipment_line_ids) and move.reverses_id is None:
                went = self._of(move.line_id, move.lot)
                went.quantity += move.quantity
                went.value += move.value
            elif move.line_id in back and move.source.type == LocationType.CUSTOMER:
                self._of(back[move.line_id], move.lot).returned += move.quantity

    @staticmethod
    def _ids(shipment_line_ids: Sequence[UUID]) -> set[UUID]:
        return set(shipment_line_ids)

    def _of(self, line_id: UUID, lot: Lot | None) -> _Left:
        for left in self._by_line[line_id]:
            if (left.lot and left.lot.pk) == (lot and lot.pk):
                return left
        self._by_line[line_id].append(_Left(lot))
        return self._by_line[line_id][-1]

    def take(self, line: CustomerReturnLine) -> list[tuple[Lot | None, Decimal, Decimal]]:
        """Lot, quantity and original value of what comes back; raises TooMuchReturned."""
        missing, taken = line.quantity, []
        for left in self._by_line[line.shipment_line_id]:
            if line.lot_id is not None and (left.lot is None or left.lot.pk != line.lot_id):
                continue
            part = min(missing, left.quantity - left.returned)
            if part > 0:
                value = left.worth(left.returned + part) - left.worth(left.returned)
                taken.append((left.lot, part, value))
                left.returned += part
                missing -= part
        if missing > 0:
            found = line.quantity - missing
            raise TooMuchReturned(
                line=line.order_line.sku, left=plain(found), wanted=plain(line.quantity)
            )
        return taken


def _decide(line: CustomerReturnLine, verdict: Verdict | None) -> None:
    if (
        verdict is None
        or verdict.settlement == ReturnSettlement.UNDECIDED
        or verdict.restocked + verdict.scrapped != line.quantity
    ):
        raise NotAllInspected(quantity=plain(line.quantity), line=line.order_line.sku)
    if verdict.settlement == ReturnSettlement.NEITHER and not verdict.reason.strip():
        raise ReasonNeeded()
    change(
        line,
        restocked=verdict.restocked,
        scrapped=verdict.scrapped,
        settlement=verdict.settlement,
        settlement_reason=verdict.reason,
    )


def _settle(
    order: SalesOrder, lines: Sequence[CustomerReturnLine], *, by: Actor, at: datetime
) -> None:
    """Move what came back from undecided to what was decided."""
    order_lines = SalesOrderLine.objects.in_bulk([line.order_line_id for line in lines])
    for line in lines:
        target = order_lines[line.order_line_id]
        facts = {"returned_undecided": target.returned_undecided - line.quantity}
        if line.settlement == ReturnSettlement.REPLACE:
            facts["returned_replace"] = target.returned_replace + line.quantity
        else:
            facts["returned_refund"] = target.returned_refund + line.quantity
        if line.settlement == ReturnSettlement.NEITHER:
            facts["waived"] = target.waived + line.quantity
        change(target, **facts)
    replaces = any(line.settlement == ReturnSettlement.REPLACE for line in lines)
    if replaces and order.state == SalesOrderState.CLOSED:
        move_state(order, frm=[SalesOrderState.CLOSED], to=SalesOrderState.CONFIRMED)
        audit.record(order, "sales_order.reopened", by=by, at=at, changes={"replaces": True})


def _move_inspected(
    document: CustomerReturn,
    lines: Sequence[CustomerReturnLine],
    shelf: Location,
    *,
    on: date,
    by: Actor,
    at: datetime,
) -> None:
    quality = stock.quality_of(document.warehouse)
    scrap = stock.virtual(LocationType.ADJUSTMENT)
    movements = []
    received = _lots_received(document)
    for line in lines:
        wanted = [(shelf, line.restocked), (scrap, line.scrapped)]
        for destination, lot, quantity in _spread(wanted, received[line.pk]):
            movements.append(
                Movement(
                    product_id=line.product_id,
                    quantity=quantity,
                    source=quality,
                    destination=destination,
                    lot=lot,
                    line_id=line.pk,
                )
            )
    number = document.number or ""
    moves = moving.move(movements, document=document, number=number, on=on, by=by, at=at)
    lost = sum((move.value for move in moves if move.destination_id == scrap.pk), ZERO)
    if lost:
        ledger.post(
            [
                Posting(LedgerRole.ADJUSTMENT, debit=lost),
                Posting(LedgerRole.INVENTORY, credit=lost),
            ],
            on=on,
            memo=document.customer_name_en or document.customer_name_ar,
            kind="customer_return_scrap",
            source=document,
            source_number=number,
            by=by,
            at=at,
        )


def _lots_received(document: CustomerReturn) -> dict[UUID, list[tuple[Lot | None, Decimal]]]:
    received: dict[UUID, list[tuple[Lot | None, Decimal]]] = defaultdict(list)
    for move in stock.moves_of(document):
        if move.line_id is not None and move.source.type == LocationType.CUSTOMER:
            received[move.line_id].append((move.lot, move.quantity))
    return received


def _spread(
    wanted: Sequence[tuple[Location, Decimal]], lots: Sequence[tuple[Lot | None, Decimal]]
) -> list[tuple[Location, Lot | None, Decimal]]:
    """Send the first lots to the first place, the rest to the next."""
    spread, waiting = [], list(lots)
    for place, missing in wanted:
        while missing > 0 and waiting:
            lot, there = waiting[0]
            part = min(missing, there)
            spread.append((place, lot, part))
            missing -= part
            waiting[:1] = [(lot, there - part)] if there > part else []
    return spread


def _credit_line(
    line: CustomerReturnLine,
    wanted: dict[Invoice, list[CreditLine]],
    given: dict[UUID, Decimal],
) -> None:
    """Find the invoice lines that this return answers, the latest first.

    `given` is what other lines of the return take of the same order and invoice lines.
    """
    order_line = SalesOrderLine.objects.select_related("unit", "stock_unit", "order").get(
        pk=line.order_line_id
    )
    missing = before = min(
        line.quantity - line.credited, _to_give_back(order_line) - given[order_line.pk]
    )
    for origin in _invoiced(order_line):
        rest = origin.quantity - origin.credited
        left = queries.in_stock_units(order_line, origin.unit_id, rest) - given[origin.pk]
        part = min(missing, left)
        if part <= 0:
            continue
        whole = part == left and not given[origin.pk]
        quantity = rest if whole else _in_invoice_unit(order_line, origin, part)
        wanted[origin.invoice].append(CreditLine(origin.pk, quantity))
        given[origin.pk] += part
        missing -= part
    if missing < before:
        given[order_line.pk] += before - missing
        change(line, credited=line.credited + before - missing)


def _to_give_back(order_line: SalesOrderLine) -> Decimal:
    """What was invoiced, came back for a refund and is not credited yet, in stock units.

    The pieces that came back are taken to be invoiced ones, whatever is still to be invoiced
    (domain 3.11). Where notes were made on the invoice's page as well, they may have given back
    these very pieces: then only what is billed beyond the goods that stayed is credited.
    """
    credited = queries.credited_of([order_line])[order_line.pk]
    answered = _answered(order_line)
    refunded = order_line.returned_refund - order_line.waived
    due: Decimal = min(refunded - answered, order_line.invoiced - credited)
    if credited == answered:
        return due
    policy = queries.policy_of(order_line.order)
    return min(due, -order_line.figures(credited).open_to_bill(policy))


def _answered(order_line: SalesOrderLine) -> Decimal:
    """How much of an order line credit notes for returns have given back."""
    lines = CustomerReturnLine.objects.filter(order_line=order_line)
    return sum(lines.values_list("credited", flat=True), NOTHING)


def _invoiced(order_line: SalesOrderLine) -> list[InvoiceLine]:
    rows = InvoiceLine.objects.filter(
        source_line_id=order_line.pk,
        invoice__kind=Kind.INVOICE,
        invoice__state=InvoiceState.POSTED,
    )
    return list(rows.select_related("invoice__customer", "invoice__original").order_by("-id"))


def _in_invoice_unit(order_line: SalesOrderLine, origin: InvoiceLine, quantity: Decimal) -> Decimal:
    if origin.unit_id == order_line.stock_unit_id:
        return quantity
    return round_quantity(quantity * order_line.denominator / order_line.numerator)
