"""The company, and how a command is tried.

Two things are looked at: a refused command must have changed nothing, and whatever happened, every
proof of `alawael verify` must hold. Whoever picks the commands (hypothesis, or a seed for a long
run) hands in whole numbers; the company makes sensible and senseless requests of them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from django.apps import apps
from django.db.models import Count, Sum

from alawael.accounts.models import User
from alawael.catalog.models import Product
from alawael.core.announcements import deliver_next
from alawael.core.clock import business_day, now
from alawael.core.errors import Refusal
from alawael.core.install import install
from alawael.core.unit_of_work import unit_of_work
from alawael.core.verify import verify
from alawael.ledger.period_services import open_years_of
from alawael.parties.models import Party
from alawael.stock.models import CostingMethod, StockBalance, Tracking, Warehouse
from testing.cast import NOON, a_user
from testing.catalog import a_product
from testing.parties import a_customer, a_supplier, our_company
from testing.stock import a_bin, a_warehouse, kept

T = TypeVar("T")

#: The domains whose rows a refused command must leave alone.
WATCHED = ("stock", "sales", "purchasing", "invoicing", "payments", "ledger")

#: Goods live for several stories, long enough to be ordered, received, sold and brought back.
STORIES_PER_GOODS = 8


class Choices:
    """Whole numbers turned into choices, so that one sequence of numbers is one story."""

    def __init__(self, number: int) -> None:
        self._left = number

    def below(self, bound: int) -> int:
        self._left, chosen = divmod(self._left, bound)
        return chosen

    def one_of(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def quantity(self) -> Decimal:
        """Mostly small, sometimes broken, rarely more than there can be."""
        return Decimal(self.one_of(("1", "1", "2", "2", "3", "3", "5", "7", "12", "0.5", "1000")))

    def price(self) -> Decimal:
        return Decimal(self.one_of(("10", "12.5", "9.99", "0.333333", "100")))

    def money(self) -> Decimal:
        return Decimal(self.one_of(("10.00", "1.15", "23.00", "0.01", "500.00")))

    def flag(self) -> bool:
        return bool(self.below(2))

    def usually(self) -> bool:
        """Three times of four."""
        return self.below(4) > 0


@dataclass
class World:
    """What the commands act upon. Every story has goods of its own; the parties stay."""

    author: User
    approver: User
    warehouses: list[Warehouse]
    customers: list[Party]
    suppliers: list[Party]
    products: list[Product] = field(default_factory=list)
    stories: int = 0
    #: Later than everything before, so that no two commands happen at one moment.
    at: datetime = NOON

    @classmethod
    def founded(cls) -> "World":
        install()
        our_company()
        return cls._furnished()

    @classmethod
    @unit_of_work
    def _furnished(cls) -> "World":
        author, approver = a_user("author", "*"), a_user("approver", "*")
        open_years_of([business_day(NOON)], by=author, at=NOON)
        riyadh, jeddah = a_warehouse("RUH"), a_warehouse("JED")
        a_bin("RUH-A-01", warehouse=riyadh)
        customers = [
            a_customer(
                name_en=name, name_ar="عميل", code=name, credit_limit=limit,
                other_id_scheme="CRN", other_id="1010999999",
            )
            for name, limit in (("Noor", None), ("Sahar", None), ("Limited", Decimal(500)))
        ]  # fmt: skip
        suppliers = [a_supplier(name_en="Mill", name_ar="مورد", code="Mill")]
        return cls(author, approver, [riyadh, jeddah], customers, suppliers)

    @unit_of_work
    def begin_story(self) -> None:
        """Every few stories new goods, one of each kind: averaged, first in first out, in lots."""
        self.stories += 1
        if self.stories % STORIES_PER_GOODS != 1:
            return
        n = self.stories
        averaged, layered, batched = (
            a_product(f"{letter}-{n}", price=Decimal(20)) for letter in "AFL"
        )
        kept(layered, costing=CostingMethod.FIFO)
        kept(batched, tracking=Tracking.LOT, needs_inspection=True)
        # The goods of the stories before go on being traded.
        self.products = [averaged, layered, batched, *self.products][:6]

    def tick(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def goods(self, choices: Choices) -> Product:
        """Usually the newest, or the commands would never meet at the same goods."""
        return choices.one_of(self.products[:3] if choices.usually() else self.products)

    def place(self, choices: Choices) -> Warehouse:
        return self.warehouses[0] if choices.usually() else choices.one_of(self.warehouses)

    @property
    def today(self) -> date:
        return business_day(self.at)


Command = Callable[[World, Choices], Any]
COMMANDS: dict[str, Command] = {}


def command(function: Command) -> Command:
    """Register something that somebody may try at any moment, in one unit of work."""
    COMMANDS[function.__name__] = unit_of_work(function)
    return function


class NothingThere(Exception):
    """There is no document that the command could be tried on."""


def some(choices: Choices, model: Any, likely: Iterable[str] = (), **wanted: Any) -> Any:
    """One of the newest few documents, usually in a state in which the command makes sense."""
    rows = model._default_manager.filter(**wanted).order_by("-id")
    if likely and choices.usually():
        rows = rows.filter(state__in=[str(state) for state in likely])
    found = list(rows[:5])
    if not found:
        raise NothingThere
    return choices.one_of(found)


def a_line(choices: Choices, document: Any) -> Any:
    """One of a document's lines."""
    return choices.one_of(list(document.lines.order_by("position")))


def who(world: World, choices: Choices) -> dict[str, Any]:
    """Somebody, a moment later than whatever happened before."""
    return {"by": choices.one_of((world.author, world.approver)), "at": world.tick()}


@dataclass
class Log:
    """What was tried, and how it went."""

    carried_out: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    skipped: int = 0

    @property
    def commands(self) -> int:
        return self.carried_out.total() + self.refused.total()


def next_command(dice: Random, log: Log) -> tuple[str, int]:
    """Any command, or of a few the one that was carried out least.

    What stands at the end of a long chain (an order, a shipment, an invoice, a credit note) would
    hardly ever be reached by chance alone; and nothing is reached without its beginnings.
    """
    few = dice.sample(sorted(COMMANDS), dice.choice((1, 1, 5)))
    return min(few, key=lambda name: log.carried_out[name]), dice.getrandbits(48)


class RefusalLeftTraces(AssertionError):
    """A command was refused, and yet something is not as it was before."""


def attempt(world: World, name: str, number: int, log: Log, *, watch: bool = True) -> None:
    """Try a command. Raises RefusalLeftTraces, and whatever is no refusal."""
    choices = Choices(number)
    before = fingerprint() if watch else {}
    try:
        COMMANDS[name](world, choices)
    except NothingThere:
        log.skipped += 1
    except Refusal as refusal:
        log.refused[f"{name}: {refusal.code}"] += 1
        if watch and (traces := _changed(before, fingerprint())):
            raise RefusalLeftTraces(f"{name} ({refusal.code}) changed {traces}") from refusal
    else:
        log.carried_out[name] += 1


def fingerprint() -> dict[str, tuple[Any, ...]]:
    """Of every table that trade touches: how many rows, and the sums that any change moves."""
    return {model._meta.label: _sums(model) for model in _watched()}


def _sums(model: Any) -> tuple[Any, ...]:
    sums: dict[str, Any] = {"rows": Count("pk")}
    names = {f.name for f in model._meta.concrete_fields}
    if "version" in names:
        sums["versions"] = Sum("version")
    if model is StockBalance:
        sums |= {"on_hand_sum": Sum("on_hand"), "reserved_sum": Sum("reserved")}
    if "settled" in names:
        sums["settled_sum"] = Sum("settled")
    return tuple(model._default_manager.aggregate(**sums).values())


def _watched() -> Iterator[Any]:
    for domain in WATCHED:
        yield from apps.get_app_config(domain).get_models()


def _changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [name for name, sums in before.items() if after[name] != sums]


def contradictions() -> list[str]:
    """What `alawael verify` has to say against the books; nothing when all is well.

    What was announced is told first, as the worker would.
    """
    while deliver_next(at=now()):
        pass
    return [
        f"{finding.name}: {sentence}" for finding in verify() for sentence in finding.contradictions
    ]
