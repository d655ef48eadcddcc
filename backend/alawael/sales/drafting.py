"""From what somebody typed to complete order lines with prices, taxes and stock quantities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.db.models import prefetch_related_objects

from alawael.catalog import queries as catalog
from alawael.catalog.models import Product
from alawael.catalog.units import Measure, convert, exactly, measure
from alawael.core.errors import FieldError, Invalid, Refusal, Text
from alawael.core.money import ZERO, round_money, round_quantity
from alawael.invoicing.document import Kind, PartyDetails, VatCategory
from alawael.invoicing.drafting import DraftLine, fill_lines
from alawael.invoicing.models import Invoice, InvoiceLine
from alawael.invoicing.paperwork import document_of
from alawael.invoicing.vat import totals
from alawael.parties.models import Party
from alawael.sales.models import SalesOrder, SalesOrderLine

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class OrderedLine:
    """A line as it was typed. None means: as the product and the price lists say."""

    product_id: UUID
    quantity: Decimal
    unit_id: UUID | None = None
    unit_price: Decimal | None = None
    #: Off the whole line, as an amount or in percent of it.
    discount: Decimal | None = None
    discount_percent: Decimal | None = None
    name_en: str | None = None
    name_ar: str | None = None
    tax_category: VatCategory | None = None
    tax_rate: Decimal | None = None
    exemption_code: str | None = None
    exemption_reason_en: str | None = None
    exemption_reason_ar: str | None = None


def complete_lines(
    order: SalesOrder, customer: Party, typed: Sequence[OrderedLine], *, first_position: int = 1
) -> list[SalesOrderLine]:
    """Unsaved order lines, complete. Raises Invalid naming every line that cannot be."""
    products = _products({line.product_id for line in typed})
    filled = fill_lines(_blank_invoice(order), customer, [_draft(line) for line in typed], products)
    errors: list[FieldError] = []
    lines = []
    for index, (line, priced) in enumerate(zip(typed, filled, strict=True)):
        product = products[line.product_id]
        errors += _not_sold(index, product)
        try:
            lines.append(_line(order, first_position + index, line, priced, product))
        except Refusal as refusal:
            said = Text(refusal.sentence("en"), refusal.sentence("ar"))
            errors.append(FieldError(f"/lines/{index}/quantity", refusal.code, said))
            continue
        errors += _discounted_away(index, lines[-1])
    if errors:
        raise Invalid(errors=errors)
    return lines


def discounted(lines: Sequence[OrderedLine], percent: Decimal | None) -> Sequence[OrderedLine]:
    """The lines with so many percent off each that has no discount of its own.

    A discount on the whole order is one on its lines: so every VAT category gets its share, and
    part of an order is invoiced with part of the discount.
    """
    if percent is None:
        return lines
    return [
        replace(line, discount_percent=percent)
        if line.discount is None and line.discount_percent is None
        else line
        for line in lines
    ]


def reckon(order: SalesOrder, lines: Sequence[SalesOrderLine], *, at: datetime) -> None:
    """Write net and VAT into the lines and the sums into the order, as its invoice would."""
    nobody = PartyDetails()
    paper = document_of(
        _blank_invoice(order),
        [_invoice_line(line) for line in lines],
        seller=nobody,
        buyer=nobody,
        issued_at=at,
    )
    sums = totals(paper)
    for line, amounts in zip(lines, sums.lines, strict=True):
        line.net, line.vat = amounts.net, amounts.vat
    order.net, order.vat = sums.taxable, sums.vat
    order.total = sums.total + sums.rounding
    order.total_base = sums.total_sar + sums.rounding_sar


def stock_quantity(line: SalesOrderLine, quantity: Decimal) -> Decimal:
    """A quantity of the line's typed unit in stock units, exactly; raises NotWhole, NotExact."""
    return exactly(Fraction(quantity) * factor_of(line), line.stock_unit)


def factor_of(line: SalesOrderLine) -> Fraction:
    """How many stock units one typed unit is."""
    return Fraction(line.numerator, line.denominator)


def discount_for(line: SalesOrderLine) -> Decimal:
    """The amount that the line's percentage takes off."""
    return round_money(line.quantity * line.unit_price * line.discount_percent / HUNDRED)


def percent_off(line: SalesOrderLine) -> Decimal:
    """The discount in percent, however it was typed."""
    percent: Decimal = line.discount_percent
    if percent:
        return percent
    gross = line.quantity * line.unit_price
    return round_quantity(line.discount / gross * HUNDRED) if gross else Decimal(0)


def _products(ids: set[UUID]) -> Mapping[UUID, Product]:
    products = catalog.products_by_id(ids)
    prefetch_related_objects(list(products.values()), "units__unit")
    return products


def _blank_invoice(order: SalesOrder) -> Invoice:
    """The head of the invoice that this order would become; never saved."""
    return Invoice(
        kind=Kind.INVOICE,
        type="standard",
        issued_on=order.ordered_on,
        due_on=order.ordered_on,
        currency=order.currency,
        exchange_rate=order.exchange_rate,
        prices_include_vat=order.prices_include_vat,
        is_export=order.is_export,
    )


def _draft(line: OrderedLine) -> DraftLine:
    return DraftLine(
        quantity=line.quantity,
        product_id=line.product_id,
        name_en=line.name_en,
        name_ar=line.name_ar,
        unit_id=line.unit_id,
        unit_price=line.unit_price,
        tax_category=line.tax_category,
        tax_rate=line.tax_rate,
        exemption_code=line.exemption_code,
        exemption_reason_en=line.exemption_reason_en,
        exemption_reason_ar=line.exemption_reason_ar,
    )


def _line(
    order: SalesOrder, position: int, typed: OrderedLine, priced: InvoiceLine, product: Product
) -> SalesOrderLine:
    unit = priced.unit or product.unit
    wanted = measure(product, unit)
    line = SalesOrderLine(
        order=order,
        position=position,
        product=product,
        kind=product.kind,
        sku=priced.sku,
        name_en=priced.name_en,
        name_ar=priced.name_ar,
        unit=unit,
        unit_en=priced.unit_en,
        unit_ar=priced.unit_ar,
        quantity=typed.quantity,
        numerator=wanted.factor.numerator,
        denominator=wanted.factor.denominator,
        stock_unit=product.unit,
        ordered=convert(typed.quantity, wanted, Measure(product.unit)),
        unit_price=priced.unit_price,
        discount_percent=typed.discount_percent or Decimal(0),
        discount=typed.discount or ZERO,
        tax_category=priced.tax_category,
        tax_rate=priced.tax_rate,
        exemption_code=priced.exemption_code,
        exemption_reason_en=priced.exemption_reason_en,
        exemption_reason_ar=priced.exemption_reason_ar,
    )
    if line.discount_percent:
        line.discount = discount_for(line)
    return line


def _invoice_line(line: SalesOrderLine) -> InvoiceLine:
    return InvoiceLine(
        position=line.position,
        name_en=line.name_en,
        name_ar=line.name_ar,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount=line.discount,
        tax_category=line.tax_category,
        tax_rate=line.tax_rate,
    )


def _not_sold(index: int, product: Product) -> list[FieldError]:
    if product.is_active:
        return []
    said = Text("This product is no longer sold.", "هذا المنتج لم يعد يُباع.")
    return [FieldError(f"/lines/{index}/product_id", "product_inactive", said)]


def _discounted_away(index: int, line: SalesOrderLine) -> list[FieldError]:
    if line.discount <= round_money(line.quantity * line.unit_price):
        return []
    said = Text("The discount is more than the line is worth.", "الخصم أكبر من قيمة البند.")
    return [FieldError(f"/lines/{index}/discount", "discount_too_high", said)]
