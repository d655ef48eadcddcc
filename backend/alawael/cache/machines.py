"""Several machines over one database: what is done while Redis answers, and while it does not.

While it answers, every change is announced there before its commit, and no request is
answered before it was asked there.

While it does not, requests go to Django at once, on every machine that cannot ask. A machine that
can still ask must not trust what it has either, because another one may be changing data unheard.
Therefore a change that could not be announced leaves a row in the database, in its own
transaction or before it; every machine looks for such rows every few milliseconds, and the writer
gets its answer only when all of them must have looked. When the machine reaches Redis again, it
begins a new era there, in which nothing of before is valid, and only then takes its rows away.

Two servers may both answer as one Redis: a master that was frozen or cut off, and the replica that
took over meanwhile. Therefore the database names the one era that counts. Whoever finds a server
without an era lets another one count before it begins it there. Who still speaks to the server of
before sees that within those few milliseconds, and a writer before it has its answer.
"""

import fcntl
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connections

from alawael.cache import outages
from alawael.cache.answers import Answer
from alawael.cache.redis_clients import Failed, Line
from alawael.cache.remote import (
    Change,
    Forgotten,
    Position,
    RedisAnswers,
    RedisStamps,
    Unsettled,
)
from alawael.cache.stamps import SPARE, Stamps
from alawael.cache.tags import EVERYTHING

log = logging.getLogger(__name__)

T = TypeVar("T")

#: How often a machine looks for others that are cut off, and how long a change that could not be
#: announced waits before it is answered (seconds). The second must be longer.
LOOK_EVERY = 0.030
ANSWER_AFTER = 0.050
#: How long a row of a machine that is cut off counts, and how much of that must be left.
ROW_LASTS = timedelta(minutes=10)
ROW_LEFT = 120
PROBE_EVERY = 0.1
DRAIN_WITHIN = 30.0
#: How often, and how far apart (seconds), Redis and the database are asked before they count as
#: naming different eras: a new one is told to the one and then to the other.
_LOOKS, _APART = 3, 0.01

#: Words of the shared header.
_DOWN, _STATE, _KNOWN_UNTIL = SPARE[0], SPARE[1], SPARE[2]
HEARD, CUT_OFF, COMING_BACK = 0, 1, 2
#: The mark of changes that could not be announced.
UNHEARD = 1


class Machines:
    """The other machines, as this process sees them. All processes of a machine share its state."""

    def __init__(
        self,
        stamps: Stamps,
        redis: RedisStamps,
        answers: RedisAnswers,
        *,
        probe: Line,
        clock: Callable[[], datetime],
        name: str = "",
    ) -> None:
        self.stamps, self.redis, self.answers = stamps, redis, answers
        self.name = name or f"{socket.gethostname()}:{stamps.path}"[-80:]
        self._probe, self._clock = probe, clock
        self._looked_until = 0.0
        self._someone_cut_off = False
        #: The era that counts, as the database said when it was last asked.
        self._era = ""
        self._prober: threading.Thread | None = None
        self._turn = threading.Lock()

    # What the layer asks

    def position(self) -> Position | None:
        words = self.stamps.words
        if words[_DOWN] or words[_STATE] != HEARD:
            self._watch_for_return()
            return None
        if self._is_someone_cut_off():
            return None
        try:
            position = self.redis.position()
            if position.era != self._era:
                return self._agreed(self.redis.position, lambda found: found.era)
            return position
        except Failed as error:
            self._lost(error)
            return None

    def unchanged(self, cells: tuple[int, ...], since: Any, position: Any) -> bool:
        if since.era != position.era:
            return False
        try:
            return self.redis.unchanged(cells, since)
        except Failed as error:
            self._lost(error)
            return False

    def may_keep(self, cells: tuple[int, ...], since: Any) -> bool:
        try:
            return self.redis.may_keep(cells, since)
        except Failed as error:
            self._lost(error)
            return False

    def get(self, key: Any) -> Answer | None:
        try:
            return self.answers.get(key)
        except Failed as error:
            self._lost(error)
            return None

    def put(self, key: Any, answer: Answer) -> None:
        try:
            self.answers.put(key, answer)
        except Failed as error:
            self._lost(error)

    # What a change does

    def begin(self, cells: set[int]) -> tuple[int, Change | None]:
        """Announce a change everywhere before its commit."""
        words = self.stamps.words
        if not words[_DOWN] and words[_STATE] != CUT_OFF:
            slot = self.stamps.begin(cells)
            try:
                return slot, self.redis.begin(cells)
            except Failed as error:
                self._lost(error)
            self.stamps.finish(slot)
        return self._begin_unheard(cells), None

    def finish(self, slot: int, change: Change | None) -> None:
        """The commit is over: tell everybody, or wait until nobody can give what was before."""
        if change is None:
            self._wait_until_all_have_looked()
            self.stamps.finish(slot)
            return
        try:
            # The commit is over. Was it announced to a server that still counts?
            self._agreed(lambda: self.redis.finish(change), lambda era: era)
        except Failed as error:
            self._lost(error)
            # Perhaps Redis forgot that the change is open, and somebody kept what was before it.
            unheard = self._begin_unheard(set(change.cells))
            self._wait_until_all_have_looked()
            self.stamps.finish(unheard)
        self.stamps.finish(slot)

    def is_reachable(self) -> bool:
        words = self.stamps.words
        return not words[_DOWN] and words[_STATE] == HEARD and not self._someone_cut_off

    def _begin_unheard(self, cells: set[int]) -> int:
        with self.stamps.locked():
            slot = self.stamps.begin(cells, mark=UNHEARD)
            self.stamps.words[_STATE] = CUT_OFF
        if self.stamps.words[_KNOWN_UNTIL] < time.time() + ROW_LEFT:
            at = self._clock()
            outages.declare(self.name, since=at, until=at + ROW_LASTS)
        self._watch_for_return()
        return slot

    def _wait_until_all_have_looked(self) -> None:
        if self.stamps.words[_KNOWN_UNTIL] >= time.time() + ROW_LEFT:
            return
        until = outages.declared_until(self.name)
        if until is None:
            return  # rolled back, and the row with it: nothing has changed
        time.sleep(ANSWER_AFTER)
        self.stamps.words[_KNOWN_UNTIL] = int(until.timestamp())

    def _is_someone_cut_off(self) -> bool:
        if time.monotonic() < self._looked_until:
            return self._someone_cut_off
        looked_at = time.monotonic()
        found, self._era = outages.all_declared(), outages.era()
        if found and all(until <= self._clock() for _, until in found):
            self._clear_up(found)
            found = []
        self._someone_cut_off = bool(found)
        self._looked_until = looked_at + LOOK_EVERY
        return self._someone_cut_off

    def _clear_up(self, found: list[tuple[Any, Any]]) -> None:
        """A machine was cut off and never came back: what it changed, nobody was told."""
        self.stamps.touch([EVERYTHING])
        self._begin_era()
        outages.withdraw([row for row, _ in found])

    # Eras

    def _agreed(self, ask: Callable[[], T], era_of: Callable[[T], str]) -> T:
        """What Redis says in the era that counts. Raises Unsettled when it keeps to another one."""
        for look in range(_LOOKS):
            if look:
                time.sleep(_APART)
            said = ask()
            self._era = outages.era()
            if era_of(said) == self._era:
                return said
        raise Unsettled(f"Redis speaks of {self.redis.era}, the database of {self._era}.")

    def _begin_era(self) -> None:
        """From here on nothing that was kept before is valid anywhere."""
        here, counts, era = self.redis.known_era(), outages.era(), secrets.token_hex(8)
        if not outages.begin_era(era, over=counts):
            raise Unsettled("Another machine begins an era.")
        self.redis.begin_era(era, over=here)
        self._agreed(self.redis.position, lambda found: found.era)

    def _is_of_the_era(self) -> bool:
        try:
            return self.redis.position().era == outages.era()
        except Forgotten:
            return False

    # Away and back

    def _lost(self, error: Exception) -> None:
        if not self.stamps.words[_DOWN]:
            log.warning("cache_redis_lost", extra={"reason": f"{type(error).__name__}: {error}"})
        self.stamps.words[_DOWN] = 1
        self.redis.line.drop()
        self._watch_for_return()

    def _watch_for_return(self) -> None:
        with self._turn:
            if self._prober is None or not self._prober.is_alive():
                self._prober = threading.Thread(
                    target=self._wait_for_return, name="cache-redis", daemon=True
                )
                self._prober.start()

    def _wait_for_return(self) -> None:
        words = self.stamps.words
        try:
            while words[_DOWN] or words[_STATE] != HEARD:
                try:
                    self._probe.client.exists(self.redis.keys[0])
                    self._come_back()
                except Exception as error:
                    log.debug("cache_redis_still_away", extra={"reason": str(error)})
                    self._probe.drop()
                if words[_DOWN] or words[_STATE] != HEARD:
                    time.sleep(PROBE_EVERY)
        finally:
            connections.close_all()

    def _come_back(self) -> None:
        """Redis answers again: begin a new era when it forgot or did not hear, then trust it."""
        words = self.stamps.words
        with self._alone() as alone:
            if not alone:
                return
            self.redis.line.drop()
            knows = self._is_of_the_era()
            if knows and words[_STATE] == HEARD:
                words[_DOWN] = 0
                log.info("cache_redis_back")
                return
            if not knows:
                # Until all must have seen that another era counts, changes are not for this Redis.
                words[_STATE] = CUT_OFF
                self._begin_era()
                time.sleep(ANSWER_AFTER)
            with self.stamps.locked():
                # From here on changes are announced again; those that were not must end first.
                words[_STATE], words[_DOWN] = COMING_BACK, 0
            if not self._unheard_have_ended():
                words[_STATE] = CUT_OFF
                return
            rows = outages.declared_by(self.name)
            with self.stamps.locked():
                if words[_STATE] != COMING_BACK:
                    return  # cut off again, and perhaps relying on those rows
                # Whoever is cut off from here on writes a row of its own.
                words[_KNOWN_UNTIL] = 0
            self.stamps.touch([EVERYTHING])
            self._begin_era()
            outages.withdraw(rows)
            with self.stamps.locked():
                if words[_STATE] == COMING_BACK:
                    words[_STATE] = HEARD
            log.info("cache_redis_back")

    def _unheard_have_ended(self) -> bool:
        deadline = time.monotonic() + DRAIN_WITHIN
        while self.stamps.open_with(UNHEARD):
            if time.monotonic() > deadline:
                return False
            self.stamps.tidy()
            time.sleep(0.01)
        return True

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """One process of the machine at a time; the others need not wait."""
        path = f"{self.stamps.path}-return"
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield True
        except BlockingIOError:
            yield False
        finally:
            os.close(file)
