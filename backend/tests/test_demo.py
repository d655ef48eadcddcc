"""The demo: a company that could be real, and never on top of one that is."""

from datetime import UTC, datetime
from random import Random

import pytest
from click.testing import CliRunner
from django.db import connection
from rich.console import Console

from alawael.core.install import install
from alawael.core.verify import verify
from config.demo import command, goods, keeping
from config.demo.calendar import Calendar
from testing.ledger import an_entry, open_books

MONDAY = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)


def test_never_in_production(settings):
    settings.IN_PRODUCTION = True

    answer = CliRunner().invoke(command.demo)

    assert answer.exit_code != 0
    assert "production" in answer.output


def test_documents_that_are_there_are_found(db):
    assert command.first_documents() is None

    open_books()
    an_entry()

    assert command.first_documents() == "journal entries"


@pytest.mark.slow
def test_what_is_played_holds(db, monkeypatch):
    if connection.vendor == "mongodb":
        pytest.skip("only on SQLite: it is the services that are tested on both engines")
    monkeypatch.setattr(command, "DAYS", 75)
    monkeypatch.setattr(goods, "NUMBER", 90)
    monkeypatch.setattr(keeping, "ASSORTMENT", {**dict.fromkeys(keeping.ASSORTMENT, 12), "RUH": 90})
    install()

    command.played(7, MONDAY, Console(quiet=True))

    documents = dict(command.counted())
    assert documents["invoices and credit notes"] > 20
    assert documents["goods receipts"] > 0
    assert documents["stock transfers"] > 0
    assert documents["bank statements"] > 0
    assert [finding.name for finding in verify() if not finding.holds] == []


def test_nothing_happens_on_a_weekend():
    calendar = Calendar(Random(1), until=MONDAY)

    days = [calendar.working_day(MONDAY, days) for days in range(14)]

    assert {day.weekday() for day in days} == {0, 1, 2, 3, 6}
    assert days == sorted(days)
