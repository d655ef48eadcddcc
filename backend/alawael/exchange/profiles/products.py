"""Goods and services from a table."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from alawael.catalog import queries, services
from alawael.catalog.models import Category, Product, ProductKind, TaxCategory, Unit
from alawael.core.errors import NotFound, Text
from alawael.exchange.columns import CellError, Column
from alawael.exchange.profiles.base import ItemRefused, Profile, RowError, Session
from alawael.exchange.profiles.masters import MasterPhase, by_key
from alawael.exchange.tables import SourceRow

DEFAULT_UNIT = "piece"

_UNKNOWN_UNIT = Text("There is no such unit.", "لا توجد وحدة كهذه.")
_UNKNOWN_CATEGORY = Text(
    "There is no such category. Create it first, or give its English or Arabic name.",
    "لا يوجد تصنيف كهذا. أنشئه أولًا أو اكتب اسمه بالعربية أو بالإنجليزية.",
)


def default_unit(session: Session) -> Unit:
    """The unit of products whose table names none; raises NotFound where it was removed."""
    if DEFAULT_UNIT not in session.found:
        session.found[DEFAULT_UNIT] = queries.unit_by_code(DEFAULT_UNIT)
    unit: Unit | None = session.found[DEFAULT_UNIT]
    if unit is None:
        raise NotFound()
    return unit


class _Products(MasterPhase):
    key = "products"
    label = Text("Products", "المنتجات")
    kind = "product"
    keys = ("sku",)
    columns = (
        Column("sku", Text("SKU", "رمز المنتج"), required=True, example="LAMP-1", longest=80,
               synonyms=("item code", "product code", "item no", "stock code", "code", "كود الصنف",
                         "رمز الصنف", "رقم الصنف", "الكود")),
        Column("name_en", Text("Name (English)", "الاسم بالإنجليزية"), example="Desk lamp",
               longest=300, synonyms=("name", "product name", "item name", "description")),
        Column("name_ar", Text("Name (Arabic)", "الاسم بالعربية"), example="مصباح مكتب",
               longest=300,
               synonyms=("الاسم", "اسم المنتج", "اسم الصنف", "الوصف")),
        Column("description_en", Text("Text (English)", "الوصف بالإنجليزية"), longest=4000,
               synonyms=("long description",)),
        Column("description_ar", Text("Text (Arabic)", "الوصف بالعربية"), longest=4000),
        Column("category", Text("Category", "التصنيف"), example="Lamps", longest=120,
               synonyms=("group", "product group", "الفئة", "المجموعة")),
        Column("kind", Text("Kind", "النوع"), kind="choice", example="goods",
               choices={"goods": "goods", "بضاعة": "goods", "سلعة": "goods", "product": "goods",
                        "service": "service", "خدمة": "service"}),
        Column("unit", Text("Unit", "الوحدة"), example="piece", longest=20,
               synonyms=("unit of measure", "uom", "وحدة القياس")),
        Column("price", Text("Price without VAT", "السعر دون ضريبة"), kind="number",
               example="49.50", synonyms=("price", "unit price", "sales price", "السعر",
                                           "سعر البيع")),
        Column("tax_category", Text("VAT category", "فئة الضريبة"), kind="choice", example="S",
               choices={"standard": "S", "أساسية": "S", "15": "S", "zero": "Z", "صفرية": "Z",
                        "0": "Z", "exempt": "E", "معفاة": "E", "out of scope": "O",
                        "خارج النطاق": "O"}),
        Column("exemption_code", Text("Exemption code", "رمز الإعفاء"), longest=40),
        Column("exemption_reason_en", Text("Exemption reason (English)", "سبب الإعفاء بالإنجليزية"),
               longest=300),
        Column("exemption_reason_ar", Text("Exemption reason (Arabic)", "سبب الإعفاء بالعربية"),
               longest=300),
        Column("is_active", Text("Active", "نشط"), kind="flag", example="yes"),
    )  # fmt: skip

    def find(self, keys: Mapping[str, set[str]]) -> dict[Any, models.Model]:
        return by_key("sku", queries.products_by_sku(keys["sku"]).items())

    def fields(self, values: Mapping[str, Any], row: SourceRow, session: Session) -> dict[str, Any]:
        fields = dict(values)
        if (code := fields.pop("unit", None)) is not None:
            fields["unit_id"] = _unit(code, row).pk
        if (name := fields.pop("category", None)) is not None:
            fields["category_id"] = _category(name, row).pk
        for name, kind in (("kind", ProductKind), ("tax_category", TaxCategory)):
            if name in fields:
                fields[name] = kind(fields[name]).value
        return fields

    def create(self, values: Mapping[str, Any], session: Session) -> Product:
        values = {"unit_id": default_unit(session).pk, **values}
        return services.create_product(values, by=session.by, at=session.at)

    def change(self, record: Product, changes: Mapping[str, Any], session: Session) -> Product:
        return services.update_product(
            record.pk, changes, expected_version=record.version, by=session.by, at=session.at
        )


def _unit(code: str, row: SourceRow) -> Unit:
    unit = queries.unit_by_code(code)
    if unit is None:
        raise ItemRefused([RowError(row, CellError("unit", "unknown_unit", _UNKNOWN_UNIT))])
    return unit


def _category(name: str, row: SourceRow) -> Category:
    named = models.Q(name_en__iexact=name) | models.Q(name_ar=name)
    found = queries.categories().filter(named).order_by("path").first()
    if found is None:
        error = CellError("category", "unknown_category", _UNKNOWN_CATEGORY)
        raise ItemRefused([RowError(row, error)])
    return found


class ProductsProfile(Profile):
    key = "products"
    label = _Products.label
    description = Text(
        "One row per product, found again by its SKU. Empty cells and missing columns change "
        "nothing; a new product without a unit is counted in pieces.",
        "صف لكل منتج يُعرف برمزه. الخلايا الفارغة والأعمدة الناقصة لا تغيّر شيئًا، والمنتج "
        "الجديد بلا وحدة يُعد بالقطعة.",
    )
    columns = _Products.columns
    phases = (_Products(),)
