"""`alawael verify` sees what somebody did to the books behind the program's back."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import QuerySet

from alawael.core.actors import SYSTEM
from alawael.core.verify import verify
from alawael.ledger.models import JournalEntry, JournalLine, Period
from alawael.ledger.services import reverse
from testing.ledger import MARCH, NOON, an_entry, the_account

pytestmark = pytest.mark.usefixtures("books")

# Plain query sets: the ones of the program refuse all of this.
ENTRIES: QuerySet[JournalEntry] = QuerySet(JournalEntry)
LINES: QuerySet[JournalLine] = QuerySet(JournalLine)


def broken_proofs():
    return {finding.name for finding in verify() if not finding.holds}


def raise_a_debit():
    LINES.filter(place=100_001).update(debit=Decimal("100.01"))


def change_a_total():
    ENTRIES.filter(number=1).update(total=Decimal(1))


def renumber_an_entry():
    ENTRIES.filter(number=2).update(number=9)


def post_on_a_group():
    LINES.filter(place=100_001).update(account=the_account("6200"))


def post_without_party():
    LINES.filter(place=100_001).update(account=the_account("112001"))


def date_an_entry_out_of_all_periods():
    ENTRIES.filter(number=1).update(date=date(1999, 1, 1))


def date_a_line_elsewhere():
    LINES.filter(place=100_001).update(date=date(2026, 1, 1))


def drop_a_month():
    Period.objects.filter(starts_on=date(2026, 3, 1)).delete()


def turn_a_reversal():
    LINES.filter(place=200_001).update(account=the_account("620007"))


NAMES_ACCOUNTS = "Entries name accounts, not groups, and parties where they must"
LIES_IN_PERIODS = "Entries lie in periods, and lines stand with their entries"


@pytest.mark.parametrize(
    ("tamper", "proof"),
    [
        (raise_a_debit, "Σ debits = Σ credits"),
        (raise_a_debit, "Every journal entry balances"),
        (change_a_total, "Every journal entry balances"),
        (renumber_an_entry, "Journal numbers have no gap"),
        (post_on_a_group, NAMES_ACCOUNTS),
        (post_without_party, NAMES_ACCOUNTS),
        (date_an_entry_out_of_all_periods, LIES_IN_PERIODS),
        (date_a_line_elsewhere, LIES_IN_PERIODS),
        (drop_a_month, LIES_IN_PERIODS),
        (turn_a_reversal, "Reversals mirror their originals"),
    ],
)
def test_each_proof_sees_what_it_is_for(tamper, proof):
    reverse(an_entry(), on=MARCH, memo="", by=SYSTEM, at=NOON)
    assert broken_proofs() == set()

    tamper()

    assert proof in broken_proofs()
