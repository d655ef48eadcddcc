"""The VAT arithmetic that ZATCA's validators repeat: half-up, per category, never from line VAT.

The rule numbers (BR-…) are those of ZATCA's XML implementation standard.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from alawael.core.errors import Refusal, Text
from alawael.core.money import ZERO, plain, round_money, round_quantity
from alawael.invoicing.document import (
    Adjustment,
    AdvanceInvoice,
    DocumentLine,
    InvoiceDocument,
    VatCategory,
)

STANDARD_RATES = (Decimal(15), Decimal(5))


class WrongVatRate(Refusal):
    """A category and a rate that cannot stand together."""

    code = "wrong_vat_rate"
    title = Text("This VAT rate does not fit", "نسبة الضريبة غير مناسبة")
    message = Text(
        "VAT category {category} cannot be taxed at {rate} percent: the standard rate is 15 or 5, "
        "every other category is 0.",
        "لا يمكن تطبيق نسبة {rate}٪ على فئة الضريبة {category}: النسبة الأساسية 15 أو 5، "
        "وبقية الفئات صفر.",
    )


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """A line without VAT; `vat` and `total` are for display and never summed into the document."""

    net: Decimal
    vat: Decimal
    total: Decimal
    discount: Decimal
    unit_price: Decimal
    price_quantity: Decimal  # how many units the price is for: 1, unless 6 decimals fall short


@dataclass(frozen=True, slots=True)
class TaxSubtotal:
    category: VatCategory
    rate: Decimal
    taxable: Decimal
    vat: Decimal
    taxable_sar: Decimal
    vat_sar: Decimal
    exemption_code: str = ""
    exemption_text_en: str = ""
    exemption_text_ar: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    lines: tuple[LineAmounts, ...]
    subtotals: tuple[TaxSubtotal, ...]
    lines_net: Decimal
    discounts: Decimal
    charges: Decimal
    taxable: Decimal
    vat: Decimal
    total: Decimal
    prepaid: Decimal
    rounding: Decimal
    payable: Decimal
    taxable_sar: Decimal
    vat_sar: Decimal
    total_sar: Decimal
    rounding_sar: Decimal


def totals(document: InvoiceDocument) -> Totals:
    """Everything that is added up on a document, in its currency and in riyals.

    When prices include VAT, `rounding` is what the customer was promised less what the VAT rules
    give: it belongs on the ROUNDING account, and `payable` is exactly the promised sum.
    """
    amounts = tuple(
        line_amounts(line, price_includes_vat=document.prices_include_vat)
        for line in document.lines
    )
    subtotals = tax_subtotals(
        zip(document.lines, amounts, strict=True),
        document.adjustments,
        exchange_rate=document.exchange_rate,
    )
    discounts = _sum(round_money(a.amount) for a in document.adjustments if not a.is_charge)
    charges = _sum(round_money(a.amount) for a in document.adjustments if a.is_charge)
    lines_net = _sum(line.net for line in amounts)
    taxable = lines_net - discounts + charges
    vat = _sum(subtotal.vat for subtotal in subtotals)
    total = taxable + vat
    prepaid = _sum(advance_total(advance) for advance in document.advances)
    rounding = _promised(document) - total if document.prices_include_vat else ZERO
    taxable_sar = _sum(subtotal.taxable_sar for subtotal in subtotals)
    vat_sar = _sum(subtotal.vat_sar for subtotal in subtotals)
    return Totals(
        lines=amounts,
        subtotals=subtotals,
        lines_net=lines_net,
        discounts=discounts,
        charges=charges,
        taxable=taxable,
        vat=vat,
        total=total,
        prepaid=prepaid,
        rounding=rounding,
        payable=total - prepaid + rounding,
        taxable_sar=taxable_sar,
        vat_sar=vat_sar,
        total_sar=taxable_sar + vat_sar,
        rounding_sar=round_money(rounding * document.exchange_rate),
    )


def line_amounts(line: DocumentLine, *, price_includes_vat: bool = False) -> LineAmounts:
    """One line: its net amount, and its VAT and total for display (KSA-11, BR-KSA-51)."""
    check_rate(line.vat_category, line.vat_rate)
    discount = round_money(line.discount)
    amount = round_money(line.quantity * line.unit_price - discount)
    if not price_includes_vat:
        net, unit_price, price_quantity = amount, line.unit_price, Decimal(1)
    else:
        net = net_of(amount, line.vat_rate)
        discount = net_of(discount, line.vat_rate)
        unit_price, price_quantity = _price_giving(net + discount, line.quantity)
    vat = vat_on(net, line.vat_rate)
    return LineAmounts(net, vat, net + vat, discount, unit_price, price_quantity)


def tax_subtotals(
    lines: Iterable[tuple[DocumentLine, LineAmounts]],
    adjustments: Iterable[Adjustment] = (),
    *,
    exchange_rate: Decimal = Decimal(1),
) -> tuple[TaxSubtotal, ...]:
    """VAT per category and rate, on the sum of what is taxed alike (BR-CO-17, BR-S-09)."""
    taxable: dict[tuple[VatCategory, Decimal], Decimal] = {}
    explained: dict[tuple[VatCategory, Decimal], DocumentLine] = {}
    for line, amounts in lines:
        taxed = (line.vat_category, line.vat_rate)
        taxable[taxed] = taxable.get(taxed, ZERO) + amounts.net
        if taxed not in explained or not explained[taxed].exemption_code:
            explained[taxed] = line
    for adjustment in adjustments:
        check_rate(adjustment.vat_category, adjustment.vat_rate)
        taxed = (adjustment.vat_category, adjustment.vat_rate)
        change = round_money(adjustment.amount)
        taxable[taxed] = taxable.get(taxed, ZERO) + (change if adjustment.is_charge else -change)

    subtotals = []
    for taxed in sorted(taxable, key=_category_order):
        category, rate = taxed
        vat = vat_on(taxable[taxed], rate)
        line_with_reason = explained.get(taxed)
        subtotals.append(
            TaxSubtotal(
                category,
                rate,
                taxable[taxed],
                vat,
                round_money(taxable[taxed] * exchange_rate),
                round_money(vat * exchange_rate),
                line_with_reason.exemption_code if line_with_reason else "",
                line_with_reason.exemption_text_en if line_with_reason else "",
                line_with_reason.exemption_text_ar if line_with_reason else "",
            )
        )
    return tuple(subtotals)


def vat_on(taxable: Decimal, rate: Decimal) -> Decimal:
    return round_money(taxable * rate / 100)


def net_of(gross: Decimal, rate: Decimal) -> Decimal:
    """Take the VAT out of an amount that includes it."""
    return round_money(gross * 100 / (100 + rate))


def advance_total(advance: AdvanceInvoice) -> Decimal:
    return advance.taxable + advance.vat


def check_rate(category: VatCategory, rate: Decimal) -> None:
    """Refuse a rate that the category cannot have (BR-KSA-84: standard is 15 or 5)."""
    allowed = STANDARD_RATES if category == VatCategory.STANDARD else (ZERO,)
    if rate not in allowed:
        raise WrongVatRate(category=category.value, rate=plain(rate))


def _promised(document: InvoiceDocument) -> Decimal:
    """What the customer was told to pay, in prices that include VAT."""
    lines = _sum(
        round_money(line.quantity * line.unit_price - round_money(line.discount))
        for line in document.lines
    )
    adjustments = _sum(_with_vat(adjustment) for adjustment in document.adjustments)
    return lines + adjustments


def _with_vat(adjustment: Adjustment) -> Decimal:
    amount = round_money(adjustment.amount)
    amount += vat_on(amount, adjustment.vat_rate)
    return amount if adjustment.is_charge else -amount


def _price_giving(amount: Decimal, quantity: Decimal) -> tuple[Decimal, Decimal]:
    """A price of at most six decimals, and the quantity it is for, that multiply to the amount."""
    if not quantity:
        return ZERO, Decimal(1)
    price = round_quantity(amount / quantity)
    if round_money(price * quantity) == amount:
        return price, Decimal(1)
    return amount, quantity


def _category_order(taxed: tuple[VatCategory, Decimal]) -> tuple[int, Decimal]:
    category, rate = taxed
    return "SZEO".index(category), -rate


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
