from django.db import models

from alawael.core.fields import Row


class SwitchedOff(Row):
    """A route whose answers are not kept, because somebody said so."""

    operation = models.CharField(max_length=120, unique=True)
    since = models.DateTimeField()


class Outage(Row):
    """A machine that changes data while it cannot tell the others through Redis.

    As long as one of these is there and has not run out, nobody may trust what it kept.
    """

    machine = models.CharField(max_length=80)
    since = models.DateTimeField()
    until = models.DateTimeField()


class Era(Row):
    """The one era whose answers count, of all that some Redis may still speak of."""

    name = models.CharField(max_length=16)
    #: There is one row.
    only = models.BooleanField(default=True, unique=True)
