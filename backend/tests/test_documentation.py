"""What is written about the program agrees with the program. Few rules, and certain ones."""

import json
import re
import tomllib
from functools import cache
from pathlib import Path

import click
import pytest

from alawael.accounts.permissions import known_permissions
from alawael.core.version import VERSION
from config.api import api
from config.cli import COMMANDS, main
from config.env import VARIABLES
from config.env_sources import HELPERS
from tests.architecture import domains

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-tools.lock"]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
DECISIONS = sorted(ROOT.glob("docs/decisions/*.md"))
#: Pages about how it is now. A decision or an entry of the changelog may name what was.
MANUALS = [page for page in PAGES if page not in DECISIONS and page.name != "CHANGELOG.md"]
#: What stands for a name, in "the file named by NAME_FILE".
PLACEHOLDERS = {"NAME", "NAME_FILE"}
manuals = pytest.mark.parametrize("page", MANUALS, ids=lambda page: str(page.relative_to(ROOT)))


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


def locked(name):
    """Each package of a lock, with its version and the condition it is installed on."""
    return set(re.findall(r"^([a-z0-9._-]+==[^\\\n]+?) \\$", text_of(name), re.MULTILINE))


def packages_in(requirements):
    return [re.split(r"[<>=\[; ]", line)[0] for line in requirements]


def test_the_changelog_starts_with_this_version():
    newest = re.search(r"^## (\S+)", text_of("CHANGELOG.md"), re.MULTILINE)

    assert newest
    assert newest[1] == VERSION == PROJECT["project"]["version"]


@pytest.mark.parametrize("domain", domains(), ids=lambda domain: domain.name)
def test_every_domain_is_on_the_map(domain):
    assert re.search(rf"^\| `{domain.name}` \| \S", text_of("ARCHITECTURE.md"), re.MULTILINE)


def test_every_dependency_has_a_reason_and_every_reason_a_dependency():
    groups = PROJECT["dependency-groups"]
    chosen = [*PROJECT["project"]["dependencies"], *groups["dev"], *groups["tools"]]
    page = text_of("docs/decisions/0005-dependencies.md")
    explained = re.findall(r"^\| `([\w-]+)` \| \S", page, re.MULTILINE)

    assert sorted(explained) == sorted(packages_in(chosen))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_of_python_holds_hashes_and_no_address(name):
    lock = text_of(name)

    assert "://" not in lock
    assert "--index" not in lock
    assert len(locked(name)) == len(re.findall(r"^[a-z0-9]", lock, re.MULTILINE))


def test_the_lock_of_the_web_app_holds_hashes_and_no_address():
    lock = json.loads(text_of("frontend/package-lock.json"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}

    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [
        name
        for name, entry in packages.items()
        if not (entry.get("integrity") or entry.get("inBundle"))
    ] == []


def test_what_is_tested_is_what_runs():
    """`make run` leaves an environment for tests as it is, because it contains what it needs."""
    assert locked("requirements.lock") <= locked("requirements-dev.lock")


def test_everything_chosen_is_locked():
    names = {line.split("==")[0] for line in locked("requirements.lock")}

    assert set(packages_in(PROJECT["project"]["dependencies"])) <= names


def test_every_command_of_make_explains_itself():
    makefile = text_of("Makefile")
    declared = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    explained = re.findall(r"^([a-z0-9-]+):.*## \S", makefile, re.MULTILINE)

    assert declared
    assert sorted(declared[1].split()) == sorted(explained)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_of_make_that_pages_name_exist(page):
    named = set(re.findall(r"(?:^|`)make ([a-z0-9-]+)", page.read_text(encoding="utf-8"), re.M))
    known = set(re.findall(r"^([a-z0-9-]+):", text_of("Makefile"), re.MULTILINE))

    assert named <= known


@manuals
def test_variables_that_pages_name_are_read_by_something(page):
    """Settings of the program, or what make and the scripts take."""
    text = page.read_text(encoding="utf-8")
    named = {
        *re.findall(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`", text),
        *re.findall(r"(?:^|`)([A-Z][A-Z0-9_]*)=", text, re.MULTILINE),
    }
    settings = {*VARIABLES, *(f"{name}_FILE" for name in VARIABLES), *HELPERS, *PLACEHOLDERS}
    tools = [ROOT / "Makefile", *(ROOT / "scripts").iterdir(), *ROOT.glob("e2e/*.ts")]
    tools += [*ROOT.glob("benchmarks/*.py"), *ROOT.glob("backend/config/env*.py")]
    read = "".join(path.read_text(encoding="utf-8") for path in tools if path.is_file())

    assert {name for name in named - settings if not re.search(rf"\b{name}\b", read)} == set()


@manuals
def test_commands_that_pages_name_exist_with_their_options(page):
    typed = re.findall(
        r"(?:^|`)(?:[A-Z_]+=\S+ )*alawael ([a-z][^`\n#]*)", page.read_text("utf-8"), re.M
    )

    assert [one for one in typed if not is_a_command(one.split())] == []


def is_a_command(words):
    if words[0] not in COMMANDS:
        return False
    command = main.get_command(click.Context(main), words.pop(0))
    while isinstance(command, click.Group) and words:
        command = command.get_command(click.Context(command), words.pop(0))
    known = {option for one in command.params for option in one.opts} if command else set()
    options = set(re.findall(r"--[a-z-]+", " ".join(words)))
    return command is not None and options <= known


@manuals
def test_addresses_of_the_api_that_pages_name_exist(page):
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"(?:\b(GET|POST|PUT|PATCH|DELETE)\s+)?(?:[`…]|\s)(/api/[\w{}/-]+)", text)

    assert [one for one in named if not leads_somewhere(*one)] == []


@cache
def places_of_the_api():
    known = api.get_openapi_schema()["paths"]
    return {re.sub(r"\{\w+\}", "*", path): {*told} for path, told in known.items()}


def leads_somewhere(method, path):
    wanted = re.sub(r"\{\w+\}", "*", path)
    return any(
        re.fullmatch(re.escape(place).replace(r"\*", "[^/]+"), wanted)
        and (not method or method.lower() in methods)
        for place, methods in places_of_the_api().items()
    )


@manuals
def test_permissions_that_pages_name_exist(page):
    named = re.findall(r"`([a-z_]+:[a-z_]+)`", page.read_text(encoding="utf-8"))

    assert {name for name in named if name not in known_permissions} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)]+)\)", text)]
    ours = [target for target in targets if target and "://" not in target]

    assert [target for target in ours if not (page.parent / target).exists()] == []


def test_decisions_are_numbered_without_gap():
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_when_and_why(page):
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^## (\w+)", text, re.MULTILINE)

    assert text.startswith(f"# {page.name[:4]}: ")
    assert re.search(r"^Date: \d{4}-\d\d-\d\d\. Status: \w+", text, re.MULTILINE)
    assert headings == ["Context", "Decision", "Consequences"]
