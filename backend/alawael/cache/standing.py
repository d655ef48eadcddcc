"""Whether something that was worked out from the database is still so, here and everywhere."""

import time
from collections.abc import Collection
from typing import Any, NamedTuple

from alawael.cache.stamps import Stamps
from alawael.cache.wiring import Remote


class Moment(NamedTuple):
    """Where everything stood before the first read."""

    since: int
    #: The same for all machines together; None when nobody can say.
    position: Any
    now: float


class Known:
    """Something worked out from the database, good until one of its cells is stamped."""

    __slots__ = (
        "cells", "checked", "remote_checked", "remote_since", "since", "until", "value",
    )  # fmt: skip

    def __init__(self, value: Any, cells: Collection[int], moment: Moment, *, lasts: float) -> None:
        self.value, self.cells = value, tuple(cells)
        self.since = self.checked = moment.since
        self.remote_since = self.remote_checked = moment.position
        self.until = moment.now + lasts


class Standing:
    """Asks the stamps of this machine and, where there are others, theirs."""

    def __init__(self, stamps: Stamps, remote: Remote | None) -> None:
        self.stamps, self.remote = stamps, remote

    def moment(self) -> Moment:
        since = self.stamps.now()
        return Moment(since, self.remote.position() if self.remote else 0, time.time())

    def holds(self, known: Any, moment: Moment) -> bool:
        """Whether nothing that it hangs on was changed, here or on another machine."""
        since, position, now = moment
        if position is None or now >= known.until:
            return False
        if known.checked != since:
            if not self.stamps.unchanged(known.cells, known.since):
                return False
            known.checked = since
        if self.remote is not None and known.remote_checked != position:
            if not self.remote.unchanged(known.cells, known.remote_since, position):
                return False
            known.remote_checked = position
        return True

    def may_keep(self, cells: Collection[int], moment: Moment) -> bool:
        """Whether what was read since then is so, and no open change is about to alter it."""
        if moment.position is None or not self.stamps.may_keep(cells, moment.since):
            return False
        return self.remote is None or self.remote.may_keep(tuple(cells), moment.position)
