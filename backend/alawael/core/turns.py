"""Turns for SQLite's single writer.

SQLite lets waiting writers poll, so a process that writes one unit after the other (an import)
can starve everybody else until their time is up. Two file locks make a queue of it: whoever is
next holds the place while the writer at work holds the pen, so the writer cannot come again
before the next one had its turn. The kernel frees both when a process dies.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def turn(database: str) -> Iterator[None]:
    """Wait for the turn to write to this database file; give it up at the end."""
    with _open(f"{database}-place") as place, _open(f"{database}-pen") as pen:
        fcntl.flock(place, fcntl.LOCK_EX)
        fcntl.flock(pen, fcntl.LOCK_EX)
        fcntl.flock(place, fcntl.LOCK_UN)
        yield


@contextmanager
def _open(path: str) -> Iterator[int]:
    """A descriptor of its own each time: locks belong to it, so threads queue like processes."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)  # which also frees its lock
