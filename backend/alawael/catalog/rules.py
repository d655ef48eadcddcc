"""What units, categories, products and prices must look like."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from alawael.catalog.models import (
    Barcode,
    Category,
    PriceList,
    PriceListItem,
    Product,
    ProductKind,
    ProductUnit,
    TaxCategory,
    Unit,
)
from alawael.core.errors import FieldError, Text
from alawael.core.iso import currencies

LARGEST_FACTOR = 10**9
#: Lengths of the GS1 codes whose last digit checks the others.
GS1_LENGTHS = frozenset({8, 12, 13, 14})
#: Letters, digits and signs that printers and scanners know, without spaces at the ends.
_BARCODE = re.compile(r"[!-~](?:[ -~]{0,78}[!-~])?")

NAME_MISSING = Text("Enter a name, in Arabic or in English.", "أدخل الاسم بالعربية أو بالإنجليزية.")
_MISSING = Text("This value is missing.", "هذه القيمة مطلوبة.")
_NEGATIVE = Text("Enter 0 or more.", "أدخل صفرًا أو أكثر.")
_UNKNOWN_UNIT = Text("There is no such unit.", "لا توجد وحدة كهذه.")
_RETIRED_UNIT = Text("This unit is no longer in use.", "هذه الوحدة لم تعد مستخدمة.")
_UNKNOWN_CATEGORY = Text("There is no such category.", "لا توجد فئة كهذه.")
_RETIRED_CATEGORY = Text("This category is no longer in use.", "هذه الفئة لم تعد مستخدمة.")
_UNKNOWN_KIND = Text("Choose goods or service.", "اختر goods للسلعة أو service للخدمة.")
_UNKNOWN_TAX = Text("Choose S, Z, E or O.", "اختر S أو Z أو E أو O.")
_NO_EXEMPTION = Text(
    "A product taxed at the standard rate has no exemption.",
    "المنتج الخاضع للنسبة الأساسية ليس له سبب إعفاء.",
)
_TOO_PRECISE = Text("Use at most 6 decimals.", "استخدم 6 منازل عشرية على الأكثر.")
_WRONG_FACTOR = Text(
    "Enter whole numbers from 1 to 1,000,000,000.", "أدخل أعدادًا صحيحة من 1 إلى 1,000,000,000."
)
_STOCK_UNIT_AGAIN = Text(
    "The stock unit needs no factor of its own.", "وحدة المخزون لا تحتاج إلى معامل تحويل."
)
_UNIT_TWICE = Text("This unit is listed twice.", "هذه الوحدة مكررة.")
_BARCODE_TWICE = Text("This barcode is listed twice.", "هذا الباركود مكرر.")
_WRONG_CHECK_DIGIT = Text(
    "The check digit is wrong: scan the code again, or check for swapped digits.",
    "رقم التحقق غير صحيح: امسح الباركود مجددًا أو تأكد من ترتيب الأرقام.",
)
_WRONG_BARCODE = Text(
    "Use up to 80 Latin letters, digits and signs.",
    "استخدم حتى 80 حرفًا لاتينيًا أو رقمًا أو رمزًا.",
)
_NOT_A_UNIT_OF_IT = Text(
    "The product is not kept in this unit. Add the unit to the product first.",
    "المنتج لا يُعامل بهذه الوحدة. أضف الوحدة إلى المنتج أولًا.",
)
_UNKNOWN_CURRENCY = Text(
    "Choose a currency by its three letters, such as SAR.",
    "اختر العملة برمزها المكوّن من ثلاثة أحرف، مثل SAR.",
)
_ENDS_FIRST = Text("The last day is before the first one.", "تاريخ النهاية قبل تاريخ البداية.")
_DEFAULT_FOR_ONE = Text(
    "A customer's own list cannot be the default for everybody.",
    "قائمة أسعار خاصة بعميل لا تصلح أن تكون الافتراضية للجميع.",
)
_WHOLE = Text("This unit is counted in whole numbers.", "هذه الوحدة لا تقبل الكسور.")
_WRONG_UNECE = Text(
    "A UN/ECE code has two or three letters or digits, such as KGM.",
    "يتكون رمز UN/ECE من حرفين أو ثلاثة أحرف أو أرقام، مثل KGM.",
)

_Problem = tuple[str, str, Text]


def tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without stray spaces, currencies in capitals."""
    tidy = {
        name: value.strip() if isinstance(value, str) else value for name, value in values.items()
    }
    for name in ("currency", "unece_code"):
        if name in tidy:
            tidy[name] = tidy[name].upper()
    return tidy


def as_errors(problems: Iterable[_Problem], place: str = "") -> list[FieldError]:
    return [FieldError(f"{place}/{field}", code, message) for field, code, message in problems]


def of_unit(unit: Unit) -> Iterator[_Problem]:
    if not unit.code:
        yield "code", "missing", _MISSING
    yield from _of_names(unit)
    if unit.unece_code and not re.fullmatch("[A-Z0-9]{2,3}", unit.unece_code):
        yield "unece_code", "wrong_code", _WRONG_UNECE


def of_category(category: Category) -> Iterator[_Problem]:
    yield from _of_names(category)


def of_product(
    product: Product,
    further: Iterable[ProductUnit],
    barcodes: Iterable[Barcode],
    units: Mapping[UUID, Unit],
    categories: Mapping[UUID, Category],
    *,
    before: Product | None = None,
) -> Iterator[_Problem]:
    """What is wrong with a product as it would be; `before` is how it is now, if it is."""
    if not product.sku:
        yield "sku", "missing", _MISSING
    yield from _of_names(product)
    yield from _of_choices(product, units, categories, before)
    yield from _of_amount("price", product.price)
    yield from _of_further_units(product, further, units)
    yield from _of_barcodes({product.unit_id, *(row.unit_id for row in further)}, barcodes)


def of_price_list(rates: PriceList) -> Iterator[_Problem]:
    yield from _of_names(rates)
    if rates.currency not in currencies():
        yield "currency", "unknown_currency", _UNKNOWN_CURRENCY
    yield from _of_period(rates.valid_from, rates.valid_to)
    if rates.is_default and rates.party_id is not None:
        yield "is_default", "default_for_one", _DEFAULT_FOR_ONE


def of_price(
    item: PriceListItem, unit_ids: Iterable[UUID], units: Mapping[UUID, Unit]
) -> Iterator[_Problem]:
    if item.unit_id not in set(unit_ids):
        yield "unit_id", "not_a_unit_of_it", _NOT_A_UNIT_OF_IT
    yield from _of_amount("price", item.price)
    yield from _of_amount("min_quantity", item.min_quantity)
    unit = units.get(item.unit_id)
    if unit and unit.is_whole and item.min_quantity % 1:
        yield "min_quantity", "not_whole", _WHOLE
    yield from _of_period(item.valid_from, item.valid_to)


def has_right_check_digit(digits: str) -> bool:
    """GS1: from the right, every second digit counts three times; the sum ends in 0."""
    weighted = (int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits[::-1]))
    return sum(weighted) % 10 == 0


def _of_names(record: Unit | Category | Product | PriceList) -> Iterator[_Problem]:
    if not record.name_en and not record.name_ar:
        yield "name_en", "missing", NAME_MISSING


def _of_choices(
    product: Product,
    units: Mapping[UUID, Unit],
    categories: Mapping[UUID, Category],
    before: Product | None,
) -> Iterator[_Problem]:
    unit = units.get(product.unit_id)
    category = categories.get(product.category_id) if product.category_id else None
    if unit is None:
        yield "unit_id", "unknown_unit", _UNKNOWN_UNIT
    elif not unit.is_active and (before is None or before.unit_id != unit.pk):
        yield "unit_id", "retired_unit", _RETIRED_UNIT
    if product.category_id is not None and category is None:
        yield "category_id", "unknown_category", _UNKNOWN_CATEGORY
    elif (
        category
        and not category.is_active
        and (before is None or before.category_id != category.pk)
    ):
        yield "category_id", "retired_category", _RETIRED_CATEGORY
    if product.kind not in ProductKind.values:
        yield "kind", "unknown_kind", _UNKNOWN_KIND
    if product.tax_category not in TaxCategory.values:
        yield "tax_category", "unknown_tax_category", _UNKNOWN_TAX
    if product.tax_category == TaxCategory.STANDARD:
        for field in ("exemption_code", "exemption_reason_en", "exemption_reason_ar"):
            if getattr(product, field):
                yield field, "no_exemption", _NO_EXEMPTION


def _of_amount(field: str, amount: Decimal) -> Iterator[_Problem]:
    if amount < 0:
        yield field, "negative", _NEGATIVE
    if amount != round(amount, 6):
        yield field, "too_precise", _TOO_PRECISE


def _of_further_units(
    product: Product, further: Iterable[ProductUnit], units: Mapping[UUID, Unit]
) -> Iterator[_Problem]:
    seen = set()
    for position, row in enumerate(further):
        place = f"units/{position}"
        if row.unit_id not in units:
            yield f"{place}/unit_id", "unknown_unit", _UNKNOWN_UNIT
        elif row.unit_id == product.unit_id:
            yield f"{place}/unit_id", "stock_unit", _STOCK_UNIT_AGAIN
        elif row.unit_id in seen:
            yield f"{place}/unit_id", "unit_twice", _UNIT_TWICE
        seen.add(row.unit_id)
        for name in ("numerator", "denominator"):
            if not 1 <= getattr(row, name) <= LARGEST_FACTOR:
                yield f"{place}/{name}", "wrong_factor", _WRONG_FACTOR


def _of_barcodes(unit_ids: set[UUID], barcodes: Iterable[Barcode]) -> Iterator[_Problem]:
    seen = set()
    for position, row in enumerate(barcodes):
        place = f"barcodes/{position}"
        if not _BARCODE.fullmatch(row.code):
            yield f"{place}/code", "wrong_barcode", _WRONG_BARCODE
        elif row.code in seen:
            yield f"{place}/code", "barcode_twice", _BARCODE_TWICE
        elif (
            row.code.isdigit()
            and len(row.code) in GS1_LENGTHS
            and not has_right_check_digit(row.code)
        ):
            yield f"{place}/code", "wrong_check_digit", _WRONG_CHECK_DIGIT
        seen.add(row.code)
        if row.unit_id not in unit_ids:
            yield f"{place}/unit_id", "not_a_unit_of_it", _NOT_A_UNIT_OF_IT


def _of_period(first: date | None, last: date | None) -> Iterator[_Problem]:
    if first and last and last < first:
        yield "valid_to", "ends_first", _ENDS_FIRST
