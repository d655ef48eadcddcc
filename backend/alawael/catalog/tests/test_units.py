"""Units, and converting between them exactly."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alawael.catalog import queries, services, units
from alawael.catalog.models import Unit
from alawael.catalog.units import Measure, NoSuchUnit, NotExact, NotWhole
from alawael.core.actors import SYSTEM
from alawael.core.errors import Invalid
from alawael.core.models import AuditEvent
from testing.cast import NOON
from testing.catalog import a_product, a_unit
from testing.races import at_once

PIECE = Measure(Unit(code="piece", name_en="Piece", name_ar="قطعة", is_whole=True))
BOX = Measure(Unit(code="box", name_en="Box", name_ar="صندوق", is_whole=True), Fraction(12))
KILO = Measure(Unit(code="kg", name_en="Kilogram"))
GRAM = Measure(Unit(code="g", name_en="Gram"), Fraction(1, 1000))
THIRD = Measure(Unit(code="third", name_en="Third of a kilogram"), Fraction(1, 3))

factors = st.builds(Fraction, st.integers(1, 10**6), st.integers(1, 10**6))
quantities = st.decimals(-(10**9), 10**9, places=6, allow_nan=False)


@given(quantities, factors, factors)
def test_there_and_back_again_is_exact(quantity, one, other):
    frm, to = Measure(Unit(), one), Measure(Unit(), other)

    assert units.in_unit(units.in_unit(quantity, frm, to), to, frm) == Fraction(quantity)


@given(quantities, factors, factors)
def test_what_is_converted_at_all_comes_back_exactly(quantity, one, other):
    frm, to = Measure(Unit(), one), Measure(Unit(), other)
    try:
        there = units.convert(quantity, frm, to)
    except NotExact as refused:
        # What is offered instead can be converted.
        for offer in refused.facts["offers"]:
            assert units.exactly(Decimal(offer), to.unit) == Decimal(offer)
        return

    assert units.convert(there, to, frm) == quantity


@given(st.integers(0, 10**9), st.integers(1, 10**4))
def test_boxes_become_pieces_and_boxes_again(boxes, content):
    box = Measure(BOX.unit, Fraction(content))

    pieces = units.convert(Decimal(boxes), box, PIECE)

    assert pieces == boxes * content
    assert units.convert(pieces, PIECE, box) == boxes


@pytest.mark.parametrize(
    ("quantity", "frm", "to", "expected"),
    [
        ("2", BOX, PIECE, "24"),
        ("36", PIECE, BOX, "3"),
        ("1.5", KILO, GRAM, "1500"),
        ("0.001", GRAM, KILO, "0.000001"),
        ("2", KILO, THIRD, "6"),
    ],
)
def test_converts(quantity, frm, to, expected):
    assert units.convert(Decimal(quantity), frm, to) == Decimal(expected)


def test_half_a_piece_is_refused_with_the_nearest_offers():
    with pytest.raises(NotWhole) as refused:
        units.exactly(Decimal("2.5"), PIECE.unit)

    assert refused.value.facts["offers"] == ["2", "3"]
    assert refused.value.sentence("ar").startswith("لا يمكن إدخال 2.5 قطعة")


def test_pieces_that_fill_no_box_are_refused_with_what_would():
    with pytest.raises(NotWhole, match="1 / 2"):
        units.convert(Decimal(18), PIECE, BOX)


def test_nothing_is_never_offered():
    with pytest.raises(NotWhole) as refused:
        units.convert(Decimal(5), PIECE, BOX)

    assert refused.value.facts["offers"] == ["1"]


def test_a_quantity_without_an_exact_value_is_refused_not_rounded():
    with pytest.raises(NotExact) as refused:
        units.convert(Decimal(1), THIRD, KILO)

    assert refused.value.facts["offers"] == ["0.333333", "0.333334"]


def test_a_product_knows_its_units(db):
    box = a_unit("box")
    lamp = a_product(units=[{"unit_id": box.pk, "numerator": 12, "denominator": 1}])

    assert units.measure(lamp, box).factor == 12
    assert units.measure(lamp, lamp.unit).factor == 1
    with pytest.raises(NoSuchUnit):
        units.measure(lamp, a_unit("kg"))


def test_the_delivered_units_are_made_once_and_left_alone_afterwards(amal, noon):
    services.install_units(at=noon)
    box = queries.unit_by_code("box")
    services.update_unit(box.pk, {"name_en": "Crate"}, expected_version=None, by=amal, at=noon)

    assert services.install_units(at=noon) == []
    assert queries.unit_by_code("BOX").name_en == "Crate"
    assert queries.unit_by_code("piece").is_whole
    assert not queries.unit_by_code("kg").is_whole
    assert all(unit.name_en and unit.name_ar and unit.unece_code for unit in Unit.objects.all())
    made = AuditEvent.objects.filter(action="unit.created")
    assert made.count() == Unit.objects.count()


def test_a_second_unit_of_a_code_is_refused(db):
    a_unit("box")

    with pytest.raises(services.UnitCodeTaken, match="BOX"):
        services.create_unit({"code": "BOX", "name_en": "Box"}, by=SYSTEM, at=NOON)


def test_of_many_units_of_one_code_at_once_one_is_made(as_amal):
    answers = at_once(
        lambda _: as_amal.post("/api/units", {"code": "roll", "name_en": "Roll"}).status_code,
        range(5),
    )

    assert sorted(answers) == [201] + [409] * 4


def test_a_unit_needs_a_name(db):
    with pytest.raises(Invalid):
        a_unit("roll", name_en="")
