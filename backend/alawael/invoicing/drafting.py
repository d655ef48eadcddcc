"""From what somebody typed to complete invoice lines: the product fills what was left blank."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from alawael.catalog import queries as catalog
from alawael.catalog.models import Product, Unit
from alawael.core.errors import FieldError, Invalid, Refusal, Text
from alawael.core.money import ZERO
from alawael.invoicing.document import InvoiceType, VatCategory
from alawael.invoicing.models import Invoice, InvoiceLine
from alawael.parties.models import Party

STANDARD_RATE = Decimal(15)
#: What ZATCA asks for on zero-rated exports (VATEX-SA-32, export of goods).
EXPORT_CODE = "VATEX-SA-32"
EXPORT_REASON_EN = "Export of goods"
EXPORT_REASON_AR = "صادرات السلع من المملكة"


@dataclass(frozen=True)
class DraftLine:
    """A line as it was typed. None means: as the product says."""

    quantity: Decimal
    product_id: UUID | None = None
    name_en: str | None = None
    name_ar: str | None = None
    sku: str | None = None
    unit_id: UUID | None = None
    unit_price: Decimal | None = None
    discount: Decimal = ZERO
    tax_category: VatCategory | None = None
    tax_rate: Decimal | None = None
    exemption_code: str | None = None
    exemption_reason_en: str | None = None
    exemption_reason_ar: str | None = None
    #: The line of the order or shipment that this line bills.
    source_line_id: UUID | None = None


def invoice_type_for(customer: Party) -> InvoiceType:
    """Businesses get a standard tax invoice, private people a simplified one (Article 53).

    Never decided by "has a VAT number": an unregistered business still needs the standard one.
    """
    return InvoiceType.STANDARD if customer.is_business else InvoiceType.SIMPLIFIED


def fill_lines(
    invoice: Invoice,
    customer: Party,
    lines: Sequence[DraftLine],
    products: Mapping[UUID, Product] | None,
) -> list[InvoiceLine]:
    """Unsaved invoice lines, complete. Raises Invalid naming every line that cannot be."""
    if products is None:
        wanted = {line.product_id for line in lines if line.product_id}
        products = catalog.products_by_id(wanted)
    units = catalog.units_by_id({line.unit_id for line in lines if line.unit_id})
    errors: list[FieldError] = []
    filled = []
    for index, line in enumerate(lines):
        product = products.get(line.product_id) if line.product_id else None
        unit = units.get(line.unit_id) if line.unit_id else (product.unit if product else None)
        errors += _wrong(index, line, product, unit)
        price, no_price = _price(index, line, product, unit, invoice, customer)
        errors += no_price
        filled.append(_fill(index + 1, line, product, unit, price, invoice))
    if errors:
        raise Invalid(errors=errors)
    return filled


def _wrong(
    index: int, line: DraftLine, product: Product | None, unit: Unit | None
) -> list[FieldError]:
    errors = []

    def wrong(name: str, code: str, en: str, ar: str) -> None:
        errors.append(FieldError(f"/lines/{index}/{name}", code, Text(en, ar)))

    if line.product_id and product is None:
        wrong("product_id", "unknown_product", "There is no such product.", "لا يوجد منتج كهذا.")
    if line.unit_id and unit is None:
        wrong("unit_id", "unknown_unit", "There is no such unit.", "لا توجد وحدة كهذه.")
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
    if not line.product_id and line.unit_price is None:
        wrong("unit_price", "missing", "Enter a price.", "أدخل السعر.")
    return errors


def _price(
    index: int,
    line: DraftLine,
    product: Product | None,
    unit: Unit | None,
    invoice: Invoice,
    customer: Party,
) -> tuple[Decimal, list[FieldError]]:
    """The typed price, or the one that the price lists give this customer on this day."""
    if line.unit_price is not None or product is None or unit is None:
        return line.unit_price or Decimal(0), []
    try:
        quote = catalog.price_of(
            product,
            line.quantity,
            unit,
            on=invoice.issued_on,
            party_id=customer.pk,
            currency=invoice.currency,
        )
    except Refusal as refusal:
        said = Text(refusal.sentence("en"), refusal.sentence("ar"))
        return Decimal(0), [FieldError(f"/lines/{index}/unit_price", refusal.code, said)]
    return quote.price, []


def _fill(
    position: int,
    line: DraftLine,
    product: Product | None,
    unit: Unit | None,
    price: Decimal,
    invoice: Invoice,
) -> InvoiceLine:
    category, code, reason_en, reason_ar = _tax(line, product, invoice)
    is_standard = category == VatCategory.STANDARD
    rate = line.tax_rate
    if rate is None:
        rate = STANDARD_RATE if is_standard else Decimal(0)
    return InvoiceLine(
        position=position,
        product=product,
        sku=line.sku if line.sku is not None else (product.sku if product else ""),
        name_en=_first(line.name_en, product.name_en if product else None),
        name_ar=_first(line.name_ar, product.name_ar if product else None),
        unit=unit,
        unit_en=unit.name_en if unit else "",
        unit_ar=unit.name_ar if unit else "",
        quantity=line.quantity,
        unit_price=price,
        discount=line.discount,
        tax_category=category,
        tax_rate=rate,
        exemption_code=code,
        exemption_reason_en=reason_en,
        exemption_reason_ar=reason_ar,
        source_line_id=line.source_line_id,
    )


def _tax(
    line: DraftLine, product: Product | None, invoice: Invoice
) -> tuple[VatCategory, str, str, str]:
    """Category and reason: the line's own, else that of an export, else the product's."""
    if line.tax_category is None and invoice.is_export:
        return VatCategory.ZERO_RATED, EXPORT_CODE, EXPORT_REASON_EN, EXPORT_REASON_AR
    category = line.tax_category or VatCategory(product.tax_category if product else "S")
    if category == VatCategory.STANDARD:
        return category, "", "", ""
    return (
        category,
        _first(line.exemption_code, product.exemption_code if product else None),
        _first(line.exemption_reason_en, product.exemption_reason_en if product else None),
        _first(line.exemption_reason_ar, product.exemption_reason_ar if product else None),
    )


def _first(typed: str | None, otherwise: str | None) -> str:
    return typed if typed is not None else (otherwise or "")
