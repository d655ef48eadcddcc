"""The settings as a table to read and as an .env file to start from. Secrets are never shown."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from textwrap import wrap
from typing import Any

from config.env import (
    ABOUT,
    GROUPS,
    KEYS,
    NEEDED_WITH,
    SECRETS,
    STRICT,
    VARIABLES,
    judge,
    new_key,
)
from config.env_rules import without_password
from config.env_sources import Source

HIDDEN = "••••"


@dataclass(frozen=True)
class Row:
    """One variable: its value as it may be shown, where that comes from, what is wrong with it."""

    name: str
    group: str
    value: str
    unit: str
    source: Source
    where: str
    problem: str = ""
    warning: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def table(environ: Mapping[str, str]) -> list[Row]:
    """A row for every variable there is, in the order of the documentation."""
    verdict = judge(environ)
    given = verdict.reading.given
    made_here = [] if verdict.reading.environment in STRICT else KEYS
    rows = []
    for name, about in ABOUT.items():
        entry = given.get(name)
        source: Source = "generated" if name in made_here else "default"
        complaints = [p for p in verdict.problems if p.name in (name, f"{name}_FILE")]
        rows.append(
            Row(
                name=name,
                group=GROUPS[about.group],
                value=_shown(name, entry.value if entry else default_of(name)),
                unit=about.unit,
                source=entry.source if entry else source,
                where=entry.where if entry else "",
                problem=" ".join(f"{p.message} {p.remedy}" for p in complaints if not p.is_warning),
                warning=" ".join(f"{p.message} {p.remedy}" for p in complaints if p.is_warning),
            )
        )
    return rows


def default_of(name: str) -> str:
    """The default as it would be written in an .env file."""
    default: Any = VARIABLES[name].default
    if isinstance(default, bool):
        return str(default).lower()
    return "" if default == () else str(default)


def new_env_file(environment: str = "production") -> str:
    """An .env file with every variable explained and every key of ours already made."""
    lines = [
        "# Settings of Alawael ERP, made by `alawael env init`. This file holds secrets: keep it",
        "# readable for the program's user alone (chmod 600), out of version control, and store",
        "# a copy in a vault. What is commented out has the value that is shown.",
        "# docs/operations/settings.md explains every line.",
    ]
    for group, title in GROUPS.items():
        lines += ["", f"# --- {title}"]
        for name in (name for name, about in ABOUT.items() if about.group == group):
            lines += ["", *_explained(name), _setting(name, environment)]
    return "\n".join(lines) + "\n"


def _shown(name: str, value: str) -> str:
    if not value or name not in SECRETS:
        return value
    return without_password(value) if ABOUT[name].secret == "url" else HIDDEN  # noqa: S105


def _explained(name: str) -> Iterator[str]:
    text = (VARIABLES[name].description or "").replace("`", "")
    needed_by = [switch for switch, names in NEEDED_WITH.items() if name in names]
    if needed_by:
        text += f" Needed with {needed_by[0]}."
    if unit := {"ms": "milliseconds", "%": "percent", "bytes": "bytes"}.get(ABOUT[name].unit):
        text += f" In {unit}."
    for line in wrap(text, 94):
        yield f"# {line}"


def _setting(name: str, environment: str) -> str:
    if name == "ALAWAEL_ENV":
        return f"ALAWAEL_ENV={environment}"
    if name in KEYS:
        return f"{name}={new_key()}"
    return f"#{name}={default_of(name)}"
