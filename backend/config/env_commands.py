"""`alawael env`: look at the settings, make them, mend them. Works while they are wrong."""

import json
import os
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from config.env import judge, new_key
from config.env_sources import ENVIRONMENTS, Problem, home
from config.env_table import Row, new_env_file, table

ENVIRONMENT = click.Choice(ENVIRONMENTS)


@click.group()
def env() -> None:
    """Check the settings of this installation, or make new ones."""


@env.command()
@click.option("--env", "environment", type=ENVIRONMENT, help="Judge as if ALAWAEL_ENV were this.")
@click.option("--file", type=click.Path(exists=True, dir_okay=False), help="Read this .env file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.pass_context
def check(context: click.Context, environment: str | None, file: str | None, as_json: bool) -> None:
    """Show every setting, where it comes from, and all problems. Exit code 1 when there are any."""
    environ = dict(os.environ)
    if environment:
        environ |= {"ALAWAEL_ENV": environment, "NODE_ENV": environment}
    if file:
        environ["ALAWAEL_ENV_FILE"] = str(Path(file).resolve())
    verdict = judge(environ)
    errors = [problem for problem in verdict.problems if not problem.is_warning]
    warnings = [problem for problem in verdict.problems if problem.is_warning]
    if as_json:
        _print_json(verdict.reading.environment, table(environ), errors, warnings)
    else:
        _print_table(verdict.reading.environment, table(environ), errors, warnings)
    context.exit(1 if errors else 0)


@env.command()
@click.option("--env", "environment", type=ENVIRONMENT, default="production", show_default=True)
@click.option("--file", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.")
@click.option("--force", is_flag=True, help="Overwrite the file that is there, with new secrets.")
def init(environment: str, file: Path | None, force: bool) -> None:
    """Write a commented .env file with new secrets, readable for you alone."""
    path = file or home() / (".env" if environment == "development" else f".env.{environment}")
    if path.exists() and not force:
        raise click.ClickException(
            f"{path} is there already. --force overwrites it; its secrets are then lost, "
            "and with ENCRYPTION_KEY everything it has sealed."
        )
    # Beside it first, so that an interrupted write leaves the old file whole.
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(new_env_file(environment))
    draft.replace(path)
    click.echo(f"Wrote {path}. Read it, then: alawael env check --file {path}")


@env.command()
def key() -> None:
    """Print a new random key, fit for JWT_SECRET, SESSION_SECRET or ENCRYPTION_KEY."""
    click.echo(new_key())


def _print_json(
    environment: str, rows: list[Row], errors: list[Problem], warnings: list[Problem]
) -> None:
    answer = {
        "environment": environment,
        "ok": not errors,
        "settings": [row.as_json() for row in rows],
        "problems": [_as_json(problem) for problem in errors],
        "warnings": [_as_json(problem) for problem in warnings],
    }
    click.echo(json.dumps(answer, indent=2, ensure_ascii=False))


def _as_json(problem: Problem) -> dict[str, str]:
    return {"name": problem.name, "message": problem.message, "remedy": problem.remedy}


def _print_table(
    environment: str, rows: list[Row], errors: list[Problem], warnings: list[Problem]
) -> None:
    # In a file or a pipe a line is a row, however long.
    console = Console(highlight=False, width=None if os.isatty(1) else 200)
    grid = Table(title=f"Settings for {environment}")
    for title in ("", "Setting", "Value", "Unit", "From"):
        grid.add_column(title, no_wrap=title == "Setting", overflow="fold")
    for row in rows:
        mark = "✗" if row.problem else "!" if row.warning else "✓"
        source = f"{row.source} {row.where}".strip()
        grid.add_row(mark, row.name, row.value, row.unit, source)
    console.print(grid)
    for problem in errors:
        console.print(f"✗ {problem}", markup=False, soft_wrap=True)
    for problem in warnings:
        console.print(f"! {problem}", markup=False, soft_wrap=True)
    verdict = "1 problem" if len(errors) == 1 else f"{len(errors)} problems"
    console.print(f"✗ {verdict} to solve." if errors else "✓ These settings can be used.")
