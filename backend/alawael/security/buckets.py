"""How often something may happen: GCRA, in memory that all workers of a machine share.

The generic cell rate algorithm keeps one number for each key, the moment at which its allowance
would be whole again. So a limit of N in a window lets N through at once and then one every
window/N, and there is no edge of a minute at which twice as many fit through.
"""

import fcntl
import hashlib
import mmap
import os
import struct
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

#: A slot holds a key's fingerprint and its moment in nanoseconds.
_SLOT = struct.Struct("<Qq")
_WAYS = 8
SETS = 8192
_SET_BYTES = _WAYS * _SLOT.size


@dataclass(frozen=True)
class Limit:
    """At most `requests` in `window` nanoseconds; `name` is what the policy header calls it."""

    name: str
    requests: int
    window: int

    @property
    def interval(self) -> int:
        """Nanoseconds in which one request grows back."""
        return self.window // self.requests


@dataclass(frozen=True)
class Verdict:
    """What a limit says to one more request."""

    limit: Limit
    allowed: bool
    remaining: int
    #: Seconds until the allowance is whole again.
    reset: float
    #: Seconds until another try can succeed; 0 when this one did.
    retry_after: float


class Store(Protocol):
    def take(self, key: str, limit: Limit) -> Verdict:
        """Take one request out of the allowance of `key`."""
        ...

    def charge(self, key: str, limit: Limit, given: int) -> Verdict:
        """Take what was given already, even beyond the allowance: then it must grow back first."""
        ...


def decide(limit: Limit, whole_at: int, now: int, *, given: int = 0) -> tuple[Verdict, int]:
    """The verdict, and the moment to keep; everything in nanoseconds.

    `given` requests were answered already; without any, one asks to be.
    """
    most = now + 2 * limit.window  # nobody owes more than a whole allowance
    if whole_at > most:
        # From before the machine was started again, or of a longer window: it says nothing.
        whole_at = now
    base = max(whole_at, now)
    after = base + limit.interval * (given or 1)
    allowed = after - now <= limit.window
    kept = min(after, most) if allowed or given else base
    return (
        Verdict(
            limit,
            allowed,
            remaining=max(0, (limit.window - (kept - now)) // limit.interval),
            reset=(kept - now) / 1e9,
            retry_after=0.0 if allowed else (kept + limit.interval - now - limit.window) / 1e9,
        ),
        kept,
    )


class SharedMemory:
    """Allowances in a file of one megabyte that every worker of the machine maps.

    A key has one of eight places; when all are in use the one nearest to whole makes room, so a
    flood of new addresses never fills the memory and costs others nothing but precision.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = threading.Lock()
        self._owner = 0
        self._file = -1
        self._memory: mmap.mmap

    def take(self, key: str, limit: Limit) -> Verdict:
        return self.charge(key, limit, 0)

    def charge(self, key: str, limit: Limit, given: int) -> Verdict:
        fingerprint = _fingerprint(key)
        place = (fingerprint % SETS) * _SET_BYTES
        with self._thread:
            self._open()
            # Locks of a byte range belong to a process, hence the lock between threads as well.
            fcntl.lockf(self._file, fcntl.LOCK_EX, _SET_BYTES, place)
            try:
                return self._decide(fingerprint, place, limit, given)
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN, _SET_BYTES, place)

    def _decide(self, fingerprint: int, place: int, limit: Limit, given: int) -> Verdict:
        now = time.monotonic_ns()  # one clock for all processes of a machine
        spot, whole_at, oldest = place, 0, 0
        for at in range(place, place + _SET_BYTES, _SLOT.size):
            found, moment = _SLOT.unpack_from(self._memory, at)
            if found == fingerprint:
                spot, whole_at = at, moment
                break
            if at == place or moment < oldest:
                spot, oldest = at, moment
        verdict, kept = decide(limit, whole_at, now, given=given)
        _SLOT.pack_into(self._memory, spot, fingerprint, kept)
        return verdict

    def _open(self) -> None:
        if self._owner == os.getpid():
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        self._file = os.open(self._path, flags, 0o600)
        size = SETS * _SET_BYTES
        if os.fstat(self._file).st_size != size:
            os.ftruncate(self._file, size)
        self._memory = mmap.mmap(self._file, size)
        self._owner = os.getpid()


def _fingerprint(key: str) -> int:
    digest = hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "little") or 1
