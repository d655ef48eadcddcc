"""docs/operations/security.md claims nothing that no test would miss.

Each of its rows names tests, and each of those fails when what it protects is removed: the removals
stand in backend/tests/removals, and `scripts/removals` tries them.
"""

import re
from pathlib import Path

import pytest

from testing.removals import removals

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operations" / "security.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| \d.*$", PAGE, re.MULTILINE)
FILES = {path.name: path for path in (ROOT / "backend").rglob("test_*.py")}
BACKEND = ROOT / "backend"
GUARDED = {one.test.partition("[")[0] for one in removals()}

#: Tests that a row names beside a guarded one, and that no edit of the program can make fail.
BESIDE_A_GUARDED_ONE = {
    "test_whatever_is_sent_the_answer_is_as_documented": (
        "Schemathesis makes its cases up, and none of them has a name to call it by"
    ),
    "test_our_own_code_holds_no_secret": (
        "it reads what git knows, and the copy in which removals are tried is no checkout"
    ),
}


def named_in(row: str) -> list[str]:
    """The tests of a row as `pytest` calls them below backend/; a file stands once for several."""
    tests, file = [], ""
    for said, name in re.findall(r"`([\w/.]*)::(test_\w+)`", row):
        file = said or file
        path = ROOT / file if "/" in file else FILES[file]
        tests.append(f"{path.relative_to(BACKEND).as_posix()}::{name}")
    return tests


def items_in(text: str) -> set[str]:
    """ASVS numbers, those between "7.2.1 to 7.2.4" as well."""
    found = set(re.findall(r"\d+\.\d+\.\d+", text))
    for chapter, first, last in re.findall(r"(\d+\.\d+)\.(\d+) to \d+\.\d+\.(\d+)", text):
        found |= {f"{chapter}.{number}" for number in range(int(first), int(last) + 1)}
    return found


def test_every_row_names_a_test():
    assert len(ROWS) > 60
    assert [row for row in ROWS if not named_in(row)] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2:40].strip("| "))
def test_what_a_row_names_exists_and_fails_without_its_protection(row):
    unguarded = []
    for test in named_in(row):
        file, _, name = test.partition("::")
        source = (BACKEND / file).read_text(encoding="utf-8")
        assert re.search(rf"^ *def {name}\(", source, re.MULTILINE), f"There is no {test}"
        if test not in GUARDED and name not in BESIDE_A_GUARDED_ONE:
            unguarded.append(test)
    assert unguarded == [], "Say in backend/tests/removals what makes them fail."
    assert not GUARDED.isdisjoint(named_in(row)), "Nothing in this row is guarded by a removal."


def test_removals_are_of_items_that_the_page_claims():
    claimed = {item for row in ROWS for item in items_in(row.split("|")[1])}
    ours = [one for one in removals() if one.area in ("accounts", "around")]
    items = {item for one in ours for item in items_in(one.guards.partition(":")[0])}

    assert sorted(items - claimed) == []
