"""Commands that start, migrate and prove the program."""

import json
import os
import socket
import sys
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command, execute_from_command_line


@click.command()
def run() -> None:
    """Prepare the database, then serve the web app, the API and the background worker."""
    from config.supervisor import Supervisor

    _refuse_taken_port()
    prepare_database()
    _say_what_starts()
    sys.exit(Supervisor(port=settings.PORT).run())


@click.command()
def serve() -> None:
    """Serve the web app and the API, without the background worker."""
    from config.supervisor import web_command

    _refuse_without_transactions()
    _say_what_starts()
    command = web_command()
    os.execv(command[0], command)  # noqa: S606 - our own interpreter, no shell


@click.command()
def worker() -> None:
    """Run background jobs, deliver announcements, seal the audit trail."""
    from alawael.core.worker import Worker

    Worker().run()


@click.command()
@click.option("--check", is_flag=True, help="Only say whether something is to be done.")
def migrate(check: bool) -> None:
    """Bring the database to the form this version needs; safe to run again."""
    if check:
        call_command("migrate", check_unapplied=True, verbosity=1)
    else:
        prepare_database()


@click.command()
def verify() -> None:
    """Prove on the live data that everything that always holds does hold."""
    from alawael.core.verify import verify as prove_all

    broken = 0
    for finding in prove_all():
        broken += not finding.holds
        mark = click.style("✓", fg="green") if finding.holds else click.style("✗", fg="red")
        click.echo(f"{mark} {finding.name}  ({finding.seconds:.2f} s)")
        for sentence in finding.contradictions:
            click.echo(f"    {sentence}")
    click.echo("All of it holds." if not broken else f"{broken} broken.")
    sys.exit(1 if broken else 0)


@click.command()
@click.option("--output", type=click.Path(path_type=Path), help="Write to this file.")
def openapi(output: Path | None) -> None:
    """Print the API's OpenAPI schema, the contract that typed clients are made from."""
    from config.api import api

    schema = json.dumps(api.get_openapi_schema(), indent=2, ensure_ascii=False, default=str) + "\n"
    if output:
        output.write_text(schema, encoding="utf-8")
    else:
        click.echo(schema, nl=False)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run a Django management command (makemigrations, shell …)."""
    execute_from_command_line(["alawael manage", *arguments])


def prepare_database() -> None:
    """Bring tables and first rows to what this version needs."""
    from alawael.core.install import install

    _refuse_without_transactions()
    call_command("migrate", verbosity=0, interactive=False)
    install()


def _refuse_taken_port() -> None:
    """The web server would share the port, and people would meet two programs in turn."""
    with socket.socket(socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, settings.PORT))
        except OSError as error:
            raise click.ClickException(
                f"Port {settings.PORT} is not free ({error.strerror}). Stop what listens there, "
                "or choose another one: PORT=3002."
            ) from error


def _refuse_without_transactions() -> None:
    """Production never starts on a database that could keep half of a change."""
    from alawael.core.engine import NoTransactions, require_transactions

    try:
        require_transactions()
    except NoTransactions as error:
        if settings.IS_STRICT:
            raise click.ClickException(str(error)) from error
        click.secho(f"! {error}", fg="yellow", err=True)


def _say_what_starts() -> None:
    from config.startup import lines

    for name, state in lines():
        click.echo(f"{click.style('✓', fg='green')} {name}: {state}", err=True)
