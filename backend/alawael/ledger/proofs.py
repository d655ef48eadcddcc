from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from alawael.core.money import ZERO
from alawael.core.verify import missing_numbers, proof
from alawael.ledger.models import Account, JournalEntry, JournalLine, Period
from alawael.ledger.services import JOURNAL, PLACES


@proof("Σ debits = Σ credits")
def _books_balance() -> Iterable[str]:
    sums = JournalLine.objects.aggregate(debits=Sum("debit"), credits=Sum("credit"))
    debits, credits = sums["debits"] or ZERO, sums["credits"] or ZERO
    if debits != credits:
        yield f"Debits are {debits}, credits {credits}."


@proof("Every journal entry balances")
def _entries_balance() -> Iterable[str]:
    sums = (
        JournalLine.objects.values("entry_id")
        .annotate(debits=Sum("debit"), credits=Sum("credit"), count=Count("id"))
        .order_by("entry_id")
    )
    found: dict[Any, Any] = {row["entry_id"]: row for row in sums.iterator(chunk_size=2000)}
    for pk, number, total in _entries("number", "total"):
        row = found.pop(pk, {"debits": ZERO, "credits": ZERO, "count": 0})
        if not row["debits"] == row["credits"] == total or row["count"] < 2:
            yield (
                f"Entry {number} over {total} has {row['count']} lines, "
                f"debits {row['debits']}, credits {row['credits']}."
            )
    for pk in found:
        yield f"There are lines of an entry {pk} that does not exist."


@proof("Journal numbers have no gap")
def _journal_numbers() -> Iterable[str]:
    return missing_numbers(JOURNAL, JournalEntry.objects.values_list("number", flat=True))


@proof("Entries name accounts, not groups, and parties where they must")
def _lines_name_accounts() -> Iterable[str]:
    accounts = {account.pk: account for account in Account.objects.all()}
    used = JournalLine.objects.values("account_id").annotate(count=Count("id")).order_by()
    for row in used:
        account = accounts.get(row["account_id"])
        if account is None:
            yield f"{row['count']} lines are on an account that does not exist."
        elif account.is_group:
            yield f"{row['count']} lines are on the group {account.code}."
    by_party = [pk for pk, account in accounts.items() if account.needs_party]
    nameless = JournalLine.objects.filter(account__in=by_party, party__isnull=True)
    for row in nameless.values("account_id").annotate(count=Count("id")).order_by():
        yield f"{row['count']} lines on {accounts[row['account_id']].code} name no party."


@proof("Entries lie in periods, and lines stand with their entries")
def _entries_lie_in_periods() -> Iterable[str]:
    months = list(Period.objects.order_by("starts_on").values_list("starts_on", "ends_on"))
    dates = {}
    for pk, number, day in _entries("number", "date"):
        dates[pk] = (number, day)
        if not any(first <= day <= last for first, last in months):
            yield f"Entry {number} of {day} lies in no period."
    lines = JournalLine.objects.values_list("entry_id", "date", "place")
    for pk, day, place in lines.iterator(chunk_size=2000):
        if dates.get(pk) != (place // PLACES, day):
            yield f"Line {place} of {day} stands elsewhere than its entry."


@proof("Reversals mirror their originals")
def _reversals_mirror() -> Iterable[str]:
    pairs = JournalEntry.objects.filter(reverses__isnull=False).order_by("number")
    for reversal in pairs.select_related("reverses").iterator(chunk_size=500):
        original = reversal.reverses
        if original is None or _sides(original) != _sides(reversal, mirrored=True):
            yield f"Entry {reversal.number} does not mirror the entry that it reverses."


def _entries(*names: str) -> Iterable[tuple[Any, ...]]:
    rows = JournalEntry.objects.order_by("number").values_list("id", *names)
    return rows.iterator(chunk_size=2000)


def _sides(
    entry: JournalEntry, *, mirrored: bool = False
) -> list[tuple[str, str, Decimal, Decimal]]:
    return sorted(
        (str(line.account_id), str(line.party_id), *_amounts(line, mirrored))
        for line in entry.lines.all()
    )


def _amounts(line: JournalLine, mirrored: bool) -> tuple[Decimal, Decimal]:
    return (line.credit, line.debit) if mirrored else (line.debit, line.credit)
