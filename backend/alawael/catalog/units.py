"""Exact conversion between the units of one product. No factor is ever a rounded decimal."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from alawael.catalog.models import Product, Unit
from alawael.core.errors import Refusal, Text
from alawael.core.money import MILLIONTH, plain


class NotWhole(Refusal):
    code = "not_whole"
    message = Text(
        "{quantity} {unit_en} is not possible: this unit is counted in whole numbers. Try {offer}.",
        "لا يمكن إدخال {quantity} {unit_ar}: هذه الوحدة لا تقبل الكسور. جرّب {offer}.",
    )


class NotExact(Refusal):
    code = "not_exact"
    message = Text(
        "This quantity has no exact value in {unit_en}. Try {offer}.",
        "ليس لهذه الكمية قيمة دقيقة بوحدة {unit_ar}. جرّب {offer}.",
    )


class NoSuchUnit(Refusal):
    code = "no_such_unit"
    message = Text(
        "{sku} is not kept in {unit_en}. Add the unit to the product first.",
        "المنتج {sku} لا يُعامل بوحدة {unit_ar}. أضف الوحدة إلى المنتج أولًا.",
    )


@dataclass(frozen=True)
class Measure:
    """A unit of one product: one of it is `factor` stock units."""

    unit: Unit
    factor: Fraction = Fraction(1)


def measures(product: Product) -> dict[object, Measure]:
    """The units a product is kept in, by unit id: its stock unit and its further units."""
    found: dict[object, Measure] = {product.unit_id: Measure(product.unit)}
    for further in product.units.all():
        factor = Fraction(further.numerator, further.denominator)
        found[further.unit_id] = Measure(further.unit, factor)
    return found


def measure(product: Product, unit: Unit) -> Measure:
    """Raises NoSuchUnit when the product is not kept in that unit."""
    found = measures(product).get(unit.pk)
    if found is None:
        english, arabic = _names(unit)
        raise NoSuchUnit(sku=product.sku, unit_en=english, unit_ar=arabic)
    return found


def convert(quantity: Decimal, frm: Measure, to: Measure) -> Decimal:
    """The same quantity in another unit; converting it back gives exactly `quantity`.

    Raises NotWhole when whole units would have to be split, NotExact when the result has no
    exact value with six decimals. Both offer the nearest quantities that have one.
    """
    return exactly(in_unit(quantity, frm, to), to.unit)


def in_unit(quantity: Decimal | Fraction, frm: Measure, to: Measure) -> Fraction:
    """The same quantity in another unit as an exact fraction, whether or not it can be counted."""
    return Fraction(quantity) * frm.factor / to.factor


def exactly(quantity: Decimal | Fraction, unit: Unit) -> Decimal:
    """The quantity as the unit counts it. Raises NotWhole or NotExact with the nearest offers."""
    step = Fraction(1) if unit.is_whole else Fraction(MILLIONTH)
    steps = Fraction(quantity) / step
    if steps.denominator == 1:
        return _decimal(steps.numerator, unit)
    below, above = steps.numerator // steps.denominator, -(-steps.numerator // steps.denominator)
    offers = [plain(_decimal(count, unit)) for count in (below, above) if count]
    offer, (english, arabic) = " / ".join(offers), _names(unit)
    if unit.is_whole:
        shown = _shown(Fraction(quantity))
        raise NotWhole(quantity=shown, unit_en=english, unit_ar=arabic, offers=offers, offer=offer)
    raise NotExact(unit_en=english, unit_ar=arabic, offers=offers, offer=offer)


def _decimal(steps: int, unit: Unit) -> Decimal:
    return Decimal(steps) if unit.is_whole else steps * MILLIONTH


def _shown(quantity: Fraction) -> str:
    """Two or three significant places are enough to see what was refused."""
    return plain(Decimal(round(quantity * 1000)) / 1000)


def _names(unit: Unit) -> tuple[str, str]:
    return unit.name_en or unit.name_ar or unit.code, unit.name_ar or unit.name_en or unit.code
