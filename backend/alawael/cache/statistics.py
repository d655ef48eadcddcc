"""How often what happened, over all processes of this machine, in memory that they share.

Each process counts in a block of its own, and each thread that gives answers, so nobody waits for
anybody and no count is lost; the block of a process that ended is taken over with its counts, so
the sums only ever grow.
"""

import fcntl
import mmap
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

OUTCOMES = ("HIT", "MISS", "BYPASS", "STALE-GUARD")
_BLOCKS, _ROUTES = 128, 512
_PID, _BYTES, _ENTRIES, _EVICTED, _OLDEST, _HEAD = range(6)
_PER_BLOCK = 16 + _ROUTES * len(OUTCOMES)
_WORDS = _BLOCKS * _PER_BLOCK


@dataclass(frozen=True)
class RouteCount:
    operation: str
    hits: int
    misses: int
    bypasses: int
    guarded: int

    @property
    def hit_ratio(self) -> float:
        """Hits among what could have been one; 0 while nothing was asked."""
        asked = self.hits + self.misses + self.guarded
        return self.hits / asked if asked else 0.0


@dataclass(frozen=True)
class Memories:
    """What all processes keep together."""

    processes: int
    bytes: int
    entries: int
    evicted: int
    #: When the oldest answer of all was made (seconds since the epoch); None without any.
    oldest: float | None


class Statistics:
    """Shared counts. `operations` must be the same list, in the same order, in every process."""

    def __init__(self, path: Path, operations: Sequence[str]) -> None:
        self.operations = list(operations)
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(file).st_size != _WORDS * 8:
                os.ftruncate(file, 0)
                os.ftruncate(file, _WORDS * 8)
            self._map = mmap.mmap(file, _WORDS * 8)
            self._words = memoryview(self._map).cast("Q")
            self._mine: int | None = None
            self._file = path
        finally:
            # The map holds a copy of the descriptor, and the copy would hold the lock.
            fcntl.flock(file, fcntl.LOCK_UN)
            os.close(file)
        self._places = {
            (operation, outcome): 16 + place * len(OUTCOMES) + rank
            for place, operation in enumerate(self.operations[:_ROUTES])
            for rank, outcome in enumerate(OUTCOMES)
        }

    def another(self) -> "Statistics":
        """The same counts for another thread of this process."""
        return Statistics(self._file, self.operations)

    def add(self, operation: str, outcome: str) -> None:
        mine = self._mine if self._mine is not None else self._claim()
        place = self._places.get((operation, outcome))
        if place is not None:
            self._words[mine + place] += 1

    def note(self, *, size: int, entries: int, evicted: int, oldest: float | None) -> None:
        """What this process keeps just now."""
        mine = self._mine if self._mine is not None else self._claim()
        words = self._words
        words[mine + _BYTES], words[mine + _ENTRIES] = size, entries
        words[mine + _EVICTED], words[mine + _OLDEST] = evicted, int(oldest or 0)

    def routes(self) -> list[RouteCount]:
        """The counts of every operation that was asked for at all."""
        found = []
        for operation in self.operations[:_ROUTES]:
            counts = [
                sum(self._words[block + self._places[operation, outcome]] for block in _blocks())
                for outcome in OUTCOMES
            ]
            if any(counts):
                found.append(RouteCount(operation, *counts))
        return found

    def memories(self) -> Memories:
        alive = [block for block in _blocks() if self._is_alive(block)]
        words = self._words
        oldest = [words[block + _OLDEST] for block in alive if words[block + _OLDEST]]
        return Memories(
            processes=len({words[block + _PID] for block in alive}),
            bytes=sum(words[block + _BYTES] for block in alive),
            entries=sum(words[block + _ENTRIES] for block in alive),
            evicted=sum(words[block + _EVICTED] for block in _blocks()),
            oldest=min(oldest) if oldest else None,
        )

    def _is_alive(self, block: int) -> bool:
        pid = self._words[block + _PID]
        return bool(pid) and (pid == os.getpid() or psutil.pid_exists(pid))

    def _claim(self) -> int:
        """A block for this process: a free one, or one whose process has ended."""
        with self._file.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            free = (block for block in _blocks() if not self._is_alive(block))
            self._mine = next(free, _WORDS - _PER_BLOCK)  # too many processes share the last one
            for place in (_BYTES, _ENTRIES, _OLDEST):
                self._words[self._mine + place] = 0
            self._words[self._mine + _PID] = os.getpid()
        return self._mine


def _blocks() -> Iterator[int]:
    return iter(range(0, _WORDS, _PER_BLOCK))
