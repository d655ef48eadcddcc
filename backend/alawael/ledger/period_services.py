"""What can happen to time: fiscal years are opened, their months closed, opened again, locked."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime

from alawael.core.actors import Actor
from alawael.core.audit import record
from alawael.core.claims import move_state
from alawael.core.errors import Refusal, Text
from alawael.core.unit_of_work import unit_of_work
from alawael.ledger.models import FiscalYear, Period, PeriodState
from alawael.ledger.services import hold_journal


class FiscalYearExists(Refusal):
    code = "fiscal_year_exists"
    message = Text(
        "The fiscal year {year} would overlap the year {other} that exists already.",
        "تتداخل السنة المالية {year} مع السنة {other} الموجودة بالفعل.",
    )


@unit_of_work
def open_fiscal_year(year: int, *, first_month: int = 1, by: Actor, at: datetime) -> FiscalYear:
    """Make the twelve months that begin in `first_month` of `year`, all of them open."""
    starts = [_first_day(year, first_month + offset) for offset in range(12)]
    first, last = starts[0], _last_day(starts[-1])
    other = FiscalYear.objects.filter(starts_on__lte=last, ends_on__gte=first).first()
    other = other or FiscalYear.objects.filter(year=year).first()
    if other is not None:
        raise FiscalYearExists(year=year, other=other.year)
    opened = FiscalYear.objects.create(year=year, starts_on=first, ends_on=last)
    Period.objects.bulk_create(
        Period(fiscal_year=opened, number=number, starts_on=start, ends_on=_last_day(start))
        for number, start in enumerate(starts, start=1)
    )
    facts = {"year": year, "starts_on": first, "ends_on": last}
    record(opened, "fiscal_year.opened", by=by, at=at, changes=facts)
    return opened


@unit_of_work
def open_years_of(days: Iterable[date], *, by: Actor, at: datetime) -> list[FiscalYear]:
    """Open the fiscal years of days that none contains yet, as an import of old data needs it.

    They begin in the month in which the company's other years do.
    """
    latest = FiscalYear.objects.order_by("-starts_on").first()
    month = latest.starts_on.month if latest else 1
    years = sorted({day.year if day.month >= month else day.year - 1 for day in days})
    present = set(FiscalYear.objects.filter(year__in=years).values_list("year", flat=True))
    return [
        open_fiscal_year(year, first_month=month, by=by, at=at)
        for year in years
        if year not in present
    ]


@unit_of_work
def close_period(
    period: Period, *, expected_version: int | None, by: Actor, at: datetime
) -> Period:
    """Let nothing more be posted into a month until it is opened again."""
    return _move(period, {PeriodState.OPEN}, PeriodState.CLOSED, expected_version, by, at)


@unit_of_work
def reopen_period(
    period: Period, *, expected_version: int | None, by: Actor, at: datetime
) -> Period:
    """Let entries be posted into a closed month again. A locked one stays locked."""
    return _move(period, {PeriodState.CLOSED}, PeriodState.OPEN, expected_version, by, at)


@unit_of_work
def lock_period(period: Period, *, expected_version: int | None, by: Actor, at: datetime) -> Period:
    """Close a month for good."""
    passing = {PeriodState.OPEN, PeriodState.CLOSED}
    return _move(period, passing, PeriodState.LOCKED, expected_version, by, at)


def _move(
    period: Period,
    frm: set[PeriodState],
    to: PeriodState,
    expected_version: int | None,
    by: Actor,
    at: datetime,
) -> Period:
    before = period.state
    move_state(period, frm=frm, to=to, expected_version=expected_version)
    # Entries that were dated into this month and are about to commit must look again.
    hold_journal()
    facts = {"period": period.name, "state": [before, str(to)]}
    record(period, f"period.{_VERBS[to]}", by=by, at=at, changes=facts)
    return period


_VERBS = {
    PeriodState.OPEN: "reopened",
    PeriodState.CLOSED: "closed",
    PeriodState.LOCKED: "locked",
}


def _first_day(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _last_day(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])
