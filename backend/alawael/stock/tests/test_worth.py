"""Arithmetic of cost: every riyal that comes in goes out again, and nothing is worth nothing."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alawael.core.money import ZERO
from alawael.stock.worth import Worth, share

pieces = st.integers(1, 10**9).map(lambda steps: Decimal(steps).scaleb(-6))
riyals = st.integers(0, 10**8).map(lambda cents: Decimal(cents).scaleb(-2))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("receive"), pieces, riyals),
        st.tuples(st.just("issue"), pieces, st.none()),
        st.tuples(st.just("issue_all"), st.none(), st.none()),
        st.tuples(st.just("reverse"), pieces, riyals),
        st.tuples(st.just("revalue"), pieces, riyals.map(lambda amount: amount - 10000)),
    ),
    max_size=20,
)


def average(**values):
    return Worth(**values)


def fifo(**values):
    return Worth(layers=[], **values)


def test_the_worked_example_of_the_moving_average():
    """The stock column of design/domain.md 3.11."""
    worth = average()

    worth.receive(Decimal(60), Decimal(600), 1)
    worth.receive(Decimal(40), Decimal(400), 2)
    assert worth.issue(Decimal(30)) == (Decimal(300), ZERO)
    assert worth.revalue(Decimal(50), Decimal(100)) == (Decimal(35), Decimal(15))
    assert (worth.quantity, worth.value) == (Decimal(70), Decimal(735))
    assert worth.issue(Decimal(20)) == (Decimal(210), ZERO)
    worth.receive(Decimal(5), Decimal(50), 3)

    assert (worth.quantity, worth.value) == (Decimal(55), Decimal(575))
    assert worth.last_unit_cost == Decimal("10.454545")


def test_the_last_piece_takes_what_is_left():
    worth = average()
    worth.receive(Decimal(3), Decimal(10), 1)

    values = [worth.issue(Decimal(1))[0] for _ in range(3)]

    assert values == [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")]
    assert (worth.quantity, worth.value) == (0, ZERO)


def test_first_in_goes_first_out():
    worth = fifo()
    worth.receive(Decimal(10), Decimal(100), 1)
    worth.receive(Decimal(10), Decimal(200), 2)

    assert worth.issue(Decimal(15)) == (Decimal(200), ZERO)
    assert [(layer.sequence, layer.remaining, layer.value) for layer in worth.layers] == [
        (2, Decimal(5), Decimal(100))
    ]


def test_a_reversed_receipt_takes_its_own_layer():
    worth = fifo()
    worth.receive(Decimal(10), Decimal(100), 1)
    worth.receive(Decimal(10), Decimal(200), 2)

    assert worth.issue(Decimal(10), Decimal(200), 2) == (Decimal(200), ZERO)
    assert worth.value == Decimal(100)


def test_a_later_cost_falls_on_what_is_left_of_its_receipt():
    worth = fifo()
    worth.receive(Decimal(10), Decimal(100), 1)
    worth.receive(Decimal(10), Decimal(200), 2)
    worth.issue(Decimal(5))

    assert worth.revalue(Decimal(30), Decimal(10), 1) == (Decimal(15), Decimal(15))
    assert [layer.value for layer in worth.layers] == [Decimal(65), Decimal(200)]


@pytest.mark.parametrize("make", [average, fifo])
def test_the_next_receipt_settles_what_was_issued_before_it(make):
    worth = make(last_unit_cost=Decimal(10))

    assert worth.issue(Decimal(2)) == (Decimal(20), ZERO)
    assert (worth.uncosted, worth.value) == (Decimal(2), Decimal(-20))
    gone = worth.receive(Decimal(10), Decimal(120), 7)

    assert gone == Decimal(4)  # two pieces went at 10 and cost 12
    assert (worth.quantity, worth.value, worth.uncosted) == (Decimal(8), Decimal(96), 0)


def test_what_a_reversal_cannot_take_off_the_rest_is_gone():
    worth = average()
    worth.receive(Decimal(10), Decimal(100), 1)
    worth.receive(Decimal(10), Decimal(120), 2)
    worth.issue(Decimal(10))  # at the average: 110

    assert worth.issue(Decimal(10), Decimal(120), 2) == (Decimal(120), Decimal(-10))
    assert (worth.quantity, worth.value) == (0, ZERO)


@pytest.mark.parametrize("make", [average, fifo])
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(journey=steps)
def test_every_riyal_is_accounted_for(make, journey):
    worth, books = make(), ZERO
    for sequence, (what, quantity, value) in enumerate(journey):
        if what == "receive":
            books += value - worth.receive(quantity, value, sequence)
        elif what == "revalue":
            on_hand, gone = worth.revalue(value, quantity)
            assert on_hand + gone == value
            books += on_hand
        elif what == "reverse":
            taken, gone = worth.issue(quantity, value, sequence - 1)
            assert taken == value
            books -= taken + gone
        else:
            quantity = quantity or worth.quantity
            if quantity > 0:
                taken, gone = worth.issue(quantity)
                assert gone == ZERO <= taken
                books -= taken

        assert worth.value == books
        assert worth.quantity != 0 or worth.value == ZERO
        assert worth.quantity < 0 or worth.value >= ZERO
        if worth.layers is not None and worth.quantity >= 0:
            assert sum(layer.value for layer in worth.layers) == worth.value
            assert sum(layer.remaining for layer in worth.layers) == worth.quantity
        if worth.layers and worth.quantity < 0:
            pytest.fail("there are layers of goods that are not there")


@given(value=riyals, part=pieces, whole=pieces)
def test_a_share_is_never_more_than_the_whole(value, part, whole):
    part, whole = sorted((part, whole))

    assert ZERO <= share(value, part, whole) <= value
    assert share(value, whole, whole) == value
