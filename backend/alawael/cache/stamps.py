"""When each thing was last changed, in memory that all processes of this machine share.

A counter moves on with every change. A change stamps its cells with it twice: just before its
commit, when it also counts as open, and just after. An answer that was begun when the counter
stood at `since` is good exactly as long as none of its cells bears a later stamp; it may be kept
only while none of its cells has an open change. So nothing old is ever kept:

    change stamped after `since`                 → the answer is old, whenever it was read
    change open before `since` and still open    → the answer may be old: not kept
    change open before `since`, closed meanwhile → its second stamp is later than `since`
    change closed before `since`                 → its commit was before the first read

Between the first stamp and the answer to the writer lies the commit; whoever asks after that
answer sees the stamp. A process that dies in between leaves its change open, which costs room,
not truth; `tidy` closes what the dead left.
"""

import fcntl
import mmap
import os
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from alawael.cache.tags import CELLS, EVERYTHING

_LAYOUT = 0xA1A3_0001
_MAGIC, _COUNTER = 0, 1
_HEADER = 64
_STAMPS = _HEADER
_SLOTS = _STAMPS + CELLS
_SLOT_COUNT, _SLOT_WIDTH = 256, 64
_PID, _BORN, _HOUSE, _SINCE, _UNTIL, _MARK, _COUNT, _FIRST = range(8)
_MOST_CELLS = _SLOT_WIDTH - _FIRST
_WORDS = _SLOTS + _SLOT_COUNT * _SLOT_WIDTH
#: A change that nobody of this machine can vouch for is given up after this long (seconds).
GIVEN_UP = 600

#: Words of the header that others of this package keep their state in.
SPARE = range(8, _HEADER)


class Stamps:
    """The shared table. Reading it takes no lock; one lock file orders those who change it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        # POSIX locks vanish when any descriptor of their file is closed, so it is never closed.
        self._pen = os.open(f"{path}-pen", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._turn = threading.RLock()
        self._depth = 0
        with self.locked():
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                if os.fstat(file).st_size != _WORDS * 8:
                    os.ftruncate(file, 0)
                    os.ftruncate(file, _WORDS * 8)
                self._map = mmap.mmap(file, _WORDS * 8)
            finally:
                os.close(file)
            self.words = memoryview(self._map).cast("Q")
            if self.words[_MAGIC] != _LAYOUT:
                self._map[:] = bytes(_WORDS * 8)
                self.words[_COUNTER] = 1
                self.words[_MAGIC] = _LAYOUT
        self._identity = (0, 0, 0)
        self._next_tidy = 0.0

    def now(self) -> int:
        """Where the counter stands. Take it before the first read."""
        return self.words[_COUNTER]

    def unchanged(self, cells: Collection[int], since: int) -> bool:
        """Whether no change stamped one of the cells after `since`."""
        words = self.words
        if words[_STAMPS + EVERYTHING] > since:
            return False
        return all(words[_STAMPS + cell] <= since for cell in cells)

    def may_keep(self, cells: Collection[int], since: int) -> bool:
        """Whether what was read since then is still so, and no open change is about to alter it."""
        with self.locked():
            if self._is_open(cells):
                self._tidy_now_and_then()
                return False
            return self.unchanged(cells, since)

    def begin(self, cells: Collection[int], *, mark: int = 0) -> int:
        """Stamp the cells and leave them open; call it before the commit. Gives back the slot."""
        kept = [EVERYTHING] if len(cells) > _MOST_CELLS or EVERYTHING in cells else list(cells)
        with self.locked():
            slot = self._free_slot()
            words = self.words
            words[slot + _PID], words[slot + _BORN], words[slot + _HOUSE] = self._me()
            words[slot + _SINCE] = int(time.time())
            words[slot + _UNTIL], words[slot + _MARK] = 0, mark
            for place, cell in enumerate(kept):
                words[slot + _FIRST + place] = cell
            # From here on the change is open: who dies later leaves enough behind to be tidied up.
            words[slot + _COUNT] = len(kept)
            self._stamp(kept)
        return slot

    def finish(self, slot: int) -> None:
        """Stamp the cells again and close them; call it when the commit is over, either way."""
        with self.locked():
            self._close(slot)

    def doubt(self, slot: int, seconds: int) -> None:
        """Nobody knows whether the commit will still happen: leave the cells open for a while."""
        with self.locked():
            self.words[slot + _UNTIL] = int(time.time()) + seconds

    def touch(self, cells: Collection[int]) -> None:
        """Make what hangs on these cells old, without any change."""
        with self.locked():
            self._stamp(list(cells))

    def open_with(self, mark: int) -> int:
        """How many changes are open that were begun with this mark."""
        words = self.words
        return sum(1 for slot in _slots() if words[slot + _COUNT] and words[slot + _MARK] == mark)

    def tidy(self) -> int:
        """Close what dead processes left open; gives back how many changes that were."""
        closed = 0
        with self.locked():
            for slot in _slots():
                if self.words[slot + _COUNT] and self._is_abandoned(slot):
                    self._close(slot)
                    closed += 1
        return closed

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One at a time, among all threads and processes of this machine."""
        with self._turn:
            if not self._depth:
                fcntl.lockf(self._pen, fcntl.LOCK_EX)
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if not self._depth:
                    fcntl.lockf(self._pen, fcntl.LOCK_UN)

    def _stamp(self, cells: list[int]) -> None:
        moment = self.words[_COUNTER] + 1
        for cell in cells:
            self.words[_STAMPS + cell] = moment
        # Last, so that whoever sees the new count sees the new stamps.
        self.words[_COUNTER] = moment

    def _close(self, slot: int) -> None:
        words = self.words
        cells = [words[slot + _FIRST + place] for place in range(words[slot + _COUNT])]
        self._stamp(cells)
        words[slot + _COUNT] = 0

    def _is_open(self, cells: Collection[int]) -> bool:
        words, watched = self.words, {EVERYTHING, *cells}
        for slot in _slots():
            count = words[slot + _COUNT]
            if count and not watched.isdisjoint(words[slot + _FIRST : slot + _FIRST + count]):
                return True
            if count and words[slot + _FIRST] == EVERYTHING:
                return True
        return False

    def _free_slot(self) -> int:
        for _ in range(2):
            for slot in _slots():
                if not self.words[slot + _COUNT]:
                    return slot
            self.tidy()
        raise RuntimeError(f"More than {_SLOT_COUNT} changes are being committed at once.")

    def _is_abandoned(self, slot: int) -> bool:
        words = self.words
        age = int(time.time()) - words[slot + _SINCE]
        if words[slot + _UNTIL]:
            return time.time() > words[slot + _UNTIL]
        if words[slot + _HOUSE] != self._me()[2]:
            return age > GIVEN_UP  # another container: its processes cannot be seen from here
        pid = words[slot + _PID]
        return not psutil.pid_exists(pid) or _born(pid) != words[slot + _BORN]

    def _tidy_now_and_then(self) -> None:
        if time.monotonic() >= self._next_tidy:
            self._next_tidy = time.monotonic() + 1.0
            self.tidy()

    def _me(self) -> tuple[int, int, int]:
        if self._identity[0] != os.getpid():
            self._identity = (os.getpid(), _born(os.getpid()), _house())
        return self._identity


def _slots() -> range:
    return range(_SLOTS, _WORDS, _SLOT_WIDTH)


def _born(pid: int) -> int:
    """When a process began, so that a number given out again is not taken for the old one."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        return int(stat.rpartition(")")[2].split()[19])  # ticks since the machine started
    except OSError:
        return 0


def _house() -> int:
    """Which process namespace this is: a pid means nothing in another container."""
    try:
        return os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        return 0
