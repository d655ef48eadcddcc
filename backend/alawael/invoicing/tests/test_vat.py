from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alawael.invoicing.document import Adjustment, AdvanceInvoice, DocumentLine, VatCategory
from alawael.invoicing.tests.documents import (
    EXPORTED_LAMP,
    ISSUED,
    LAMP,
    a_document,
    an_export,
)
from alawael.invoicing.vat import (
    WrongVatRate,
    line_amounts,
    net_of,
    totals,
    vat_on,
)

CENT = Decimal("0.01")

cents = st.integers(0, 10_000_000).map(lambda n: Decimal(n) / 100)
prices = st.integers(0, 10**11).map(lambda n: Decimal(n) / 10**6)
quantities = st.integers(1, 10**9).map(lambda n: Decimal(n) / 10**6)
taxed = st.sampled_from(
    [
        (VatCategory.STANDARD, Decimal(15)),
        (VatCategory.STANDARD, Decimal(5)),
        (VatCategory.ZERO_RATED, Decimal(0)),
        (VatCategory.EXEMPT, Decimal(0)),
        (VatCategory.OUT_OF_SCOPE, Decimal(0)),
    ]
)
lines = st.builds(
    lambda quantity, price, tax: DocumentLine(
        quantity, price, name_en="Lamp", vat_category=tax[0], vat_rate=tax[1]
    ),
    quantities,
    prices,
    taxed,
)
adjustments = st.builds(
    lambda amount, is_charge, tax: Adjustment(
        amount, is_charge, vat_category=tax[0], vat_rate=tax[1]
    ),
    cents,
    st.booleans(),
    taxed,
)


def a_line(quantity: str, price: str, **changes: object) -> DocumentLine:
    return replace(LAMP, quantity=Decimal(quantity), unit_price=Decimal(price), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "net", "vat"),
    [
        ("30", "20.00", "0", "600.00", "90.00"),
        ("1", "0.05", "0", "0.05", "0.01"),  # 0.0075 goes up
        ("3", "0.335", "0", "1.01", "0.15"),  # 1.005 goes up, as no binary fraction would
        ("12.5", "13.333333", "6.67", "160.00", "24.00"),
        ("1", "0.033333", "0", "0.03", "0.00"),
    ],
)
def test_a_line_is_rounded_half_up(quantity, price, discount, net, vat):
    amounts = line_amounts(a_line(quantity, price, discount=Decimal(discount)))

    assert (amounts.net, amounts.vat) == (Decimal(net), Decimal(vat))
    assert amounts.total == Decimal(net) + Decimal(vat)


def test_vat_is_taken_on_the_category_and_not_summed_from_lines():
    sums = totals(a_document(*[a_line("1", "0.30")] * 10))

    assert sum(line.vat for line in sums.lines) == Decimal("0.50")  # 0.045 each, shown as 0.05
    assert (sums.taxable, sums.vat) == (Decimal("3.00"), Decimal("0.45"))


def test_document_discounts_and_charges_change_the_taxable_amount_of_their_category():
    sums = totals(
        a_document(
            a_line("1", "1000"),
            EXPORTED_LAMP,
            adjustments=(
                Adjustment(Decimal(100)),
                Adjustment(Decimal(40), is_charge=True),
                Adjustment(Decimal(46), vat_category=VatCategory.ZERO_RATED, vat_rate=Decimal(0)),
            ),
        )
    )

    standard, zero_rated = sums.subtotals
    assert (standard.taxable, standard.vat) == (Decimal(940), Decimal(141))
    assert (zero_rated.taxable, zero_rated.vat) == (Decimal(300), Decimal(0))
    assert (sums.discounts, sums.charges) == (Decimal(146), Decimal(40))
    assert (sums.taxable, sums.total) == (Decimal(1240), Decimal(1381))


def test_an_advance_already_invoiced_is_taken_off_what_is_due_and_off_nothing_else():
    advance = AdvanceInvoice("ADV-1", ISSUED, taxable=Decimal(100), vat=Decimal(15))

    sums = totals(a_document(a_line("30", "20"), advances=(advance,)))

    assert (sums.taxable, sums.vat, sums.total) == (Decimal(600), Decimal(90), Decimal(690))
    assert (sums.prepaid, sums.payable) == (Decimal(115), Decimal(575))


def test_riyals_are_rounded_for_each_category_and_add_up():
    sums = totals(an_export(EXPORTED_LAMP, a_line("1", "33.33")))

    assert [subtotal.vat_sar for subtotal in sums.subtotals] == [Decimal("20.31"), Decimal(0)]
    assert sums.taxable_sar == Decimal("135.40") + Decimal("1405.63")
    assert sums.total_sar == sums.taxable_sar + sums.vat_sar


def test_prices_with_vat_are_paid_as_shown_and_the_difference_is_named_rounding():
    # Ten times 1.00 with VAT: 0.87 net each, 8.70 + 1.31 = 10.01 by the rules of VAT.
    sums = totals(a_document(*[a_line("1", "1.00")] * 10, prices_include_vat=True))

    assert (sums.taxable, sums.vat, sums.total) == (
        Decimal("8.70"),
        Decimal("1.31"),
        Decimal("10.01"),
    )
    assert sums.rounding == Decimal("-0.01")
    assert sums.payable == Decimal("10.00")


@pytest.mark.parametrize(
    ("category", "rate"),
    [(VatCategory.STANDARD, "0"), (VatCategory.STANDARD, "10"), (VatCategory.ZERO_RATED, "15")],
)
def test_refuses_a_rate_that_the_category_cannot_have(category, rate):
    with pytest.raises(WrongVatRate, match="standard rate is 15 or 5"):
        line_amounts(a_line("1", "1", vat_category=category, vat_rate=Decimal(rate)))


@given(st.lists(lines, min_size=1, max_size=12), st.lists(adjustments, max_size=4))
def test_categories_always_add_up_to_the_document(document_lines, changes):
    sums = totals(a_document(*document_lines, adjustments=tuple(changes)))

    assert sum(subtotal.taxable for subtotal in sums.subtotals) == sums.taxable
    assert sum(subtotal.vat for subtotal in sums.subtotals) == sums.vat
    assert sums.total == sums.taxable + sums.vat == sums.payable
    assert sums.lines_net - sums.discounts + sums.charges == sums.taxable
    assert (sums.taxable_sar, sums.vat_sar) == (sums.taxable, sums.vat)
    for subtotal in sums.subtotals:
        assert subtotal.vat == vat_on(subtotal.taxable, subtotal.rate)
        if subtotal.category != VatCategory.STANDARD:
            assert subtotal.vat == 0


@given(cents, st.sampled_from([Decimal(15), Decimal(5), Decimal(0)]))
def test_taking_vat_out_and_putting_it_back_is_at_most_a_halala_off(gross, rate):
    net = net_of(gross, rate)

    assert abs(net + vat_on(net, rate) - gross) <= CENT


@given(st.lists(lines, min_size=1, max_size=12))
def test_with_prices_including_vat_the_customer_pays_the_promised_sum(document_lines):
    promised = sum(
        (line_amounts(replace(line, vat_category=VatCategory.EXEMPT, vat_rate=Decimal(0))).net)
        for line in document_lines
    )

    sums = totals(a_document(*document_lines, prices_include_vat=True))

    assert sums.payable == promised
    assert sums.total + sums.rounding == promised
    # Half a halala of net on each line, with its VAT, and half a halala on each category.
    assert abs(sums.rounding) <= Decimal("0.00575") * len(document_lines) + Decimal("0.005") * len(
        sums.subtotals
    )


@given(lines, cents)
def test_the_unit_price_without_vat_multiplies_to_the_line(line, discount):
    amounts = line_amounts(replace(line, discount=discount), price_includes_vat=True)

    exact = amounts.unit_price * line.quantity / amounts.price_quantity - amounts.discount
    assert abs(exact - amounts.net) <= Decimal("0.005")
    assert amounts.unit_price == round(amounts.unit_price, 6)


def test_a_price_that_six_decimals_cannot_hold_is_given_for_the_whole_quantity():
    amounts = line_amounts(a_line("999999", "1"), price_includes_vat=True)

    assert amounts.net == Decimal("869564.35")  # 0.869565 each would be 22 halalas less
    assert (amounts.unit_price, amounts.price_quantity) == (amounts.net, Decimal(999999))


@given(st.lists(lines, min_size=1, max_size=6), st.integers(1, 10**7))
def test_riyals_add_up_for_every_rate(document_lines, millionths):
    rate = Decimal(millionths) / 10**6

    sums = totals(a_document(*document_lines, currency="EUR", exchange_rate=rate))

    assert sums.total_sar == sums.taxable_sar + sums.vat_sar
    halves = Decimal("0.005") * len(sums.subtotals)
    assert abs(sums.vat_sar - sums.vat * rate) <= halves
    assert abs(sums.taxable_sar - sums.taxable * rate) <= halves
