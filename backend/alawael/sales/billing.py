"""Invoices from orders and shipments: what is due, once, with its unit, price and discount."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from alawael.catalog.units import NotExact, NotWhole, exactly
from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.claims import change
from alawael.core.errors import NotFound, Refusal, Text
from alawael.core.money import plain, round_money, round_quantity
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing.advances import AdvanceUse
from alawael.invoicing.document import Kind, VatCategory
from alawael.invoicing.drafting import DraftLine
from alawael.invoicing.models import Invoice
from alawael.invoicing.services import issue_document
from alawael.sales import queries
from alawael.sales.costs import book_costs
from alawael.sales.drafting import factor_of
from alawael.sales.models import SalesOrder, SalesOrderLine, Shipment, ShipmentState
from alawael.sales.progress import follow
from alawael.sales.shipments import OrderNotConfirmed

NOTHING = Decimal(0)


class NothingToBill(Refusal):
    code = "nothing_to_bill"
    message = Text(
        "Nothing of {number} is due to be invoiced now.",
        "لا يوجد في {number} ما يستحق الفوترة الآن.",
    )


class TooMuchToBill(Refusal):
    code = "too_much_to_bill"
    message = Text(
        "Only {open} of {line} are due to be invoiced; {wanted} were asked for.",
        "المستحق للفوترة من {line} هو {open} والمطلوب {wanted}.",
    )


class ShipmentNotLeft(Refusal):
    code = "shipment_not_left"
    message = Text(
        "Only a shipment that has left is invoiced. Ship it first.",
        "لا تُفوتر إلا شحنة خرجت. اشحنها أولًا.",
    )


@dataclass(frozen=True)
class BilledLine:
    """So many stock units of an order line."""

    order_line_id: UUID
    quantity: Decimal


@unit_of_work
def invoice_order(
    order: SalesOrder,
    lines: Sequence[BilledLine] | None = None,
    *,
    advances: Sequence[AdvanceUse] = (),
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Invoice:
    """Issue an invoice for what is due by the order's policy, or for less.

    `advances` are taken off it. Raises NothingToBill, TooMuchToBill, OrderNotConfirmed and what
    `issue_document` raises.
    """
    order = _billable(order, expected_version)
    known = {line.pk: line for line in queries.order_lines(order)}
    due = _due(order, known)
    if lines is None:
        lines = [BilledLine(pk, quantity) for pk, quantity in due.items() if quantity > 0]
    return _bill(
        order, known, due, lines,
        supplied_on=_last_day(order), advances=advances, by=by, at=at,
    )  # fmt: skip


@unit_of_work
def invoice_shipment(
    shipment: Shipment, *, advances: Sequence[AdvanceUse] = (), by: Actor, at: datetime
) -> Invoice:
    """Issue an invoice for what a shipment brought, as far as it is still due.

    The day of supply is the day it left. Raises ShipmentNotLeft and what `invoice_order` raises.
    """
    if shipment.state not in (ShipmentState.SHIPPED, ShipmentState.DELIVERED):
        raise ShipmentNotLeft()
    order = _billable(shipment.order, None)
    known = {line.pk: line for line in queries.order_lines(order)}
    due = _due(order, known)
    brought: dict[UUID, Decimal] = {}
    for line in queries.shipment_lines(shipment):
        brought[line.order_line_id] = (
            brought.get(line.order_line_id, NOTHING) + line.quantity - line.returned
        )
    lines = [
        BilledLine(pk, quantity)
        for pk, shipped in brought.items()
        if (quantity := min(shipped, due[pk])) > 0
    ]
    return _bill(
        order, known, due, lines,
        supplied_on=shipment.shipped_on, advances=advances, by=by, at=at,
    )  # fmt: skip


def _billable(order: SalesOrder, expected_version: int | None) -> SalesOrder:
    fresh = SalesOrder.objects.select_related("warehouse", "customer").get(pk=order.pk)
    if not fresh.is_confirmed:
        raise OrderNotConfirmed()
    if expected_version is not None:
        change(fresh, expected_version=expected_version)
    return fresh


def _due(order: SalesOrder, lines: dict[UUID, SalesOrderLine]) -> dict[UUID, Decimal]:
    """What may be invoiced of each line now, in stock units."""
    credited = queries.credited_of(list(lines.values()))
    policy = queries.policy_of(order)
    return {pk: line.figures(credited[pk]).open_to_bill(policy) for pk, line in lines.items()}


def _last_day(order: SalesOrder) -> date | None:
    """When goods of the order left last; None before any did."""
    left = Shipment.objects.filter(
        order=order, state__in=[ShipmentState.SHIPPED, ShipmentState.DELIVERED]
    )
    return left.order_by("-shipped_on").values_list("shipped_on", flat=True).first()


def _bill(
    order: SalesOrder,
    known: dict[UUID, SalesOrderLine],
    due: dict[UUID, Decimal],
    wanted: Sequence[BilledLine],
    *,
    supplied_on: date | None,
    advances: Sequence[AdvanceUse],
    by: Actor,
    at: datetime,
) -> Invoice:
    if not wanted:
        raise NothingToBill(number=order.number)
    drafts, billed = [], []
    credited = queries.credited_of(list(known.values()))
    for each in wanted:
        line = known.get(each.order_line_id)
        if line is None:
            raise NotFound()
        if each.quantity > due[line.pk]:
            most = plain(max(due[line.pk], NOTHING))
            raise TooMuchToBill(line=line.sku, open=most, wanted=plain(each.quantity))
        due[line.pk] -= each.quantity
        before = line.figures(credited[line.pk]).net_billed
        drafts.append(draft_line(line, each.quantity, before=before))
        change(line, invoiced=line.invoiced + each.quantity)
        billed.append(line)
    invoice = issue_document(
        Kind.INVOICE,
        order.customer,
        drafts,
        source=order,
        source_number=order.number or "",
        advances=advances,
        by=by,
        at=at,
        **_facts(order, supplied_on),
    )
    if any(line.cost_delivered != line.cost_recognised for line in billed):
        book_costs(
            order, billed, {}, document=invoice, number=invoice.number or "",
            kind="cost_of_sales", on=invoice.issued_on, by=by, at=at,
        )  # fmt: skip
    audit.record(order, "sales_order.invoiced", by=by, at=at, changes={"invoice": invoice.number})
    follow(order, by=by, at=at)
    return invoice


def draft_line(line: SalesOrderLine, quantity: Decimal, *, before: Decimal) -> DraftLine:
    """An invoice line for so many stock units, in the unit that was typed where that is exact.

    `before` is what was billed already: parts of the discount add up to the whole of it.
    """
    unit_id, counted, price = _in_unit(line, quantity)
    return DraftLine(
        quantity=counted,
        product_id=line.product_id,
        name_en=line.name_en,
        name_ar=line.name_ar,
        sku=line.sku,
        unit_id=unit_id,
        unit_price=price,
        discount=_share(line, before + quantity) - _share(line, before),
        tax_category=VatCategory(line.tax_category),
        tax_rate=line.tax_rate,
        exemption_code=line.exemption_code,
        exemption_reason_en=line.exemption_reason_en,
        exemption_reason_ar=line.exemption_reason_ar,
        source_line_id=line.pk,
    )


def _in_unit(line: SalesOrderLine, quantity: Decimal) -> tuple[UUID, Decimal, Decimal]:
    factor = factor_of(line)
    try:
        return line.unit_id, exactly(Fraction(quantity) / factor, line.unit), line.unit_price
    except (NotWhole, NotExact):
        price = Fraction(line.unit_price) / factor
        exact = Decimal(price.numerator) / Decimal(price.denominator)
        return line.stock_unit_id, quantity, round_quantity(exact)


def _share(line: SalesOrderLine, quantity: Decimal) -> Decimal:
    """The discount on the first so many of a line."""
    return round_money(line.discount * quantity / line.ordered)


def _facts(order: SalesOrder, supplied_on: date | None) -> dict[str, Any]:
    return {
        "currency": order.currency,
        "exchange_rate": order.exchange_rate,
        "prices_include_vat": order.prices_include_vat,
        "is_export": order.is_export,
        "reference": order.reference or order.number,
        "supplied_on": supplied_on,
    }
