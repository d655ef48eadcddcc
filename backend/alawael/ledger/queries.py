from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from alawael.core.errors import NotFound
from alawael.core.fields import LARGEST
from alawael.ledger.models import (
    Account,
    AccountRole,
    FiscalYear,
    JournalEntry,
    JournalLine,
    LedgerRole,
    Period,
)

T = TypeVar("T")


def accounts() -> QuerySet[Account]:
    return Account.objects.select_related("parent").order_by("code")


def account(account_id: UUID) -> Account:
    return _found(accounts().filter(pk=account_id).first())


def account_called(name: str) -> Account:
    """The account with a code or, failing that, an id."""
    found = accounts().filter(code=name).first()
    return found or account(_id(name))


def account_roles() -> list[AccountRole]:
    """Every role that has an account, in the order of the roles."""
    order = list(LedgerRole)
    rows = AccountRole.objects.select_related("account")
    return sorted(rows, key=lambda row: order.index(LedgerRole(row.role)))


def fiscal_years() -> QuerySet[FiscalYear]:
    return FiscalYear.objects.order_by("-year")


def periods() -> QuerySet[Period]:
    return Period.objects.select_related("fiscal_year").order_by("starts_on")


def period(period_id: UUID) -> Period:
    return _found(periods().filter(pk=period_id).first())


def entries() -> QuerySet[JournalEntry]:
    return JournalEntry.objects.prefetch_related("reverses").order_by("-number")


def entry(entry_id: UUID) -> JournalEntry:
    return _found(entries().filter(pk=entry_id).first())


def entry_with_number(number: int) -> JournalEntry:
    if not 0 < number <= LARGEST:
        raise NotFound()
    return _found(entries().filter(number=number).first())


def reversal_of(entry: JournalEntry) -> JournalEntry | None:
    return JournalEntry.objects.filter(reverses=entry).first()


def lines_of(entry: JournalEntry) -> QuerySet[JournalLine]:
    return entry.lines.select_related("account", "party").order_by("place")


def entries_touching(
    rows: QuerySet[JournalEntry], *, account_id: UUID | None, party_id: UUID | None
) -> QuerySet[JournalEntry]:
    """The entries with a line on an account, for a party, or on that account for that party."""
    lines = JournalLine.objects.all()
    if account_id is not None:
        lines = lines.filter(account=account_id)
    if party_id is not None:
        lines = lines.filter(party=party_id)
    return rows.filter(pk__in=lines.values("entry_id"))


def has_no_accounts() -> bool:
    return not Account.objects.exists()


def has_no_fiscal_years() -> bool:
    return not FiscalYear.objects.exists()


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound() from None


def _found(row: T | None) -> T:
    if row is None:
        raise NotFound()
    return row
