from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alawael.core.fields import MoneyField, QuantityField
from alawael.core.money import plain, round_money

money = st.decimals(min_value=-(10**13), max_value=10**13, places=2)


@given(money)
def test_an_amount_survives_the_database_exactly(amount):
    field = MoneyField()

    assert field.from_db_value(field.get_prep_value(amount)) == amount


def test_half_a_halala_goes_up():
    assert round_money(Decimal("0.005")) == Decimal("0.01")
    assert round_money(Decimal("-0.005")) == Decimal("-0.01")


def test_a_field_never_rounds_by_itself():
    with pytest.raises(ValueError, match="more than 2 decimals"):
        MoneyField.steps(Decimal("0.001"))


def test_what_cannot_be_stored_is_refused():
    with pytest.raises(ValueError, match="too large"):
        QuantityField.steps(Decimal(10) ** 13)


def test_numbers_are_written_plainly():
    assert [plain(Decimal(text)) for text in ("1E+3", "0.500000", "-12.30", "0")] == [
        "1000",
        "0.5",
        "-12.3",
        "0",
    ]
