"""The program's own periodic work."""

from datetime import datetime, timedelta

from alawael.core.idempotency import KEPT
from alawael.core.models import IdempotencyKey
from alawael.core.schedules import every


@every(timedelta(hours=1), key="core.forget_idempotency_keys")
def forget_idempotency_keys(at: datetime) -> None:
    IdempotencyKey.objects.filter(created_at__lt=at - KEPT).delete()
