"""From what was typed off a supplier's paper to complete lines, their sums and their VAT."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from alawael.catalog import queries as catalog
from alawael.catalog.models import Product, Unit
from alawael.core.errors import FieldError, Invalid, Text
from alawael.core.money import ZERO, round_money
from alawael.invoicing.document import DocumentLine, VatCategory
from alawael.invoicing.drafting import STANDARD_RATE
from alawael.invoicing.models import Bill, BillLine, BillTax, VatTreatment
from alawael.invoicing.vat import line_amounts, tax_subtotals
from alawael.ledger.models import Account


@dataclass(frozen=True)
class BillDraftLine:
    """A line as it stands on the supplier's paper. None means: as the product says."""

    quantity: Decimal
    unit_price: Decimal
    product_id: UUID | None = None
    name_en: str | None = None
    name_ar: str | None = None
    unit_id: UUID | None = None
    discount: Decimal = ZERO
    tax_category: VatCategory | None = None
    tax_rate: Decimal | None = None
    #: Only its VAT is owed (customs).
    is_tax_only: bool = False
    #: What it is spent on, for bills without an order.
    account_id: UUID | None = None
    #: The line of the receipt or order that it bills.
    source_line_id: UUID | None = None


def fill_bill_lines(bill: Bill, lines: Sequence[BillDraftLine]) -> list[BillLine]:
    """Unsaved bill lines, complete. Raises Invalid naming every line that cannot be."""
    products = catalog.products_by_id({line.product_id for line in lines if line.product_id})
    units = catalog.units_by_id({line.unit_id for line in lines if line.unit_id})
    accounts = Account.objects.in_bulk([line.account_id for line in lines if line.account_id])
    errors: list[FieldError] = []
    filled = []
    for index, line in enumerate(lines):
        product = products.get(line.product_id) if line.product_id else None
        unit = units.get(line.unit_id) if line.unit_id else (product.unit if product else None)
        account = accounts.get(line.account_id) if line.account_id else None
        errors += _wrong(index, line, product, unit, account)
        filled.append(_fill(index + 1, line, product, unit, account))
    if errors:
        raise Invalid(errors=errors)
    return filled


def reckon(bill: Bill, lines: Sequence[BillLine]) -> list[BillTax]:
    """Write net and VAT into the lines and the sums into the bill; answers its VAT by category.

    VAT is reckoned per category, as ZATCA's validators do (BR-CO-17). In riyals each line is
    rounded by itself, so that its cost can be booked by itself.
    """
    amounts = [
        (line_of(line), line_amounts(line_of(line), price_includes_vat=bill.prices_include_vat))
        for line in lines
    ]
    taxable_base: dict[tuple[str, Decimal], Decimal] = {}
    for line, (_, figures) in zip(lines, amounts, strict=True):
        line.bill, line.net, line.vat = bill, figures.net, figures.vat
        line.net_base = round_money(figures.net * bill.exchange_rate)
        taxed = (line.tax_category, line.tax_rate)
        taxable_base[taxed] = taxable_base.get(taxed, ZERO) + line.net_base
    taxes = [
        BillTax(
            bill=bill,
            category=subtotal.category.value,
            rate=subtotal.rate,
            taxable=subtotal.taxable,
            vat=subtotal.vat,
            taxable_base=taxable_base[subtotal.category.value, subtotal.rate],
            vat_base=subtotal.vat_sar,
        )
        for subtotal in tax_subtotals(amounts, exchange_rate=bill.exchange_rate)
    ]
    _sum_up(bill, lines, taxes)
    return taxes


def line_of(line: BillLine) -> DocumentLine:
    return DocumentLine(
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount=line.discount,
        vat_category=VatCategory(line.tax_category),
        vat_rate=line.tax_rate,
    )


def _sum_up(bill: Bill, lines: Sequence[BillLine], taxes: Sequence[BillTax]) -> None:
    is_ours = bill.vat_treatment == VatTreatment.REVERSE_CHARGE
    owed = [line for line in lines if not line.is_tax_only]
    bill.net = sum((line.net for line in owed), ZERO)
    bill.net_base = sum((line.net_base for line in owed), ZERO)
    bill.vat = ZERO if is_ours else sum((tax.vat for tax in taxes), ZERO)
    bill.total = bill.net + bill.vat
    vat_base = ZERO if is_ours else sum((tax.vat_base for tax in taxes), ZERO)
    bill.total_base = bill.net_base + vat_base + round_money(bill.rounding * bill.exchange_rate)


def _wrong(
    index: int,
    line: BillDraftLine,
    product: Product | None,
    unit: Unit | None,
    account: Account | None,
) -> list[FieldError]:
    errors = []

    def wrong(name: str, code: str, en: str, ar: str) -> None:
        errors.append(FieldError(f"/lines/{index}/{name}", code, Text(en, ar)))

    if line.product_id and product is None:
        wrong("product_id", "unknown_product", "There is no such product.", "لا يوجد منتج كهذا.")
    if line.unit_id and unit is None:
        wrong("unit_id", "unknown_unit", "There is no such unit.", "لا توجد وحدة كهذه.")
    if line.account_id and (account is None or not account.takes_lines):
        wrong("account_id", "unknown_account", "No such account.", "لا يوجد حساب كهذا.")
    if not line.product_id and not (line.name_en or line.name_ar):
        wrong(
            "name_en",
            "missing",
            "Choose a product or describe the line.",
            "اختر منتجًا أو اكتب وصفًا للبند.",
        )
    if line.quantity <= 0:
        wrong("quantity", "not_positive", "Enter more than 0.", "أدخل أكثر من صفر.")
    elif unit is not None and unit.is_whole and line.quantity != int(line.quantity):
        wrong("quantity", "not_whole", "Enter a whole number.", "أدخل عددًا صحيحًا.")
    if line.unit_price < 0:
        wrong("unit_price", "negative", "Enter 0 or more.", "أدخل صفرًا أو أكثر.")
    if not 0 <= line.discount <= max(round_money(line.quantity * line.unit_price), ZERO):
        wrong(
            "discount",
            "discount_too_high",
            "The discount is more than the line is worth.",
            "الخصم أكبر من قيمة البند.",
        )
    return errors


def _fill(
    position: int,
    line: BillDraftLine,
    product: Product | None,
    unit: Unit | None,
    account: Account | None,
) -> BillLine:
    category = line.tax_category or VatCategory(product.tax_category if product else "S")
    rate = line.tax_rate
    if rate is None:
        rate = STANDARD_RATE if category == VatCategory.STANDARD else Decimal(0)
    return BillLine(
        position=position,
        product=product,
        sku=product.sku if product else "",
        name_en=line.name_en if line.name_en is not None else (product.name_en if product else ""),
        name_ar=line.name_ar if line.name_ar is not None else (product.name_ar if product else ""),
        unit=unit,
        unit_en=unit.name_en if unit else "",
        unit_ar=unit.name_ar if unit else "",
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount=line.discount,
        tax_category=category,
        tax_rate=rate,
        is_tax_only=line.is_tax_only,
        account=account,
        source_line_id=line.source_line_id,
    )
