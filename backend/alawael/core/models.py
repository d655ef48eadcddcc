"""The program's own bookkeeping: numbers, audit, announcements, jobs and idempotency keys."""

from django.db import models

from alawael.core.fields import Row


class NumberSeries(Row):
    """The next legal number of one series. Its row is touched last in a unit and for moments."""

    key = models.CharField(max_length=60, unique=True)
    next_number = models.PositiveBigIntegerField(default=1)


class AuditEvent(Row):
    """Who did what to which record, when. Only ever appended."""

    at = models.DateTimeField()
    actor_id = models.UUIDField()
    actor_name = models.CharField(max_length=200)
    action = models.CharField(max_length=60)
    record_type = models.CharField(max_length=60)
    record_id = models.UUIDField()
    #: {"field": [old, new]}, or facts of the action.
    changes = models.JSONField(default=dict)
    #: The number of the seal that covers this event; null until the worker has sealed it.
    seal = models.PositiveBigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["record_type", "record_id"], name="audit_of_a_record"),
            models.Index(fields=["actor_id", "id"], name="audit_of_an_actor"),
            models.Index(fields=["seal", "id"], name="audit_to_seal"),
        ]


class AuditSeal(Row):
    """A link of the hash chain: it fixes the content and order of a batch of audit events."""

    number = models.PositiveBigIntegerField(unique=True)
    first_sequence = models.PositiveBigIntegerField()
    #: [[event id, SHA-256 of its content], …] in sequence order.
    events = models.JSONField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()


class Announcement(Row):
    """Something that happened, to be told to its listeners after the commit (an outbox row)."""

    topic = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    #: When it may be (re)tried; a worker that delivers moves this on as its lease.
    next_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    #: Set when it was given up: the dead-letter place.
    dead_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["delivered_at", "dead_at", "next_at"], name="announcements_due")
        ]


class JobState(models.TextChoices):
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(Row):
    """A piece of background work, leased to one worker at a time."""

    task = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    queue = models.CharField(max_length=40, default="default")
    priority = models.IntegerField(default=0)
    state = models.CharField(max_length=12, choices=JobState, default=JobState.READY)
    #: While it holds its value, no second job with the same key is enqueued.
    dedupe_key = models.CharField(max_length=120, null=True, unique=True)
    enqueued_at = models.DateTimeField()
    run_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=80, default="")
    attempts = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=8)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    #: Progress: `done` of `total` units (0 of 0 while unknown).
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    message = models.CharField(max_length=300, default="")
    result = models.JSONField(null=True)
    last_error = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["state", "run_at"], name="jobs_due")]

    @property
    def is_finished(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Schedule(Row):
    """When a periodic job fires next; a worker claims the slot by compare-and-set."""

    key = models.CharField(max_length=80, unique=True)
    next_at = models.DateTimeField()


class IdempotencyState(models.TextChoices):
    RUNNING = "running"
    COMMITTED = "committed"
    ANSWERED = "answered"


class IdempotencyKey(Row):
    """The first answer to a request that a client may have to send again."""

    owner = models.UUIDField()
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    state = models.CharField(
        max_length=12, choices=IdempotencyState, default=IdempotencyState.RUNNING
    )
    lease_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="one_answer_per_idempotency_key")
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_keys_by_age")]
