"""Price lists, and which of their prices wins."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError

from alawael.catalog import queries, services
from alawael.catalog.models import PriceList
from alawael.core.errors import Invalid
from alawael.core.ids import new_id
from testing.catalog import a_price, a_price_list, a_product, a_unit
from testing.races import at_once

MARCH_31 = date(2026, 3, 31)
ANWAR = new_id()


def quote(product, quantity="1", unit=None, **options):
    options = {"on": MARCH_31, **options}
    return queries.price_of(product, Decimal(quantity), unit or product.unit, **options)


def boxed_lamp():
    box = a_unit("box")
    lamp = a_product(units=[{"unit_id": box.pk, "numerator": 12, "denominator": 1}])
    return queries.product(lamp.pk), box


def test_without_a_list_the_products_own_price_holds(db):
    found = quote(a_product(price=Decimal("49.5")))

    assert (found.price, found.rule) == (Decimal("49.5"), "product")


def test_the_products_own_price_is_for_its_stock_unit(db):
    lamp, box = boxed_lamp()

    found = quote(lamp, unit=box)

    assert found.price == 600
    assert found.is_converted


@pytest.mark.parametrize(("quantity", "price"), [("1", "45"), ("99.5", "45"), ("100", "40")])
def test_the_largest_quantity_that_is_reached_decides(db, quantity, price):
    rates, lamp = a_price_list(), a_product()
    a_price(rates, lamp, "45")
    a_price(rates, lamp, "40", min_quantity=Decimal(100))

    assert quote(lamp, quantity).price == Decimal(price)


def test_below_the_first_quantity_the_products_own_price_holds(db):
    lamp = a_product()
    a_price(a_price_list(), lamp, "40", min_quantity=Decimal(10))

    assert quote(lamp, "9").rule == "product"


def test_a_quantity_in_boxes_reaches_a_break_in_pieces(db):
    lamp, box = boxed_lamp()
    a_price(a_price_list(), lamp, "40", min_quantity=Decimal(100))

    assert quote(lamp, "8", box).rule == "product"
    assert quote(lamp, "9", box).price == 480


def test_a_price_for_the_very_unit_beats_a_converted_one(db):
    lamp, box = boxed_lamp()
    rates = a_price_list()
    a_price(rates, lamp, "40")
    a_price(rates, lamp, "450", unit_id=box.pk)

    found = quote(lamp, unit=box)

    assert (found.price, found.is_converted) == (450, False)


def test_the_customers_own_list_comes_first_and_is_for_nobody_else(db):
    lamp = a_product()
    a_price(a_price_list("Everybody", priority=9), lamp, "45")
    a_price(a_price_list("Anwar", party_id=ANWAR), lamp, "42")

    assert quote(lamp, party_id=ANWAR).price == 42
    assert quote(lamp, party_id=ANWAR).rule == "customer_list"
    assert quote(lamp, party_id=new_id()).price == 45
    assert quote(lamp).price == 45


def test_the_higher_priority_wins_and_the_default_comes_last(db):
    lamp = a_product()
    a_price(a_price_list("Default", is_default=True, priority=9), lamp, "48")
    a_price(a_price_list("Low"), lamp, "47")
    a_price(a_price_list("High", priority=1), lamp, "46")

    assert quote(lamp).price_list.name_en == "High"


def test_the_default_list_answers_when_no_other_does(db):
    lamp = a_product()
    a_price(a_price_list("Default", is_default=True), lamp, "48")

    assert (quote(lamp).price, quote(lamp).rule) == (48, "default_list")


@pytest.mark.parametrize(
    ("day", "price"),
    [("2026-03-09", "50"), ("2026-03-10", "40"), ("2026-03-20", "40"), ("2026-03-21", "50")],
)
def test_a_list_holds_from_its_first_to_its_last_day(db, day, price):
    lamp = a_product()
    rates = a_price_list(valid_from=date(2026, 3, 10), valid_to=date(2026, 3, 20))
    a_price(rates, lamp, "40")

    assert quote(lamp, on=date.fromisoformat(day)).price == Decimal(price)


def test_the_price_with_the_latest_start_wins(db):
    rates, lamp = a_price_list(), a_product()
    a_price(rates, lamp, "45")
    a_price(rates, lamp, "44", valid_from=date(2026, 3, 1))
    a_price(rates, lamp, "43", valid_from=date(2026, 4, 1))

    assert quote(lamp).price == 44
    assert quote(lamp, on=date(2026, 4, 1)).price == 43


def test_a_list_out_of_use_is_not_asked(amal, noon):
    rates, lamp = a_price_list(), a_product()
    a_price(rates, lamp, "45")
    services.deactivate_price_list(rates.pk, expected_version=None, by=amal, at=noon)

    assert quote(lamp).rule == "product"


def test_each_currency_has_its_own_lists(db):
    lamp = a_product()
    a_price(a_price_list("Dollars", currency="usd"), lamp, "12.5")

    assert quote(lamp, currency="USD").price == Decimal("12.5")
    assert quote(lamp).rule == "product"
    with pytest.raises(queries.NoPrice):
        quote(lamp, currency="EUR")


def test_the_explanation_names_the_list_and_the_break(db):
    lamp = a_product()
    rates = a_price_list("Wholesale", name_ar="الجملة")
    a_price(rates, lamp, "40", min_quantity=Decimal(100))

    found = quote(lamp, "100").explanation

    assert found.en == "From the price list “Wholesale”, for 100 or more."
    assert found.ar == "من قائمة الأسعار «الجملة»، لكمية 100 فأكثر."


def test_a_converted_price_is_rounded_to_six_decimals(db):
    lamp, box = boxed_lamp()
    a_price(a_price_list(), lamp, "100", unit_id=box.pk)

    assert quote(lamp, "12").price == Decimal("8.333333")


def test_a_new_default_takes_the_place_of_the_old_one(db):
    old = a_price_list("Old", is_default=True)
    other_currency = a_price_list("Dollars", is_default=True, currency="USD")

    new = a_price_list("New", is_default=True)

    defaults = PriceList.objects.filter(default_for__isnull=False)
    assert set(defaults) == {new, other_currency}
    assert PriceList.objects.get(pk=old.pk).version == 2


def test_there_is_never_a_second_default(db):
    def open_default(number):
        try:
            return a_price_list(f"List {number}", is_default=True)
        except IntegrityError:
            return None  # the API answers this with already_exists

    at_once(open_default, range(5))

    assert PriceList.objects.filter(default_for="SAR").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 31)}, "/valid_to"),
        ({"currency": "DEM"}, "/currency"),
        ({"party_id": new_id(), "is_default": True}, "/is_default"),
        ({"name_en": ""}, "/name_en"),
    ],
)
def test_a_list_that_makes_no_sense_is_refused(db, wrong, field):
    with pytest.raises(Invalid) as refused:
        a_price_list(**wrong)

    assert [error.pointer for error in refused.value.errors] == [field]


def test_a_second_price_for_the_same_case_is_refused(db):
    rates, lamp = a_price_list(), a_product()
    a_price(rates, lamp, "45")

    with pytest.raises(services.PriceExists):
        a_price(rates, lamp, "44")


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"price": Decimal(-1)}, "/price", "negative"),
        ({"min_quantity": Decimal("0.5")}, "/min_quantity", "not_whole"),
        ({"product_id": new_id()}, "/product_id", "unknown_product"),
        ({"unit_id": new_id()}, "/unit_id", "not_a_unit_of_it"),
    ],
)
def test_a_price_that_makes_no_sense_is_refused(db, wrong, field, code):
    rates, lamp = a_price_list(), a_product()

    with pytest.raises(Invalid) as refused:
        a_price(rates, lamp, "45", **wrong)

    assert {error.pointer: error.code for error in refused.value.errors} == {field: code}
