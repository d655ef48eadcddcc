"""Legal numbers without gaps, given at posting."""

from django.db.models import F

from alawael.core.models import NumberSeries
from alawael.core.unit_of_work import in_unit


def open_series(key: str) -> None:
    """Make sure that a series exists, so that taking its numbers never has to insert."""
    if not NumberSeries.objects.filter(key=key).exists():
        NumberSeries.objects.create(key=key)


def take_number(key: str) -> int:
    """Take the next number of a series: 1, 2, 3, … without a gap.

    The number is part of the open unit of work: when the unit rolls back, so does the number.
    Call it last in a unit, because from here until the commit other units wait for this row.
    Raises RuntimeError outside a unit, NumberSeries.DoesNotExist for a series never opened.
    """
    return take_numbers(key, 1)


def take_numbers(key: str, count: int) -> int:
    """Take the next `count` numbers of a series at once; returns the first of them.

    Everything that `take_number` says holds for them all.
    """
    if not in_unit():
        raise RuntimeError("A legal number is taken inside the unit of work that uses it.")
    taken = NumberSeries.objects.filter(key=key).update(next_number=F("next_number") + count)
    if not taken:
        raise NumberSeries.DoesNotExist(f"The number series {key} was never opened.")
    return NumberSeries.objects.values_list("next_number", flat=True).get(key=key) - count
