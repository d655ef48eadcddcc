"""Orders to suppliers, receipts, bills, and what goes back."""

from decimal import Decimal

from alawael.core.clock import business_day
from alawael.core.money import ZERO
from alawael.invoicing import bills
from alawael.invoicing.bill_lines import BillDraftLine
from alawael.invoicing.document import VatCategory
from alawael.invoicing.models import Bill, BillLine, BillState
from alawael.purchasing import billing, landed_cost, orders, receipts, returns
from alawael.purchasing.drafting import OrderLineDraft
from alawael.purchasing.models import (
    BillAllocation,
    CostSplit,
    PurchaseOrder,
    Receipt,
    SupplierReturn,
    SupplierSettlement,
)
from testing.random_trade.engine import Choices, World, a_line, command, some, who

REASON = "because it was chosen"
OPEN = ("approved", "sent")


@command
def order_from_supplier(world: World, choices: Choices) -> None:
    lines = [
        OrderLineDraft(
            product_id=world.goods(choices).pk,
            quantity=choices.quantity(),
            unit_price=choices.price(),
        )
        for _ in range(1 + choices.below(2))
    ]
    order = orders.draft_order(
        choices.one_of(world.suppliers),
        lines,
        warehouse=world.place(choices),
        **who(world, choices),
    )
    if choices.usually():
        orders.submit_order(order, **who(world, choices))


@command
def submit_or_approve(world: World, choices: Choices) -> None:
    order = some(choices, PurchaseOrder, ("draft", "pending_approval"))
    verb = choices.one_of((orders.submit_order, orders.approve_order, orders.send_order))
    verb(order, **who(world, choices))


@command
def amend_purchase(world: World, choices: Choices) -> None:
    order = some(choices, PurchaseOrder, OPEN)
    change = orders.LineAmendment(a_line(choices, order).pk, quantity=choices.quantity())
    orders.amend_order(order, [change], **who(world, choices))


@command
def short_close_purchase(world: World, choices: Choices) -> None:
    order = some(choices, PurchaseOrder, OPEN)
    orders.short_close_line(order, a_line(choices, order).pk, reason=REASON, **who(world, choices))


@command
def end_purchase(world: World, choices: Choices) -> None:
    order = some(choices, PurchaseOrder, ("closed", *OPEN))
    what = choices.below(3)
    if what == 0:
        orders.close_order(order, short_close_rest=choices.flag(), **who(world, choices))
    elif what == 1:
        orders.reopen_order(order, **who(world, choices))
    else:
        orders.cancel_order(order, reason=REASON, **who(world, choices))


@command
def receive(world: World, choices: Choices) -> None:
    order = some(choices, PurchaseOrder, OPEN)
    wanted = list(order.lines.all()) if choices.usually() else [a_line(choices, order)]
    lines = [
        receipts.ReceiptLineDraft(
            line.pk,
            line.typed_quantity if choices.usually() else choices.quantity(),
            lot_code=f"LOT-{choices.below(3)}" if line.sku.startswith("L") else "",
        )
        for line in wanted
    ]
    receipt = receipts.draft_receipt(order, lines, **who(world, choices))
    receipts.post_receipt(receipt, **who(world, choices))


@command
def inspect_receipt(world: World, choices: Choices) -> None:
    receipt = some(choices, Receipt, ("inspection",))
    decisions = []
    for line in receipt.lines.filter(is_inspected=True):
        rejected = min(line.quantity, Decimal(choices.below(3)))
        decisions.append(receipts.Decision(line.pk, line.quantity - rejected, rejected))
    receipts.decide_receipt(receipt, decisions, **who(world, choices))


@command
def reverse_receipt(world: World, choices: Choices) -> None:
    receipt = some(choices, Receipt, ("posted", "inspection"))
    receipts.reverse_receipt(receipt, reason=REASON, **who(world, choices))


@command
def add_landed_cost(world: World, choices: Choices) -> None:
    landed_cost.add_landed_cost(
        some(choices, Receipt, ("posted",)),
        amount=Decimal("33.33"),
        split=choices.one_of((CostSplit.QUANTITY, CostSplit.VALUE)),
        description="Freight",
        on=world.today,
        **who(world, choices),
    )


@command
def record_bill(world: World, choices: Choices) -> None:
    order = some(choices, PurchaseOrder, OPEN)
    at = world.tick()
    bill = billing.draft_bill(
        order, None, supplier_number=f"B-{at:%H%M%S}-{world.stories}",
        issued_on=business_day(at), by=world.author, at=at,
    )  # fmt: skip
    line = a_line(choices, bill)
    if choices.flag():
        # The supplier asks for more than was agreed: the difference has to go somewhere.
        more, rows = choices.price(), bill.lines.order_by("position")
        lines = [_as_billed(one, more if one == line else ZERO) for one in rows]
        bills.edit_bill(bill, {}, lines=lines, by=world.author, at=world.tick())
    billing.match_bill(bill, **who(world, choices))
    bill = Bill.objects.get(pk=bill.pk)
    if bill.state != BillState.MATCHED and choices.usually():
        return  # left for somebody to approve
    if bill.state != BillState.MATCHED:
        billing.approve_bill(bill, reason=REASON, by=world.approver, at=world.tick())
        bill = Bill.objects.get(pk=bill.pk)
    if choices.usually():
        billing.post_order_bill(bill, on=world.today, **who(world, choices))


def _as_billed(line: BillLine, more: Decimal) -> BillDraftLine:
    return BillDraftLine(
        quantity=line.quantity,
        unit_price=line.unit_price + more,
        product_id=line.product_id,
        name_en=line.name_en,
        name_ar=line.name_ar,
        unit_id=line.unit_id,
        discount=line.discount,
        tax_category=VatCategory(line.tax_category),
        tax_rate=line.tax_rate,
        account_id=line.account_id,
        source_line_id=line.source_line_id,
    )


@command
def approve_bill(world: World, choices: Choices) -> None:
    billing.approve_bill(some(choices, Bill, ("draft",)), reason=REASON, **who(world, choices))


@command
def post_bill(world: World, choices: Choices) -> None:
    bill = some(choices, Bill, ("matched",))
    billing.post_order_bill(bill, on=world.today, **who(world, choices))


@command
def reverse_bill(world: World, choices: Choices) -> None:
    bill = some(choices, Bill, ("posted",))
    billing.reverse_order_bill(bill, reason=REASON, **who(world, choices))


@command
def send_back(world: World, choices: Choices) -> None:
    receipt = some(choices, Receipt, ("posted",))
    line = a_line(choices, receipt)
    wanted = returns.ReturnLineDraft(
        line.pk,
        choices.quantity(),
        settlement=SupplierSettlement.REFUND if choices.usually() else SupplierSettlement.REPLACE,
    )
    document = returns.draft_return(receipt, [wanted], reason=REASON, **who(world, choices))
    returns.post_return(document, **who(world, choices))


@command
def debit_supplier(world: World, choices: Choices) -> None:
    if choices.usually():
        sent_back = _back_to_the_supplier(world, choices)
    else:
        sent_back = some(choices, SupplierReturn, ("posted",))
    at = world.tick()
    note = returns.draft_note(
        sent_back, supplier_number=f"N-{at:%H%M%S}-{world.stories}", issued_on=business_day(at),
        by=world.author, at=at,
    )  # fmt: skip
    billing.match_bill(note, **who(world, choices))
    billing.post_order_bill(Bill.objects.get(pk=note.pk), on=world.today, **who(world, choices))


def _back_to_the_supplier(world: World, choices: Choices) -> SupplierReturn:
    """One piece of what was received and billed goes back for its money."""
    paid = some(choices, BillAllocation, is_debit=False, receipt_line__isnull=False)
    wanted = returns.ReturnLineDraft(
        paid.receipt_line_id, Decimal(1), settlement=SupplierSettlement.REFUND
    )
    receipt = paid.receipt_line.receipt
    document = returns.draft_return(receipt, [wanted], reason=REASON, **who(world, choices))
    returns.post_return(document, **who(world, choices))
    document.refresh_from_db()
    return document
