"""The one clock. Only the edge (API, command line, worker) reads it; rules get `at` and `on`."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: The trade's day. Saudi Arabia keeps one zone and no summer time.
BUSINESS_ZONE = ZoneInfo("Asia/Riyadh")


def now() -> datetime:
    """This moment in UTC, cut to the milliseconds that both engines can keep."""
    return to_milliseconds(datetime.now(UTC))


def to_milliseconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def business_day(moment: datetime) -> date:
    """The calendar day in Riyadh at `moment`."""
    return moment.astimezone(BUSINESS_ZONE).date()
