"""How much a customer may owe us: what is open, what was promised, and what an order adds."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import F

from alawael.core.errors import Refusal, Text
from alawael.core.money import ZERO, round_money
from alawael.invoicing import queries as invoicing
from alawael.parties.models import Party
from alawael.sales import queries
from alawael.sales.models import SalesOrder, SalesOrderLine, SalesOrderState, SalesSettings


class CreditLimitExceeded(Refusal):
    code = "credit_limit_exceeded"
    message = Text(
        "{customer} may owe {limit}. Open invoices are {receivable}, promised and not yet billed "
        "{promised}, and this order adds {order}. Ask for payment, or raise the limit.",
        "الحد الائتماني للعميل {customer} هو {limit}. الفواتير المفتوحة {receivable}، وأوامر مؤكدة "
        "لم تُفوتر {promised}، ويضيف هذا الأمر {order}. اطلب السداد أو ارفع الحد.",
    )


@dataclass(frozen=True)
class Exposure:
    """What a customer owes and will owe, in riyals."""

    limit: Decimal | None
    receivable: Decimal
    promised: Decimal
    order: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.receivable + self.promised + self.order

    @property
    def is_exceeded(self) -> bool:
        return self.limit is not None and self.total > self.limit

    def refusal(self, customer: Party) -> CreditLimitExceeded:
        return CreditLimitExceeded(
            customer=customer.name_en or customer.name_ar,
            limit=f"{self.limit:.2f}",
            receivable=f"{self.receivable:.2f}",
            promised=f"{self.promised:.2f}",
            order=f"{self.order:.2f}",
        )


def exposure_of(customer: Party, *, order: SalesOrder | None = None) -> Exposure:
    """Open receivables, what confirmed orders will still bill, and what `order` adds to them."""
    others = order.pk if order is not None else None
    return Exposure(
        limit=customer.credit_limit,
        receivable=_receivable(customer.pk),
        promised=_promised(customer.pk, without=others),
        order=order.total_base if order is not None else ZERO,
    )


def ask_limit(customer: Party, order: SalesOrder) -> Exposure | None:
    """The exposure with this order; None for a customer without a limit.

    Inside the unit that confirms: it takes a turn, so that of two orders which fit one by one
    but not together, the second sees the first (snapshots of a MongoDB transaction would not).
    """
    if customer.credit_limit is None:
        return None
    SalesSettings.objects.filter(key="main").update(limit_turn=F("limit_turn") + 1)
    return exposure_of(customer, order=order)


def require_limit(order: SalesOrder) -> None:
    """Look at the limit again before goods leave: the customer may owe more than at confirmation.

    Whoever approved the order has answered for it. Raises CreditLimitExceeded.
    """
    customer = Party.objects.get(pk=order.customer_id)
    if customer.credit_limit is None or order.approved_by is not None:
        return
    now = exposure_of(customer, order=order)
    # The rest of this order was promised with it: what is billed of it counts as owed by now.
    still = Exposure(now.limit, now.receivable, now.promised, _promised_of(order))
    if still.is_exceeded:
        raise still.refusal(customer)


def _receivable(customer_id: UUID) -> Decimal:
    rows = invoicing.open_documents().filter(customer_id=customer_id)
    amounts = rows.values_list("kind", "total_base", "settled_base")
    return sum(
        (-(total - settled) if kind == "credit_note" else total - settled
         for kind, total, settled in amounts),
        ZERO,
    )  # fmt: skip


def _promised(customer_id: UUID, *, without: UUID | None) -> Decimal:
    orders = SalesOrder.objects.filter(customer_id=customer_id, state=SalesOrderState.CONFIRMED)
    return _still_to_bill({order.pk: order for order in orders if order.pk != without})


def _promised_of(order: SalesOrder) -> Decimal:
    return _still_to_bill({order.pk: order})


def _still_to_bill(found: Mapping[UUID, SalesOrder]) -> Decimal:
    lines = list(SalesOrderLine.objects.filter(order_id__in=list(found)))
    credited = queries.credited_of(lines)
    promised = ZERO
    for line in lines:
        figures = line.figures(credited[line.pk])
        to_come = figures.target - figures.returned_refund - figures.net_billed
        if to_come > 0:
            share = (line.net + line.vat) * to_come / line.ordered
            promised += share * found[line.order_id].exchange_rate
    return round_money(promised)
