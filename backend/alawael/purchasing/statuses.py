"""What follows from the quantities of an order line: how much is open, received and billed.

Pure functions (domain rules 3.4 and 3.10); nothing here is ever typed by hand.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from alawael.core.money import MILLIONTH
from alawael.purchasing.models import BillingProgress, ReceiptProgress

NOTHING = Decimal(0)


class OrderedLine(Protocol):
    """The quantities of an order line, in stock units."""

    @property
    def is_goods(self) -> bool: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def short_closed(self) -> Decimal: ...
    @property
    def received(self) -> Decimal: ...
    @property
    def returned_refund(self) -> Decimal: ...
    @property
    def returned_replace(self) -> Decimal: ...
    @property
    def billed(self) -> Decimal: ...
    @property
    def debited(self) -> Decimal: ...


def target(line: OrderedLine) -> Decimal:
    """What we still want of what was ordered."""
    return line.quantity - line.short_closed


def open_to_receive(line: OrderedLine) -> Decimal:
    """What may still come in; nothing for services and expenses. Below zero after too much came."""
    if not line.is_goods:
        return NOTHING
    return target(line) - line.received + line.returned_replace


def most_receivable(line: OrderedLine, over_percent: Decimal) -> Decimal:
    """How much may come in at most, `over_percent` of the order above what is open."""
    return open_to_receive(line) + share(target(line), over_percent)


def returned(line: OrderedLine) -> Decimal:
    return line.returned_refund + line.returned_replace


def to_bill(line: OrderedLine) -> Decimal:
    """What has to be paid for: goods that came and stayed, services as ordered."""
    return line.received - returned(line) if line.is_goods else target(line)


def net_billed(line: OrderedLine) -> Decimal:
    return line.billed - line.debited


def receipt_of(line: OrderedLine) -> ReceiptProgress | None:
    """None for a line that nothing comes in for."""
    if not line.is_goods or target(line) <= 0:
        return None
    if line.received == 0:
        return ReceiptProgress.NONE
    return ReceiptProgress.FULL if open_to_receive(line) <= 0 else ReceiptProgress.PART


def billing_of(line: OrderedLine) -> BillingProgress:
    due, billed = to_bill(line), net_billed(line)
    if due == 0 and billed == 0:
        return BillingProgress.NOTHING_TO_BILL
    if billed > due:
        return BillingProgress.OVER_BILLED
    if billed == due:
        return BillingProgress.FULL
    return BillingProgress.PART if billed > 0 else BillingProgress.NONE


def receipt_progress(lines: Iterable[OrderedLine]) -> ReceiptProgress:
    """Of the whole order: the worst line; an order without goods has nothing to wait for."""
    found = {progress for line in lines if (progress := receipt_of(line)) is not None}
    if not found or found == {ReceiptProgress.FULL}:
        return ReceiptProgress.FULL
    return ReceiptProgress.NONE if found == {ReceiptProgress.NONE} else ReceiptProgress.PART


def billing_progress(lines: Iterable[OrderedLine]) -> BillingProgress:
    """Of the whole order: too much billed is said first, then what is missing."""
    found = {billing_of(line) for line in lines} - {BillingProgress.NOTHING_TO_BILL}
    if not found:
        return BillingProgress.NOTHING_TO_BILL
    if BillingProgress.OVER_BILLED in found:
        return BillingProgress.OVER_BILLED
    if len(found) == 1:
        return found.pop()
    return BillingProgress.PART


def is_complete(lines: Iterable[OrderedLine]) -> bool:
    """Nothing is open to come in, and what came is billed, no more and no less."""
    return all(open_to_receive(line) <= 0 and to_bill(line) == net_billed(line) for line in lines)


def share(amount: Decimal, percent: Decimal) -> Decimal:
    """So many percent of a quantity, cut to what is counted."""
    return (amount * percent / 100).quantize(MILLIONTH)
