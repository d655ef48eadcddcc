"""Quotations run out, and orders hear of notes that were written for their invoices."""

from datetime import datetime, timedelta
from typing import Any

from alawael.core.announcements import listen
from alawael.core.clock import business_day
from alawael.core.schedules import every
from alawael.sales.orders import expire_quotes
from alawael.sales.progress import hear_of_invoice


@every(timedelta(hours=1), key="sales.expire_quotes")
def expire(at: datetime) -> None:
    """A day ends in Riyadh, not at midnight of the server; so this looks every hour."""
    expire_quotes(on=business_day(at), at=at)


@listen("invoicing.posted")
def note_billing(payload: dict[str, Any]) -> None:
    hear_of_invoice(payload["invoice"])
