"""Headings find their columns, and cells mean what people meant."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from alawael.core.errors import Text
from alawael.exchange.columns import Column, Options, guess, read_cells, signature

SKU = Column("sku", Text("SKU", "رمز المنتج"), required=True, synonyms=("item code", "الصنف"))
PRICE = Column("price", Text("Price", "السعر"), kind="number")


def value(kind, text, **options):
    column = Column("it", Text("It", "هو"), kind=kind, choices={"بضاعة": "goods", "goods": "goods"})
    values, errors = read_cells([column], {"it": text}, Options(**options))
    return errors[0].code if errors else values["it"]


@pytest.mark.parametrize(
    "heading", ["SKU", "sku", " Item-Code ", "رمز المنتج", "الصّنف", "رمز_المنتج"]
)
def test_guesses_what_a_heading_means(heading):
    assert guess([SKU, PRICE], ["x", heading])["sku"] == heading


def test_gives_a_heading_to_one_column_only():
    twin = Column("code", Text("Item code", "رمز"))

    assert guess([SKU, twin], ["Item code"]) == {"sku": "Item code"}


def test_the_signature_forgives_case_and_signs_but_not_order():
    assert signature(["Item code", "Price"]) == signature(["ITEM_CODE", "price "])
    assert signature(["a", "b"]) != signature(["b", "a"])


@pytest.mark.parametrize(
    ("text", "mark", "meant"),
    [
        ("1,234.50", ".", "1234.5"),
        ("1.234,50", ",", "1234.5"),
        ("1 234,5", ",", "1234.5"),
        ("١٢٫٥", ".", "12.5"),
        ("-3", ".", "-3"),
        ("(3.5)", ".", "-3.5"),
        ("3.5-", ".", "-3.5"),
        ("1e-05", ".", "0.00001"),
        ("0.30000000000000004", ".", "0.3"),
    ],
)
def test_reads_a_number_as_it_was_meant(text, mark, meant):
    assert value("number", text, decimal_mark=mark) == Decimal(meant)


@pytest.mark.parametrize("text", ["abc", "1..2", "NaN", "inf", "--1", "1e999999999", "0x10"])
def test_refuses_what_is_no_number(text):
    assert value("number", text) == "not_a_number"


def test_refuses_more_decimals_than_are_kept():
    assert value("money", "1.005") == "too_many_decimals"


def test_refuses_a_number_beyond_reason():
    assert value("number", "1000000000000") == "too_large"


@pytest.mark.parametrize(
    ("text", "order", "meant"),
    [
        ("31-03-2026", "dmy", date(2026, 3, 31)),
        ("03/31/2026", "mdy", date(2026, 3, 31)),
        ("2026-03-31", "dmy", date(2026, 3, 31)),
        ("٣١/٠٣/٢٠٢٦", "dmy", date(2026, 3, 31)),
        ("31.3.26", "dmy", date(2026, 3, 31)),
    ],
)
def test_reads_a_day_in_the_chosen_order(text, order, meant):
    assert value("day", text, day_order=order) == meant


@pytest.mark.parametrize("text", ["31-03-2026", "2026-02-30", "0001-01-01", "yesterday"])
def test_refuses_what_is_no_day_in_that_order(text):
    assert value("day", text, day_order="ymd") == "not_a_day"


def test_a_moment_is_in_the_time_of_riyadh():
    meant = datetime(2010, 12, 1, 7, 3, tzinfo=UTC)

    assert value("moment", "01-12-2010 10:03", day_order="dmy") == meant


def test_refuses_a_moment_that_no_clock_shows():
    assert value("moment", "2026-03-31 25:00") == "not_a_moment"


def test_reads_yes_and_no_in_both_languages():
    assert (value("flag", "نعم"), value("flag", "No"), value("flag", "hm")) == (
        True,
        False,
        "not_a_flag",
    )


def test_reads_a_choice_by_any_of_its_words():
    assert (value("choice", "بضاعه"), value("choice", "GOODS"), value("choice", "x")) == (
        "goods",
        "goods",
        "unknown_choice",
    )


def test_an_empty_cell_is_no_value_and_an_empty_required_one_is_missing():
    values, errors = read_cells([SKU, PRICE], {"sku": " ", "price": ""}, Options())

    assert values["price"] is None
    assert [error.code for error in errors] == ["missing"]


def test_refuses_text_that_cannot_be_kept():
    assert value("text", "a\x00b") == "invalid_text"
