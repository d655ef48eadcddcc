"""Where the keys of an installation are written, and writing them there: an .env file, or the files
that NAME_FILE and NAME_OLD_FILE name. What stands in the environment itself is not ours to change.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.env import SECRETS, VARIABLES, Env, load
from config.env_sources import Given, env_file, home, read


class NotOurs(Exception):
    """The key stands where this program cannot or must not write; says where and what to do."""


@dataclass(frozen=True)
class Keys:
    """A key in force, and those that are known beside it: former ones, or one that is to come."""

    name: str
    present: str
    others: tuple[str, ...]


def keys_of(name: str, environ: Mapping[str, str]) -> Keys:
    """The keys of JWT_SECRET, SESSION_SECRET or ENCRYPTION_KEY as they are set now."""
    env = load(environ)
    field = name.lower()
    return Keys(name, getattr(env, field), Env.former(getattr(env, f"{field}_old")))


def write_keys(keys: Keys, environ: Mapping[str, str]) -> list[Path]:
    """Put the keys where they are set; returns the files. Raises NotOurs, and then wrote nothing.

    The other keys are written before the one in force: at no moment is a key nowhere.
    """
    names = [*VARIABLES, *(f"{name}_FILE" for name in SECRETS)]
    given = read(environ, names=names, secrets=SECRETS).given
    values = {f"{keys.name}_OLD": ",".join(keys.others), keys.name: keys.present}
    files = {name: _file_of(name, given, environ) for name in values}
    settings = {name: value for name, value in values.items() if files[name] is None}
    path = env_file(environ) or home() / ".env"
    if settings and len(settings) < len(values) and not path.exists():
        raise NotOurs(
            f"Only one of {' and '.join(values)} has a file. Make an empty one for the other, "
            f"readable for the program alone, and set {next(iter(settings))}_FILE to its path."
        )
    for name, value in values.items():
        if (file := files[name]) is not None:
            _replace(file, f"{value}\n")
        elif name in settings:
            text = path.read_text("utf-8") if path.exists() else ""
            _replace(path, _with_settings(text, settings))
            settings = {}
    return sorted({file or path for file in files.values()})


def _file_of(name: str, given: Mapping[str, Given], environ: Mapping[str, str]) -> Path | None:
    """The file that holds this secret alone, or None when it stands in an .env file."""
    if pointer := given.get(f"{name}_FILE"):
        return home() / pointer.value
    entry = given.get(name)
    if entry and entry.source == "env":
        raise NotOurs(f"{name} comes from the environment. Change it where it is set.")
    if entry and entry.where != str(env_file(environ)):
        raise NotOurs(f"{name} comes from {entry.where}, which systemd makes. Change it there.")
    return None


def _with_settings(text: str, values: Mapping[str, str]) -> str:
    """The lines of an .env file with these settings in their places, or at its end."""
    for name, value in values.items():
        line = f"{name}={value}" if value else f"#{name}="
        written = re.search(rf"^(?:export\s+)?{name}\s*=.*$", text, re.MULTILINE)
        place = written or re.search(rf"^#\s*{name}\s*=.*$", text, re.MULTILINE)
        if place:
            text = text[: place.start()] + line + text[place.end() :]
        else:
            text += ("" if not text or text.endswith("\n") else "\n") + f"{line}\n"
    return text


def _replace(path: Path, text: str) -> None:
    """Write beside it and rename, for the same user and readable for no one else."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text)
        if path.exists():
            owner = path.stat()
            os.fchmod(stream.fileno(), owner.st_mode & 0o777)
            if os.geteuid() == 0:
                os.fchown(stream.fileno(), owner.st_uid, owner.st_gid)
    draft.replace(path)
