"""What is answered without asking the limits first: counted here and handed over in batches.

Asking the shared allowance costs about as much as an answer from the cache. So a process counts
what it gives, and takes it out of the allowance when it is a batch, or when the last time was a
second ago. Who is over the allowance then gets nothing from the cache of this process until enough
has grown back: the program is asked, and refuses.

So a process can give less than one batch more than is allowed: 2 % of the allowance, at most 100,
and less the nearer its end is. What was too much is owed, so in the long run nobody gets more.
"""

from alawael.security.buckets import Limit
from alawael.security.limits import store, tightest

#: After this long (seconds) what was given is handed over, however little it is.
PAUSE = 1.0
MOST = 100
#: A batch is at most this part of the whole allowance, and this part of what is left of it.
_OF_ALL, _OF_REST = 50, 8
_MOST_TALLIES = 20_000

Allowances = tuple[tuple[str, Limit], ...]


class Tally:
    """What one caller was given by this process. `now` is the time of day in seconds.

    The thread that hands hits out beside the program's writes `_beside` alone, and nobody else
    does, so neither spoils what the other one counts.
    """

    __slots__ = ("_allowances", "_batch", "_beside", "_due", "_given", "_handed", "_over_until")

    def __init__(self, allowances: Allowances) -> None:
        self._allowances = allowances
        #: Given by the program's thread; given beside it, and how much of that was handed over.
        self._given, self._beside, self._handed = 0, 0, 0
        self._batch, self._due, self._over_until = 1, 0.0, 0.0

    def is_over(self, now: float) -> bool:
        """Whether the limits themselves must be asked about each request."""
        return now < self._over_until

    def add(self, now: float) -> None:
        """One more was given."""
        self._given += 1
        if self._open() >= self._batch or now >= self._due:
            self._hand_over(now)

    def has_room(self, now: float) -> bool:
        """Whether one more may be given with nothing to be handed over; from any thread."""
        return now < self._due and now >= self._over_until and self._open() + 1 < self._batch

    def add_beside(self) -> None:
        """One more was given beside the program's thread."""
        self._beside += 1

    def _open(self) -> int:
        return self._given + self._beside - self._handed

    def _hand_over(self, now: float) -> None:
        beside = self._beside
        given = self._given + beside - self._handed
        self._given, self._handed = 0, beside
        verdict = tightest([store().charge(key, limit, given) for key, limit in self._allowances])
        self._batch = batch(verdict.limit, verdict.remaining)
        self._due = now + PAUSE
        self._over_until = now + verdict.retry_after


def batch(limit: Limit, remaining: int) -> int:
    """After how many the shared allowance is asked again."""
    return max(1, min(MOST, limit.requests // _OF_ALL, remaining // _OF_REST))


_tallies: dict[Allowances, Tally] = {}


def tally_of(allowances: Allowances) -> Tally:
    """The one of this process for these allowances."""
    found = _tallies.get(allowances)
    if found is None:
        if len(_tallies) >= _MOST_TALLIES:
            _tallies.clear()
        found = _tallies[allowances] = Tally(allowances)
    return found
