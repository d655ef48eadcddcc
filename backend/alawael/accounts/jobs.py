"""Forgetting what has run out, and telling people what happened to their account."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django_tasks import task

from alawael.accounts import notices, queries
from alawael.accounts.attempts import forget_attempts
from alawael.accounts.challenges import forget_challenges
from alawael.accounts.devices import forget_devices
from alawael.accounts.models import Session, User
from alawael.accounts.sessions import forget_sessions
from alawael.core import job_queue
from alawael.core.announcements import listen
from alawael.core.schedules import every


@every(timedelta(hours=1), key="accounts.forget_sessions")
def forget(at: datetime) -> None:
    forget_sessions(at=at)
    forget_attempts(at=at)
    forget_devices(at=at)
    forget_challenges(at=at)


@listen("accounts.new_device")
def tell_about_new_device(news: dict[str, Any]) -> None:
    """Mail goes out from a job: a slow mail server must not hold up the other news."""
    job_queue.enqueue(mail_new_device, news["session"], dedupe_key=f"mail:{news['session']}")


@listen("security.anomaly")
def tell_of_anomaly(news: dict[str, Any]) -> None:
    """Whoever may read the security page hears of what stands out there, once for each matter."""
    for user in queries.holders_of("security:read"):
        key = f"mail:{news['anomaly']}:{user.pk}"
        job_queue.enqueue(mail_anomaly, str(user.pk), news["rule"], news["count"], dedupe_key=key)


@task()
def mail_anomaly(user_id: str, rule: str, count: int) -> None:
    user = User.objects.filter(pk=UUID(user_id), is_active=True).first()
    if user is not None:
        notices.anomaly(user, rule=rule, count=count)


@task()
def mail_new_device(session: str) -> None:
    """At least once: a worker that dies between the mail and its note sends it again."""
    opened = Session.objects.select_related("user").filter(pk=UUID(session)).first()
    if opened is not None:
        notices.new_device(opened)
