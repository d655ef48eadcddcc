"""Exact amounts: `Decimal` in the program, whole numbers in the database.

Money has two decimals (halalas), quantities, unit prices and rates six (millionths).
"""

from decimal import ROUND_HALF_UP, Decimal

MONEY_DECIMALS = 2
QUANTITY_DECIMALS = 6
CENT = Decimal("0.01")
MILLIONTH = Decimal("0.000001")
ZERO = Decimal("0.00")


def round_money(amount: Decimal) -> Decimal:
    """Round half up to two decimals, the one rounding of money in the program.

    Half-up is what ZATCA's validators compute with (BR-CO-17, BR-S-09).
    """
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def round_quantity(quantity: Decimal) -> Decimal:
    """Round half up to six decimals, for quantities, unit prices and exchange rates."""
    return quantity.quantize(MILLIONTH, rounding=ROUND_HALF_UP)


def plain(number: Decimal) -> str:
    """The shortest exact text of a number: "12", "0.5", never "1.2E+1"."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
