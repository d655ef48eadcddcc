"""Builders for units, categories, products and prices."""

from decimal import Decimal
from typing import Any

from alawael.catalog import queries, services
from alawael.catalog.models import Category, PriceList, PriceListItem, Product, Unit
from alawael.core.actors import SYSTEM
from testing.cast import NOON


def a_unit(code: str = "piece", **values: Any) -> Unit:
    """The unit with this code; made when it is not there yet. Pieces and boxes are whole."""
    found = queries.unit_by_code(code)
    if found is not None:
        return found
    named = {"code": code, "name_en": code.title(), "is_whole": code in ("piece", "box"), **values}
    return services.create_unit(named, by=SYSTEM, at=NOON)


def a_category(name: str = "Lamps", *, below: Category | None = None, **values: Any) -> Category:
    named = {"name_en": name, "parent_id": below and below.pk, **values}
    return services.create_category(named, by=SYSTEM, at=NOON)


def a_product(sku: str = "LAMP-1", **values: Any) -> Product:
    """Goods counted in pieces, 50 riyals each, taxed at the standard rate."""
    complete = {"sku": sku, "name_en": "Desk lamp", "name_ar": "مصباح مكتب", "price": Decimal(50)}
    complete |= values
    if "unit_id" not in complete:
        complete["unit_id"] = a_unit().pk
    return services.create_product(complete, by=SYSTEM, at=NOON)


def a_service(sku: str = "WORK-1", **values: Any) -> Product:
    return a_product(sku, **{"name_en": "Installation", "kind": "service", **values})


def a_price_list(name: str = "Wholesale", **values: Any) -> PriceList:
    return services.create_price_list({"name_en": name, **values}, by=SYSTEM, at=NOON)


def a_price(rates: PriceList, product: Product, amount: str, **values: Any) -> PriceListItem:
    """A price for one stock unit, from the first one on."""
    values = {"product_id": product.pk, "unit_id": None, "price": Decimal(amount), **values}
    return services.add_price(rates.pk, values, by=SYSTEM, at=NOON)
