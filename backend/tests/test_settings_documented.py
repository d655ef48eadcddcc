"""docs/operations/settings.md and config/env.py say the same, and so does a new .env file."""

import re
from pathlib import Path

import pytest

from config.env import ABOUT, NEEDED_WITH, SECRETS, VARIABLES
from config.env_sources import HELPERS
from config.env_table import default_of, new_env_file

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operations" / "settings.md").read_text(encoding="utf-8")
ROWS = {
    name: (default.strip("` "), unit.strip(), meaning)
    for name, default, unit, meaning in re.findall(
        r"^\| `(\w+)` \| (.*?) \| (.*?) \| (.+) \|$", PAGE, re.MULTILINE
    )
}


def test_every_setting_is_documented_and_nothing_else_is():
    assert list(ROWS) == list(VARIABLES)


@pytest.mark.parametrize("name", VARIABLES)
def test_default_and_unit_are_the_documented_ones(name):
    default, unit, _ = ROWS[name]

    assert (default, unit) == (default_of(name), ABOUT[name].unit)


def test_secrets_are_marked():
    assert [name for name, (_, _, meaning) in ROWS.items() if "🔒" in meaning] == SECRETS


def test_what_a_switch_needs_is_documented():
    documented = {
        (switch, name)
        for name, (_, _, meaning) in ROWS.items()
        for switch in re.findall(r"Needed with `(\w+)`", meaning)
    }

    assert documented == {(switch, name) for switch, names in NEEDED_WITH.items() for name in names}


@pytest.mark.parametrize("name", sorted(HELPERS))
def test_helpers_are_explained(name):
    assert name in PAGE


def test_a_new_env_file_names_every_setting():
    named = re.findall(r"^#?([A-Z][A-Z0-9_]+)=", new_env_file(), re.MULTILINE)

    assert named == list(VARIABLES)


def test_a_setting_that_nothing_reads_yet_is_said_to_do_nothing():
    program = "".join(path.read_text("utf-8") for path in ROOT.glob("backend/config/*.py"))
    unread = {
        name for name in VARIABLES if not re.search(rf"\b(env|self)\.{name.lower()}\b", program)
    }
    said = re.search(r"checks the settings of (.+?) and does\s+nothing with them", PAGE, re.DOTALL)

    assert said
    groups = re.findall(r"ENABLE|DATADOG|SENTRY|MONGODB_BACKUP", said[1].upper())
    assert {name for name in VARIABLES if name.startswith(tuple(groups))} == unread


def test_every_setting_has_a_sentence():
    assert [
        n for n, field in VARIABLES.items() if not (field.description or "").endswith(".")
    ] == []
