"""Entering, changing and retiring products."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alawael.catalog import queries, services
from alawael.catalog.models import Barcode, Product
from alawael.core.errors import Invalid, NotFound
from alawael.core.ids import new_id
from alawael.core.models import AuditEvent
from testing.catalog import a_price, a_price_list, a_product, a_unit
from testing.races import at_once

EAN = "6281000000014"


def pointers(refused):
    return {error.pointer: error.code for error in refused.value.errors}


def update(product, changes, actor, at):
    return services.update_product(product.pk, changes, expected_version=None, by=actor, at=at)


def boxed(numerator=12, denominator=1):
    return {"unit_id": a_unit("box").pk, "numerator": numerator, "denominator": denominator}


def test_skus_differ_by_more_than_their_case(db):
    a_product("lamp-1")

    with pytest.raises(services.SkuTaken, match="LAMP-1") as refused:
        a_product("LAMP-1")

    assert pointers(refused) == {"/sku": "sku_taken"}


def test_of_many_creations_of_one_sku_at_once_one_wins(as_amal):
    unit_id = str(a_unit().pk)
    sent = {"name_en": "Lamp", "unit_id": unit_id}

    answers = at_once(
        lambda sku: as_amal.post("/api/products", {**sent, "sku": sku}).status_code,
        ["lamp", "LAMP", "Lamp", "lAmp", "laMp", "lamP"],
    )

    assert sorted(answers) == [201] + [409] * 5
    assert Product.objects.count() == 1


def test_of_many_products_with_one_barcode_at_once_one_wins(as_amal):
    unit_id = str(a_unit().pk)

    def create(number):
        sent = {"sku": f"S{number}", "name_en": "Lamp", "unit_id": unit_id}
        return as_amal.post("/api/products", {**sent, "barcodes": [{"code": EAN}]}).status_code

    assert sorted(at_once(create, range(5))) == [201] + [409] * 4
    assert Product.objects.count() == Barcode.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"name_en": "", "name_ar": ""}, "/name_en", "missing"),
        ({"price": Decimal("-1")}, "/price", "negative"),
        ({"price": Decimal("0.0000001")}, "/price", "too_precise"),
        ({"kind": "goat"}, "/kind", "unknown_kind"),
        ({"tax_category": "X"}, "/tax_category", "unknown_tax_category"),
        ({"exemption_code": "VATEX-SA-32"}, "/exemption_code", "no_exemption"),
        ({"category_id": new_id()}, "/category_id", "unknown_category"),
        ({"unit_id": new_id()}, "/unit_id", "unknown_unit"),
        ({"barcodes": [{"code": "6281000000015"}]}, "/barcodes/0/code", "wrong_check_digit"),
        ({"barcodes": [{"code": "ض"}]}, "/barcodes/0/code", "wrong_barcode"),
        ({"barcodes": [{"code": "A"}, {"code": "A"}]}, "/barcodes/1/code", "barcode_twice"),
        (
            {"units": [{"unit_id": new_id(), "numerator": 12}]},
            "/units/0/unit_id",
            "unknown_unit",
        ),
    ],
)
def test_what_does_not_fit_is_refused(db, wrong, field, code):
    with pytest.raises(Invalid) as refused:
        a_product(**wrong)

    assert pointers(refused)[field] == code
    assert not Product.objects.exists()


def test_the_stock_unit_is_not_listed_again(db):
    unit = {"unit_id": a_unit().pk, "numerator": 1, "denominator": 1}

    with pytest.raises(Invalid) as refused:
        a_product(units=[unit])

    assert pointers(refused) == {"/units/0/unit_id": "stock_unit"}


def test_a_unit_is_listed_once(db):
    with pytest.raises(Invalid) as refused:
        a_product(units=[boxed(12), boxed(24)])

    assert pointers(refused) == {"/units/1/unit_id": "unit_twice"}


def test_a_factor_is_never_zero(db):
    with pytest.raises(Invalid) as refused:
        a_product(units=[boxed(12, 0)])

    assert pointers(refused) == {"/units/0/denominator": "wrong_factor"}


@pytest.mark.parametrize("code", [EAN, "96385074", "036000291452", "10614141000415", "LAMP/1 A"])
def test_right_check_digits_and_codes_of_ones_own_are_taken(db, code):
    a_product(barcodes=[{"code": code}])

    assert queries.barcode(f" {code} ").product.sku == "LAMP-1"


def test_a_barcode_names_its_unit(db):
    box = boxed()
    a_product(units=[box], barcodes=[{"code": EAN}, {"code": "BOX-1", "unit_id": box["unit_id"]}])

    assert queries.barcode(EAN).unit.code == "piece"
    assert queries.barcode("BOX-1").unit.code == "box"


def test_a_barcode_of_a_unit_that_the_product_has_not_is_refused(db):
    with pytest.raises(Invalid) as refused:
        a_product(barcodes=[{"code": EAN, "unit_id": a_unit("box").pk}])

    assert pointers(refused) == {"/barcodes/0/unit_id": "not_a_unit_of_it"}


def test_a_barcode_of_another_product_is_refused(db):
    a_product("LAMP-1", barcodes=[{"code": EAN}])

    with pytest.raises(services.BarcodeTaken) as refused:
        a_product("LAMP-2", barcodes=[{"code": "OWN"}, {"code": EAN}])

    assert pointers(refused) == {"/barcodes/1/code": "barcode_taken"}


def test_a_retired_product_is_no_longer_scanned(amal, noon):
    lamp = a_product(barcodes=[{"code": EAN}])
    services.deactivate_product(lamp.pk, expected_version=None, by=amal, at=noon)

    with pytest.raises(NotFound):
        queries.barcode(EAN)


def test_lists_are_replaced_as_a_whole_and_only_when_sent(amal, noon):
    lamp = a_product(units=[boxed()], barcodes=[{"code": EAN}, {"code": "A"}])

    update(lamp, {"name_en": "Lamp"}, amal, noon)
    assert Barcode.objects.count() == 2

    after = update(
        lamp,
        {
            "units": [boxed(24)],
            "barcodes": [{"code": "A", "unit_id": a_unit("box").pk}, {"code": "B"}],
        },
        amal,
        noon,
    )
    assert {row.code: row.unit.code for row in after.barcodes.all()} == {"A": "box", "B": "piece"}
    assert [row.numerator for row in after.units.all()] == [24]
    # The freed code may be used elsewhere.
    assert a_product("LAMP-2", barcodes=[{"code": EAN}]).pk


def test_a_change_is_noted_with_what_was_there_before(amal, noon):
    lamp = a_product(barcodes=[{"code": "A"}])
    piece = str(lamp.unit_id)

    update(lamp, {"price": Decimal("49.5"), "name_en": "Desk lamp", "barcodes": []}, amal, noon)

    assert AuditEvent.objects.get(action="product.changed").changes == {
        "price": ["50", "49.5"],
        "barcodes": [[{"code": "A", "unit_id": piece}], []],
    }


def test_a_product_taxed_like_all_others_has_nothing_left_to_explain(amal, noon):
    medicine = a_product(tax_category="Z", exemption_code="VATEX-SA-35")

    after = update(medicine, {"tax_category": "S"}, amal, noon)

    assert (after.tax_category, after.exemption_code) == ("S", "")


def test_a_unit_that_prices_are_in_cannot_be_dropped(amal, noon):
    box = boxed()
    lamp = a_product(units=[box])
    a_price(a_price_list(), lamp, "500", unit_id=box["unit_id"])

    with pytest.raises(services.UnitInUse):
        update(lamp, {"units": []}, amal, noon)


def test_of_many_changes_at_once_one_wins(amal, noon):
    lamp = a_product()

    def rename(number):
        return services.update_product(
            lamp.pk, {"name_en": f"Lamp {number}"}, expected_version=1, by=amal, at=noon
        ).name_en

    assert at_once(rename, range(6)).count("version_conflict") == 5


def rows_of(count, prefix=""):
    piece, box = a_unit().pk, boxed()
    return [
        {
            "sku": f"{prefix}{n}", "name_en": f"Lamp {n}", "unit_id": piece,
            "units": [box], "barcodes": [{"code": f"B{prefix}{n}"}],
        }
        for n in range(count)
    ]  # fmt: skip


def test_many_products_cost_few_queries_and_are_all_noted(amal, noon):
    few_rows, many_rows = rows_of(2, "F"), rows_of(40, "M")
    with CaptureQueriesContext(connection) as few:
        services.create_products(few_rows, by=amal, at=noon)
    with CaptureQueriesContext(connection) as many:
        services.create_products(many_rows, by=amal, at=noon)

    assert len(many) <= len(few)
    assert Product.objects.count() == Barcode.objects.count() == 42
    assert AuditEvent.objects.filter(action="product.created").count() == 42


def test_refused_rows_are_named_and_nothing_is_entered(amal, noon):
    a_product("1")
    rows = [*rows_of(3), *rows_of(1)]

    with pytest.raises(services.SkuTaken) as refused:
        services.create_products(rows, by=amal, at=noon)

    assert pointers(refused) == {"/1/sku": "sku_taken", "/3/sku": "sku_taken"}
    assert Product.objects.count() == 1


def test_products_are_found_by_skus_as_they_were_asked_for(db):
    lamp = a_product("Lamp-1")

    assert queries.products_by_sku(["LAMP-1", " lamp-1", "none"]) == {
        "LAMP-1": lamp,
        " lamp-1": lamp,
    }
