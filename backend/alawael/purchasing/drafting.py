"""From what somebody typed to complete lines: product and supplier fill what was left blank."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from alawael.catalog import queries as catalog
from alawael.catalog import units
from alawael.catalog.models import Product, ProductKind, Unit
from alawael.core.errors import FieldError, Invalid, Refusal, Text
from alawael.core.money import ZERO, round_money
from alawael.invoicing.document import DocumentLine, VatCategory
from alawael.invoicing.vat import Totals, line_amounts, tax_subtotals
from alawael.invoicing.vat import check_rate as check_vat_rate
from alawael.ledger.models import Account
from alawael.parties.models import Party
from alawael.purchasing import queries
from alawael.purchasing.models import PurchaseOrder, PurchaseOrderLine, RequisitionLine

STANDARD_RATE = Decimal(15)
__all__ = ["OrderLineDraft", "Totals", "Wish", "counted", "fill_lines", "reckon", "wishes"]


@dataclass(frozen=True)
class OrderLineDraft:
    """A line as it was typed. None means: as product and supplier say."""

    quantity: Decimal
    product_id: UUID | None = None
    name_en: str | None = None
    name_ar: str | None = None
    supplier_sku: str | None = None
    unit_id: UUID | None = None
    unit_price: Decimal | None = None
    discount: Decimal = ZERO
    tax_category: VatCategory | None = None
    tax_rate: Decimal | None = None
    account_id: UUID | None = None
    expected_on: date | None = None
    requisition_line: RequisitionLine | None = None


@dataclass(frozen=True)
class Wish:
    """Goods or a service that somebody asks for, on a requisition or an enquiry."""

    quantity: Decimal
    product_id: UUID | None = None
    name_en: str | None = None
    name_ar: str | None = None
    unit_id: UUID | None = None
    supplier_id: UUID | None = None
    requisition_line_id: UUID | None = None


class _Errors:
    """Collects what is wrong, each with its place."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.found: list[FieldError] = []

    def add(self, name: str, code: str, en: str, ar: str) -> None:
        self.found.append(FieldError(f"/lines/{self.index}/{name}", code, Text(en, ar)))

    def refused(self, name: str, refusal: Refusal) -> None:
        self.add(name, refusal.code, refusal.sentence("en"), refusal.sentence("ar"))


def fill_lines(
    order: PurchaseOrder,
    supplier: Party,
    lines: Sequence[OrderLineDraft],
    *,
    first_position: int = 1,
    is_lenient: bool = False,
) -> list[PurchaseOrderLine]:
    """Unsaved order lines, complete. Raises Invalid naming every line that cannot be.

    With `is_lenient` a line without a known price costs nothing, for somebody to fill in.
    """
    products = queries.products_with_units(line.product_id for line in lines if line.product_id)
    named = catalog.units_by_id(line.unit_id for line in lines if line.unit_id)
    accounts = queries.accounts_by_id(line.account_id for line in lines if line.account_id)
    prices = queries.SupplierPrices.of(supplier.pk, products, currency=order.currency)
    errors: list[FieldError] = []
    filled = []
    for index, line in enumerate(lines):
        wrong = _Errors(index)
        product = products.get(line.product_id) if line.product_id else None
        unit = named.get(line.unit_id) if line.unit_id else (product.unit if product else None)
        _check(line, product, unit, accounts, wrong)
        row = _fill(first_position + index, line, product, unit, supplier)
        row.order = order
        if not wrong.found:
            _count(row, product, unit, wrong)
        if not wrong.found:
            _price(row, line, product, unit, prices, is_lenient, wrong)
            _check_rate(row, wrong)
        errors += wrong.found
        filled.append(row)
    if errors:
        raise Invalid(errors=errors)
    return filled


def wishes(lines: Sequence[Wish]) -> list[dict[str, Any]]:
    """The columns that lines of requisitions and enquiries share, and `quantity` in stock units.

    Raises Invalid naming every line that is wrong.
    """
    products = queries.products_with_units(line.product_id for line in lines if line.product_id)
    named = catalog.units_by_id(line.unit_id for line in lines if line.unit_id)
    errors: list[FieldError] = []
    filled = []
    for index, line in enumerate(lines):
        wrong = _Errors(index)
        product = products.get(line.product_id) if line.product_id else None
        unit = named.get(line.unit_id) if line.unit_id else (product.unit if product else None)
        _check_what(line, product, unit, wrong)
        quantity = line.quantity
        if not wrong.found and product is not None and unit is not None:
            quantity = _in_stock_unit(line.quantity, product, unit, wrong)
        errors += wrong.found
        filled.append(
            {
                "position": index + 1,
                "product": product,
                "sku": product.sku if product else "",
                "name_en": _first(line.name_en, product.name_en if product else None),
                "name_ar": _first(line.name_ar, product.name_ar if product else None),
                "unit": unit,
                "typed_quantity": line.quantity,
                "quantity": quantity,
            }
        )
    if errors:
        raise Invalid(errors=errors)
    return filled


def counted(
    quantity: Decimal, product: Product | None, unit: Unit | None, *, pointer: str
) -> Decimal:
    """A typed quantity in the product's stock unit; raises Invalid at the pointer."""
    if quantity <= 0:
        raise Invalid(
            errors=[
                FieldError(pointer, "not_positive", Text("Enter more than 0.", "أدخل أكثر من صفر."))
            ]
        )
    if product is None or unit is None:
        return quantity
    try:
        return in_stock_unit(quantity, product, unit)
    except Refusal as refusal:
        said = Text(refusal.sentence("en"), refusal.sentence("ar"))
        raise Invalid(errors=[FieldError(pointer, refusal.code, said)]) from refusal


def in_stock_unit(quantity: Decimal, product: Product, unit: Unit) -> Decimal:
    """Exactly; raises NoSuchUnit, NotWhole or NotExact."""
    typed = units.measure(product, unit)
    units.exactly(quantity, unit)
    return units.convert(quantity, typed, units.Measure(product.unit))


def reckon(order: PurchaseOrder, lines: Iterable[PurchaseOrderLine]) -> dict[str, Decimal]:
    """Fix net and VAT on each line, and answer the sums of the order's columns.

    VAT is on the sum of what is taxed alike, as on invoices; a line's own is for display.
    """
    pairs = []
    for line in lines:
        document_line = DocumentLine(
            quantity=line.typed_quantity,
            unit_price=line.unit_price,
            discount=line.discount,
            vat_category=VatCategory(line.tax_category),
            vat_rate=line.tax_rate,
        )
        amounts = line_amounts(document_line)
        line.net, line.vat = amounts.net, amounts.vat
        pairs.append((document_line, amounts))
    subtotals = tax_subtotals(pairs, exchange_rate=order.exchange_rate)
    net = sum((subtotal.taxable for subtotal in subtotals), ZERO)
    vat = sum((subtotal.vat for subtotal in subtotals), ZERO)
    base = sum((subtotal.taxable_sar + subtotal.vat_sar for subtotal in subtotals), ZERO)
    return {"net": net, "vat": vat, "total": net + vat, "total_base": base}


def _check(
    line: OrderLineDraft,
    product: Product | None,
    unit: Unit | None,
    accounts: Mapping[UUID, Account],
    wrong: _Errors,
) -> None:
    _check_what(line, product, unit, wrong)
    if line.account_id:
        account = accounts.get(line.account_id)
        if account is None or not account.takes_lines:
            wrong.add(
                "account_id",
                "unknown_account",
                "Choose an account that takes entries.",
                "اختر حسابًا يقبل القيود.",
            )
    if line.unit_price is not None and line.unit_price < 0:
        wrong.add("unit_price", "negative", "A price is not below 0.", "لا يقل السعر عن صفر.")
    if line.discount < 0:
        wrong.add("discount", "negative", "A discount is not below 0.", "لا يقل الخصم عن صفر.")


def _check_what(
    line: OrderLineDraft | Wish, product: Product | None, unit: Unit | None, wrong: _Errors
) -> None:
    if line.product_id and product is None:
        wrong.add(
            "product_id", "unknown_product", "There is no such product.", "لا يوجد منتج كهذا."
        )
    if line.unit_id and unit is None:
        wrong.add("unit_id", "unknown_unit", "There is no such unit.", "لا توجد وحدة كهذه.")
    if not line.product_id and not (line.name_en or line.name_ar):
        wrong.add(
            "name_en",
            "missing",
            "Choose a product or describe the line.",
            "اختر منتجًا أو اكتب وصفًا للبند.",
        )
    if line.quantity <= 0:
        wrong.add("quantity", "not_positive", "Enter more than 0.", "أدخل أكثر من صفر.")


def _fill(
    position: int,
    line: OrderLineDraft,
    product: Product | None,
    unit: Unit | None,
    supplier: Party,
) -> PurchaseOrderLine:
    category = line.tax_category or _usual_category(product, supplier)
    rate = line.tax_rate
    if rate is None:
        rate = STANDARD_RATE if category == VatCategory.STANDARD else Decimal(0)
    return PurchaseOrderLine(
        position=position,
        product=product,
        is_goods=product is not None and product.kind == ProductKind.GOODS,
        account_id=line.account_id,
        sku=product.sku if product else "",
        supplier_sku=line.supplier_sku or "",
        name_en=_first(line.name_en, product.name_en if product else None),
        name_ar=_first(line.name_ar, product.name_ar if product else None),
        unit=unit,
        unit_en=unit.name_en if unit else "",
        unit_ar=unit.name_ar if unit else "",
        typed_quantity=line.quantity,
        quantity=line.quantity,
        unit_price=line.unit_price or Decimal(0),
        discount=line.discount,
        tax_category=category,
        tax_rate=rate,
        expected_on=line.expected_on,
        requisition_line=line.requisition_line,
    )


def _usual_category(product: Product | None, supplier: Party) -> VatCategory:
    """Suppliers abroad charge no Saudi VAT; it is paid at customs."""
    if not supplier.is_saudi:
        return VatCategory.OUT_OF_SCOPE
    return VatCategory(product.tax_category) if product else VatCategory.STANDARD


def _count(
    row: PurchaseOrderLine, product: Product | None, unit: Unit | None, wrong: _Errors
) -> None:
    if product is not None and unit is not None:
        row.quantity = _in_stock_unit(row.typed_quantity, product, unit, wrong)


def _in_stock_unit(quantity: Decimal, product: Product, unit: Unit, wrong: _Errors) -> Decimal:
    try:
        return in_stock_unit(quantity, product, unit)
    except units.NoSuchUnit as refusal:
        wrong.refused("unit_id", refusal)
    except Refusal as refusal:
        wrong.refused("quantity", refusal)
    return quantity


def _price(
    row: PurchaseOrderLine,
    line: OrderLineDraft,
    product: Product | None,
    unit: Unit | None,
    prices: "queries.SupplierPrices",
    is_lenient: bool,
    wrong: _Errors,
) -> None:
    found = prices.price(product, unit, row.quantity) if product and unit else None
    if line.supplier_sku is None and found is not None:
        row.supplier_sku = found.supplier_sku
    if found is not None and found.lead_time_days and line.expected_on is None:
        row.expected_on = row.order.ordered_on + timedelta(days=found.lead_time_days)
    if line.unit_price is None:
        if found is not None and found.price is not None:
            row.unit_price = found.price
        elif not is_lenient:
            wrong.add("unit_price", "missing", "Enter a price.", "أدخل السعر.")
    if round_money(row.typed_quantity * row.unit_price) < row.discount:
        wrong.add(
            "discount",
            "too_high",
            "The discount is more than the line.",
            "الخصم أكبر من قيمة البند.",
        )


def _check_rate(row: PurchaseOrderLine, wrong: _Errors) -> None:
    try:
        check_vat_rate(VatCategory(row.tax_category), row.tax_rate)
    except Refusal as refusal:
        wrong.refused("tax_rate", refusal)


def _first(typed: str | None, otherwise: str | None) -> str:
    return typed if typed else (otherwise or "")
