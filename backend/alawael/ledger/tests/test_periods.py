from datetime import date

import pytest

from alawael.core.actors import SYSTEM
from alawael.core.models import AuditEvent
from alawael.ledger.chart_sa import CHART
from alawael.ledger.install import install_books
from alawael.ledger.models import Account, FiscalYear, Period
from alawael.ledger.period_services import FiscalYearExists, open_fiscal_year, open_years_of

pytestmark = pytest.mark.usefixtures("db")


def test_a_year_has_twelve_open_months_without_gap(noon):
    open_fiscal_year(2028, by=SYSTEM, at=noon)

    months = Period.objects.order_by("starts_on").values_list("starts_on", "ends_on", "state")
    assert len(months) == 12
    assert months[0] == (date(2028, 1, 1), date(2028, 1, 31), "open")
    assert months[1][1] == date(2028, 2, 29)
    assert months[11][1] == date(2028, 12, 31)


def test_a_year_may_begin_in_july_and_bears_the_year_it_begins_in(noon):
    year = open_fiscal_year(2026, first_month=7, by=SYSTEM, at=noon)

    assert (year.starts_on, year.ends_on) == (date(2026, 7, 1), date(2027, 6, 30))


def test_years_do_not_overlap(noon):
    open_fiscal_year(2026, first_month=7, by=SYSTEM, at=noon)

    for year, first_month in [(2026, 7), (2027, 1), (2026, 1)]:
        with pytest.raises(FiscalYearExists):
            open_fiscal_year(year, first_month=first_month, by=SYSTEM, at=noon)


def test_an_import_opens_the_years_it_needs_and_no_other(noon):
    open_fiscal_year(2010, by=SYSTEM, at=noon)

    opened = open_years_of([date(2010, 12, 1), date(2012, 1, 1)], by=SYSTEM, at=noon)

    assert [year.year for year in opened] == [2012]
    assert FiscalYear.objects.count() == 2


def test_a_gap_between_two_shifted_years_can_be_closed(noon):
    """A day that no year contains is what counts, not the calendar year around it."""
    open_fiscal_year(2024, first_month=7, by=SYSTEM, at=noon)

    opened = open_years_of([date(2025, 8, 1)], by=SYSTEM, at=noon)

    assert [year.starts_on for year in opened] == [date(2025, 7, 1)]


def test_an_empty_company_gets_chart_and_year_at_its_first_start_only(noon):
    install_books(noon)
    install_books(noon)

    assert Account.objects.count() == len(CHART)
    assert FiscalYear.objects.get().year == 2026
    assert Period.objects.count() == 12
    assert AuditEvent.objects.count() == 2
