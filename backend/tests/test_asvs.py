"""docs/operations/security.md names tests that exist: a protection without one is only a claim."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operations" / "security.md").read_text(encoding="utf-8")
#: A whole path, or the file alone where a section says in which folder its files are.
NAMED = re.findall(r"`([\w/.]*)::(test_\w+)`", PAGE)
FILES = {path.name: path for path in (ROOT / "backend").rglob("test_*.py")}


def test_most_demands_name_a_test():
    demands = re.findall(r"^\| \d.*$", PAGE, re.MULTILINE)
    without = [line for line in demands if "test_" not in line and ".spec.ts" not in line]

    assert len(demands) > 50
    assert without == []


@pytest.mark.parametrize(("file", "name"), NAMED, ids=lambda part: part.rpartition("/")[2])
def test_each_test_that_is_named_exists(file, name):
    files = [ROOT / file if "/" in file else FILES[file]] if file else list(FILES.values())

    assert any(
        re.search(rf"^ *def {name}\(", path.read_text(encoding="utf-8"), re.MULTILINE)
        for path in files
    )
