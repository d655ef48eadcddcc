"""A supplier's bill beside order and receipts, line by line (3.6.2). It changes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from alawael.catalog.models import Product
from alawael.core.errors import FieldError, Invalid, Refusal, Text
from alawael.core.money import plain, round_money
from alawael.invoicing.models import Bill, BillLine, BillState
from alawael.purchasing import claims, queries, statuses
from alawael.purchasing.drafting import in_stock_unit
from alawael.purchasing.models import (
    OPEN_ORDERS,
    BillAllocation,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderState,
    PurchasingSettings,
    ReceiptLine,
    ReceiptState,
)

NOTHING = Decimal(0)
#: A bill rounds each line for itself; so much is never a difference.
HALALA = Decimal("0.01")
BILLABLE = frozenset({*OPEN_ORDERS, PurchaseOrderState.CLOSED})
_PAID_FOR = (ReceiptState.POSTED, ReceiptState.INSPECTION)


@dataclass
class OrderedLines:
    """The lines of orders and receipts that a bill is about, as they are now."""

    orders: dict[UUID, PurchaseOrder] = field(default_factory=dict)
    ordered: dict[UUID, PurchaseOrderLine] = field(default_factory=dict)
    #: Receipt lines by order line, oldest first.
    received: dict[UUID, list[ReceiptLine]] = field(default_factory=dict)
    products: dict[UUID, Product] = field(default_factory=dict)
    #: The receipt line that a bill line names, if it names one.
    named: dict[UUID, UUID] = field(default_factory=dict)

    @classmethod
    def of_bill(cls, lines: Iterable[BillLine]) -> "OrderedLines":
        wanted = {line.source_line_id for line in lines if line.source_line_id}
        named = dict(
            ReceiptLine.objects.filter(pk__in=list(wanted)).values_list("pk", "order_line_id")
        )
        return cls._read((wanted - named.keys()) | set(named.values()), named)

    @classmethod
    def of_allocations(cls, allocations: Iterable[BillAllocation]) -> "OrderedLines":
        return cls._read({paid.order_line_id for paid in allocations}, {})

    @classmethod
    def _read(cls, ids: set[UUID], named: dict[UUID, UUID]) -> "OrderedLines":
        if not ids:
            return cls()
        touched = PurchaseOrderLine.objects.filter(pk__in=list(ids))
        orders = PurchaseOrder.objects.in_bulk(
            list(set(touched.values_list("order_id", flat=True)))
        )
        ordered: dict[UUID, PurchaseOrderLine] = {}
        for pk in sorted(orders):
            ordered |= claims.order_lines(pk)
        received: dict[UUID, list[ReceiptLine]] = defaultdict(list)
        rows = claims.receipt_lines(
            order_line_id__in=list(ids), receipt__state__in=[str(state) for state in _PAID_FOR]
        )
        for row in rows.values():
            received[row.order_line_id].append(row)
        named_products = {ordered[pk].product_id for pk in ids if pk in ordered}
        products = queries.products_with_units(pk for pk in named_products if pk)
        return cls(orders, ordered, received, products, named)

    def of(self, line: BillLine) -> PurchaseOrderLine | None:
        source = line.source_line_id
        return self.ordered.get(self.named.get(source, source)) if source else None

    def counted(self, line: BillLine, ordered: PurchaseOrderLine) -> Decimal:
        """The bill line's quantity in stock units; raises Invalid at the line."""
        product = self.products.get(ordered.product_id) if ordered.product_id else None
        unit = line.unit or ordered.unit
        typed: Decimal = line.quantity
        if product is None or unit is None:
            return typed
        try:
            return in_stock_unit(typed, product, unit)
        except Refusal as refusal:
            said = Text(refusal.sentence("en"), refusal.sentence("ar"))
            where = f"/lines/{line.position - 1}/quantity"
            raise Invalid(errors=[FieldError(where, refusal.code, said)]) from refusal

    def note_progress(self) -> None:
        for order in sorted(self.orders.values(), key=lambda order: order.pk):
            rows = [line for line in self.ordered.values() if line.order_id == order.pk]
            claims.note_progress(order, rows)


@dataclass(frozen=True)
class LineMatch:
    """A bill line beside the line it was ordered on; quantities in stock units.

    Without an order line, everything is None or 0 and the bill line stands alone.
    """

    line: BillLine
    quantity: Decimal
    ordered: PurchaseOrderLine | None = None
    order: PurchaseOrder | None = None
    #: What has to be paid for and was not paid by other bills.
    due: Decimal = NOTHING
    billed_before: Decimal = NOTHING
    #: What was agreed for this quantity, without VAT, in the bill's currency.
    agreed: Decimal | None = None
    differences: tuple[dict[str, Any], ...] = ()


def differences_of(bill: Bill) -> list[dict[str, Any]]:
    """Everything in which a bill differs from order and receipt, beyond what is tolerated.

    Raises Invalid for lines that belong to no order and cost no account.
    """
    lines = _lines_of(bill)
    found = OrderedLines.of_bill(lines)
    _require_accounts(bill, lines, found)
    if bill.is_note:
        return []
    return [one for row in _compare(bill, lines, found) for one in row.differences]


def compared(bill: Bill) -> tuple[list[LineMatch], OrderedLines]:
    """Each line of a bill beside its order, for somebody who looks at it; raises nothing."""
    lines = _lines_of(bill)
    found = OrderedLines.of_bill(lines)
    try:
        return _compare(bill, lines, found), found
    except Invalid:
        # A unit that cannot be converted is refused when it is matched.
        return [LineMatch(line, line.quantity) for line in lines], found


def account_id_of(line: BillLine, ordered: PurchaseOrderLine | None) -> UUID | None:
    return line.account_id or (ordered.account_id if ordered else None)


def _lines_of(bill: Bill) -> list[BillLine]:
    return list(bill.lines.select_related("unit").order_by("position"))


def _compare(bill: Bill, lines: Sequence[BillLine], found: OrderedLines) -> list[LineMatch]:
    rules = queries.purchasing_settings()
    own: dict[UUID, Decimal] = defaultdict(lambda: NOTHING)
    if bill.state == BillState.POSTED and not bill.is_note:
        for paid in queries.allocations_of(bill.pk):
            own[paid.order_line_id] += paid.quantity
    so_far: dict[UUID, Decimal] = defaultdict(lambda: NOTHING)
    rows = []
    for line in lines:
        ordered = found.of(line)
        if line.is_tax_only or ordered is None:
            is_strange = not line.is_tax_only and not bill.is_note
            strange = (_difference(line, "not_ordered", *_NOT_ORDERED),) if is_strange else ()
            rows.append(LineMatch(line, line.quantity, differences=strange))
            continue
        quantity = found.counted(line, ordered)
        so_far[ordered.pk] += quantity
        before = statuses.net_billed(ordered) - own[ordered.pk]
        row = LineMatch(
            line,
            quantity,
            ordered,
            found.orders[ordered.order_id],
            due=statuses.to_bill(ordered) - before,
            billed_before=before,
            agreed=ordered.net * quantity / ordered.quantity,
        )
        said = () if bill.is_note else tuple(_judge(bill, row, so_far[ordered.pk], rules))
        rows.append(replace(row, differences=said))
    return rows


def _judge(
    bill: Bill, row: LineMatch, billed: Decimal, rules: PurchasingSettings
) -> Iterable[dict[str, Any]]:
    """What differs on one line; `billed` counts the lines of the same bill before it as well."""
    line, ordered, order = row.line, row.ordered, row.order
    if ordered is None or order is None or row.agreed is None:
        return
    if bill.currency != order.currency:
        yield _difference(line, "currency", *_CURRENCY, order.currency, bill.currency)
        return
    tolerated = max(row.agreed * rules.price_percent / 100, HALALA)
    if line.net - row.agreed > tolerated:
        agreed = f"{round_money(row.agreed):,.2f}"
        yield _difference(line, "price", *_PRICE, agreed, f"{line.net:,.2f}")
    room = row.due + statuses.share(max(row.due, NOTHING), rules.quantity_percent)
    if billed > room:
        words = _QUANTITY if ordered.is_goods else _ORDERED
        yield _difference(line, "quantity", *words, plain(max(row.due, NOTHING)), plain(billed))


_NOT_ORDERED = ("This line is not on the order.", "هذا البند ليس في أمر الشراء.")
_CURRENCY = ("Ordered in {0}, billed in {1}.", "الطلب بعملة {0} والفاتورة بعملة {1}.")
_PRICE = (
    "{0} was agreed for this quantity, {1} is billed.",
    "المتفق عليه لهذه الكمية {0} والمفوتر {1}.",
)
_QUANTITY = (
    "{0} came in and is not billed yet, {1} is billed.",
    "المستلم غير المفوتر {0} والمفوتر {1}.",
)
_ORDERED = (
    "{0} is ordered and not billed yet, {1} is billed.",
    "المطلوب غير المفوتر {0} والمفوتر {1}.",
)


def _difference(line: BillLine, code: str, en: str, ar: str, *facts: str) -> dict[str, Any]:
    return {
        "line_id": str(line.pk),
        "position": line.position,
        "code": code,
        "message_en": en.format(*facts),
        "message_ar": ar.format(*facts),
    }


def _require_accounts(bill: Bill, lines: Sequence[BillLine], found: OrderedLines) -> None:
    """Every line is for something: goods of an order of this supplier, or an account."""
    errors = []
    for line in lines:
        ordered, where = found.of(line), f"/lines/{line.position - 1}"
        if line.is_tax_only:
            continue
        if line.source_line_id and ordered is None:
            say = Text("There is no such line on an order.", "لا يوجد بند كهذا في أمر شراء.")
            errors.append(FieldError(f"{where}/source_line_id", "unknown_line", say))
        elif ordered and found.orders[ordered.order_id].supplier_id != bill.supplier_id:
            say = Text("This line was ordered elsewhere.", "طُلب هذا البند من مورد آخر.")
            errors.append(FieldError(f"{where}/source_line_id", "other_supplier", say))
        elif ordered and found.orders[ordered.order_id].state not in BILLABLE:
            say = Text("Its order is not approved.", "أمر الشراء الخاص به غير معتمد.")
            errors.append(FieldError(f"{where}/source_line_id", "order_not_billable", say))
        elif account_id_of(line, ordered) is None and not (ordered and ordered.is_goods):
            say = Text("Choose what this is spent on.", "اختر حساب هذا المصروف.")
            errors.append(FieldError(f"{where}/account_id", "missing", say))
    if errors:
        raise Invalid(errors=errors)
