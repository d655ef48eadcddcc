"""The layer itself: a WSGI application around the whole program.

A hit is a look into dictionaries and two numbers compared; everything that costs more was done
when the answer was kept. Whatever is in doubt goes to Django.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode

from alawael.cache.answers import Answer, Headers, coding_for, matches
from alawael.cache.memory import Memory
from alawael.cache.stamps import Stamps
from alawael.cache.statistics import Statistics
from alawael.cache.tags import cell_of_route
from alawael.cache.watch import recording

log = logging.getLogger(__name__)

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

#: Where a request carries what is to be noted about it.
NOTES = "alawael.cache.notes"
#: How long a verified token is remembered at most (seconds); any change of its session, user or
#: roles ends it at once.
REMEMBERED = 30.0
#: How long a request waits for another one that is making the same answer (seconds).
PATIENCE = 10.0
_MOST_MEMOS = 20_000

HIT, MISS, BYPASS, GUARD = "HIT", "MISS", "BYPASS", "STALE-GUARD"


@dataclass(frozen=True)
class Route:
    """A route whose answers may be kept."""

    operation: str
    #: Whether the answer depends on who asks, beyond what that person may do.
    per_user: bool


@dataclass(frozen=True)
class Caller:
    """Whoever a token belongs to, as far as an answer depends on it."""

    user: str
    scope: str


@dataclass
class Notes:
    """What is learnt about a request while Django answers it."""

    caller: Caller | None = None
    cells: set[int] | None = None


class Wiring(Protocol):
    """What the layer must be told; the program's wiring knows it."""

    @property
    def routes(self) -> dict[str, Route]:
        """Every route whose answers may be kept, by its pattern."""

    def route(self, path: str) -> Route | None:
        """The route of a path, when its answers may be kept."""

    def identify(self, environ: Environ, remembered: float) -> Caller | None:
        """Verify the token, as Django would; None unless it is good for `remembered` seconds."""

    def day(self) -> str:
        """The business day: what is overdue today was not yesterday."""

    def language(self, environ: Environ) -> str: ...

    def reference(self, environ: Environ) -> str:
        """The id of this request."""

    def switched_off(self) -> frozenset[str]:
        """Operations whose answers are not to be kept for now."""


@dataclass
class _Known:
    """Something worked out from the database, good until one of its cells is stamped."""

    value: Any
    cells: tuple[int, ...]
    since: int
    until: float
    checked: int = 0
    remote_since: Any = None
    remote_checked: Any = None


@dataclass
class _Flight:
    """An answer that is being made."""

    landed: Event = field(default_factory=Event)


class Remote(Protocol):
    """What other machines have changed; asked on every request."""

    def position(self) -> Any:
        """Where all machines together stand; None when nobody can say."""

    def unchanged(self, cells: tuple[int, ...], since: Any, position: Any) -> bool: ...

    def may_keep(self, cells: tuple[int, ...], since: Any) -> bool: ...

    def get(self, key: Any) -> Answer | None: ...

    def put(self, key: Any, answer: Answer) -> None: ...


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
        self.stamps = stamps
        self.wiring = wiring
        self.count = count
        self.lifetime = lifetime
        self.remote = remote
        self.memory = Memory(most_bytes)
        self._routes: dict[str, Route | None] = {}
        self._queries: dict[str, str] = {}
        self._codings: dict[str, str] = {}
        self._callers: dict[str, _Known] = {}
        self._off: _Known | None = None
        self._flights: dict[Any, _Flight] = {}
        self._turn = Lock()
        self._next_note = 0.0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method != "GET" and method != "HEAD":
            return self.application(environ, start_response)
        path = environ["PATH_INFO"]
        try:
            route = self._routes[path]
        except KeyError:
            route = self._find_route(path)
        if route is None:
            return self.application(environ, start_response)
        since = self.stamps.now()
        position = self.remote.position() if self.remote else 0
        now = time.time()
        caller = None if position is None else self._caller(environ, since, position, now)
        if (
            caller is None
            or "HTTP_RANGE" in environ
            or route.operation in self._switched_off(since, position, now)
        ):
            return self._pass_by(route, environ, start_response)
        query = environ.get("QUERY_STRING", "")
        key = (
            path,
            self._sorted(query) if query else "",
            self.wiring.language(environ),
            self.wiring.day(),
            caller.scope,
            caller.user if route.per_user else "",
        )
        answer = self.memory.get(key)
        if answer is not None and self._holds(answer, since, position, now):
            return self._hit(route, key, answer, environ, start_response)
        return self._miss(route, key, caller, environ, start_response)

    # Hits

    def _hit(
        self, route: Route, key: Any, answer: Answer, environ: Environ, start: StartResponse
    ) -> Iterable[bytes]:
        self.count.add(route.operation, HIT)
        if log.isEnabledFor(logging.DEBUG):
            log.debug("Cache HIT", extra={"path": key[0], "operation": route.operation})
        own = [("X-Cache", HIT), ("X-Request-Id", self.wiring.reference(environ))]
        return self._give(own, key, answer, environ, start)

    def _give(
        self, own: Headers, key: Any, answer: Answer, environ: Environ, start: StartResponse
    ) -> Iterable[bytes]:
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None and matches(known, answer.etag):
            start("304 Not Modified", [*answer.common(), *own])
            return [b""]
        accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
        try:
            coding = self._codings[accepted]
        except KeyError:
            coding = self._coding(accepted)
        packed = answer.variants.get(coding)
        if packed is None:
            packed = answer.variant(coding)
            if packed[1] is not answer.body:
                self.memory.grown(key, answer, len(packed[1]))
        start("200 OK", packed[0] + own)
        return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [packed[1]]

    def _holds(self, known: Any, since: int, position: Any, now: float) -> bool:
        """Whether nothing that it hangs on was changed, here or on another machine."""
        if now >= known.until:
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

    # Misses

    def _miss(
        self, route: Route, key: Any, caller: Caller, environ: Environ, start: StartResponse
    ) -> Iterable[bytes]:
        with self._turn:
            flight = self._flights.get(key)
            leads = flight is None
            if flight is None:
                flight = self._flights[key] = _Flight()
        if not leads:
            found = self._wait_for(flight, key)
            if found is not None:
                return self._hit(route, key, found, environ, start)
            return self._make(route, key, caller, environ, start)
        try:
            return self._make(route, key, caller, environ, start)
        finally:
            with self._turn:
                self._flights.pop(key, None)
            flight.landed.set()

    def _wait_for(self, flight: _Flight, key: Any) -> Answer | None:
        """What another request made meanwhile, if it is good for this one, too."""
        flight.landed.wait(PATIENCE)
        since, now = self.stamps.now(), time.time()
        position = self.remote.position() if self.remote else 0
        answer = self.memory.get(key)
        if answer is None or position is None:
            return None
        return answer if self._holds(answer, since, position, now) else None

    def _make(
        self, route: Route, key: Any, caller: Caller, environ: Environ, start: StartResponse
    ) -> Iterable[bytes]:
        # Where everything stands before the first read: the answer is judged from here.
        since, now = self.stamps.now(), time.time()
        position = self.remote.position() if self.remote else 0
        if self.remote is not None and position is not None:
            found = self.remote.get(key)
            if found is not None and self.remote.unchanged(
                found.cells, found.remote_since, position
            ):
                found.since, found.checked, found.remote_checked = since, since, position
                self.memory.put(key, found)
                return self._hit(route, key, found, environ, start)
        notes = environ[NOTES] = Notes()
        status, headers, chunks = self._ask(environ)
        if not status.startswith("200 ") or not _is_json(headers):
            self.count.add(route.operation, BYPASS)
            start(status, [*headers, ("X-Cache", BYPASS)])
            return chunks
        body = _whole(chunks)
        answer = Answer(
            route=route.operation,
            body=body,
            headers=headers,
            cells=(cell_of_route(route.operation), *(notes.cells or ())),
            since=since,
            made_at=now,
            until=now + self.lifetime,
        )
        outcome = self._keep(key, answer, notes, caller, headers, position)
        self.count.add(route.operation, outcome)
        # Django wrote its log line with this id.
        own = [("X-Cache", outcome), *(pair for pair in headers if pair[0] == "X-Request-Id")]
        return self._give(own, key, answer, environ, start)

    def _keep(
        self,
        key: Any,
        answer: Answer,
        notes: Notes,
        caller: Caller,
        headers: Headers,
        position: Any,
    ) -> str:
        if notes.cells is None or position is None or _forbids_keeping(headers):
            return BYPASS
        # Somebody's roles may have changed between our look at the token and Django's.
        if notes.caller != caller or not self.stamps.may_keep(answer.cells, answer.since):
            return GUARD
        if self.remote is not None:
            if not self.remote.may_keep(answer.cells, position):
                return GUARD
            answer.remote_since = answer.remote_checked = position
            self.remote.put(key, answer)
        self.memory.put(key, answer)
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

    # What is remembered beside the answers

    def _caller(self, environ: Environ, since: int, position: Any, now: float) -> Caller | None:
        token = environ.get("HTTP_AUTHORIZATION")
        if not token:
            return None
        known = self._callers.get(token)
        if known is not None and self._holds(known, since, position, now):
            return known.value  # type: ignore[no-any-return]
        try:
            with recording() as cells:
                caller = self.wiring.identify(environ, REMEMBERED)
        except Exception:  # a database that is away is for Django to tell
            log.exception("cache_identify_failed")
            return None
        if caller is not None and self._may_remember(cells, since, position):
            if len(self._callers) >= _MOST_MEMOS:
                self._callers.clear()
            self._callers[token] = self._known(caller, cells, since, position, now + REMEMBERED)
        return caller

    def _switched_off(self, since: int, position: Any, now: float) -> frozenset[str]:
        known = self._off
        if known is not None and self._holds(known, since, position, now):
            return known.value  # type: ignore[no-any-return]
        with recording() as cells:
            off = self.wiring.switched_off()
        if self._may_remember(cells, since, position):
            self._off = self._known(off, cells, since, position, now + 3600)
        return off

    def _may_remember(self, cells: set[int], since: int, position: Any) -> bool:
        if not self.stamps.may_keep(cells, since):
            return False
        return self.remote is None or self.remote.may_keep(tuple(cells), position)

    @staticmethod
    def _known(value: Any, cells: set[int], since: int, position: Any, until: float) -> _Known:
        return _Known(value, tuple(cells), since, until, since, position, position)

    def _find_route(self, path: str) -> Route | None:
        if not path.startswith("/api/"):
            return None
        if len(self._routes) >= _MOST_MEMOS:
            self._routes.clear()
        found = self._routes[path] = self.wiring.route(path)
        return found

    def _sorted(self, query: str) -> str:
        """The same questions in the same order: ?a=1&b=2 and ?b=2&a=1 are one."""
        found = self._queries.get(query)
        if found is None:
            if len(self._queries) >= _MOST_MEMOS:
                self._queries.clear()
            # A name that comes twice keeps its order: the last one may count.
            pairs = sorted(parse_qsl(query, keep_blank_values=True), key=lambda pair: pair[0])
            found = self._queries[query] = urlencode(pairs)
        return found

    def _coding(self, accepted: str) -> str:
        if len(self._codings) >= 1_000:
            self._codings.clear()
        found = self._codings[accepted] = coding_for(accepted)
        return found


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
