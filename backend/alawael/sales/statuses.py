"""How far an order is delivered, billed and paid: pure functions of quantities, never typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

NOTHING = Decimal(0)
HUNDRED = Decimal(100)
S = TypeVar("S", bound=StrEnum)


class InvoicePolicy(StrEnum):
    """Which quantity is billed."""

    ORDERED = "ordered"
    DELIVERED = "delivered"


class SalesDelivery(StrEnum):
    NONE = "none"
    PART = "part"
    FULL = "full"


class SalesBilling(StrEnum):
    NOTHING_TO_BILL = "nothing_to_bill"
    NONE = "none"
    PART = "part"
    FULL = "full"
    #: More was billed than is owed: a credit note is due.
    OVER_BILLED = "over_billed"


class SalesPayment(StrEnum):
    #: Nothing was invoiced yet.
    NONE = "none"
    PAID = "paid"
    UNPAID = "unpaid"
    PART_PAID = "part_paid"
    OVERDUE = "overdue"


#: The worst first: what a whole document shows.
_WORST_DELIVERY = (SalesDelivery.NONE, SalesDelivery.PART, SalesDelivery.FULL)
_WORST_BILLING = (
    SalesBilling.OVER_BILLED,
    SalesBilling.NONE,
    SalesBilling.PART,
    SalesBilling.FULL,
    SalesBilling.NOTHING_TO_BILL,
)
_WORST_PAYMENT = (
    SalesPayment.OVERDUE,
    SalesPayment.PART_PAID,
    SalesPayment.UNPAID,
    SalesPayment.PAID,
    SalesPayment.NONE,
)


@dataclass(frozen=True)
class LineFigures:
    """The quantities of one order line, in stock units."""

    ordered: Decimal
    short_closed: Decimal = NOTHING
    shipped: Decimal = NOTHING
    returned_undecided: Decimal = NOTHING
    returned_refund: Decimal = NOTHING
    returned_replace: Decimal = NOTHING
    invoiced: Decimal = NOTHING
    credited: Decimal = NOTHING
    #: Services are not shipped; they are billed as ordered.
    is_goods: bool = True

    @property
    def target(self) -> Decimal:
        return self.ordered - self.short_closed

    @property
    def returned(self) -> Decimal:
        return self.returned_undecided + self.returned_refund + self.returned_replace

    @property
    def open_to_ship(self) -> Decimal:
        """Below zero when more than ordered was delivered."""
        return self.target - self.shipped + self.returned_replace if self.is_goods else NOTHING

    @property
    def net_billed(self) -> Decimal:
        return self.invoiced - self.credited

    def to_bill(self, policy: InvoicePolicy) -> Decimal:
        if self.is_goods and policy == InvoicePolicy.DELIVERED:
            return self.shipped - self.returned
        return self.target - self.returned_refund

    def open_to_bill(self, policy: InvoicePolicy) -> Decimal:
        """What an invoice may still ask for; below zero when a credit note is due."""
        return self.to_bill(policy) - self.net_billed

    def most_to_ship(self, tolerance_percent: Decimal) -> Decimal:
        """What may still leave the house when so many percent more than ordered are fine."""
        return self.open_to_ship + self.target * tolerance_percent / HUNDRED


def delivery_of(line: LineFigures) -> SalesDelivery:
    if line.shipped == 0:
        return SalesDelivery.NONE
    return SalesDelivery.FULL if line.open_to_ship <= 0 else SalesDelivery.PART


def billing_of(line: LineFigures, policy: InvoicePolicy) -> SalesBilling:
    to_bill, billed = line.to_bill(policy), line.net_billed
    if to_bill == 0 and billed == 0:
        return SalesBilling.NOTHING_TO_BILL
    if billed == to_bill:
        return SalesBilling.FULL
    if billed > to_bill:
        return SalesBilling.OVER_BILLED
    return SalesBilling.PART if billed > 0 else SalesBilling.NONE


def payment_of(*, payable: Decimal, settled: Decimal, due_on: date, today: date) -> SalesPayment:
    """How far one invoice is paid."""
    if settled >= payable:
        return SalesPayment.PAID
    if due_on < today:
        return SalesPayment.OVERDUE
    return SalesPayment.PART_PAID if settled else SalesPayment.UNPAID


def delivery_of_all(lines: Iterable[LineFigures]) -> SalesDelivery:
    """The worst line. Services, and goods that were given up before any left, do not count."""
    counted = [line for line in lines if line.is_goods and (line.target > 0 or line.shipped > 0)]
    return _worst((delivery_of(line) for line in counted), _WORST_DELIVERY) or SalesDelivery.NONE


def billing_of_all(lines: Iterable[LineFigures], policy: InvoicePolicy) -> SalesBilling:
    """The worst line."""
    found = _worst((billing_of(line, policy) for line in lines), _WORST_BILLING)
    return found or SalesBilling.NOTHING_TO_BILL


def payment_of_all(invoices: Iterable[SalesPayment]) -> SalesPayment:
    """The worst invoice; "none" without any."""
    return _worst(invoices, _WORST_PAYMENT) or SalesPayment.NONE


def _worst(found: Iterable[S], order: tuple[S, ...]) -> S | None:
    present = set(found)
    return next((status for status in order if status in present), None)
