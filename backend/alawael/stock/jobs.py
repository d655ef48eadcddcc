"""The stock's periodic work."""

from datetime import datetime, timedelta

from alawael.core.clock import business_day
from alawael.core.schedules import every
from alawael.stock.counts import draft_due_counts


@every(timedelta(days=1), key="stock.draft_due_counts")
def draft_counts(at: datetime) -> None:
    """A count for every place whose day has come."""
    draft_due_counts(on=business_day(at), at=at)
