"""Books to test with: the Saudi chart, a fiscal year and entries of a few riyals."""

from datetime import UTC, date, datetime
from decimal import Decimal

from alawael.core.actors import SYSTEM, Actor
from alawael.ledger.books import Posting
from alawael.ledger.chart_services import install_chart
from alawael.ledger.models import Account, EntryKind, JournalEntry, Period
from alawael.ledger.period_services import open_fiscal_year
from alawael.ledger.services import post

NOON = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
MARCH = date(2026, 3, 31)


def open_books(*years: int) -> None:
    """Install the chart and open fiscal years (2026 unless said otherwise)."""
    install_chart(by=SYSTEM, at=NOON)
    for year in years or (2026,):
        open_fiscal_year(year, by=SYSTEM, at=NOON)


def the_account(code: str) -> Account:
    return Account.objects.get(code=code)


def the_period(name: str) -> Period:
    return Period.objects.get(starts_on=date.fromisoformat(f"{name}-01"))


def debit(code: str, amount: str | int | Decimal, **more: object) -> Posting:
    return Posting(the_account(code), debit=Decimal(amount), **more)  # type: ignore[arg-type]


def credit(code: str, amount: str | int | Decimal, **more: object) -> Posting:
    return Posting(the_account(code), credit=Decimal(amount), **more)  # type: ignore[arg-type]


def an_entry(
    amount: str | int | Decimal = "100.00",
    *,
    debited: str = "620006",
    credited: str = "111003",
    on: date = MARCH,
    memo: str = "Rent",
    by: Actor = SYSTEM,
) -> JournalEntry:
    """A posted entry of two lines: rent paid by bank unless said otherwise."""
    lines = [debit(debited, amount), credit(credited, amount)]
    return post(lines, on=on, memo=memo, kind=EntryKind.MANUAL, by=by, at=NOON)
