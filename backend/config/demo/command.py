"""`alawael demo`: fill an empty database with a year of a believable company."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from time import perf_counter

import click
from django.conf import settings
from django.db.models import Model
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from alawael.core.clock import BUSINESS_ZONE, business_day, now
from alawael.core.unit_of_work import unit_of_work
from alawael.invoicing.models import Bill, Invoice
from alawael.ledger.models import JournalEntry
from alawael.payments.models import BankStatement, Payment
from alawael.purchasing.models import PurchaseOrder, Receipt, SupplierReturn
from alawael.sales.models import CustomerReturn, SalesOrder, Shipment
from alawael.stock.models import StockCount, StockMove, StockTransfer
from config.demo.banking import Banking
from config.demo.buying import Buying
from config.demo.calendar import Calendar
from config.demo.company import Stage, a_stage, an_administrator
from config.demo.goods import enter_goods
from config.demo.keeping import Keeping
from config.demo.selling import Selling
from config.demo.traders import enter_traders

DAYS = 365
DOCUMENTS: tuple[tuple[str, type[Model]], ...] = (
    ("purchase orders", PurchaseOrder),
    ("goods receipts", Receipt),
    ("supplier bills", Bill),
    ("returns to suppliers", SupplierReturn),
    ("sales orders", SalesOrder),
    ("shipments", Shipment),
    ("invoices and credit notes", Invoice),
    ("customer returns", CustomerReturn),
    ("payments", Payment),
    ("bank statements", BankStatement),
    ("stock transfers", StockTransfer),
    ("stock counts", StockCount),
    ("stock moves", StockMove),
    ("journal entries", JournalEntry),
)


@click.command()
@click.option("--seed", default=1447, show_default=True, help="Another number, another year.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The last day of the year that is played; today when left out.",
)
def demo(seed: int, until: datetime | None) -> None:
    """Fill an empty database with a trading company and a year of its documents.

    Refuses where documents are already, and in production. The same seed and day give the same
    company.
    """
    from config.run_commands import prepare_database

    if settings.IN_PRODUCTION:
        raise click.ClickException("This is a production system; it gets no invented documents.")
    prepare_database()
    if kind := first_documents():
        raise click.ClickException(f"There are {kind} already. The demo needs an empty database.")
    console = Console(highlight=False)
    began = perf_counter()
    administrator = an_administrator(at=now())
    stage = played(seed, _evening(until), console)
    _print(stage, perf_counter() - began, console)
    if administrator is not None:
        email, password = administrator
        console.print(f"Sign in as {email} with the password {password} (shown only now).")


def _evening(until: datetime | None) -> datetime:
    """The end of that day in Riyadh, or this moment."""
    if until is None:
        return now()
    return min(until.replace(hour=21, tzinfo=BUSINESS_ZONE).astimezone(UTC), now())


def played(seed: int, until: datetime, console: Console) -> Stage:
    """The company after the year that ends at `until`; its database must have no documents."""
    dice = Random(seed)  # noqa: S311 - believable, not secret
    first = business_day(until) - timedelta(days=DAYS)
    began = datetime(first.year, first.month, first.day, 8, tzinfo=BUSINESS_ZONE).astimezone(UTC)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console
    ) as bar:
        shown = bar.add_task("Company", total=DAYS + 20)
        stage = a_stage(dice, began=began, until=until)
        stage.goods = enter_goods(dice, by=stage.staff["lama"], at=began)
        bar.update(shown, description="Customers and suppliers", advance=10)
        by = stage.staff["salem"]
        stage.suppliers, stage.customers = enter_traders(dice, by=by, at=began)
        bar.update(shown, description="Opening stock", advance=10)
        calendar = Calendar(dice, until=until)
        _begin(stage, calendar, at=began)
        calendar.play(
            lambda day: bar.update(
                shown, description=f"{day:%B %Y}", completed=20 + (day - first).days
            )
        )
        bar.update(shown, completed=DAYS + 20)
    return stage


@unit_of_work
def _begin(stage: Stage, calendar: Calendar, *, at: datetime) -> None:
    parts = (Keeping(stage, calendar), Buying(stage, calendar), Selling(stage, calendar))
    for part in (*parts, Banking(stage, calendar)):
        part.begin(at)


def first_documents() -> str | None:
    """What kind of documents there are already; None when there are none."""
    return next((name for name, number in counted() if number), None)


def counted() -> Iterator[tuple[str, int]]:
    return ((name, model._default_manager.count()) for name, model in DOCUMENTS)


def _print(stage: Stage, seconds: float, console: Console) -> None:
    console.print(
        f"{len(stage.warehouses)} warehouses, {len(stage.goods)} products, "
        f"{len(stage.suppliers)} suppliers, {len(stage.customers)} customers"
    )
    for name, number in counted():
        console.print(f"{number:>8,} {name}")
    console.print(f"A year in {seconds:.0f} s. `alawael verify` proves it, `alawael run` shows it.")
