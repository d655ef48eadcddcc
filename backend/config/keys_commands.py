"""`alawael keys`: making, replacing and dropping keys while the program runs."""

import json
import os
from pathlib import Path

import click
from django.conf import settings
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from alawael.core.resealing import (
    count_outdated,
    count_unsealed,
    held_by_keys,
    reseal,
    sealed_columns,
)
from alawael.core.sealing import key_id, known_ids
from config.env import KEYS, new_key
from config.env_keys import Keys, NotOurs, keys_of, write_keys

ENCRYPTION = "ENCRYPTION_KEY"
NAME = click.argument("name", type=click.Choice(sorted(KEYS)))
_RESTART = "Now restart every process with it, one after the other."


@click.group()
def keys() -> None:
    """Replace keys while the program runs. The steps: docs/operations/keys.md."""


@keys.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Show which keys are known, what each has sealed, and what stands in the clear.

    Exit code 1 when a key is missing.
    """
    held = {str(column): held_by_keys(column) for column in sealed_columns()}
    unsealed = count_unsealed()
    lost = sum(counts[""] for counts in held.values())
    if as_json:
        answer = {"keys": _known(), "sealed": held, "outdated": count_outdated(), "lost": lost}
        click.echo(json.dumps({**answer, "unsealed": unsealed}, indent=2))
    else:
        _print_known()
        _print_held(held, unsealed)
        _say_what_may_go(lost)
    context.exit(1 if lost else 0)


@keys.command()
@click.option("--yes", is_flag=True, help="Every process knows the new key: do not ask.")
@click.pass_context
def rotate(context: click.Context, yes: bool) -> None:
    """Seal everything again that a former ENCRYPTION_KEY has sealed, while the program runs; and
    what an earlier version kept in the clear.

    May be stopped and started again at any time. Exit code 1 when something is left.
    """
    waiting, unsealed = count_outdated(), sum(count_unsealed().values())
    if not waiting + unsealed:
        click.echo(f"Everything is sealed by the key in force, {known_ids()[0]}.")
        return
    click.echo(f"{waiting} values are to be sealed again by the key in force, {known_ids()[0]}.")
    if unsealed:
        click.echo(f"{unsealed} values stand in the clear, from an earlier version.")
    if not yes:
        question = "Has every process been restarted since that key and this version were put in?"
        click.confirm(question, abort=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task("Sealing", total=waiting + unsealed)
        outcome = reseal(each=lambda count: progress.advance(task, count))
    click.echo(f"{outcome.renewed - outcome.first} values were sealed again.")
    if outcome.first:
        click.echo(f"{outcome.first} values were sealed for the first time.")
    for place in outcome.broken:
        click.echo(f"✗ {place} does not open with any known key.", err=True)
    if outcome.left:
        reason = "were written meanwhile by a process of former settings or an earlier version"
        click.echo(f"✗ {outcome.left} {reason}: {_RESTART}", err=True)
    if outcome.broken or outcome.left:
        context.exit(1)
    _say_what_may_go(0)


@keys.command()
@NAME
@click.option("--prepare", is_flag=True, help="Only make it known; `switch` puts it in force.")
def new(name: str, prepare: bool) -> None:
    """Make a new key beside the present one, in the .env file or the files of NAME_FILE.

    With several servers, --prepare first: each must know the key before another one uses it.
    """
    now = keys_of(name, os.environ)
    fresh = new_key()
    if prepare:
        paths = _write(Keys(name, now.present, (fresh, *now.others)))
        _say(name, f"knows the key {key_id(fresh)}, which is not in force yet", paths)
        click.echo(f"{_RESTART} Then: alawael keys switch {name}")
    else:
        paths = _write(Keys(name, fresh, (now.present, *now.others)))
        _say(name, f"is the key {key_id(fresh)}; {key_id(now.present)} stays good", paths)
        click.echo(_next_step(name))


@keys.command()
@NAME
def switch(name: str) -> None:
    """Let the present key and the first of the others change places. Again: the way back."""
    now = keys_of(name, os.environ)
    if not now.others:
        raise click.ClickException(f"There is no other key. First: alawael keys new {name}")
    fresh, *rest = now.others
    paths = _write(Keys(name, fresh, (now.present, *rest)))
    _say(name, f"is the key {key_id(fresh)}; {key_id(now.present)} stays good", paths)
    click.echo(_next_step(name))


@keys.command()
@NAME
def drop(name: str) -> None:
    """Forget the former keys. Refused while one of them is needed to open something."""
    now = keys_of(name, os.environ)
    if not now.others:
        click.echo(f"There is no former {name}.")
        return
    if name == ENCRYPTION and (left := count_outdated()):
        raise click.ClickException(f"{left} values still need them. First: alawael keys rotate")
    paths = _write(Keys(name, now.present, ()))
    _say(name, "has no former keys any more", paths)
    click.echo(_RESTART)


def _write(wanted: Keys) -> list[Path]:
    try:
        return write_keys(wanted, os.environ)
    except NotOurs as reason:
        raise click.ClickException(str(reason)) from reason


def _say(name: str, what: str, paths: list[Path]) -> None:
    click.echo(f"{name} {what} ({', '.join(map(str, paths))}).")


def _next_step(name: str) -> str:
    if name == ENCRYPTION:
        return f"{_RESTART} Then: alawael keys rotate"
    if name == "JWT_SECRET":
        minutes = -(-settings.ACCESS_TOKEN_LIFETIME_MS // 60_000)
        return f"{_RESTART} {minutes} minutes later: alawael keys drop {name}"
    return f"{_RESTART} Then: alawael keys drop {name}"


def _known() -> dict[str, list[str]]:
    """The ids of all keys, the one in force first."""
    return {
        ENCRYPTION: known_ids(),
        "JWT_SECRET": [key_id(key) for key in (settings.JWT_SECRET, *settings.JWT_SECRETS_OLD)],
        "SESSION_SECRET": [
            key_id(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        ],
    }


def _print_known() -> None:
    table = Table(box=None, pad_edge=False)
    for title in ("Key", "In force", "Also known"):
        table.add_column(title)
    for name, (present, *others) in _known().items():
        table.add_row(name, present, ", ".join(others) or "–")
    _console().print(table)


def _print_held(held: dict[str, dict[str, int]], unsealed: dict[str, int]) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("\nSealed by")
    for identity in (*known_ids(), "unknown", "nobody"):
        table.add_column(f"\n{identity}", justify="right")
    for name, counts in held.items():
        table.add_row(name, *map(str, (*counts.values(), unsealed.get(name, 0))))
    _console().print(table)


def _say_what_may_go(lost: int) -> None:
    others = known_ids()[1:]
    if lost:
        click.echo(f"\n✗ {lost} values need a key that is not known. Put it into {ENCRYPTION}_OLD.")
        return
    if unsealed := sum(count_unsealed().values()):
        click.echo(f"\n{unsealed} values stand in the clear. Next: alawael keys rotate")
    if left := count_outdated():
        click.echo(f"\n{left} values need a former key. Next: alawael keys rotate")
    elif others:
        click.echo(f"Nothing needs {', '.join(others)}: alawael keys drop {ENCRYPTION}")


def _console() -> Console:
    # In a file or a pipe a line is a row, however long.
    return Console(highlight=False, width=None if os.isatty(1) else 200)
