"""Where the value of a variable comes from: the environment, a file it names, or an .env file."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values

Source = Literal["env", "file", "default", "generated"]

ENVIRONMENTS = ("development", "test", "staging", "production")
# Read here and not part of Env: they say where to read, or belong to the tests.
HELPERS = {"ALAWAEL_ENV_FILE", "ALAWAEL_TEST_ENGINE", "MONGODB_TEST_URI", "CREDENTIALS_DIRECTORY"}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with the settings, and what to do about it."""

    name: str
    message: str
    remedy: str
    is_warning: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self.message} {self.remedy}"


@dataclass(frozen=True)
class Given:
    """A value somebody has given, and where they gave it."""

    value: str = field(repr=False)
    source: Source
    where: str = ""


@dataclass
class Reading:
    environment: str
    given: dict[str, Given]
    problems: list[Problem]


def read(
    environ: Mapping[str, str], *, names: Collection[str], secrets: Collection[str]
) -> Reading:
    """Gather what was given for `names`. The environment goes before any .env file."""
    problems: list[Problem] = []
    ours = {name: Given(value, "env") for name, value in environ.items() if value}
    file = env_file(environ)
    theirs = _read_env_file(file, problems) if file else {}
    given = _with_alias(theirs, problems) | _with_alias(ours, problems)

    for name in secrets:
        _read_secret_file(name, given, problems)
    problems += _unknown_names(ours, names, whole_file=False)
    problems += _unknown_names(theirs, names, whole_file=True)
    environment = given["ALAWAEL_ENV"].value if "ALAWAEL_ENV" in given else "development"
    return Reading(environment, {name: given[name] for name in names if name in given}, problems)


def env_file(environ: Mapping[str, str]) -> Path | None:
    """ALAWAEL_ENV_FILE, or .env.<environment>, or .env; tests read none of the last two."""
    if named := environ.get("ALAWAEL_ENV_FILE"):
        return home() / named
    environment = environ.get("ALAWAEL_ENV") or environ.get("NODE_ENV")
    if environment == "test":
        return None
    names = [f".env.{environment}"] if environment else []
    return next((home() / name for name in [*names, ".env"] if (home() / name).is_file()), None)


def home() -> Path:
    """What relative paths start from: the checkout, or the current folder outside of one."""
    checkout = Path(__file__).resolve().parents[2]
    return checkout if (checkout / "pyproject.toml").exists() else Path.cwd()


def is_readable_by_all(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o004)


def _read_env_file(path: Path, problems: list[Problem]) -> dict[str, Given]:
    if not path.is_file():
        remedy = "Correct the path, or leave the variable out."
        problems.append(Problem("ALAWAEL_ENV_FILE", f"names {path}, which is no file.", remedy))
        return {}
    # Nothing is interpolated: a $ in a password is a $.
    values = dotenv_values(path, interpolate=False)
    return {name: Given(value, "file", str(path)) for name, value in values.items() if value}


def _with_alias(given: dict[str, Given], problems: list[Problem]) -> dict[str, Given]:
    """NODE_ENV says the same as ALAWAEL_ENV, so that the production runbook's file works."""
    alias = given.get("NODE_ENV")
    if alias is None:
        return given
    own = given.get("ALAWAEL_ENV", alias)
    if own.value != alias.value:
        message = f"says {alias.value!r} and ALAWAEL_ENV says {own.value!r}."
        problems.append(Problem("NODE_ENV", message, "Keep one of them."))
    return given | {"ALAWAEL_ENV": own}


def _read_secret_file(name: str, given: dict[str, Given], problems: list[Problem]) -> None:
    """Take a secret from the file named by NAME_FILE, or from the credentials systemd passes."""
    pointer = given.get(f"{name}_FILE")
    if pointer and name in given:
        message = f"is given twice, as {name} and as {name}_FILE."
        problems.append(Problem(name, message, "Remove one of them."))
        return
    if pointer:
        path = home() / pointer.value
    elif name not in given and (folder := given.get("CREDENTIALS_DIRECTORY")):
        path = Path(folder.value) / name
        if not path.is_file():
            return
    else:
        return
    try:
        value = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not text"
        remedy = "Make the file readable for the program's user, or correct the path."
        problems.append(Problem(f"{name}_FILE", f"names {path}: {reason}.", remedy))
        return
    if value:
        given[name] = Given(value, "file", str(path))


def _unknown_names(
    given: Mapping[str, Given], names: Collection[str], *, whole_file: bool
) -> Iterator[Problem]:
    """A misspelt name would be ignored without a word.

    Everything in an .env file is meant for us; in the environment only what looks like ours is.
    """
    known = {*names, *(f"{name}_FILE" for name in names), *HELPERS, "NODE_ENV"}
    for name in sorted(set(given) - known):
        near = get_close_matches(name.upper(), known, n=1, cutoff=0.85)
        if not (near or whole_file or name.startswith("ALAWAEL_")):
            continue
        where = given[name].where or "the environment"
        meant = f"Did you mean {near[0]}?" if near else "Remove it, or correct its name."
        yield Problem(name, f"in {where} is no setting of Alawael ERP.", meant, is_warning=True)
