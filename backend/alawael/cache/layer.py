"""The layer itself: a WSGI application around the whole program.

A hit is a look into dictionaries and two numbers compared; everything that costs more was done
when the answer was kept. Whatever is in doubt goes to Django.

The program runs in one thread. `at_once` may be called from one other thread beside it: it only
looks at what is known already, and what it changes can be changed from both. Where other machines
must be asked, `together` asks them once for all requests that have arrived meanwhile.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any

from alawael.cache.answers import Answer, Headers, matches
from alawael.cache.memory import Memory
from alawael.cache.memos import Memos
from alawael.cache.stamps import Stamps
from alawael.cache.standing import Moment, Standing
from alawael.cache.statistics import Statistics
from alawael.cache.tags import cell_of_route
from alawael.cache.wiring import (
    NOTES,
    Application,
    Caller,
    Environ,
    Given,
    Notes,
    Remote,
    Route,
    StartResponse,
    Wiring,
)

log = logging.getLogger(__name__)

#: How long a request waits for another one that is making the same answer (seconds).
PATIENCE = 10.0

_MOST_TEXTS = 50_000
_LINES = {200: "200 OK", 304: "304 Not Modified"}

HIT, MISS, BYPASS, GUARD = "HIT", "MISS", "BYPASS", "STALE-GUARD"


@dataclass(frozen=True)
class Question:
    """Who asks what. The same text and scope mean the same answer."""

    route: Route
    text: tuple[str, ...]
    caller: Caller

    @property
    def whole(self) -> tuple[str, ...]:
        return (*self.text, self.caller.scope)


@dataclass
class _Flight:
    """An answer that is being made."""

    landed: Event = field(default_factory=Event)


class CacheLayer:
    """Wraps the program. Give it the stamps that every process of the machine shares."""

    def __init__(
        self,
        application: Application,
        *,
        stamps: Stamps,
        wiring: Wiring,
        count: Statistics,
        most_bytes: int,
        lifetime: float,
        remote: Remote | None = None,
    ) -> None:
        self.application = application
        self.wiring = wiring
        self.count = count
        #: What `at_once` counts: a block of its own, so that two threads never add to one number.
        self.count_at_once = count.another()
        self.lifetime = lifetime
        self.remote = remote
        #: Whether other machines must be asked before anything is given; see `together`.
        self.asks_others = remote is not None
        self.standing = Standing(stamps, remote)
        self.memos = Memos(wiring, self.standing)
        self.memory = Memory(most_bytes)
        #: The rights that answers to a question looked at; one that is kept is kept by all of them.
        self._rights: dict[tuple[str, ...], frozenset[str]] = {}
        self._flights: dict[Any, _Flight] = {}
        self._turn = Lock()
        self._next_note = 0.0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method != "GET" and method != "HEAD":
            return self.application(environ, start_response)
        path = environ["PATH_INFO"]
        memos = self.memos
        route = memos.route(path)
        if route is None:
            return self.application(environ, start_response)
        moment = self.standing.moment()
        caller = memos.caller(environ, moment)
        if (
            caller is None
            or _asks_for_less(environ)
            or route.operation in memos.switched_off(moment)
            or (caller.tally is not None and caller.tally.is_over(moment.now))
        ):
            return self._pass_by(route, environ, start_response)
        text = self._text(route, caller, environ)
        key = self._key(text, caller)
        answer = self.memory.get(key)
        if answer is not None and self.standing.holds(answer, moment):
            return self._hit(route, key, caller, answer, environ, start_response)
        return self._miss(Question(route, text, caller), environ, start_response)

    def at_once(self, environ: Environ) -> Given | None:
        """A hit, when it needs no more than a look; None when the program is to be asked.

        Of the environment it wants what the request's head says: method, path, query, headers.
        Nothing is read from the database, no other machine is asked, nothing is packed, and nobody
        is waited for. Who gets None calls the layer itself, which decides anew.
        """
        route = self.memos.known_route(environ["PATH_INFO"])
        if route is None or self.asks_others:
            return None
        return self._known(route, environ, self.standing.moment())

    def together(self, environs: Sequence[Environ]) -> list[Given | None]:
        """As `at_once`, for requests that have all arrived, in the thread of the program.

        Where all machines stand is asked after the last of them arrived, and so holds for each: a
        change that anybody had been answered before one of them was sent is seen.
        """
        routes = [self.memos.known_route(environ["PATH_INFO"]) for environ in environs]
        if not any(routes):
            return [None] * len(environs)
        moment = self.standing.moment()
        return [
            self._known(route, environ, moment) if route is not None else None
            for route, environ in zip(routes, environs, strict=True)
        ]

    def _known(self, route: Route, environ: Environ, moment: Moment) -> Given | None:
        memos = self.memos
        caller = memos.known_caller(environ, moment)
        off = memos.known_to_be_off(moment)
        if caller is None or off is None or route.operation in off or _asks_for_less(environ):
            return None
        tally = caller.tally
        if tally is not None and not tally.has_room(moment.now):
            return None
        key = self._key(self._text(route, caller, environ), caller)
        answer = self.memory.get(key)
        if answer is None or not self.standing.holds(answer, moment):
            return None
        if memos.coding(environ.get("HTTP_ACCEPT_ENCODING", "")) not in answer.variants:
            return None
        if tally is not None:
            tally.add_beside()
        self.count_at_once.add(route.operation, HIT)
        return self._given(self._of_a_hit(route, environ), key, answer, environ)

    def _text(self, route: Route, caller: Caller, environ: Environ) -> tuple[str, ...]:
        """The question, as far as rights do not count."""
        return (
            environ["PATH_INFO"],
            self.memos.sorted(environ.get("QUERY_STRING", "")),
            self.wiring.language(environ),
            self.wiring.day(),
            caller.limits,
            caller.user if route.per_user else "",
        )

    def _key(self, text: tuple[str, ...], caller: Caller) -> tuple[str, ...] | None:
        """Where an answer to this caller lies; None while nobody knows what it looks at.

        It names the replies to all rights that any answer to the question looked at. So whoever
        shares it would have been answered alike: nothing else was asked of them (decision 0022).
        """
        rights = self._rights.get(text)
        return None if rights is None else (*text, caller.replies(rights))

    def _put(self, asked: Question, answer: Answer) -> tuple[str, ...]:
        rights = self._rights.get(asked.text, frozenset()) | answer.rights
        if len(self._rights) >= _MOST_TEXTS:
            self._rights.clear()
        self._rights[asked.text] = rights
        key = (*asked.text, asked.caller.replies(rights))
        self.memory.put(key, answer)
        return key

    # Hits

    def _hit(
        self,
        route: Route,
        key: Any,
        caller: Caller,
        answer: Answer,
        environ: Environ,
        start: StartResponse,
    ) -> Iterable[bytes]:
        self.count.add(route.operation, HIT)
        if caller.tally is not None:
            caller.tally.add(time.time())
        return self._give(self._of_a_hit(route, environ), key, answer, environ, start)

    def _of_a_hit(self, route: Route, environ: Environ) -> Headers:
        """Say that it is one: in the log, where somebody wants to know, and to the caller."""
        if log.isEnabledFor(logging.DEBUG):
            log.debug(
                "Cache HIT", extra={"path": environ["PATH_INFO"], "operation": route.operation}
            )
        return [("X-Cache", HIT), ("X-Request-Id", self.wiring.reference(environ))]

    def _give(
        self, own: Headers, key: Any, answer: Answer, environ: Environ, start: StartResponse
    ) -> Iterable[bytes]:
        status, headers, body = self._given(own, key, answer, environ)
        start(_LINES[status], headers)
        return [body]

    def _given(self, own: Headers, key: Any, answer: Answer, environ: Environ) -> Given:
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None and matches(known, answer.etag):
            return 304, [*answer.common(), *own], b""
        coding = self.memos.coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        packed = answer.variants.get(coding)
        if packed is None:
            packed = answer.variant(coding)
            if packed[1] is not answer.body:
                self.memory.grown(key, answer, len(packed[1]))
        return 200, packed[0] + own, b"" if environ["REQUEST_METHOD"] == "HEAD" else packed[1]

    # Misses

    def _miss(self, asked: Question, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        with self._turn:
            flight = self._flights.get(asked.whole)
            leads = flight is None
            if flight is None:
                flight = self._flights[asked.whole] = _Flight()
        if not leads:
            flight.landed.wait(PATIENCE)
            key = self._key(asked.text, asked.caller)
            found = self.memory.get(key)
            if found is not None and self.standing.holds(found, self.standing.moment()):
                return self._hit(asked.route, key, asked.caller, found, environ, start)
            return self._make(asked, environ, start)
        try:
            return self._make(asked, environ, start)
        finally:
            with self._turn:
                self._flights.pop(asked.whole, None)
            flight.landed.set()

    def _make(self, asked: Question, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        # Where everything stands before the first read: the answer is judged from here.
        moment = self.standing.moment()
        found = self._made_elsewhere(asked, moment)
        if found is not None:
            key = self._put(asked, found)
            return self._hit(asked.route, key, asked.caller, found, environ, start)
        notes = environ[NOTES] = Notes()
        status, headers, chunks = self._ask(environ)
        operation = asked.route.operation
        if not status.startswith("200 ") or not _is_json(headers):
            self.count.add(operation, BYPASS)
            start(status, [*headers, ("X-Cache", BYPASS)])
            return chunks
        answer = Answer(
            route=operation,
            body=_whole(chunks),
            headers=headers,
            cells=(cell_of_route(operation), *(notes.cells or ())),
            since=moment.since,
            made_at=moment.now,
            until=moment.now + self.lifetime,
            rights=notes.rights,
        )
        outcome = self._keep(asked, answer, notes, headers, moment)
        self.count.add(operation, outcome)
        # Django wrote its log line with this id.
        own = [("X-Cache", outcome), *(pair for pair in headers if pair[0] == "X-Request-Id")]
        return self._give(own, self._key(asked.text, asked.caller), answer, environ, start)

    def _made_elsewhere(self, asked: Question, moment: Moment) -> Answer | None:
        """What another process or machine left in Redis, if it is still so."""
        if self.remote is None or moment.position is None:
            return None
        found = self.remote.get(asked.whole)
        if found is None or not self.remote.unchanged(
            found.cells, found.remote_since, moment.position
        ):
            return None
        found.since = found.checked = moment.since
        found.remote_checked = moment.position
        return found

    def _keep(
        self, asked: Question, answer: Answer, notes: Notes, headers: Headers, moment: Moment
    ) -> str:
        if notes.cells is None or moment.position is None or _forbids_keeping(headers):
            return BYPASS
        # Somebody's roles may have changed between our look at the token and Django's.
        if notes.caller != asked.caller or not self.standing.may_keep(answer.cells, moment):
            return GUARD
        if self.remote is not None:
            answer.remote_since = answer.remote_checked = moment.position
            self.remote.put(asked.whole, answer)
        self._put(asked, answer)
        self._note_now_and_then()
        return MISS

    def _note_now_and_then(self) -> None:
        if time.monotonic() >= self._next_note:
            self._next_note = time.monotonic() + 1.0
            self.note()

    def note(self) -> None:
        """Tell what this process holds, so that every process of the machine can say it."""
        memory = self.memory
        self.count.note(
            size=memory.bytes,
            entries=len(memory),
            evicted=memory.evicted,
            oldest=memory.oldest(),
        )

    def _ask(self, environ: Environ) -> tuple[str, Headers, Iterable[bytes]]:
        """What Django says. A HEAD is asked as a GET, so that both are one answer."""
        said: list[Any] = []

        def start(status: str, headers: Headers, *_: Any) -> Callable[[bytes], None]:
            said[:] = [status, headers]
            return lambda _: None

        chunks = self.application({**environ, "REQUEST_METHOD": "GET"}, start)
        return said[0], said[1], chunks

    def _pass_by(self, route: Route, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        self.count.add(route.operation, BYPASS)

        def marked(status: str, headers: Headers, *rest: Any) -> Any:
            return start(status, [*headers, ("X-Cache", BYPASS)], *rest)

        return self.application(environ, marked)


def _asks_for_less(environ: Environ) -> bool:
    """A part of an answer, or what somebody who may less would see."""
    return "HTTP_RANGE" in environ or "HTTP_X_VIEW_AS" in environ


def _is_json(headers: Headers) -> bool:
    return any(
        name.lower() == "content-type" and value.startswith("application/json")
        for name, value in headers
    )


def _forbids_keeping(headers: Headers) -> bool:
    for name, value in headers:
        lower = name.lower()
        if lower == "set-cookie" or (lower == "cache-control" and "no-store" in value):
            return True
    return False


def _whole(chunks: Iterable[bytes]) -> bytes:
    try:
        return b"".join(chunks)
    finally:
        if (close := getattr(chunks, "close", None)) is not None:
            close()
