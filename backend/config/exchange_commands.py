"""`alawael import`: a file into the books from the server's own keyboard."""

import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast

import click
from django.db import connection
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from alawael.core import job_queue
from alawael.core.actors import SYSTEM
from alawael.core.clock import now
from alawael.core.errors import Refusal
from alawael.core.models import Job, JobState
from alawael.exchange import jobs, queries, reports, services
from alawael.exchange.models import Import, ImportState
from alawael.exchange.profiles import PROFILES

_PAUSE = 0.25


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--profile", type=click.Choice(list(PROFILES)), help="Guessed when left out.")
@click.option("--check", "only_check", is_flag=True, help="Check every row and write nothing.")
@click.option("--goods", is_flag=True, help="Receive and ship the goods of invoices as well.")
@click.option("--cost-percent", default="60", show_default=True, help="What goods cost, of price.")
@click.option("--warehouse", default="", help="Code of the warehouse; else the oldest in use.")
def import_file(
    file: Path,
    profile: str | None,
    only_check: bool,
    goods: bool,
    cost_percent: str,
    warehouse: str,
) -> None:
    """Import a CSV (also .gz) or XLSX file and show what became of every row."""
    console = Console(highlight=False)
    try:
        batch = _uploaded(file, profile or "")
        if goods:
            wishes = {"goods": "ship", "cost_percent": cost_percent, "warehouse": warehouse}
            batch = _with_options(batch, wishes)
        start = jobs.start_check if only_check else jobs.start_run
        batch = start(batch, expected_version=None, by=SYSTEM, at=now())
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence("en")) from None
    batch = _watch(batch, console)
    report = batch.check_report if only_check else batch.run_report
    if report is None or batch.state not in (ImportState.CHECKED, ImportState.DONE):
        raise click.ClickException(batch.failure_en or f"The import ended as {batch.state}.")
    _print(batch, report, console)
    if not reports.reconciles(report):
        raise click.ClickException("The report does not account for every row.")


def _uploaded(file: Path, profile: str) -> Import:
    with file.open("rb") as stream:
        batch = services.upload(
            cast(BinaryIO, stream),
            name=file.name,
            content_type="application/octet-stream",
            profile=profile,
            by=SYSTEM,
            at=now(),
        )
    if not batch.profile:
        raise click.ClickException("Nothing fits these headings. Choose a --profile.")
    return batch


def _with_options(batch: Import, options: dict[str, str]) -> Import:
    return services.remap(
        batch,
        profile=None,
        mapping=None,
        options=options,
        expected_version=None,
        by=SYSTEM,
        at=now(),
    )


def _watch(batch: Import, console: Console) -> Import:
    """Work on the queue here, beside any other worker, until the import's job has ended."""
    ended = threading.Event()

    def work() -> None:
        name = f"command-line-{batch.pk}"
        while not ended.is_set() and not _job(batch).is_finished:
            if not job_queue.run_next(worker=name, stopping=ended):
                time.sleep(_PAUSE)
        connection.close()

    worker = threading.Thread(target=work, name="import")
    worker.start()
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} rows"),
        TimeElapsedColumn(),
        console=console,
    )
    try:
        with bar:
            shown = bar.add_task(batch.file.name, total=batch.total or 1)
            while worker.is_alive():
                batch = queries.import_called(batch.pk)
                bar.update(shown, completed=batch.done, total=batch.total or 1)
                worker.join(_PAUSE)
            batch = queries.import_called(batch.pk)
            bar.update(shown, completed=batch.done, total=batch.total or 1)
    finally:
        ended.set()
        worker.join()
    if _job(batch).state == JobState.FAILED:
        raise click.ClickException(_job(batch).last_error)
    return batch


def _job(batch: Import) -> Job:
    return Job.objects.get(pk=str(batch.job))


def _print(batch: Import, report: dict[str, Any], console: Console) -> None:
    seconds = ((batch.finished_at or now()) - (batch.began_at or now())) / timedelta(seconds=1)
    rows, amounts = report["rows"], report["amounts"]
    console.print(
        f"{rows['total']:,} rows in {seconds:.1f} s: {rows['total'] / seconds:,.0f} rows/s"
    )
    for action in reports.ACTIONS:
        amount = f"  {amounts[action]:>16}" if amounts else ""
        console.print(f"  {action:<10} {rows[action]:>9,} rows{amount}")
    total = f"  {amounts['total']:>16}" if amounts else ""
    mark = "✓" if reports.reconciles(report) else "✗"
    console.print(f"{mark} {'file':<10} {rows['total']:>9,} rows{total}  (+ {rows['blank']} blank)")
    for kind, actions in report["records"].items():
        counted = ", ".join(f"{count:,} {action}" for action, count in actions.items())
        console.print(f"  {kind}: {counted}")
    for fact, count in report["facts"].items():
        console.print(f"  {fact.replace('_', ' ')}: {count:,}")
    for note in report["notes"]:
        console.print(f"  {note['en']}", soft_wrap=True)
    for refused in queries.refused_rows(batch).order_by("row", "id")[:20]:
        console.print(
            f"  ✗ row {refused.row} {refused.column}: {refused.message_en}",
            markup=False,
            soft_wrap=True,
        )
