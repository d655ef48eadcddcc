from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from alawael.catalog import units
from alawael.catalog.models import (
    PRICE_CURRENCY,
    Barcode,
    Category,
    PriceList,
    PriceListItem,
    Product,
    Unit,
)
from alawael.core.errors import Refusal, Text
from alawael.core.money import plain, round_quantity
from alawael.core.rows import existing

K = TypeVar("K")

#: How many keys one query looks for at most.
CHUNK = 500


class NoPrice(Refusal):
    code = "no_price"
    message = Text(
        "There is no price for {sku} in {currency} on this day. Enter one on a price list.",
        "لا يوجد سعر للمنتج {sku} بعملة {currency} في هذا اليوم. أدخل سعرًا في قائمة أسعار.",
    )


@dataclass(frozen=True)
class PriceQuote:
    """The price of one unit, without VAT, and which rule it comes from."""

    product: Product
    unit: Unit
    quantity: Decimal
    currency: str
    price: Decimal
    #: "customer_list", "price_list", "default_list" or "product".
    rule: str
    explanation: Text
    price_list: PriceList | None = None
    item: PriceListItem | None = None
    #: Whether the price was for another unit of the product and was converted.
    is_converted: bool = False


def units_of_measure(*, is_active: bool | None = None) -> QuerySet[Unit]:
    found = Unit.objects.all()
    return found if is_active is None else found.filter(is_active=is_active)


def unit(unit_id: UUID) -> Unit:
    return existing(Unit.objects.filter(pk=unit_id))


def unit_by_code(code: str) -> Unit | None:
    return Unit.objects.filter(code_folded=folded(code)).first()


def units_by_id(ids: Iterable[UUID]) -> dict[UUID, Unit]:
    return {unit.pk: unit for unit in Unit.objects.filter(pk__in=set(ids))}


def units_by_code(codes: Iterable[str]) -> dict[str, Unit]:
    """The units that exist among these codes, under the codes as they were asked for."""
    asked = {code: folded(code) for code in codes}
    known = Unit.objects.filter(code_folded__in=set(asked.values()))
    found = {unit.code_folded: unit for unit in known}
    return {code: found[key] for code, key in asked.items() if key in found}


def categories(
    *, is_active: bool | None = None, parent_id: UUID | None = None, branch_id: UUID | None = None
) -> QuerySet[Category]:
    """Categories: the children of a parent, or a whole branch with its own root."""
    found = Category.objects.all()
    if is_active is not None:
        found = found.filter(is_active=is_active)
    if parent_id is not None:
        found = found.filter(parent_id=parent_id)
    if branch_id is not None:
        found = found.filter(_within(branch_id))
    return found


def category(category_id: UUID) -> Category:
    return existing(Category.objects.filter(pk=category_id))


def categories_by_id(ids: Iterable[UUID]) -> dict[UUID, Category]:
    return {category.pk: category for category in Category.objects.filter(pk__in=set(ids))}


@dataclass(frozen=True)
class CategoryNode:
    """A category of the tree, with the products in it and in its whole branch."""

    category: Category
    products: int
    branch_products: int
    children: "list[CategoryNode]"


def category_tree(*, is_active: bool | None = None) -> list[CategoryNode]:
    """The whole tree, siblings in their order, with the number of active products of each."""
    below: dict[UUID | None, list[Category]] = {}
    rows = sorted(categories(is_active=is_active), key=lambda row: (row.position, row.pk))
    known = {row.pk for row in rows}
    for row in rows:
        # Below a parent that is left out, a category stands at the top.
        below.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    counts = _products_by_category()

    def node(row: Category) -> CategoryNode:
        children = [node(child) for child in below.get(row.pk, [])]
        own = counts.get(row.pk, 0)
        return CategoryNode(
            row, own, own + sum(child.branch_products for child in children), children
        )

    return [node(row) for row in below.get(None, [])]


def _products_by_category() -> dict[UUID, int]:
    counted = (
        Product.objects.filter(is_active=True, category__isnull=False)
        .values_list("category_id")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return {category_id: count for category_id, count in counted if category_id is not None}


def products(
    *,
    is_active: bool | None = None,
    category_id: UUID | None = None,
    kind: str | None = None,
    tax_category: str | None = None,
    unit_id: UUID | None = None,
) -> QuerySet[Product]:
    """Products with their units and barcodes; a category means its whole branch."""
    found = Product.objects.prefetch_related("barcodes", "units")
    if category_id is not None:
        inside = Category.objects.filter(_within(category_id)).values_list("pk", flat=True)
        found = found.filter(category_id__in=list(inside))
    wanted = {
        "is_active": is_active, "kind": kind, "tax_category": tax_category, "unit_id": unit_id,
    }  # fmt: skip
    return found.filter(**{name: value for name, value in wanted.items() if value is not None})


def product(product_id: UUID) -> Product:
    """A product with its units and barcodes."""
    rows = Product.objects.select_related("unit").prefetch_related("barcodes", "units__unit")
    return existing(rows.filter(pk=product_id))


def products_by_id(ids: Iterable[UUID]) -> dict[UUID, Product]:
    """Products with their stock unit."""
    return {
        product.pk: product
        for some in _in_chunks(set(ids))
        for product in Product.objects.filter(pk__in=some).select_related("unit")
    }


def products_by_sku(skus: Iterable[str]) -> dict[str, Product]:
    """The products that exist among these SKUs, under the SKUs as they were asked for."""
    asked = {sku: folded(sku) for sku in skus}
    found = {
        product.sku_folded: product
        for some in _in_chunks(set(asked.values()))
        for product in Product.objects.filter(sku_folded__in=some).select_related("unit")
    }
    return {sku: found[key] for sku, key in asked.items() if key in found}


def barcode(code: str) -> Barcode:
    """The barcode with its product and unit. Raises NotFound."""
    rows = Barcode.objects.select_related("unit", "product")
    return existing(rows.filter(code=code.strip(), product__is_active=True))


def barcode_holders(codes: Collection[str]) -> dict[str, UUID]:
    """Which product each known code belongs to."""
    return {
        code: product_id
        for some in _in_chunks(set(codes))
        for code, product_id in Barcode.objects.filter(code__in=some).values_list(
            "code", "product_id"
        )
    }


def price_lists(
    *,
    is_active: bool | None = None,
    currency: str | None = None,
    party_id: UUID | None = None,
    valid_on: date | None = None,
) -> QuerySet[PriceList]:
    found = PriceList.objects.all()
    if is_active is not None:
        found = found.filter(is_active=is_active)
    if currency is not None:
        found = found.filter(currency=currency.upper())
    if party_id is not None:
        found = found.filter(party_id=party_id)
    return found if valid_on is None else found.filter(_valid(valid_on))


def price_list(price_list_id: UUID) -> PriceList:
    return existing(PriceList.objects.filter(pk=price_list_id))


def price_list_items(
    *, price_list_id: UUID | None = None, product_id: UUID | None = None
) -> QuerySet[PriceListItem]:
    """Prices with their product and unit."""
    wanted = {"price_list_id": price_list_id, "product_id": product_id}
    return PriceListItem.objects.filter(
        **{name: value for name, value in wanted.items() if value is not None}
    ).select_related("product", "unit")


def price_list_item(item_id: UUID) -> PriceListItem:
    return existing(PriceListItem.objects.filter(pk=item_id).select_related("product", "unit"))


def price_of(
    product: Product,
    quantity: Decimal,
    unit: Unit,
    *,
    on: date,
    party_id: UUID | None = None,
    currency: str = PRICE_CURRENCY,
) -> PriceQuote:
    """The price for this customer, quantity and day, and the rule that it comes from.

    The customer's own lists come first, then other lists by priority, default lists last; within
    a list a price for the very unit beats a converted one, then the largest quantity that is
    reached and the latest start. Where no list has a price, the product's own one holds, in
    riyals. Raises NoPrice, or NoSuchUnit when the product is not kept in that unit.
    """
    known = units.measures(product)
    wanted = units.measure(product, unit)
    applicable = [
        item
        for item in _prices_on(product, on=on, party_id=party_id, currency=currency)
        if item.unit_id in known
        and item.min_quantity <= units.in_unit(quantity, wanted, known[item.unit_id])
    ]
    if applicable:
        best = min(applicable, key=lambda item: _rank(item, unit))
        price = _per_unit(best.price, known[best.unit_id], wanted)
        return _quote_from(best, product, quantity, unit, price)
    if currency != PRICE_CURRENCY:
        raise NoPrice(sku=product.sku, currency=currency)
    return PriceQuote(
        product=product,
        unit=unit,
        quantity=quantity,
        currency=currency,
        price=_per_unit(product.price, known[product.unit_id], wanted),
        rule="product",
        explanation=Text("The product's own price.", "سعر المنتج نفسه."),
        is_converted=unit.pk != product.unit_id,
    )


def _prices_on(
    product: Product, *, on: date, party_id: UUID | None, currency: str
) -> QuerySet[PriceListItem]:
    lists = price_lists(is_active=True, currency=currency, valid_on=on)
    mine = Q(party_id__isnull=True) if party_id is None else (
        Q(party_id__isnull=True) | Q(party_id=party_id)
    )  # fmt: skip
    found = list(lists.filter(mine).values_list("pk", flat=True))
    return PriceListItem.objects.filter(
        _valid(on), product=product, price_list_id__in=found
    ).select_related("price_list")


def _rank(item: PriceListItem, unit: Unit) -> tuple[object, ...]:
    rates = item.price_list
    return (
        rates.party_id is None,
        rates.is_default,
        -rates.priority,
        rates.pk,
        item.unit_id != unit.pk,
        -item.min_quantity,
        -(item.valid_from.toordinal() if item.valid_from else 0),
        item.pk,
    )


def _quote_from(
    item: PriceListItem, product: Product, quantity: Decimal, unit: Unit, price: Decimal
) -> PriceQuote:
    rates = item.price_list
    if rates.party_id is not None:
        rule, kind = "customer_list", Text("the customer's own price list", "قائمة أسعار العميل")
    elif rates.is_default:
        rule, kind = "default_list", Text("the default price list", "قائمة الأسعار الافتراضية")
    else:
        rule, kind = "price_list", Text("the price list", "قائمة الأسعار")
    name_en, name_ar = rates.name_en or rates.name_ar, rates.name_ar or rates.name_en
    english = f"From {kind.en} “{name_en}”"
    arabic = f"من {kind.ar} «{name_ar}»"
    if item.min_quantity > 0:
        english += f", for {plain(item.min_quantity)} or more"
        arabic += f"، لكمية {plain(item.min_quantity)} فأكثر"
    return PriceQuote(
        product=product,
        unit=unit,
        quantity=quantity,
        currency=rates.currency,
        price=price,
        rule=rule,
        explanation=Text(f"{english}.", f"{arabic}."),
        price_list=rates,
        item=item,
        is_converted=item.unit_id != unit.pk,
    )


def _per_unit(price: Decimal, frm: units.Measure, to: units.Measure) -> Decimal:
    """A price for one unit as the price for another, rounded to six decimals."""
    exact = Fraction(price) * to.factor / frm.factor
    return round_quantity(Decimal(exact.numerator) / Decimal(exact.denominator))


def _valid(on: date) -> Q:
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=on)) & (
        Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    )


def folded(code: str) -> str:
    """How SKUs and unit codes are compared: without regard to case."""
    return code.strip().casefold()


def _within(category_id: UUID) -> Q:
    """The category and everything below it."""
    return Q(path__contains=f"/{category_id.hex}/")


def _in_chunks(keys: Collection[K]) -> Iterator[list[K]]:
    ordered = list(keys)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
