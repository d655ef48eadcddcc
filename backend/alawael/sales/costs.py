"""What deliveries cost, in the books: INVENTORY against COGS, now or when they are invoiced.

A line knows what its goods with the customer cost us and how much of that is cost of sales
already. Whatever happens, the entry is the difference: so every order of events (billed before
shipped, shipped in parts, sent back) ends at the same balances.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import models

from alawael.core.actors import Actor
from alawael.core.claims import change
from alawael.core.money import ZERO, round_money
from alawael.ledger import services as ledger
from alawael.ledger.books import Books, Posting
from alawael.ledger.models import JournalEntry, LedgerRole
from alawael.sales import queries
from alawael.sales.models import CogsTiming, SalesOrder, SalesOrderLine


def book_costs(
    order: SalesOrder,
    lines: Sequence[SalesOrderLine],
    delivered: Mapping[UUID, Decimal],
    *,
    document: models.Model,
    number: str,
    kind: str,
    on: date,
    by: Actor,
    at: datetime,
) -> JournalEntry | None:
    """Book that the goods of these lines at the customer are worth so much more (or less).

    `delivered` is riyals by order line, left out where nothing moved. The quantities of `lines`
    are as they are after the event. Nothing to say: no entry, but the period must be open.
    """
    timing = queries.sales_settings().cogs_timing
    credited = queries.credited_of(lines) if timing == CogsTiming.INVOICE else {}
    waiting = recognised = ZERO
    for line in lines:
        value = line.cost_delivered + delivered.get(line.pk, ZERO)
        share = value if timing == CogsTiming.SHIPMENT else _billed_share(line, value, credited)
        waiting += (value - share) - (line.cost_delivered - line.cost_recognised)
        recognised += share - line.cost_recognised
        if (value, share) != (line.cost_delivered, line.cost_recognised):
            change(line, cost_delivered=value, cost_recognised=share)
    return _post(
        order, waiting, recognised,
        document=document, number=number, kind=kind, on=on, by=by, at=at,
    )  # fmt: skip


def _billed_share(
    line: SalesOrderLine, value: Decimal, credited: Mapping[UUID, Decimal]
) -> Decimal:
    """The part of what was delivered that has been invoiced."""
    figures = line.figures(credited[line.pk])
    there = figures.shipped - figures.returned
    billed = min(max(figures.net_billed, Decimal(0)), there)
    return round_money(value * billed / there) if there > 0 else value


def _post(
    order: SalesOrder,
    waiting: Decimal,
    recognised: Decimal,
    *,
    document: models.Model,
    number: str,
    kind: str,
    on: date,
    by: Actor,
    at: datetime,
) -> JournalEntry | None:
    books = Books.open()
    amounts = [
        (LedgerRole.COGS, recognised),
        (LedgerRole.GOODS_DELIVERED_NOT_INVOICED, waiting),
        (LedgerRole.INVENTORY, -(waiting + recognised)),
    ]
    postings = [
        Posting(role, debit=max(amount, ZERO), credit=max(-amount, ZERO))
        for role, amount in amounts
        if amount
    ]
    if not postings:
        books.require_open(on)
        return None
    return ledger.post(
        postings,
        on=on,
        memo=order.customer_name_en or order.customer_name_ar,
        kind=kind,
        source=document,
        source_number=number,
        by=by,
        at=at,
        books=books,
    )
