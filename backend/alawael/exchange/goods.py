"""Goods of imported documents: received, shipped, brought back, and all of that undone.

The table of an earlier system says what was sold, but not what was bought. So every piece comes
in just before it leaves, at a share of its price, against OPENING_BALANCE: what the company had
when this program took over (docs/decisions/0015-goods-of-imported-invoices.md). The moves and
their entry belong to the invoice or note that the goods came with.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from alawael.catalog.models import Product, ProductKind
from alawael.core.actors import Actor
from alawael.core.clock import business_day
from alawael.core.errors import Refusal, Text
from alawael.core.money import ZERO, round_money
from alawael.core.unit_of_work import unit_of_work
from alawael.exchange.columns import Options
from alawael.exchange.models import ImportedAction
from alawael.exchange.profiles.base import Mark, Session
from alawael.invoicing.models import Invoice, InvoiceLine
from alawael.ledger import services as ledger
from alawael.ledger.books import Books, Posting
from alawael.ledger.models import JournalEntry, LedgerRole
from alawael.stock import queries as stock
from alawael.stock import services as stock_services
from alawael.stock.models import Location, LocationType, StockMove, Warehouse
from alawael.stock.moving import Movement, move, reverse_moves
from alawael.stock.refusals import StockFrozen

SHIP = "ship"
#: What pieces cost, in percent of their price, when nobody said otherwise.
COST_PERCENT = "60"
CODE_OF_WAREHOUSE = "MAIN"
WAREHOUSE = Text("Main warehouse", "المستودع الرئيسي")
#: How the entries of these moves are called in the books.
ENTRY = "imported_goods"


class NoSuchWarehouse(Refusal):
    code = "no_such_warehouse"
    message = Text(
        "No warehouse in use has the code {warehouse}.",
        "لا يوجد مستودع مستخدم بالرمز {warehouse}.",
    )


@dataclass(frozen=True)
class Gate:
    """Where goods of an import come from, stand and go, and what share of a price they cost."""

    supplier: Location
    shelf: Location
    customer: Location
    cost_share: Decimal

    @classmethod
    def open(cls, options: Options) -> "Gate":
        """Raises NoSuchWarehouse."""
        house = warehouse_for(options)
        if house is None:
            raise NoSuchWarehouse(warehouse=options.warehouse or CODE_OF_WAREHOUSE)
        return cls(
            stock.virtual(LocationType.SUPPLIER),
            stock.root_of(house),
            stock.virtual(LocationType.CUSTOMER),
            Decimal(options.cost_percent) / 100,
        )

    def cost_of(self, line: InvoiceLine) -> Decimal | None:
        """Riyals for all pieces of a line; None (today's average) for what was given away."""
        if not line.unit_price:
            return None
        return round_money(line.quantity * line.unit_price * self.cost_share)


def warehouse_for(options: Options) -> Warehouse | None:
    """The warehouse that was named, else the oldest in use."""
    in_use = stock.warehouses(is_active=True).order_by("id")
    if options.warehouse:
        in_use = in_use.filter(code_folded=options.warehouse.strip().casefold())
    return in_use.first()


def prepare(days: Iterable[date], session: Session) -> tuple[list[Mark], list[Text]]:
    """Make sure of a warehouse, and that its past is not frozen; what to undo, what to say.

    Raises NoSuchWarehouse, StockFrozen.
    """
    frozen_until = stock.stock_settings().frozen_until
    if frozen_until is not None and any(day <= frozen_until for day in days):
        raise StockFrozen(day=frozen_until.isoformat())
    marks = []
    house = warehouse_for(session.options)
    if house is None:
        if session.options.warehouse:
            raise NoSuchWarehouse(warehouse=session.options.warehouse)
        house, mark = _open_warehouse(session)
        marks.append(mark)
    return marks, [_rule(house, session.options)]


def _open_warehouse(session: Session) -> tuple[Warehouse, Mark]:
    closed = stock.warehouses().filter(code_folded=CODE_OF_WAREHOUSE.casefold()).first()
    if closed is not None:
        house = stock_services.update_warehouse(
            closed, {"is_active": True}, by=session.by, at=session.at
        )
        changes = {"is_active": [False, True]}
        return house, Mark("warehouse", house.pk, house.code, ImportedAction.CHANGED, changes)
    names = {"name_en": WAREHOUSE.en, "name_ar": WAREHOUSE.ar}
    house = stock_services.create_warehouse(
        {"code": CODE_OF_WAREHOUSE, **names}, by=session.by, at=session.at
    )
    return house, Mark("warehouse", house.pk, house.code, ImportedAction.CREATED)


def _rule(house: Warehouse, options: Options) -> Text:
    percent = options.cost_percent
    return Text(
        f"Goods come into {house.code} at {percent} % of their price against the opening balance, "
        "just before they are shipped. Credit notes bring goods back at what they cost.",
        f"تدخل البضاعة إلى {house.code} بنسبة {percent}% من سعرها مقابل الرصيد الافتتاحي قبل "
        "شحنها مباشرة، وتعيدها الإشعارات الدائنة بتكلفتها.",
    )


@unit_of_work
def ship(
    invoice: Invoice,
    products: Mapping[UUID, Product],
    gate: Gate,
    *,
    books: Books,
    by: Actor,
    at: datetime,
) -> list[StockMove]:
    """Receive and ship the goods of an invoice on its day, two moves a line.

    What was sold at price zero costs what the product costs on average. Raises what `move` does.
    """
    movements = []
    for product_id, line in _goods(invoice, products):
        cost = gate.cost_of(line)
        movements += [
            Movement(
                product_id, line.quantity, gate.supplier, gate.shelf, value=cost, line_id=line.pk
            ),
            Movement(product_id, line.quantity, gate.shelf, gate.customer, line_id=line.pk),
        ]
    return _moved(invoice, movements, books=books, by=by, at=at)


@unit_of_work
def bring_back(
    note: Invoice,
    products: Mapping[UUID, Product],
    gate: Gate,
    *,
    books: Books,
    by: Actor,
    at: datetime,
) -> list[StockMove]:
    """Take the goods of a credit note back on its day, at what they were shipped for.

    Where the note stands alone, at their share of the price. Raises what `move` does.
    """
    lines = _goods(note, products)
    shipped = _shipped(note.original_id) if note.original_id else {}
    before = _credited_before([line for _, line in lines])
    movements = [
        Movement(
            product_id,
            line.quantity,
            gate.customer,
            gate.shelf,
            value=_cost_back(line, shipped, before, gate),
            line_id=line.pk,
        )
        for product_id, line in lines
    ]
    return _moved(note, movements, books=books, by=by, at=at)


@unit_of_work
def take_back(document: Invoice, *, on: date, by: Actor, at: datetime) -> bool:
    """Reverse what the goods of a document did, as of `on`; False when it moved none.

    Raises NotEnoughStock when goods that it brought in have left since.
    """
    moves = stock.moves_of(document)
    if not moves:
        return False
    number = str(document.number)
    reverse_moves(moves[::-1], document=document, number=number, on=on, by=by, at=at)
    entry = JournalEntry.objects.filter(
        kind=ENTRY, source_type=document._meta.label_lower, source_id=document.pk
    ).first()
    if entry is not None:
        ledger.reverse(
            entry,
            on=on,
            memo=f"{number}: import undone",
            source=document,
            source_number=number,
            by=by,
            at=at,
        )
    return True


def _goods(document: Invoice, products: Mapping[UUID, Product]) -> list[tuple[UUID, InvoiceLine]]:
    return [
        (line.product_id, line)
        for line in document.lines.order_by("position")
        if line.product_id and products[line.product_id].kind == ProductKind.GOODS
    ]


def _shipped(invoice_id: UUID) -> dict[UUID, StockMove]:
    """How each line of an invoice left; {} where it was imported without its goods."""
    rows = StockMove.objects.filter(
        document_type=Invoice._meta.label_lower,
        document_id=invoice_id,
        destination=stock.virtual(LocationType.CUSTOMER),
    )
    return {row.line_id: row for row in rows if row.line_id}


def _credited_before(lines: Sequence[InvoiceLine]) -> dict[UUID, Decimal]:
    """How much of each invoice line had come back before this note, which itself counts."""
    ids = {line.original_line_id for line in lines if line.original_line_id}
    credited = dict(InvoiceLine.objects.filter(pk__in=ids).values_list("pk", "credited"))
    for line in lines:
        if line.original_line_id:
            credited[line.original_line_id] -= line.quantity
    return credited


def _cost_back(
    line: InvoiceLine,
    shipped: Mapping[UUID, StockMove],
    before: dict[UUID, Decimal],
    gate: Gate,
) -> Decimal | None:
    """What pieces that come back had cost: in parts, they give back exactly the whole."""
    left = shipped.get(line.original_line_id) if line.original_line_id else None
    if left is None or line.original_line_id is None:
        return gate.cost_of(line)
    start = before[line.original_line_id]
    before[line.original_line_id] = end = start + line.quantity
    per_piece = left.value / left.quantity
    return round_money(end * per_piece) - round_money(start * per_piece)


def _moved(
    document: Invoice, movements: Sequence[Movement], *, books: Books, by: Actor, at: datetime
) -> list[StockMove]:
    if not movements:
        return []
    number, on = str(document.number), business_day(document.issued_at or at)
    moves = move(movements, document=document, number=number, on=on, by=by, at=at)
    postings = _postings(movements, moves)
    if postings:
        ledger.post(
            postings,
            on=on,
            memo=document.customer_name_en or document.customer_name_ar,
            kind=ENTRY,
            source=document,
            source_number=number,
            books=books,
            by=by,
            at=at,
        )
    return moves


def _postings(movements: Sequence[Movement], moves: Sequence[StockMove]) -> list[Posting]:
    """INVENTORY to OPENING_BALANCE in, COGS to INVENTORY out, mirrored when brought back."""
    received = shipped = returned = ZERO
    for movement, made in zip(movements, moves, strict=True):
        if movement.goes_out:
            shipped += made.value
        elif movement.source.type == LocationType.CUSTOMER:
            returned += made.value
        else:
            received += made.value
    goods, cost = LedgerRole.INVENTORY, LedgerRole.COGS
    pairs = [
        (goods, LedgerRole.OPENING_BALANCE, received),
        (cost, goods, shipped),
        (goods, cost, returned),
    ]
    return [
        posting
        for debited, credited, amount in pairs
        if amount
        for posting in (Posting(debited, debit=amount), Posting(credited, credit=amount))
    ]
