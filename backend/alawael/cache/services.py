from datetime import datetime

from alawael.cache.models import SwitchedOff
from alawael.core.actors import Actor
from alawael.core.audit import record
from alawael.core.unit_of_work import unit_of_work


@unit_of_work
def switch(operation: str, *, on: bool, by: Actor, at: datetime) -> None:
    """Keep the answers of a route, or keep them no more. Saying it twice is fine."""
    found = SwitchedOff.objects.filter(operation=operation).first()
    if on and found is not None:
        record(found, "cache.switched_on", by=by, at=at, changes={"operation": operation})
        SwitchedOff.objects.filter(pk=found.pk).delete()
    elif not on and found is None:
        row = SwitchedOff.objects.create(operation=operation, since=at)
        record(row, "cache.switched_off", by=by, at=at, changes={"operation": operation})
