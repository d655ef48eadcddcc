from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import F, Model

from alawael.catalog import queries, rules
from alawael.catalog.models import (
    Barcode,
    Category,
    PriceList,
    PriceListItem,
    Product,
    ProductUnit,
    TaxCategory,
    Unit,
)
from alawael.core import audit
from alawael.core.actors import SYSTEM, Actor
from alawael.core.claims import change
from alawael.core.errors import FieldError, Invalid, Refusal, Text
from alawael.core.search_text import fold, searchable
from alawael.core.unit_of_work import unit_of_work

M = TypeVar("M", bound=Model)

BATCH = 500
DEEPEST = 10
_EXEMPTION = ("exemption_code", "exemption_reason_en", "exemption_reason_ar")


class UnitCodeTaken(Refusal):
    code = "unit_code_taken"
    message = Text(
        "There is a unit {taken} already. Choose another code.",
        "توجد وحدة بالرمز {taken} بالفعل. اختر رمزًا آخر.",
    )


class SkuTaken(Refusal):
    code = "sku_taken"
    message = Text(
        "The SKU {taken} belongs to another product. Choose another one.",
        "رمز الصنف {taken} مستخدم لمنتج آخر. اختر رمزًا آخر.",
    )


class BarcodeTaken(Refusal):
    code = "barcode_taken"
    message = Text(
        "The barcode {taken} belongs to another product.", "الباركود {taken} مستخدم لمنتج آخر."
    )


class UnitInUse(Refusal):
    code = "unit_in_use"
    message = Text(
        "A price list has prices in {unit_en}. Remove them first.",
        "توجد أسعار بوحدة {unit_ar} في إحدى قوائم الأسعار. احذفها أولًا.",
    )


class CategoryNameTaken(Refusal):
    code = "category_name_taken"
    message = Text(
        "There is a category “{taken}” here already. Choose another name.",
        "توجد هنا فئة باسم «{taken}» بالفعل. اختر اسمًا آخر.",
    )


class CategoryHasChildren(Refusal):
    code = "category_has_children"
    message = Text(
        "Move or remove the categories below this one first.",
        "انقل الفئات الفرعية أو أزلها أولًا.",
    )


class CategoryInsideItself(Refusal):
    code = "category_inside_itself"
    message = Text(
        "A category cannot be moved into itself or into a category below it.",
        "لا يمكن نقل الفئة إلى داخل نفسها أو إلى فئة متفرعة منها.",
    )


class CategoryTooDeep(Refusal):
    code = "category_too_deep"
    message = Text(
        "The tree can be at most {deepest} levels deep.",
        "لا يمكن أن يزيد عمق الشجرة على {deepest} مستويات.",
    )


class PriceExists(Refusal):
    code = "price_exists"
    message = Text(
        "The list has a price for this product, unit, quantity and first day already. Change it.",
        "في القائمة سعر لهذا المنتج وهذه الوحدة والكمية وتاريخ البداية. عدّله بدلًا من ذلك.",
    )


# Units


@unit_of_work
def create_unit(values: Mapping[str, Any], *, by: Actor, at: datetime) -> Unit:
    unit = Unit(**rules.tidied(values))
    _refuse(rules.as_errors(rules.of_unit(unit)))
    _complete_unit(unit)
    _refuse_taken_unit_code(unit)
    unit.save(force_insert=True)
    audit.record(unit, "unit.created", by=by, at=at, changes=_facts(unit))
    return unit


@unit_of_work
def update_unit(
    unit_id: UUID,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None,
    by: Actor,
    at: datetime,
) -> Unit:
    unit = queries.unit(unit_id)
    after = _with(unit, changes := rules.tidied(changes))
    _refuse(rules.as_errors(rules.of_unit(after)))
    _complete_unit(after)
    if after.code_folded != unit.code_folded:
        _refuse_taken_unit_code(after)
    differences = audit.difference(unit, changes)
    change(
        unit,
        expected_version=expected_version,
        **changes,
        code_folded=after.code_folded,
        search_text=after.search_text,
    )
    audit.record(unit, "unit.changed", by=by, at=at, changes=differences)
    return unit


@unit_of_work
def deactivate_unit(
    unit_id: UUID, *, expected_version: int | None, by: Actor, at: datetime
) -> Unit:
    """Offer a unit no longer. Products that are kept in it go on."""
    unit = queries.unit(unit_id)
    differences = audit.difference(unit, {"is_active": False})
    change(unit, expected_version=expected_version, is_active=False)
    audit.record(unit, "unit.deactivated", by=by, at=at, changes=differences)
    return unit


#: code, UN/ECE Recommendation 20, English, Arabic, whole numbers only
_DELIVERED_UNITS = (
    ("piece", "PCE", "Piece", "قطعة", True),
    ("box", "XBX", "Box", "صندوق", True),
    ("carton", "XCT", "Carton", "كرتون", True),
    ("pack", "XPK", "Pack", "عبوة", True),
    ("dozen", "DZN", "Dozen", "درزن", True),
    ("pair", "PR", "Pair", "زوج", True),
    ("set", "SET", "Set", "طقم", True),
    ("pallet", "XPX", "Pallet", "طبلية", True),
    ("kg", "KGM", "Kilogram", "كيلوغرام", False),
    ("g", "GRM", "Gram", "غرام", False),
    ("tonne", "TNE", "Tonne", "طن", False),
    ("l", "LTR", "Litre", "لتر", False),
    ("ml", "MLT", "Millilitre", "مليلتر", False),
    ("m", "MTR", "Metre", "متر", False),
    ("cm", "CMT", "Centimetre", "سنتيمتر", False),
    ("m2", "MTK", "Square metre", "متر مربع", False),
    ("m3", "MTQ", "Cubic metre", "متر مكعب", False),
    ("hour", "HUR", "Hour", "ساعة", False),
    ("day", "DAY", "Day", "يوم", False),
    ("month", "MON", "Month", "شهر", False),
    ("service", "E48", "Service", "خدمة", False),
)


@unit_of_work
def install_units(*, at: datetime) -> list[Unit]:
    """Make the units that come with the program; those that are there stay as they are."""
    known = queries.units_by_code(code for code, *_ in _DELIVERED_UNITS)
    missing = [
        Unit(code=code, unece_code=unece, name_en=english, name_ar=arabic, is_whole=is_whole)
        for code, unece, english, arabic, is_whole in _DELIVERED_UNITS
        if code not in known
    ]
    for unit in missing:
        _complete_unit(unit)
    if missing:
        Unit.objects.bulk_create(missing)
        events = [(unit, _facts(unit)) for unit in missing]
        audit.record_many(events, "unit.created", by=SYSTEM, at=at)
    return missing


def _complete_unit(unit: Unit) -> None:
    unit.code_folded = queries.folded(unit.code)
    unit.search_text = searchable(unit.code, unit.name_en, unit.name_ar, unit.unece_code)


def _refuse_taken_unit_code(unit: Unit) -> None:
    if queries.unit_by_code(unit.code) is not None:
        raise _taken(UnitCodeTaken, [("/code", unit.code)])


# Categories


@unit_of_work
def create_category(values: Mapping[str, Any], *, by: Actor, at: datetime) -> Category:
    """Open a category, at the end of its siblings unless a `position` is given."""
    category = Category(**rules.tidied({**values, "position": 0}))
    _refuse(rules.as_errors(rules.of_category(category)))
    _refuse_taken_category_name(category)
    _place_below(category, _arrive_at(category.parent_id))
    category.position = _take_position(category, values.get("position"))
    category.search_text = searchable(category.name_en, category.name_ar)
    category.save(force_insert=True)
    audit.record(category, "category.created", by=by, at=at, changes=_facts(category))
    return category


@unit_of_work
def update_category(
    category_id: UUID,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None,
    by: Actor,
    at: datetime,
) -> Category:
    """Rename a category or bring it back. It goes elsewhere by `move_category`."""
    category = queries.category(category_id)
    after = _with(category, changes := rules.tidied(changes))
    _refuse(rules.as_errors(rules.of_category(after)))
    _refuse_taken_category_name(after)
    if category.is_active and not after.is_active:
        _refuse_children(category)
    differences = audit.difference(category, changes)
    change(
        category,
        expected_version=expected_version,
        **changes,
        search_text=searchable(after.name_en, after.name_ar),
    )
    audit.record(category, "category.changed", by=by, at=at, changes=differences)
    return category


@unit_of_work
def move_category(
    category_id: UUID,
    *,
    parent_id: UUID | None,
    position: int | None = None,
    expected_version: int | None,
    by: Actor,
    at: datetime,
) -> Category:
    """Move a category with everything below it; None as parent means to the top."""
    category = queries.category(category_id)
    after = _with(category, {"parent_id": parent_id})
    parent = _arrive_at(parent_id)
    if parent is not None and parent.path.startswith(category.path):
        raise CategoryInsideItself()
    _refuse_taken_category_name(after)
    below = list(queries.categories(branch_id=category.pk).exclude(pk=category.pk))
    _place_below(after, parent)
    deeper = after.depth - category.depth
    if max((row.depth for row in below), default=0) + deeper >= DEEPEST:
        raise CategoryTooDeep(deepest=DEEPEST)
    moved = {
        "parent_id": parent_id,
        "path": after.path,
        "depth": after.depth,
        "position": _take_position(after, position),
    }
    differences = audit.difference(
        category, {"parent_id": parent_id, "position": moved["position"]}
    )
    before = category.path
    change(category, expected_version=expected_version, **moved)
    for row in below:
        path = after.path + row.path.removeprefix(before)
        Category.objects.filter(pk=row.pk).update(path=path, depth=row.depth + deeper)
    audit.record(category, "category.moved", by=by, at=at, changes=differences)
    return category


@unit_of_work
def deactivate_category(
    category_id: UUID, *, expected_version: int | None, by: Actor, at: datetime
) -> Category:
    """Close a category for new products. Those in it stay where they are."""
    category = queries.category(category_id)
    _refuse_children(category)
    differences = audit.difference(category, {"is_active": False})
    change(category, expected_version=expected_version, is_active=False)
    audit.record(category, "category.deactivated", by=by, at=at, changes=differences)
    return category


def _arrive_at(parent_id: UUID | None) -> Category | None:
    """The parent, touched, so that of two moves that would cross one has to come again."""
    if parent_id is None:
        return None
    Category.objects.filter(pk=parent_id).update(arrivals=F("arrivals") + 1)
    parent = queries.categories_by_id([parent_id]).get(parent_id)
    if parent is None or not parent.is_active:
        message = Text("Choose a category that is in use.", "اختر فئة مستخدمة.")
        raise Invalid(errors=[FieldError("/parent_id", "unknown_category", message)])
    return parent


def _place_below(category: Category, parent: Category | None) -> None:
    category.path = f"{parent.path if parent else '/'}{category.pk.hex}/"
    category.depth = parent.depth + 1 if parent else 0
    if category.depth >= DEEPEST:
        raise CategoryTooDeep(deepest=DEEPEST)


def _take_position(category: Category, wanted: int | None) -> int:
    """Make room among the siblings; at the end when no position is wanted."""
    siblings = [row for row in _siblings(category) if row.pk != category.pk]
    siblings.sort(key=lambda row: (row.position, row.pk))
    place = len(siblings) if wanted is None else min(max(wanted, 0), len(siblings))
    for position, row in enumerate(siblings):
        settled = position if position < place else position + 1
        if row.position != settled:
            Category.objects.filter(pk=row.pk).update(position=settled)
    return place


def _siblings(category: Category) -> list[Category]:
    return list(Category.objects.filter(parent_id=category.parent_id))


def _refuse_taken_category_name(category: Category) -> None:
    names = {fold(name) for name in (category.name_en, category.name_ar) if name}
    for row in _siblings(category):
        if row.pk != category.pk and names & {fold(row.name_en), fold(row.name_ar)}:
            raise CategoryNameTaken(taken=row.name_en or row.name_ar)


def _refuse_children(category: Category) -> None:
    if queries.categories(parent_id=category.pk, is_active=True).exists():
        raise CategoryHasChildren()


# Products


@dataclass
class _Sheet:
    """A product with its parts, before it is written."""

    product: Product
    further: list[ProductUnit] = field(default_factory=list)
    barcodes: list[Barcode] = field(default_factory=list)

    @property
    def unit_ids(self) -> set[UUID]:
        return {self.product.unit_id, *(row.unit_id for row in self.further)}


@unit_of_work
def create_product(values: Mapping[str, Any], *, by: Actor, at: datetime) -> Product:
    """Enter a product with its units and barcodes.

    `values` are the fields of the model, and two lists: `units` of {unit_id, numerator,
    denominator} and `barcodes` of {code, unit_id}; a barcode without a unit is of the stock unit.
    Raises Invalid, SkuTaken or BarcodeTaken.
    """
    [product] = _enter([values], [""], by=by, at=at)
    return product


@unit_of_work
def create_products(rows: Sequence[Mapping[str, Any]], *, by: Actor, at: datetime) -> list[Product]:
    """Enter many products in few queries, all or none; for imports.

    A refusal names its rows: "/17/sku" is the SKU of row 17, counted from 0.
    """
    return _enter(rows, [f"/{row}" for row in range(len(rows))], by=by, at=at)


@unit_of_work
def update_product(
    product_id: UUID,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None,
    by: Actor,
    at: datetime,
) -> Product:
    """Change what is named in `changes`; `units` and `barcodes` are replaced as whole lists."""
    product = queries.product(product_id)
    now, after = _sheet_of(product), _changed(product, changes)
    units, categories = _surroundings([after])
    problems = rules.of_product(
        after.product, after.further, after.barcodes, units, categories, before=product
    )
    _refuse(rules.as_errors(problems))
    if after.product.sku_folded != product.sku_folded:
        _refuse_taken_skus([after], [""])
    _refuse_taken_barcodes([after], [""])
    _refuse_dropped_units(now, after)
    columns = {
        column.attname: getattr(after.product, column.attname)
        for column in Product._meta.concrete_fields
        if column.attname not in ("id", "version")
    }
    columns = {name: new for name, new in columns.items() if getattr(product, name) != new}
    differences = audit.difference(product, _without_hidden(columns))
    differences |= _different_parts(now, after)
    change(product, expected_version=expected_version, **columns)
    _replace_units(now.further, after.further)
    _replace_barcodes(now.barcodes, after.barcodes)
    audit.record(product, "product.changed", by=by, at=at, changes=differences)
    return queries.product(product_id)


@unit_of_work
def deactivate_product(
    product_id: UUID, *, expected_version: int | None, by: Actor, at: datetime
) -> Product:
    """Take a product out of trade. It stays on its documents."""
    product = queries.product(product_id)
    differences = audit.difference(product, {"is_active": False})
    change(product, expected_version=expected_version, is_active=False)
    audit.record(product, "product.deactivated", by=by, at=at, changes=differences)
    return product


def _enter(
    rows: Sequence[Mapping[str, Any]], places: Sequence[str], *, by: Actor, at: datetime
) -> list[Product]:
    sheets = [_sheet(values) for values in rows]
    units, categories = _surroundings(sheets)
    _refuse(
        error
        for place, sheet in zip(places, sheets, strict=True)
        for error in rules.as_errors(
            rules.of_product(sheet.product, sheet.further, sheet.barcodes, units, categories),
            place,
        )
    )
    _refuse_taken_skus(sheets, places)
    _refuse_taken_barcodes(sheets, places)
    Product.objects.bulk_create([sheet.product for sheet in sheets], batch_size=BATCH)
    _insert(ProductUnit, [row for sheet in sheets for row in sheet.further])
    _insert(Barcode, [row for sheet in sheets for row in sheet.barcodes])
    events = [(sheet.product, _facts(sheet.product) | _part_facts(sheet)) for sheet in sheets]
    audit.record_many(events, "product.created", by=by, at=at)
    for sheet in sheets:
        sheet.product.unit = units[sheet.product.unit_id]
    return [sheet.product for sheet in sheets]


def _sheet(values: Mapping[str, Any]) -> _Sheet:
    values = rules.tidied(values)
    further, barcodes = values.pop("units", ()), values.pop("barcodes", ())
    sheet = _Sheet(Product(**values))
    _lay_out(sheet, further, barcodes)
    return sheet


def _sheet_of(product: Product) -> _Sheet:
    return _Sheet(product, list(product.units.all()), list(product.barcodes.all()))


def _changed(product: Product, changes: Mapping[str, Any]) -> _Sheet:
    changes = rules.tidied(changes)
    further, barcodes = changes.pop("units", None), changes.pop("barcodes", None)
    if changes.get("tax_category") == TaxCategory.STANDARD:
        # What is taxed like everything else has nothing left to explain.
        changes = dict.fromkeys(_EXEMPTION, "") | changes
    sheet = _sheet_of(product)
    sheet.product = _with(product, changes)
    kept_units = [_unit_values(row) for row in sheet.further]
    kept_barcodes = [_barcode_values(row) for row in sheet.barcodes]
    _lay_out(
        sheet,
        kept_units if further is None else further,
        kept_barcodes if barcodes is None else barcodes,
    )
    return sheet


def _lay_out(
    sheet: _Sheet, further: Iterable[Mapping[str, Any]], barcodes: Iterable[Mapping[str, Any]]
) -> None:
    product = sheet.product
    sheet.further = [ProductUnit(product_id=product.pk, **values) for values in further]
    sheet.barcodes = [
        Barcode(
            product_id=product.pk,
            code=values["code"].strip(),
            unit_id=values.get("unit_id") or product.unit_id,
        )
        for values in barcodes
    ]
    product.sku_folded = queries.folded(product.sku)
    codes = " ".join(row.code for row in sheet.barcodes)
    product.search_text = searchable(product.sku, product.name_en, product.name_ar, codes)


def _surroundings(
    sheets: Sequence[_Sheet],
) -> tuple[dict[UUID, Unit], dict[UUID, Category]]:
    category_ids = {sheet.product.category_id for sheet in sheets} - {None}
    units = queries.units_by_id({unit_id for sheet in sheets for unit_id in sheet.unit_ids})
    return units, queries.categories_by_id(found for found in category_ids if found)


def _refuse_taken_skus(sheets: Sequence[_Sheet], places: Sequence[str]) -> None:
    products = [sheet.product for sheet in sheets]
    known = queries.products_by_sku(product.sku for product in products).values()
    holders = {holder.sku_folded: holder.pk for holder in known}
    taken = [
        (f"{place}/sku", product.sku)
        for place, product in zip(places, products, strict=True)
        if holders.setdefault(product.sku_folded, product.pk) != product.pk
    ]
    if taken:
        raise _taken(SkuTaken, taken)


def _refuse_taken_barcodes(sheets: Sequence[_Sheet], places: Sequence[str]) -> None:
    holders = queries.barcode_holders([row.code for sheet in sheets for row in sheet.barcodes])
    taken = [
        (f"{place}/barcodes/{position}/code", row.code)
        for place, sheet in zip(places, sheets, strict=True)
        for position, row in enumerate(sheet.barcodes)
        if holders.setdefault(row.code, sheet.product.pk) != sheet.product.pk
    ]
    if taken:
        raise _taken(BarcodeTaken, taken)


def _refuse_dropped_units(now: _Sheet, after: _Sheet) -> None:
    dropped = now.unit_ids - after.unit_ids
    if not dropped:
        return
    item = queries.price_list_items(product_id=now.product.pk).filter(unit_id__in=dropped).first()
    if item is not None:
        raise UnitInUse(
            unit_en=item.unit.name_en or item.unit.code, unit_ar=item.unit.name_ar or item.unit.code
        )


def _replace_units(now: Sequence[ProductUnit], after: Sequence[ProductUnit]) -> None:
    wanted = {row.unit_id: row for row in after}
    for row in now:
        new = wanted.pop(row.unit_id, None)
        if new is None:
            ProductUnit.objects.filter(pk=row.pk).delete()
        elif _unit_values(new) != _unit_values(row):
            ProductUnit.objects.filter(pk=row.pk).update(
                numerator=new.numerator, denominator=new.denominator
            )
    _insert(ProductUnit, list(wanted.values()))


def _replace_barcodes(now: Sequence[Barcode], after: Sequence[Barcode]) -> None:
    wanted = {row.code: row for row in after}
    for row in now:
        new = wanted.pop(row.code, None)
        if new is None:
            Barcode.objects.filter(pk=row.pk).delete()
        elif new.unit_id != row.unit_id:
            Barcode.objects.filter(pk=row.pk).update(unit_id=new.unit_id)
    _insert(Barcode, list(wanted.values()))


def _insert(model: type[M], rows: Sequence[M]) -> None:
    if rows:
        model._default_manager.bulk_create(rows, batch_size=BATCH)


def _unit_values(row: ProductUnit) -> dict[str, Any]:
    return {
        "unit_id": row.unit_id,
        "numerator": row.numerator,
        "denominator": row.denominator,
    }


def _barcode_values(row: Barcode) -> dict[str, Any]:
    return {"code": row.code, "unit_id": row.unit_id}


def _parts(sheet: _Sheet) -> dict[str, list[Any]]:
    return {
        "units": sorted((_unit_values(row) for row in sheet.further), key=str),
        "barcodes": sorted((_barcode_values(row) for row in sheet.barcodes), key=str),
    }


def _different_parts(now: _Sheet, after: _Sheet) -> dict[str, list[Any]]:
    old, new = _parts(now), _parts(after)
    return {name: [old[name], new[name]] for name in old if old[name] != new[name]}


def _part_facts(sheet: _Sheet) -> dict[str, list[Any]]:
    return {name: [None, rows] for name, rows in _parts(sheet).items() if rows}


# Prices


@unit_of_work
def create_price_list(values: Mapping[str, Any], *, by: Actor, at: datetime) -> PriceList:
    """Open a price list. As the new default it takes the place of the old one."""
    rates = PriceList(**_price_list_columns(rules.tidied(values), "SAR"))
    _refuse(rules.as_errors(rules.of_price_list(rates)))
    _make_way_for(rates, by=by, at=at)
    rates.search_text = searchable(rates.name_en, rates.name_ar)
    rates.save(force_insert=True)
    audit.record(rates, "price_list.created", by=by, at=at, changes=_facts(rates))
    return rates


@unit_of_work
def update_price_list(
    price_list_id: UUID,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None,
    by: Actor,
    at: datetime,
) -> PriceList:
    rates = queries.price_list(price_list_id)
    tidy = rules.tidied(changes)
    columns = _price_list_columns({"is_default": rates.is_default, **tidy}, rates.currency)
    after = _with(rates, columns)
    _refuse(rules.as_errors(rules.of_price_list(after)))
    _make_way_for(after, by=by, at=at)
    differences = audit.difference(rates, columns)
    columns["search_text"] = searchable(after.name_en, after.name_ar)
    change(rates, expected_version=expected_version, **columns)
    audit.record(rates, "price_list.changed", by=by, at=at, changes=differences)
    return rates


@unit_of_work
def deactivate_price_list(
    price_list_id: UUID, *, expected_version: int | None, by: Actor, at: datetime
) -> PriceList:
    """Take a price list out of use; its prices stay to be looked at."""
    rates = queries.price_list(price_list_id)
    off = {"is_active": False, "default_for": None}
    differences = audit.difference(rates, off)
    change(rates, expected_version=expected_version, **off)
    audit.record(rates, "price_list.deactivated", by=by, at=at, changes=differences)
    return rates


@unit_of_work
def add_price(
    price_list_id: UUID, values: Mapping[str, Any], *, by: Actor, at: datetime
) -> PriceListItem:
    """Put a price on a list. Without a unit it is for the product's stock unit."""
    rates = queries.price_list(price_list_id)
    item = PriceListItem(price_list=rates, **values)
    product = _priced_product(item.product_id)
    item.unit_id = item.unit_id or product.unit_id
    _check_price(item, product)
    item.save(force_insert=True)
    facts = {"product_id": [None, item.product_id], "price": [None, item.price]}
    audit.record(rates, "price_list.price_added", by=by, at=at, changes={**_facts(item), **facts})
    return queries.price_list_item(item.pk)


@unit_of_work
def update_price(
    item_id: UUID,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None,
    by: Actor,
    at: datetime,
) -> PriceListItem:
    item = queries.price_list_item(item_id)
    after = _with(item, changes)
    _check_price(after, _priced_product(item.product_id))
    differences = audit.difference(item, changes)
    change(item, expected_version=expected_version, **changes)
    audit.record(
        item.price_list, "price_list.price_changed", by=by, at=at,
        changes={"item_id": item.pk, **differences},
    )  # fmt: skip
    return queries.price_list_item(item_id)


@unit_of_work
def remove_price(item_id: UUID, *, expected_version: int | None, by: Actor, at: datetime) -> None:
    """Strike a price off its list. Documents keep the price they were made with."""
    item = queries.price_list_item(item_id)
    change(item, expected_version=expected_version)
    audit.record(
        item.price_list, "price_list.price_removed", by=by, at=at,
        changes={"product_id": [item.product_id, None], "price": [item.price, None]},
    )  # fmt: skip
    PriceListItem.objects.filter(pk=item.pk).delete()


def _price_list_columns(values: dict[str, Any], currency: str) -> dict[str, Any]:
    """`is_default` as it is stored: the currency whose default list this is."""
    is_default = values.pop("is_default", False) and values.get("is_active", True)
    return {**values, "default_for": values.get("currency", currency) if is_default else None}


def _make_way_for(rates: PriceList, *, by: Actor, at: datetime) -> None:
    if rates.default_for is None:
        return
    for former in PriceList.objects.filter(default_for=rates.default_for).exclude(pk=rates.pk):
        change(former, default_for=None)
        changes = {"default_for": [rates.default_for, None]}
        audit.record(former, "price_list.changed", by=by, at=at, changes=changes)


def _priced_product(product_id: UUID) -> Product:
    found = queries.products().filter(pk=product_id).first()
    if found is None:
        message = Text("There is no such product.", "لا يوجد منتج كهذا.")
        raise Invalid(errors=[FieldError("/product_id", "unknown_product", message)])
    return found


def _check_price(item: PriceListItem, product: Product) -> None:
    unit_ids = _sheet_of(product).unit_ids
    _refuse(rules.as_errors(rules.of_price(item, unit_ids, queries.units_by_id(unit_ids))))
    rivals = queries.price_list_items(price_list_id=item.price_list_id, product_id=item.product_id)
    if (
        rivals.filter(
            unit_id=item.unit_id, min_quantity=item.min_quantity, valid_from=item.valid_from
        )
        .exclude(pk=item.pk)
        .exists()
    ):
        raise PriceExists()


# What all of them share


def _refuse(errors: Iterable[FieldError]) -> None:
    if found := list(errors):
        raise Invalid(errors=found)


def _taken(refusal: type[Refusal], places: Sequence[tuple[str, str]]) -> Refusal:
    """A refusal that names every place whose value belongs to somebody else."""
    errors = []
    for pointer, taken in places:
        facts = {"taken": taken}
        message = Text(refusal.message.within("en", facts), refusal.message.within("ar", facts))
        errors.append(FieldError(pointer, refusal.code, message))
    return refusal(errors=errors, taken=places[0][1])


def _with(record: M, changes: Mapping[str, Any]) -> M:
    after = copy(record)
    for name, value in changes.items():
        setattr(after, name, value)
    return after


def _facts(record: Model) -> dict[str, Any]:
    """What an audit event says of a new record: everything that is not blank."""
    columns = {
        column.attname: getattr(record, column.attname) for column in record._meta.concrete_fields
    }
    shown = _without_hidden(columns)
    return {name: [None, value] for name, value in shown.items() if value not in ("", None)}


def _without_hidden(columns: Mapping[str, Any]) -> dict[str, Any]:
    hidden = {"id", "version", "search_text", "sku_folded", "code_folded", "path", "arrivals"}
    return {name: value for name, value in columns.items() if name not in hidden}
