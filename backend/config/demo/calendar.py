"""A year of days on which things happen, one after the other, each day in one unit of work."""

import heapq
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from alawael.core.clock import BUSINESS_ZONE, business_day
from alawael.core.unit_of_work import unit_of_work

Event = Callable[[datetime], None]
#: Friday and Saturday, as Python counts them.
WEEKEND = frozenset({4, 5})


class Calendar:
    """What is still to happen, in order. Whatever lies after `until` never does."""

    def __init__(self, dice: Random, *, until: datetime) -> None:
        self.dice = dice
        self.until = until
        self._waiting: list[tuple[datetime, int, Event]] = []
        self._number = 0

    def at(self, moment: datetime, event: Event) -> None:
        self._number += 1
        heapq.heappush(self._waiting, (moment, self._number, event))

    def later(self, moment: datetime, days: int, event: Event) -> None:
        """Some hour of the working day so many days after a moment."""
        self.at(self.hour_of(self.working_day(moment, days)), event)

    def working_day(self, moment: datetime, days: int) -> date:
        """So many days after a moment, or the first working day after that."""
        day = business_day(moment) + timedelta(days=days)
        while day.weekday() in WEEKEND:
            day += timedelta(days=1)
        return day

    def hour_of(self, day: date) -> datetime:
        """Some minute of a working day in Riyadh."""
        minutes = self.dice.randrange(8 * 60, 17 * 60)
        morning = datetime(day.year, day.month, day.day, tzinfo=BUSINESS_ZONE)
        return morning + timedelta(minutes=minutes)

    def play(self, tell: Callable[[date], None]) -> None:
        """Let everything happen up to `until`; `tell` hears of every day that is over."""
        while self._waiting and self._waiting[0][0] <= self.until:
            day = business_day(self._waiting[0][0])
            self._play_day(day)
            tell(day)

    def _play_day(self, day: date) -> None:
        """A unit that is run again finds calendar and dice as they were."""
        before = (list(self._waiting), self._number, self.dice.getstate())

        @unit_of_work
        def together() -> None:
            waiting, self._number, state = before
            self._waiting = list(waiting)
            self.dice.setstate(state)
            while self._waiting and self._is_within(day):
                moment, _, event = heapq.heappop(self._waiting)
                event(moment)

        together()

    def _is_within(self, day: date) -> bool:
        moment = self._waiting[0][0]
        return moment <= self.until and business_day(moment) <= day
