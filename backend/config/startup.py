"""What an operator wants to read when the program starts: one line per subsystem."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from alawael.core.models import Announcement, Job, JobState


def lines() -> Iterator[tuple[str, str]]:
    """Name and state of every subsystem; raises what a broken one raises."""
    yield "Environment", settings.ENVIRONMENT
    yield "Database", _database()
    waiting = Job.objects.filter(state=JobState.READY).count()
    dead = Announcement.objects.filter(dead_at__isnull=False).count()
    yield "Background jobs", f"{waiting} waiting, {dead} dead letters"
    yield "Web app", "built" if settings.WEB_APP.exists() else "not built (make setup)"
    yield "Server", f"running on port {settings.PORT}, {settings.SITE_URL}"


def _database() -> str:
    if connection.vendor == "mongodb":
        return f"connected to MongoDB, database {settings.DATABASES['default']['NAME']}"
    return f"connected to SQLite, {settings.DATABASES['default']['NAME']}"
