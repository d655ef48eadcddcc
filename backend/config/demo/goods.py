"""What the company of the demo trades in: five hundred products in a tree of categories."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from random import Random

from alawael.catalog import queries, services
from alawael.catalog.models import Category, Product
from alawael.core.actors import Actor
from alawael.core.money import round_quantity
from alawael.core.unit_of_work import unit_of_work
from alawael.stock import services as stock
from config.demo.words import BRANDS, CATEGORIES, FAMILIES, Family, Name

NUMBER = 500


@dataclass(frozen=True)
class Goods:
    """A product with what the demo knows about it."""

    product: Product
    family: Family
    #: Riyals for one piece.
    cost: Decimal
    #: Pieces that leave in a week, roughly.
    pace: int

    @property
    def price(self) -> Decimal:
        price: Decimal = self.product.price
        return price

    @property
    def is_by_lot(self) -> bool:
        return self.family.expires_after_days is not None


@unit_of_work
def enter_goods(dice: Random, *, by: Actor, at: datetime) -> list[Goods]:
    """Categories, products with barcodes and cartons, and which of them are kept by lot."""
    categories = [
        child for top, children in CATEGORIES for child in _a_branch(top, children, by=by, at=at)
    ]
    units = queries.units_by_code({"piece", *(family.pack[0] for family in FAMILIES)})
    drawn = list(_draw(dice))[:NUMBER]
    rows = [
        {
            "sku": sku,
            "name_en": name.en,
            "name_ar": name.ar,
            "category_id": categories[family.category].pk,
            "unit_id": units["piece"].pk,
            "price": _price(cost, dice),
            "units": [
                {
                    "unit_id": units[family.pack[0]].pk,
                    "numerator": family.pack[1],
                    "denominator": 1,
                }
            ]
            if family.pack[1] > 1
            else [],
            "barcodes": [{"code": _barcode(number), "unit_id": units["piece"].pk}],
        }
        for number, (sku, name, family, cost) in enumerate(drawn, start=1)
    ]
    products = services.create_products(rows, by=by, at=at)
    goods = [
        Goods(product, family, cost, dice.choice((1, 1, 2, 2, 3, 5, 8)))
        for product, (_, _, family, cost) in zip(products, drawn, strict=True)
    ]
    for one in goods:
        if one.is_by_lot:
            kept = {"tracking": "lot", "has_expiry": True}
            stock.keep_product(one.product, kept, by=by, at=at)
    return goods


def _a_branch(
    top: Name, children: tuple[Name, ...], *, by: Actor, at: datetime
) -> Iterator[Category]:
    parent = services.create_category({"name_en": top.en, "name_ar": top.ar}, by=by, at=at)
    for name in children:
        values = {"name_en": name.en, "name_ar": name.ar, "parent_id": parent.pk}
        yield services.create_category(values, by=by, at=at)


def _draw(dice: Random) -> Iterator[tuple[str, Name, Family, Decimal]]:
    """SKU, name, family and cost of one product after the other."""
    for brand_number, brand in enumerate(BRANDS):
        for family in FAMILIES:
            for number, size in enumerate(family.sizes, start=1):
                factor = Decimal(100 + 55 * (number - 1) + dice.randrange(-8, 9)) / 100
                name = Name(
                    f"{family.name.en} {size.en}, {brand.en}",
                    f"{family.name.ar} {size.ar}، {brand.ar}",
                )
                sku = f"{family.key}-{brand.en[:2].upper()}{number}"
                factor *= Decimal(100 + 7 * brand_number) / 100
                yield sku, name, family, (family.cost * factor).quantize(Decimal("0.01"))


def _barcode(number: int) -> str:
    """A number of the Saudi range (628) with its check digit (EAN-13)."""
    digits = f"628{number:09d}"
    total = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def _price(cost: Decimal, dice: Random) -> Decimal:
    """A quarter to two thirds above cost, in steps of five halalas."""
    price = cost * Decimal(dice.randrange(125, 168)) / 100
    return round_quantity((price * 20).to_integral_value() / 20)
