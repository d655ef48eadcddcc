"""Purchasing at work in the background: asking for what runs low."""

from datetime import datetime, timedelta

from django_tasks import task

from alawael.core import job_queue
from alawael.core.actors import SYSTEM
from alawael.core.clock import business_day, now
from alawael.core.schedules import every
from alawael.purchasing import queries, requisitions
from alawael.stock import arrivals, reorder

reorder.register_incoming(queries.incoming)
reorder.register_requested(queries.requested)
arrivals.register(queries.arrivals)


@every(timedelta(days=1), key="purchasing.raise_requisitions")
def ask_daily(at: datetime) -> None:
    """Queue the search for what has fallen below its reorder point."""
    job_queue.enqueue(raise_requisitions)


@task()
def raise_requisitions() -> None:
    """Ask for what has fallen below its reorder point; running it twice asks once."""
    moment = now()
    requisitions.raise_requisitions(on=business_day(moment), by=SYSTEM, at=moment)
