from datetime import datetime

from django.db.models import QuerySet

from alawael.cache.models import Outage, SwitchedOff


def switched_off() -> frozenset[str]:
    """The operations whose answers are not kept."""
    return frozenset(SwitchedOff.objects.values_list("operation", flat=True))


def outages() -> QuerySet[Outage]:
    return Outage.objects.all()


def some_machine_is_cut_off(*, at: datetime) -> bool:
    return Outage.objects.filter(until__gt=at).exists()
