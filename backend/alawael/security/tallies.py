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
    """What one caller was given by this process. `now` is the time of day in seconds."""

    __slots__ = ("_allowances", "_batch", "_due", "_given", "_over_until")

    def __init__(self, allowances: Allowances) -> None:
        self._allowances = allowances
        self._given, self._batch, self._due, self._over_until = 0, 1, 0.0, 0.0

    def is_over(self, now: float) -> bool:
        """Whether the limits themselves must be asked about each request."""
        return now < self._over_until

    def add(self, now: float) -> None:
        """One more was given."""
        self._given += 1
        if self._given >= self._batch or now >= self._due:
            self._hand_over(now)

    def _hand_over(self, now: float) -> None:
        given, self._given = self._given, 0
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
