import csv
import io
from datetime import date
from decimal import Decimal

import orjson
import pytest

from alawael.core.actors import SYSTEM
from alawael.core.audit import jsonable
from alawael.ledger import reports
from alawael.ledger.csv_files import cell, csv_lines
from alawael.ledger.models import EntryKind
from alawael.ledger.period_services import open_fiscal_year
from alawael.ledger.services import post
from testing.ledger import NOON, an_entry, credit, debit, the_account
from testing.parties import a_customer

pytestmark = pytest.mark.usefixtures("books")
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def story():
    """2025: capital of 1,000 and rent of 100. 2026: a sale of 300 on credit, 120 of it paid."""
    open_fiscal_year(2025, by=SYSTEM, at=NOON)
    customer = a_customer(code="C-1", name_en="Layla Stores", name_ar="متاجر ليلى")
    capital = [debit("111003", 1000), credit("310001", 1000)]
    sale = [debit("112001", 345, party_id=customer.pk), credit("410001", 300), credit("213001", 45)]
    payment = [debit("111003", 120), credit("112001", 120, party_id=customer.pk)]
    for lines, on, memo in [
        (capital, date(2025, 1, 1), "Capital"),
        ([debit("620006", 100), credit("111003", 100)], date(2025, 6, 1), "Rent"),
        (sale, date(2026, 2, 1), "Sale"),
        (payment, date(2026, 2, 20), "=PAID()"),
    ]:
        post(lines, on=on, memo=memo, kind=EntryKind.MANUAL, by=SYSTEM, at=NOON)
    return customer


def as_text(*amounts):
    return [str(amount) for amount in amounts]


def test_trial_balance_adds_groups_up_and_balances(story):
    trial = reports.trial_balance(*YEAR)

    rows = {row.code: row for row in trial.rows}
    assert [row.code for row in trial.rows][:5] == ["1000", "1100", "1110", "111003", "1120"]
    assert (rows["111003"].opening_debit, rows["111003"].debit) == (Decimal(900), Decimal(120))
    assert rows["1000"].closing_debit == Decimal(1245)
    assert rows["112001"].closing_debit == Decimal(225)
    assert (rows["1000"].level, rows["111003"].level) == (0, 3)
    totals = trial.totals
    assert totals.opening_debit == totals.opening_credit == Decimal(1000)
    assert totals.debit == totals.credit == Decimal(465)
    assert totals.closing_debit == totals.closing_credit == Decimal(1345)


def test_trial_balance_shows_unused_accounts_when_asked(story):
    codes = {row.code for row in reports.trial_balance(*YEAR, with_zero=True).rows}

    assert "720002" in codes
    assert "720002" not in {row.code for row in reports.trial_balance(*YEAR).rows}


def test_profit_and_loss_counts_only_its_days(story):
    report = reports.profit_and_loss(*YEAR)

    assert as_text(report.total_revenue, report.total_expenses) == ["300.00", "0.00"]
    assert report.profit == 300
    assert [row.code for row in report.revenue] == ["4000", "4100", "410001"]
    assert reports.profit_and_loss(date(2025, 1, 1), date(2025, 12, 31)).profit == Decimal(-100)


def test_balance_sheet_holds_profits_of_both_years(story):
    sheet = reports.balance_sheet(date(2026, 12, 31))

    totals = as_text(sheet.total_assets, sheet.total_liabilities, sheet.total_equity)
    assert totals == ["1245.00", "45.00", "1200.00"]
    profits = as_text(sheet.profit_of_earlier_years, sheet.profit_of_this_year)
    assert profits == ["-100.00", "300.00"]
    assert sheet.difference == 0


def test_empty_books_are_all_zeros_in_exact_text():
    sheet = reports.balance_sheet(date(2026, 12, 31))

    assert str(sheet.total_equity) == "0.00"
    assert str(reports.trial_balance(*YEAR).totals.debit) == "0.00"


def test_general_ledger_runs_its_balance_over_pages(story):
    for day in range(1, 8):
        an_entry(day, on=date(2026, 3, day))
    bank = the_account("111003")

    rows, after, openings = [], None, []
    while True:
        page = reports.general_ledger(bank, *YEAR, after=after, limit=3)
        openings.append(page.opening)
        rows += page.rows
        after = page.next
        if after is None:
            break

    assert [row.balance for row in rows] == [1020, 1019, 1017, 1014, 1010, 1005, 999, 992]
    assert openings == [900, 1017, 1005]
    assert page.closing == 992
    assert rows == list(reports.all_ledger_rows(bank, *YEAR))


def test_general_ledger_of_a_group_and_of_one_party(story):
    rows = reports.general_ledger(the_account("1000"), *YEAR, party_id=story.pk).rows

    assert [(row.account_code, row.party_name_ar, str(row.balance)) for row in rows] == [
        ("112001", "متاجر ليلى", "345.00"),
        ("112001", "متاجر ليلى", "225.00"),
    ]


def test_back_dated_entries_stand_on_their_day(story):
    an_entry(5, on=date(2026, 1, 5))

    rows = reports.general_ledger(the_account("111003"), *YEAR).rows

    assert [(row.entry_number, str(row.balance)) for row in rows] == [(5, "895.00"), (4, "1015.00")]


def test_statement_and_balances_of_a_party(story):
    statement = reports.party_statement(story.pk, date(2026, 2, 10), date(2026, 12, 31))

    assert (str(statement.opening), str(statement.closing)) == ("345.00", "225.00")
    assert [row.entry_number for row in statement.rows] == [4]
    balances = reports.balances_by_party(the_account("112001"), date(2026, 12, 31))
    assert balances == {story.pk: Decimal(225)}


def test_reports_read_the_same_on_both_engines(story):
    """Byte by byte what is written here, wherever it runs."""
    trial = reports.trial_balance(*YEAR)
    page = reports.general_ledger(the_account("112001"), *YEAR, limit=1)

    first = next(row for row in trial.rows if row.code == "112001")
    assert orjson.dumps(first, default=str) == (
        b'{"code":"112001","name_en":"Trade receivables",'
        + '"name_ar":"ذمم مدينة تجارية","type":"asset","level":3,"is_group":false,'.encode()
        + b'"opening_debit":"0.00","opening_credit":"0.00","debit":"345.00","credit":"120.00",'
        b'"closing_debit":"225.00","closing_credit":"0.00"}'
    )
    assert page.next == "2026-02-01.300001"
    assert jsonable(vars(page.rows[0]))["entry_number"] == 3


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=1+1", "'=1+1"),
        ("+966", "'+966"),
        ("-5", "'-5"),
        ("@SUM", "'@SUM"),
        ("\t=1", "'\t=1"),
        ("Rent", "Rent"),
        (Decimal("-5.00"), "-5.00"),
        (None, ""),
        (date(2026, 1, 2), "2026-01-02"),
    ],
)
def test_no_text_in_a_csv_is_a_formula(value, text):
    assert cell(value) == text


def test_a_long_csv_comes_in_pieces_and_whole():
    pieces = list(csv_lines(["a"], ([f"row {n}"] for n in range(20_000))))

    assert len(pieces) > 2
    rows = list(csv.reader(io.StringIO("".join(pieces).removeprefix("\ufeff"))))
    assert (len(rows), rows[0], rows[-1]) == (20_001, ["a"], ["row 19999"])
