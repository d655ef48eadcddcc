"""How the company buys, and what each supplier charges: the settings of purchasing."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from alawael.catalog import units
from alawael.catalog.models import Product, ProductKind
from alawael.core import audit
from alawael.core.actors import Actor
from alawael.core.claims import change, insert_missing
from alawael.core.errors import FieldError, Invalid, Refusal, Text
from alawael.core.numbering import open_series
from alawael.core.search_text import searchable
from alawael.core.unit_of_work import unit_of_work
from alawael.parties import queries as parties
from alawael.parties.models import Party
from alawael.purchasing import queries
from alawael.purchasing.models import PurchasingSettings, SupplierProduct

SERIES = (
    "requisition", "enquiry", "purchase_order", "goods_receipt", "supplier_return", "landed_cost",
)  # fmt: skip


class SupplierPriceExists(Refusal):
    code = "supplier_price_exists"
    message = Text(
        "This supplier has a price for the product, unit and minimum already. Change that one.",
        "لهذا المورد سعر للمنتج والوحدة والحد الأدنى نفسها. عدّله بدلًا من ذلك.",
    )


def open_purchasing_series() -> None:
    """The series that the documents of purchasing take their numbers from."""
    for key in SERIES:
        open_series(key)


@unit_of_work
def change_settings(
    changes: Mapping[str, Any], *, expected_version: int | None = None, by: Actor, at: datetime
) -> PurchasingSettings:
    """Change how the company buys. Percentages lie between 0 and 100; raises Invalid."""
    errors = [
        FieldError(
            f"/{name}",
            "out_of_range",
            Text("Enter 0 to 100 percent.", "أدخل نسبة من 0 إلى 100."),
        )
        for name, value in changes.items()
        if name.endswith("_percent") and not 0 <= Decimal(value) <= 100
    ]
    if changes.get("approval_above") is not None and changes["approval_above"] < 0:
        say = Text("A limit is not below 0.", "لا يقل الحد عن صفر.")
        errors.append(FieldError("/approval_above", "negative", say))
    if errors:
        raise Invalid(errors=errors)
    settings = queries.purchasing_settings()
    if settings._state.adding:
        insert_missing([settings])
    differences = audit.difference(settings, changes)
    change(settings, expected_version=expected_version, **changes)
    audit.record(settings, "purchasing_settings.changed", by=by, at=at, changes=differences)
    return settings


@unit_of_work
def add_supplier_product(facts: Mapping[str, Any], *, by: Actor, at: datetime) -> SupplierProduct:
    """Note what a supplier calls a product and charges for it, from a quantity on.

    Raises Invalid naming each wrong field, and SupplierPriceExists.
    """
    row = SupplierProduct(**{name: value for name, value in facts.items() if value is not None})
    supplier, product = _require_sound(row)
    row.search_text = _search_text(row, supplier, product)
    _require_single(row)
    insert_missing([row])
    _unprefer_others(row)
    audit.record(row, "supplier_product.added", by=by, at=at, changes=dict(facts))
    return row


@unit_of_work
def change_supplier_product(
    row: SupplierProduct,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> SupplierProduct:
    """Change number, price, minimum or lead time. Supplier and product stay."""
    differences = audit.difference(row, changes)
    values = {name: getattr(row, name) for name in _KEPT} | dict(changes)
    after = SupplierProduct(pk=row.pk, **values)
    supplier, product = _require_sound(after)
    _require_single(after)
    text = _search_text(after, supplier, product)
    change(row, expected_version=expected_version, **changes, search_text=text)
    _unprefer_others(row)
    audit.record(row, "supplier_product.changed", by=by, at=at, changes=differences)
    return row


@unit_of_work
def remove_supplier_product(
    row: SupplierProduct, *, expected_version: int | None = None, by: Actor, at: datetime
) -> None:
    """Forget it; orders keep what they took from it."""
    change(row, expected_version=expected_version)
    audit.record(row, "supplier_product.removed", by=by, at=at)
    SupplierProduct.objects.filter(pk=row.pk).delete()


_KEPT = (
    "supplier_id", "product_id", "supplier_sku", "unit_id", "min_quantity", "price", "currency",
    "lead_time_days", "is_preferred", "is_active",
)  # fmt: skip


def _require_sound(row: SupplierProduct) -> tuple[Party, Product]:
    """The supplier and the product; fills the unit when it was left out."""
    supplier = parties.parties_by_id([row.supplier_id]).get(row.supplier_id)
    product = queries.products_with_units([row.product_id]).get(row.product_id)
    errors = []
    if supplier is None or not supplier.is_supplier:
        say = Text("Choose a supplier.", "اختر موردًا.")
        errors.append(FieldError("/supplier_id", "not_a_supplier", say))
    if product is None:
        say = Text("There is no such product.", "لا يوجد منتج كهذا.")
        errors.append(FieldError("/product_id", "unknown_product", say))
    elif not row.unit_id:
        row.unit = product.unit
    elif product.kind == ProductKind.GOODS and row.unit_id not in units.measures(product):
        say = Text("The product is not kept in this unit.", "لا يُعامل المنتج بهذه الوحدة.")
        errors.append(FieldError("/unit_id", "no_such_unit", say))
    for name in ("price", "min_quantity"):
        if getattr(row, name) < 0:
            say = Text("Enter 0 or more.", "أدخل صفرًا أو أكثر.")
            errors.append(FieldError(f"/{name}", "negative", say))
    if errors or supplier is None or product is None:
        raise Invalid(errors=errors)
    return supplier, product


def _require_single(row: SupplierProduct) -> None:
    twins = SupplierProduct.objects.filter(
        supplier_id=row.supplier_id,
        product_id=row.product_id,
        unit_id=row.unit_id,
        currency=row.currency,
        min_quantity=row.min_quantity,
    )
    if twins.exclude(pk=row.pk).exists():
        raise SupplierPriceExists()


def _unprefer_others(row: SupplierProduct) -> None:
    """A product is preferred at one supplier."""
    if row.is_preferred:
        others = SupplierProduct.objects.filter(product_id=row.product_id, is_preferred=True)
        others.exclude(supplier_id=row.supplier_id).update(is_preferred=False)


def _search_text(row: SupplierProduct, supplier: Party, product: Product) -> str:
    return searchable(
        row.supplier_sku,
        product.sku,
        product.name_en,
        product.name_ar,
        supplier.name_en,
        supplier.name_ar,
    )
