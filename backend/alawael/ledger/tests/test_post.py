from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alawael.core.actors import SYSTEM
from alawael.core.append_only import WrittenForGood
from alawael.core.errors import Invalid, Refusal
from alawael.core.models import AuditEvent, NumberSeries
from alawael.core.unit_of_work import unit_of_work
from alawael.core.verify import verify
from alawael.ledger import reports
from alawael.ledger.books import Books, PeriodClosed, PeriodMissing, Posting, RoleMissing
from alawael.ledger.models import AccountRole, EntryKind, JournalEntry, JournalLine, LedgerRole
from alawael.ledger.period_services import close_period, lock_period, reopen_period
from alawael.ledger.services import (
    JOURNAL,
    AlreadyReversed,
    IsReversal,
    NothingToPost,
    ReversalTooEarly,
    Unbalanced,
    post,
    reverse,
)
from testing.ledger import MARCH, an_entry, credit, debit, the_account, the_period
from testing.parties import a_customer
from testing.races import at_once

pytestmark = pytest.mark.usefixtures("books")


def posted(*lines, noon, on=MARCH):
    return post(lines, on=on, memo="", kind=EntryKind.MANUAL, by=SYSTEM, at=noon)


def contradictions():
    return [sentence for finding in verify() for sentence in finding.contradictions]


def test_writes_a_numbered_entry_whose_lines_stand_in_order(amal):
    entry = an_entry("12.34", by=amal)

    assert (entry.number, entry.total, entry.posted_by) == (1, Decimal("12.34"), amal.pk)
    lines = JournalLine.objects.order_by("place")
    assert [(line.account.code, line.debit, line.credit) for line in lines] == [
        ("620006", Decimal("12.34"), Decimal("0.00")),
        ("111003", Decimal("0.00"), Decimal("12.34")),
    ]
    assert contradictions() == []


def test_an_entry_of_its_own_is_noted_in_the_audit_trail_and_one_of_a_document_is_not(noon, amal):
    an_entry()
    before = AuditEvent.objects.filter(action="journal_entry.posted").count()
    customer = a_customer()
    lines = [debit("111003", 1), credit("410001", 1)]

    entry = post(
        lines, on=MARCH, memo="", kind="invoice", source=customer, source_number="7",
        by=amal, at=noon,
    )  # fmt: skip

    assert before == 1
    assert AuditEvent.objects.filter(action="journal_entry.posted").count() == 1
    assert (entry.source_type, entry.source_id) == ("parties.party", customer.pk)


def test_finds_accounts_by_their_role(noon):
    posted(Posting(LedgerRole.CASH, debit=Decimal(5)), credit("410001", 5), noon=noon)

    assert JournalLine.objects.get(debit__gt=0).account.code == "111001"


def test_a_role_without_account_is_named(noon):
    AccountRole.objects.filter(role=LedgerRole.CASH).delete()

    with pytest.raises(RoleMissing, match="CASH"):
        posted(Posting(LedgerRole.CASH, debit=Decimal(5)), credit("410001", 5), noon=noon)


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ([("d", "620006", "10"), ("c", "111003", "9.99")], Unbalanced),
        ([("d", "620006", "10")], NothingToPost),
        ([], NothingToPost),
    ],
)
def test_what_does_not_balance_is_refused_and_takes_no_number(noon, lines, refusal):
    sides = {"d": debit, "c": credit}

    with pytest.raises(refusal):
        posted(*(sides[side](code, amount) for side, code, amount in lines), noon=noon)

    assert not JournalEntry.objects.exists()
    assert NumberSeries.objects.get(key=JOURNAL).next_number == 1


def faults_of(*lines, noon):
    with pytest.raises(Invalid) as refused:
        posted(*lines, noon=noon)
    return {(error.pointer, error.code) for error in refused.value.errors}


def test_every_line_that_cannot_be_posted_is_named(noon):
    both = Posting(the_account("111003"), debit=Decimal(1), credit=Decimal(1))
    negative = Posting(the_account("111003"), credit=Decimal(-5))
    euros = debit("111003", 4, currency="EUR")

    assert faults_of(debit("1100", 1), both, negative, credit("112001", 2), euros, noon=noon) == {
        ("/lines/0/account_id", "account_is_group"),
        ("/lines/1/debit", "one_side"),
        ("/lines/2/debit", "one_side"),
        ("/lines/3/party_id", "party_missing"),
        ("/lines/4/amount_currency", "currency_incomplete"),
    }


def test_an_account_out_of_use_takes_no_line_although_the_caller_holds_an_old_copy(noon):
    old = the_account("620006")
    type(old).objects.filter(pk=old.pk).update(is_active=False)

    assert faults_of(Posting(old, debit=Decimal(1)), credit("111003", 1), noon=noon) == {
        ("/lines/0/account_id", "account_inactive")
    }


def test_a_day_without_fiscal_year_is_refused():
    with pytest.raises(PeriodMissing, match="2027-01-01"):
        an_entry(on=date(2027, 1, 1))


def test_a_closed_month_takes_nothing_until_it_is_opened_again(amal, noon):
    march = the_period("2026-03")
    close_period(march, expected_version=None, by=amal, at=noon)

    with pytest.raises(PeriodClosed, match="2026-03"):
        an_entry()
    an_entry(on=date(2026, 4, 1))

    reopen_period(march, expected_version=None, by=amal, at=noon)
    an_entry()


def test_a_locked_month_stays_locked(amal, noon):
    march = the_period("2026-03")
    lock_period(march, expected_version=None, by=amal, at=noon)

    with pytest.raises(PeriodClosed):
        an_entry()
    with pytest.raises(Refusal) as refused:
        reopen_period(march, expected_version=None, by=amal, at=noon)
    assert refused.value.code == "wrong_state"


def test_a_reversal_mirrors_its_original(noon, amal):
    customer = a_customer()
    rent = posted(
        debit("112001", 7, party_id=customer.pk, currency="USD", amount_currency=Decimal(2)),
        debit("620006", 3),
        credit("111003", 10),
        noon=noon,
    )

    mirror = reverse(rent, on=date(2026, 4, 2), memo="Wrong", by=amal, at=noon)

    lines = mirror.lines.select_related("account").order_by("place")
    assert [
        (line.account.code, line.party_id, line.amount, line.amount_currency) for line in lines
    ] == [
        ("112001", customer.pk, Decimal(-7), Decimal(-2)),
        ("620006", None, Decimal(-3), None),
        ("111003", None, Decimal(10), None),
    ]
    assert mirror.reverses_id == rent.pk
    assert contradictions() == []


def test_an_entry_is_reversed_once(noon, amal):
    rent = an_entry()
    mirror = reverse(rent, on=MARCH, memo="", by=amal, at=noon)

    with pytest.raises(AlreadyReversed, match="by entry 2"):
        reverse(rent, on=MARCH, memo="", by=amal, at=noon)
    with pytest.raises(IsReversal):
        reverse(mirror, on=MARCH, memo="", by=amal, at=noon)


def test_a_reversal_is_not_dated_before_its_entry(noon, amal):
    with pytest.raises(ReversalTooEarly):
        reverse(an_entry(), on=date(2026, 3, 30), memo="", by=amal, at=noon)


def test_an_entry_of_a_closed_month_is_reversed_in_an_open_one(noon, amal):
    rent = an_entry()
    close_period(the_period("2026-03"), expected_version=None, by=amal, at=noon)

    assert reverse(rent, on=date(2026, 4, 1), memo="", by=amal, at=noon).date == date(2026, 4, 1)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda entry: JournalEntry.objects.update(memo="x"),
        lambda entry: JournalEntry.objects.filter(pk=entry.pk).delete(),
        lambda entry: entry.save(),
        lambda entry: entry.save(update_fields=["memo"]),
        lambda entry: entry.delete(),
        lambda entry: entry.lines.update(memo="x"),
        lambda entry: entry.lines.all().delete(),
        lambda entry: entry.lines.first().delete(),
        lambda entry: entry.lines.first().save(),
        lambda entry: JournalLine.objects.bulk_update(entry.lines.all(), ["memo"]),
        lambda entry: JournalLine._base_manager.update(memo="x"),
        lambda entry: JournalEntry._base_manager.filter(pk=entry.pk)._raw_delete("default"),
    ],
)
def test_no_door_leads_to_changing_what_was_posted(tamper):
    entry = an_entry()

    with pytest.raises(WrittenForGood):
        tamper(entry)

    entry.refresh_from_db()
    assert (entry.memo, entry.lines.count()) == ("Rent", 2)


def test_books_are_opened_only_inside_a_unit():
    with pytest.raises(RuntimeError, match="inside the unit"):
        Books.open()


def test_fifty_entries_at_once_get_fifty_numbers(amal):
    numbers = at_once(lambda _: an_entry().number, range(50))

    assert sorted(numbers) == list(range(1, 51))
    assert contradictions() == []


def test_two_reversals_at_once_post_one(amal, noon):
    rent = an_entry()
    copies = [JournalEntry.objects.get(pk=rent.pk) for _ in range(4)]

    results = at_once(
        lambda copy: reverse(copy, on=MARCH, memo="", by=amal, at=noon).number, copies
    )

    assert results.count("already_reversed") == 3
    assert JournalEntry.objects.filter(reverses=rent).count() == 1


def test_the_database_itself_refuses_a_second_reversal(amal, noon):
    from django.db import IntegrityError

    rent = an_entry()
    reverse(rent, on=MARCH, memo="", by=amal, at=noon)
    lines = [debit("111003", 100), credit("620006", 100)]

    with pytest.raises(IntegrityError):
        post(lines, on=MARCH, memo="", kind="reversal", reverses=rent, by=amal, at=noon)

    assert JournalEntry.objects.count() == 2


def test_nothing_slips_into_a_month_that_is_closed_at_the_same_moment(amal, noon):
    """A posting that saw the month open must not commit after the close has."""

    @unit_of_work
    def close():
        close_period(the_period("2026-03"), expected_version=None, by=amal, at=noon)
        return JournalEntry.objects.count()

    results = at_once(lambda what: close() if what == "close" else an_entry() and "posted", RUSH)

    # What the close has seen is all there ever is.
    assert JournalEntry.objects.count() == results[0] == results.count("posted")
    assert set(results[1:]) <= {"posted", "period_closed"}


RUSH = ["close", *range(12)]
amounts = st.decimals(min_value="0.01", max_value="9999999.99", places=2)
codes = st.sampled_from(["111001", "111003", "121001", "410001", "510001", "620006", "320001"])
sides = st.lists(st.tuples(codes, amounts), min_size=1, max_size=4)


@pytest.mark.slow
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(plan=st.lists(st.tuples(sides, codes, st.integers(1, 12), st.booleans()), max_size=6))
def test_whatever_is_posted_and_reversed_the_books_balance(noon, plan):
    for debits, credited, month, is_reversed in plan:
        day = date(2026, month, 15)
        total = sum((amount for _, amount in debits), Decimal(0))
        lines = [debit(code, amount) for code, amount in debits] + [credit(credited, total)]
        entry = posted(*lines, noon=noon, on=day)
        if is_reversed:
            reverse(entry, on=date(2026, 12, 31), memo="", by=SYSTEM, at=noon)

    trial = reports.trial_balance(date(2026, 5, 1), date(2026, 12, 31))
    assert trial.totals.opening_debit == trial.totals.opening_credit
    assert trial.totals.debit == trial.totals.credit
    assert trial.totals.closing_debit == trial.totals.closing_credit
    sheet = reports.balance_sheet(date(2026, 8, 31))
    assert sheet.difference == 0
    assert contradictions() == []


def test_a_posting_among_many_needs_few_queries(noon, count_queries):
    @unit_of_work
    def three_entries():
        books = Books.open()
        counts = []
        for _ in range(3):
            with count_queries() as counted:
                post(
                    [
                        Posting(LedgerRole.CASH, debit=Decimal(5)),
                        Posting(LedgerRole.REVENUE, credit=Decimal(5)),
                    ],
                    on=MARCH, memo="", kind="invoice", source=the_account("111003"),
                    by=SYSTEM, at=noon, books=books,
                )  # fmt: skip
            counts.append(len(counted))
        return counts

    first, *others = three_entries()

    # The number (two), the entry, its lines; the one look-up is the builder's own.
    assert others == [5, 5]
    assert first <= 7
