"""Forgetting what has run out."""

from datetime import datetime, timedelta

from alawael.accounts.sessions import forget_sessions
from alawael.core.schedules import every


@every(timedelta(hours=1), key="accounts.forget_sessions")
def forget(at: datetime) -> None:
    forget_sessions(at=at)
