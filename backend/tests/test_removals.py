"""What takes a protection away still fits the program; `scripts/removals` tries each."""

import ast
import re

import pytest

from testing.removals import BACKEND, ENGINES, NotARemoval, Removal, removals

ALL = removals()


@pytest.mark.parametrize("removal", ALL, ids=lambda one: f"{one.area}: {one.guards}")
def test_a_removal_fits_the_program(removal):
    source = (BACKEND / removal.file).read_text(encoding="utf-8")

    ast.parse(removal.applied_to(source))
    assert removal.engine in ENGINES
    assert defines(removal.test)


def test_a_removal_that_fits_no_more_says_so():
    gone = Removal("trade", "a race", "a.py", find="claim()", put="pass", test="")

    with pytest.raises(NotARemoval, match="0 times"):
        gone.applied_to("pass")


def defines(test: str) -> bool:
    """Whether the named test exists; without its parameters."""
    file, *_, name = test.partition("[")[0].split("::")
    source = (BACKEND / file).read_text(encoding="utf-8")
    return bool(re.search(rf"^ *(def {name}\(|{name},$)", source, re.MULTILINE))
