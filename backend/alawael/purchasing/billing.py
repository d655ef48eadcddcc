"""A supplier's bill against what was ordered and received: matched, approved, posted (3.6.2).

Dr GRNI (what the goods came in for), the difference onto the stock that is still here and to
PRICE_VARIANCE, the part of the exchange rate to FX_GAIN_LOSS. Invoicing adds VAT and payable.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.claims import WrongState, change, insert_missing
from alawael.core.clock import business_day
from alawael.core.errors import Refusal, Text
from alawael.core.money import ZERO, round_money, round_quantity
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing import bills
from alawael.invoicing.bill_lines import BillDraftLine
from alawael.invoicing.document import VatCategory
from alawael.invoicing.models import Bill, BillLine, BillState
from alawael.ledger import services as ledger
from alawael.ledger.books import Posting
from alawael.ledger.models import Account, LedgerRole
from alawael.purchasing import claims, queries, statuses
from alawael.purchasing.matching import (
    BILLABLE,
    NOTHING,
    OrderedLines,
    account_id_of,
    differences_of,
)
from alawael.purchasing.models import (
    BillAllocation,
    BillCheck,
    BillCheckState,
    PurchaseOrder,
    PurchaseOrderLine,
    ReceiptLine,
)
from alawael.purchasing.orders import require_other_author, require_reason
from alawael.purchasing.spreading import Share, part_of, spread
from alawael.stock.costing import revalue
from alawael.stock.worth import share


class BillDiffers(Refusal):
    code = "bill_differs"
    message = Text(
        "The bill differs from order or receipt. Correct it, or let somebody approve it.",
        "تختلف الفاتورة عن أمر الشراء أو الاستلام. صحّحها أو اطلب اعتمادها.",
    )


class BillMatches(Refusal):
    code = "bill_matches"
    message = Text(
        "The bill does not differ; match it instead.", "الفاتورة مطابقة، نفّذ المطابقة بدلًا من ذلك."
    )


class NothingToBill(Refusal):
    code = "nothing_to_bill"
    message = Text("Nothing of this order is left to bill.", "لم يبقَ في هذا الأمر ما يُفوتر.")


class OrderNotBillable(Refusal):
    code = "order_not_billable"
    message = Text(
        "{number} is not approved, so it cannot be billed.",
        "أمر الشراء {number} غير معتمد، فلا يمكن فوترته.",
    )


class NotOfAnOrder(Refusal):
    code = "bill_without_order"
    message = Text(
        "This bill is for no order. Post it on the bills' page.",
        "هذه الفاتورة لا تخص أمر شراء. رحّلها من صفحة الفواتير.",
    )


class BillReliedOn(Refusal):
    code = "bill_relied_on"
    message = Text(
        "Goods of “{line}” were received or sent back on the strength of this bill. "
        "Answer it with a debit note instead.",
        "استُلمت بضاعة من «{line}» أو أُرجعت بناءً على هذه الفاتورة. أصدر إشعارًا مدينًا بدلًا من عكسها.",
    )


@unit_of_work
def draft_bill(
    order: PurchaseOrder,
    lines: Sequence[BillDraftLine] | None,
    *,
    supplier_number: str,
    issued_on: date,
    due_on: date | None = None,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> Bill:
    """Write down a bill for an order; `lines=None` takes over what came and is not billed yet.

    A line that names its order line needs no more than quantity and price. Raises
    OrderNotBillable, NothingToBill and what `bills.record_bill` raises.
    """
    if order.state not in BILLABLE:
        raise OrderNotBillable(number=order.number or "")
    wanted = _open_lines(order) if lines is None else _as_ordered(order, lines)
    if not wanted:
        raise NothingToBill()
    usual = {"currency": order.currency, "exchange_rate": order.exchange_rate}
    given = {name: value for name, value in facts.items() if value is not None}
    return bills.record_bill(
        order.supplier,
        wanted,
        supplier_number=supplier_number,
        issued_on=issued_on,
        due_on=due_on,
        source=order,
        source_number=order.number or "",
        by=by,
        at=at,
        **(usual | given),
    )


@unit_of_work
def match_bill(
    bill: Bill, *, expected_version: int | None = None, by: Actor, at: datetime
) -> BillCheck:
    """Compare a draft with order and receipts, line by line; matched when nothing differs.

    Otherwise it stays a draft that says what differs, and waits for `approve_bill`. Raises Invalid
    for lines that belong to no order and cost no account.
    """
    _require_of_an_order(bill)
    if expected_version is not None:
        change(bill, expected_version=expected_version)
    differences = differences_of(bill)
    if differences:
        check = _note_check(bill, BillCheckState.DIFFERS, differences, by=by, at=at)
        audit.record(bill, "bill.differs", by=by, at=at, changes={"lines": differences})
        return check
    bills.mark_matched(bill, by=by, at=at)
    return _note_check(bill, BillCheckState.MATCHED, [], by=by, at=at)


@unit_of_work
def approve_bill(
    bill: Bill,
    *,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> BillCheck:
    """Accept a bill in spite of what differs. Raises ApproverIsAuthor and BillMatches."""
    _require_of_an_order(bill)
    require_other_author(by, bill.created_by)
    require_reason(reason)
    differences = differences_of(bill)
    if not differences:
        raise BillMatches()
    bills.mark_matched(bill, expected_version=expected_version, by=by, at=at)
    check = _note_check(bill, BillCheckState.APPROVED, differences, by=by, at=at)
    change(check, approved_by=by.actor_id, reason=reason)
    audit.record(bill, "bill.approved", by=by, at=at, changes={"reason": reason})
    return check


@unit_of_work
def post_order_bill(
    bill: Bill,
    *,
    on: date,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Bill:
    """Book a matched bill or a debit note of an order, and note what it paid for.

    Raises BillDiffers when something has changed since it was matched, and what
    `bills.post_bill` raises.
    """
    _require_of_an_order(bill)
    check = queries.bill_check(bill.pk)
    if check is not None and check.state == BillCheckState.DIFFERS:
        raise BillDiffers()
    if bill.state != BillState.MATCHED:
        raise WrongState(state=bill.state)
    if check is not None and check.state == BillCheckState.MATCHED and differences_of(bill):
        raise BillDiffers()
    work = _Booking(bill, on=on, by=by, at=at)
    for line in bill.lines.order_by("position"):
        if not line.is_tax_only:
            work.book(line)
    work.finish()
    return bills.post_bill(
        bill, work.postings(), on=on, expected_version=expected_version, by=by, at=at
    )


@unit_of_work
def reverse_order_bill(
    bill: Bill,
    *,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Bill:
    """Take a wrongly posted bill out of books and orders, dated today; its paper may come again.

    Raises BillReliedOn, and what `bills.reverse_bill` raises.
    """
    _require_of_an_order(bill)
    require_reason(reason)
    on = business_day(at)
    allocations = queries.allocations_of(bill.pk)
    lines = OrderedLines.of_allocations(allocations)
    spread_before: dict[UUID, _Spread] = {}
    for paid in allocations:
        ordered = lines.ordered[paid.order_line_id]
        _take_back(paid, ordered, lines.received.get(ordered.pk, []))
        _add_spread(spread_before, paid, ordered)
    correction: dict[LedgerRole, Decimal] = defaultdict(lambda: ZERO)
    for found in spread_before.values():
        _spread_back(bill, found, correction, on=on, by=by, at=at)
    BillAllocation.objects.filter(bill_id=bill.pk).delete()
    lines.note_progress()
    bills.reverse_bill(bill, on=on, reason=reason, expected_version=expected_version, by=by, at=at)
    postings = [_posting(role, amount, bill) for role, amount in correction.items() if amount]
    if postings:
        # The stock has changed since, so the mirror entry split the difference otherwise.
        ledger.post(
            postings,
            on=on,
            memo=reason,
            kind="bill",
            source=bill,
            source_number=bill.number or "",
            by=by,
            at=at,
        )
    return bill


# Checking


def _require_of_an_order(bill: Bill) -> None:
    if not bill.is_of_an_order:
        raise NotOfAnOrder()


def _note_check(
    bill: Bill,
    state: BillCheckState,
    differences: Sequence[Mapping[str, Any]],
    *,
    by: Actor,
    at: datetime,
) -> BillCheck:
    values: dict[str, Any] = {
        "state": state,
        "differences": list(differences),
        "checked_at": at,
        "checked_by": by.actor_id,
        "approved_by": None,
        "reason": "",
    }
    check = queries.bill_check(bill.pk)
    if check is not None:
        return change(check, **values)
    check = BillCheck(bill_id=bill.pk, **values)
    insert_missing([check])
    return check


# Posting


class _Booking:
    """What the lines of one bill pay for, and what that means in the books."""

    def __init__(self, bill: Bill, *, on: date, by: Actor, at: datetime) -> None:
        self.bill, self.on, self.by, self.at = bill, on, by, at
        self.sign = -1 if bill.is_note else 1
        self.lines = OrderedLines.of_bill(bill.lines.all())
        self.by_role: dict[LedgerRole, Decimal] = defaultdict(lambda: ZERO)
        self.expenses: list[Posting] = []
        self.allocations: list[BillAllocation] = []

    def book(self, line: BillLine) -> None:
        ordered = self.lines.of(line)
        if ordered is not None and ordered.is_goods:
            quantity = self.lines.counted(line, ordered)
            if self.bill.is_note:
                self._give_back(line, ordered, quantity)
            else:
                self._pay_for(line, ordered, quantity)
            return
        if ordered is not None:
            quantity = self.lines.counted(line, ordered)
            counter = "debited" if self.bill.is_note else "billed"
            claims.claim_order_line(ordered, **{counter: quantity})
            self._note(line, ordered, None, quantity, line.net_base, line.net_base)
        self._spend(line, ordered)

    def finish(self) -> None:
        self.lines.note_progress()
        BillAllocation.objects.bulk_create(self.allocations)

    def postings(self) -> list[Posting]:
        roles = [
            _posting(role, self.sign * amount, self.bill)
            for role, amount in self.by_role.items()
            if amount
        ]
        return [*roles, *self.expenses]

    def _spend(self, line: BillLine, ordered: PurchaseOrderLine | None) -> None:
        account_id = account_id_of(line, ordered)
        if line.net_base and account_id is not None:
            account = Account.objects.get(pk=account_id)
            amount = self.sign * line.net_base
            self.expenses.append(_posting(account, amount, self.bill, line.name_en or line.name_ar))

    def _pay_for(self, line: BillLine, ordered: PurchaseOrderLine, quantity: Decimal) -> None:
        """First what came in and is not billed, oldest first; the rest is ahead of its receipt."""
        left = quantity
        paid = []
        for row in self._oldest_first(line, ordered):
            taken = min(left, row.open_quantity)
            if taken > 0:
                amount = part_of(line.net_base, quantity, left, taken)
                paid.append(self._pay_for_received(row, taken, amount))
                left -= taken
        spread([part.share for part in paid], **self._facts())
        for part in paid:
            on_hand, gone = part.share.on_hand, part.share.gone
            self.by_role[LedgerRole.INVENTORY] += on_hand
            self.by_role[LedgerRole.PRICE_VARIANCE] += gone
            split = {"on_hand": on_hand, "gone": gone, "exchange": part.exchange}
            row, taken = part.share.row, part.share.quantity
            self._note(line, ordered, row, taken, part.amount, part.cost, **split)
        if left:
            amount = part_of(line.net_base, quantity, left, left)
            claims.claim_order_line(ordered, ahead=left, ahead_value=amount)
            self.by_role[LedgerRole.GRNI] += amount
            self._note(line, ordered, None, left, amount, amount)
        claims.claim_order_line(ordered, billed=quantity)

    def _pay_for_received(self, row: ReceiptLine, quantity: Decimal, amount: Decimal) -> "_Paid":
        cost = share(row.open_value, quantity, row.open_quantity)
        exchange = self._exchange(cost, row)
        claims.claim_receipt_line(row, billed=quantity, billed_value=cost)
        self.by_role[LedgerRole.GRNI] += cost
        self.by_role[LedgerRole.FX_GAIN_LOSS] += exchange
        difference = amount - cost - exchange
        return _Paid(Share(row, quantity, difference), amount, cost, exchange)

    def _give_back(self, line: BillLine, ordered: PurchaseOrderLine, quantity: Decimal) -> None:
        """A note first answers goods that went back, then goods that never came.

        What is left, and a lower price on goods that stayed, makes them cheaper afterwards.
        """
        left = quantity
        original = line.original_line
        is_of_price = original is not None and line.unit_price < original.unit_price
        for row in [] if is_of_price else self._oldest_first(line, ordered):
            taken = min(left, -row.open_quantity)
            if taken > 0:
                amount = part_of(line.net_base, quantity, left, taken)
                self._give_back_returned(line, ordered, row, taken, amount)
                left -= taken
        taken = NOTHING if is_of_price else min(left, ordered.ahead)
        if taken:
            amount = part_of(line.net_base, quantity, left, taken)
            cost = share(ordered.ahead_value, taken, ordered.ahead)
            claims.claim_order_line(ordered, ahead=-taken, ahead_value=-cost, debited=taken)
            self.by_role[LedgerRole.GRNI] += cost
            self.by_role[LedgerRole.PRICE_VARIANCE] += amount - cost
            self._note(line, ordered, None, taken, amount, cost, gone=amount - cost)
            left -= taken
        if left:
            self._make_cheaper(line, ordered, part_of(line.net_base, quantity, left, left), left)

    def _give_back_returned(
        self,
        line: BillLine,
        ordered: PurchaseOrderLine,
        row: ReceiptLine,
        quantity: Decimal,
        amount: Decimal,
    ) -> None:
        cost = share(-row.open_value, quantity, -row.open_quantity)
        exchange = self._exchange(cost, row)
        gone = amount - cost - exchange
        claims.claim_receipt_line(row, debited=quantity, debited_value=cost)
        claims.claim_order_line(ordered, debited=quantity)
        self.by_role[LedgerRole.GRNI] += cost
        self.by_role[LedgerRole.PRICE_VARIANCE] += gone
        self.by_role[LedgerRole.FX_GAIN_LOSS] += exchange
        self._note(line, ordered, row, quantity, amount, cost, gone=gone, exchange=exchange)

    def _make_cheaper(
        self, line: BillLine, ordered: PurchaseOrderLine, amount: Decimal, quantity: Decimal
    ) -> None:
        on_hand, gone = ZERO, amount
        if ordered.product_id is not None and amount:
            split = revalue(ordered.product_id, -amount, quantity=quantity, **self._facts())
            on_hand, gone = -split.on_hand, -split.gone
        self.by_role[LedgerRole.INVENTORY] += on_hand
        self.by_role[LedgerRole.PRICE_VARIANCE] += gone
        # Nothing was debited in pieces, so the allocation counts none.
        self._note(line, ordered, None, NOTHING, amount, ZERO, on_hand=on_hand, gone=gone)

    def _oldest_first(self, line: BillLine, ordered: PurchaseOrderLine) -> list[ReceiptLine]:
        """The receipt line that the bill names comes before the others."""
        rows = self.lines.received.get(ordered.pk, [])
        return sorted(rows, key=lambda row: row.pk != line.source_line_id)

    def _exchange(self, cost: Decimal, row: ReceiptLine) -> Decimal:
        """The part of the difference that comes from the rate alone, between receipt and bill."""
        before = row.receipt.exchange_rate
        if before == self.bill.exchange_rate:
            return ZERO
        return round_money(cost * self.bill.exchange_rate / before) - cost

    def _facts(self) -> dict[str, Any]:
        return {
            "document": self.bill,
            "number": self.bill.supplier_number,
            "on": self.on,
            "by": self.by,
            "at": self.at,
        }

    def _note(
        self,
        line: BillLine,
        ordered: PurchaseOrderLine,
        row: ReceiptLine | None,
        quantity: Decimal,
        amount: Decimal,
        cost: Decimal,
        **split: Decimal,
    ) -> None:
        self.allocations.append(
            BillAllocation(
                bill_id=self.bill.pk,
                bill_line_id=line.pk,
                is_debit=self.bill.is_note,
                order_line=ordered,
                receipt_line=row,
                quantity=quantity,
                amount=amount,
                cost=cost,
                **split,
            )
        )


@dataclass(frozen=True)
class _Paid:
    """What a bill line pays of one receipt line; riyals."""

    share: Share
    amount: Decimal
    cost: Decimal
    exchange: Decimal


def _posting(account: LedgerRole | Account, amount: Decimal, bill: Bill, memo: str = "") -> Posting:
    return Posting(
        account,
        debit=max(amount, ZERO),
        credit=max(-amount, ZERO),
        party_id=bill.supplier_id,
        memo=memo[:300],
    )


@dataclass
class _Spread:
    """How one bill line's difference was split between goods and variance; riyals added."""

    product_id: UUID
    quantity: Decimal = NOTHING
    on_hand: Decimal = ZERO
    gone: Decimal = ZERO


def _take_back(
    paid: BillAllocation, ordered: PurchaseOrderLine, received: Sequence[ReceiptLine]
) -> None:
    """Open again what a bill or note paid for."""
    counter, sign = ("debited", -1) if paid.is_debit else ("billed", 1)
    if paid.receipt_line_id is not None:
        row = next((row for row in received if row.pk == paid.receipt_line_id), None)
        if row is None or getattr(row, counter) < paid.quantity:
            raise BillReliedOn(line=ordered.name_en or ordered.name_ar)
        claims.claim_receipt_line(row, **{counter: -paid.quantity, f"{counter}_value": -paid.cost})
    elif ordered.is_goods and paid.quantity:
        if not paid.is_debit and ordered.ahead < paid.quantity:
            raise BillReliedOn(line=ordered.name_en or ordered.name_ar)
        claims.claim_order_line(ordered, ahead=-sign * paid.quantity, ahead_value=-sign * paid.cost)
    claims.claim_order_line(ordered, **{counter: -paid.quantity})


def _add_spread(
    before: dict[UUID, _Spread], paid: BillAllocation, ordered: PurchaseOrderLine
) -> None:
    # What a note gave back for returned goods was an expense wholly, and its mirror is right.
    is_spread = not paid.is_debit or not paid.quantity
    if ordered.product_id is None or not is_spread or not (paid.on_hand or paid.gone):
        return
    sign = -1 if paid.is_debit else 1
    found = before.setdefault(paid.bill_line_id, _Spread(ordered.product_id))
    found.quantity += paid.quantity or ordered.received
    found.on_hand += sign * paid.on_hand
    found.gone += sign * paid.gone


def _spread_back(
    bill: Bill,
    found: _Spread,
    correction: dict[LedgerRole, Decimal],
    *,
    on: date,
    by: Actor,
    at: datetime,
) -> None:
    """Take a difference off the goods again, and reckon what the mirror entry cannot know."""
    split = revalue(
        found.product_id,
        -(found.on_hand + found.gone),
        quantity=found.quantity,
        document=bill,
        number=bill.number or "",
        on=on,
        by=by,
        at=at,
    )
    correction[LedgerRole.INVENTORY] += split.on_hand + found.on_hand
    correction[LedgerRole.PRICE_VARIANCE] += split.gone + found.gone


# Drafts


def _open_lines(order: PurchaseOrder) -> list[BillDraftLine]:
    """What came and is not billed, as it was ordered: in its unit, at its price."""
    found = []
    for line in queries.lines_of(order).select_related("unit"):
        open_ = statuses.to_bill(line) - statuses.net_billed(line)
        if open_ > 0:
            found.append(_open_line(line, open_))
    return found


def _as_ordered(order: PurchaseOrder, lines: Iterable[BillDraftLine]) -> list[BillDraftLine]:
    """The lines of the supplier's paper, with what they leave out taken from the order."""
    ordered = {line.pk: line for line in queries.lines_of(order)}
    received = dict(
        ReceiptLine.objects.filter(receipt__order=order).values_list("pk", "order_line_id")
    )
    return [
        _completed(line, ordered.get(received.get(line.source_line_id, line.source_line_id)))
        if line.source_line_id
        else line
        for line in lines
    ]


def _completed(line: BillDraftLine, ordered: PurchaseOrderLine | None) -> BillDraftLine:
    if ordered is None:
        return line
    return replace(
        line,
        product_id=line.product_id or ordered.product_id,
        name_en=ordered.name_en if line.name_en is None else line.name_en,
        name_ar=ordered.name_ar if line.name_ar is None else line.name_ar,
        unit_id=line.unit_id or ordered.unit_id,
        tax_category=line.tax_category or VatCategory(ordered.tax_category),
        tax_rate=ordered.tax_rate if line.tax_rate is None else line.tax_rate,
        account_id=line.account_id or ordered.account_id,
    )


def _open_line(line: PurchaseOrderLine, open_: Decimal) -> BillDraftLine:
    typed = line.typed_quantity * open_ / line.quantity
    is_exact = typed == round_quantity(typed) and not (
        line.unit is not None and line.unit.is_whole and typed != int(typed)
    )
    unit_id, price = line.unit_id, line.unit_price
    if not is_exact and line.product is not None:
        # Part of a pack came: bill it in pieces.
        typed, unit_id = open_, line.product.unit_id
        price = round_quantity(line.unit_price * line.typed_quantity / line.quantity)
    return BillDraftLine(
        quantity=round_quantity(typed),
        unit_price=price,
        product_id=line.product_id,
        name_en=line.name_en,
        name_ar=line.name_ar,
        unit_id=unit_id,
        discount=round_money(line.discount * open_ / line.quantity),
        tax_category=VatCategory(line.tax_category),
        tax_rate=line.tax_rate,
        account_id=line.account_id,
        source_line_id=line.pk,
    )
