"""What was attempted against the program, and what it makes of it."""

from django.db import models

from alawael.core.fields import Row


class EventKind(models.TextChoices):
    SIGN_IN_REFUSED = "sign_in_refused"
    LOCKED = "locked"
    NEW_DEVICE = "new_device"
    TOKEN_REUSED = "token_reused"
    TOKEN_FORGED = "token_forged"
    PERMISSION_REFUSED = "permission_refused"
    CROSS_SITE = "cross_site"
    RATE_LIMITED = "rate_limited"
    HARMFUL_INPUT = "harmful_input"


class SecurityEvent(Row):
    """Attempts of one kind from one place within some minutes; `count` says how many at least."""

    kind = models.CharField(max_length=30, choices=EventKind)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)
    #: An IPv4 address or an IPv6 network.
    address = models.CharField(max_length=60, default="")
    user_id = models.UUIDField(null=True)
    #: A permission, a limit, a code: what exactly was refused.
    detail = models.CharField(max_length=120, default="")

    class Meta:
        indexes = [
            models.Index(fields=["kind", "address", "user_id"], name="security_events_alike"),
            models.Index(fields=["last_at"], name="security_events_by_time"),
        ]


class AnomalyRule(models.TextChoices):
    MANY_LOCKS = "many_locks"
    TOKEN_REUSED = "token_reused"
    TOKENS_FORGED = "tokens_forged"
    PROBING = "probing"
    GUESSING = "guessing"


class Anomaly(Row):
    """Events that together mean something; told once for each rule and subject in an hour."""

    rule = models.CharField(max_length=30, choices=AnomalyRule)
    #: Whom or what it is about: a user's id, an address, or nothing.
    subject = models.CharField(max_length=60, default="")
    at = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="security_anomalies_by_time")]
