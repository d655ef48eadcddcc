"""Freight, duty and the like, put onto the goods of a receipt (domain 3.5).

The part on goods still here makes them dearer, the part on goods that are gone is their cost of
sale; LANDED_COST waits for the carrier's bill.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.claims import move_state
from alawael.core.errors import Refusal, Text, one_error
from alawael.core.money import ZERO, round_money
from alawael.core.numbering import take_number
from alawael.core.unit_of_work import unit_of_work
from alawael.ledger import services as ledger
from alawael.ledger.books import Posting
from alawael.ledger.models import LedgerRole
from alawael.purchasing import claims
from alawael.purchasing.models import (
    CostSplit,
    LandedCost,
    LandedCostLine,
    Receipt,
    ReceiptLine,
    ReceiptState,
)
from alawael.purchasing.spreading import Share, spread
from alawael.stock import queries as stock
from alawael.stock.models import StockItem

SERIES = "landed_cost"


class ReceiptNotReady(Refusal):
    code = "receipt_not_ready"
    message = Text(
        "Landed cost lies on a posted receipt. Post or decide it first.",
        "تُحمّل تكلفة الاستيراد على سند استلام مرحّل. رحّله أو اعتمد نتيجة فحصه أولًا.",
    )


class NothingToSplitBy(Refusal):
    code = "nothing_to_split_by"
    message = Text(
        "The goods have no weight or volume to split by. Enter it on the products, or split by "
        "value or quantity.",
        "لا يوجد وزن أو حجم للبضاعة للتوزيع حسبه. أدخله في المنتجات أو وزّع حسب القيمة أو الكمية.",
    )


@unit_of_work
def add_landed_cost(
    receipt: Receipt,
    *,
    amount: Decimal,
    split: CostSplit,
    description: str,
    on: date,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> LandedCost:
    """Spread `amount` riyals over the goods of a receipt that stayed with us.

    Dr INVENTORY (still here), Dr COGS (gone) / Cr LANDED_COST. Raises ReceiptNotReady,
    NothingToSplitBy, PeriodClosed.
    """
    if amount <= 0:
        message = Text("Enter more than 0.", "أدخل أكثر من صفر.")
        raise one_error("/amount", "not_positive", message)
    if receipt.state != ReceiptState.POSTED:
        raise ReceiptNotReady()
    # The version moves on, so that nobody reverses the receipt meanwhile.
    move_state(
        receipt,
        frm=[ReceiptState.POSTED],
        to=ReceiptState.POSTED,
        expected_version=expected_version,
    )
    lines = [
        line
        for line in claims.receipt_lines(receipt_id=receipt.pk).values()
        if line.quantity > line.returned
    ]
    shares = _shares(amount, lines, split)
    number = f"LC-{take_number(SERIES):06d}"
    cost = LandedCost(
        number=number,
        receipt=receipt,
        description=description,
        split=split,
        amount=amount,
        posted_on=on,
        created_at=at,
        created_by=by.actor_id,
    )
    parts = [Share(line, _stayed(line), shares[line.pk]) for line in lines if shares[line.pk]]
    spread(parts, document=cost, number=number, on=on, by=by, at=at)
    rows = [
        LandedCostLine(
            landed_cost=cost,
            receipt_line=part.row,
            amount=part.difference,
            on_hand=part.on_hand,
            gone=part.gone,
        )
        for part in parts
    ]
    amounts = [
        (LedgerRole.INVENTORY, sum((row.on_hand for row in rows), ZERO)),
        (LedgerRole.COGS, sum((row.gone for row in rows), ZERO)),
        (LedgerRole.LANDED_COST, -amount),
    ]
    cost.entry = ledger.post(
        [
            Posting(role, debit=max(part, ZERO), credit=max(-part, ZERO))
            for role, part in amounts
            if part
        ],
        on=on,
        memo=description or (receipt.number or ""),
        kind="landed_cost",
        source=cost,
        source_number=number,
        by=by,
        at=at,
    )
    cost.save(force_insert=True)
    LandedCostLine.objects.bulk_create(rows)
    changes = {"number": number, "amount": amount, "split": split, "receipt": receipt.number}
    audit.record(cost, "landed_cost.posted", by=by, at=at, changes=changes)
    facts = {"landed_cost": number, "amount": amount, "split": split, "description": description}
    audit.record(receipt, "receipt.landed_cost_added", by=by, at=at, changes=facts)
    return cost


def split_amount(amount: Decimal, weights: Mapping[UUID, Decimal]) -> dict[UUID, Decimal]:
    """Shares of an amount in proportion, that add up to it to the halala. {} without weight."""
    whole = sum(weights.values(), Decimal(0))
    if whole <= 0:
        return {}
    shares, so_far, given = {}, Decimal(0), ZERO
    for key, weight in weights.items():
        so_far += weight
        up_to_here = round_money(amount * so_far / whole)
        shares[key] = up_to_here - given
        given = up_to_here
    return shares


def _shares(amount: Decimal, lines: Sequence[ReceiptLine], split: CostSplit) -> dict[UUID, Decimal]:
    items = stock.stock_items(line.product_id for line in lines)
    weigh = _WEIGHTS[split]
    shares = split_amount(amount, {line.pk: weigh(line, items[line.product_id]) for line in lines})
    if not shares:
        raise NothingToSplitBy()
    return shares


def _stayed(line: ReceiptLine) -> Decimal:
    stayed: Decimal = line.quantity - line.returned
    return stayed


_WEIGHTS: dict[CostSplit, Callable[[ReceiptLine, StockItem], Decimal]] = {
    CostSplit.QUANTITY: lambda line, item: _stayed(line),
    CostSplit.VALUE: lambda line, item: line.value - line.returned_value,
    CostSplit.WEIGHT: lambda line, item: _stayed(line) * item.weight_kg,
    CostSplit.VOLUME: lambda line, item: _stayed(line) * item.volume_m3,
}
